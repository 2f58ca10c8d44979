// What an event's record and the hint to its block are made of: arithmetic only, no access to memory.

import {
  BLOCK_HEADER_BYTES,
  CHECK_FLAGS,
  CHECK_GENERATION,
  CHECK_HISTORY,
  CHECK_INDEX,
  CHECK_TIME_HIGH,
  CHECK_TIME_LOW,
  CHECK_WHAT,
  CHECK_WORD_0,
  EVENT_BYTES,
  EVENT_FLAGS_MASK,
  EVENT_TAGS_MASK,
  EVENT_WORDS,
  HISTORY_SHIFT,
  TAIL_GENERATION_SHIFT,
  TAIL_INDEX_MASK,
  TAIL_INDEX_SHIFT,
} from './layout'

/** An index that no life reaches before it has a block. */
const NOWHERE: u32 = 1 << 24
/** Block and parity, which a tail has where an entry has them. */
const NAMED_MASK: u64 = (1 << TAIL_GENERATION_SHIFT) - 1

/** The tail of a life that has no block yet: no other life's, for a late thread's swap must fail. */
export function noTail(generation: u32): u64 {
  return tailOf(generation, NOWHERE, 0)
}

/** `first`: index of the first event in the block that the entry names. */
export function tailOf(generation: u32, first: u32, entry: u64): u64 {
  return (
    ((<u64>first) << TAIL_INDEX_SHIFT) |
    ((<u64>(generation & 0xffff)) << TAIL_GENERATION_SHIFT) |
    (entry & NAMED_MASK)
  )
}

/**
 * Place of an index in the block that a tail names: EVENTS_PER_BLOCK or more when it is not in there, or the tail is
 * another life's. One subtraction answers both: what differs but the index ends up above it.
 */
export function placeIn(tail: u64, index: u32, generation: u32): u64 {
  return rotl<u64>(tailOf(generation, index, 0) - (tail & ~NAMED_MASK), 64 - TAIL_INDEX_SHIFT)
}

/** As placeIn, where the tail is known to be of the life. */
export function placeBehind(tail: u64, index: u32): u64 {
  return (index - <u32>(tail >> TAIL_INDEX_SHIFT)) & TAIL_INDEX_MASK
}

/** Whether a tail is of this life, of its low bits. */
export function isTailOf(tail: u64, generation: u32): bool {
  return (<u32>(tail >> TAIL_GENERATION_SHIFT) & 0xffff) == (generation & 0xffff)
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

/** The word that commits a record: a mark is among its flags. */
export function committed(flags: u32, check: u32): u32 {
  return (check & ~EVENT_FLAGS_MASK) | flags
}

/** Where a repeat has its REPEAT. */
export function foldAt(event: usize): usize {
  return (event + EVENT_WORDS + 7) & ~7
}
