// One life, as the application holds it: a few numbers. Everything it does goes to the core; everything it shows is read.

import {
  ARGUMENT_INT32,
  ARGUMENT_STRING,
  EVENT_TAG_BITS,
  EVENT_WORDS_COUNT,
  HISTORY_NUMBER_BITS,
  HISTORY_SHIFT,
  ROLE_END,
} from '../../assembly/layout.ts'
import type { Event } from '../image/image.ts'
import type { ArgumentBytes } from './arguments.ts'
import type { List } from './list.ts'
import type { Verb } from './verbs.ts'
import type { Writer } from './writer.ts'

const SLOTS = 2 ** HISTORY_NUMBER_BITS
const TWO_INT32 = ARGUMENT_INT32 | (ARGUMENT_INT32 << EVENT_TAG_BITS)
const THREE_INT32 = TWO_INT32 | (ARGUMENT_INT32 << (2 * EVENT_TAG_BITS))

/** The history of one object. Cheap to hold; its memory belongs to the recorder and may be gone, then it records nothing. */
export class History {
  /** The list it was pushed to. */
  readonly list: List
  readonly #writer: Writer
  readonly #address: number
  readonly #generation: number
  readonly #flags: Uint32Array
  readonly #enabledAt: number

  /** @internal */
  constructor(
    list: List,
    writer: Writer,
    flags: Uint32Array,
    enabledAt: number,
    address: number,
    generation: number,
  ) {
    this.list = list
    this.#writer = writer
    this.#flags = flags
    this.#enabledAt = enabledAt
    this.#address = address
    this.#generation = generation
  }

  /** A number that names this history in every thread: list.at(handle). 0 when push() found it switched off. */
  get handle(): number {
    return this.#generation * SLOTS + (this.#address >>> HISTORY_SHIFT)
  }

  /**
   * Records an event; true when it was recorded. The text is formatted when it is read: `format` is C printf
   * (`%d %i %u %x %X %o %c %s %p %f %e %g %j %%`), arguments are stored as what they are. False when the history is gone,
   * the list is switched off, the verb is not this recorder's, or not even eviction freed memory; each is counted.
   * Any thread. Never waits. Never throws.
   *
   * @example
   * history.log(TCP.TCP_REF, 'connect, (%d)', 1)
   */
  log(verb: Verb, format?: string, ...args: unknown[]): boolean
  log(verb: Verb, format: unknown = '', a?: unknown, b?: unknown, c?: unknown): boolean {
    const writer = this.#writer
    if (this.#flags[this.#enabledAt] === 0) return false
    if (verb?.writer !== writer) return writer.reject()
    // `arguments`, and never handed on: a rest parameter, or an escape, would allocate an object for each event.
    // biome-ignore-start lint/complexity/noArguments: see above
    const count = arguments.length - 2
    if (format !== verb.lastFormat && typeof format === 'string') writer.what(verb, format)
    const hasBacktrace = this.list.backtrace
    if (count <= EVENT_WORDS_COUNT && format === verb.lastFormat && !hasBacktrace) {
      let tags = -1
      let word0 = 0
      let word1 = 0
      let word2 = 0
      if (count <= 0) tags = 0
      else if (isInt32(a)) {
        word0 = a
        if (count === 1) tags = ARGUMENT_INT32
        else if (isInt32(b)) {
          word1 = b
          if (count === 2) tags = TWO_INT32
          else if (isInt32(c)) {
            word2 = c
            tags = THREE_INT32
          }
        }
      } else if (count === 1 && typeof a === 'string') {
        word0 = writer.stringSeenBefore(a)
        if (word0 !== 0) tags = ARGUMENT_STRING
      }
      if (tags >= 0) {
        const recorded = writer.core.log(
          this.#address,
          this.#generation,
          verb.lastWhat,
          tags,
          verb.roleNumber,
          word0,
          word1,
          word2,
          writer.thread,
          writer.clock.stamp(),
        )
        return recorded !== 0 && this.#recorded(verb)
      }
    }
    if (this.#address === 0) return false
    const { maxText } = this.list
    let recorded = false
    let text: ArgumentBytes | undefined
    try {
      text = writer.beginText(verb, String(format), maxText)
      if (hasBacktrace) writer.addBacktrace(text)
      for (let i = 2; i < arguments.length; i++) writer.addArgument(text, arguments[i], maxText)
      recorded = writer.commitText(text, this.#address, this.#generation, verb.roleNumber)
    } catch {
      // A toString or a proxy of the application threw: its bug, not one that a recorder may add to.
      writer.reject()
    }
    if (text) writer.endText()
    return recorded && this.#recorded(verb)
    // biome-ignore-end lint/complexity/noArguments: see above
  }

  /** Pins the history beyond the window until unref(); false when it is gone. Any thread. Never waits. Never throws. */
  ref(): boolean {
    return this.#address !== 0 && this.#writer.core.ref(this.#address, this.#generation) !== 0
  }

  /**
   * Releases a reference: one of ref(), last of all the pusher's own. Events logged after the last are kept and marked.
   * False when the history is gone, or below zero, which is counted. Any thread. Never waits. Never throws.
   */
  unref(): boolean {
    return this.#address !== 0 && this.#writer.core.unref(this.#address, this.#generation) !== 0
  }

  /** The events that are left, decoded now, in the order in which the threads logged them; none when it is gone. */
  events(): Event[] {
    return this.#writer.image().history(this.handle)?.events() ?? []
  }

  /** Writes the events since the last flush to this thread's sinks and keeps them; answers how many. */
  flush(): number {
    return this.list.flushHistory(this.handle, this.#address)
  }

  #recorded(verb: Verb): true {
    if (verb.roleNumber === ROLE_END && this.list.autoLog) this.flush()
    return true
  }
}

/** -0 is no integer: as a word it would lose its sign. (typeof first: `|` would parse a string as a number.) */
function isInt32(value: unknown): value is number {
  return typeof value === 'number' && (value | 0) === value && (value !== 0 || 1 / value > 0)
}
