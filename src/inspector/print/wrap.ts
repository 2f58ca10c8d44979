// Where a long value may go on in the next line: before a field or an element, indented by its depth, as gdb breaks it.

import { unstyled } from './style.ts'
import { widthOf } from './width.ts'

/** No text of a value has this: whatever is not printable is escaped there. */
const SIGN = '\x01'
const MARKS = new RegExp(`${SIGN}(\\d+);`)

/** A place where a line may be broken; the next one begins with so many blanks. */
export const breakable = (indent: number): string => `${SIGN}${indent};`

/** The text with its lines broken where they would reach the last column; all marks are gone. */
export function wrapped(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => wrappedLine(line, width))
    .join('\n')
}

function wrappedLine(line: string, width: number): string {
  // A piece, the indent of the mark behind it, the next piece …
  const [first = '', ...rest] = line.split(MARKS)
  let out = first
  let column = columnsOf(first)
  for (let at = 0; at < rest.length; at += 2) {
    const indent = Number(rest[at])
    const piece = rest[at + 1] as string
    if (column + columnsOf(piece) >= width && column > indent) {
      out += `\n${' '.repeat(indent)}`
      column = indent
    }
    out += piece
    column += columnsOf(piece)
  }
  return out
}

const columnsOf = (text: string): number => widthOf(unstyled(text))
