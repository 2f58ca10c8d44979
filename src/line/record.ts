// What a line says, before it is one: the header of a history, an event of it, or that some were lost.

import { counted } from '../image/counted.ts'
import type { Event, Gap, History, Image } from '../image/image.ts'
import { wallTime } from '../image/wall-time.ts'

export type Element = 'struct-history-life' | 'struct-history' | 'struct-history-lost'

export interface LineRecord {
  readonly element: Element
  readonly host: string
  /** Of the recorder. */
  readonly name: string
  readonly pid: number
  /** The wall clock, as wallTime() gives it. */
  readonly time: string
  /** '' in header and loss lines. */
  readonly verb: string
  /** In the order of docs/LOGGING.md. */
  readonly data: Readonly<Record<string, string | number | boolean>>
  readonly text: string
}

/** An image, and the machine that it came from. */
export interface LineSource {
  readonly image: Image
  /** '': as the image has it. */
  readonly host: string
}

/** Of one life, the events that take the places from `from` up to `to`, with a header before them; none where there are none. */
export function recordsOf(
  source: LineSource,
  history: History,
  from = 0,
  to = Number.POSITIVE_INFINITY,
): LineRecord[] {
  const events = history.events().filter(({ lastIndex, index }) => lastIndex >= from && index < to)
  return events.length === 0 ? [] : told(source, history, events)
}

/** Of a life as it is now, all that is left; its header also where nothing was logged. */
export const recordsOfAll = (source: LineSource, history: History): LineRecord[] =>
  told(source, history, history.events())

function told(source: LineSource, history: History, events: readonly Event[]): LineRecord[] {
  const head = headOf(
    source,
    history,
    events[0]?.index ?? 0,
    events.at(-1)?.lastIndex ?? 0,
    events.length,
  )
  // Decoding a life again for its gaps is for those that have some.
  const gaps = events.some(({ lost }) => lost > 0) ? history.gaps() : []
  return [head, ...events.map((event) => eventOf(source, history, event, gaps))]
}

/** Whole histories that were not written, and why. */
export interface Loss {
  /** Of this telling, from 1. */
  readonly number: number
  readonly time: string
  readonly histories: number
  readonly events: number
  /** `{ 'queue full': 3 }` */
  readonly reasons: Readonly<Record<string, number>>
}

export function lossOf({ image, host }: LineSource, loss: Loss): LineRecord {
  const { number, time, histories, events } = loss
  const reason = Object.entries(loss.reasons)
    .map(([why, count]) => `${why} ${count}`)
    .join(', ')
  return {
    element: 'struct-history-lost',
    host: host || image.host,
    name: image.name,
    pid: image.pid,
    time,
    verb: '',
    data: { run: image.run, name: image.name, number, histories, events, reason },
    text: `${counted(histories, 'history', 'histories')} with ${counted(events, 'event')} not written: ${reason}`,
  }
}

function headOf(
  { image, host }: LineSource,
  history: History,
  from: number,
  to: number,
  events: number,
): LineRecord {
  const { list, objectText, handle, order, created, thread, ref, ended, pinned, len } = history
  return {
    element: 'struct-history-life',
    host: host || image.host,
    name: image.name,
    pid: image.pid,
    time: wallTime(image, created),
    verb: '',
    data: {
      run: image.run,
      name: image.name,
      started: wallTime(image, 0),
      thread,
      list: list.name,
      object: objectText,
      history: handle,
      order,
      created,
      ref,
      ended,
      pinned,
      len,
      from,
      to,
      events,
    },
    text: `${list.name} ${objectText}: ${counted(events, 'event')}${events === 0 ? '' : `, #${from} to #${to}`}`,
  }
}

function eventOf(
  { image, host }: LineSource,
  history: History,
  event: Event,
  gaps: readonly Gap[],
): LineRecord {
  const { pid, tid, thread, index, t, verb, role, site = '', lost, late, count, last } = event
  return {
    element: 'struct-history',
    host: host || image.host,
    name: image.name,
    pid,
    time: wallTime(image, t),
    verb,
    data: {
      run: image.run,
      tid,
      thread,
      list: history.list.name,
      object: history.objectText,
      history: history.handle,
      index,
      t,
      verb,
      role,
      site,
      lost,
      ...(lost === 0 ? {} : { gaps: gapsText(gaps, index - lost, index) }),
      ...(late === '' ? {} : { late }),
      ...(count > 1 ? { count, last } : {}),
      ...(event.backtrace === undefined ? {} : { backtrace: event.backtrace }),
    },
    text: event.log,
  }
}

/** `12-48 fallen, 49-49 unfinished`: those before an event, each with its cause. */
const gapsText = (gaps: readonly Gap[], from: number, to: number): string =>
  gaps
    .filter((gap) => gap.from >= from && gap.to < to)
    .map((gap) => `${gap.from}-${gap.to} ${gap.cause}`)
    .join(', ')
