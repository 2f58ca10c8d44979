// What could not be believed, collected once each and never without end: an image of noise has a problem in every word.

import { ImageError, type Mismatch, sentence } from './bytes.ts'
import type { Problem } from './image.ts'

const PROBLEMS_MAX = 1000

export class Problems {
  readonly #source: string
  readonly #kept: Problem[] = []
  readonly #seen = new Set<string>()
  #more = 0

  constructor(source: string) {
    this.#source = source
  }

  add(action: string, what: Mismatch): void {
    if (this.#kept.length >= PROBLEMS_MAX) {
      this.#more++
      return
    }
    // The same bytes are decoded again at each call of events(); that is no new problem.
    const key = `${what.offset} ${what.field}`
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    const { offset, field, expected, found } = what
    const text = sentence(action, this.#source, what)
    this.#kept.push({ offset, field, expected, found, text })
  }

  /** Tells of what a read has thrown; any other error goes on its way. */
  caught(action: string, error: unknown): void {
    if (!(error instanceof ImageError)) throw error
    this.add(action, error)
  }

  /** Runs `read`; where the bytes refuse, tells so and returns undefined. */
  attempt<T>(action: string | (() => string), read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      this.caught(typeof action === 'string' ? action : action(), error)
      return undefined
    }
  }

  list(): readonly Problem[] {
    if (this.#more === 0) return [...this.#kept]
    const found = `${PROBLEMS_MAX + this.#more}`
    const text = `${this.#more} more problems in ${this.#source} are not listed`
    return [
      ...this.#kept,
      { offset: 0, field: 'problems', expected: `at most ${PROBLEMS_MAX}`, found, text },
    ]
  }
}
