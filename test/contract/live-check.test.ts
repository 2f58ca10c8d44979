// The option `check: true`: who does to a life what should not be done is told at once.

import { describe, expect, test } from 'vitest'
import { type ListOptions, Recorder } from '../../src/index.ts'

type Given = ReturnType<typeof given>

function given(options: ListOptions = { check: true }) {
  const recorder = new Recorder({ budget: '2MiB' })
  const verbs = recorder.verbs({ REF: +1, SEND: 0, DESTROY: 'end' })
  const list = recorder.list('TCP con', { window: 100, ...options })
  const told: string[] = []
  recorder.onTrigger((reason) => {
    told.push(reason)
    return undefined
  })
  return { recorder, ...verbs, list, history: list.push(0x10), told }
}

describe('a list with check: true', () => {
  test('says nothing of a life as it should be', () => {
    const { history, REF, SEND, DESTROY, told } = given()
    history.log(REF, 'accept, (%d)', 1)
    history.log(SEND, '%s and %j', 'text', { n: 1 })
    history.ref()
    history.unref()
    const hold = history.hold('reader')
    hold.release()
    history.log(DESTROY)
    history.unref()
    expect(told).toEqual([])
  })

  const bugs: [string, (given: Given) => unknown][] = [
    [
      'use-after-end',
      ({ history, DESTROY, SEND }) => [history.log(DESTROY), history.log(SEND, '%d', 1)],
    ],
    [
      'use-after-end',
      ({ history, DESTROY, SEND }) => [history.log(DESTROY), history.log(SEND, '%s', 'a text')],
    ],
    ['double-end', ({ history, DESTROY }) => [history.log(DESTROY), history.log(DESTROY)]],
    ['log-after-last-unref', ({ history, SEND }) => [history.unref(), history.log(SEND)]],
    [
      'unref-below-zero',
      ({ history, REF }) => [history.log(REF), history.unref(), history.unref()],
    ],
    [
      'double-release',
      ({ history }) => {
        const hold = history.hold('reader')
        hold.release()
        hold.release()
      },
    ],
  ]
  for (const [kind, bug] of bugs)
    test(`fires a trigger for ${kind}, with the history that it happened to`, () => {
      const all = given()
      bug(all)
      expect(all.told).toEqual([`${kind} in TCP con`])
      const [trigger] = [...all.recorder.list('struct-history triggers').histories()]
      expect(trigger?.events()).toMatchObject([
        { verb: 'TRIGGER', log: `0x10 of TCP con, handle ${all.history.handle}` },
      ])
      expect(all.history.events().length).toBeGreaterThan(0)
    })

  test('tells of a life once, and of the next one again', () => {
    const { list, history, DESTROY, SEND, told } = given()
    for (const each of [history, list.push(0x10)]) {
      each.log(DESTROY)
      for (let n = 0; n < 5; n++) each.log(SEND)
    }
    expect(told).toHaveLength(2)
  })

  test('does not take an event after the last unref() for late while others have references', () => {
    const { history, SEND, told } = given()
    history.ref()
    history.unref()
    history.log(SEND)
    history.unref()
    history.ref()
    history.log(SEND)
    expect(told).toEqual([])
  })

  test('says nothing of a history that is gone', () => {
    const { list, history, SEND, told } = given({ check: true, window: 1 })
    list.push(0x20)
    expect(history.log(SEND)).toBe(false)
    expect(history.unref()).toBe(false)
    expect(told).toEqual([])
  })

  test('survives a handler that logs to the history, and one that throws', () => {
    const { recorder, history, DESTROY, SEND, told } = given()
    recorder.onTrigger(() => {
      history.log(SEND, 'from the handler')
      throw new Error('handler')
    })
    history.log(DESTROY)
    history.log(SEND)
    expect(told).toHaveLength(1)
    expect(history.events()).toHaveLength(3)
  })

  test('is of the thread that asked: without it nothing is told', () => {
    const { history, DESTROY, SEND, told } = given({})
    history.log(DESTROY)
    history.log(SEND)
    history.unref()
    history.unref()
    expect(told).toEqual([])
    expect(history.events().at(-1)?.late).toBe('after end')
  })

  test('refuses what is neither true, false nor a function', () => {
    const recorder = new Recorder({ budget: '1MiB' })
    expect(() => recorder.list('a', { check: 1 as never })).toThrow(
      'Cannot create list "a": check must be true, false or a function, got 1',
    )
    expect(recorder.list('b', { check: false }).name).toBe('b')
  })
})
