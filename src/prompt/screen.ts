// The prompt and the line on the terminal: painted over what was painted before, over as many rows as they take.

import { widthOfCharacter } from '../inspector/index.ts'

interface Place {
  readonly row: number
  readonly column: number
}

export interface ScreenHost {
  write(text: string): void
  columns(): number
}

export class Screen {
  readonly #host: ScreenHost
  /** Row of the cursor below the row where the prompt begins. */
  #row = 0

  constructor(host: ScreenHost) {
    this.#host = host
  }

  /** The cursor stands at the start of an empty row. */
  begin(): void {
    this.#row = 0
  }

  /** `cursor`: place in `text`. `lit`: the part of it that a search has found. */
  paint(prompt: string, text: string, cursor: number, lit?: { from: number; to: number }): void {
    const columns = this.#host.columns()
    const before = place(prompt + text.slice(0, cursor), columns)
    const end = place(prompt + text, columns)
    const body =
      lit === undefined
        ? shown(text)
        : `${shown(text.slice(0, lit.from))}\x1b[7m${shown(text.slice(lit.from, lit.to))}\x1b[27m${shown(text.slice(lit.to))}`
    // A terminal goes to the next row only with the first character there.
    const isFull = end.column === 0 && end.row > 0
    this.#host.write(
      `${up(this.#row)}\r\x1b[J${shown(prompt)}${body}${isFull ? ' \r' : ''}${up(end.row - before.row)}\r${right(before.column)}`,
    )
    this.#row = before.row
  }

  /** To the row after all that was painted. */
  leave(prompt: string, text: string, cursor: number): void {
    const columns = this.#host.columns()
    const down =
      place(prompt + text, columns).row - place(prompt + text.slice(0, cursor), columns).row
    this.#host.write(`${down > 0 ? `\x1b[${down}B` : ''}\r\n`)
    this.#row = 0
  }

  clear(): void {
    this.#host.write('\x1b[H\x1b[2J')
    this.#row = 0
  }
}

const up = (rows: number): string => (rows > 0 ? `\x1b[${rows}A` : '')
const right = (columns: number): string => (columns > 0 ? `\x1b[${columns}C` : '')

/** Where the cursor stands after a text that began at column 0. */
function place(text: string, columns: number): Place {
  let row = 0
  let column = 0
  for (const character of shown(text)) {
    const width = widthOfCharacter(character)
    // A wide character does not fit the last column.
    if (column + width > columns) {
      row++
      column = 0
    }
    column += width
    if (column === columns) {
      row++
      column = 0
    }
  }
  return { row, column }
}

/** A control character in a line (pasted, or from a history file) is seen, not obeyed. */
const shown = (text: string): string =>
  text.replace(/\p{C}/gu, (character) => {
    const code = character.codePointAt(0) as number
    if (code < 32) return `^${String.fromCharCode(code + 64)}`
    return code === 127 ? '^?' : '?'
  })
