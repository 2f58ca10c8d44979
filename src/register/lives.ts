// The lives of one kind of object: a list, its verbs, and which history belongs to which object. An object is known by a
// running number, with the number of its thread in the upper half: JavaScript's objects have no address.

import type { History } from '../recorder/history.ts'
import type { List } from '../recorder/list.ts'
import type { ListOptions } from '../recorder/options.ts'
import type { Recorder } from '../recorder/recorder.ts'
import type { Verb, VerbDefinition } from '../recorder/verbs.ts'
import { builtin } from './node.ts'

const NUMBERS_OF_THREAD = 2 ** 32
const { threadId } = builtin('node:worker_threads')

export class Lives<Name extends string> {
  readonly list: List
  readonly verbs: Record<Name, Verb>
  readonly #histories = new WeakMap<object, History>()
  readonly #numbers = new WeakMap<object, number>()
  #last = threadId * NUMBERS_OF_THREAD

  constructor(
    recorder: Recorder,
    name: string,
    verbs: Record<Name, VerbDefinition>,
    options: ListOptions = {},
  ) {
    this.list = recorder.list(name, options)
    this.verbs = recorder.verbs(verbs)
  }

  /** Begins the life of this object. */
  begin(object: object): History {
    const number = ++this.#last
    const history = this.list.push(number)
    this.#histories.set(object, history)
    this.#numbers.set(object, number)
    return history
  }

  /** The life of an object that was begun. */
  of(object: object): History | undefined {
    return this.#histories.get(object)
  }

  /** By what number it is known; 0 when it is not. */
  numberOf(object: object): number {
    return this.#numbers.get(object) ?? 0
  }
}
