// "Random" numbers that are the same in every runtime: what a seed has found can be found again.

export class Random {
  #state: number

  constructor(seed: number) {
    // Mixed, so that neighboring seeds have nothing in common.
    this.#state = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b) | 0
  }

  /** 32 bits: mulberry32 (Tommy Ettinger). */
  word(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }

  below(end: number): number {
    return Math.floor((this.word() / 2 ** 32) * end)
  }

  /** True once in `many` times. */
  once(many: number): boolean {
    return this.below(many) === 0
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T
  }
}
