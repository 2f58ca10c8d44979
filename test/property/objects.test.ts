import fc from 'fast-check'
import { test } from 'vitest'
import { objects } from './objects.ts'

test.each(objects)('$promise', ({ property, runs }) => fc.assert(property, { numRuns: runs }))
