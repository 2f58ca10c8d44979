// Lists made with `coalesce`: equal events in a row are one, with a count and the times of the first and the last.

import { afterEach, describe, expect, test } from 'vitest'
import { EVENT_BYTES, EVENT_WHAT } from '../../assembly/layout.ts'
import { foldAt } from '../../src/image/repeats.ts'
import { type Event, type ListOptions, Recorder, type RecorderOptions } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { spawnWorker, type TestWorker, until } from '../support/platform.ts'

function given(options: ListOptions = {}, ofRecorder: RecorderOptions = {}) {
  const recorder = new Recorder({ budget: '2MiB', thread: 'main', ...ofRecorder })
  const verbs = recorder.verbs({ TICK: 0, TOCK: 0, END: 'end' })
  const list = recorder.list('jobs', { coalesce: true, ...options })
  const history = list.push(0x10)
  const seen = () => openImage(recorder.snapshot()).history(history.handle)
  const tick = (times: number, argument = 7) => {
    for (let n = 0; n < times; n++) expect(history.log(verbs.TICK, 'tick %d', argument)).toBe(true)
  }
  return { recorder, verbs, list, history, seen, tick }
}

const shortly = (events: readonly Event[]) =>
  events.map(({ index, lastIndex, count, log }) => [index, lastIndex, count, log])
const counts = (events: readonly Event[]) => events.map(({ count }) => count)

describe('equal events in a row', () => {
  test.each([
    [1, 0],
    [2, 1],
    [3, 1],
    [40, 1],
    [10_000, 1],
  ])('%i of them are one event in at most two places', (times, lastIndex) => {
    const { history, seen, tick, recorder } = given()
    tick(times)
    expect(shortly(history.events())).toEqual([[0, lastIndex, times, 'tick 7']])
    expect(seen()?.len).toBe(lastIndex + 1)
    expect(seen()?.gaps()).toEqual([])
    expect(recorder.stats()).toMatchObject({
      logged: lastIndex + 1,
      folded: times - lastIndex - 1,
    })
  })

  test('are another run where the count of one is full', () => {
    const { history, verbs, recorder } = given()
    let recorded = 0
    for (let n = 0; n < 70_000; n++) if (history.log(verbs.TICK, 'tick')) recorded++
    expect(recorded).toBe(70_000)
    expect(counts(history.events())).toEqual([65_537, 4463])
    expect(recorder.stats()).toMatchObject({ logged: 4, folded: 69_996 })
  })

  test('keep each its own record in a list without the option', () => {
    const { history, tick, recorder } = given({ coalesce: false })
    tick(3)
    expect(counts(history.events())).toEqual([1, 1, 1])
    expect(history.events().every(({ t, last }) => t === last)).toBe(true)
    expect(recorder.stats().folded).toBe(0)
  })

  test.each(['coarse', 'precise'] as const)(
    'have a first and a last time, %s clock',
    async (clock) => {
      const { history, verbs, recorder } = given({}, { clock })
      history.log(verbs.TICK, 'tick')
      const first = history.events()[0] as Event
      expect(first.last).toBe(first.t)
      const last = () => {
        history.log(verbs.TICK, 'tick')
        return (history.events()[0] as Event).last
      }
      await until(() => last() > first.t, 'a later time')
      history.log(verbs.TOCK, 'tock')
      const [run, next] = history.events() as [Event, Event]
      expect(run.t).toBe(first.t)
      expect(run.count).toBeGreaterThan(1)
      expect(next.t).toBeGreaterThanOrEqual(run.last)
      expect(recorder.stats().folded).toBe(run.count - (run.lastIndex - run.index) - 1)
    },
  )
})

describe('a run ends', () => {
  test('at another verb, format, argument, or number of arguments', () => {
    const { history, verbs, tick } = given()
    tick(3)
    for (let n = 0; n < 2; n++) history.log(verbs.TOCK, 'tick %d', 7)
    tick(1)
    for (let n = 0; n < 2; n++) history.log(verbs.TICK, 'tack %d', 7)
    tick(2, 8)
    for (let n = 0; n < 2; n++) history.log(verbs.TICK, 'tick %d', 8, 9)
    for (let n = 0; n < 2; n++) history.log(verbs.TICK, 'tick %d', 8, 9, 10)
    for (let n = 0; n < 2; n++) history.log(verbs.TICK, 'tick %d', 8, 9, 11)
    expect(counts(history.events())).toEqual([3, 2, 1, 2, 2, 2, 2, 2])
  })

  test("at another thread's event", () => {
    const { recorder, history, verbs } = given()
    const other = Recorder.join(recorder.share(), { thread: 'other' })
    const itsVerbs = other.verbs({ TICK: 0 })
    const its = other.list('jobs', { coalesce: true }).at(history.handle)
    for (const times of [1, 3, 2]) {
      for (let n = 0; n < times; n++) history.log(verbs.TICK, 'tick')
      for (let n = 0; n < times + 1; n++) its?.log(itsVerbs.TICK, 'tick')
    }
    const events = history.events()
    expect(counts(events)).toEqual([1, 2, 3, 4, 2, 3])
    expect(events.map(({ thread }) => thread)).toEqual(Array(3).fill(['main', 'other']).flat())
  })

  test('at the end of a block', () => {
    const { history, tick } = given()
    for (let n = 0; n < 16; n++) tick(1, 100 + n)
    tick(4)
    expect(shortly(history.events()).slice(15)).toEqual([
      [15, 15, 1, 'tick 115'],
      [16, 16, 1, 'tick 7'],
      [17, 18, 3, 'tick 7'],
    ])
  })

  test('not in the last place of a block', () => {
    const { history, tick } = given()
    for (let n = 0; n < 15; n++) tick(1, 100 + n)
    tick(4)
    tick(1, 8)
    expect(shortly(history.events()).slice(15)).toEqual([
      [15, 16, 4, 'tick 7'],
      [17, 17, 1, 'tick 8'],
    ])
  })

  test('where the life ends: what is late is folded only with what is late', () => {
    const { history, verbs, tick } = given()
    tick(2)
    history.log(verbs.END, 'bye')
    tick(3)
    history.unref()
    tick(2)
    const events = history.events()
    expect(counts(events)).toEqual([2, 1, 3, 2])
    expect(events.map(({ late }) => late)).toEqual(['', '', 'after end', 'after end'])
  })

  test('where the last reference is released', () => {
    const { history, tick } = given()
    tick(2)
    history.unref()
    tick(3)
    expect(history.events().map(({ count, late }) => [count, late])).toEqual([
      [2, ''],
      [3, 'after last unref'],
    ])
  })
})

describe('not folded are', () => {
  test("events of 'end' verbs", () => {
    const { history, verbs } = given()
    for (let n = 0; n < 3; n++) history.log(verbs.END, 'bye')
    expect(counts(history.events())).toEqual([1, 1, 1])
  })

  test('events with a text, or more than three arguments', () => {
    const { history, verbs } = given()
    for (let n = 0; n < 3; n++) history.log(verbs.TICK, '%d %d %d %d', 1, 2, 3, 4)
    for (let n = 0; n < 3; n++) history.log(verbs.TICK, '%j', { a: 1 })
    expect(counts(history.events())).toEqual([1, 1, 1, 1, 1, 1])
  })

  test('strings, until they are known', () => {
    const { history, verbs } = given()
    for (let n = 0; n < 20; n++) history.log(verbs.TICK, 'to %s', 'peer')
    for (let n = 0; n < 3; n++) history.log(verbs.TICK, 'to %s', 'another')
    const events = history.events()
    expect(events[0]).toMatchObject({ count: 1, log: 'to peer' })
    const toPeer = events.filter(({ log }) => log === 'to peer')
    expect(toPeer.at(-1)?.count).toBeGreaterThan(10)
    expect(toPeer.reduce((sum, { count }) => sum + count, 0)).toBe(20)
    expect(events.filter(({ log }) => log === 'to another')[0]?.count).toBe(1)
  })

  test('events of a life that is gone, which are refused', () => {
    const { history, list, recorder, tick, verbs } = given({ window: 1 })
    tick(3)
    const next = list.push(0x20)
    next.log(verbs.TICK, 'tick %d', 7)
    expect(history.log(verbs.TICK, 'tick %d', 7)).toBe(false)
    expect(counts(next.events())).toEqual([1])
    expect(recorder.stats()).toMatchObject({ stale: 1, folded: 0 })
  })
})

describe('what is left of a run', () => {
  test('whose first event fell tells that its arguments are lost', () => {
    const { history, tick, recorder } = given({ maxEvents: 4 })
    tick(1, 1)
    tick(5)
    for (const n of [2, 3]) tick(1, n)
    const events = history.events()
    expect(shortly(events)).toEqual([
      [0, 0, 1, 'tick 1'],
      [2, 2, 4, 'tick %d <arguments lost>'],
      [3, 3, 1, 'tick 2'],
      [4, 4, 1, 'tick 3'],
    ])
    expect(events.map(({ lost }) => lost)).toEqual([0, 1, 0, 0])
    expect(recorder.stats()).toMatchObject({ logged: 5, folded: 3 })
  })

  // Records lie on multiples of 4, the word with the count on one of 8.
  test.each([0, 1, 2, 3])(
    'after %i others, whose count is damaged, is shown as the two events that are sure, and as damaged',
    (others) => {
      const { recorder, history, tick } = given()
      for (let n = 0; n < others; n++) tick(1, n)
      tick(9)
      const bytes = recorder.snapshot()
      const { address } = history.events()[others] as Event
      const at = foldAt(address + EVENT_BYTES) + 6
      bytes[at] = (bytes[at] as number) ^ 1
      const image = openImage(bytes)
      expect(shortly(image.history(history.handle)?.events() ?? []).slice(others)).toEqual([
        [others, others + 1, 2, 'tick 7 <count damaged>'],
      ])
      expect(image.problems()).toMatchObject([{ field: 'REPEAT' }])
      expect(image.stats().folded).toBe(0)
    },
  )

  // Found by the fuzzer.
  test('whose time moved though nothing was folded is shown as it was', () => {
    const { recorder, history, tick } = given()
    tick(2)
    const bytes = recorder.snapshot()
    const [run] = history.events() as [Event]
    const at = foldAt(run.address + EVENT_BYTES)
    new DataView(bytes.buffer).setUint32(at, 123_456_789, true)
    const image = openImage(bytes)
    expect(image.history(history.handle)?.events()).toMatchObject([{ count: 2, last: run.last }])
  })

  test('whose repeat is damaged is its first event, and a loss', () => {
    const { recorder, history, tick } = given()
    tick(9)
    const bytes = recorder.snapshot()
    const { address } = history.events()[0] as Event
    const at = address + EVENT_BYTES + EVENT_WHAT + 2
    bytes[at] = (bytes[at] as number) ^ 1
    const [first, loss] = openImage(bytes).history(history.handle)?.events() ?? []
    expect(first).toMatchObject({ count: 1, log: 'tick 7' })
    expect(loss).toMatchObject({ verb: '', count: 0, lost: 1 })
  })
})

describe('flush()', () => {
  function flushed(options: ListOptions = {}) {
    const written: Array<[number, number]> = []
    const sink = (_: unknown, events: readonly Event[]) => {
      for (const { index, count } of events) written.push([index, count])
    }
    return { written, ...given(options, { sinks: [sink] }) }
  }

  test('writes a run once, and what repeats it later as an event of its own', () => {
    const { history, tick, written } = flushed()
    tick(1)
    expect(history.flush()).toBe(1)
    tick(4)
    expect(history.flush()).toBe(1)
    expect(history.flush()).toBe(0)
    tick(3)
    tick(1, 8)
    expect(history.flush()).toBe(2)
    expect(written).toEqual([
      [0, 1],
      [1, 4],
      [3, 3],
      [5, 1],
    ])
    expect(counts(history.events())).toEqual([1, 4, 3, 1])
  })

  test('at the end of a life (autoLog) writes runs with their counts', () => {
    const { history, tick, verbs, written } = flushed({ autoLog: true })
    tick(3)
    history.log(verbs.END, 'bye')
    expect(written).toEqual([
      [0, 3],
      [2, 1],
    ])
  })
})

describe('several threads in one history', () => {
  const RUNS = 300
  const TIMES = 40
  const workers: TestWorker[] = []
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.terminate()))
  })

  /** What each thread logged, by its name, every repeat written out. */
  function byThread(events: readonly Event[]): Map<string, number[]> {
    const logged = new Map<string, number[]>()
    for (const { thread, log, count } of events) {
      const numbers = logged.get(thread) ?? []
      for (let n = 0; n < count; n++) numbers.push(Number(log))
      logged.set(thread, numbers)
    }
    return logged
  }

  test('fold each its own, and every repeat is counted once, in its order', async () => {
    const recorder = new Recorder({ budget: '16MiB', thread: 'main' })
    recorder.verbs({ SEND: 0 })
    const list = recorder.list('jobs', { coalesce: true, maxEvents: 50_000 })
    const history = list.push(0x10)
    for (const thread of ['one', 'two', 'three'])
      workers.push(
        await spawnWorker(new URL('./recorder.worker.mjs', import.meta.url), {
          ticket: recorder.share(),
          thread,
        }),
      )
    let isOver = false
    const all = Promise.all(
      workers.map((worker) => worker.call('logRuns', 'jobs', history.handle, RUNS, TIMES)),
    ).finally(() => {
      isOver = true
    })
    while (!isOver) {
      for (const numbers of byThread(history.events()).values())
        expect(numbers).toEqual([...numbers].sort((one, other) => one - other))
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    expect(await all).toEqual([RUNS * TIMES, RUNS * TIMES, RUNS * TIMES])
    const whole = Array.from({ length: RUNS * TIMES }, (_, n) => Math.floor(n / TIMES))
    const image = openImage(recorder.snapshot())
    const logged = byThread(image.history(history.handle)?.events() ?? [])
    expect([...logged.keys()].sort()).toEqual(['one', 'three', 'two'])
    for (const numbers of logged.values()) expect(numbers).toEqual(whole)
    expect(image.problems()).toEqual([])
    const { folded, logged: places } = recorder.stats()
    expect(Number(folded) + Number(places)).toBe(3 * RUNS * TIMES)
    expect(Number(folded)).toBeGreaterThan(0)
  })
})
