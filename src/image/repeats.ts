// Repeats of one event. The second of equal events in a row is a record that only says so; further ones are in its fold
// word, which goes on changing after the record's commit and is therefore believed by a mark of its own.

import {
  EVENT_WORDS,
  REPEAT_COUNT_MAX,
  REPEAT_COUNT_SHIFT,
  REPEAT_TAG_SHIFT,
} from '../../assembly/layout.ts'
import type { ImageBytes } from './bytes.ts'
import { placeCheck } from './check.ts'
import type { Life } from './life.ts'

/** What was folded into a repeat. */
export interface Fold {
  /** Further repeats, beside the record itself. */
  readonly count: number
  /** Microseconds from the record to the last of them. */
  readonly since: number
}

const UPPER = 4
const REPEAT_BYTES = 8
const BITS_OF_WORD = 32
const ATTEMPTS = 8

/** Where a repeat at `offset` has its REPEAT. */
export function foldAt(offset: number): number {
  return Math.ceil((offset + EVENT_WORDS) / REPEAT_BYTES) * REPEAT_BYTES
}

/** The fold word of a repeat; undefined where it is not this event's. */
export function readFold(
  bytes: ImageBytes,
  offset: number,
  index: number,
  { number, generation }: Life,
): Fold | undefined {
  const at = foldAt(offset)
  let upper = bytes.acquireU32(at + UPPER, 'REPEAT')
  let since = 0
  // Each swap changes the count, so an upper half that stood still stood beside that lower half.
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = upper
    since = bytes.acquireU32(at, 'REPEAT')
    upper = bytes.acquireU32(at + UPPER, 'REPEAT')
    if (upper === before) break
  }
  const sum = placeCheck(index, number, generation)
  const tag = upper >>> (REPEAT_TAG_SHIFT - BITS_OF_WORD)
  if (tag !== (sum >>> 0) >>> 16) return undefined
  const count = (upper >>> (REPEAT_COUNT_SHIFT - BITS_OF_WORD)) & REPEAT_COUNT_MAX
  // No writer moves the time without the count.
  return { count, since: count === 0 ? 0 : since }
}
