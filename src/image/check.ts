// The checks that tell a whole record from a torn or recycled one: words times odd constants, added up modulo 2^32.

import {
  CHECK_BYTES,
  CHECK_FLAGS,
  CHECK_GENERATION,
  CHECK_HISTORY,
  CHECK_INDEX,
  CHECK_TIME_HIGH,
  CHECK_TIME_LOW,
  CHECK_WHAT,
  CHECK_WORD_0,
  CHECK_WORD_1,
  CHECK_WORD_2,
  EVENT_CHECK,
  EVENT_FLAGS_MASK,
  EVENT_TAGS_MASK,
  EVENT_THREAD,
  EVENT_TIME,
  EVENT_WHAT,
  EVENT_WORDS,
  HEADER_CHECK,
  HEADER_STATIC_BYTES,
  HEADER_VERSION,
  TAGS_REPEAT,
} from '../../assembly/layout.ts'
import type { ImageBytes } from './bytes.ts'

/** The word that has the time's upper 16 bits, and the thread above them. */
export const EVENT_TIME_HIGH = EVENT_THREAD - 2
const WORD = 4

/** 0 means "not written yet", so a sum of 0 is shown as 1. */
const shown = (sum: number) => sum >>> 0 || 1

export function headerCheck(bytes: ImageBytes): number {
  let sum = 0
  for (let offset = 0; offset < HEADER_STATIC_BYTES; offset += WORD) {
    if (offset === HEADER_VERSION || offset === HEADER_CHECK) continue
    sum += Math.imul(bytes.u32(offset, 'the header'), CHECK_BYTES + (offset / WORD) * 2)
  }
  return shown(sum)
}

/** Of a run of bytes taken as words, the last one padded with zeros, on top of `seed`. */
export function bytesCheck(bytes: Uint8Array, seed: number): number {
  let sum = seed
  let weight = CHECK_BYTES
  for (let i = 0; i < bytes.length; i += WORD, weight += 2) {
    let word = bytes[i] as number
    if (i + 1 < bytes.length) word |= (bytes[i + 1] as number) << 8
    if (i + 2 < bytes.length) word |= (bytes[i + 2] as number) << 16
    if (i + 3 < bytes.length) word |= (bytes[i + 3] as number) << 24
    sum = (sum + Math.imul(word, weight)) | 0
  }
  return shown(sum)
}

/** A repeat has a word that is still swapped after its commit. */
export function isRepeat(bytes: ImageBytes, offset: number): boolean {
  return saysRepeat(bytes.u32(offset + EVENT_WHAT, 'EVENT_WHAT'))
}

export function eventCheck(
  bytes: ImageBytes,
  offset: number,
  index: number,
  historyNumber: number,
  generation: number,
): number {
  const place = placeCheck(index, historyNumber, generation)
  return eventSum((at) => bytes.u32(offset + at, 'event'), place)
}

const saysRepeat = (what: number) => (what & EVENT_TAGS_MASK) === TAGS_REPEAT

/** What EVENT_CHECK should be, by the words of an event, each by its offset in it; `place`: of placeCheck(). */
export function eventSum(word: (at: number) => number, place: number): number {
  const mayMove = saysRepeat(word(EVENT_WHAT))
  // Read all the same: a record that the image does not reach to its end is not whole.
  const argument = (at: number) => (mayMove ? word(at) & 0 : word(at))
  const flags = word(EVENT_CHECK) & EVENT_FLAGS_MASK
  const sum =
    Math.imul(flags, CHECK_FLAGS) +
    Math.imul(word(EVENT_TIME), CHECK_TIME_LOW) +
    Math.imul(word(EVENT_TIME_HIGH), CHECK_TIME_HIGH) +
    Math.imul(word(EVENT_WHAT), CHECK_WHAT) +
    Math.imul(argument(EVENT_WORDS), CHECK_WORD_0) +
    Math.imul(argument(EVENT_WORDS + WORD), CHECK_WORD_1) +
    Math.imul(argument(EVENT_WORDS + 2 * WORD), CHECK_WORD_2) +
    place
  return ((sum & ~EVENT_FLAGS_MASK) | flags) >>> 0
}

/** What index and life contribute: in no record, so that one of another place or life does not pass. */
export function placeCheck(index: number, historyNumber: number, generation: number): number {
  return (
    Math.imul(index, CHECK_INDEX) +
    Math.imul(historyNumber, CHECK_HISTORY) +
    Math.imul(generation, CHECK_GENERATION)
  )
}

/** What the check of a text begins with, so that the text of another event does not pass. */
export const textSeed = (index: number) => Math.imul(index, CHECK_INDEX)
