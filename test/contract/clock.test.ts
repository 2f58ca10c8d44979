// Clocks that go wrong. Times of one history never run backwards and never stand still while time goes on, whatever the
// runtime's clock says; and who reads them is told when they are coarse.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type History, Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { canShareMemory, spawnWorker, type TestWorker, within } from '../support/platform.ts'

const WORKER = new URL('./clock.worker.mjs', import.meta.url)
const HOUR = 3_600_000
const CLOCKS = ['coarse', 'precise'] as const
/** As many events as a thread with the coarse clock logs between two looks at the clock, at most. */
const LOOK = 128

/** What this thread's clock shows, in milliseconds; the tests move it. */
let shown = 0
const read = performance.now

beforeEach(() => {
  shown = 1000
  performance.now = () => shown
})

afterEach(() => {
  performance.now = read
})

function given(clock: 'coarse' | 'precise') {
  const recorder = new Recorder({ budget: '1MiB', clock })
  const history = recorder.list('TCP con', { maxEvents: 20_000 }).push(1)
  return { recorder, history, thread: threadOf(recorder, history) }
}

/** One thread's hold on the history, as if it had a clock of its own. */
function threadOf(recorder: Recorder, of: History) {
  const { SEND } = recorder.verbs({ SEND: 0 })
  const history = recorder.list('TCP con').at(of.handle) as History
  const log = (count = LOOK + 1) => {
    for (let n = 0; n < count; n++) if (!history.log(SEND, '%d', n)) throw new Error('not recorded')
    return lastTime(history)
  }
  return { log, logOne: () => history.log(SEND) }
}

const times = (history: History) => history.events().map(({ t }) => t)
const lastTime = (history: History) => times(history).at(-1) as number

function expectForward(history: History) {
  const all = times(history)
  expect(all).toEqual([...all].sort((one, other) => one - other))
}

for (const clock of CLOCKS) {
  describe(`the ${clock} clock`, () => {
    test('that is set back goes on from where it was', () => {
      const { thread, history } = given(clock)
      shown += 5
      expect(thread.log()).toBe(5000)
      shown -= HOUR
      expect(thread.log()).toBe(5000)
      shown += 7
      expect(thread.log()).toBe(12_000)
      shown -= 0.25
      expect(thread.log()).toBe(12_000)
      shown += 1
      expect(thread.log()).toBe(13_000)
      expectForward(history)
    })

    test('that jumps forward, as after a sleep of hours, takes the times along', () => {
      const { thread, history } = given(clock)
      shown += 5
      thread.log()
      shown += 5 * HOUR
      expect(thread.log()).toBe(5 * HOUR * 1000 + 5000)
      shown += 1
      expect(thread.log()).toBe(5 * HOUR * 1000 + 6000)
      expectForward(history)
    })

    test('that shows nonsense is not believed, and goes on when it makes sense again', () => {
      const { thread, history } = given(clock)
      shown += 5
      thread.log()
      for (const nonsense of [Number.NaN, Infinity, -Infinity, 1e300, -1e300, undefined, 'noon']) {
        performance.now = () => nonsense as number
        expect(thread.log()).toBe(5000)
      }
      performance.now = () => shown
      shown += 5
      expect(thread.log()).toBe(10_000)
      expectForward(history)
    })

    test.runIf(canShareMemory)(
      'of a thread that is behind goes on from the others, at its own speed',
      () => {
        const { recorder, history, thread } = given(clock)
        shown += 5000
        thread.log()
        // The wall clock was set back by an hour before this thread began.
        shown -= HOUR
        const late = threadOf(Recorder.join(recorder.share()), history)
        expect(late.log()).toBe(5_000_000)
        shown += 3
        expect(late.log()).toBe(5_003_000)
        // The first one has its own clock still.
        shown += HOUR
        expect(thread.log()).toBe(5_003_000)
        shown += 2
        expect(thread.log()).toBe(5_005_000)
        expectForward(history)
      },
    )

    test.runIf(canShareMemory)(
      'of a thread that is ahead takes the others along, also once it is gone',
      () => {
        const { recorder, history, thread } = given(clock)
        shown += HOUR
        const ahead = threadOf(Recorder.join(recorder.share()), history)
        expect(ahead.log()).toBe(HOUR * 1000)
        shown -= HOUR - 2
        expect(thread.log()).toBe(HOUR * 1000)
        shown += 2
        expect(thread.log()).toBe(HOUR * 1000 + 2000)
        expectForward(history)
      },
    )

    test.runIf(canShareMemory)('may be another one in another thread of the same recorder', () => {
      const { recorder, history, thread } = given(clock)
      const ticket = { ...recorder.share(), coarse: clock !== 'coarse' }
      const other = threadOf(Recorder.join(ticket), history)
      for (let n = 0; n < 20; n++) {
        shown += 2
        const wanted = (n + 1) * 2000
        expect(thread.log()).toBe(wanted)
        expect(other.log()).toBe(wanted)
      }
      expectForward(history)
    })
  })
}

describe('the coarse clock', () => {
  test('of a thread that never returns to its loop follows it from a rush into a crawl', () => {
    const { thread, history } = given('coarse')
    for (let n = 0; n < 100; n++) {
      shown += 0.004
      thread.log(40)
    }
    // From now on 20 ms between two events. A few may show an old time, then each shows its own.
    const rushed = times(history).length
    const crawl = Array.from({ length: 2 * LOOK }, () => {
      shown += 20
      thread.logOne()
      return shown - 1000
    })
    const late = times(history).map(
      (t, at) => at >= rushed && t / 1000 < (crawl[at - rushed] ?? 0) - 1,
    )
    expect(late.lastIndexOf(true)).toBeLessThan(rushed + 1.5 * LOOK)
    expectForward(history)
  })

  test('within a turn moves by a tenth of a millisecond at least: each move takes the line of the cell from all threads', () => {
    const { thread, history } = given('coarse')
    shown += 5
    expect(thread.log()).toBe(5000)
    shown += 0.0625
    expect(thread.log()).toBe(5000)
    shown += 0.0625
    expect(thread.log()).toBe(5125)
    expectForward(history)
  })

  test('after a sleep shows the time of the sleep for a few events at most', () => {
    const { thread, history } = given('coarse')
    thread.log(20 * LOOK)
    shown += HOUR
    thread.log(2 * LOOK)
    const before = times(history).filter((t) => t < HOUR * 1000)
    expect(before.length).toBeLessThan(21 * LOOK)
    expectForward(history)
  })

  test('is looked at by the first log of each turn of the loop, however fast the turn before was', async () => {
    const { thread, history } = given('coarse')
    for (const turn of ['a callback', 'a part of an async function', 'the next one']) {
      thread.log(20 * LOOK)
      const sleep =
        turn === 'a callback' ? new Promise((resolve) => setTimeout(resolve)) : undefined
      await sleep
      shown += 50
      thread.logOne()
      expect(lastTime(history), turn).toBe((shown - 1000) * 1000)
    }
    expectForward(history)
  })

  test('is looked at more often in a turn that crawls, after turns of a few logs that came fast', async () => {
    const { thread, history } = given('coarse')
    for (let turn = 0; turn < 20; turn++) {
      thread.log(turn === 0 ? 20 * LOOK : 3)
      await undefined
    }
    const first = times(history).length
    for (let n = 0; n < 20; n++) {
      shown += 20
      thread.logOne()
    }
    const late = times(history)
      .slice(first)
      .filter((t, n) => t / 1000 < shown - 1000 - (19 - n) * 20 - 1)
    expect(late.length).toBeLessThan(10)
    expectForward(history)
  })

  test('has no timer: a thread that logs now and then is not woken for it', async () => {
    const { setInterval, setTimeout } = globalThis
    let timers = 0
    const counted = (() => ++timers) as unknown as typeof setInterval & typeof setTimeout
    Object.assign(globalThis, { setInterval: counted, setTimeout: counted })
    try {
      const { thread } = given('coarse')
      for (let turn = 0; turn < 20; turn++) {
        thread.log(3)
        await undefined
      }
    } finally {
      Object.assign(globalThis, { setInterval, setTimeout })
    }
    expect(timers).toBe(0)
  })

  test('says that it is coarse, and when it last ticked', () => {
    const { recorder, thread } = given('coarse')
    shown += 5
    thread.log()
    const image = openImage(recorder.snapshot())
    expect(image.coarse).toBe(true)
    expect(image.lastTick).toBe(5000)
    expect(recorder.stats().coarse).toBe(true)
    expect(image.problems()).toEqual([])
    const precise = given('precise')
    expect(openImage(precise.recorder.snapshot()).coarse).toBe(false)
    expect(precise.recorder.stats().coarse).toBe(false)
  })
})

describe.runIf(canShareMemory)('a thread whose clock is an hour ahead', () => {
  for (const clock of CLOCKS) {
    test(`and that is terminated leaves the others a ${clock} clock that goes on`, async () => {
      performance.now = read
      const { recorder, history, thread } = given(clock)
      const data = { ticket: recorder.share(), handle: history.handle, wrongBy: HOUR }
      let worker: TestWorker | undefined
      try {
        worker = await spawnWorker(WORKER, data)
        const ahead = await worker.call<number>('log', 1000)
        expect(ahead).toBeGreaterThanOrEqual(HOUR * 1000)
        await worker.terminate()
        const alone = thread.log()
        expect(alone).toBeGreaterThanOrEqual(ahead)
        const goesOn = async () => {
          while (thread.log(1) <= alone) await new Promise((resolve) => setTimeout(resolve, 2))
        }
        await within(45_000, 'the clock goes on', goesOn())
        expectForward(history)
      } finally {
        await worker?.terminate()
      }
    })
  }
})
