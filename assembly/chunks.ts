// Chunks of 64 KiB out of the budget. Memory grows here and nowhere else, by whichever thread comes first.

import {
  CHUNK_CLASS,
  CHUNK_MAGIC,
  CHUNK_NEXT,
  CHUNK_NUMBER,
  CHUNK_ORDINAL,
  CHUNK_RECORDER_ID,
  CHUNK_SHIFT,
  CLASS_BLOCKS,
  CLASS_HISTORIES,
  HEADER_BUDGET_CHUNKS,
  HEADER_CHUNKS,
  HEADER_FREE_CHUNKS,
  HEADER_RECORDER_ID,
  MAGIC_MASK,
  MASKED_CHUNK_MAGIC,
} from './layout'
import {
  look32,
  look64,
  peek32,
  peek64,
  publish32,
  swapIf32,
  swapIf64,
  write32,
  write64,
} from './shared'

/** Pages that growth asks for at once: growing is the one slow step that engines serialize. */
const GROWTH_PAGES: u32 = 16

/** The first of `amount` consecutive chunks of a class, or 0 when the budget has no room for them. */
export function takeChunks(chunkClass: u32, ordinal: u32, amount: u32): u32 {
  let first: u32 = amount == 1 ? popReturned(chunkClass) : 0
  while (first == 0) {
    const taken = look32(HEADER_CHUNKS)
    const budget = peek32(HEADER_BUDGET_CHUNKS)
    if (amount > budget - taken) return 0
    if (!growTo(taken + amount, budget)) return 0
    if (swapIf32(HEADER_CHUNKS, taken, taken + amount)) first = taken
  }
  for (let n = first; n < first + amount; n++) {
    const at = (<usize>n) << CHUNK_SHIFT
    write32(at + CHUNK_MAGIC, MASKED_CHUNK_MAGIC ^ MAGIC_MASK)
    write32(at + CHUNK_NUMBER, n)
    write32(at + CHUNK_ORDINAL, ordinal)
    write64(at + CHUNK_RECORDER_ID, peek64(HEADER_RECORDER_ID))
    publish32(at + CHUNK_CLASS, chunkClass) // last: a chunk with a class has a whole header
  }
  return first
}

/** Whether a table's chunk is there: brought by whoever comes first, and named in the table's word. */
export function bringChunk(word: usize, chunkClass: u32, ordinal: u32): bool {
  if (look32(word)) return true
  const chunk = takeChunks(chunkClass, ordinal, 1)
  if (chunk == 0) return look32(word) != 0
  if (!swapIf32(word, 0, chunk)) returnChunk(chunk)
  return true
}

/** Gives back a chunk that was taken but lost the race to be used; it still holds nothing but its header. */
export function returnChunk(chunk: u32): void {
  while (true) {
    const top = look64(HEADER_FREE_CHUNKS)
    write32(((<usize>chunk) << CHUNK_SHIFT) + CHUNK_NEXT, <u32>top)
    if (swapIf64(HEADER_FREE_CHUNKS, top, (((top >> 32) + 1) << 32) | chunk)) return
  }
}

function popReturned(chunkClass: u32): u32 {
  while (true) {
    const top = look64(HEADER_FREE_CHUNKS)
    const chunk = <u32>top
    if (chunk == 0) return 0
    // Threads look through all histories and all blocks: a chunk that once was of such a class stays of it.
    const was = peek32(((<usize>chunk) << CHUNK_SHIFT) + CHUNK_CLASS)
    if (was != chunkClass && (was == CLASS_HISTORIES || was == CLASS_BLOCKS)) return 0
    const next = peek32(((<usize>chunk) << CHUNK_SHIFT) + CHUNK_NEXT)
    if (swapIf64(HEADER_FREE_CHUNKS, top, (((top >> 32) + 1) << 32) | next)) return chunk
  }
}

function growTo(chunks: u32, budget: u32): bool {
  const pages = <u32>memory.size()
  if (pages >= chunks) return true
  const wanted = min(max(chunks - pages, GROWTH_PAGES), budget - pages)
  if (memory.grow(wanted) >= 0) return true
  return <u32>memory.size() >= chunks // another thread's growth may have been the one that succeeded
}
