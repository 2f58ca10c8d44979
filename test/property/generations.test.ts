import fc from 'fast-check'
import { test } from 'vitest'
import { generations } from './generations.ts'

test.each(generations)('$promise', ({ property, runs }) => fc.assert(property, { numRuns: runs }))
