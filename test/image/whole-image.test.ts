// An image as the recorder leaves it: all that it holds comes back.

import { describe, expect, test } from 'vitest'
import * as at from '../../assembly/layout.ts'
import { openImage } from '../../src/inspect.ts'
import { ImageBuilder } from '../support/image-builder.ts'

function givenProxy() {
  const image = new ImageBuilder({ name: 'proxy' })
  image.thread('main', { tid: 1 })
  image.thread('tcp worker 1', { tid: 2 })
  image.verb('TCP_REF', 'ref').verb('TCP_UNREF', 'unref').verb('TCP_SEND').verb('TCP_END', 'end')
  return image
}

describe('openImage()', () => {
  test('reads the header', () => {
    const image = openImage(givenProxy().build(), { source: 'conns.shdump', base: 0x1000 })
    expect(image.source).toBe('conns.shdump')
    expect(image.name).toBe('proxy')
    expect(image.pid).toBe(4711)
    expect(image.started).toBe(Date.UTC(2026, 0, 2, 3, 4, 5))
    expect(image.formatVersion).toBe(at.FORMAT_VERSION)
    expect(image.coarse).toBe(true)
    expect(image.base).toBe(0x1000)
    expect(image.size).toBe(3 * at.CHUNK_BYTES)
    expect(image.budget).toBe(256 * at.CHUNK_BYTES)
    expect(image.problems()).toEqual([])
  })

  test('reads threads and verbs', () => {
    const image = openImage(givenProxy().build())
    expect(image.threads()).toEqual([
      { number: 0, name: 'main', pid: 4711, tid: 1, runtime: 'node', joined: 0 },
      { number: 1, name: 'tcp worker 1', pid: 4711, tid: 2, runtime: 'node', joined: 10 },
    ])
    expect(image.verbs().map((verb) => [verb.name, verb.role])).toEqual([
      ['TCP_REF', 'ref'],
      ['TCP_UNREF', 'unref'],
      ['TCP_SEND', 'none'],
      ['TCP_END', 'end'],
    ])
  })

  test('reads the same bytes at an odd address and from shared memory', () => {
    const given = givenProxy()
    given.list('TCP con').push(0x10).log('TCP_REF', 'connect, (%d)', 1).log('TCP_SEND', '%s', 'x')
    const bytes = given.build()
    const odd = new Uint8Array(bytes.length + 1).subarray(1)
    odd.set(bytes)
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
    shared.set(bytes)
    for (const copy of [odd, shared]) {
      const logs = openImage(copy)
        .find(0x10)[0]
        ?.events()
        .map((event) => event.log)
      expect(logs).toEqual(['connect, (1)', 'x'])
    }
  })
})

describe('a list', () => {
  test('tells its options and its retained histories, oldest first', () => {
    const given = givenProxy()
    const list = given.list('TCP con', { window: 10, maxEvents: 40, maxText: 64 })
    list.push(0x30)
    list.push(0x20)
    const opened = openImage(given.build()).list('TCP con')
    expect(opened).toMatchObject({ window: 10, maxEvents: 40, maxText: 64, enabled: true })
    expect(opened?.pushed).toBe(2)
    expect(opened?.histories().map((history) => history.objectText)).toEqual(['0x30', '0x20'])
  })

  test('that was destroyed is not shown, nor are its histories', () => {
    const given = givenProxy()
    const list = given.list('TCP con')
    const { handle } = list.push(0x10)
    list.destroy()
    const image = openImage(given.build())
    expect(image.lists()).toEqual([])
    expect(image.find(0x10)).toEqual([])
    expect(image.history(handle)).toBeUndefined()
  })

  test('that a thread died over while it destroyed it is shown with the histories that are left', () => {
    const given = givenProxy()
    const list = given.list('TCP con')
    list.push(0x10)
    list.push(0x20)
    list.destroy(1)
    const image = openImage(given.build())
    expect(
      image
        .list('TCP con')
        ?.histories()
        .map(({ object }) => object),
    ).toEqual([0x20])
  })
})

describe('a history', () => {
  test('tells its object, its references and its state', () => {
    const given = givenProxy()
    const list = given.list('TCP con')
    list.push(0x7f95acf6ea60, { thread: 1, created: 77 }).refs(2).log('TCP_REF')
    list.push('dialog 7').flags(at.CONTROL_RELEASED | at.CONTROL_ENDED)
    list
      .push('x'.repeat(200))
      .refs(1)
      .flags(at.CONTROL_RELEASED | at.CONTROL_OUT)
    list.push(-5)
    list.push(1.5)
    list.push(2n ** 63n - 1n)
    const histories = openImage(given.build()).list('TCP con')?.histories() ?? []
    expect(histories.map((history) => history.objectText)).toEqual([
      '0x7f95acf6ea60',
      'dialog 7',
      'x'.repeat(200),
      '-5',
      '1.5',
      '0x7fffffffffffffff',
    ])
    expect(histories[0]).toMatchObject({ thread: 'tcp worker 1', created: 77, ref: 3, len: 1 })
    expect(histories[0]).toMatchObject({ ended: false, pinned: false, order: 0 })
    expect(histories[1]).toMatchObject({ ref: 0, ended: true })
    expect(histories[2]).toMatchObject({ ref: 1, pinned: true })
  })

  test('is found by its handle and by no other', () => {
    const given = givenProxy()
    const pushed = given.list('TCP con').push(0x10, { generation: 70000 })
    const image = openImage(given.build())
    expect(image.history(pushed.handle)?.objectText).toBe('0x10')
    expect(image.history(pushed.handle + 2 ** at.HISTORY_NUMBER_BITS)).toBeUndefined()
    for (const wrong of [0, -1, 1.5, Number.NaN, 2 ** 52, pushed.handle + 1])
      expect(image.history(wrong)).toBeUndefined()
    expect(image.problems()).toEqual([])
  })

  test('is found by its object, a number and a bigint of equal value being one', () => {
    const given = givenProxy()
    const list = given.list('TCP con')
    const other = given.list('dialogs')
    other.push(0x10, { created: 5 })
    list.push(16n, { created: 9 })
    list.push('0x10')
    list.push(-1)
    list.push(0.5)
    const image = openImage(given.build())
    expect(image.find(16).map((history) => history.list.name)).toEqual(['dialogs', 'TCP con'])
    expect(image.find(16n)).toHaveLength(2)
    expect(image.find('0x10')).toHaveLength(1)
    expect(image.find('0x11')).toHaveLength(0)
    expect(image.find(-1n)).toHaveLength(1)
    expect(image.find(2 ** 64 - 1)).toHaveLength(0)
    expect(image.find(0.5)).toHaveLength(1)
  })

  test('of 5,000 events keeps its order through two levels of directories', () => {
    const given = givenProxy()
    const history = given.list('TCP con', { maxEvents: 5000 }).push(0x10)
    for (let i = 0; i < 5000; i++) history.log('TCP_SEND', 'send %d', i)
    const events = openImage(given.build()).find(0x10)[0]?.events() ?? []
    expect(events.map((event) => event.log)).toEqual(
      Array.from({ length: 5000 }, (_, i) => `send ${i}`),
    )
  })
})

describe('stats()', () => {
  test('adds up what lists and histories tell', () => {
    const given = givenProxy()
    const list = given.list('TCP con')
    list.push(0x10).log('TCP_REF').log('TCP_UNREF')
    given.u64(list.offset + at.LIST_EVENTS_GONE, 40)
    given.u64(list.offset + at.LIST_PUSHED, 7)
    given.u64(list.offset + at.LIST_EVICTED_BY_BUDGET, 2)
    given.u64(list.offset + at.LIST_DESTROYED, 1)
    given.u32(list.offset + at.LIST_RING_CAPACITY, 2)
    given.u64(at.COUNTER_STALE, 5)
    expect(openImage(given.build()).stats()).toMatchObject({
      pushed: 7,
      logged: 42,
      histories: 1,
      evicted: 5,
      evictedByWindow: 3,
      evictedByBudget: 2,
      stale: 5,
      threads: 2,
      lists: 1,
      verbs: 4,
      shared: true,
      coarse: true,
    })
  })
})
