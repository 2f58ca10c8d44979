// A string that is so short that the words of its event hold it: arithmetic only, no access to memory. Up to 12 bytes stand
// there as they are. 13 to 16 characters stand there in six bits each, if the letters among them are of one case: of the four
// rows of ASCII that is the second, digits and signs, with the third (upper case) or with the fourth (lower case).

import {
  SHORT_BYTES_MAX,
  SHORT_FORM_SHIFT,
  SHORT_LENGTH_SHIFT,
  SHORT_LOWER_CASE,
  SHORT_STRING_BYTES_MAX,
  SHORT_UPPER_CASE,
  TAGS_SHORT,
} from './layout'

/** The bit that tells the rows of letters from those of none, in each of four characters; and the other one of a row. */
const LETTERS: u32 = 0x40404040
const ODD_ROWS: u32 = 0x20202020
const IN_ROW: u32 = 0x1f1f1f1f
const NONE: u32 = 0

/** The tags of a string of `length` bytes of ASCII, 1 to 16, zero beyond; 0 = it is none that an event's words can hold. */
export function shortTags(length: u32, word0: u32, word1: u32, word2: u32, word3: u32): u32 {
  const tags = TAGS_SHORT | ((length - 1) << SHORT_LENGTH_SHIFT)
  if (length <= <u32>SHORT_BYTES_MAX) return tags
  // What is beyond the end is of any case.
  const last = word3 | (length < <u32>SHORT_STRING_BYTES_MAX ? ODD_ROWS << ((length & 3) << 3) : 0)
  const lower = lowerCase(word0) | lowerCase(word1) | lowerCase(word2) | lowerCase(last)
  const upper = upperCase(word0) | upperCase(word1) | upperCase(word2) | upperCase(last)
  const control = controls(word0) | controls(word1) | controls(word2) | controls(last)
  if (control != 0 || (lower != 0 && upper != 0)) return NONE
  return tags | ((lower != 0 ? SHORT_LOWER_CASE : SHORT_UPPER_CASE) << SHORT_FORM_SHIFT)
}

/** Four characters of one case, six bits each. */
export function sixBits(word: u32): u32 {
  const each = (word & IN_ROW) | ((word & LETTERS) >> 1)
  const two = (each & 0x3f003f) | ((each & 0x3f003f00) >> 2)
  return (two & 0xfff) | ((two & 0xfff0000) >> 4)
}

function lowerCase(word: u32): u32 {
  return ((word & LETTERS) >> 1) & word
}

function upperCase(word: u32): u32 {
  return ((word & LETTERS) >> 1) & ~word
}

/** Those of the first row. */
function controls(word: u32): u32 {
  return ~(word | ((word & LETTERS) >> 1)) & ODD_ROWS
}
