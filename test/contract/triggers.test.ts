// An application's own conditions: recorded with their reason, and told to whoever dumps.

import { describe, expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'

function given() {
  const recorder = new Recorder({ budget: '1MiB', thread: 'main' })
  const { SEND } = recorder.verbs({ SEND: 0 })
  const triggers = () =>
    openImage(recorder.snapshot()).list('struct-history triggers')?.histories() ?? []
  return { recorder, SEND, triggers }
}

describe('recorder.trigger()', () => {
  test('records the reason as a life, and what it is about as its events', () => {
    const { recorder, triggers } = given()
    const history = recorder.list('TCP con').push(0x10)
    expect(recorder.trigger('refs below zero', history)).toBeUndefined()
    recorder.trigger('refs below zero')
    recorder.trigger('queue is full')
    expect(triggers().map(({ object }) => object)).toEqual(['refs below zero', 'queue is full'])
    expect(triggers()[0]?.events()).toMatchObject([
      { verb: 'TRIGGER', log: `0x10 of TCP con, handle ${history.handle}`, thread: 'main' },
      { verb: 'TRIGGER', log: '' },
    ])
    expect(history.events()).toEqual([])
  })

  test('is one life a reason, whichever thread fires it', () => {
    const { recorder, triggers } = given()
    recorder.trigger('refs below zero')
    Recorder.join(recorder.share(), { thread: 'other' }).trigger('refs below zero')
    expect(triggers()).toHaveLength(1)
    expect(triggers()[0]?.events()[1]).toMatchObject({ thread: 'other' })
  })

  test('is recorded before its handlers are called, and answers the path of a dump', () => {
    const { recorder } = given()
    let seen: unknown
    const stop = recorder.onTrigger((reason) => {
      seen = [reason, openImage(recorder.snapshot()).find(reason)[0]?.len]
      return '/dumps/1'
    })
    expect(recorder.trigger('queue is full')).toBe('/dumps/1')
    expect(seen).toEqual(['queue is full', 1])
    stop()
    expect(recorder.trigger('queue is full')).toBeUndefined()
  })

  test('never throws: a handler that does is counted, a reason that is no text is named', () => {
    const { recorder, triggers } = given()
    recorder.onTrigger(() => {
      throw new Error('handler')
    })
    expect(recorder.trigger(Symbol('odd') as never)).toBeUndefined()
    expect(recorder.stats().rejected).toBe(1)
    expect(triggers()[0]?.object).toBe('Symbol(odd)')
  })

  test('goes on when its life was pushed out', () => {
    const { recorder, triggers } = given()
    for (let n = 0; n < 250; n++) recorder.trigger(`reason ${n}`)
    recorder.trigger('reason 249')
    recorder.trigger('reason 0')
    expect(triggers()).toHaveLength(100)
    expect(triggers().at(-1)).toMatchObject({ object: 'reason 0', len: 1 })
    expect(triggers().at(-2)).toMatchObject({ object: 'reason 249', len: 2 })
  })
})

describe('the check of a list', () => {
  test('is asked after each unref() of this thread, and fires', () => {
    const { recorder, triggers } = given()
    const asked: unknown[] = []
    const check = (history: { handle: number }, released: boolean) => {
      asked.push([history.handle, released])
      return released ? undefined : 'refs below zero'
    }
    const history = recorder.list('TCP con', { check }).push(0x10)
    expect(history.unref()).toBe(true)
    expect(triggers()).toEqual([])
    expect(history.unref()).toBe(false)
    expect(asked).toEqual([
      [history.handle, true],
      [history.handle, false],
    ])
    expect(triggers()).toMatchObject([{ object: 'refs below zero', len: 1 }])
  })

  test('that only says true, or throws', () => {
    const { recorder, triggers } = given()
    recorder
      .list('yes', { check: () => true })
      .push(1)
      .unref()
    const throwing = () => {
      throw new Error('check')
    }
    expect(recorder.list('no', { check: throwing }).push(1).unref()).toBe(true)
    expect(triggers()).toMatchObject([{ object: 'check of yes' }])
    expect(recorder.stats().rejected).toBe(1)
  })

  test('must be a function, or true', () => {
    const { recorder } = given()
    expect(() => recorder.list('TCP con', { check: 'yes' as never })).toThrow(
      'Cannot create list "TCP con": check must be true, false or a function, got "yes"',
    )
  })
})
