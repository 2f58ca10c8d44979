// What is declared of the arguments of each format.

import { parseFormat } from '../image/printf.ts'

/**
 * 'public': stored as it is; 'pseudonym': a keyed hash in its place, so that equal values can still be told to be equal;
 * 'secret': nothing but the word `[secret]`.
 */
export type Privacy = 'public' | 'pseudonym' | 'secret'

/** Of the arguments of a format in their order, those of `*` included; or one word for all of them. */
export type FormatPrivacy = Privacy | readonly Privacy[]

/** The formats of the events of holds begin so; their owner follows, or `%s` where it may not stand in the format. */
export const HOLD_START = 'hold %d.%d by '
export const HOLD_FORMAT: string = `${HOLD_START}%s`

const LEVELS: readonly unknown[] = ['public', 'pseudonym', 'secret'] satisfies Privacy[]

const isPrivacy = (value: unknown): value is Privacy => LEVELS.includes(value)

/** `what` names it in the message. @throws {TypeError} Unless it is a level. */
export function expectPrivacy(what: string, value: unknown): Privacy {
  if (isPrivacy(value)) return value
  throw new TypeError(
    `${what} must be 'public', 'pseudonym' or 'secret', got ${JSON.stringify(value) ?? typeof value}`,
  )
}

/** What is to be done with the arguments of one format. */
export interface ArgumentLevels {
  readonly levels: readonly Privacy[]
  /** Of further arguments. */
  readonly rest: Privacy
}

/** @throws {TypeError | RangeError} Unless it is a level, or one for each argument of the format. */
export function levelsOf(format: string, given: unknown): ArgumentLevels {
  if (isPrivacy(given)) return { levels: [], rest: given }
  if (!Array.isArray(given) || !given.every(isPrivacy))
    throw new TypeError(
      `privacy of ${JSON.stringify(format)} must be 'public', 'pseudonym', 'secret' or an array of these, got ${JSON.stringify(given) ?? typeof given}`,
    )
  const count = argumentsOf(format)
  if (given.length !== count)
    throw new RangeError(
      `privacy of ${JSON.stringify(format)} must be of ${count} arguments, as the format has, got ${given.length}`,
    )
  // What the format does not show, nobody has thought of.
  const isAllPublic = given.every((level) => level === 'public')
  return { levels: given, rest: isAllPublic ? 'public' : 'secret' }
}

/** A format as it is declared: without the call site that a build may have written behind it. */
export function withoutSite(format: string): string {
  const at = format.indexOf('\0')
  return at < 0 ? format : format.slice(0, at)
}

function argumentsOf(format: string): number {
  let count = 0
  for (const piece of parseFormat(format)) {
    if (typeof piece === 'string') continue
    count += 1 + (piece.width === '*' ? 1 : 0) + (piece.precision === '*' ? 1 : 0)
  }
  return count
}
