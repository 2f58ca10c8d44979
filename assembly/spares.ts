// Step S. What a thread freed last, its next push and log take again without touching what all threads share: in a full
// window a push takes the slot that the push before it has emptied. A word for each kind: filled by its thread alone, and
// only when it is empty, so a store will do; emptied by swaps, for others may take it too when nothing else is left: most
// threads that ever joined are gone.
//
// `me` is the address of the thread's record, 0 for a thread that has none of its own.

import {
  BLOCK_SHIFT,
  CHUNK_SHIFT,
  HEADER_THREADS,
  HISTORY_SHIFT,
  THREAD_BYTES,
  THREAD_CHUNKS,
  THREAD_SPARE_BLOCK,
  THREAD_SPARE_HISTORY,
  THREADS_MAX,
  THREADS_PER_CHUNK,
} from './layout'
import { look32, settle32, swapIf32 } from './shared'

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
  return me ? take(me + THREAD_SPARE_BLOCK) << BLOCK_SHIFT : 0
}

/** False when the thread has one. */
export function keepBlock(me: usize, block: usize): bool {
  return me != 0 && keep(me + THREAD_SPARE_BLOCK, block >> BLOCK_SHIFT)
}

export function spareHistory(me: usize): usize {
  return me ? take(me + THREAD_SPARE_HISTORY) << HISTORY_SHIFT : 0
}

export function keepHistory(me: usize, history: usize): bool {
  return me != 0 && keep(me + THREAD_SPARE_HISTORY, history >> HISTORY_SHIFT)
}

/** The record of one thread, the turn says which; 0 = it has none. */
export function someThread(turn: u32): usize {
  const threads = min<u32>(look32(HEADER_THREADS), THREADS_MAX)
  return threads ? recordOf(turn % threads) : 0
}

function take(word: usize): usize {
  const spare = look32(word)
  return spare != 0 && swapIf32(word, spare, 0) ? <usize>spare : 0
}

function keep(word: usize, item: usize): bool {
  if (look32(word) != 0) return false
  settle32(word, <u32>item)
  return true
}
