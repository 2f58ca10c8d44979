// list({ sample }): of many objects a share, whole lives each.

import { describe, expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'

const PUSHES = 20_000

function given(sample: number) {
  const recorder = new Recorder({ budget: '8MiB' })
  const { USED } = recorder.verbs({ USED: 0 })
  return { recorder, USED, list: recorder.list('things', { sample, window: PUSHES }) }
}

describe('list({ sample })', () => {
  test('records about that share of the objects, each with its whole life or not at all', () => {
    const { recorder, USED, list } = given(1 / 20)
    let taken = 0
    for (let id = 1; id <= PUSHES; id++) {
      const history = list.push(id)
      const recorded = [
        history.log(USED, '%d', id),
        history.ref(),
        history.log(USED),
        history.unref(),
      ]
      expect(new Set(recorded).size).toBe(1)
      expect(history.handle > 0).toBe(recorded[0])
      if (recorded[0]) taken++
    }
    // Five standard deviations of a binomial distribution.
    const expected = PUSHES / 20
    expect(Math.abs(taken - expected)).toBeLessThan(5 * Math.sqrt(expected))
    const lives = [...list.histories()]
    expect(lives).toHaveLength(taken)
    expect(lives.every((history) => history.events().length === 2)).toBe(true)
    const stats = recorder.stats()
    expect([stats.pushed, stats.logged, stats.stale, stats.rejected]).toEqual([
      taken,
      2 * taken,
      0,
      0,
    ])
  })

  test('chooses at random, not every n-th', () => {
    const { list } = given(1 / 4)
    const gaps = new Set<number>()
    let last = 0
    for (let id = 1; id <= 1000; id++) {
      if (list.push(id).handle === 0) continue
      gaps.add(id - last)
      last = id
    }
    expect(gaps.size).toBeGreaterThan(4)
  })

  test('what is passed over has handle 0, which names nothing in any thread', () => {
    const { recorder, USED, list } = given(2 ** -24)
    const history = list.push(1)
    expect(history.handle).toBe(0)
    expect(history.list).toBe(list)
    expect(history.log(USED, '%s %f', 'text', 1.5)).toBe(false)
    expect([history.events(), history.flush(), history.ref()]).toEqual([[], 0, false])
    const joined = Recorder.join(recorder.share(), { thread: 'other' })
    expect(joined.list('things').at(history.handle)).toBe(undefined)
  })

  test('is the list’s: who joins it samples as it was made', () => {
    const { recorder } = given(1 / 8)
    const joined = Recorder.join(recorder.share())
    expect(joined.list('things').sample).toBe(1 / 8)
    expect(joined.list('things', { sample: 1 }).sample).toBe(1 / 8)
    expect(joined.list('others').sample).toBe(1)
    const image = openImage(recorder.snapshot())
    expect(image.list('things')?.sample).toBe(1 / 8)
    expect(image.list('others')?.sample).toBe(1)
  })

  test('refuses what is no share', () => {
    const { recorder } = given(1)
    const make = (sample: unknown) => () => recorder.list('wrong', { sample } as { sample: number })
    const wanted = 'Cannot create list "wrong": sample must be a number above 0 and up to 1, got '
    expect(make(0)).toThrow(new RangeError(`${wanted}0`))
    expect(make(1.5)).toThrow(new RangeError(`${wanted}1.5`))
    expect(make(Number.NaN)).toThrow(new RangeError(`${wanted}NaN`))
    expect(make('1/100')).toThrow(new TypeError(`${wanted}"1/100"`))
  })
})
