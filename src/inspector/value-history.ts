// `$1`, `$`, `$$`, `$$3`: every value that print showed, numbered from 1.

import { atoi } from './language/numbers.ts'
import { Value } from './language/values.ts'
import { CommandError, HISTORY_EMPTY, notBack, notReached } from './messages.ts'

export class ValueHistory {
  readonly #values: Value[] = []

  get length(): number {
    return this.#values.length
  }

  /** Keeps a value and gives its number. What stands in memory stays addressable; nothing can be assigned to. */
  record(value: Value): number {
    const place = value.place?.kind === 'memory' ? value.place : ({ kind: 'history' } as const)
    this.#values.push(new Value(value.type, value.bytes, place, value.origin))
    return this.#values.length
  }

  /** `$N`; `$0` is the last. */
  at(number: number): Value {
    if (number <= 0) return this.back(-number)
    const value = this.#values[number - 1]
    if (value === undefined) throw new CommandError(notReached(number))
    return value
  }

  /** `$$N`. */
  back(count: number): Value {
    const value = this.#values[this.#values.length - 1 - count]
    if (value === undefined) {
      throw new CommandError(count === 0 ? HISTORY_EMPTY : notBack(count))
    }
    return value
  }

  /** The name after a `$`, where it names a value of this history. */
  lookUp(name: string): Value | undefined {
    if (name === '') return this.back(0)
    if (name === '$') return this.back(1)
    if (/^\d+$/.test(name)) return this.at(atoi(name))
    if (/^\$\d+$/.test(name)) return this.at(-atoi(name.slice(1)))
    return undefined
  }
}
