import fc from 'fast-check'
import { test } from 'vitest'
import { texts } from './texts.ts'

test.each(texts)('$promise', ({ property, runs }) => fc.assert(property, { numRuns: runs }))
