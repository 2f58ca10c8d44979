import fc from 'fast-check'
import { test } from 'vitest'
import { times } from './times.ts'

test.each(times)('$promise', ({ property, runs }) => fc.assert(property, { numRuns: runs }))
