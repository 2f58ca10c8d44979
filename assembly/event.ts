// One event: claimed, written, committed. The hot path, and nothing else.
//
//   E1  read the control word: which life, which index is next
//   E2  find the block of that index (installed before it is claimed, so that a claim never fails for memory)
//   E3  swap the control word, index + 1: the event is claimed, if generation, index, refs and state are still those of E1
//   E4  write the record, its check and flags last in one store: the event is committed
//
// A thread that stops before E3 has changed nothing that others see; between E3 and E4 it leaves one event that reads as
// lost and keeps one block from reuse; after E4 its event is whole. Nobody ever waits: E3 retries only because another
// thread's event was claimed. E3 is the only instruction here that other cores can make slow.

import {
  allCommitted,
  beginBlock,
  claimText,
  freeBlock,
  freeChain,
  hangText,
  releaseBlock,
  tellInHeader,
} from './blocks'
import { takeBlock } from './budget'
import { belongsTo, discard } from './clearing'
import { isLifeOf, isUnderWay, mayRef, mayUnref, refsOf, stands } from './control'
import { entryFor } from './entries'
import { blockOf, markOf, ordinalFrom, ordinalUpTo, turned } from './entry'
import {
  ARGUMENT_INLINE_STRING,
  ARGUMENT_INT32,
  BLOCK_BYTES,
  BLOCK_DATA_BYTES,
  BLOCK_GENERATION,
  BLOCK_HEADER_BYTES,
  BLOCK_NEXT,
  BLOCK_ORDINAL,
  BLOCK_OWNER,
  BLOCK_SHIFT,
  BLOCK_TEXT,
  CHECK_BYTES,
  CHECK_INDEX,
  CHECK_WORD_1,
  CHECK_WORD_2,
  CLAIMED_MAX,
  CONTROL_CLAIMED_SHIFT,
  CONTROL_ENDED,
  CONTROL_REFS_SHIFT,
  CONTROL_RELEASED,
  COUNTER_DROPPED,
  COUNTER_REJECTED,
  COUNTER_STALE,
  COUNTER_TEXTS_LOST,
  EVENT_AFTER_END,
  EVENT_AFTER_UNREF,
  EVENT_BYTES,
  EVENT_CHECK,
  EVENT_FLAGS_MASK,
  EVENT_STATEMENT_SHIFT,
  EVENT_TAG_BITS,
  EVENT_TAGS_MASK,
  EVENT_TIME,
  EVENT_TIME_BITS,
  EVENT_WHAT,
  EVENT_WORDS,
  EVENTS_PER_BLOCK,
  HEADER_CLOCK,
  HEADER_PINNED_VERBS,
  HISTORY_CONTROL,
  HISTORY_KEPT,
  HISTORY_SEED,
  HISTORY_SHIFT,
  HISTORY_TAIL,
  INLINE_HEAD_BYTES,
  LIST_BLOCKS,
  LIST_TURN_BLOCKS,
  PACKED_END,
  PACKED_THREAD_SHIFT,
  SHORT_BYTES_MAX,
  SHORT_STRING_BYTES_MAX,
  TAGS_TEXT,
  TAIL_INDEX_SHIFT,
  TEXT_CHECK,
  TEXT_DATA,
  TEXT_LENGTH,
  VERB_BYTES,
  VERB_FLAG_PIN,
  VERB_FLAGS_SHIFT,
  VERB_TABLE,
} from './layout'
import { listOf, listOfOwner, ownerOf } from './list-record'
import {
  checkOf,
  committed,
  eventAt,
  isTailOf,
  placeBehind,
  placeIn,
  seedOf,
  tagged,
  tailOf,
} from './record'
import {
  claim32,
  claim64,
  isOrdered,
  look32,
  look64,
  pause,
  peek32,
  peek64,
  publish32,
  reaches,
  settle32,
  swapIf64,
  write32,
  write64,
} from './shared'
import { shortTags, sixBits } from './short'
import { recordOf } from './spares'
import { verbOf } from './statement'
import { count } from './stats'

const HISTORY_MASK: u32 = 0xffffff
const BLOCK_ADDRESS_MASK: usize = BLOCK_BYTES - 1
/** A claim is an index above the address of a block, which leaves nine bits: the place in there, above the flags. */
const CLAIM_PLACE_SHIFT: u32 = 4

export const ONE_EVENT: u64 = (<u64>1) << CONTROL_CLAIMED_SHIFT

/**
 * So many loads, less than a microsecond, a thread stands back that lost a swap: it lets the other record a few events at full
 * speed, where else they would take the lines from each other for each one. It waits for nobody, and goes on whoever stops.
 */
const STAND_BACK: i32 = 1000

/** Answers of findBlock that are no tails, and of what it calls that are no entries: they name no block. */
const NO_MEMORY: u64 = 0
const LOOK_AGAIN: u64 = (<u64>1) << TAIL_INDEX_SHIFT

const TWO_INT32: u32 = (ARGUMENT_INT32 << EVENT_TAG_BITS) | ARGUMENT_INT32
const THREE_INT32: u32 = (TWO_INT32 << EVENT_TAG_BITS) | ARGUMENT_INT32

/**
 * The straight way for one integer and the coarse clock: the life neither ended nor released, the block there already, nobody
 * between E1 and E3. False: not recorded, and not counted either: log() must decide. It calls nothing, so that engines give it
 * no frame to check. Only where HEADER_FLAG_ORDERED_STORES is set; else log1Weak().
 *
 * `what`: the statement, and in place of the tags the thread's number, below STRAIGHT_THREADS: engines hand over five
 * parameters in registers, and others not. The verb must not end the life.
 */
export function log1(history: usize, generation: u32, what: u32, word0: u32): bool {
  return Straight.toldThread(history, generation, what, ARGUMENT_INT32, word0, 0, true)
}

/** As log1, for two integers. */
export function log2(history: usize, generation: u32, what: u32, word0: u32, word1: u32): bool {
  return Straight.toldThread(history, generation, what, TWO_INT32, word0, word1, true)
}

/**
 * As log2, and takes a reference, or releases one (`refs` 1 or -1), by the same swap (E3): both come to be together or not at
 * all. False also where that would be more than a number: the count full, none but the pusher's own there, or the last one that
 * keeps a life outside of the window, which unref() ends.
 */
export function log2AndRef(
  history: usize,
  generation: u32,
  what: u32,
  word0: u32,
  word1: u32,
  refs: i32,
): bool {
  return (
    isOrdered() &&
    Straight.toldThread(history, generation, what, TWO_INT32, word0, word1, true, refs)
  )
}

/** As log1, for three integers. */
export function log3(
  history: usize,
  generation: u32,
  what: u32,
  word0: u32,
  word1: u32,
  word2: u32,
): bool {
  const words = ((<u64>word2) << 32) | word1
  return Straight.toldThread(history, generation, what, THREE_INT32, word0, words, true)
}

/** As log1, for one argument of any kind that takes a word, or none. */
export function logWord(history: usize, generation: u32, what: u32, tags: u32, word0: u32): bool {
  return Straight.toldThread(history, generation, what, tags, word0, 0, true)
}

/** As log1, on any machine. */
export function log1Weak(history: usize, generation: u32, what: u32, word0: u32): bool {
  return Straight.toldThread(history, generation, what, ARGUMENT_INT32, word0, 0, false)
}

/** As log2, on any machine. */
export function log2Weak(history: usize, generation: u32, what: u32, word0: u32, word1: u32): bool {
  return Straight.toldThread(history, generation, what, TWO_INT32, word0, word1, false)
}

/** As log3, on any machine. */
export function log3Weak(
  history: usize,
  generation: u32,
  what: u32,
  word0: u32,
  word1: u32,
  word2: u32,
): bool {
  const words = ((<u64>word2) << 32) | word1
  return Straight.toldThread(history, generation, what, THREE_INT32, word0, words, false)
}

/** As logWord, on any machine. */
export function logWordWeak(
  history: usize,
  generation: u32,
  what: u32,
  tags: u32,
  word0: u32,
): bool {
  return Straight.toldThread(history, generation, what, tags, word0, 0, false)
}

/** log() with the clock that the caller has read: the straight way where it can be gone. */
export function logAt(
  history: usize,
  generation: u32,
  what: u32,
  packed: u32,
  word0: u32,
  word1: u32,
  word2: u32,
  time: f64,
): bool {
  const words = ((<u64>word2) << 32) | word1
  return Straight.orElse(history, generation, what, packed, word0, words, time)
}

/** A class, for only its methods may say that they are to be compiled into their callers. */
// biome-ignore lint/complexity/noStaticOnlyClass: see above
abstract class Straight {
  /** The straight way where it can be gone, else log(). */
  @inline
  static orElse(
    history: usize,
    generation: u32,
    what: u32,
    packed: u32,
    word0: u32,
    words: u64,
    time: f64,
  ): bool {
    const when = stamped(threadOf(packed), microsOf(time))
    const said = taggedBy(packed, what)
    return (
      ((packed & PACKED_END) == 0 &&
        isOrdered() &&
        Straight.log(history, generation, said, when, word0, words, true)) ||
      log(history, generation, what, packed, word0, <u32>words, <u32>(words >> 32), time)
    )
  }

  @inline
  static toldThread(
    history: usize,
    generation: u32,
    what: u32,
    tags: u32,
    word0: u32,
    words: u64,
    isOrdered: bool,
    refs: i32 = 0,
  ): bool {
    const when = stamped(what & EVENT_TAGS_MASK, peek64(HEADER_CLOCK))
    const said = tagged(what, tags)
    return Straight.log(history, generation, said, when, word0, words, isOrdered, refs)
  }

  /** `isOrdered`: plain loads and stores keep their order. `refs`: what it adds to the references. */
  @inline
  static log(
    history: usize,
    generation: u32,
    what: u32,
    when: u64,
    word0: u32,
    words: u64,
    isOrdered: bool,
    refs: i32 = 0,
  ): bool {
    const control = peek64(history + HISTORY_CONTROL) // E1
    if (!isUnderWay(control, history, generation)) return false
    if (refs != 0 && !(refs > 0 ? mayRef(control) : mayUnref(control))) return false
    const index = <u32>(control >> CONTROL_CLAIMED_SHIFT)
    const tail = isOrdered ? peek64(history + HISTORY_TAIL) : look64(history + HISTORY_TAIL)
    // A tail that is read after the control word, which E3 finds unchanged, is of its life.
    const place = isOrdered ? placeBehind(tail, index) : placeIn(tail, index, generation) // E2
    if (place >= <u64>EVENTS_PER_BLOCK) return false
    const at = eventAt(blockOf(tail), <u32>place)
    if (!reaches(at)) return false
    const flags = markOf(tail)
    const seed = peek32(history + HISTORY_SEED)
    const further = <u32>words * CHECK_WORD_1 + <u32>(words >> 32) * CHECK_WORD_2
    const check = checkOf(flags, when, what, word0, index, seed) + further
    const wanted = control + ONE_EVENT + ((<i64>refs) << CONTROL_REFS_SHIFT)
    if (!swapIf64(history + HISTORY_CONTROL, control, wanted)) return false // E3
    write64(at + EVENT_TIME, when)
    write64(at + EVENT_WHAT, ((<u64>word0) << 32) | what)
    write64(at + EVENT_WORDS + 4, words)
    if (isOrdered)
      write32(at + EVENT_CHECK, committed(flags, check)) // E4
    else publish32(at + EVENT_CHECK, committed(flags, check)) // E4
    return true
  }
}

/**
 * Records one event with up to three argument words; `what` is the statement, with anything below it; `time` < 0 takes the
 * coarse clock, PACKED_END ends the life. False: refused, and counted.
 */
export function log(
  history: usize,
  generation: u32,
  what: u32,
  packed: u32,
  word0: u32,
  word1: u32,
  word2: u32,
  time: f64,
): bool {
  const claim = claimEvent(history, generation, packed)
  if (claim == 0) return false
  const at = placeOf(claim)
  const flags = flagsOf(claim)
  const when = stamped(threadOf(packed), microsOf(time))
  const said = taggedBy(packed, what)
  const further = word1 * CHECK_WORD_1 + word2 * CHECK_WORD_2
  const seed = seedOf(history, generation)
  const check = checkOf(flags, when, said, word0, indexOf(claim), seed) + further
  write64(at + EVENT_TIME, when)
  write64(at + EVENT_WHAT, ((<u64>word0) << 32) | said)
  write64(at + EVENT_WORDS + 4, ((<u64>word2) << 32) | word1)
  commit(at, flags, check)
  return true
}

/**
 * Claims an event whose arguments need `bytes` of text. The caller writes the text at the address in word 0 (0 = no
 * memory for it), going on in the block that BLOCK_NEXT names where one is full, then calls commitText. 0: not recorded.
 */
export function claimWithText(
  history: usize,
  generation: u32,
  what: u32,
  packed: u32,
  bytes: u32,
  time: f64,
): usize {
  const claim = claimEvent(history, generation, packed)
  if (claim == 0) return 0
  const at = placeOf(claim)
  const text = takeText(claim, history, bytes, threadOf(packed))
  if (text == 0) count(COUNTER_TEXTS_LOST)
  else write32(text + TEXT_LENGTH, bytes)
  write64(at + EVENT_TIME, stamped(threadOf(packed), microsOf(time)))
  write64(at + EVENT_WHAT, ((<u64>text) << 32) | tagged(what, TAGS_TEXT))
  // Until the commit, which wants them for the check.
  write32(at + EVENT_WORDS + 4, flagsOf(claim))
  write32(at + EVENT_WORDS + 8, indexOf(claim))
  return at
}

/**
 * Records an event whose only argument is a string of `length` bytes of ASCII, 1 to SHORT_STRING_BYTES_MAX, in these words,
 * zero beyond; `time` as log() is told it. False: refused, and counted.
 */
export function logShort(
  history: usize,
  generation: u32,
  what: u32,
  packed: u32,
  length: u32,
  word0: u32,
  word1: u32,
  word2: u32,
  word3: u32,
  time: f64,
): bool {
  const head = ((<u64>word1) << 32) | word0
  const rest = ((<u64>word3) << 32) | word2
  const tags = shortTags(length, head, rest)
  if (tags == 0) return logInText(history, generation, what, packed, length, head, rest, time)
  let first = word0
  let further = ((<u64>word2) << 32) | word1
  if (length > <u32>SHORT_BYTES_MAX) {
    const six = sixBits(head)
    first = <u32>six
    further = (six >> 32) | (sixBits(rest) << 16)
  }
  return Straight.orElse(history, generation, what, packed | tags, first, further, time)
}

/** The same, of a string that the words of an event cannot hold: it has more than SHORT_BYTES_MAX bytes. */
function logInText(
  history: usize,
  generation: u32,
  what: u32,
  packed: u32,
  length: u32,
  head: u64,
  rest: u64,
  time: f64,
): bool {
  const claim = claimEvent(history, generation, packed)
  if (claim == 0) return false
  const at = placeOf(claim)
  const bytes = INLINE_HEAD_BYTES + length
  const text = takeText(claim, history, bytes, threadOf(packed))
  const index = indexOf(claim)
  if (text == 0) count(COUNTER_TEXTS_LOST)
  else {
    const data = text + TEXT_DATA
    write32(text + TEXT_LENGTH, bytes)
    // An inline string is nowhere aligned: its bytes begin with the second of a word.
    write64(data, ((<u64>length) << 8) | ARGUMENT_INLINE_STRING)
    write64(data + 8, head << 8)
    write64(data + 16, (head >> 56) | (rest << 8))
    // The last of sixteen, for which alone there is room.
    if (length == <u32>SHORT_STRING_BYTES_MAX) write32(data + 24, <u32>(rest >> 56))
    write32(text + TEXT_CHECK, textCheck(text, index))
  }
  const flags = flagsOf(claim)
  const when = stamped(threadOf(packed), microsOf(time))
  const said = tagged(what, TAGS_TEXT)
  write64(at + EVENT_TIME, when)
  write64(at + EVENT_WHAT, ((<u64>text) << 32) | said)
  write64(at + EVENT_WORDS + 4, 0)
  commit(at, flags, checkOf(flags, when, said, <u32>text, index, seedOf(history, generation)))
  return true
}

/** Commits what claimWithText claimed, the text being written. */
export function commitText(at: usize): void {
  const block = at & ~BLOCK_ADDRESS_MASK
  const history = (<usize>(peek32(block + BLOCK_OWNER) & HISTORY_MASK)) << HISTORY_SHIFT
  const generation = peek32(block + BLOCK_GENERATION)
  const text = peek32(at + EVENT_WORDS)
  const flags = peek32(at + EVENT_WORDS + 4)
  const index = peek32(at + EVENT_WORDS + 8)
  if (text) write32(<usize>text + TEXT_CHECK, textCheck(<usize>text, index))
  write64(at + EVENT_WORDS + 4, 0)
  const when = peek64(at + EVENT_TIME)
  const what = peek32(at + EVENT_WHAT)
  const seed = seedOf(history, generation)
  commit(at, flags, checkOf(flags, when, what, text, index, seed))
}

/** E1 to E3. What was claimed, for the four functions below to tell; 0 = refused and counted. */
function claimEvent(history: usize, generation: u32, packed: u32): u64 {
  let isContended = false
  while (true) {
    // After a lost swap by an addition of nothing: it brings the line to be written, and so not to be lost again before the swap.
    const control = isContended
      ? claim64(history + HISTORY_CONTROL, 0)
      : look64(history + HISTORY_CONTROL) // E1
    if (!isLifeOf(control, history, generation)) {
      if (history) count(COUNTER_STALE) // 0: never pushed, so nothing that could be stale
      return 0
    }
    const index = <u32>(control >> CONTROL_CLAIMED_SHIFT)
    if (<u64>index >= <u64>CLAIMED_MAX) {
      count(COUNTER_REJECTED)
      return 0
    }
    let tail = look64(history + HISTORY_TAIL) // E2
    let place = placeIn(tail, index, generation)
    if (place >= <u64>EVENTS_PER_BLOCK) {
      const ordinal = index / EVENTS_PER_BLOCK
      tail = findBlock(history, generation, ordinal, threadOf(packed)) // E2
      if (tail == LOOK_AGAIN) continue
      if (tail == NO_MEMORY) {
        if (look64(history + HISTORY_CONTROL) != control) continue
        count(COUNTER_DROPPED)
        return 0
      }
      place = index - ordinal * EVENTS_PER_BLOCK
    }
    const flags = lateFlags(control) | markOf(tail)
    const wanted = (control + ONE_EVENT) | endOf(packed)
    const isClaimed = swapIf64(history + HISTORY_CONTROL, control, wanted) // E3
    if (isClaimed)
      return ((<u64>index) << 32) | blockOf(tail) | ((<u32>place) << CLAIM_PLACE_SHIFT) | flags
    pause(STAND_BACK)
    isContended = true
  }
}

function placeOf(claim: u64): usize {
  return eventAt(blockIn(claim), (<u32>claim & <u32>BLOCK_ADDRESS_MASK) >> CLAIM_PLACE_SHIFT)
}

function flagsOf(claim: u64): u32 {
  return <u32>claim & EVENT_FLAGS_MASK
}

function indexOf(claim: u64): u32 {
  return <u32>(claim >> 32)
}

function blockIn(claim: u64): usize {
  return <usize>claim & ~BLOCK_ADDRESS_MASK
}

/**
 * E2 where the tail does not name the block: finds it, or installs it and sends its forerunner's events away. The tail that
 * names it.
 */
function findBlock(history: usize, generation: u32, ordinal: u32, thread: u32): u64 {
  const me = recordOf(thread)
  const tail = look64(history + HISTORY_TAIL)
  // That of a later life would be swapped for one of this. While this one stands none but a wild write puts another here.
  if (!isTailOf(tail, generation) && !stands(history, generation)) return LOOK_AGAIN
  const word = entryFor(history, generation, ordinal, me)
  if (word == 0) return NO_MEMORY
  const owner = ownerOf(history)
  const entry = look64(word)
  const held = blockOf(entry)
  const ours = held != 0 && belongsTo(held, owner, generation)
  const turn = ours ? ordinalFrom(entry, ordinal) : -1
  if (turn > 0) return LOOK_AGAIN
  let named = entry
  if (turn < 0) {
    // A foreign block is a late thread's leftover only if the life still stands now: else it may be the next life's.
    if (!ours && held && !stands(history, generation)) return LOOK_AGAIN
    if (ours && isSpent(held, markOf(entry))) {
      named = turned(entry, ordinal)
      if (!swapIf64(word, entry, named)) return LOOK_AGAIN // E2, begun anew
    } else {
      named = replace(word, entry, ours, history, generation, ordinal, me)
      if (blockOf(named) == 0) return named
    }
  }
  const found = tailOf(generation, ordinal * EVENTS_PER_BLOCK, named)
  swapIf64(history + HISTORY_TAIL, tail, found)
  return found
}

/** Whether a lapped block is nothing but whole events that need not stay: the next turn begins in the same memory. */
function isSpent(block: usize, mark: u32): bool {
  return (
    peek32(HEADER_PINNED_VERBS) == 0 &&
    peek64(block + BLOCK_TEXT) == 0 &&
    allCommitted(block, mark, EVENTS_PER_BLOCK)
  )
}

/** Puts a fresh block into an entry, and sends away what it named. The entry. */
function replace(
  word: usize,
  entry: u64,
  ours: bool,
  history: usize,
  generation: u32,
  ordinal: u32,
  me: usize,
): u64 {
  const owner = ownerOf(history)
  const fresh = takeBlock(history, me)
  if (fresh == 0) return NO_MEMORY
  // E2, installed: the block's header is seen before the entry that names it.
  const named = beginBlock(fresh, owner, generation, ordinal)
  if (!swapIf64(word, entry, named)) {
    freeBlock(fresh, me)
    return LOOK_AGAIN
  }
  // Whoever swapped the forerunner out owns it: fully claimed if ours, never claimed if a late thread's leftover.
  let freed: u32 = 0
  if (ours) freed = sendAway(history, generation, entry, ordinal, me)
  else if (blockOf(entry)) discard(entry, 0, 0, 0, me)
  if (freed != 1) claim32(listOfOwner(owner) + LIST_BLOCKS, 1 - freed)
  return named
}

/**
 * A block lapped by block `ordinal`: kept when it holds an event of a pinned verb, as long as such blocks are no more than the
 * turn. Answers how many blocks are free again.
 */
function sendAway(history: usize, generation: u32, entry: u64, ordinal: u32, me: usize): u32 {
  const block = blockOf(entry)
  const mark = markOf(entry)
  if (peek32(HEADER_PINNED_VERBS) == 0 || !holdsPinned(block))
    return releaseBlock(block, mark, EVENTS_PER_BLOCK, me)
  const word = history + HISTORY_KEPT
  const most = peek32(listOf(history) + LIST_TURN_BLOCKS)
  tellInHeader(block, mark, ordinalUpTo(entry, ordinal))
  while (true) {
    const newest = look64(word)
    let length: u32 = 0
    let kept = blockOf(newest)
    while (kept != 0 && length < most) {
      length++
      kept = (<usize>peek32(kept + BLOCK_NEXT)) << BLOCK_SHIFT
    }
    if (length == most || !stands(history, generation))
      return releaseBlock(block, mark, EVENTS_PER_BLOCK, me)
    write32(block + BLOCK_NEXT, <u32>(blockOf(newest) >> BLOCK_SHIFT))
    if (swapIf64(word, newest, entry)) return 0
  }
}

function holdsPinned(block: usize): bool {
  for (let n: u32 = 0; n < <u32>EVENTS_PER_BLOCK; n++) {
    const at = block + BLOCK_HEADER_BYTES + n * EVENT_BYTES
    if (look32(at + EVENT_CHECK) == 0) continue
    const verb = verbOf(peek32(at + EVENT_WHAT) >> EVENT_STATEMENT_SHIFT)
    const entry = look64(VERB_TABLE + verb * VERB_BYTES)
    if ((<u32>(entry >> VERB_FLAGS_SHIFT) & VERB_FLAG_PIN) != 0) return true
  }
  return false
}

/** Room for a text, hung on the block of its event, which the uncommitted event pins. */
function takeText(claim: u64, keep: usize, length: u32, thread: u32): usize {
  const block = blockIn(claim)
  const bytes = (length + TEXT_DATA + 7) & ~7
  const room = claimText(block, bytes)
  if (room) return room
  const me = recordOf(thread)
  const owner = peek32(block + BLOCK_OWNER)
  const generation = peek32(block + BLOCK_GENERATION)
  const ordinal = indexOf(claim) / EVENTS_PER_BLOCK
  while (true) {
    const expected = look64(block + BLOCK_TEXT)
    const blocks = (bytes + BLOCK_DATA_BYTES - 1) / BLOCK_DATA_BYTES
    let first: usize = 0
    let last: usize = 0
    for (let n: u32 = 0; n < blocks; n++) {
      const fresh = takeBlock(keep, me)
      if (fresh == 0) {
        freeChain(first, me)
        return 0
      }
      beginBlock(fresh, owner, generation, ordinal)
      write32(fresh + BLOCK_ORDINAL, ordinal)
      if (n == 0) last = fresh
      write32(fresh + BLOCK_NEXT, <u32>(first >> BLOCK_SHIFT))
      first = fresh
    }
    if (hangText(block, expected, first, last, blocks == 1 ? bytes : BLOCK_DATA_BYTES)) {
      claim32(listOfOwner(owner) + LIST_BLOCKS, blocks)
      return first + BLOCK_HEADER_BYTES
    }
    write32(last + BLOCK_NEXT, 0)
    freeChain(first, me)
    const again = claimText(block, bytes)
    if (again) return again
  }
}

/** E4: the one store that makes the event whole; nothing of the record may be seen later than it. */
export function commit(at: usize, flags: u32, check: u32): void {
  settle32(at + EVENT_CHECK, committed(flags, check)) // E4
}

function textCheck(text: usize, index: u32): u32 {
  const length = peek32(text + TEXT_LENGTH)
  let at = text + TEXT_DATA
  let end = (text & ~BLOCK_ADDRESS_MASK) + BLOCK_BYTES
  let check = index * CHECK_INDEX
  const words = (length + 3) >> 2
  for (let n: u32 = 0; n < words; n++) {
    if (at == end) {
      at = ((<usize>peek32(end - BLOCK_BYTES + BLOCK_NEXT)) << BLOCK_SHIFT) + BLOCK_HEADER_BYTES
      end = at + BLOCK_DATA_BYTES
    }
    check += peek32(at) * (CHECK_BYTES + 2 * n)
    at += 4
  }
  return check == 0 ? 1 : check
}

export function lateFlags(control: u64): u32 {
  if ((control & (CONTROL_ENDED | CONTROL_RELEASED)) == 0) return 0
  const released = (control & CONTROL_RELEASED) != 0 && refsOf(control) == 0
  return (control & CONTROL_ENDED ? EVENT_AFTER_END : 0) | (released ? EVENT_AFTER_UNREF : 0)
}

function endOf(packed: u32): u64 {
  return packed & PACKED_END ? CONTROL_ENDED : 0
}

function taggedBy(packed: u32, what: u32): u32 {
  return tagged(what, packed & EVENT_TAGS_MASK)
}

export function threadOf(packed: u32): u32 {
  return packed >> PACKED_THREAD_SHIFT
}

export function stamped(thread: u32, micros: u64): u64 {
  return ((<u64>thread) << EVENT_TIME_BITS) | micros
}

export function microsOf(time: f64): u64 {
  return time < 0 ? peek64(HEADER_CLOCK) : <u64>time & (((<u64>1) << EVENT_TIME_BITS) - 1)
}
