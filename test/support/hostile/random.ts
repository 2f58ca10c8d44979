// "Random" numbers that are the same in every runtime: what a seed has found can be found again.

import { random } from '../random.mjs'

export class Random {
  readonly #next: () => number

  constructor(seed: number) {
    // Mixed, so that neighboring seeds have nothing in common.
    this.#next = random(Math.imul(seed ^ (seed >>> 16), 0x45d9f3b))
  }

  /** 32 bits. */
  word(): number {
    return this.#next() * 2 ** 32
  }

  below(end: number): number {
    return Math.floor(this.#next() * end)
  }

  /** True once in `many` times. */
  once(many: number): boolean {
    return this.below(many) === 0
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T
  }
}
