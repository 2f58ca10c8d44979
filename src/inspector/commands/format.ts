// The `/FMT` of print, output and x.

import { atoi } from '../language/numbers.ts'
import { CommandError } from '../messages.ts'

export interface Format {
  readonly count: number
  readonly letter: string
  readonly size: string
  readonly hasCount: boolean
}

/** `4xw` → four, hexadecimal, words. What is not said is '' or 1. */
export function parseFormat(text: string): Format {
  const [, minus = '', digits = '', letters = ''] = /^(-?)(\d*)([a-z]*)/.exec(text) ?? []
  let letter = ''
  let size = ''
  for (const each of letters) {
    if ('bhwg'.includes(each)) size = each
    // Raw: without the pretty-printers that shdb does not have.
    else if (each === 'r') continue
    else letter = each
  }
  const hasCount = digits !== ''
  return { count: hasCount ? atoi(minus + digits) : 1, letter, size, hasCount }
}

/** Cuts `/FMT` from the front of an argument. */
export function splitFormat(argument: string): { format: string | undefined; rest: string } {
  if (!argument.startsWith('/')) return { format: undefined, rest: argument }
  const format = /^\/(-?\d*[a-z]*)/.exec(argument)?.[1] ?? ''
  return { format, rest: argument.slice(1 + format.length).trimStart() }
}

/** print takes one letter and nothing else. */
export function printLetter(format: string, command: string): string {
  const parsed = parseFormat(format)
  if (parsed.size !== '') {
    throw new CommandError(`Size letters are meaningless in "${command}" command.`)
  }
  if (parsed.hasCount && parsed.count !== 1) {
    throw new CommandError(`Item count other than 1 is meaningless in "${command}" command.`)
  }
  if (parsed.letter === 'i') {
    throw new CommandError(`Format letter "i" is meaningless in "${command}" command.`)
  }
  return parsed.letter
}
