// The same formats and values to formatText() and to the C library, run here and now. test/unit/printf.test.ts compares
// with a table of such answers where no C compiler is; test/verify/printf.mjs goes through the whole product.

import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatText } from '../../src/image/text.ts'
import { Random } from '../support/hostile/random.ts'
import { caseOfProduct, PRODUCT, randomCase } from '../support/printf-cases.ts'
import { Oracle } from '../support/printf-oracle.ts'

const CASES = 8_000
const seed = Math.floor(Math.random() * 2 ** 31)
let oracle: Oracle

beforeAll(() => {
  oracle = new Oracle(join(import.meta.dirname, '../support/printf-oracle.c'))
})
afterAll(() => oracle[Symbol.dispose]())

describe('formatText() prints what the C library prints', () => {
  test.each([
    ['with seed 1', 1],
    [`with seed ${seed}`, seed],
  ])(
    'for cases of the product of conversions, flags, widths, precisions and values, %s',
    (_, from) => {
      const random = new Random(from)
      const cases = Array.from({ length: CASES }, () =>
        caseOfProduct(random.below(PRODUCT), random),
      )
      expect(oracle.compare(cases).differences.slice(0, 10)).toEqual([])
    },
  )

  test.each([
    ['with seed 1', 1],
    [`with seed ${seed}`, seed],
  ])('for values, widths and precisions that nobody thought of, %s', (_, from) => {
    const random = new Random(from)
    const cases = Array.from({ length: CASES }, () => randomCase(random))
    expect(oracle.compare(cases).differences.slice(0, 10)).toEqual([])
  })

  test('and the comparison would see a difference', () => {
    const [given] = [{ line: 'i\t%d\t0\t0\t0\t5', format: '%3d', args: [5] }]
    expect(oracle.compare([given])).toEqual({
      cases: 1,
      faultsOfC: 0,
      differences: ['"%3d" of 5: C prints "5", we "  5"'],
    })
    expect(formatText('%#g', [999999.5])).toBe('1.00000e+06')
  })
})
