import fc from 'fast-check'
import { test } from 'vitest'
import { unfinished } from './unfinished.ts'

test.each(unfinished)('$promise', ({ property, runs }) => fc.assert(property, { numRuns: runs }))
