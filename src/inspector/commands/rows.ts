// What `--json` prints: one object for each list, history, event. Names of keys are those of `shdb export` where it has them.

import type { Event, History, List, Thread, Verb } from '../../image/image.ts'
import { wallTime } from '../../image/wall-time.ts'
import type { Json } from '../print/json.ts'
import { loggedTo, stateOf } from '../print/record.ts'
import type { Target } from '../target.ts'

type Row = Record<string, Json>

export const listRow = (target: Target, list: List): Row => ({
  image: target.image.source,
  number: list.number,
  list: list.name,
  histories: list.histories().length,
  window: list.window,
  pushed: list.pushed,
  evictedByWindow: list.evictedByWindow,
  evictedByBudget: list.evictedByBudget,
  evictedPinned: list.evictedPinned,
  eventsGone: list.eventsGone,
  enabled: list.enabled,
  autoLog: list.autoLog,
  coalesce: list.coalesce,
  sample: list.sample,
  maxEvents: list.maxEvents,
  maxText: list.maxText,
})

/** A life without its events. */
export const historyRow = (target: Target, history: History): Row => ({
  image: target.image.source,
  list: history.list.name,
  object: history.objectText,
  history: history.handle,
  order: history.order,
  state: stateOf(history).replace(', pinned', ''),
  pinned: history.pinned,
  ref: history.ref,
  len: history.len,
  logged: loggedTo(history),
  created: history.created,
  thread: history.thread,
  site: history.site,
  origin: history.origin,
  lost: history.gaps().map(({ from, to, count, cause }) => ({ from, to, count, cause })),
})

export const eventRow = (target: Target, history: History, event: Event): Row => ({
  image: target.image.source,
  host: target.image.host,
  list: history.list.name,
  object: history.objectText,
  history: history.handle,
  index: event.index,
  count: event.count,
  t: event.t,
  last: event.last,
  time: wallTime(target.image, event.t) || null,
  pid: event.pid,
  tid: event.tid,
  thread: event.thread,
  verb: event.verb,
  role: event.role,
  log: event.log,
  site: event.site,
  lost: event.lost,
  late: event.late,
  backtrace: event.backtrace?.split('\n'),
})

export const threadRow = (target: Target, thread: Thread): Row => ({
  image: target.image.source,
  ...thread,
})

export const verbRow = (target: Target, verb: Verb): Row => ({
  image: target.image.source,
  number: verb.id,
  verb: verb.name,
  role: verb.role,
  pin: verb.pin,
  enabled: verb.enabled,
})
