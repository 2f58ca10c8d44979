// Two rows side by side: nothing is lost, nothing is out of order, and no more is taken apart than must be.

import { describe, expect, test } from 'vitest'
import { align } from '../../src/check/compare/align.ts'
import { random } from '../support/random.mjs'

/** The longest row that both have in them, by the book. */
function longestCommon(left: string, right: string): number {
  const table = Array.from({ length: left.length + 1 }, () =>
    new Array<number>(right.length + 1).fill(0),
  )
  for (let i = 1; i <= left.length; i++)
    for (let j = 1; j <= right.length; j++) {
      const row = table[i] as number[]
      const before = table[i - 1] as number[]
      row[j] =
        left[i - 1] === right[j - 1]
          ? (before[j - 1] as number) + 1
          : Math.max(before[j] as number, row[j - 1] as number)
    }
  return (table[left.length] as number[])[right.length] as number
}

describe('align()', () => {
  test('keeps both rows whole and in order, and what is alike together', () => {
    const next = random(7)
    const word = (): string =>
      Array.from({ length: Math.floor(next() * 14) }, () => 'abc'[Math.floor(next() * 3)]).join('')
    for (let round = 0; round < 2000; round++) {
      const [left, right] = [word(), word()]
      const rows = align([...left], [...right])
      const side = (of: 'left' | 'right') =>
        rows.map((row) => row[of]).filter((at) => at !== undefined)
      expect(side('left')).toEqual([...left].map((_, at) => at))
      expect(side('right')).toEqual([...right].map((_, at) => at))
      const alike = rows.filter(
        ({ left: one, right: other }) => one !== undefined && other !== undefined,
      )
      for (const { left: one = 0, right: other = 0 } of alike) expect(left[one]).toBe(right[other])
      expect([left, right, alike.length]).toEqual([left, right, longestCommon(left, right)])
    }
  })

  test('gives up on rows that have nothing in common, and still shows all', () => {
    const left = Array.from({ length: 3000 }, (_, at) => at)
    const right = left.map((at) => -1 - at)
    expect(align(left, right)).toHaveLength(6000)
  })
})
