// Decimal digits as C rounds them: the expectations are glibc's.

import { describe, expect, test } from 'vitest'
import { fixed, scientific } from '../../src/inspector/print/decimal.ts'
import { general } from '../../src/inspector/print/float.ts'

describe('ties go to the even digit', () => {
  test.each([
    [0.5, 0, '0'],
    [1.5, 0, '2'],
    [2.5, 0, '2'],
    [0.125, 2, '0.12'],
    [0.375, 2, '0.38'],
    [2.25, 1, '2.2'],
    [1e22, 2, '10000000000000000000000.00'],
  ])('%%f of %d with %d places', (value, places, text) => {
    expect(fixed(value, places)).toBe(text)
  })

  test.each([
    [1234.5, 3, '1.234', 3],
    [2.5, 0, '2', 0],
    [0, 3, '0.000', 0],
    [5e-324, 4, '4.9407', -324],
  ])('%%e of %d with %d places', (value, places, mantissa, exponent) => {
    expect(scientific(value, places)).toEqual({ mantissa, exponent })
  })
})

test('%g leaves no zeros and chooses the shorter form', () => {
  expect([0.1, 1e17, 1e16, 1e-5, 100, -2.5].map((each) => general(each, 17))).toEqual([
    '0.10000000000000001',
    '1e+17',
    '10000000000000000',
    '1.0000000000000001e-05',
    '100',
    '-2.5',
  ])
})
