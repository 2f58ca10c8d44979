// What a life that has ended leaves: its blocks and directories, taken out of the entries that name them, one by one, by
// whoever ended it; and what late threads have left there since.

import { releaseBlock } from './blocks'
import { blockOf, emptied, markIn, markOf, ordinalUpTo } from './entry'
import {
  BLOCK_GENERATION,
  BLOCK_HEADER_BYTES,
  BLOCK_NEXT,
  BLOCK_OWNER,
  BLOCK_SHIFT,
  BLOCK_STATE,
  CHUNK_BYTES,
  CHUNK_CLASS,
  CLASS_DIRECTORIES,
  DIRECTORY_ENTRIES,
  EVENTS_PER_BLOCK,
  HISTORY_DIRECTORY,
  HISTORY_ENTRIES,
  HISTORY_INLINE_ENTRIES,
  HISTORY_KEPT,
  LIST_BLOCKS,
} from './layout'
import { listOfOwner, ownerOf } from './list-record'
import { pushDirectory } from './pools'
import { claim32, look32, look64, peek32, peek64, swapIf64 } from './shared'

export function belongsTo(block: usize, owner: u32, generation: u32): bool {
  return peek32(block + BLOCK_OWNER) == owner && peek32(block + BLOCK_GENERATION) == generation
}

/**
 * Takes all blocks out of a closed history: `claimed` is the count with which it was closed, so final. Answers how many of
 * its blocks are free again.
 */
export function takeOutAll(history: usize, generation: u32, claimed: u32, me: usize): u32 {
  if (hasNothing(history)) return 0
  const owner = ownerOf(history)
  let freed: u32 = 0
  for (let k: u32 = 0; k < <u32>HISTORY_INLINE_ENTRIES; k++) {
    freed += takeOut(history + HISTORY_ENTRIES + k * 8, owner, generation, claimed, me)
  }
  freed += takeOut(history + HISTORY_DIRECTORY, owner, generation, claimed, me)
  return freed + takeOutKept(history + HISTORY_KEPT, owner, generation, me)
}

/** Whether no entry of a closed history names anything. One that comes later is a late thread's: the next life's to find. */
function hasNothing(history: usize): bool {
  const entries = look64(history + HISTORY_ENTRIES) | look64(history + HISTORY_ENTRIES + 8)
  const others = look64(history + HISTORY_DIRECTORY) | look64(history + HISTORY_KEPT)
  return blockOf(entries | others) == 0
}

/** Events ever claimed in one block. */
export function claimedIn(ordinal: u32, claimed: u32): u32 {
  const from = ordinal * EVENTS_PER_BLOCK
  return claimed <= from ? 0 : min(claimed - from, EVENTS_PER_BLOCK)
}

export function slotOf(directory: usize, k: u32): usize {
  return directory + BLOCK_HEADER_BYTES + k * 8
}

function takeOut(word: usize, owner: u32, generation: u32, claimed: u32, me: usize): u32 {
  while (true) {
    const entry = look64(word)
    if (blockOf(entry) == 0) return 0
    if (swapIf64(word, entry, emptied(entry))) return discard(entry, owner, generation, claimed, me)
  }
}

/**
 * Lets go of what an entry named, by the class of its chunk: late threads leave both kinds in either place. Answers how
 * many of the owner's blocks are free again.
 */
export function discard(entry: u64, owner: u32, generation: u32, claimed: u32, me: usize): u32 {
  const block = blockOf(entry)
  if (look32((block & ~(<usize>CHUNK_BYTES - 1)) + CHUNK_CLASS) != CLASS_DIRECTORIES) {
    return release(entry, owner, generation, claimed, me)
  }
  let freed: u32 = 0
  for (let k: u32 = 0; k < <u32>DIRECTORY_ENTRIES; k++) {
    freed += takeOut(slotOf(block, k), owner, generation, claimed, me)
  }
  pushDirectory(block)
  return freed
}

function release(entry: u64, owner: u32, generation: u32, claimed: u32, me: usize): u32 {
  const block = blockOf(entry)
  const isOwn = belongsTo(block, owner, generation)
  // A block of another life can only be a late thread's, whose claim failed: nothing was claimed in it.
  const inThere = isOwn ? claimedIn(ordinalUpTo(entry, claimed / EVENTS_PER_BLOCK), claimed) : 0
  return letGo(block, markOf(entry), isOwn, inThere, me)
}

function letGo(block: usize, mark: u32, isOwn: bool, claimed: u32, me: usize): u32 {
  const list = listOfOwner(peek32(block + BLOCK_OWNER))
  const freed = releaseBlock(block, mark, claimed, me)
  if (isOwn) return freed
  claim32(list + LIST_BLOCKS, 0 - freed)
  return 0
}

/** Kept blocks were lapped, so all their events were claimed: also in one that a late thread of another life left here. */
function takeOutKept(word: usize, owner: u32, generation: u32, me: usize): u32 {
  const entry = look64(word)
  let block = blockOf(entry)
  if (block == 0 || !swapIf64(word, entry, emptied(entry))) return 0
  let freed: u32 = 0
  while (block) {
    const next = (<usize>peek32(block + BLOCK_NEXT)) << BLOCK_SHIFT
    const mark = markIn(peek64(block + BLOCK_STATE))
    freed += letGo(block, mark, belongsTo(block, owner, generation), EVENTS_PER_BLOCK, me)
    block = next
  }
  return freed
}
