// One row an event, the same in every format: what tables of many processes and hosts are made of.

import type { Event, History, Image, Role } from '../image/image.ts'
import { wallTime } from '../image/wall-time.ts'

/** An image, and the machine that it came from. */
export interface Origin {
  readonly image: Image
  /** '': as the image has it. */
  readonly host: string
}

export interface Row {
  /** '' where it is not known. */
  readonly host: string
  readonly pid: number
  readonly tid: number
  readonly thread: string
  readonly list: string
  /** `0x7f95acf6ea60`, or the string itself. */
  readonly object: string
  /** Handle of the history: one life of the object. */
  readonly history: number
  /** Place in its history, from 0. */
  readonly index: number
  /** Microseconds since the recorder began. */
  readonly t: number
  /** The wall clock, ISO 8601 in UTC with microseconds; '' where the image's own cannot be believed. */
  readonly time: string
  /** '' where nothing but a loss at the end of a life is told. */
  readonly verb: string
  readonly role: Role
  /** The text; of equal events that were folded into one, ` × 40` behind it. */
  readonly log: string
  /** `file:line:function` of the call, where it was filled in at build time. */
  readonly site: string
  /** Events missing just before this one. */
  readonly lost: number
  /** Where the life began: the same for the lives of one object in several processes. */
  readonly origin: string
}

/** In the order in which every format has them. */
export const COLUMNS = [
  'host',
  'pid',
  'tid',
  'thread',
  'list',
  'object',
  'history',
  'index',
  't',
  'time',
  'verb',
  'role',
  'log',
  'site',
  'lost',
  'origin',
] as const satisfies readonly (keyof Row)[]

/** A life and the rows of its events. */
export interface Life {
  readonly origin: Origin
  readonly history: History
  readonly rows: readonly Row[]
}

/** Lists as the image has them, their lives oldest first, one decoded at a time. */
export function* livesOf(origins: Iterable<Origin>): Generator<Life, void, undefined> {
  for (const origin of origins)
    for (const list of origin.image.lists())
      for (const history of list.histories()) yield lifeOf(origin, history)
}

export function lifeOf(origin: Origin, history: History): Life {
  const host = hostOf(origin)
  const of = { image: origin.image, host, began: history.origin ?? '' }
  const rows = history.events().map((event) => rowOf(of, history, event))
  return { origin, history, rows }
}

/** One row for each event, life after life, decoded as they are asked for: of an image of any size few are held at a time. */
export function* rowsOf(origins: Iterable<Origin>): Generator<Row, void, undefined> {
  for (const { rows } of livesOf(origins)) yield* rows
}

/** Whose rows these are. */
export const hostOf = ({ image, host }: Origin): string => host || image.host

interface Of {
  readonly image: Image
  readonly host: string
  /** Origin of the life. */
  readonly began: string
}

function rowOf({ image, host, began }: Of, history: History, event: Event): Row {
  const repeats = event.count > 1 ? ` × ${event.count}` : ''
  return {
    host,
    pid: event.pid,
    tid: event.tid,
    thread: event.thread,
    list: history.list.name,
    object: history.objectText,
    history: history.handle,
    index: event.index,
    t: event.t,
    time: wallTime(image, event.t),
    verb: event.verb,
    role: event.role,
    log: `${event.log}${repeats}`,
    site: event.site ?? '',
    lost: event.lost,
    origin: began,
  }
}
