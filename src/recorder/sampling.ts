// Of many objects a share is recorded: whole lives, chosen at random when they are pushed. The others get a history that
// records nothing; its handle is 0, so that no other thread records anything of them either.

import { LIST_SAMPLE_SHIFT } from '../../assembly/layout.ts'
import { SAMPLE_SHARES } from '../image/sample.ts'
import { History } from './history.ts'
import type { List } from './list.ts'

/** A share from 0 to 1 as LIST_FLAGS holds it, 0 for all; the least that it can hold is one in 2^24. */
export function sampleBits(share: number): number {
  if (share >= 1) return 0
  return (Math.max(1, Math.round(share * SAMPLE_SHARES)) << LIST_SAMPLE_SHIFT) >>> 0
}

/**
 * How many pushes until the next that is taken, that one included. Geometrically distributed: each push is taken with the
 * same chance, whatever the ones before were.
 */
export function drawn(share: number): number {
  return 1 + Math.floor(Math.log(1 - Math.random()) / Math.log(1 - share))
}

/** Chooses by counting down: how many are passed over is drawn once for each that is taken. */
export class Sampler {
  readonly #share: number
  #left: number

  constructor(share: number) {
    this.#share = share
    this.#left = drawn(share)
  }

  takes(): boolean {
    if (--this.#left > 0) return false
    this.#left = drawn(this.#share)
    return true
  }
}

/** What push() gives for an object that is not recorded. */
export class UnrecordedHistory extends History {
  constructor(list: List) {
    super(list, 0, 0)
  }

  override log(): boolean {
    return false
  }

  override ref(): boolean {
    return false
  }

  override unref(): boolean {
    return false
  }

  override flush(): number {
    return 0
  }
}
