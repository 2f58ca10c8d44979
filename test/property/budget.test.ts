import fc from 'fast-check'
import { test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { budget, refusals } from './budget.ts'

test.each(budget)('$promise', ({ property, runs }) => fc.assert(property, { numRuns: runs }))

test(refusals.promise, () => fc.assert(refusals.property, { numRuns: 3 }))

// Broken by this version, so this test is red as soon as it is mended: the chunks of a ring and the record of a list are
// never given back, so 255 lists are all there ever are, and 12 of them in 1 MiB.
test.fails('a list can be destroyed and made anew as often as one likes', () => {
  const recorder = new Recorder({ budget: '1MiB' })
  for (let n = 0; n < 300; n++) recorder.list('TCP con', { window: 10 }).destroy()
})
