// A block's life: taken, filled with events that are each written once, released when its history needs it no more. It
// goes back to the pool only when every event claimed in it is committed: a writer that stopped in between keeps its own
// block, and nothing else, for ever; that of one that was merely late is found finished by a later look (R2).

import { entryOf, markIn, otherThan, stateOf } from './entry'
import {
  BLOCK_ABANDONED,
  BLOCK_COUNT_MASK,
  BLOCK_DATA_BYTES,
  BLOCK_GENERATION,
  BLOCK_HEADER_BYTES,
  BLOCK_IN_USE,
  BLOCK_NEXT,
  BLOCK_ORDINAL,
  BLOCK_OWNER,
  BLOCK_SHIFT,
  BLOCK_STATE,
  BLOCK_TEXT,
  BLOCK_UNCLEARED,
  CHUNK_BYTES,
  CHUNK_CLASS,
  CHUNK_SHIFT,
  CLASS_BLOCKS,
  COUNTER_ABANDONED,
  COUNTER_RETURNED,
  EVENT_BYTES,
  EVENT_CHECK,
  EVENTS_PER_BLOCK,
  HEADER_CHUNKS,
  LIST_BLOCKS,
} from './layout'
import { listOfOwner } from './list-record'
import { pushBlock } from './pools'
import { eventAt } from './record'
import {
  claim32,
  isOrdered,
  look32,
  look64,
  peek32,
  peek64,
  settle64,
  swapIf64,
  write32,
  write64,
} from './shared'
import { count } from './stats'

const UPPER: u64 = ~(<u64>0xffffffff)

/** Makes a popped block the owner's: IN_USE, one incarnation later, no events, no texts. Answers its ENTRY. */
export function beginBlock(block: usize, owner: u32, generation: u32, ordinal: u32): u64 {
  const state = peek64(block + BLOCK_STATE)
  const incarnation = (state >> 32) + 1
  if ((<u32>state & BLOCK_UNCLEARED) != 0) clearFrom(block, 0)
  write64(block + BLOCK_STATE, (incarnation << 32) | BLOCK_IN_USE)
  write32(block + BLOCK_OWNER, owner)
  write32(block + BLOCK_GENERATION, generation)
  write32(block + BLOCK_NEXT, 0)
  write64(block + BLOCK_TEXT, 0)
  return entryOf(block, otherThan(markIn(state)), <u32>incarnation, ordinal)
}

/** What the entry of a block has told, its header tells where it is kept by another than its own. */
export function tellInHeader(block: usize, mark: u32, ordinal: u32): void {
  const taken = peek64(block + BLOCK_STATE) & UPPER
  write64(block + BLOCK_STATE, taken | BLOCK_IN_USE | stateOf(mark))
  write32(block + BLOCK_ORDINAL, ordinal)
}

/**
 * Step R1: the caller took the block out of its history alone; `claimed` events of it were ever claimed, to be committed by
 * `mark`. Answers how many blocks, texts included, are free again: its list counts them no more.
 */
export function releaseBlock(block: usize, mark: u32, claimed: u32, me: usize): u32 {
  if (allCommitted(block, mark, claimed)) return freeWhole(block, mark, claimed, me)
  const how = BLOCK_ABANDONED | stateOf(mark) | claimed
  settle64(block + BLOCK_STATE, (peek64(block + BLOCK_STATE) & UPPER) | how) // R1
  count(COUNTER_ABANDONED)
  return 0
}

/** Step R2: looks at one block, the turn says which, whether it was abandoned and is finished by now. True: it is free. */
export function returnAbandoned(turn: u32, me: usize): bool {
  if (look64(COUNTER_ABANDONED) == look64(COUNTER_RETURNED)) return false
  const number = turn % (look32(HEADER_CHUNKS) << (CHUNK_SHIFT - BLOCK_SHIFT))
  const block = (<usize>number) << BLOCK_SHIFT
  if ((block & (CHUNK_BYTES - 1)) == 0) return false
  if (look32((block & ~(<usize>CHUNK_BYTES - 1)) + CHUNK_CLASS) != CLASS_BLOCKS) return false
  const state = look64(block + BLOCK_STATE)
  if ((<u32>state & BLOCK_ABANDONED) == 0) return false
  const claimed = <u32>state & BLOCK_COUNT_MASK
  const mark = markIn(state)
  if (!allCommitted(block, mark, claimed)) return false
  // R2. The incarnation in the state: whoever swaps it frees this taking of the block, and no other.
  if (!swapIf64(block + BLOCK_STATE, state, (state & UPPER) | BLOCK_IN_USE)) return false
  count(COUNTER_RETURNED)
  const list = listOfOwner(peek32(block + BLOCK_OWNER))
  claim32(list + LIST_BLOCKS, 0 - freeWhole(block, mark, claimed, me))
  return true
}

/** Room for `bytes` of text in a block that the caller pins by an uncommitted event; 0 = it does not fit. */
export function claimText(block: usize, bytes: u32): usize {
  while (true) {
    const text = look64(block + BLOCK_TEXT)
    const used = <u32>(text >> 32)
    if (<u32>text == 0 || used + bytes > <u32>BLOCK_DATA_BYTES) return 0
    if (swapIf64(block + BLOCK_TEXT, text, text + ((<u64>bytes) << 32))) {
      return ((<usize>(<u32>text)) << BLOCK_SHIFT) + BLOCK_HEADER_BYTES + used
    }
  }
}

/** Hangs a chain of text blocks on a block, `bytes` of the first one used. False: another thread was first. */
export function hangText(block: usize, expected: u64, first: usize, last: usize, bytes: u32): bool {
  write32(last + BLOCK_NEXT, <u32>expected)
  return swapIf64(block + BLOCK_TEXT, expected, ((<u64>bytes) << 32) | (first >> BLOCK_SHIFT))
}

/** A block without events: that of a text, or of a long object string, or one that was taken in vain. */
export function freeBlock(block: usize, me: usize): void {
  write64(block + BLOCK_STATE, (peek64(block + BLOCK_STATE) & UPPER) | BLOCK_UNCLEARED)
  pushBlock(block, me)
}

/** A chain of blocks without events; answers how many. */
export function freeChain(first: usize, me: usize): u32 {
  let freed: u32 = 0
  for (let block = first; block; freed++) {
    const next = (<usize>peek32(block + BLOCK_NEXT)) << BLOCK_SHIFT
    freeBlock(block, me)
    block = next
  }
  return freed
}

/** Its events have this mark, so those of the next taking, which has the other one, need no clearing where they stood. */
function freeWhole(block: usize, mark: u32, claimed: u32, me: usize): u32 {
  const texts = freeChain((<usize>peek32(block + BLOCK_TEXT)) << BLOCK_SHIFT, me)
  clearFrom(block, claimed)
  write64(block + BLOCK_STATE, (peek64(block + BLOCK_STATE) & UPPER) | stateOf(mark))
  pushBlock(block, me)
  return texts + 1
}

function clearFrom(block: usize, place: u32): void {
  for (let n = place; n < <u32>EVENTS_PER_BLOCK; n++) write32(eventAt(block, n) + EVENT_CHECK, 0)
}

/** Whether the first `claimed` events are, by `mark`. The block's texts are read next, and no machine may have read them before. */
export function allCommitted(block: usize, mark: u32, claimed: u32): bool {
  const checks = block + BLOCK_HEADER_BYTES + EVENT_CHECK
  if (claimed == EVENTS_PER_BLOCK && isOrdered()) {
    const marks = Four.marks(checks) & Four.marks(checks + FOUR) & Four.marks(checks + 2 * FOUR)
    return (marks & Four.marks(checks + 3 * FOUR) & peek32(checks + 4 * FOUR) & mark) != 0
  }
  for (let n: u32 = 0; n < claimed; n++)
    if ((look32(checks + n * EVENT_BYTES) & mark) == 0) return false
  return true
}

const FOUR: usize = 4 * EVENT_BYTES

/** Four of a block's checks at a time: a loop's own instructions are as many again. */
// biome-ignore lint/complexity/noStaticOnlyClass: only methods may say that they are to be compiled into their callers
abstract class Four {
  /** Bits that all of them have. */
  @inline
  static marks(checks: usize): u32 {
    return (
      peek32(checks) &
      peek32(checks + EVENT_BYTES) &
      peek32(checks + 2 * EVENT_BYTES) &
      peek32(checks + 3 * EVENT_BYTES)
    )
  }
}
