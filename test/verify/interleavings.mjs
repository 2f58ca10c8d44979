// Schedules of the stepped core drawn at random (test/interleave/sample.ts), the image opened at every pause.

import { bundled } from '../support/bundled.mjs'

export const title = 'Interleavings'
export const promise =
  'SPEC 1 to 6: whatever a thread is doing when it is preempted or stops for ever, nothing is lost, torn, doubled or leaked, and all others go on'
export const minutes = 5

const MINUTE_MS = 60_000

export async function verify({ minutes, seed, say }) {
  const { sample } = await bundled(new URL('../interleave/sample.ts', import.meta.url))
  const end = Date.now() + minutes * MINUTE_MS
  const { schedules, found } = sample(seed, () => Date.now() >= end, say)
  return { figures: [...schedules].map(([kind, count]) => [kind, count]), faults: found }
}
