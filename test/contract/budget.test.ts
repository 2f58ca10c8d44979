// The budget: what a recorder does when its memory is used up. It never grows past it, never throws, and counts.

import { describe, expect, test } from 'vitest'
import { type History, type List, Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'

const MiB = 2 ** 20

function given(budget = '1MiB') {
  const recorder = new Recorder({ budget })
  return { recorder, verbs: recorder.verbs({ SEND: 0, DESTROY: 'end' }) }
}

const objects = (list: List, recorder: Recorder) =>
  openImage(recorder.snapshot())
    .list(list.name)
    ?.histories()
    .map(({ object }) => object) ?? []

describe('a budget of 1 MiB', () => {
  test('is never exceeded, however much is pushed and logged', () => {
    const { recorder, verbs } = given()
    const list = recorder.list('TCP con', { window: 0, maxText: 1000 })
    for (let n = 0; n < 5000; n++) {
      const history = list.push(n % 3 === 0 ? `object ${n} `.repeat(1 + (n % 30)) : n)
      expect(history.handle).toBeGreaterThan(0)
      for (let i = 0; i < 30; i++) {
        const isRecorded =
          i % 5 === 0
            ? history.log(verbs.SEND, '%d %s', n, `text ${i} `.repeat(n % 90))
            : history.log(verbs.SEND, '%d %d', n, i)
        if (!isRecorded) throw new Error(`${n}.${i} was not recorded`)
      }
      expect(history.events()).toHaveLength(30)
    }
    const stats = recorder.stats()
    expect(stats).toMatchObject({ pushed: 5000, logged: 150_000, dropped: 0, pushesDropped: 0 })
    expect(stats.bytes).toBeLessThanOrEqual(MiB)
    expect(recorder.share().memory.buffer.byteLength).toBeLessThanOrEqual(MiB)
    expect(stats.evictedByBudget).toBe(5000 - (stats.histories as number))
    expect(stats.histories).toBeGreaterThan(20)
    expect(openImage(recorder.snapshot()).problems()).toEqual([])
  })

  //  [0 1 2 … 4999]  ->  0 and the newest stay:  [0 | 4900 … 4999]
  test('sends the oldest unpinned out first, and keeps the pinned', () => {
    const { recorder, verbs } = given()
    const list = recorder.list('TCP con', { window: 0 })
    const pinned: History[] = []
    for (let n = 0; n < 3000; n++) {
      const history = list.push(n)
      if (n % 500 === 7 && history.ref()) pinned.push(history)
      for (let i = 0; i < 30; i++) history.log(verbs.SEND, '%d %d', n, i)
    }
    const left = objects(list, recorder) as number[]
    const isPinned = (n: number) => n % 500 === 7
    expect(left.filter(isPinned)).toEqual([7, 507, 1007, 1507, 2007, 2507])
    const others = left.filter((n) => !isPinned(n))
    const first = others[0] as number
    expect(others.length).toBeGreaterThan(100)
    expect(others).toEqual(
      Array.from({ length: 3000 - first }, (_, n) => first + n).filter((n) => !isPinned(n)),
    )
    for (const history of pinned) expect(history.events()).toHaveLength(30)
    expect(recorder.stats().evictedPinned).toBe(0)
  })

  test('sends the oldest pinned out last, and counts them', () => {
    const { recorder, verbs } = given()
    const list = recorder.list('TCP con', { window: 0 })
    for (let n = 0; n < 3000; n++) {
      const history = list.push(n)
      history.ref()
      for (let i = 0; i < 30; i++) {
        if (!history.log(verbs.SEND, '%d %d', n, i)) throw new Error(`${n}.${i} was not recorded`)
      }
    }
    const left = (objects(list, recorder) as number[]).sort((one, other) => one - other)
    const { evictedPinned, evictedByBudget, histories, dropped } = recorder.stats()
    expect(dropped).toBe(0)
    expect(evictedPinned).toBeGreaterThan(0)
    expect((evictedPinned as number) + (evictedByBudget as number)).toBe(
      3000 - (histories as number),
    )
    expect(left.at(-1)).toBe(2999)
    expect(left.length).toBeGreaterThan(100)
    // The times of one coarse millisecond are equal, so the oldest are so to within a few.
    expect((left[0] as number) > 3000 - 2 * left.length).toBe(true)
  })

  test('used up by one pinned history still takes the events of others', () => {
    const { recorder, verbs } = given('512KiB')
    const list = recorder.list('TCP con', { window: 0, maxEvents: 50_000 })
    const glutton = list.push('glutton')
    glutton.ref()
    let recorded = 0
    for (let n = 0; n < 60_000; n++) if (glutton.log(verbs.SEND, '%d', n)) recorded++
    const stats = recorder.stats()
    expect(recorded + (stats.dropped as number)).toBe(60_000)
    expect(stats.bytes).toBeLessThanOrEqual(MiB / 2)
    const next = list.push('next')
    expect(next.log(verbs.SEND, 'here')).toBe(true)
    expect(next.events()).toHaveLength(1)
    expect(openImage(recorder.snapshot()).problems()).toEqual([])
  })

  test('says which events of a history found no memory, and goes on after them', () => {
    const { recorder, verbs } = given('512KiB')
    const list = recorder.list('TCP con', { window: 0, maxText: 8192 })
    const history = list.push(1)
    const text = 'x'.repeat(8000)
    for (let n = 0; n < 300; n++) {
      const isRecorded = history.log(verbs.SEND, '%s', `${n} ${text}`)
      expect(typeof isRecorded).toBe('boolean')
    }
    const { textsLost, dropped, bytes } = recorder.stats()
    expect((textsLost as number) + (dropped as number)).toBeGreaterThan(0)
    expect(bytes).toBeLessThanOrEqual(MiB / 2)
    const events = history.events().filter(({ verb }) => verb !== '')
    const whole = events.filter(({ log }) => log.endsWith('x'))
    for (const { index, log } of whole) expect(log.startsWith(`${index} x`)).toBe(true)
    for (const { log } of events) if (!log.endsWith('x')) expect(log).toMatch(/<.*lost.*>|\+\d+B$/)
  })
})

describe('two lists', () => {
  test('a chatty one does not push out the share of the other', () => {
    const { recorder, verbs } = given()
    const quiet = recorder.list('dialogs', { window: 100 })
    const chatty = recorder.list('TCP con', { window: 5000 })
    for (let n = 0; n < 20; n++) {
      const history = quiet.push(n)
      for (let i = 0; i < 5; i++) history.log(verbs.SEND, '%d %d', n, i)
    }
    for (let n = 0; n < 10_000; n++) {
      const history = chatty.push(n)
      for (let i = 0; i < 30; i++) history.log(verbs.SEND, '%d %d', n, i)
    }
    expect(objects(quiet, recorder)).toEqual(Array.from({ length: 20 }, (_, n) => n))
    for (const history of quiet.histories()) expect(history.events()).toHaveLength(5)
    expect(objects(chatty, recorder).length).toBeGreaterThan(100)
    expect(recorder.stats()).toMatchObject({ evictedPinned: 0, dropped: 0 })
  })

  test('a chatty one with the smaller window pays with its own past', () => {
    const { recorder, verbs } = given()
    const steady = recorder.list('steady', { window: 50 })
    const chatty = recorder.list('chatty', { window: 50, maxEvents: 5000, maxText: 1000 })
    for (let n = 0; n < 50; n++) steady.push(n).log(verbs.SEND, 'here')
    for (let n = 0; n < 200; n++) {
      const history = chatty.push(n)
      for (let i = 0; i < 2000; i++) history.log(verbs.SEND, '%d %d', n, i)
    }
    expect(objects(steady, recorder)).toHaveLength(50)
  })

  test('memory of a destroyed list serves the others', () => {
    const { recorder, verbs } = given()
    for (let round = 0; round < 40; round++) {
      const list = recorder.list(`list`, { window: 100 })
      for (let n = 0; n < 200; n++) {
        const history = list.push(n)
        if (!history.log(verbs.SEND, 'round %d', round)) throw new Error(`round ${round}, ${n}`)
      }
      expect([...list.histories()]).toHaveLength(100)
      list.destroy()
      if (round === 5) break
    }
    expect(recorder.stats().dropped).toBe(0)
  })
})
