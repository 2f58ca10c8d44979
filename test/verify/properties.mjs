// The properties of test/property for as long as there is time, one after another in rounds, each round with a new seed.

import { bundled } from '../support/bundled.mjs'

export const title = 'Random programs against a plain model'
export const promise =
  'SPEC, what must always hold, 3 to 5, 7, 9, 10 and 12: whatever a program does, the recorder shows what arrays would show'
export const minutes = 4

/** The most of one property's turn. */
const TURN_MS = 3000
const MINUTE_MS = 60_000

export async function verify({ minutes, seed, say }) {
  const { properties, fc } = await bundled(new URL('../property/all.ts', import.meta.url))
  const end = Date.now() + minutes * MINUTE_MS
  const turn = Math.min(TURN_MS, (minutes * MINUTE_MS) / properties.length)
  const tries = new Map(properties.map(({ promise }) => [promise, 0]))
  const faults = []
  const broken = new Set()
  for (let round = 0; round === 0 || Date.now() < end; round++) {
    for (const { promise, property } of properties) {
      if (broken.has(promise) || (round > 0 && Date.now() >= end)) continue
      const details = fc.check(property, {
        seed: (seed + round) | 0,
        numRuns: 1_000_000,
        interruptAfterTimeLimit: turn,
      })
      tries.set(promise, tries.get(promise) + details.numRuns)
      if (!details.failed) continue
      broken.add(promise)
      faults.push(`${promise}: ${fc.defaultReportMessage(details)}`)
    }
    if (broken.size === properties.length) break
    say(
      `round ${round + 1}: ${[...tries.values()].reduce((sum, one) => sum + one, 0)} programs, ${faults.length} faults`,
    )
  }
  return { figures: [...tries].map(([promise, count]) => [`tries of "${promise}"`, count]), faults }
}
