// Lives that are never released: the bug that users hunt, and what it does to the recorder itself.

import { describe, expect, test } from 'vitest'
import { type History, Recorder } from '../../src/index.ts'

/** One life in ten is never released, long after such lives have filled the budget. -> [logged, refused] of the last ones. */
function leaking(lives: number, counted: number) {
  const recorder = new Recorder({ budget: '1MiB' })
  const { SEND } = recorder.verbs({ SEND: 0 })
  const list = recorder.list('TCP con', { window: 500 })
  // Eight at once, as in a service: each logs a little while others begin.
  const underWay: History[] = []
  let logged = 0
  let refused = 0
  for (let n = 0; n < lives; n++) {
    const history = list.push(n)
    if (n % 10 === 0) history.ref()
    underWay.push(history)
    if (underWay.length > 8) underWay.shift()
    for (const each of underWay) {
      const isLogged = each.log(SEND, '%d', n)
      if (n < lives - counted) continue
      if (isLogged) logged++
      else refused++
    }
  }
  return { logged, refused, stats: recorder.stats() }
}

describe('lives that are never released', () => {
  test('are evicted in the end, oldest first, and each refusal on the way is counted', () => {
    const { stats } = leaking(12_000, 12_000)
    expect(stats.evictedPinned).toBeGreaterThan(0)
    expect(stats.bytes).toBeLessThanOrEqual(2 ** 20)
    expect((stats.logged as number) + (stats.stale as number) + (stats.dropped as number)).toBe(
      8 * 12_000 - 28,
    )
  })

  test('leave the lives that are under way their events', () => {
    const { logged, refused } = leaking(12_000, 2000)
    expect(refused).toBeLessThan(logged / 100)
  })
})
