// The gliding window of a list: a ring of as many entries as it retains, by order of push. The push that takes an entry
// over sends the history that stood there out of the window, so a window costs no search and no lock.

import { listOf } from './entries'
import {
  CHUNK_HEADER_BYTES,
  CHUNK_SHIFT,
  CONTROL_LIVE,
  HISTORY_CONTROL,
  HISTORY_ORDER,
  HISTORY_SHIFT,
  LIST_EVICT_CURSOR,
  LIST_EVICTED_BY_WINDOW,
  LIST_PUSHED,
  LIST_RING_CAPACITY,
  LIST_RING_CHUNK,
  RING_ENTRIES_PER_CHUNK,
  RING_ENTRY_BYTES,
  RING_ORDER_SHIFT,
} from './layout'
import { LEFT_ENDED, LEFT_NOT, leaveWindow } from './life'
import { claim64, look64, peek32, peek64, swapIf64 } from './shared'

const NUMBER_MASK: u64 = (1 << RING_ORDER_SHIFT) - 1

/** Puts a newly opened history into its list's window. */
export function enterWindow(list: usize, history: usize, order: u64): void {
  const at = ringEntry(list, order)
  const mine = (order << RING_ORDER_SHIFT) | (history >> HISTORY_SHIFT)
  while (true) {
    const held = look64(at)
    if (held != 0 && held >> RING_ORDER_SHIFT > order) {
      // This thread slept while the window glided a whole turn: its history was never in it.
      if (sendOut(list, history, order)) claim64(list + LIST_EVICTED_BY_WINDOW, 1)
      return
    }
    if (!swapIf64(at, held, mine)) continue
    if (held != 0 && sendOut(list, numberedHistory(held), held >> RING_ORDER_SHIFT)) {
      claim64(list + LIST_EVICTED_BY_WINDOW, 1)
    }
    return
  }
}

/**
 * Sends out the oldest history of a list that is still in its window and is not `keep`. True when memory was freed. Pinned
 * ones that it passes leave the window too, marked: the budget takes them at their last unref.
 */
export function evictOldest(list: usize, keep: usize): bool {
  const capacity = <u64>peek32(list + LIST_RING_CAPACITY)
  while (true) {
    const pushed = look64(list + LIST_PUSHED)
    const cursor = look64(list + LIST_EVICT_CURSOR)
    const oldest = pushed > capacity ? max(cursor, pushed - capacity) : cursor
    if (oldest >= pushed) return false
    const at = ringEntry(list, oldest)
    const held = look64(at)
    const order = held >> RING_ORDER_SHIFT
    if (held != 0 && order == oldest && numberedHistory(held) == keep)
      return evictAfter(list, keep, oldest, pushed)
    swapIf64(list + LIST_EVICT_CURSOR, cursor, oldest + 1)
    if (held == 0 || order != oldest || !swapIf64(at, held, 0)) continue
    if (sendOut(list, numberedHistory(held), order)) return true
  }
}

/** As evictOldest, past the one to keep; the entries it empties are passed over when their turn comes. */
function evictAfter(list: usize, _keep: usize, kept: u64, pushed: u64): bool {
  for (let order = kept + 1; order < pushed; order++) {
    const at = ringEntry(list, order)
    const held = look64(at)
    if (held == 0 || held >> RING_ORDER_SHIFT != order || !swapIf64(at, held, 0)) continue
    if (sendOut(list, numberedHistory(held), order)) return true
  }
  return false
}

/** The control word is read first: when the swap on it succeeds, order and list were read from the same life. */
function sendOut(list: usize, history: usize, order: u64): bool {
  while (true) {
    const control = look64(history + HISTORY_CONTROL)
    if ((control & CONTROL_LIVE) == 0) return false
    if (peek64(history + HISTORY_ORDER) != order) return false
    if (listOf(history) != list) return false
    const left = leaveWindow(history, control)
    if (left != LEFT_NOT) return left == LEFT_ENDED
  }
}

function numberedHistory(entry: u64): usize {
  return (<usize>(entry & NUMBER_MASK)) << HISTORY_SHIFT
}

function ringEntry(list: usize, order: u64): usize {
  const position = <u32>(order % <u64>peek32(list + LIST_RING_CAPACITY))
  const chunk = peek32(list + LIST_RING_CHUNK) + position / RING_ENTRIES_PER_CHUNK
  return (
    ((<usize>chunk) << CHUNK_SHIFT) +
    CHUNK_HEADER_BYTES +
    (position % RING_ENTRIES_PER_CHUNK) * RING_ENTRY_BYTES
  )
}
