// Slots of histories in the order of their pushes, whatever the numbers are that an image claims.

import { expect, test } from 'vitest'
import { Slots } from '../../src/image/slots.ts'

function inOrder(orders: number[]): readonly number[] {
  const slots = new Slots()
  for (const [at, order] of orders.entries()) slots.add(at, order)
  return slots.inOrder()
}

const sorted = (orders: number[]) =>
  [...orders.keys()].sort((one, other) => (orders[one] as number) - (orders[other] as number))

test('orders that ascend stay as they are', () => {
  expect(inOrder([3, 4, 9])).toEqual([0, 1, 2])
  expect(inOrder([])).toEqual([])
})

test('orders of a ring that went round, equal ones, and those of a damaged image', () => {
  const round = Array.from({ length: 1000 }, (_, n) => (n < 400 ? 5000 + n : 4000 + n))
  const damaged = [2 ** 60, 7, 2 ** 53, 7, 0, 2 ** 63]
  for (const orders of [round, damaged, [9, 9, 1, 9], [2, 1]])
    expect(inOrder(orders)).toEqual(sorted(orders))
})
