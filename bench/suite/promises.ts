// What each promise costs: the straight way of assembly/event.ts, written once more over a memory that the benchmark lays
// out, whole and with one thing left out at a time. Nobody would want these recorders; they only show what is to be gained.

import {
  ARGUMENT_INT32,
  BLOCK_HEADER_BYTES,
  BLOCK_SHIFT,
  CHECK_FLAGS,
  CHECK_INDEX,
  CHECK_TIME_HIGH,
  CHECK_TIME_LOW,
  CHECK_WHAT,
  CHECK_WORD_0,
  CHECK_WORD_1,
  CHECK_WORD_2,
  CONTROL_CLAIMED_SHIFT,
  CONTROL_ENDED,
  CONTROL_GENERATION_SHIFT,
  CONTROL_LIVE,
  CONTROL_RELEASED,
  ENTRY_BLOCK_MASK,
  ENTRY_PARITY_SHIFT,
  EVENT_BYTES,
  EVENT_CHECK,
  EVENT_COMMITTED_EVEN,
  EVENT_FLAGS_MASK,
  EVENT_TAG_BITS,
  EVENT_TAGS_MASK,
  EVENT_TIME,
  EVENT_TIME_BITS,
  EVENT_WHAT,
  EVENT_WORDS,
  HEADER_CLOCK,
  HISTORY_CONTROL,
  HISTORY_GENERATION,
  HISTORY_SEED,
  HISTORY_TAIL,
  TAIL_INDEX_MASK,
  TAIL_INDEX_SHIFT,
} from '../../assembly/layout'

const ONE_EVENT: u64 = (<u64>1) << CONTROL_CLAIMED_SHIFT
const LIFE_MASK: u32 = (0xffff << CONTROL_GENERATION_SHIFT) | CONTROL_LIVE
/** The blocks never end here: an index goes round in the first sixteen places. */
const PLACES: u32 = 15
const NEVER: u32 = TAIL_INDEX_MASK
/** Where `placed` finds records without a look at a tail. */
const RECORDS: usize = 131072
const LATE_MASK: u32 = CONTROL_ENDED | CONTROL_RELEASED
const THREE_INT32: u32 =
  (((ARGUMENT_INT32 << EVENT_TAG_BITS) | ARGUMENT_INT32) << EVENT_TAG_BITS) | ARGUMENT_INT32

// biome-ignore lint/complexity/noStaticOnlyClass: only methods may say that they are to be compiled into their callers
abstract class Log {
  /** `told`: the statement, and in place of the tags the thread, as log1() is told them. */
  @inline
  static log(
    history: usize,
    generation: u32,
    told: u32,
    tags: u32,
    word0: u32,
    words: u64,
    asksLife: bool,
    asksTail: bool,
    asksEnd: bool,
    checks: bool,
    swaps: bool,
  ): u32 {
    const control = load<u64>(history, HISTORY_CONTROL)
    const mask = (asksLife ? LIFE_MASK : 0) | (asksEnd ? LATE_MASK : 0)
    const life = asksLife ? (generation << CONTROL_GENERATION_SHIFT) | CONTROL_LIVE : 0
    const other = asksLife ? load<u32>(history, HISTORY_GENERATION) ^ generation : 0
    if ((asksLife || asksEnd) && (((<u32>control & mask) ^ life) | other) !== 0) return 0
    const index = <u32>(control >> CONTROL_CLAIMED_SHIFT)
    let flags: u32 = EVENT_COMMITTED_EVEN
    let at = RECORDS + (history << 2) + (index & PLACES) * EVENT_BYTES
    if (asksTail) {
      const tail = load<u64>(history, HISTORY_TAIL)
      const place = (index - <u32>(tail >> TAIL_INDEX_SHIFT)) & TAIL_INDEX_MASK
      if (place >= NEVER) return 0
      const block = (<usize>(<u32>tail & ENTRY_BLOCK_MASK)) << BLOCK_SHIFT
      at = block + BLOCK_HEADER_BYTES + (place & PLACES) * EVENT_BYTES
      flags += <u32>(tail >> (ENTRY_PARITY_SHIFT - 2)) & EVENT_COMMITTED_EVEN
    }
    const thread = <u64>(told & EVENT_TAGS_MASK)
    const when = (thread << EVENT_TIME_BITS) | load<u64>(HEADER_CLOCK)
    const what = (told & ~EVENT_TAGS_MASK) | tags
    const check = checks
      ? flags * CHECK_FLAGS +
        <u32>when * CHECK_TIME_LOW +
        <u32>(when >> 32) * CHECK_TIME_HIGH +
        what * CHECK_WHAT +
        word0 * CHECK_WORD_0 +
        <u32>words * CHECK_WORD_1 +
        <u32>(words >> 32) * CHECK_WORD_2 +
        index * CHECK_INDEX +
        load<u32>(history, HISTORY_SEED)
      : 0
    if (swaps) {
      if (atomic.cmpxchg<u64>(history, control, control + ONE_EVENT) !== control) return 0
    } else store<u64>(history, control + ONE_EVENT)
    store<u64>(at, when, EVENT_TIME)
    store<u64>(at, ((<u64>word0) << 32) | what, EVENT_WHAT)
    store<u64>(at, words, EVENT_WORDS + 4)
    store<u32>(at, (check & ~EVENT_FLAGS_MASK) | flags, EVENT_CHECK)
    return 1
  }
}

export function whole(h: usize, g: u32, what: u32, word: u32): u32 {
  return Log.log(h, g, what, ARGUMENT_INT32, word, 0, true, true, true, true, true)
}
export function withoutLife(h: usize, g: u32, what: u32, word: u32): u32 {
  return Log.log(h, g, what, ARGUMENT_INT32, word, 0, false, true, true, true, true)
}
export function withoutTail(h: usize, g: u32, what: u32, word: u32): u32 {
  return Log.log(h, g, what, ARGUMENT_INT32, word, 0, true, false, true, true, true)
}
export function withoutEnd(h: usize, g: u32, what: u32, word: u32): u32 {
  return Log.log(h, g, what, ARGUMENT_INT32, word, 0, true, true, false, true, true)
}
export function withoutCheck(h: usize, g: u32, what: u32, word: u32): u32 {
  return Log.log(h, g, what, ARGUMENT_INT32, word, 0, true, true, true, false, true)
}
export function withoutSwap(h: usize, g: u32, what: u32, word: u32): u32 {
  return Log.log(h, g, what, ARGUMENT_INT32, word, 0, true, true, true, true, false)
}
export function onlySwap(h: usize, g: u32, what: u32, word: u32): u32 {
  return Log.log(h, g, what, ARGUMENT_INT32, word, 0, false, false, false, false, true)
}
/** As logWord(): an argument of any kind that takes a word. */
export function wholeOfWord(h: usize, g: u32, what: u32, tags: u32, word: u32): u32 {
  return Log.log(h, g, what, tags, word, 0, true, true, true, true, true)
}
/** As log3(). */
export function wholeOfThree(h: usize, g: u32, what: u32, word0: u32, word1: u32, word2: u32): u32 {
  const words = ((<u64>word2) << 32) | word1
  return Log.log(h, g, what, THREE_INT32, word0, words, true, true, true, true, true)
}

/** What a push and its unref share with other threads, each on a cache line of its own: the life that goes, order, window, reference. */
export function fourSwaps(at: usize, n: u32): u32 {
  for (let i = 0; i < 4; i++) atomic.add<u64>(at + (i << 6), n)
  return 1
}
