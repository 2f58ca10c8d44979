// A page served without COOP and COEP: no SharedArrayBuffer, one thread.

import { expect, test } from 'vitest'

test('this page is not cross-origin isolated', () => {
  expect(crossOriginIsolated).toBe(false)
  expect(typeof SharedArrayBuffer).toBe('undefined')
})
