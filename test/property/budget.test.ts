import fc from 'fast-check'
import { test } from 'vitest'
import { budget } from './budget.ts'

test.each(budget)('$promise', ({ property, runs }) => fc.assert(property, { numRuns: runs }))
