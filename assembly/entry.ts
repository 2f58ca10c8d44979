// What an ENTRY says, and the mark that the events of its block have: arithmetic only, no access to memory.

import {
  BLOCK_PARITY_SHIFT,
  BLOCK_SHIFT,
  ENTRY_BLOCK_MASK,
  ENTRY_ORDINAL_MASK,
  ENTRY_ORDINAL_SHIFT,
  ENTRY_PARITY_SHIFT,
  ENTRY_TAKEN_MASK,
  ENTRY_TAKEN_SHIFT,
  EVENT_COMMITTED_EVEN,
  EVENT_COMMITTED_ODD,
} from './layout'

const ORDINAL_MASK: u64 = (<u64>ENTRY_ORDINAL_MASK) << ENTRY_ORDINAL_SHIFT
const PARITY: u64 = (<u64>1) << ENTRY_PARITY_SHIFT
/** Bits of a 32-bit word that an ordinal leaves free: shifted by them, what is before and what is behind shows in the sign. */
const SPARE_BITS: u32 = ENTRY_ORDINAL_SHIFT - 32

/** `mark`: EVENT_COMMITTED_EVEN or EVENT_COMMITTED_ODD. */
export function entryOf(block: usize, mark: u32, taken: u32, ordinal: u32): u64 {
  return (
    ((<u64>ordinal) << ENTRY_ORDINAL_SHIFT) |
    ((<u64>(taken & ENTRY_TAKEN_MASK)) << ENTRY_TAKEN_SHIFT) |
    ((<u64>parityOf(mark)) << ENTRY_PARITY_SHIFT) |
    (block >> BLOCK_SHIFT)
  )
}

/** The block that an entry, or a tail, names; 0 = none. */
export function blockOf(entry: u64): usize {
  return (<usize>(<u32>entry & ENTRY_BLOCK_MASK)) << BLOCK_SHIFT
}

/** An entry after its block was taken out: still of that taking. */
export function emptied(entry: u64): u64 {
  return entry & ~(<u64>ENTRY_BLOCK_MASK)
}

/** The same block begun anew where it lies, for another part of its history. */
export function turned(entry: u64, ordinal: u32): u64 {
  return ((entry & ~ORDINAL_MASK) ^ PARITY) | ((<u64>ordinal) << ENTRY_ORDINAL_SHIFT)
}

/** Below 0: the block holds events before those of block `ordinal`; 0: these; above: later ones. */
export function ordinalFrom(entry: u64, ordinal: u32): i32 {
  return <i32>((<u32>(entry >> ENTRY_ORDINAL_SHIFT) - ordinal) << SPARE_BITS)
}

/** The whole ordinal of an entry, which is at most `most`. */
export function ordinalUpTo(entry: u64, most: u32): u32 {
  return most - ((most - <u32>(entry >> ENTRY_ORDINAL_SHIFT)) & ENTRY_ORDINAL_MASK)
}

/** The flag that commits an event in the block that an entry, or a tail, names. */
export function markOf(entry: u64): u32 {
  return EVENT_COMMITTED_EVEN + (<u32>(entry >> (ENTRY_PARITY_SHIFT - 2)) & EVENT_COMMITTED_EVEN)
}

/** The mark, as BLOCK_STATE has it. */
export function stateOf(mark: u32): u32 {
  return parityOf(mark) << BLOCK_PARITY_SHIFT
}

/** The mark that a BLOCK_STATE tells. */
export function markIn(state: u64): u32 {
  return EVENT_COMMITTED_EVEN << (<u32>(state >> BLOCK_PARITY_SHIFT) & 1)
}

/** The other mark than that. */
export function otherThan(mark: u32): u32 {
  return mark ^ (EVENT_COMMITTED_EVEN | EVENT_COMMITTED_ODD)
}

function parityOf(mark: u32): u32 {
  return mark / EVENT_COMMITTED_ODD
}
