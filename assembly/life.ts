// A history's life: opened by a push, pinned by refs, closed once. All of it is one word, HISTORY_CONTROL: whoever swaps
// LIVE away, and nobody else, clears the memory and frees the slot.

import { freeBlock } from './blocks'
import { takeOutAll } from './clearing'
import { isLifeOf, refsOf } from './control'
import {
  CONTROL_CLAIMED_SHIFT,
  CONTROL_LIVE,
  CONTROL_OUT,
  CONTROL_REFS_MAX,
  CONTROL_REFS_SHIFT,
  CONTROL_RELEASED,
  COUNTER_STALE,
  COUNTER_UNREFS_BELOW_ZERO,
  HISTORY_CONTROL,
  HISTORY_GENERATION,
  HISTORY_OBJECT,
  HISTORY_ORDER,
  HISTORY_PUSH,
  LIST_BLOCKS,
  LIST_EVENTS_GONE,
  LIST_EVICTED_BY_BUDGET,
  LIST_PUSHED,
  LIST_RING_CAPACITY,
  LIST_UNREFS_BELOW_ZERO,
  OBJECT_LONG_STRING,
  PUSH_KIND_MASK,
} from './layout'
import { listOf } from './list-record'
import { freeHistory } from './pools'
import { claim32, claim64, look64, peek32, peek64, swapIf64 } from './shared'
import { recordOf } from './spares'
import { count } from './stats'

/** What leaveWindow did: nothing as the control word had changed, marked a pinned life, ended a life. */
export const LEFT_NOT: u32 = 0
export const LEFT_PINNED: u32 = 1
export const LEFT_ENDED: u32 = 2

const ONE_REF: u64 = 1 << CONTROL_REFS_SHIFT

/** Adds a reference; false when the history is gone. */
export function ref(history: usize, generation: u32): bool {
  while (true) {
    const control = look64(history + HISTORY_CONTROL)
    if (!isLifeOf(control, history, generation)) {
      count(COUNTER_STALE)
      return false
    }
    if (refsOf(control) == CONTROL_REFS_MAX) return true
    if (swapIf64(history + HISTORY_CONTROL, control, control + ONE_REF)) return true
  }
}

/** Releases a reference, last of all the pusher's own; frees a history that waited outside the window for this. */
export function unref(history: usize, generation: u32, thread: u32): bool {
  while (true) {
    const control = look64(history + HISTORY_CONTROL)
    if (!isLifeOf(control, history, generation)) {
      count(COUNTER_STALE)
      return false
    }
    const refs = refsOf(control)
    if (refs == CONTROL_REFS_MAX) return true
    if (refs == 0 && (control & CONTROL_RELEASED) != 0) {
      count(COUNTER_UNREFS_BELOW_ZERO)
      claim32(listOf(history) + LIST_UNREFS_BELOW_ZERO, 1)
      return false
    }
    let wanted = refs == 0 ? control | CONTROL_RELEASED : control - ONE_REF
    const last = refs <= 1 && (control & CONTROL_OUT) != 0
    if (last) wanted &= ~(<u64>CONTROL_LIVE)
    if (!swapIf64(history + HISTORY_CONTROL, control, wanted)) continue
    if (last) {
      // It had left the window before, pinned: lapped by newer ones, or passed over by the budget.
      const list = listOf(history)
      const isLapped =
        peek64(history + HISTORY_ORDER) + peek32(list + LIST_RING_CAPACITY) <
        look64(list + LIST_PUSHED)
      if (!isLapped) claim64(list + LIST_EVICTED_BY_BUDGET, 1)
      const me = recordOf(thread)
      clear(history, generation, wanted, me)
      freeHistory(history, me)
    }
    return true
  }
}

/** Ends a life whatever its refs; false when another thread did, or when it is another life by now. */
export function close(history: usize, control: u64, me: usize): bool {
  if (!Closing.keepSlot(history, control, me)) return false
  freeHistory(history, me)
  return true
}

// biome-ignore lint/complexity/noStaticOnlyClass: only methods may say that they are to be compiled into their callers
export abstract class Closing {
  /** As close(), but the slot is the caller's now. */
  @inline
  static keepSlot(history: usize, control: u64, me: usize): bool {
    const generation = peek32(history + HISTORY_GENERATION)
    const closed = control & ~(<u64>CONTROL_LIVE)
    if (!swapIf64(history + HISTORY_CONTROL, control, closed)) return false
    clear(history, generation, closed, me)
    return true
  }
}

/** Leaves the window: ends an unpinned life, marks a pinned one. */
export function leaveWindow(history: usize, control: u64, me: usize): u32 {
  if (refsOf(control) == 0) return close(history, control, me) ? LEFT_ENDED : LEFT_NOT
  return swapIf64(history + HISTORY_CONTROL, control, control | CONTROL_OUT)
    ? LEFT_PINNED
    : LEFT_NOT
}

function clear(history: usize, generation: u32, control: u64, me: usize): void {
  const list = listOf(history)
  const claimed = <u32>(control >> CONTROL_CLAIMED_SHIFT)
  let freed = takeOutAll(history, generation, claimed, me)
  if ((peek32(history + HISTORY_PUSH) & PUSH_KIND_MASK) == OBJECT_LONG_STRING) {
    freeBlock(<usize>peek64(history + HISTORY_OBJECT), me)
    freed++
  }
  if (freed) claim32(list + LIST_BLOCKS, 0 - freed)
  if (claimed) claim64(list + LIST_EVENTS_GONE, claimed)
}
