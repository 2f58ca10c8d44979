// The accounting of kill.test.ts can fail: what is dropped, doubled, torn or moved is found, and named.

import { beforeEach, describe, expect, test } from 'vitest'
import * as at from '../../assembly/layout.ts'
import { Recorder } from '../../build/index.js'
import { ImageBytes } from '../../src/image/bytes.ts'
import { eventCheck } from '../../src/image/check.ts'
import { type Event, type History, type Image, openImage } from '../../src/inspect.ts'
import { random } from '../support/random.mjs'
// @ts-expect-error Plain JavaScript: threads of Node 20 load it.
import { account } from './accounting.mjs'
// @ts-expect-error Plain JavaScript, too.
import { Actor, chattersOf, commons } from './actor.mjs'
// @ts-expect-error Plain JavaScript, too.
import { capacity, capacityLists, spendAll } from './capacity.mjs'
// @ts-expect-error Plain JavaScript, too.
import { objectOf, threadName, whoOf } from './contents.mjs'
// @ts-expect-error Plain JavaScript, too.
import { CHATTER_BEGUN, CHATTER_DONE, COUNT, HAS_JOINED, Ledger, LOG } from './ledger.mjs'

const CONNECTIONS = 0
const KEEPS_ALL = { keepsAll: true }

let recorder: Recorder
let threads: { who: number; isDead: boolean; ledger: Ledger; actor: Actor }[]

beforeEach(() => twoThreads(500))

/** Two threads that took turns, one operation at a time, until the ledgers were full, and then some more. */
function twoThreads(records: number, prefers?: string) {
  recorder = new Recorder({ name: 'kill', budget: '64MiB', thread: threadName(0) })
  const shared = commons({ lists: 20, verbs: 20 })
  const options = { window: 20_000, maxEvents: 3000, maxText: 2048 }
  const listOptions = {
    connections: options,
    dialogs: options,
    noise: { ...options, window: 8 },
    volatile: options,
  }
  const chatters = chattersOf(recorder)
  threads = [0, 1].map((who) => {
    const joined = who === 0 ? recorder : Recorder.join(recorder.share(), { thread: threadName(1) })
    const ledger = new Ledger(who, Ledger.cells(records), shared.now)
    Atomics.store(ledger.cells, HAS_JOINED, 1)
    const actor = new Actor({
      ...shared,
      chatters,
      recorder: joined,
      listOptions,
      ledger,
      random: random(who + records),
      prefers,
    })
    return { who, isDead: false, ledger, actor }
  })
  while (!threads.every(({ ledger }) => ledger.isFull))
    for (const { actor, ledger } of threads) if (!ledger.isFull) actor.step()
  for (let n = 0; n < 40; n++) for (const { actor } of threads) actor.step()
}

/** What the accounting says of the memory, after `spoil` has had its way with a copy of it. */
function faultsOf(spoil: (bytes: Uint8Array, image: Image) => void = () => {}): string[] {
  const bytes: Uint8Array = recorder.snapshot()
  spoil(bytes, openImage(bytes))
  return account(openImage(bytes), threads, KEEPS_ALL).faults
}

/** The longest life that both threads logged to. */
function busiest(image: Image): { history: History; events: Event[] } {
  const lives = (image.list('connections')?.histories() ?? []).map((history) => ({
    history,
    events: history.events(),
  }))
  const both = lives.filter(({ events }) => new Set(events.map(({ log }) => whoOf(log))).size === 2)
  both.sort((one, other) => other.events.length - one.events.length)
  return both[0] as { history: History; events: Event[] }
}

const ofThread = (events: Event[], who: number) => events.filter(({ log }) => whoOf(log) === who)
const isPlain = ({ log }: Event) => /^\d+ \d+$/.test(log)

/** Makes the event at `to` say what the one at `from` says, as if it had been logged there: its check is right. */
function copyEvent(bytes: Uint8Array, from: Event, to: Event, history: History) {
  bytes.copyWithin(to.address, from.address, from.address + at.EVENT_BYTES)
  const view = new DataView(bytes.buffer)
  const generation = Math.floor(history.handle / 2 ** at.HISTORY_NUMBER_BITS)
  const number = history.handle % 2 ** at.HISTORY_NUMBER_BITS
  const check = eventCheck(
    new ImageBytes(bytes, 'spoilt'),
    to.address,
    to.index,
    number,
    generation,
  )
  view.setUint32(to.address + at.EVENT_CHECK, check, true)
}

function exchange(bytes: Uint8Array, one: Event, other: Event, history: History) {
  const before = bytes.slice(one.address, one.address + at.EVENT_BYTES)
  copyEvent(bytes, other, one, history)
  bytes.set(before, other.address)
  copyEvent(bytes, other, other, history)
}

describe('the accounting', () => {
  test('finds nothing where all is well, and has then seen every event', () => {
    const { faults, figures } = account(openImage(recorder.snapshot()), threads, KEEPS_ALL)
    expect(faults).toEqual([])
    expect(figures.verified).toBeGreaterThan(500)
    expect(figures['noise verified']).toBeGreaterThan(10)
    expect(figures.lost).toBe(0)
  })

  test('finds nothing either where a ledger is full in the middle of an operation', () => {
    for (const prefers of ['log', 'push', 'ref', 'unrefOwn', 'noise', 'destroy', 'extra'])
      for (let records = 1; records <= 12; records++) {
        twoThreads(records, prefers)
        expect({ prefers, records, faults: faultsOf() }).toEqual({ prefers, records, faults: [] })
      }
  })

  test('finds an event whose bytes were changed', () => {
    const faults = faultsOf((bytes, image) => {
      const event = busiest(image).events[3] as Event
      bytes[event.address + at.EVENT_WORDS] = (bytes[event.address + at.EVENT_WORDS] as number) ^ 1
    })
    expect(faults.join('\n')).toMatch(/has 1 damaged events/)
    expect(faults.join('\n')).toMatch(/1 acknowledged events are missing, 0 fell/)
  })

  test('finds an acknowledged event that is lost, though nobody died', () => {
    const faults = faultsOf((bytes, image) => {
      const event = busiest(image).events[3] as Event
      new DataView(bytes.buffer).setUint32(event.address + at.EVENT_CHECK, 0, true)
    })
    expect(faults.join('\n')).toMatch(
      /1 events are lost, and 0 threads died that were logging to it/,
    )
    expect(faults.join('\n')).toMatch(
      /1 acknowledged events are missing, 0 fell \(1 of others are lost\)/,
    )
  })

  test('finds an event that stands twice, in the place of another', () => {
    const faults = faultsOf((bytes, image) => {
      const { history, events } = busiest(image)
      const [one, other] = ofThread(events, 1).filter(isPlain) as [Event, Event]
      copyEvent(bytes, one, other, history)
    })
    expect(faults.join('\n')).toMatch(/twice, or out of the order in which it was logged/)
    expect(faults.join('\n')).toMatch(/acknowledged events are missing, 0 fell/)
  })

  test('finds two events of one thread in the wrong order', () => {
    const faults = faultsOf((bytes, image) => {
      const { history, events } = busiest(image)
      const [one, other] = ofThread(events, 1).filter(isPlain) as [Event, Event]
      exchange(bytes, one, other, history)
    })
    expect(faults.join('\n')).toMatch(/twice, or out of the order in which it was logged/)
  })

  test('finds events of two threads in the order in which they were not logged', () => {
    const faults = faultsOf((bytes, image) => {
      const { history, events } = busiest(image)
      const plain = events.filter(isPlain)
      // Neighbours, so that each thread's own order stays.
      const n = plain.findIndex((event, i) => {
        const next = plain[i + 1]
        return next && next.index === event.index + 1 && whoOf(next.log) !== whoOf(event.log)
      })
      const [one, other] = [plain[n] as Event, plain[n + 1] as Event]
      exchange(bytes, one, other, history)
    })
    expect(faults.join('\n')).toMatch(/which began after it had ended/)
  })

  test('finds an event in a history that it was not logged to', () => {
    const faults = faultsOf((bytes, image) => {
      const { history, events } = busiest(image)
      const foreign = (image.list('dialogs')?.histories() ?? [])
        .flatMap((other) => other.events())
        .find(isPlain) as Event
      copyEvent(bytes, foreign, events.find(isPlain) as Event, history)
    })
    expect(faults.join('\n')).toMatch(/though its thread logged no such event to it/)
  })

  test('finds an event that is whole and of no thread', () => {
    const faults = faultsOf((bytes, image) => {
      const { history, events } = busiest(image)
      const event = events.find(isPlain) as Event
      new DataView(bytes.buffer).setInt32(event.address + at.EVENT_WORDS, 77, true)
      copyEvent(bytes, event, event, history)
    })
    expect(faults.join('\n')).toMatch(/has an event that nobody logged: "77 /)
  })

  test('finds that a refused event is there all the same', () => {
    const [{ ledger }] = threads as [(typeof threads)[0]]
    const refused = [...ledger.records()].find(
      ({ kind, list }) => kind === LOG && list === CONNECTIONS,
    )
    ledger.end(refused.n, false)
    expect(faultsOf().join('\n')).toMatch(/was refused, and connections #\d+ is there/)
  })

  test('finds that an acknowledged history is gone', () => {
    const [{ ledger }] = threads as [(typeof threads)[0]]
    const [push] = [...ledger.records()].filter(({ list }) => list === CONNECTIONS)
    ledger.end(push.n, true, push.handle + 50_000 * 2 ** 24)
    expect(faultsOf().join('\n')).toMatch(/connections #\d+ is gone, with an? \w+ \(\d+\)/)
  })

  test('finds a history that nobody pushed, and one that is there twice', () => {
    recorder.list('connections').push(objectOf(7, 3))
    expect(faultsOf().join('\n')).toMatch(/which nobody pushed/)
    recorder.list('connections').push(objectOf(7, 3))
    expect(faultsOf().join('\n')).toMatch(/is there twice/)
  })

  test('finds a reference that nobody took', () => {
    const [history] = [...recorder.list('connections').histories()]
    history.ref()
    expect(faultsOf().join('\n')).toMatch(/has \d+ references, \d+ were acknowledged/)
  })

  test('finds that of the histories that all log to one lacks an acknowledged event', () => {
    const [, { ledger }] = threads as [unknown, (typeof threads)[0]]
    for (const cell of [CHATTER_BEGUN, CHATTER_DONE]) Atomics.add(ledger.cells, cell, 1)
    expect(faultsOf().join('\n')).toMatch(/^chatter #\d+ has \d+ events, \d+ were acknowledged/)
    Atomics.sub(ledger.cells, CHATTER_DONE, 1)
    expect(faultsOf().join('\n')).toMatch(/events that thread 1 logged in the chatter/)
  })

  test('finds an operation of a living thread that never ended', () => {
    const [, { ledger }] = threads as [unknown, (typeof threads)[0]]
    Atomics.sub(ledger.cells, COUNT, 1)
    ledger.begin(LOG, CONNECTIONS, [...recorder.list('connections').histories()][0].handle)
    expect(faultsOf().join('\n')).toMatch(/thread 1 lives, and its operation 499 has not ended/)
  })

  test('finds a thread that joined and has no record', () => {
    const ledger = new Ledger(2, Ledger.cells(8), new Int32Array(1))
    Atomics.store(ledger.cells, HAS_JOINED, 1)
    threads.push({ who: 2, isDead: true, ledger, actor: undefined })
    expect(faultsOf()).toEqual(['0 threads are called "killed 2"'])
  })
})

describe('the capacity of a recorder', () => {
  function spent() {
    const own = new Recorder({ budget: '1MiB' })
    const left = own.list('left', { window: 100 })
    const room = capacityLists(own)
    spendAll(room)
    return { own, left, room }
  }

  test('is the same twice, and less by exactly what is held', () => {
    const whole = capacity(spent().room)
    expect(capacity(spent().room)).toEqual(whole)
    const { own, left, room } = spent()
    const { SEND } = own.verbs({ SEND: 0 })
    for (let n = 0; n < 3; n++) {
      const history = left.push(n)
      for (let k = 0; k < 35; k++) history.log(SEND, '%d', k)
      // Else the budget would take it.
      history.ref()
    }
    const { slots, blocks, directories } = capacity(room)
    expect(slots).toBe(whole.slots - 3)
    expect(blocks).toBe(whole.blocks - 9)
    expect(directories).toBe(whole.directories - 3)
  })
})
