// A string that is so short that the words of its event hold it: arithmetic only, no access to memory. Up to 12 bytes stand
// there as they are. 13 to 16 characters stand there in six bits each, if the letters among them are of one case: of the four
// rows of ASCII that is the second, digits and signs, with the third (upper case) or with the fourth (lower case).
// Eight characters at a time: a character's two upper bits tell its row.

import {
  SHORT_BYTES_MAX,
  SHORT_FORM_SHIFT,
  SHORT_LENGTH_SHIFT,
  SHORT_LOWER_CASE,
  SHORT_STRING_BYTES_MAX,
  SHORT_UPPER_CASE,
  TAGS_SHORT,
} from './layout'

/** Four characters and four. */
const TWICE: u64 = 0x100000001
/** In each of eight characters: the bit that the rows of letters have, that of every other row, and what is left. */
const LETTERS: u64 = 0x40404040 * TWICE
const ODD_ROWS: u64 = 0x20202020 * TWICE
const IN_ROW: u64 = 0x1f1f1f1f * TWICE
const HALF: u32 = 8
const NONE: u32 = 0

/** The tags of a string of `length` bytes of ASCII, 1 to 16, zero beyond; 0 = it is none that an event's words can hold. */
export function shortTags(length: u32, first: u64, second: u64): u32 {
  const tags = TAGS_SHORT | ((length - 1) << SHORT_LENGTH_SHIFT)
  if (length <= <u32>SHORT_BYTES_MAX) return tags
  const isFull = length == <u32>SHORT_STRING_BYTES_MAX
  // What is beyond the end stands for no character of the first row.
  const last = isFull ? second : second | (ODD_ROWS << ((length - HALF) << 3))
  const letters = (first & LETTERS) >> 1
  const others = (last & LETTERS) >> 1
  const firstRow = ~(first | letters) | ~(last | others)
  const lower = (letters & first) | (others & last)
  const upper = (letters & ~first) | (others & ~last)
  if ((firstRow & ODD_ROWS) != 0 || (lower != 0 && upper != 0)) return NONE
  return tags | ((lower != 0 ? SHORT_LOWER_CASE : SHORT_UPPER_CASE) << SHORT_FORM_SHIFT)
}

/** Eight characters of one case in 48 bits. */
export function sixBits(eight: u64): u64 {
  const each = (eight & IN_ROW) | ((eight & LETTERS) >> 1)
  const two = (each & (0x003f003f * TWICE)) | ((each & (0x3f003f00 * TWICE)) >> 2)
  const four = (two & (0x00000fff * TWICE)) | ((two & (0x0fff0000 * TWICE)) >> 4)
  return (four & 0xffffff) | ((four & 0xffffff00000000) >> 8)
}
