// When the budget is used up, memory comes from the list that is furthest above its share (in proportion to windows), so
// that a list which is chatty, or leaks, pays with its own past. The oldest unpinned histories go first, then the oldest
// pinned.

import { returnAbandoned } from './blocks'
import { refsOf } from './control'
import {
  BLOCK_BYTES,
  CHUNK_CLASS,
  CHUNK_SHIFT,
  CLASS_HISTORIES,
  CONTROL_LIVE,
  HEADER_CHUNKS,
  HEADER_LISTS,
  HEADER_SWEEP,
  HISTORIES_PER_CHUNK,
  HISTORY_BYTES,
  HISTORY_CONTROL,
  HISTORY_CREATED,
  LIST_BLOCKS,
  LIST_EVICTED_BY_BUDGET,
  LIST_EVICTED_PINNED,
  LIST_RING_CAPACITY,
} from './layout'
import { close } from './life'
import { listNumbered, listOf } from './list-record'
import { freeHistory, popBlock, popDirectory, pushBlock, takeHistory } from './pools'
import { claim32, claim64, look32, look64, peek32, peek64 } from './shared'
import { someThread, spareBlock, spareHistory } from './spares'
import {
  ANY,
  evictOldest,
  has,
  isInWindow,
  newestBlocks,
  WITH_DIRECTORY,
  windowFill,
} from './window'

/** Evictions that one allocation may cost before it gives up: bounds the time of any single log. */
const EVICTIONS_MAX: u32 = 1024
/** So many of a list's newest lives may be under way. */
const UNDER_WAY: u32 = 16

/** A block for the history `keep`, which is never evicted for its own events. 0 = none to be had. */
export function takeBlock(keep: usize, me: usize): usize {
  let block = popBlock(me)
  for (let n: u32 = 0; block == 0 && n < EVICTIONS_MAX && makeRoom(keep, ANY, me); n++)
    block = popBlock(me)
  return block
}

/** As takeBlock: a directory comes free only with a life that has one. */
export function takeDirectory(keep: usize, me: usize): usize {
  let directory = popDirectory()
  for (
    let n: u32 = 0;
    directory == 0 && n < EVICTIONS_MAX && makeRoom(keep, WITH_DIRECTORY, me);
    n++
  )
    directory = popDirectory()
  return directory
}

export function takeHistoryMemory(me: usize): usize {
  let history = takeHistory(me)
  for (let n: u32 = 0; history == 0 && n < EVICTIONS_MAX && makeRoom(0, ANY, me); n++)
    history = takeHistory(me)
  return history
}

/** What nobody needs any more, if a look finds some; else what a life needs. False: there is nothing left to take. */
function makeRoom(keep: usize, wanted: u32, me: usize): bool {
  const turn = claim32(HEADER_SWEEP, 1)
  return returnAbandoned(turn, me) || returnSpares(turn) || reclaim(keep, wanted, me)
}

/** Back to the pools with what one thread keeps. */
function returnSpares(turn: u32): bool {
  const thread = someThread(turn)
  const block = spareBlock(thread)
  const history = spareHistory(thread)
  if (block) pushBlock(block, 0)
  if (history) freeHistory(history, 0)
  return block != 0 || history != 0
}

/**
 * Ends one life for its memory: the oldest unpinned one of the list that is furthest above its share and has one, then the
 * oldest pinned one. References that are never released would so leave no memory to the lives that are under way: where
 * pinned lives hold most of a list, they go before its newest unpinned ones.
 */
function reclaim(keep: usize, wanted: u32, me: usize): bool {
  return (
    reclaimUnpinned(keep, wanted, true, me) ||
    reclaimPinned(keep, wanted, me) ||
    reclaimUnpinned(keep, wanted, false, me)
  )
}

function reclaimUnpinned(keep: usize, wanted: u32, sparesNewest: bool, me: usize): bool {
  let bound = <f64>Infinity
  let after: u32 = 0
  while (true) {
    let worst: usize = 0
    let worstRatio: f64 = -1
    let worstNumber: u32 = 0
    const lists = look32(HEADER_LISTS)
    for (let n: u32 = 0; n < lists; n++) {
      const list = listNumbered(n)
      const capacity = peek32(list + LIST_RING_CAPACITY)
      if (capacity == 0) continue
      const ratio = bytesOf(list) / <f64>capacity
      if (ratio > bound || (ratio == bound && n <= after)) continue
      if (ratio > worstRatio) {
        worst = list
        worstRatio = ratio
        worstNumber = n
      }
    }
    if (worst == 0) return false
    const spared = sparesNewest && isMostlyPinned(worst) ? UNDER_WAY : 0
    if (evictOldest(worst, keep, wanted, spared, me)) {
      claim64(worst + LIST_EVICTED_BY_BUDGET, 1)
      return true
    }
    bound = worstRatio
    after = worstNumber
  }
}

/** What a list holds of the budget. Counts of blocks may be a little off while threads come and go: below zero, even. */
function bytesOf(list: usize): f64 {
  const blocks = <f64>(<i32>look32(list + LIST_BLOCKS))
  return blocks * BLOCK_BYTES + <f64>windowFill(list) * HISTORY_BYTES
}

/** Whether the newest lives of a list hold less than half of its blocks, while its window holds nothing else. */
function isMostlyPinned(list: usize): bool {
  const fill = windowFill(list)
  return fill <= UNDER_WAY && newestBlocks(list, <u32>fill) < look32(list + LIST_BLOCKS) >> 1
}

/** Pinned, or left out of the window by a thread that died while it pushed. */
function reclaimPinned(keep: usize, wanted: u32, me: usize): bool {
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
        if ((control & CONTROL_LIVE) == 0 || history == keep) continue
        const created = peek64(history + HISTORY_CREATED)
        if (created >= oldestCreated || !has(history, wanted)) continue
        if (refsOf(control) == 0 && isInWindow(history)) continue
        oldest = history
        oldestControl = control
        oldestCreated = created
      }
    }
    if (oldest == 0) return false
    const list = listOf(oldest)
    if (!close(oldest, oldestControl, me)) continue
    claim64(list + LIST_EVICTED_PINNED, 1)
    return true
  }
}
