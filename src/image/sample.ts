// The share of its objects that a list records, as LIST_FLAGS holds it.

import { LIST_SAMPLE_SHIFT } from '../../assembly/layout.ts'

/** What stands for all, were it not written as 0. */
export const SAMPLE_SHARES = 2 ** (32 - LIST_SAMPLE_SHIFT)

/** The share in LIST_FLAGS; 1 is all. */
export function sampleOf(flags: number): number {
  const share = flags >>> LIST_SAMPLE_SHIFT
  return share === 0 ? 1 : share / SAMPLE_SHARES
}
