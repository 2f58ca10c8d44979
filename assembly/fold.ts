// Repeats of one event, folded: an object that says the same thing a thousand times must not push its own past out. The
// second of equal events in a row is a record of its own that repeats the one before it; the third and all further ones
// only move its count and its last time, in one swap.
//
//   F1  the newest event of the history is whole, not yet written to the sinks, and equal: verb, format, arguments,
//       thread, flags
//   F2  it is no repeat yet: claim the next index (E3) and commit a repeat (E4)
//   F3  it is one: swap its count and last time, unless another event was claimed meanwhile
//
// The swap of F3 may come late, when the block has gone on to another life. It fails then: the word that it expects holds
// 16 bits made of this life and this index, beside count and time.

import { isLifeOf } from './control'
import { blockOf, markOf } from './entry'
import { commit, lateFlags, log, microsOf, ONE_EVENT, stamped, threadOf } from './event'
import {
  CHECK_INDEX,
  CHECK_WORD_0,
  CHECK_WORD_1,
  CHECK_WORD_2,
  CONTROL_CLAIMED_SHIFT,
  EVENT_BYTES,
  EVENT_CHECK,
  EVENT_FLAGS_MASK,
  EVENT_TAGS_MASK,
  EVENT_THREAD,
  EVENT_TIME,
  EVENT_TIME_BITS,
  EVENT_WHAT,
  EVENT_WORDS,
  EVENTS_PER_BLOCK,
  HISTORY_CONTROL,
  HISTORY_FLUSH_OFFSET,
  HISTORY_SEED,
  HISTORY_TAIL,
  PACKED_END,
  REPEAT_COUNT_MAX,
  REPEAT_COUNT_SHIFT,
  REPEAT_TAG_SHIFT,
  TAGS_REPEAT,
} from './layout'
import { checkOf, committed, eventAt, foldAt, placeIn, tagged } from './record'
import { look64, peek16, peek32, peek64, swapIf64, write32, write64 } from './shared'

const TIME_MASK: u64 = ((<u64>1) << EVENT_TIME_BITS) - 1

/** As log(), for a list that folds repeats. */
export function logFolding(
  history: usize,
  generation: u32,
  what: u32,
  packed: u32,
  word0: u32,
  word1: u32,
  word2: u32,
  time: f64,
): bool {
  return (
    fold(history, generation, what, packed, word0, word1, word2, microsOf(time)) ||
    log(history, generation, what, packed, word0, word1, word2, time)
  )
}

/** False: not a repeat, or not to be folded for any reason; nothing has happened then. */
function fold(
  history: usize,
  generation: u32,
  what: u32,
  packed: u32,
  word0: u32,
  word1: u32,
  word2: u32,
  micros: u64,
): bool {
  const control = look64(history + HISTORY_CONTROL) // E1
  if (!isLifeOf(control, history, generation) || (packed & PACKED_END) != 0) return false
  const index = <u32>(control >> CONTROL_CLAIMED_SHIFT)
  const tail = look64(history + HISTORY_TAIL)
  if (index == 0) return false
  if (peek32(history + HISTORY_FLUSH_OFFSET) >= index) return false
  const found = placeIn(tail, index - 1, generation)
  if (found >= <u64>EVENTS_PER_BLOCK) return false
  const place = <u32>found
  const seed = peek32(history + HISTORY_SEED)
  const newest = eventAt(blockOf(tail), place)
  const isRepeat = (peek32(newest + EVENT_WHAT) & EVENT_TAGS_MASK) == TAGS_REPEAT
  if (isRepeat && (place == 0 || !isWhole(newest, index - 1, seed, true))) return false
  // F1
  const first = isRepeat ? newest - EVENT_BYTES : newest
  const flags = lateFlags(control) | markOf(tail)
  if (
    peek32(first + EVENT_WHAT) != tagged(what, packed & EVENT_TAGS_MASK) ||
    peek32(first + EVENT_WORDS) != word0 ||
    peek64(first + EVENT_WORDS + 4) != (((<u64>word2) << 32) | word1) ||
    peek16(first + EVENT_THREAD) != threadOf(packed) ||
    (peek32(first + EVENT_CHECK) & EVENT_FLAGS_MASK) != flags ||
    !isWhole(first, isRepeat ? index - 2 : index - 1, seed, false)
  )
    return false
  if (isRepeat) return foldInto(history, control, newest, tagOf(index - 1, seed), micros)
  if (place + 1 == EVENTS_PER_BLOCK) return false
  if (!swapIf64(history + HISTORY_CONTROL, control, control + ONE_EVENT)) return false // F2, E3
  const at = newest + EVENT_BYTES
  const when = stamped(threadOf(packed), micros)
  const repeats = tagged(what, TAGS_REPEAT)
  write64(at + EVENT_TIME, when)
  write32(at + EVENT_WHAT, repeats)
  write64(foldAt(at), tagOf(index, seed))
  commit(at, flags, checkOf(flags, when, repeats, 0, index, seed))
  return true
}

/** F3 */
function foldInto(history: usize, control: u64, repeat: usize, tag: u64, micros: u64): bool {
  const folded = look64(foldAt(repeat))
  if (folded >> REPEAT_TAG_SHIFT != tag >> REPEAT_TAG_SHIFT) return false
  const more = (<u32>(folded >> REPEAT_COUNT_SHIFT) & REPEAT_COUNT_MAX) + 1
  if (more > <u32>REPEAT_COUNT_MAX) return false
  const own = peek64(repeat + EVENT_TIME) & TIME_MASK
  const since = micros > own ? max(micros - own, <u64>(<u32>folded)) : <u64>(<u32>folded)
  if (since > 0xffffffff || look64(history + HISTORY_CONTROL) != control) return false
  return swapIf64(foldAt(repeat), folded, tag | ((<u64>more) << REPEAT_COUNT_SHIFT) | since)
}

function isWhole(at: usize, index: u32, seed: u32, isRepeat: bool): bool {
  const flags = peek32(at + EVENT_CHECK) & EVENT_FLAGS_MASK
  const when = peek64(at + EVENT_TIME)
  let check = checkOf(flags, when, peek32(at + EVENT_WHAT), 0, index, seed)
  if (!isRepeat) {
    check += peek32(at + EVENT_WORDS) * CHECK_WORD_0
    check += peek32(at + EVENT_WORDS + 4) * CHECK_WORD_1
    check += peek32(at + EVENT_WORDS + 8) * CHECK_WORD_2
  }
  return peek32(at + EVENT_CHECK) == committed(flags, check)
}

/** Which repeat a fold word belongs to. */
function tagOf(index: u32, seed: u32): u64 {
  return (<u64>((seed + index * CHECK_INDEX) >> 16)) << REPEAT_TAG_SHIFT
}
