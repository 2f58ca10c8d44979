// One event: claimed, written, committed. The hot path, and nothing else.
//
//   E1  read the control word: which life, which index is next
//   E2  find the block of that index (installed before it is claimed, so that a claim never fails for memory)
//   E3  swap the control word, index + 1: the event is claimed, if generation, index, refs and state are still those of E1
//   E4  write the record, its check and meta word last in one store: the event is committed
//   E5  if the block was abandoned meanwhile, return it
//
// A thread that stops before E3 has changed nothing that others see; between E3 and E4 it leaves one event that reads as
// lost and keeps one block from reuse; after E4 its event is whole. Nobody ever waits: E3 retries only because another
// thread's event was claimed.

import { beginBlock, claimText, freeOne, hangText, releaseBlock, returnIfCommitted } from './blocks'
import { takeBlock } from './budget'
import { isLifeOf, refsOf, stands } from './control'
import { belongsTo, blockOf, discard, entryFor, listOf, ownerOf } from './entries'
import {
  ARGUMENT_NONE,
  BLOCK_ABANDONED,
  BLOCK_BYTES,
  BLOCK_DATA_BYTES,
  BLOCK_GENERATION,
  BLOCK_HEADER_BYTES,
  BLOCK_NEXT,
  BLOCK_ORDINAL,
  BLOCK_OWNER,
  BLOCK_SHIFT,
  BLOCK_STATE,
  BLOCK_TEXT,
  CHECK_BYTES,
  CHECK_GENERATION,
  CHECK_HISTORY,
  CHECK_INDEX,
  CHECK_META,
  CHECK_TIME_HIGH,
  CHECK_TIME_LOW,
  CHECK_WHAT,
  CHECK_WORD_0,
  CHECK_WORD_1,
  CHECK_WORD_2,
  CLAIMED_MAX,
  CONTROL_CLAIMED_SHIFT,
  CONTROL_ENDED,
  CONTROL_RELEASED,
  COUNTER_DROPPED,
  COUNTER_REJECTED,
  COUNTER_STALE,
  COUNTER_TEXTS_LOST,
  ENTRY_BLOCK,
  EVENT_AFTER_END,
  EVENT_AFTER_UNREF,
  EVENT_BYTES,
  EVENT_CHECK,
  EVENT_FLAGS_SHIFT,
  EVENT_INDEX_SHIFT,
  EVENT_META,
  EVENT_SHIFT,
  EVENT_TEXT,
  EVENT_TIME,
  EVENT_TIME_BITS,
  EVENT_VERB_SHIFT,
  EVENT_WHAT,
  EVENT_WORDS,
  EVENTS_PER_BLOCK,
  HEADER_CLOCK,
  HEADER_PINNED_VERBS,
  HISTORY_CONTROL,
  HISTORY_KEPT,
  HISTORY_SHIFT,
  HISTORY_TAIL,
  LIST_TURN_BLOCKS,
  ROLE_END,
  TEXT_CHECK,
  TEXT_DATA,
  TEXT_LENGTH,
  VERB_BYTES,
  VERB_FLAG_PIN,
  VERB_FLAGS_SHIFT,
  VERB_TABLE,
} from './layout'
import { look32, look64, peek32, peek64, publish64, swapIf64, write32, write64 } from './shared'
import { count } from './stats'

const BLOCK_MASK: u64 = 0xffffff
const BLOCK_ADDRESS_MASK: usize = BLOCK_BYTES - 1

/** Answers of findBlock that are no addresses. */
const NO_MEMORY: usize = 0
const LOOK_AGAIN: usize = 1

/** Records one event whose arguments fit its three words. `time` < 0 takes the coarse clock. False: not recorded. */
export function log(
  history: usize,
  generation: u32,
  what: u32,
  tags: u32,
  role: u32,
  word0: u32,
  word1: u32,
  word2: u32,
  thread: u32,
  time: f64,
): bool {
  const claim = claimEvent(history, generation, role)
  const at = <usize>claim
  if (at == 0) return false
  const index = indexAt(at)
  const when = stamp(thread, time)
  const meta = (index << EVENT_INDEX_SHIFT) | (flagsOf(claim) << EVENT_FLAGS_SHIFT) | tags
  write64(at + EVENT_TIME, when)
  write64(at + EVENT_WHAT, ((<u64>word0) << 32) | what)
  write64(at + EVENT_WORDS + 4, ((<u64>word2) << 32) | word1)
  commit(at, meta, when, what, word0, word1, word2, index, history, generation)
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
  role: u32,
  bytes: u32,
  thread: u32,
  time: f64,
): usize {
  const claim = claimEvent(history, generation, role)
  const at = <usize>claim
  if (at == 0) return 0
  const text = takeText(at & ~BLOCK_ADDRESS_MASK, history, bytes)
  if (text == 0) count(COUNTER_TEXTS_LOST)
  else write32(text + TEXT_LENGTH, bytes)
  write64(at + EVENT_TIME, stamp(thread, time))
  write64(at + EVENT_WHAT, ((<u64>text) << 32) | what)
  write64(at + EVENT_WORDS + 4, 0)
  const flags = flagsOf(claim) | EVENT_TEXT
  write32(
    at + EVENT_META,
    (indexAt(at) << EVENT_INDEX_SHIFT) | (flags << EVENT_FLAGS_SHIFT) | ARGUMENT_NONE,
  )
  return at
}

/** Commits what claimWithText claimed, the text being written. */
export function commitText(at: usize): void {
  const block = at & ~BLOCK_ADDRESS_MASK
  const history = (<usize>(peek32(block + BLOCK_OWNER) & BLOCK_MASK)) << HISTORY_SHIFT
  const generation = peek32(block + BLOCK_GENERATION)
  const index = indexAt(at)
  const text = <usize>peek32(at + EVENT_WORDS)
  if (text) write32(text + TEXT_CHECK, textCheck(text, index))
  const when = peek64(at + EVENT_TIME)
  commit(
    at,
    peek32(at + EVENT_META),
    when,
    peek32(at + EVENT_WHAT),
    <u32>text,
    0,
    0,
    index,
    history,
    generation,
  )
}

/** E1 to E3. The address in the lower half, flags in the upper; 0 = refused and counted. */
function claimEvent(history: usize, generation: u32, role: u32): u64 {
  while (true) {
    const control = look64(history + HISTORY_CONTROL) // E1
    if (!isLifeOf(control, history, generation)) {
      if (history) count(COUNTER_STALE) // 0: never pushed, so nothing that could be stale
      return 0
    }
    const index = <u32>(control >> CONTROL_CLAIMED_SHIFT)
    if (<u64>index >= <u64>CLAIMED_MAX) {
      count(COUNTER_REJECTED)
      return 0
    }
    const ordinal = index / EVENTS_PER_BLOCK
    const tail = peek64(history + HISTORY_TAIL)
    let block = (<usize>(tail & BLOCK_MASK)) << BLOCK_SHIFT
    if (tail >> 24 != tailTag(generation, ordinal)) {
      block = findBlock(history, generation, ordinal) // E2
      if (block == LOOK_AGAIN) continue
      if (block == NO_MEMORY) {
        if (look64(history + HISTORY_CONTROL) != control) continue
        count(COUNTER_DROPPED)
        return 0
      }
    }
    const wanted =
      (control + ((<u64>1) << CONTROL_CLAIMED_SHIFT)) | (role == ROLE_END ? <u64>CONTROL_ENDED : 0)
    if (!swapIf64(history + HISTORY_CONTROL, control, wanted)) continue // E3
    const at = block + BLOCK_HEADER_BYTES + ((index - ordinal * EVENTS_PER_BLOCK) << EVENT_SHIFT)
    let flags: u64 = 0
    if (control & CONTROL_ENDED) flags = EVENT_AFTER_END
    if ((control & CONTROL_RELEASED) != 0 && refsOf(control) == 0) flags |= EVENT_AFTER_UNREF
    return (flags << 32) | at
  }
}

/** E2 where the tail does not name the block: finds it, or installs it and sends its forerunner's events away. */
function findBlock(history: usize, generation: u32, ordinal: u32): usize {
  const tail = look64(history + HISTORY_TAIL)
  const word = entryFor(history, generation, ordinal)
  if (word == 0) return NO_MEMORY
  const owner = ownerOf(history)
  const entry = look64(word + ENTRY_BLOCK)
  const held = blockOf(entry)
  const ours = held != 0 && belongsTo(held, owner, generation)
  let block = held
  if (!ours || peek32(held + BLOCK_ORDINAL) != ordinal) {
    if (ours && peek32(held + BLOCK_ORDINAL) > ordinal) return LOOK_AGAIN
    // A foreign block is a late thread's leftover only if the life still stands now: else it may be the next life's.
    if (!ours && held && !stands(history, generation)) return LOOK_AGAIN
    const fresh = takeBlock(history)
    if (fresh == 0) return NO_MEMORY
    if (!swapIf64(word, entry, beginBlock(fresh, owner, generation, ordinal))) {
      freeOne(fresh)
      return LOOK_AGAIN
    }
    // Whoever swapped the forerunner out owns it: fully claimed if ours, never claimed if a late thread's leftover.
    if (ours) sendAway(history, generation, held)
    else if (held) discard(held, 0, 0, 0)
    block = fresh
  }
  swapIf64(
    history + HISTORY_TAIL,
    tail,
    (tailTag(generation, ordinal) << 24) | (block >> BLOCK_SHIFT),
  )
  return block
}

/** A lapped block: kept when it holds an event of a pinned verb, as long as such blocks are no more than the turn. */
function sendAway(history: usize, generation: u32, block: usize): void {
  if (peek32(HEADER_PINNED_VERBS) == 0 || !holdsPinned(block)) {
    releaseBlock(block, EVENTS_PER_BLOCK)
    return
  }
  const word = history + HISTORY_KEPT
  const most = peek32(listOf(history) + LIST_TURN_BLOCKS)
  const mine = ((peek64(block + BLOCK_STATE) >> 32) << 32) | (block >> BLOCK_SHIFT)
  while (true) {
    const newest = look64(word)
    let length: u32 = 0
    let kept = blockOf(newest)
    while (kept != 0 && length < most) {
      length++
      kept = (<usize>peek32(kept + BLOCK_NEXT)) << BLOCK_SHIFT
    }
    if (length == most || !stands(history, generation)) {
      releaseBlock(block, EVENTS_PER_BLOCK)
      return
    }
    write32(block + BLOCK_NEXT, <u32>newest)
    if (swapIf64(word, newest, mine)) return
  }
}

function holdsPinned(block: usize): bool {
  for (let n: u32 = 0; n < <u32>EVENTS_PER_BLOCK; n++) {
    const at = block + BLOCK_HEADER_BYTES + n * EVENT_BYTES
    if (look32(at + EVENT_CHECK) == 0) continue
    const verb = look64(VERB_TABLE + (peek32(at + EVENT_WHAT) >> EVENT_VERB_SHIFT) * VERB_BYTES)
    if ((<u32>(verb >> VERB_FLAGS_SHIFT) & VERB_FLAG_PIN) != 0) return true
  }
  return false
}

/** Room for a text, hung on the block of its event, which the uncommitted event pins. */
function takeText(block: usize, keep: usize, length: u32): usize {
  const bytes = (length + TEXT_DATA + 7) & ~7
  const owner = peek32(block + BLOCK_OWNER)
  const generation = peek32(block + BLOCK_GENERATION)
  const ordinal = peek32(block + BLOCK_ORDINAL)
  while (true) {
    const room = claimText(block, bytes)
    if (room) return room
    const expected = look64(block + BLOCK_TEXT)
    const blocks = (bytes + BLOCK_DATA_BYTES - 1) / BLOCK_DATA_BYTES
    let first: usize = 0
    let last: usize = 0
    for (let n: u32 = 0; n < blocks; n++) {
      const fresh = takeBlock(keep)
      if (fresh == 0) {
        freeChain(first)
        return 0
      }
      beginBlock(fresh, owner, generation, ordinal)
      if (n == 0) last = fresh
      write32(fresh + BLOCK_NEXT, <u32>(first >> BLOCK_SHIFT))
      first = fresh
    }
    if (hangText(block, expected, first, last, blocks == 1 ? bytes : BLOCK_DATA_BYTES))
      return first + BLOCK_HEADER_BYTES
    write32(last + BLOCK_NEXT, 0)
    freeChain(first)
  }
}

function freeChain(first: usize): void {
  let block = first
  while (block) {
    const next = (<usize>peek32(block + BLOCK_NEXT)) << BLOCK_SHIFT
    freeOne(block)
    block = next
  }
}

/** E4 and E5. */
function commit(
  at: usize,
  meta: u32,
  when: u64,
  what: u32,
  word0: u32,
  word1: u32,
  word2: u32,
  index: u32,
  history: usize,
  generation: u32,
): void {
  let check =
    meta * CHECK_META +
    <u32>when * CHECK_TIME_LOW +
    <u32>(when >> 32) * CHECK_TIME_HIGH +
    what * CHECK_WHAT +
    word0 * CHECK_WORD_0 +
    word1 * CHECK_WORD_1 +
    word2 * CHECK_WORD_2 +
    index * CHECK_INDEX +
    <u32>(history >> HISTORY_SHIFT) * CHECK_HISTORY +
    generation * CHECK_GENERATION
  if (check == 0) check = 1
  publish64(at + EVENT_META, ((<u64>check) << 32) | meta) // E4: nothing of the record may be seen later than this store
  const block = at & ~BLOCK_ADDRESS_MASK
  const state = look64(block + BLOCK_STATE) // E5
  if (<u32>state & BLOCK_ABANDONED) returnIfCommitted(block, state)
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

function stamp(thread: u32, time: f64): u64 {
  const micros = time < 0 ? peek64(HEADER_CLOCK) : <u64>time
  return ((<u64>thread) << EVENT_TIME_BITS) | (micros & (((<u64>1) << EVENT_TIME_BITS) - 1))
}

function tailTag(generation: u32, ordinal: u32): u64 {
  return ((<u64>ordinal & 0xffffff) << 16) | (generation & 0xffff)
}

function indexAt(at: usize): u32 {
  const block = at & ~BLOCK_ADDRESS_MASK
  return (
    peek32(block + BLOCK_ORDINAL) * EVENTS_PER_BLOCK +
    <u32>((at - block - BLOCK_HEADER_BYTES) >> EVENT_SHIFT)
  )
}

function flagsOf(claim: u64): u32 {
  return <u32>(claim >> 32)
}
