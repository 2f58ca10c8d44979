// What an event's record and the hint to its block are made of: arithmetic only, no access to memory.

import {
  BLOCK_HEADER_BYTES,
  BLOCK_SHIFT,
  CHECK_FLAGS,
  CHECK_GENERATION,
  CHECK_HISTORY,
  CHECK_INDEX,
  CHECK_TIME_HIGH,
  CHECK_TIME_LOW,
  CHECK_WHAT,
  CHECK_WORD_0,
  EVENT_BYTES,
  EVENT_COMMITTED,
  EVENT_FLAGS_MASK,
  EVENT_PARITY,
  EVENT_PARITY_SHIFT,
  EVENT_TAGS_MASK,
  EVENT_WORDS,
  HISTORY_SHIFT,
  TAIL_BLOCK_MASK,
  TAIL_GENERATION_SHIFT,
  TAIL_INDEX_SHIFT,
  TAIL_PARITY_SHIFT,
} from './layout'

/** An index that no life reaches before it has a block. */
const NOWHERE: u32 = 1 << 24
const TAKING_MASK: u64 = (1 << TAIL_GENERATION_SHIFT) - 1

/** The tail of a life that has no block yet: no other life's, for a late thread's swap must fail. */
export function noTail(generation: u32): u64 {
  return tailOf(generation, NOWHERE, 0, 0)
}

/** `first`: index of the block's first event; `taken`: how often it was. */
export function tailOf(generation: u32, first: u32, block: usize, taken: u32): u64 {
  return (
    ((<u64>first) << TAIL_INDEX_SHIFT) |
    ((<u64>(generation & 0xffff)) << TAIL_GENERATION_SHIFT) |
    ((taken & 1) << TAIL_PARITY_SHIFT) |
    (block >> BLOCK_SHIFT)
  )
}

/**
 * Place of an index in the block that a tail names: EVENTS_PER_BLOCK or more when it is not in there, or the tail is
 * another life's. One subtraction answers both: what differs but the index ends up above it.
 */
export function placeIn(tail: u64, index: u32, generation: u32): u64 {
  return rotl<u64>(tailOf(generation, index, 0, 0) - (tail & ~TAKING_MASK), 64 - TAIL_INDEX_SHIFT)
}

export function blockOfTail(tail: u64): usize {
  return (<usize>(tail & TAIL_BLOCK_MASK)) << BLOCK_SHIFT
}

/** The EVENT_PARITY of events in the block that a tail names. */
export function parityOfTail(tail: u64): u32 {
  return <u32>(tail >> (TAIL_PARITY_SHIFT - EVENT_PARITY_SHIFT)) & EVENT_PARITY
}

/** The EVENT_PARITY of events in a block that was taken so often. */
export function parityOf(taken: u32): u32 {
  return (taken & 1) << EVENT_PARITY_SHIFT
}

export function eventAt(block: usize, place: u32): usize {
  return block + BLOCK_HEADER_BYTES + place * EVENT_BYTES
}

export function seedOf(history: usize, generation: u32): u32 {
  return <u32>(history >> HISTORY_SHIFT) * CHECK_HISTORY + generation * CHECK_GENERATION
}

/** A statement, whatever stands below it, with these tags. */
export function tagged(what: u32, tags: u32): u32 {
  return (what & ~EVENT_TAGS_MASK) | tags
}

/** Of a record whose further words are zero. */
export function checkOf(flags: u32, when: u64, what: u32, word0: u32, index: u32, seed: u32): u32 {
  return (
    flags * CHECK_FLAGS +
    <u32>when * CHECK_TIME_LOW +
    <u32>(when >> 32) * CHECK_TIME_HIGH +
    what * CHECK_WHAT +
    word0 * CHECK_WORD_0 +
    index * CHECK_INDEX +
    seed
  )
}

/** The word that commits a record. */
export function committed(flags: u32, check: u32): u32 {
  return (check & ~EVENT_FLAGS_MASK) | EVENT_COMMITTED | flags
}

/** Where a repeat has its REPEAT. */
export function foldAt(event: usize): usize {
  return (event + EVENT_WORDS + 7) & ~7
}
