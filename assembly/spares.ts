// Step S. What a thread freed last, its next push and log take again without touching what all threads share. Only the thread
// itself reads and writes these words; a thread that dies keeps a few blocks and one history for ever.
//
// `me` is the address of the thread's record, 0 for a thread that has none of its own.

import {
  BLOCK_NEXT,
  BLOCK_SHIFT,
  CHUNK_SHIFT,
  HISTORY_SHIFT,
  SPARE_BLOCKS_MAX,
  SPARE_COUNT_SHIFT,
  THREAD_BYTES,
  THREAD_CHUNKS,
  THREAD_SPARE_BLOCKS,
  THREAD_SPARE_HISTORY,
  THREADS_MAX,
  THREADS_PER_CHUNK,
} from './layout'
import { look32, peek32, write32 } from './shared'

const NUMBER_MASK: u32 = (1 << SPARE_COUNT_SHIFT) - 1
const ONE_SPARE: u32 = 1 << SPARE_COUNT_SHIFT

/** The record of a thread; 0 for the nameless last one, which threads may share. */
export function recordOf(thread: u32): usize {
  if (thread >= <u32>THREADS_MAX) return 0
  const ordinal = thread / THREADS_PER_CHUNK
  const chunk = look32(THREAD_CHUNKS + ordinal * 4)
  if (chunk == 0) return 0
  const n = thread - ordinal * THREADS_PER_CHUNK
  return ((<usize>chunk) << CHUNK_SHIFT) + (n + 1) * THREAD_BYTES
}

export function spareBlock(me: usize): usize {
  if (me == 0) return 0
  const spares = peek32(me + THREAD_SPARE_BLOCKS)
  if (spares == 0) return 0
  const block = (<usize>(spares & NUMBER_MASK)) << BLOCK_SHIFT
  const fewer = (spares & ~NUMBER_MASK) - ONE_SPARE
  write32(me + THREAD_SPARE_BLOCKS, fewer == 0 ? 0 : fewer | peek32(block + BLOCK_NEXT))
  return block
}

/** False when the thread has enough. */
export function keepBlock(me: usize, block: usize): bool {
  if (me == 0) return false
  const spares = peek32(me + THREAD_SPARE_BLOCKS)
  if (spares >> SPARE_COUNT_SHIFT == SPARE_BLOCKS_MAX) return false
  write32(block + BLOCK_NEXT, spares & NUMBER_MASK)
  const more = (spares & ~NUMBER_MASK) + ONE_SPARE
  write32(me + THREAD_SPARE_BLOCKS, more | <u32>(block >> BLOCK_SHIFT))
  return true
}

export function spareHistory(me: usize): usize {
  if (me == 0) return 0
  const number = peek32(me + THREAD_SPARE_HISTORY)
  if (number) write32(me + THREAD_SPARE_HISTORY, 0)
  return (<usize>number) << HISTORY_SHIFT
}

export function keepHistory(me: usize, history: usize): bool {
  if (me == 0 || peek32(me + THREAD_SPARE_HISTORY) != 0) return false
  write32(me + THREAD_SPARE_HISTORY, <u32>(history >> HISTORY_SHIFT))
  return true
}
