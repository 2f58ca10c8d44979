// What an event says, but for its arguments: verb and format, which are one number in its record.

import {
  EVENT_STATEMENT_SHIFT,
  STATEMENT_DIGIT,
  STATEMENT_DIGIT_BITS,
  STATEMENT_DIGITS,
  STATEMENT_PLAIN_BITS,
  STRING_CHUNKS,
  STRING_ID_CHUNK_SHIFT,
} from '../../assembly/layout.ts'
import type { Problems } from './problems.ts'
import type { Strings } from './strings.ts'

const OFFSET_MASK = (1 << STRING_ID_CHUNK_SHIFT) - 1
/** Characters of a string that is no statement. */
const SHOWN = 16
const DIGITS_MAX = 1 << STATEMENT_DIGIT_BITS

export interface Statement {
  /** The number of the verb; VERB_LOST where the string that tells it is lost. */
  readonly verb: number
  /** Printf's, without the site; undefined where it is lost. */
  readonly format: string | undefined
  /** Where it was logged, where a build has written that behind the format; spread into an event. */
  readonly site: { readonly site?: string }
}

/** No verb has this number. */
export const VERB_LOST = -1

const NO_SITE = {}

export class Statements {
  readonly #strings: Strings
  readonly #problems: Problems
  readonly #known = new Map<number, Statement>()

  constructor(strings: Strings, problems: Problems) {
    this.#strings = strings
    this.#problems = problems
  }

  /** Of the EVENT_WHAT of an event. */
  of(what: number): Statement {
    const id = what >>> EVENT_STATEMENT_SHIFT
    let statement = this.#known.get(id)
    if (statement === undefined) {
      statement = this.#read(id)
      this.#known.set(id, statement)
    }
    return statement
  }

  #read(id: number): Statement {
    if (isPlain(id)) return { verb: verbOfPlain(id), format: '', site: NO_SITE }
    const text = this.#strings.get(id)
    const verb = text === undefined ? VERB_LOST : verbOf(text)
    if (text === undefined || verb === VERB_LOST) {
      // A string that is not there has been told.
      if (text !== undefined) this.#tell(id, text)
      return { verb: VERB_LOST, format: undefined, site: NO_SITE }
    }
    const { text: format, site } = parted(text.slice(STATEMENT_DIGITS))
    return { verb, format, site }
  }

  #tell(id: number, text: string): void {
    this.#problems.add('read an event', {
      offset: STRING_CHUNKS + (id >>> STRING_ID_CHUNK_SHIFT) * Uint32Array.BYTES_PER_ELEMENT,
      field: `string ${id}`,
      expected: 'a statement, which begins with its verb',
      found: JSON.stringify(text.slice(0, SHOWN)),
    })
  }
}

/** Whether a statement has no format, and so no string. */
export function isPlain(id: number): boolean {
  return (id & OFFSET_MASK) >>> STATEMENT_PLAIN_BITS === 0
}

/** A format, and behind a NUL the place of the call that a build has written into it. */
export function parted(format: string): { text: string; site: Statement['site'] } {
  const at = format.indexOf('\0')
  if (at < 0) return { text: format, site: NO_SITE }
  return { text: format.slice(0, at), site: { site: format.slice(at + 1) } }
}

/** The statement of a verb without a format. */
export function plainStatement(verb: number): number {
  const offset = verb & ((1 << STATEMENT_PLAIN_BITS) - 1)
  return ((verb >>> STATEMENT_PLAIN_BITS) << STRING_ID_CHUNK_SHIFT) | offset
}

function verbOfPlain(id: number): number {
  return ((id >>> STRING_ID_CHUNK_SHIFT) << STATEMENT_PLAIN_BITS) | (id & OFFSET_MASK)
}

/** What the string of a verb's statement begins with. */
export function digitsOf(verb: number): string {
  const upper = verb >>> STATEMENT_DIGIT_BITS
  const lower = verb & (DIGITS_MAX - 1)
  return String.fromCharCode(STATEMENT_DIGIT + upper, STATEMENT_DIGIT + lower)
}

function verbOf(text: string): number {
  const upper = text.charCodeAt(0) - STATEMENT_DIGIT
  const lower = text.charCodeAt(1) - STATEMENT_DIGIT
  const areDigits = upper >= 0 && upper < DIGITS_MAX && lower >= 0 && lower < DIGITS_MAX
  return areDigits ? (upper << STATEMENT_DIGIT_BITS) | lower : VERB_LOST
}
