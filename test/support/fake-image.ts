// An Image made of plain values: what the inspector's tests read, so that they need neither bytes nor a recorder. The same
// content stands in test/gdb/structs.c, at the same addresses.

import type { Event, Gap, History, Image, List, Role, Thread, Verb } from '../../src/image/image.ts'

export interface FakeEvent {
  readonly verb: string
  readonly t: number
  readonly pid: number
  readonly tid: number
  readonly log: string
  readonly address: number
  readonly lost?: number
  readonly late?: Event['late']
}

export interface FakeHistory {
  readonly object: number | bigint | string
  readonly handle: number
  readonly address: number
  readonly created: number
  readonly ref?: number
  readonly ended?: boolean
  readonly pinned?: boolean
  readonly gaps?: readonly Gap[]
  readonly events: readonly FakeEvent[]
}

export interface FakeList {
  readonly name: string
  readonly address: number
  readonly window: number
  readonly pushed?: number
  readonly histories: readonly FakeHistory[]
}

const ROLES: Readonly<Record<string, Role>> = {
  TCP_REF: 'ref',
  TCP_UNREF: 'unref',
  TCP_SEND2CHILD: 'none',
  TCP_DESTROY: 'end',
}

const verbs: Verb[] = Object.entries(ROLES).map(([name, role], id) => ({
  id,
  name,
  role,
  pin: false,
  enabled: true,
}))

export function fakeImage(lists: readonly FakeList[], base = 0x7f95acf60000): Image {
  const opened: List[] = lists.map((each, number) => fakeList(each, number))
  const histories = (): History[] => opened.flatMap((list) => list.histories())
  const threads: Thread[] = [
    { number: 0, name: 'main', pid: 49219, tid: 1, runtime: 'node', joined: 0 },
    { number: 1, name: 'tcp worker 1', pid: 49219, tid: 2, runtime: 'node', joined: 1200 },
    { number: 2, name: 'tcp worker 2', pid: 49313, tid: 3, runtime: 'node', joined: 1300 },
  ]
  return {
    source: 'fake.shdump',
    name: 'proxy',
    run: '1122334455667788',
    pid: 49219,
    host: '',
    hostClock: undefined,
    uncertainty: 2000,
    started: 1_700_000_000_000,
    formatVersion: 1,
    coarse: true,
    lastTick: 48_360_500_000,
    base,
    size: 0x20000,
    budget: 64 << 20,
    lists: () => opened,
    list: (name) => opened.find((each) => each.name === name),
    threads: () => threads,
    verbs: () => verbs,
    stats: () => ({ pushed: 2, logged: 9, evicted: 0, dropped: 0, stale: 0, shared: true }),
    history: (handle) => histories().find((each) => each.handle === handle),
    find: (object) =>
      histories().filter((each) =>
        typeof object === 'string' || typeof each.object === 'string'
          ? each.object === object
          : BigInt(each.object) === BigInt(object),
      ),
    problems: () => [],
    bytes: (address, length) => {
      const from = Math.max(0, address - base)
      const left = address < base ? 0 : Math.max(0, 0x20000 - from)
      return new Uint8Array(Math.min(length, left)).fill(0xa5)
    },
  }
}

function fakeList(each: FakeList, number: number): List {
  const list: List = {
    name: each.name,
    number,
    address: each.address,
    window: each.window,
    maxEvents: 300,
    maxText: 128,
    enabled: true,
    autoLog: false,
    coalesce: false,
    sample: 1,
    pushed: each.pushed ?? each.histories.length,
    evictedByWindow: 0,
    evictedByBudget: 0,
    evictedPinned: 0,
    eventsGone: 0,
    histories: () => histories,
  }
  const histories = each.histories.map((one, order) => fakeHistory(one, list, order))
  return list
}

function fakeHistory(each: FakeHistory, list: List, order: number): History {
  let index = 0
  const events: Event[] = each.events.map((event) => {
    index += event.lost ?? 0
    return {
      ...event,
      lastIndex: index,
      index: index++,
      count: 1,
      last: event.t,
      role: ROLES[event.verb] ?? 'none',
      thread: event.tid === 1 ? 'main' : `tcp worker ${event.tid - 1}`,
      lost: event.lost ?? 0,
      late: event.late ?? '',
    }
  })
  return {
    list,
    handle: each.handle,
    object: each.object,
    objectText:
      typeof each.object === 'string' ? each.object : `0x${BigInt(each.object).toString(16)}`,
    created: each.created,
    thread: 'main',
    order,
    ref: each.ref ?? 1,
    ended: each.ended ?? false,
    pinned: each.pinned ?? false,
    len: index,
    flushOffset: 0,
    address: each.address,
    events: () => events,
    gaps: () => [...(each.gaps ?? [])],
  }
}

const TEXTS = 0x7f95acf70000

/** The connection of the seed's story, the session of a user named by a UUID, and a second life of the connection. */
export function tcpImage(): Image {
  const event = (
    place: number,
    verb: string,
    t: number,
    pid: number,
    tid: number,
    log: string,
  ): FakeEvent => ({ verb, t, pid, tid, log, address: TEXTS + place * 128 })
  return fakeImage([
    {
      name: 'TCP con',
      address: 0x7f95acf60400,
      window: 10000,
      histories: [
        {
          object: 0x7f95acf6ea60,
          handle: 16777217,
          address: 0x7f95acf61000,
          created: 48360499000,
          events: [
            event(0, 'TCP_REF', 48360500000, 49219, 1, 'connect, (1)'),
            event(1, 'TCP_UNREF', 48360500000, 49219, 2, 'send 6, (1)'),
            event(2, 'TCP_REF', 48360600000, 49313, 3, 'tcpconn read, (1)'),
            event(3, 'TCP_SEND2CHILD', 48360600000, 49313, 3, 'read'),
            event(4, 'TCP_UNREF', 51601200000, 49313, 3, 'tcpworker destroy, (1)'),
            event(
              5,
              'TCP_DESTROY',
              51601200000,
              49313,
              3,
              'type=2 "quoted" \t\n\\ é aaaaaaaaaaaaaaaaaaaa',
            ),
          ],
        },
      ],
    },
  ])
}

/** Two lists, two lives of one object, string objects, lost and late events. */
export function busyImage(): Image {
  const event = (place: number, verb: string, t: number, tid: number, log: string, more = {}) => ({
    verb,
    t,
    pid: 49219,
    tid,
    log,
    address: TEXTS + 0x4000 + place * 32,
    ...more,
  })
  return fakeImage([
    {
      name: 'TCP con',
      address: 0x7f95acf60400,
      window: 2,
      pushed: 50,
      histories: [
        {
          object: 0x10,
          handle: 16777217,
          address: 0x7f95acf61000,
          created: 1000,
          ended: true,
          events: [
            event(0, 'TCP_REF', 1000, 1, 'first life, (1)'),
            event(
              1,
              'TCP_DESTROY',
              2000,
              2,
              'a text of more than thirty-one bytes, which no record could hold',
            ),
          ],
        },
        {
          object: 0x10,
          handle: 33554434,
          address: 0x7f95acf61080,
          created: 3000,
          ref: 3,
          ended: true,
          gaps: [{ from: 1, to: 37, count: 37, cause: 'fallen' }],
          events: [
            event(2, 'TCP_REF', 3000, 1, 'second life, (1)'),
            event(3, 'TCP_UNREF', 4000, 2, 'send, (0)', { lost: 37 }),
            event(4, 'TCP_DESTROY', 4100, 2, 'destroy'),
            event(5, 'TCP_REF', 5000, 3, 'used again, (1)', { late: 'after end' }),
          ],
        },
      ],
    },
    {
      name: 'sessions',
      address: 0x7f95acf60480,
      window: 100,
      histories: [
        {
          object: 'b9a7-uuid',
          handle: 16777219,
          address: 0x7f95acf61100,
          created: 3500,
          events: [event(6, 'TCP_REF', 3600, 2, 'login')],
        },
      ],
    },
  ])
}
