// A promise and the property that would break it: tried a bounded number of times in `npm test`, for as long as there is
// time in `npm run verify` (test/verify/properties.mjs). fast-check shrinks what fails and prints the seed and path of it.

import fc from 'fast-check'

export interface Property {
  /** A sentence: the name of the test. */
  readonly promise: string
  /** Tries in `npm test`: about a second's worth in the slowest runtime. */
  readonly runs: number
  readonly property: fc.IRawProperty<unknown>
}

/** Throws the difference of two values; -0, NaN, bigints and strings are told apart. */
export function same(what: string, found: unknown, expected: unknown): void {
  if (Object.is(found, expected) || areSameLists(found, expected)) return
  const [one, other] = [fc.stringify(found), fc.stringify(expected)]
  if (one !== other) throw new Error(`${what}: found ${one}, expected ${other}`)
}

/** The common case, without the texts of both. */
function areSameLists(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false
  return one.every((value, n) => Object.is(value, other[n]))
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

export const utf8 = (text: string): Uint8Array => encoder.encode(text)
/** Bytes of one character. */
export function utf8Size(character: string): number {
  const code = character.codePointAt(0) as number
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
}
/** A string as UTF-8 can hold it: a lone surrogate is U+FFFD. */
export const wellFormed = (text: string): string => decoder.decode(encoder.encode(text))

/** Strings of all sorts: ASCII, of any plane, with lone surrogates, with a byte order mark, empty. */
export const anyString = (maxLength: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ maxLength }),
    fc.string({ unit: 'binary', maxLength }),
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength })
      .map((units) => String.fromCharCode(...units)),
    fc
      .array(fc.constantFrom('\ufeff', '\ud83d', '\ude00', '\0', '%', 'é', '東', '😀'), {
        maxLength,
      })
      .map((parts) => parts.join('')),
  )
