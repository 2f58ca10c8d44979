import fc from 'fast-check'
import { test } from 'vitest'
import { lives } from './lives.ts'

test.each(lives)('$promise', ({ property, runs }) => fc.assert(property, { numRuns: runs }))
