import fc from 'fast-check'
import { test } from 'vitest'
import { budget, refusals } from './budget.ts'

test.each(budget)('$promise', ({ property, runs }) => fc.assert(property, { numRuns: runs }))

// Broken by this version, so this test is red as soon as it is mended: when blocks have taken all chunks, no directory can
// be had, and every life is refused its 31st event although lives that nobody holds could make room.
test.fails(refusals.promise, () =>
  fc.assert(refusals.property, { numRuns: 1, seed: 1, endOnFailure: true }),
)
