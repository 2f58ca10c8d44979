import fc from 'fast-check'
import { test } from 'vitest'
import { coalesce } from './coalesce.ts'

test.each(coalesce)('$promise', ({ property, runs }) => fc.assert(property, { numRuns: runs }))
