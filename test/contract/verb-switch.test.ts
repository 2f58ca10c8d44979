// verb.enabled: the run-time switch of one kind of event.

import { describe, expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'

function given(clock: 'coarse' | 'precise' = 'coarse') {
  const recorder = new Recorder({ budget: '1MiB', clock })
  const verbs = recorder.verbs({ USED: 0, SEEN: 0, GONE: 'end' })
  return { recorder, ...verbs, history: recorder.list('things').push(1) }
}

describe('verb.enabled', () => {
  test('false: its events are not recorded, those of others are; true: they are again', () => {
    const { recorder, USED, SEEN, GONE, history } = given()
    expect(history.log(USED, '%d', 1)).toBe(true)
    USED.enabled = false
    expect(USED.enabled).toBe(false)
    expect(history.log(USED, '%d', 2)).toBe(false)
    expect(history.log(USED, '%s %f', 'text', 2.5)).toBe(false)
    expect(history.log(SEEN, '%d', 3)).toBe(true)
    GONE.enabled = false
    expect(history.log(GONE)).toBe(false)
    USED.enabled = true
    expect(history.log(USED, '%d', 4)).toBe(true)
    expect(history.events().map(({ log, late }) => log + late)).toEqual(['1', '3', '4'])
    expect(recorder.stats().rejected).toBe(0)
  })

  for (const clock of ['coarse', 'precise'] as const) {
    test(`switches it in every thread, ${clock} clock`, () => {
      const { recorder, USED, SEEN, history } = given(clock)
      const joined = Recorder.join(recorder.share(), { thread: 'other' })
      const there = joined.verbs({ USED: 0, SEEN: 0 })
      const same = joined.list('things').at(history.handle)
      expect(same?.log(there.USED, '%d', 0)).toBe(true)
      USED.enabled = false
      expect(there.USED.enabled).toBe(false)
      let recorded = 0
      // Each look at the clock is a look at the switches, and there is one after 128 logs at the latest.
      for (let i = 0; i < 400; i++) {
        if (same?.log(there.USED, '%d', i)) recorded++
        same?.log(there.SEEN, '%d', i)
      }
      expect(recorded).toBeLessThan(200)
      expect(same?.log(there.USED, '%d', 1)).toBe(false)
      there.USED.enabled = true
      for (let i = 0; i < 400; i++) history.log(SEEN, '%d', i)
      expect(history.log(USED)).toBe(true)
    })
  }

  test('is known to a thread that joins later, and to the image', () => {
    const { recorder, SEEN, USED, history } = given()
    SEEN.enabled = false
    const joined = Recorder.join(recorder.share())
    const { SEEN: there } = joined.verbs({ SEEN: 0 })
    expect(joined.list('things').at(history.handle)?.log(there)).toBe(false)
    const verbs = openImage(recorder.snapshot()).verbs()
    expect(verbs.map(({ name, enabled }) => [name, enabled])).toEqual([
      [USED.name, true],
      [SEEN.name, false],
      ['GONE', true],
    ])
  })

  test('a verb of another recorder is still rejected, and counted', () => {
    const { recorder, history } = given()
    const { USED } = given()
    USED.enabled = false
    expect(history.log(USED)).toBe(false)
    expect(recorder.stats().rejected).toBe(1)
  })
})
