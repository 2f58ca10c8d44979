import fc from 'fast-check'
import { test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { budget, refusals } from './budget.ts'

test.each(budget)('$promise', ({ property, runs }) => fc.assert(property, { numRuns: runs }))

test(refusals.promise, () => fc.assert(refusals.property, { numRuns: 3 }))

test('a list can be destroyed and made anew as often as one likes', () => {
  const recorder = new Recorder({ budget: '1MiB' })
  for (let n = 0; n < 300; n++) recorder.list('TCP con', { window: 10 }).destroy()
})
