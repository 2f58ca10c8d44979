// An origin: what an object that goes from process to process keeps.

import { describe, expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const OBJECTS = [0x7f95acf6ea60, 7, -5, 1.5, 2n ** 63n, 'call-1', 'a'.repeat(36), 'b'.repeat(400)]

const recorderOf = () => {
  const recorder = new Recorder({ name: 'origins', budget: '4MiB' })
  return { recorder, list: recorder.list('calls', { window: 100 }) }
}

describe('history.origin', () => {
  test('is an id of this life alone, the same in the image', () => {
    const { recorder, list } = recorderOf()
    const origins = OBJECTS.map((object) => list.push(object).origin)
    expect(new Set(origins).size).toBe(OBJECTS.length)
    for (const origin of origins) expect(origin).toMatch(/^[0-9a-f]{16}-[0-9a-f]{1,14}$/)
    const image = openImage(recorder.snapshot())
    expect(
      image
        .list('calls')
        ?.histories()
        .map(({ origin }) => origin),
    ).toEqual(origins)
  })

  test('is what push() was given, whatever the object, and the object stays what it was', () => {
    const there = recorderOf()
    const here = recorderOf()
    for (const object of OBJECTS) {
      const { origin } = there.list.push(object)
      const history = here.list.push(object, { origin })
      expect(history.origin).toBe(origin)
      expect(history.handle).toBeGreaterThan(0)
    }
    const image = openImage(here.recorder.snapshot())
    const lives = image.list('calls')?.histories() ?? []
    expect(lives.map(({ object }) => object)).toEqual(OBJECTS)
    expect(lives.map(({ origin }) => origin)).toEqual(
      openImage(there.recorder.snapshot())
        .list('calls')
        ?.histories()
        .map(({ origin }) => origin),
    )
    expect(image.problems()).toEqual([])
  })

  test('of a traceparent is the trace', () => {
    const { list } = recorderOf()
    const origin = `00-${TRACE}-00f067aa0ba902b7-01`
    expect(list.push(1, { origin }).origin).toBe(TRACE)
    expect(list.push('s', { origin: TRACE }).origin).toBe(TRACE)
  })

  test('that is none, empty or hostile is never an error', () => {
    const { list } = recorderOf()
    for (const origin of [undefined, '', '  ', null, 5, {}])
      expect(list.push(1, { origin: origin as string }).origin).toMatch(/^[0-9a-f]{16}-/)
    expect(list.push(1, { origin: 'ü\n\0x' }).origin).toBe('___x')
    expect(list.push(1, { origin: 'c'.repeat(99) }).origin).toBe('c'.repeat(32))
    expect(list.push(2, null as unknown as undefined).origin).toMatch(/^[0-9a-f]{16}-/)
  })

  test('is not the one of an earlier life in the same memory', () => {
    const { list } = recorderOf()
    const small = new Recorder({ name: 'reuse', budget: '1MiB' }).list('few', { window: 2 })
    for (let n = 0; n < 1000; n++) {
      const history = small.push(n, n % 2 === 0 ? { origin: `given-${n}` } : undefined)
      if (n % 2 === 0) expect(history.origin).toBe(`given-${n}`)
      else expect(history.origin).toMatch(/^[0-9a-f]{16}-/)
      history.unref()
    }
    expect(list.push(1, { origin: 'x' }).origin).toBe('x')
    expect(list.push(1).origin).not.toBe('x')
  })

  test('is empty where nothing is recorded', () => {
    const { list } = recorderOf()
    list.enabled = false
    expect(list.push(1, { origin: 'x' }).origin).toBe('')
  })
})
