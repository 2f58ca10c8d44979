// Lists: which histories they retain, and how a history is found again.

import { describe, expect, test } from 'vitest'
import { type History, type List, Recorder } from '../../src/index.ts'

function given({ window = 4, maxEvents = 300 } = {}) {
  const recorder = new Recorder({ budget: '4MiB' })
  const verbs = recorder.verbs({ REF: +1, UNREF: -1, SEND: 0, DESTROY: 'end' })
  return { recorder, verbs, list: recorder.list('TCP con', { window, maxEvents }) }
}

/** The first word logged to each retained history, which the tests make its name. */
const retained = (list: List) => [...list.histories()].map((history) => history.events()[0]?.log)

function pushNamed(list: List, verb: Parameters<History['log']>[0], count: number, from = 0) {
  return Array.from({ length: count }, (_, n) => {
    const history = list.push(from + n)
    history.log(verb, '%d', from + n)
    return history
  })
}

describe('the window', () => {
  // before:  [0 1 2 3]      one push:  0 [1 2 3 4]      four more:  4 [5 6 7 8]
  test('retains the last N pushed, oldest first', () => {
    const { list, verbs, recorder } = given({ window: 4 })
    pushNamed(list, verbs.SEND, 4)
    expect(retained(list)).toEqual(['0', '1', '2', '3'])
    pushNamed(list, verbs.SEND, 1, 4)
    expect(retained(list)).toEqual(['1', '2', '3', '4'])
    // The pusher's own reference does not pin: only ref() does.
    expect(recorder.stats()).toMatchObject({ pushed: 5, evictedByWindow: 1, evicted: 1 })
    pushNamed(list, verbs.SEND, 4, 5)
    expect(retained(list)).toEqual(['5', '6', '7', '8'])
  })

  test('does not ask whether a history has ended', () => {
    const { list, verbs } = given({ window: 3 })
    const [first, second] = pushNamed(list, verbs.SEND, 2)
    second?.log(verbs.DESTROY, 'gone')
    pushNamed(list, verbs.SEND, 1, 2)
    expect(retained(list)).toEqual(['0', '1', '2'])
    pushNamed(list, verbs.SEND, 1, 3)
    expect(retained(list)).toEqual(['1', '2', '3'])
    expect(first?.events()).toEqual([])
    expect(second?.events()).toHaveLength(2)
  })

  test('of 1 retains the last one', () => {
    const { list, verbs } = given({ window: 1 })
    pushNamed(list, verbs.SEND, 10)
    expect(retained(list)).toEqual(['9'])
  })

  test('of 0 retains all while the budget lasts', () => {
    const { list, verbs, recorder } = given({ window: 0 })
    pushNamed(list, verbs.SEND, 2_000)
    expect(retained(list)).toHaveLength(2_000)
    expect(recorder.stats()).toMatchObject({ evicted: 0, histories: 2_000 })
  })

  test('counts the same object pushed twice as two lives', () => {
    const { list, verbs } = given({ window: 4 })
    list.push(0x10).log(verbs.SEND, 'first life')
    list.push(0x10).log(verbs.SEND, 'second life')
    expect(retained(list)).toEqual(['first life', 'second life'])
  })

  test('does not hold the histories of another list', () => {
    const { recorder, list, verbs } = given({ window: 2 })
    const other = recorder.list('dialogs', { window: 2 })
    pushNamed(list, verbs.SEND, 2)
    pushNamed(other, verbs.SEND, 5, 100)
    expect(retained(list)).toEqual(['0', '1'])
    expect(retained(other)).toEqual(['103', '104'])
  })
})

describe('history.ref()', () => {
  test('pins the history beyond the window until unref() lets go', () => {
    const { list, verbs } = given({ window: 2 })
    const [first] = pushNamed(list, verbs.SEND, 1) as [History]
    expect(first.ref()).toBe(true)
    pushNamed(list, verbs.SEND, 5, 1)
    expect(retained(list)).toEqual(['0', '4', '5'])
    expect(first.log(verbs.SEND, 'still here')).toBe(true)
    expect(list.at(first.handle)?.events()).toHaveLength(2)
    // One for ref(), one for the pusher's own.
    expect(first.unref()).toBe(true)
    while (first.unref());
    expect(retained(list)).toEqual(['4', '5'])
    expect(first.log(verbs.SEND, 'too late')).toBe(false)
    expect(list.at(first.handle)).toBeUndefined()
  })

  test('is false on a history that is gone, and unref() too', () => {
    const { list, verbs } = given({ window: 1 })
    const [first] = pushNamed(list, verbs.SEND, 2) as [History]
    expect([first.ref(), first.unref()]).toEqual([false, false])
  })

  test('of unref() below zero is false and counted', () => {
    const { list, verbs, recorder } = given()
    const [history] = pushNamed(list, verbs.SEND, 1) as [History]
    while (history.unref());
    expect(recorder.stats().unrefsBelowZero).toBe(1)
    expect(history.unref()).toBe(false)
    expect(recorder.stats().unrefsBelowZero).toBe(2)
    expect(history.events()).toHaveLength(1)
  })
})

describe('list.at()', () => {
  test('finds the same history by its handle', () => {
    const { list, verbs } = given()
    const [, second] = pushNamed(list, verbs.SEND, 3) as [History, History]
    const found = list.at(second.handle)
    expect(found?.handle).toBe(second.handle)
    expect(found?.log(verbs.SEND, 'by its number')).toBe(true)
    expect(second.events().map(({ log }) => log)).toEqual(['1', 'by its number'])
  })

  test('is undefined for a handle whose history is gone, whose log is false and counted', () => {
    const { list, verbs, recorder } = given({ window: 2 })
    const [first] = pushNamed(list, verbs.SEND, 3) as [History]
    const { stale } = recorder.stats()
    expect(list.at(first.handle)).toBeUndefined()
    expect(first.log(verbs.SEND, 'into the void')).toBe(false)
    expect(first.log(verbs.SEND, 'with a text %s', 'of its own')).toBe(false)
    expect(first.events()).toEqual([])
    expect(recorder.stats().stale).toBeGreaterThanOrEqual((stale as number) + 2)
  })

  test('never gives a later history for an old handle', () => {
    const { list, verbs } = given({ window: 2 })
    const [first] = pushNamed(list, verbs.SEND, 1) as [History]
    const handles = new Set([first.handle])
    for (let n = 0; n < 500; n++) {
      const history = list.push(n)
      expect(handles.has(history.handle)).toBe(false)
      handles.add(history.handle)
    }
    expect(list.at(first.handle)).toBeUndefined()
  })

  test('is undefined for the handle of another list', () => {
    const { recorder, list, verbs } = given()
    const [history] = pushNamed(list, verbs.SEND, 1) as [History]
    expect(recorder.list('dialogs').at(history.handle)).toBeUndefined()
  })

  test.each([
    [0],
    [-1],
    [1],
    [1.5],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [2 ** 52],
    [Number.MAX_SAFE_INTEGER],
    ['7'],
    [null],
    [undefined],
    [{}],
    [7n],
  ])('is undefined for %s, which is no handle', (handle) => {
    const { list, verbs } = given()
    pushNamed(list, verbs.SEND, 3)
    expect(list.at(handle as number)).toBeUndefined()
  })
})

describe('list.push()', () => {
  const objects: [string, number | bigint | string][] = [
    ['an address', 0x7f95acf6ea60],
    ['zero', 0],
    ['a negative number', -7],
    ['minus zero', -0],
    ['a fraction', 1.25],
    ['NaN', Number.NaN],
    ['the largest safe integer', Number.MAX_SAFE_INTEGER],
    ['a bigint', 0xffff8000deadbeefn],
    ['a negative bigint', -5n],
    ['a bigint of 200 bits', 2n ** 200n],
    ['the empty string', ''],
    ['a UUID', '123e4567-e89b-12d3-a456-426614174000'],
    ['37 characters', 'x'.repeat(37)],
    ['300 characters', 'conn-'.repeat(60)],
    ['Unicode', 'Düsseldorf ☎ 東京 😀'],
    ['long Unicode', '😀é東'.repeat(40)],
  ]
  test.each(objects)('keeps %s as the object that it is', async (_, object) => {
    const { list, verbs, recorder } = given()
    const history = list.push(object)
    expect(history.handle).toBeGreaterThan(0)
    expect(history.log(verbs.SEND, 'hello')).toBe(true)
    const { openImage } = await import('../../src/inspect.ts')
    const image = openImage(recorder.snapshot())
    const [found] = image.list('TCP con')?.histories() ?? []
    // A bigint beyond 64 bits is known by its text.
    expect(found?.object).toEqual(object === 2n ** 200n ? `${object}` : object)
    expect(found?.handle).toBe(history.handle)
    expect(image.find(found?.object as string).map(({ handle }) => handle)).toEqual([
      history.handle,
    ])
    expect(image.problems()).toEqual([])
  })

  test.each([[undefined], [null], [true], [{}], [Symbol('s')], [() => 1]])(
    'never throws for the object %s',
    (object) => {
      const { list, verbs } = given()
      expect(list.push(object as never).log(verbs.SEND, 'x')).toBe(true)
    },
  )

  test('never throws for an object whose toString throws', () => {
    const { list, verbs } = given()
    const hostile = {
      toString() {
        throw new Error('mine')
      },
    }
    expect(list.push(hostile as never).log(verbs.SEND, 'x')).toBe(true)
  })
})

describe('list.enabled', () => {
  test('switches push() and log() off and on again', () => {
    const { list, verbs, recorder } = given()
    const history = list.push(1)
    list.enabled = false
    expect(list.enabled).toBe(false)
    expect(history.log(verbs.SEND, 'off')).toBe(false)
    const unpushed = list.push(2)
    expect(unpushed.handle).toBe(0)
    expect(recorder.stats()).toMatchObject({ pushed: 1, logged: 0 })
    list.enabled = true
    expect(history.log(verbs.SEND, 'on')).toBe(true)
    expect(unpushed.log(verbs.SEND, 'never pushed')).toBe(false)
    expect(unpushed.log(verbs.SEND, '%s', 'never pushed')).toBe(false)
    expect([unpushed.ref(), unpushed.unref(), unpushed.flush()]).toEqual([false, false, 0])
    expect(unpushed.events()).toEqual([])
    expect(history.events().map(({ log }) => log)).toEqual(['on'])
  })

  test('is false from the start where the options say so', () => {
    const { recorder } = given()
    const list = recorder.list('quiet', { enabled: false })
    expect(list.enabled).toBe(false)
    expect(list.push(1).handle).toBe(0)
  })
})

describe('list.destroy()', () => {
  test('makes every handle stale, pinned ones too, and the name free', () => {
    const { list, verbs, recorder } = given({ window: 10 })
    const histories = pushNamed(list, verbs.SEND, 5)
    histories[0]?.ref()
    list.destroy()
    for (const history of histories) {
      expect(list.at(history.handle)).toBeUndefined()
      expect(history.log(verbs.SEND, 'after destroy()')).toBe(false)
      expect(history.events()).toEqual([])
    }
    expect([...list.histories()]).toEqual([])
    expect(list.push(1).log(verbs.SEND, 'into nothing')).toBe(false)
    expect(recorder.stats().lists).toBe(0)

    const anew = recorder.list('TCP con', { window: 3 })
    expect(anew).not.toBe(list)
    expect(anew.window).toBe(3)
    pushNamed(anew, verbs.SEND, 4, 50)
    expect(retained(anew)).toEqual(['51', '52', '53'])
    expect([...list.histories()].length === 0 || retained(list)[0] === '51').toBe(true)
    for (const history of histories) expect(anew.at(history.handle)).toBeUndefined()
  })

  test('can be called twice', () => {
    const { list } = given()
    list.destroy()
    expect(() => list.destroy()).not.toThrow()
  })
})
