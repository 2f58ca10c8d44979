// When the budget is used up, memory comes from the list that is furthest above its share (in proportion to windows), so
// that a chatty list pays with its own past. The oldest unpinned histories go first, then the oldest pinned.

import { refsOf } from './control'
import {
  CHUNK_CLASS,
  CHUNK_SHIFT,
  CLASS_HISTORIES,
  CONTROL_LIVE,
  HEADER_CHUNKS,
  HEADER_LISTS,
  HISTORIES_PER_CHUNK,
  HISTORY_BYTES,
  HISTORY_CONTROL,
  HISTORY_CREATED,
  HISTORY_LIST,
  LIST_BYTES,
  LIST_EVICTED_BY_BUDGET,
  LIST_EVICTED_PINNED,
  LIST_RECORDS,
  LIST_RING_CAPACITY,
  LIST_USED,
} from './layout'
import { close } from './life'
import { popBlock, takeHistory } from './pools'
import { claim64, look32, look64, peek32, peek64 } from './shared'
import { evictOldest } from './window'

/** Evictions that one allocation may cost before it gives up: bounds the time of any single log. */
const EVICTIONS_MAX: u32 = 64

/** A block for the history `keep`, which is never evicted for its own events. 0 = none to be had. */
export function takeBlock(keep: usize): usize {
  let block = popBlock()
  for (let n: u32 = 0; block == 0 && n < EVICTIONS_MAX && reclaim(keep); n++) block = popBlock()
  return block
}

export function takeHistoryMemory(): usize {
  let history = takeHistory()
  for (let n: u32 = 0; history == 0 && n < EVICTIONS_MAX && reclaim(0); n++) history = takeHistory()
  return history
}

function reclaim(keep: usize): bool {
  // Lists in the order of their excess; one with nothing unpinned left is passed over.
  let bound = <f64>Infinity
  let after: u32 = 0
  while (true) {
    let worst: usize = 0
    let worstRatio: f64 = -1
    let worstNumber: u32 = 0
    const lists = look32(HEADER_LISTS)
    for (let n: u32 = 0; n < lists; n++) {
      const list = LIST_RECORDS + n * LIST_BYTES
      const capacity = peek32(list + LIST_RING_CAPACITY)
      if (capacity == 0) continue
      const ratio = <f64>(<i32>look32(list + LIST_USED)) / <f64>capacity
      if (ratio > bound || (ratio == bound && n <= after)) continue
      if (ratio > worstRatio) {
        worst = list
        worstRatio = ratio
        worstNumber = n
      }
    }
    if (worst == 0) break
    if (evictOldest(worst, keep)) {
      claim64(worst + LIST_EVICTED_BY_BUDGET, 1)
      return true
    }
    bound = worstRatio
    after = worstNumber
  }
  return evictOldestPinned(keep)
}

function evictOldestPinned(keep: usize): bool {
  while (true) {
    let oldest: usize = 0
    let oldestControl: u64 = 0
    let oldestCreated: u64 = u64.MAX_VALUE
    const chunks = look32(HEADER_CHUNKS)
    for (let chunk: u32 = 1; chunk < chunks; chunk++) {
      const base = (<usize>chunk) << CHUNK_SHIFT
      if (look32(base + CHUNK_CLASS) != CLASS_HISTORIES) continue
      for (let n: u32 = 1; n <= <u32>HISTORIES_PER_CHUNK; n++) {
        const history = base + n * HISTORY_BYTES
        const control = look64(history + HISTORY_CONTROL)
        if ((control & CONTROL_LIVE) == 0 || refsOf(control) == 0 || history == keep) continue
        const created = peek64(history + HISTORY_CREATED)
        if (created >= oldestCreated) continue
        oldest = history
        oldestControl = control
        oldestCreated = created
      }
    }
    if (oldest == 0) return false
    const list = LIST_RECORDS + peek32(oldest + HISTORY_LIST) * LIST_BYTES
    if (!close(oldest, oldestControl)) continue
    claim64(list + LIST_EVICTED_PINNED, 1)
    return true
  }
}
