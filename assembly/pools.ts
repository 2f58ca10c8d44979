// Histories, blocks and directories: fixed sizes, each from chunks of its own class, so that a word of one kind is never
// reused as another kind under a late thread's hands. A pool is what the thread itself freed last, a stack of freed items
// and a cursor into the newest chunk.

import { returnChunk, takeChunks } from './chunks'
import {
  BLOCK_NEXT,
  BLOCK_SHIFT,
  BLOCKS_PER_CHUNK,
  CHUNK_SHIFT,
  CLASS_BLOCKS,
  CLASS_DIRECTORIES,
  CLASS_HISTORIES,
  HEADER_BLOCK_CHUNKS,
  HEADER_BUDGET_CHUNKS,
  HEADER_CHUNKS,
  HEADER_CURSOR_BLOCKS,
  HEADER_CURSOR_DIRECTORIES,
  HEADER_CURSOR_HISTORIES,
  HEADER_DIRECTORY_CHUNKS,
  HEADER_FREE_BLOCKS,
  HEADER_FREE_DIRECTORIES,
  HEADER_FREE_HISTORIES,
  HEADER_HISTORY_CHUNKS,
  HISTORIES_PER_CHUNK,
  HISTORY_ORDER,
  HISTORY_SHIFT,
} from './layout'
import { claim32, look32, look64, peek32, swapIf64, write32 } from './shared'
import { keepBlock, keepHistory, spareBlock, spareHistory } from './spares'

/** One chunk in 64 is kept for other classes than histories and blocks, where the budget is more than a few. */
const RESERVED_SHIFT = 6
const RESERVED_FROM = 8

/** A history's memory, its generation still that of the life before, or 0. */
export function takeHistory(me: usize): usize {
  const spare = spareHistory(me)
  if (spare) return spare
  const at = pop(HEADER_FREE_HISTORIES, HISTORY_SHIFT, HISTORY_ORDER)
  if (at) return at
  const half = peek32(HEADER_BUDGET_CHUNKS) >> 1
  return carve(
    HEADER_CURSOR_HISTORIES,
    HEADER_HISTORY_CHUNKS,
    half,
    CLASS_HISTORIES,
    HISTORIES_PER_CHUNK,
    HISTORY_SHIFT,
  )
}

export function freeHistory(history: usize, me: usize): void {
  if (keepHistory(me, history)) return
  push(HEADER_FREE_HISTORIES, history, HISTORY_SHIFT, HISTORY_ORDER)
}

/** A block's memory, still FREE, or 0. */
export function popBlock(me: usize): usize {
  const spare = spareBlock(me)
  if (spare) return spare
  const at = pop(HEADER_FREE_BLOCKS, BLOCK_SHIFT, BLOCK_NEXT)
  if (at) return at
  const budget = peek32(HEADER_BUDGET_CHUNKS)
  return carve(
    HEADER_CURSOR_BLOCKS,
    HEADER_BLOCK_CHUNKS,
    budget - (budget >> 3),
    CLASS_BLOCKS,
    BLOCKS_PER_CHUNK,
    BLOCK_SHIFT,
  )
}

export function pushBlock(block: usize, me: usize): void {
  if (keepBlock(me, block)) return
  push(HEADER_FREE_BLOCKS, block, BLOCK_SHIFT, BLOCK_NEXT)
}

export function popDirectory(): usize {
  const at = pop(HEADER_FREE_DIRECTORIES, BLOCK_SHIFT, BLOCK_NEXT)
  if (at) return at
  const quarter = peek32(HEADER_BUDGET_CHUNKS) >> 2
  return carve(
    HEADER_CURSOR_DIRECTORIES,
    HEADER_DIRECTORY_CHUNKS,
    quarter,
    CLASS_DIRECTORIES,
    BLOCKS_PER_CHUNK,
    BLOCK_SHIFT,
  )
}

export function pushDirectory(directory: usize): void {
  push(HEADER_FREE_DIRECTORIES, directory, BLOCK_SHIFT, BLOCK_NEXT)
}

// A Treiber stack (1986). The change count in the upper half defeats A-B-A: a popper that slept over any change fails.
function pop(stack: usize, shift: usize, nextOffset: usize): usize {
  while (true) {
    const top = look64(stack)
    const at = (<usize>(<u32>top)) << shift
    if (at == 0) return 0
    const next = peek32(at + nextOffset) // may be read from an item that is in use again: then the swap fails
    if (swapIf64(stack, top, (((top >> 32) + 1) << 32) | next)) return at
  }
}

function push(stack: usize, at: usize, shift: usize, nextOffset: usize): void {
  while (true) {
    const top = look64(stack)
    write32(at + nextOffset, <u32>top)
    if (swapIf64(stack, top, (((top >> 32) + 1) << 32) | (at >> shift))) return
  }
}

function carve(
  cursorAt: usize,
  chunksAt: usize,
  chunksMax: u32,
  chunkClass: u32,
  perChunk: u32,
  shift: usize,
): usize {
  while (true) {
    const cursor = look64(cursorAt)
    const chunk = <u32>(cursor >> 32)
    const next = <u32>cursor
    if (chunk != 0 && next < perChunk) {
      if (swapIf64(cursorAt, cursor, cursor + 1)) {
        return ((<usize>chunk) << CHUNK_SHIFT) + ((<usize>(next + 1)) << shift)
      }
      continue
    }
    const fresh = mayGrow(chunksAt, chunksMax, chunkClass) ? takeChunks(chunkClass, 0, 1) : 0
    if (fresh == 0) {
      if (look64(cursorAt) == cursor) return 0
      continue // another thread brought a chunk meanwhile
    }
    if (swapIf64(cursorAt, cursor, ((<u64>fresh) << 32) | 1)) {
      claim32(chunksAt, 1)
      return ((<usize>fresh) << CHUNK_SHIFT) + ((<usize>1) << shift)
    }
    returnChunk(fresh)
  }
}

/** Chunks keep their class for ever: a few are left to directories, strings and threads, which come when they come. */
function mayGrow(chunksAt: usize, chunksMax: u32, chunkClass: u32): bool {
  if (look32(chunksAt) >= max(chunksMax, 1)) return false
  if (chunkClass == CLASS_DIRECTORIES || look32(chunksAt) == 0) return true
  const budget = peek32(HEADER_BUDGET_CHUNKS)
  const reserved: u32 = budget < <u32>RESERVED_FROM ? 0 : max<u32>(budget >> RESERVED_SHIFT, 1)
  const directories = look32(HEADER_DIRECTORY_CHUNKS)
  return budget - look32(HEADER_CHUNKS) > (directories < reserved ? reserved - directories : 0)
}
