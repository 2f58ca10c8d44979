// One recorder, real threads: what one records, every other sees; nothing is lost, torn or out of order.

import { afterEach, describe, expect, test } from 'vitest'
import { type Event, type History, Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { spawnWorker, type TestWorker, until } from '../support/platform.ts'

const file = new URL('./recorder.worker.mjs', import.meta.url)

let workers: TestWorker[] = []

afterEach(async () => {
  const ended = workers
  workers = []
  await Promise.all(ended.map((worker) => worker.terminate()))
})

function given({ budget = '16MiB', window = 1000, maxEvents = 300 } = {}) {
  const recorder = new Recorder({ name: 'proxy', budget, thread: 'main thread' })
  const verbs = recorder.verbs({ SEND: 0, DESTROY: 'end' })
  return { recorder, verbs, list: recorder.list('TCP con', { window, maxEvents, maxText: 512 }) }
}

async function join(recorder: Recorder, thread?: string): Promise<TestWorker> {
  const data = { ticket: recorder.share(), thread }
  const worker = await spawnWorker(file, data)
  workers.push(worker)
  return worker
}

const range = (to: number) => Array.from({ length: to }, (_, n) => n)
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

describe('a thread that joins by ticket', () => {
  test('sees the same lists, verbs and histories', async () => {
    const { recorder, list, verbs } = given({ window: 77 })
    const history = list.push('call-id')
    history.log(verbs.SEND, 'from %s', 'the main thread')
    const worker = await join(recorder, 'tcp worker 3')
    expect(await worker.call('see', 'TCP con')).toEqual({
      name: 'proxy',
      window: 77,
      maxEvents: 300,
      maxText: 512,
      enabled: true,
      histories: [
        {
          handle: history.handle,
          events: [{ index: 0, verb: 'SEND', thread: 'main thread', log: 'from the main thread' }],
        },
      ],
    })
    expect(recorder.stats()).toMatchObject({ threads: 2, lists: 1, verbs: 2 })
  })

  test('logs to a history by its handle, and is named in its events', async () => {
    const { recorder, list, verbs } = given()
    const history = list.push(0x10)
    const worker = await join(recorder, 'tcp worker 3')
    history.log(verbs.SEND, 'first')
    expect(await worker.call('log', 'TCP con', history.handle, 'second')).toBe(true)
    history.log(verbs.SEND, 'third')
    const seen = history.events().map(({ index, thread, log }) => [index, thread, log])
    expect(seen).toEqual([
      [0, 'main thread', 'first'],
      [1, 'tcp worker 3', 'second'],
      [2, 'main thread', 'third'],
    ])
  })

  test('finds no history by a stale handle', async () => {
    const { recorder, list } = given({ window: 1 })
    const first = list.push(1)
    const worker = await join(recorder)
    expect(await worker.call('at', 'TCP con', first.handle)).toEqual([])
    list.push(2)
    expect(await worker.call('at', 'TCP con', first.handle)).toBeUndefined()
    expect(await worker.call('log', 'TCP con', first.handle, 'late')).toBe('gone')
  })

  test('pushes histories that others find, and makes lists that others share', async () => {
    const { recorder, verbs } = given()
    const worker = await join(recorder, 'maker')
    const handle = await worker.call<number>('push', 'dialogs', 'Unicode ☎ id', 'made in a worker')
    const dialogs = recorder.list('dialogs', { window: 3 })
    expect(dialogs.window).toBe(10_000)
    expect(dialogs.at(handle)?.events()).toMatchObject([
      { thread: 'maker', log: 'made in a worker' },
    ])
    expect(dialogs.at(handle)?.log(verbs.SEND, 'and answered')).toBe(true)
    expect(await worker.call('at', 'dialogs', handle)).toHaveLength(2)
  })

  test('holds histories by references of its own', async () => {
    const { recorder, list } = given({ window: 1 })
    const history = list.push(1)
    const worker = await join(recorder)
    expect(await worker.call('ref', 'TCP con', history.handle)).toBe(true)
    list.push(2)
    expect(list.at(history.handle)).toBeDefined()
    expect(await worker.call('unref', 'TCP con', history.handle)).toBe(true)
    while (history.unref());
    expect(list.at(history.handle)).toBeUndefined()
  })

  test('switches a list off for all, and destroys it for all', async () => {
    const { recorder, list, verbs } = given()
    const history = list.push(1)
    const worker = await join(recorder)
    await worker.call('enable', 'TCP con', false)
    expect(list.enabled).toBe(false)
    expect(history.log(verbs.SEND, 'off')).toBe(false)
    await worker.call('enable', 'TCP con', true)
    expect(history.log(verbs.SEND, 'on')).toBe(true)
    await worker.call('destroy', 'TCP con')
    expect(history.log(verbs.SEND, 'destroyed')).toBe(false)
    expect(recorder.stats().lists).toBe(0)
  })

  test('sees memory that another thread grew', async () => {
    const { recorder, list } = given()
    const worker = await join(recorder)
    const handles = await worker.call<number[]>('pushMany', 'TCP con', 1, 1000, 100)
    expect(handles).toHaveLength(1000)
    expect(recorder.stats().bytes).toBeGreaterThan(2 * 2 ** 20)
    const last = list.at(handles.at(-1) as number)
    expect(last?.events().map(({ log }) => log)).toEqual(range(100).map((i) => `1 999 ${i}`))
  })

  test('refuses what is no ticket', async () => {
    const worker = await spawnWorker(file)
    workers.push(worker)
    expect(await worker.call('refuse', { structHistory: 'ticket' })).toMatch(
      /^TypeError: Cannot join/,
    )
    expect(await worker.call('refuse', undefined)).toMatch(/^TypeError: Cannot join a recorder/)
  })
})

describe('several threads at once', () => {
  /** Every number that was acknowledged stands there once, in the order in which its thread logged it. */
  function expectWhole(events: Event[], acknowledged: number[][]) {
    expect(events.map(({ index }) => index)).toEqual(range(events.length))
    expect(events.every(({ lost }) => lost === 0)).toBe(true)
    expect(events.filter(({ log }) => /<text (lost|damaged)>$/.test(log))).toEqual([])
    acknowledged.forEach((numbers, who) => {
      const own = events.filter(({ log }) => log.startsWith(`${who} `))
      expect(own.map(({ log }) => Number(log.split(' ')[1]))).toEqual(numbers)
      for (const { log } of own) {
        const n = Number(log.split(' ')[1])
        expect(log).toBe(n % 3 === 0 ? `${who} ${n} text ${n}` : `${who} ${n}`)
      }
    })
    expect(events).toHaveLength(acknowledged.flat().length)
    for (let n = 1; n < events.length; n++)
      expect((events[n] as Event).t >= (events[n - 1] as Event).t).toBe(true)
  }

  test('log into one history: each event once, in order, none lost', async () => {
    const { recorder, list, verbs } = given({ maxEvents: 50_000 })
    const history = list.push(1)
    const count = 6000
    const threads = [await join(recorder, 'worker 0'), await join(recorder, 'worker 1')]
    const answers = threads.map((worker, who) =>
      worker.call<number[]>('logMany', 'TCP con', history.handle, who, count),
    )
    const own: number[] = []
    for (let n = 0; n < 2000; n++) {
      if (
        history.log(
          verbs.SEND,
          n % 3 === 0 ? '%d %d text %d' : '%d %d',
          2,
          n,
          ...(n % 3 ? [] : [n]),
        )
      )
        own.push(n)
      if (n % 100 === 0) await sleep(0)
    }
    const acknowledged = [...(await Promise.all(answers)), own]
    expect(acknowledged.map(({ length }) => length)).toEqual([count, count, 2000])
    expectWhole(history.events(), acknowledged)
    expect(recorder.stats()).toMatchObject({ logged: 2 * count + 2000, dropped: 0, abandoned: 0 })
  })

  test('log into one history of 300 events: each that is kept is whole, the rest is counted', async () => {
    const { recorder, list } = given()
    const history = list.push(1)
    const threads = [await join(recorder), await join(recorder)]
    await Promise.all(
      threads.map((worker, who) => worker.call('logMany', 'TCP con', history.handle, who, 6000)),
    )
    const events = history.events()
    expect(events.length + events.reduce((sum, { lost }) => sum + lost, 0)).toBe(12_000)
    expect(events.map(({ index }) => index)).toEqual([
      ...range(75),
      ...range(225).map((n) => n + 11_775),
    ])
    for (const { log } of events) expect(log).toMatch(/^[01] (\d+)( text \1)?$/)
  })

  test('push into one list: each history is retained once, with all its events', async () => {
    const { recorder, list } = given({ window: 5000 })
    const threads = [await join(recorder), await join(recorder)]
    const handles = await Promise.all(
      threads.map((worker, who) => worker.call<number[]>('pushMany', 'TCP con', who + 1, 1500, 10)),
    )
    const retained = [...list.histories()]
    expect(retained.map(({ handle }) => handle).sort()).toEqual(handles.flat().sort())
    expect(new Set(handles.flat()).size).toBe(3000)
    handles.forEach((own, who) => {
      own.forEach((handle, n) => {
        const texts = list
          .at(handle)
          ?.events()
          .map(({ log }) => log)
        expect(texts).toEqual(range(10).map((i) => `${who + 1} ${n} ${i}`))
      })
    })
  })

  test('push into one small window: exactly the window stays', async () => {
    const { recorder, list } = given({ window: 50 })
    const threads = [await join(recorder), await join(recorder)]
    await Promise.all(
      threads.map((worker, who) => worker.call('pushMany', 'TCP con', who + 1, 3000, 3)),
    )
    const retained = [...list.histories()]
    expect(retained).toHaveLength(50)
    for (const history of retained) expect(history.events()).toHaveLength(3)
    expect(recorder.stats()).toMatchObject({ pushed: 6000, evictedByWindow: 5950, histories: 50 })
  })

  // A thread that sleeps inside push() while others push a whole window must not wake up with another's handle.
  test('push into a window of 2: no two ever get the same handle', async () => {
    const { recorder } = given({ window: 2 })
    const threads = [await join(recorder), await join(recorder), await join(recorder)]
    const handles = await Promise.all(
      threads.map((worker, who) =>
        worker.call<number[]>('pushMany', 'TCP con', who + 1, 200_000, 0),
      ),
    )
    const pushed = handles.flat().filter((handle) => handle !== 0)
    expect(pushed.length).toBeGreaterThan(500_000)
    expect(pushed.length - new Set(pushed).size).toBe(0)
  })
})

/** Deno and Chromium let a terminated worker run on for a while. */
async function untilQuiet(recorder: Recorder) {
  let before = -1
  let now = recorder.stats().logged as number
  for (const deadline = Date.now() + 10_000; now !== before && Date.now() < deadline; ) {
    await sleep(150)
    ;[before, now] = [now, recorder.stats().logged as number]
  }
  expect(now).toBe(before)
}

describe('terminate()', () => {
  test('of threads that write leaves an image that opens, and all others go on', async () => {
    const { recorder, list, verbs } = given({ budget: '2MiB', window: 100 })
    const witness = list.push('witness')
    witness.ref()
    for (let round = 0; round < 6; round++) {
      const worker = await join(recorder, `victim ${round}`)
      const before = recorder.stats().pushed as number
      worker.post('forever', 'TCP con', round + 1)
      await until(() => (recorder.stats().pushed as number) > before + 20, 'the victim pushes')
      await sleep(7 * round)
      await worker.terminate()

      expect(witness.log(verbs.SEND, 'round %d', round)).toBe(true)
      expect(openImage(recorder.snapshot()).list('TCP con')?.histories().length).toBeGreaterThan(0)

      await untilQuiet(recorder)
      const image = openImage(recorder.snapshot())
      for (const history of image.list('TCP con')?.histories() ?? []) {
        const who = Math.floor(Number(history.object) / 1_000_000)
        const n = Number(history.object) % 1_000_000
        const isWhole = (log: string, i: number) =>
          log.startsWith(history.object === 'witness' ? 'round ' : `${who} ${n} ${i}`)
        const torn = history
          .events()
          .filter(({ verb, log, index }) => verb !== '' && !isWhole(log, index))
        expect(torn).toEqual([])
      }
      expect(image.problems()).toEqual([])
    }
    expect(witness.events().map(({ log }) => log)).toEqual(range(6).map((n) => `round ${n}`))
    const survivor = await join(recorder, 'survivor')
    const handles = await survivor.call<number[]>('pushMany', 'TCP con', 9, 50, 20)
    const last = list.at(handles.at(-1) as number) as History
    expect(last.events()).toHaveLength(20)
  })
})

/** A snapshot since which this thread's clock has not moved: its timer has stopped. */
async function untilItRests(recorder: Recorder): Promise<Uint8Array> {
  const isSame = (one: Uint8Array, other: Uint8Array) => one.every((byte, at) => byte === other[at])
  for (let before = recorder.snapshot(); ; ) {
    await sleep(50)
    const now = recorder.snapshot()
    if (isSame(before, now)) return now
    before = now
  }
}

describe('joining', () => {
  test("writes nothing but the thread's own record and its name", async () => {
    const { recorder, list, verbs } = given({ budget: '2MiB' })
    for (let n = 0; n < 200; n++) list.push(n).log(verbs.SEND, 'event of %d', n)
    const before = await untilItRests(recorder)
    const worker = await join(recorder, 'a name')
    const after = recorder.snapshot()
    expect(after.length).toBe(before.length)
    const changed = range(before.length).filter((at) => before[at] !== after[at])
    const { HEADER_STRING_CURSOR, HEADER_THREADS, STRING_DATA, THREAD_BYTES, CHUNK_BYTES } =
      await import('../../assembly/layout.ts')
    const inHeader = changed.filter((at) => at < CHUNK_BYTES)
    for (const at of inHeader) {
      const isOfThreads = at >= HEADER_THREADS && at < HEADER_THREADS + 4
      const isOfStrings = at >= HEADER_STRING_CURSOR && at < HEADER_STRING_CURSOR + 8
      expect(isOfThreads || isOfStrings, `byte ${at} of the header`).toBe(true)
    }
    // Its record, the name's bytes, and their id in the index.
    expect(changed.length - inHeader.length).toBeLessThanOrEqual(
      THREAD_BYTES + STRING_DATA + 'a name'.length + 2 + 4,
    )
    expect(await worker.call('at', 'TCP con', 0)).toBeUndefined()
    expect(
      openImage(after)
        .threads()
        .map(({ name }) => name),
    ).toEqual(['main thread', 'a name'])
  })
})
