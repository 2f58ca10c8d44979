// Where a list's record stands, and whose a history or a block is.

import { HISTORY_LIST, HISTORY_SHIFT, LIST_BYTES, LIST_RECORDS } from './layout'
import { peek16 } from './shared'

export function listNumbered(number: u32): usize {
  return LIST_RECORDS + number * LIST_BYTES
}

export function numberOf(list: usize): u32 {
  return <u32>(list - LIST_RECORDS) / LIST_BYTES
}

export function listOf(history: usize): usize {
  return listNumbered(peek16(history + HISTORY_LIST))
}

/** What a block of this history says in BLOCK_OWNER. */
export function ownerOf(history: usize): u32 {
  return (peek16(history + HISTORY_LIST) << 24) | <u32>(history >> HISTORY_SHIFT)
}

/** The list of what BLOCK_OWNER says. */
export function listOfOwner(owner: u32): usize {
  return listNumbered(owner >> 24)
}
