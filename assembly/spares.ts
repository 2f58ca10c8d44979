// Step S. What a thread freed last, its next push and log take again without touching what all threads share: in a full
// window a push takes the slot that the push before it has emptied. One word, taken and given by swaps, for others may take
// it too when nothing else is left: most threads that ever joined are gone.
//
// `me` is the address of the thread's record, 0 for a thread that has none of its own.

import {
  BLOCK_SHIFT,
  CHUNK_SHIFT,
  HEADER_THREADS,
  HISTORY_SHIFT,
  THREAD_BYTES,
  THREAD_CHUNKS,
  THREAD_SPARES,
  THREADS_MAX,
  THREADS_PER_CHUNK,
} from './layout'
import { look32, look64, swapIf64 } from './shared'

const BLOCK_HALF: u64 = 0xffffffff

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
  const spares = look64(me + THREAD_SPARES)
  const block = blockIn(spares)
  return block != 0 && swapIf64(me + THREAD_SPARES, spares, spares & ~BLOCK_HALF) ? block : 0
}

/** False when the thread has one. */
export function keepBlock(me: usize, block: usize): bool {
  if (me == 0) return false
  const spares = look64(me + THREAD_SPARES)
  if (blockIn(spares) != 0) return false
  return swapIf64(me + THREAD_SPARES, spares, spares | (block >> BLOCK_SHIFT))
}

export function spareHistory(me: usize): usize {
  if (me == 0) return 0
  const spares = look64(me + THREAD_SPARES)
  const history = historyIn(spares)
  return history != 0 && swapIf64(me + THREAD_SPARES, spares, spares & BLOCK_HALF) ? history : 0
}

export function keepHistory(me: usize, history: usize): bool {
  if (me == 0) return false
  const spares = look64(me + THREAD_SPARES)
  if (historyIn(spares) != 0) return false
  return swapIf64(me + THREAD_SPARES, spares, spares | ((<u64>history >> HISTORY_SHIFT) << 32))
}

/** Takes away what one thread keeps, the turn says which; 0 = nothing. */
export function takeSparesOf(turn: u32): u64 {
  const threads = min<u32>(look32(HEADER_THREADS), THREADS_MAX)
  if (threads == 0) return 0
  const other = recordOf(turn % threads)
  if (other == 0) return 0
  const spares = look64(other + THREAD_SPARES)
  return spares != 0 && swapIf64(other + THREAD_SPARES, spares, 0) ? spares : 0
}

export function blockIn(spares: u64): usize {
  return (<usize>(<u32>spares)) << BLOCK_SHIFT
}

export function historyIn(spares: u64): usize {
  return (<usize>(<u32>(spares >> 32))) << HISTORY_SHIFT
}
