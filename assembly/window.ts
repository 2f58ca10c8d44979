// The gliding window of a list: a ring of as many entries as it retains, by order of push. The push that takes an entry
// over sends the history that stood there out of the window, so a window costs no search and no lock.

import { refsOf } from './control'
import {
  CHUNK_HEADER_BYTES,
  CHUNK_SHIFT,
  CONTROL_CLAIMED_SHIFT,
  CONTROL_LIVE,
  EVENTS_PER_BLOCK,
  HISTORY_CONTROL,
  HISTORY_DIRECTORY,
  HISTORY_ORDER,
  HISTORY_SHIFT,
  LIST_EVICT_CURSOR,
  LIST_FIRST_BLOCKS,
  LIST_PUSHED,
  LIST_RING_CAPACITY,
  LIST_RING_CHUNK,
  LIST_RING_INVERSE,
  LIST_TURN_BLOCKS,
  RING_ENTRIES_PER_CHUNK,
  RING_ENTRY_BYTES,
  RING_ORDER_SHIFT,
} from './layout'
import { Closing, LEFT_ENDED, LEFT_NOT, leaveWindow } from './life'
import { listOf } from './list-record'
import { remainder } from './remainder'
import { look64, peek32, peek64, swapIf64 } from './shared'

const NUMBER_MASK: u64 = (1 << RING_ORDER_SHIFT) - 1

/** Puts a newly opened history into its list's window. */
export function enterWindow(list: usize, history: usize, order: u64, me: usize): void {
  const at = ringEntry(list, order)
  const mine = entryOf(history, order)
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

/**
 * The memory of the life that the next push sends out, ended already, and nobody else's; 0 where that is pinned, or under
 * another thread's hands. In a full window each push so takes the slot of the oldest.
 */
export function succeed(list: usize, me: usize): usize {
  const order = look64(list + LIST_PUSHED)
  const held = look64(ringEntry(list, order))
  if (held == 0 || held >> RING_ORDER_SHIFT >= order) return 0
  const history = numberedHistory(held)
  const control = look64(history + HISTORY_CONTROL)
  if (!isPushed(list, held >> RING_ORDER_SHIFT, history, control) || refsOf(control) != 0) return 0
  return Closing.keepSlot(history, control, me) ? history : 0
}

/** Histories that a list holds in its window, give or take those that are just coming and going. */
export function windowFill(list: usize): u64 {
  const pushed = look64(list + LIST_PUSHED)
  return pushed - oldestOrder(list, pushed)
}

/** Event blocks of the newest lives in a window. */
export function newestBlocks(list: usize, lives: u32): u32 {
  const most = peek32(list + LIST_FIRST_BLOCKS) + peek32(list + LIST_TURN_BLOCKS)
  const pushed = look64(list + LIST_PUSHED)
  let blocks: u32 = 0
  for (let order = pushed > lives ? pushed - lives : 0; order < pushed; order++) {
    const held = look64(ringEntry(list, order))
    if (held == 0 || held >> RING_ORDER_SHIFT != order) continue
    const claimed = <u32>(look64(numberedHistory(held) + HISTORY_CONTROL) >> CONTROL_CLAIMED_SHIFT)
    blocks += min<u32>(claimed / EVENTS_PER_BLOCK + 1, most)
  }
  return blocks
}

/** What a life must have to be worth its eviction. */
export const ANY: u32 = 0
export const WITH_DIRECTORY: u32 = 1

export function has(history: usize, wanted: u32): bool {
  return wanted == ANY || <u32>look64(history + HISTORY_DIRECTORY) != 0
}

/** Whether the window names the life that stands there now. */
export function isInWindow(history: usize): bool {
  const order = peek64(history + HISTORY_ORDER)
  return look64(ringEntry(listOf(history), order)) == entryOf(history, order)
}

/**
 * Sends out the oldest history of a list that is still in its window, but for `keep` and the newest `spared`. True when
 * memory was freed. Pinned ones that it passes leave the window too, marked: they go at their last unref, or as pinned.
 */
export function evictOldest(list: usize, keep: usize, wanted: u32, spared: u32, me: usize): bool {
  const pushed = look64(list + LIST_PUSHED)
  const end = pushed > spared ? pushed - spared : 0
  let isOldest = true
  for (let order = oldestOrder(list, pushed); order < end; order++) {
    const at = ringEntry(list, order)
    const held = look64(at)
    if (held != 0 && held >> RING_ORDER_SHIFT == order) {
      const history = numberedHistory(held)
      if (history == keep || !has(history, wanted)) {
        isOldest = false // the entries emptied behind it are passed over when their turn comes
        continue
      }
      if (swapIf64(at, held, 0) && sendOut(list, history, order, me)) {
        if (isOldest) advance(list, order)
        return true
      }
    }
    if (isOldest) advance(list, order)
  }
  return false
}

/** The order's entry is empty: the next eviction begins behind it. */
function advance(list: usize, order: u64): void {
  const cursor = look64(list + LIST_EVICT_CURSOR)
  if (cursor <= order) swapIf64(list + LIST_EVICT_CURSOR, cursor, order + 1)
}

function sendOut(list: usize, history: usize, order: u64, me: usize): bool {
  while (true) {
    const control = look64(history + HISTORY_CONTROL)
    if (!isPushed(list, order, history, control)) return false
    const left = leaveWindow(history, control, me)
    if (left != LEFT_NOT) return left == LEFT_ENDED
  }
}

/**
 * Whether the life that stands in a slot is the list's push of this order. The control word was read first: when a swap on it
 * succeeds, order and list were read from the same life.
 */
function isPushed(list: usize, order: u64, history: usize, control: u64): bool {
  if ((control & CONTROL_LIVE) == 0) return false
  if (peek64(history + HISTORY_ORDER) != order) return false
  return listOf(history) == list
}

function entryOf(history: usize, order: u64): u64 {
  return (order << RING_ORDER_SHIFT) | (history >> HISTORY_SHIFT)
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
  const position =
    order >> 32 == 0
      ? remainder(<u32>order, capacity, peek32(list + LIST_RING_INVERSE))
      : <u32>(order % <u64>capacity)
  const chunk = peek32(list + LIST_RING_CHUNK) + position / RING_ENTRIES_PER_CHUNK
  return (
    ((<usize>chunk) << CHUNK_SHIFT) +
    CHUNK_HEADER_BYTES +
    (position % RING_ENTRIES_PER_CHUNK) * RING_ENTRY_BYTES
  )
}
