// A string that stands in the words of its event (SHORT STRING in assembly/layout.ts).

import {
  EVENT_TAG_MASK,
  EVENT_WORDS,
  SHORT_BYTES,
  SHORT_BYTES_MAX,
  SHORT_FORM_SHIFT,
  SHORT_LENGTH_SHIFT,
  SHORT_LOWER_CASE,
  SHORT_STRING_BYTES_MAX,
  SHORT_UPPER_CASE,
  TAGS_SHORT,
} from '../../assembly/layout.ts'
import { type ImageBytes, ImageError } from './bytes.ts'

/** Characters of six bits in three bytes. */
const GROUP = 4
const GROUP_BYTES = 3
const CHARACTER_BITS = 6
/** Rows of ASCII, 32 characters each, by their first one. */
const SIGNS = 0x20
const LETTERS: ReadonlyMap<number, number> = new Map([
  [SHORT_UPPER_CASE, 0x40],
  [SHORT_LOWER_CASE, 0x60],
])

/** `tags`: all twelve bits. */
export const isShortString = (tags: number): boolean => (tags & EVENT_TAG_MASK) === TAGS_SHORT

/** @throws {ImageError} For what no recorder writes. */
export function shortString(bytes: ImageBytes, event: number, tags: number): string {
  const at = event + EVENT_WORDS
  const length = ((tags >>> SHORT_LENGTH_SHIFT) & (SHORT_STRING_BYTES_MAX - 1)) + 1
  const form = tags >>> SHORT_FORM_SHIFT
  if (form === SHORT_BYTES && length <= SHORT_BYTES_MAX) return bytes.text(at, length, 'argument')
  const letters = LETTERS.get(form)
  if (letters === undefined)
    throw new ImageError('read the arguments', bytes.source, {
      offset: at,
      field: 'tags of a short string',
      expected: `form ${SHORT_BYTES} to ${SHORT_LOWER_CASE} that holds ${length} bytes`,
      found: `${form}`,
    })
  return String.fromCharCode(
    ...Array.from({ length }, (_, n) => {
      const from = at + Math.floor(n / GROUP) * GROUP_BYTES
      const byte = (place: number) => bytes.u8(from + place, 'argument')
      const group = byte(0) | (byte(1) << 8) | (byte(2) << 16)
      const code = (group >>> ((n % GROUP) * CHARACTER_BITS)) & 0x3f
      return code < SIGNS ? SIGNS + code : letters + (code & 0x1f)
    }),
  )
}
