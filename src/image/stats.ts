// The counters of a recorder: what it holds, and one for every reason why something is missing.

import {
  CHUNK_BYTES,
  COUNTER_ABANDONED,
  COUNTER_DROPPED,
  COUNTER_PUSHES_DROPPED,
  COUNTER_REJECTED,
  COUNTER_RETIRED,
  COUNTER_RETURNED,
  COUNTER_STALE,
  COUNTER_STRINGS_FULL,
  COUNTER_TEXTS_CUT,
  COUNTER_TEXTS_LOST,
  COUNTER_THREADS_FULL,
  COUNTER_UNREFS_BELOW_ZERO,
  HEADER_BUDGET_CHUNKS,
  HEADER_FLAG_COARSE,
  HEADER_FLAG_SHARED,
  HEADER_FLAGS,
  HISTORY_GENERATION,
  HISTORY_SHIFT,
  LIST_BYTES,
  LIST_EVENTS_GONE,
  LIST_EVICTED_BY_BUDGET,
  LIST_EVICTED_PINNED,
  LIST_PUSHED,
  LIST_RECORDS,
} from '../../assembly/layout.ts'
import { isLifeOf, readControl } from './control.ts'
import { countFolded } from './events.ts'
import type { Stats } from './image.ts'
import type { Geometry } from './life.ts'
import type { Lists } from './lists.ts'
import type { Parts } from './parts.ts'
import type { Slots } from './slots.ts'

export function readStats(parts: Parts, lists: Lists): Stats {
  const { bytes, problems, chunks, threads, verbs } = parts
  const counter = (offset: number) =>
    problems.attempt('read the counters', () => bytes.u64(offset, 'a counter')) ?? 0
  const published = lists.published()
  const total = (offset: number) =>
    published.reduce((sum, list) => sum + counter(LIST_RECORDS + list * LIST_BYTES + offset), 0)
  const flags = bytes.u32(HEADER_FLAGS, 'HEADER_FLAGS')
  const slots = lists.slots()
  const retained = countRetained(parts, lists, slots)
  const evictedByBudget = total(LIST_EVICTED_BY_BUDGET)
  const evictedPinned = total(LIST_EVICTED_PINNED)
  const evictedByWindow = published.reduce(
    (sum, list) => sum + lists.evictedByWindow(list, slots),
    0,
  )
  return {
    pushed: total(LIST_PUSHED),
    logged: total(LIST_EVENTS_GONE) + retained.events,
    folded: retained.folded,
    histories: retained.histories,
    evicted: evictedByWindow + evictedByBudget + evictedPinned,
    evictedByWindow,
    evictedByBudget,
    evictedPinned,
    stale: counter(COUNTER_STALE),
    dropped: counter(COUNTER_DROPPED),
    rejected: counter(COUNTER_REJECTED),
    pushesDropped: counter(COUNTER_PUSHES_DROPPED),
    textsLost: counter(COUNTER_TEXTS_LOST),
    textsCut: counter(COUNTER_TEXTS_CUT),
    stringsFull: counter(COUNTER_STRINGS_FULL),
    abandoned: counter(COUNTER_ABANDONED),
    returned: counter(COUNTER_RETURNED),
    retired: counter(COUNTER_RETIRED),
    unrefsBelowZero: counter(COUNTER_UNREFS_BELOW_ZERO),
    threadsFull: counter(COUNTER_THREADS_FULL),
    threads: threads.count,
    lists: lists.all().length,
    verbs: verbs.all().length,
    bytes: chunks.count * CHUNK_BYTES,
    budget: bytes.u32(HEADER_BUDGET_CHUNKS, 'HEADER_BUDGET_CHUNKS') * CHUNK_BYTES,
    shared: (flags & HEADER_FLAG_SHARED) !== 0,
    coarse: (flags & HEADER_FLAG_COARSE) !== 0,
  }
}

/** Of all lists that were published: the histories of a destroyed one may not be freed yet. */
function countRetained(parts: Parts, lists: Lists, slots: Map<number, Slots>) {
  const { bytes, problems } = parts
  let histories = 0
  let events = 0
  let folded = 0
  for (const list of lists.published()) {
    const of = lists.get(list)
    for (const slot of slots.get(list)?.all ?? []) {
      histories++
      events += problems.attempt('count the events', () => readControl(bytes, slot).claimed) ?? 0
      if (of?.coalesce) folded += foldedIn(parts, slot, of.geometry)
    }
  }
  return { histories, events, folded }
}

/** Counted in the events, where it costs the writers nothing: of the repeats that are left. */
function foldedIn(parts: Parts, slot: number, geometry: Geometry): number {
  const { bytes, problems } = parts
  return (
    problems.attempt('count the repeats', () => {
      const control = readControl(bytes, slot)
      const generation = bytes.u32(slot + HISTORY_GENERATION, 'HISTORY_GENERATION')
      if (!isLifeOf(bytes, slot, control, generation)) return 0
      return countFolded(parts, {
        number: slot >>> HISTORY_SHIFT,
        offset: slot,
        generation,
        claimed: control.claimed,
        geometry,
        name: () => `the history at byte ${slot}`,
      })
    }) ?? 0
  )
}
