// A block's life: taken, filled with events that are each written once, released when its history needs it no more. It
// goes back to the pool only when every event claimed in it is committed: a writer that stopped in between keeps its own
// block, and nothing else, for ever; one that was merely late returns the block itself.

import {
  BLOCK_ABANDONED,
  BLOCK_BYTES,
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
  COUNTER_ABANDONED,
  COUNTER_RETURNED,
  EVENT_BYTES,
  EVENT_CHECK,
  HISTORY_BYTES,
  LIST_BYTES,
  LIST_RECORDS,
  LIST_USED,
} from './layout'
import { pushBlock } from './pools'
import {
  claim32,
  look32,
  look64,
  peek32,
  peek64,
  publish64,
  swapIf64,
  write32,
  write64,
} from './shared'
import { count } from './stats'

/** A block's share of LIST_USED. */
const BLOCK_UNITS: u32 = BLOCK_BYTES / HISTORY_BYTES

/** Makes a popped block the owner's: IN_USE, one incarnation later, no events, no texts. Answers its ENTRY. */
export function beginBlock(block: usize, owner: u32, generation: u32, ordinal: u32): u64 {
  const incarnation = (peek64(block + BLOCK_STATE) >> 32) + 1
  write32(block + BLOCK_OWNER, owner)
  write32(block + BLOCK_GENERATION, generation)
  write32(block + BLOCK_ORDINAL, ordinal)
  write32(block + BLOCK_NEXT, 0)
  write64(block + BLOCK_TEXT, 0)
  const end = block + BLOCK_BYTES
  for (let at = block + BLOCK_HEADER_BYTES; at < end; at += EVENT_BYTES)
    write32(at + EVENT_CHECK, 0)
  publish64(block + BLOCK_STATE, (incarnation << 32) | BLOCK_IN_USE)
  claim32(usedBy(owner), BLOCK_UNITS)
  return (incarnation << 32) | (block >> BLOCK_SHIFT)
}

/** Step R: the caller took the block out of its history alone; `claimed` events of it were ever claimed. */
export function releaseBlock(block: usize, claimed: u32): void {
  if (!allCommitted(block, claimed)) {
    // R1 says that it is abandoned, R2 looks again; the late writer commits (E4), then looks at the state (E5). Of the two
    // stores and two loads in one total order at least one thread sees the other's store, so the block is not lost.
    const abandoned = (peek64(block + BLOCK_STATE) & ~(<u64>0xffffffff)) | BLOCK_ABANDONED | claimed
    publish64(block + BLOCK_STATE, abandoned) // R1
    count(COUNTER_ABANDONED)
    returnIfCommitted(block, abandoned) // R2
    return
  }
  free(block)
}

/** Step E5: called by a writer that committed into a block and found it abandoned. */
export function returnIfCommitted(block: usize, abandoned: u64): void {
  if (!allCommitted(block, <u32>abandoned & BLOCK_COUNT_MASK)) return
  // The incarnation in the state: whoever swaps it frees this taking of the block, and no other.
  if (!swapIf64(block + BLOCK_STATE, abandoned, (abandoned & ~(<u64>0xffffffff)) | BLOCK_IN_USE))
    return
  count(COUNTER_RETURNED)
  free(block)
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

/** Back to the pool with its texts. */
function free(block: usize): void {
  let text = (<usize>peek32(block + BLOCK_TEXT)) << BLOCK_SHIFT
  while (text) {
    const next = (<usize>peek32(text + BLOCK_NEXT)) << BLOCK_SHIFT
    freeOne(text)
    text = next
  }
  freeOne(block)
}

/** A block that holds no events (a text, a long object string). */
export function freeOne(block: usize): void {
  claim32(usedBy(peek32(block + BLOCK_OWNER)), 0 - BLOCK_UNITS)
  publish64(block + BLOCK_STATE, peek64(block + BLOCK_STATE) & ~(<u64>0xffffffff))
  pushBlock(block)
}

function allCommitted(block: usize, claimed: u32): bool {
  const end = block + BLOCK_HEADER_BYTES + claimed * EVENT_BYTES
  for (let at = block + BLOCK_HEADER_BYTES; at < end; at += EVENT_BYTES) {
    if (look32(at + EVENT_CHECK) == 0) return false
  }
  return true
}

function usedBy(owner: u32): usize {
  return LIST_RECORDS + (owner >> 24) * LIST_BYTES + LIST_USED
}
