// The gliding window of a list: a ring of as many entries as it retains, by order of push. The push that takes an entry
// over sends the history that stood there out of the window, so a window costs no search and no lock.

import {
  CHUNK_HEADER_BYTES,
  CHUNK_SHIFT,
  CONTROL_LIVE,
  HISTORY_CONTROL,
  HISTORY_ORDER,
  HISTORY_SHIFT,
  LIST_EVICT_CURSOR,
  LIST_PUSHED,
  LIST_RING_CAPACITY,
  LIST_RING_CHUNK,
  RING_ENTRIES_PER_CHUNK,
  RING_ENTRY_BYTES,
  RING_ORDER_SHIFT,
} from './layout'
import { LEFT_ENDED, LEFT_NOT, leaveWindow } from './life'
import { listOf } from './list-record'
import { look64, peek32, peek64, swapIf64 } from './shared'

const NUMBER_MASK: u64 = (1 << RING_ORDER_SHIFT) - 1

/** Puts a newly opened history into its list's window. */
export function enterWindow(list: usize, history: usize, order: u64, me: usize): void {
  const at = ringEntry(list, order)
  const mine = (order << RING_ORDER_SHIFT) | (history >> HISTORY_SHIFT)
  while (true) {
    const held = look64(at)
    if (held != 0 && held >> RING_ORDER_SHIFT > order) {
      // This thread slept while the window glided a whole turn: its history was never in it.
      sendOut(list, history, order, me)
      return
    }
    if (!swapIf64(at, held, mine)) continue
    if (held) sendOut(list, numberedHistory(held), held >> RING_ORDER_SHIFT, me)
    return
  }
}

/** Histories that a list holds in its window, give or take those that are just coming and going. */
export function windowFill(list: usize): u64 {
  const pushed = look64(list + LIST_PUSHED)
  return pushed - oldestOrder(list, pushed)
}

/**
 * Sends out the oldest history of a list that is still in its window and is not `keep`. True when memory was freed. Pinned
 * ones that it passes leave the window too, marked: the budget takes them at their last unref.
 */
export function evictOldest(list: usize, keep: usize, me: usize): bool {
  while (true) {
    const pushed = look64(list + LIST_PUSHED)
    const cursor = look64(list + LIST_EVICT_CURSOR)
    const oldest = oldestOrder(list, pushed)
    if (oldest >= pushed) return false
    const at = ringEntry(list, oldest)
    const held = look64(at)
    const order = held >> RING_ORDER_SHIFT
    if (held != 0 && order == oldest && numberedHistory(held) == keep)
      return evictAfter(list, oldest, pushed, me)
    swapIf64(list + LIST_EVICT_CURSOR, cursor, oldest + 1)
    if (held == 0 || order != oldest || !swapIf64(at, held, 0)) continue
    if (sendOut(list, numberedHistory(held), order, me)) return true
  }
}

/** As evictOldest, past the one to keep; the entries it empties are passed over when their turn comes. */
function evictAfter(list: usize, kept: u64, pushed: u64, me: usize): bool {
  for (let order = kept + 1; order < pushed; order++) {
    const at = ringEntry(list, order)
    const held = look64(at)
    if (held == 0 || held >> RING_ORDER_SHIFT != order || !swapIf64(at, held, 0)) continue
    if (sendOut(list, numberedHistory(held), order, me)) return true
  }
  return false
}

/** The control word is read first: when the swap on it succeeds, order and list were read from the same life. */
function sendOut(list: usize, history: usize, order: u64, me: usize): bool {
  while (true) {
    const control = look64(history + HISTORY_CONTROL)
    if ((control & CONTROL_LIVE) == 0) return false
    if (peek64(history + HISTORY_ORDER) != order) return false
    if (listOf(history) != list) return false
    const left = leaveWindow(history, control, me)
    if (left != LEFT_NOT) return left == LEFT_ENDED
  }
}

function oldestOrder(list: usize, pushed: u64): u64 {
  const capacity = <u64>peek32(list + LIST_RING_CAPACITY)
  const cursor = look64(list + LIST_EVICT_CURSOR)
  return pushed > capacity ? max(cursor, pushed - capacity) : cursor
}

function numberedHistory(entry: u64): usize {
  return (<usize>(entry & NUMBER_MASK)) << HISTORY_SHIFT
}

function ringEntry(list: usize, order: u64): usize {
  const capacity = peek32(list + LIST_RING_CAPACITY)
  // Dividing 64 bits takes several times as long.
  const position = order >> 32 == 0 ? <u32>order % capacity : <u32>(order % <u64>capacity)
  const chunk = peek32(list + LIST_RING_CHUNK) + position / RING_ENTRIES_PER_CHUNK
  return (
    ((<usize>chunk) << CHUNK_SHIFT) +
    CHUNK_HEADER_BYTES +
    (position % RING_ENTRIES_PER_CHUNK) * RING_ENTRY_BYTES
  )
}
