import fc from 'fast-check'
import { test } from 'vitest'
import { fall } from './fall.ts'

test.each(fall)('$promise', ({ property, runs }) => fc.assert(property, { numRuns: runs }))
