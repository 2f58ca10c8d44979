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
import { type Hold, ownerName } from './hold.ts'
import type { List } from './list.ts'
import type { Verb } from './verbs.ts'
import { COARSE, UNFIT, type Writer } from './writer.ts'

const SLOTS = 2 ** HISTORY_NUMBER_BITS

/** Of the library, in the stack of an event with a text: log(), logNamed(), logAny(), #logText(); log() and logMany(). */
const TEXT_FRAMES = 4
const MANY_FRAMES = 2
/** Arguments of a format that are parameters of log(): an event with more is rare. */
const NAMED = 6
const ONE_INT32 = ARGUMENT_INT32
const TWO_INT32 = ONE_INT32 | (ARGUMENT_INT32 << EVENT_TAG_BITS)
const THREE_INT32 = TWO_INT32 | (ARGUMENT_INT32 << (2 * EVENT_TAG_BITS))

/** The history of one object. Cheap to hold; its memory belongs to the recorder and may be gone, then it records nothing. */
export class History {
  /** The list it was pushed to. */
  declare readonly list: List
  /** @internal */
  declare readonly address: number
  /** @internal */
  declare readonly generation: number

  /** @internal */
  constructor(list: List, address: number, generation: number) {
    this.list = list
    this.address = address
    this.generation = generation
  }

  /** A number that names this history in every thread: list.at(handle). 0 when push() found it switched off. */
  get handle(): number {
    return this.generation * SLOTS + (this.address >>> HISTORY_SHIFT)
  }

  /**
   * A printable id for a header, with which the object goes on to another process: `push(object, { origin })` there begins a life
   * that belongs to this one. It is what this life was pushed with, else an id of its own. '' when the history is gone or records
   * nothing: then hand on what you were given. Any thread.
   */
  get origin(): string {
    const { list, address, generation } = this
    const { writer } = list
    const isThere = writer.core.resolve(list.address, address >>> HISTORY_SHIFT, generation) !== 0
    return isThere ? writer.originOf(address, this.handle) : ''
  }

  /**
   * Records an event; true when it was recorded. The text is formatted when it is read: `format` is C printf
   * (`%d %i %u %x %X %o %c %s %p %f %e %g %j %%`), arguments are stored as what they are. False when the history is gone,
   * the list or the verb is switched off, the verb is not this recorder's, or not even eviction freed memory; each is counted.
   * Any thread. Never waits. Never throws.
   *
   * @example
   * history.log(TCP.TCP_REF, 'connect, (%d)', 1)
   */
  log(verb: Verb, format?: string, ...args: unknown[]): boolean
  log(
    verb: Verb,
    format?: unknown,
    a?: unknown,
    b?: unknown,
    c?: unknown,
    d?: unknown,
    e?: unknown,
    f?: unknown,
  ): boolean {
    const { list } = this
    if (list.switched[0] === 0) return false
    const plain = list.plainWriter as Writer
    // `arguments`, and never an element of it: where V8 inlines log(), that, or a rest parameter, is an object for each event,
    // even if only the last line asks for it. Handed on as a whole to apply() it is none.
    // biome-ignore-start lint/complexity/noArguments: see above
    const count = arguments.length - 2
    if (
      count === 1 &&
      verb?.straightWriter === plain &&
      (format === verb.lastFormat || verb.recalls(format))
    ) {
      // isInt32() said in full, here and below: at a call of a function V8 asks whether it is still the same one.
      if (typeof a === 'number' && (a | 0) === a && (a !== 0 || 1 / a > 0)) {
        if (--plain.left <= 0) plain.lookAtClock()
        return (
          plain.log1(this.address, this.generation, verb.lastWhat, a) !== 0 ||
          this.logAgain(verb, ONE_INT32, a, 0, 0)
        )
      }
      if (typeof a === 'string') {
        const recorded = this.logString(plain, verb, a)
        if (recorded >= 0) return recorded > 0
      }
    }
    if (count <= NAMED) return this.logNamed(verb, format, count, a, b, c, d, e, f) === true
    return this.logMany.apply(this, arguments as never) === true
    // biome-ignore-end lint/complexity/noArguments: see above
  }

  // Private to TypeScript only: an engine checks a #name at each call. And small, for V8 compiles log() into a caller as long as
  // it has 766 bytecodes at most with all that an event needs of what follows (test/host/inlining.test.ts).
  // `=== true`: none calls the next as its last act, which JSC would not show in a stack.

  private logNamed(
    verb: Verb,
    format: unknown,
    count: number,
    a: unknown,
    b: unknown,
    c: unknown,
    d: unknown,
    e: unknown,
    f: unknown,
  ): boolean {
    const plain = this.list.plainWriter as Writer
    if (verb?.straightWriter === plain && (format === verb.lastFormat || verb.recalls(format))) {
      if (count <= 0) return this.logOne(plain, verb, 0, 0)
      const isFirst = typeof a === 'number' && (a | 0) === a && (a !== 0 || 1 / a > 0)
      if (isFirst && typeof b === 'number' && (b | 0) === b && (b !== 0 || 1 / b > 0)) {
        if (count === 2) return this.logTwo(plain, verb, a, b)
        const isThird = typeof c === 'number' && (c | 0) === c && (c !== 0 || 1 / c > 0)
        if (isThird && count === 3) return this.logThree(plain, verb, a, b, c)
      }
    }
    return this.logAny(verb, format, count, a, b, c, d, e, f) === true
  }

  /** 1 recorded, 0 refused, UNFIT, which is below, when it needs more than this. */
  private logString(plain: Writer, verb: Verb, text: string): number {
    if (text.length > this.list.maxText) return UNFIT
    const id = plain.idOfKnown(text)
    if (id !== 0) return this.logOne(plain, verb, ARGUMENT_STRING, id) ? 1 : 0
    return plain.logShort(this.address, this.generation, verb, text)
  }

  private logOne(plain: Writer, verb: Verb, tag: number, word: number): boolean {
    if (--plain.left <= 0) plain.lookAtClock()
    return (
      plain.logWord(this.address, this.generation, verb.lastWhat, tag, word) !== 0 ||
      this.logAgain(verb, tag, word, 0, 0)
    )
  }

  private logTwo(plain: Writer, verb: Verb, a: number, b: number): boolean {
    if (--plain.left <= 0) plain.lookAtClock()
    return (
      plain.log2(this.address, this.generation, verb.lastWhat, a, b) !== 0 ||
      this.logAgain(verb, TWO_INT32, a, b, 0)
    )
  }

  private logThree(plain: Writer, verb: Verb, a: number, b: number, c: number): boolean {
    if (--plain.left <= 0) plain.lookAtClock()
    return (
      plain.log3(this.address, this.generation, verb.lastWhat, a, b, c) !== 0 ||
      this.logAgain(verb, THREE_INT32, a, b, c)
    )
  }

  /** What the straight way did not record. */
  private logAgain(verb: Verb, tags: number, word0: number, word1: number, word2: number): boolean {
    const { address, generation } = this
    const { log } = this.list.writer
    const packed = verb.packed | tags
    return log(address, generation, verb.lastWhat, packed, word0, word1, word2, COARSE) !== 0
  }

  private logAny(
    verb: Verb,
    format: unknown,
    count: number,
    a: unknown,
    b: unknown,
    c: unknown,
    d: unknown,
    e: unknown,
    f: unknown,
  ): boolean {
    const { writer } = this.list
    if (verb?.writer !== writer) return writer.refuse(verb)
    if (count <= EVENT_WORDS_COUNT) {
      const recorded = this.#logWords(verb, format, count, a, b, c)
      if (recorded !== UNFIT) return recorded !== 0
    }
    return this.#logText(verb, format, count, a, b, c, d, e, f) !== 0
  }

  #logText(
    verb: Verb,
    format: unknown,
    count: number,
    a: unknown,
    b: unknown,
    c: unknown,
    d: unknown,
    e: unknown,
    f: unknown,
  ): number {
    if (this.address === 0) return 0
    const { writer } = this.list
    const text = writer.beginText(verb, format, this.list, TEXT_FRAMES)
    if (count > 0) writer.addArgument(text, a)
    if (count > 1) writer.addArgument(text, b)
    if (count > 2) writer.addArgument(text, c)
    if (count > 3) writer.addArgument(text, d)
    if (count > 4) writer.addArgument(text, e)
    if (count > 5) writer.addArgument(text, f)
    return this.#endText(text, verb)
  }

  private logMany(verb: Verb, format: unknown, ...args: unknown[]): boolean {
    const { writer } = this.list
    if (verb?.writer !== writer) return writer.refuse(verb)
    if (this.address === 0) return false
    const text = writer.beginText(verb, format, this.list, MANY_FRAMES)
    for (const argument of args) writer.addArgument(text, argument)
    return this.#endText(text, verb) !== 0
  }

  #endText(text: ArgumentBytes, verb: Verb): number {
    const { writer } = this.list
    const state = this.#liveState()
    if (!writer.endText(text, this.address, this.generation, verb)) return 0
    this.#recorded(verb, state)
    return 1
  }

  /** Up to three integers, or one string that is known: 1 recorded, 0 refused, UNFIT when it needs a text. */
  #logWords(
    verb: Verb,
    format: unknown,
    count: number,
    a: unknown,
    b: unknown,
    c: unknown,
  ): number {
    const { list } = this
    if (list.backtrace) return UNFIT
    if (!list.writer.learns(verb, format)) return UNFIT
    if (count === 2)
      return isInt32(a) && isInt32(b) ? this.#record(verb, TWO_INT32, a, b, 0) : UNFIT
    if (count === 1) {
      if (isInt32(a)) return this.#record(verb, ONE_INT32, a, 0, 0)
      if (typeof a !== 'string' || a.length > list.maxText) return UNFIT
      const id = list.writer.idOfSeen(a)
      return id === 0 ? this.#recordShort(verb, a) : this.#record(verb, ARGUMENT_STRING, id, 0, 0)
    }
    if (count <= 0) return this.#record(verb, 0, 0, 0, 0)
    if (!isInt32(a) || !isInt32(b) || !isInt32(c)) return UNFIT
    return this.#record(verb, THREE_INT32, a, b, c)
  }

  #record(verb: Verb, tags: number, word0: number, word1: number, word2: number): number {
    const { list, address, generation } = this
    const { writer } = list
    const { lastWhat } = verb
    const packed = verb.packed | tags
    const time = writer.stamp()
    if (list.plainWriter === writer)
      return writer.logAt(address, generation, lastWhat, packed, word0, word1, word2, time)
    const state = this.#liveState()
    const log = list.coalesce ? writer.core.logFolding : writer.log
    const recorded = log(address, generation, lastWhat, packed, word0, word1, word2, time)
    if (recorded !== 0) this.#recorded(verb, state)
    return recorded
  }

  #recordShort(verb: Verb, text: string): number {
    const { list, address, generation } = this
    const state = this.#liveState()
    const recorded = list.writer.logShort(address, generation, verb, text)
    if (recorded > 0) this.#recorded(verb, state)
    return recorded
  }

  /** Pins the history beyond the window until unref(); false when it is gone. Any thread. Never waits. Never throws. */
  ref(): boolean {
    return this.address !== 0 && this.list.writer.core.ref(this.address, this.generation) !== 0
  }

  /**
   * Releases a reference: one of ref(), last of all the pusher's own. Events logged after the last are kept and marked.
   * False when the history is gone, or below zero, which is counted. Any thread. Never waits. Never throws.
   */
  unref(): boolean {
    if (this.address === 0) return false
    const { list } = this
    const { core, thread } = list.writer
    const released = core.unref(this.address, this.generation, thread) !== 0
    if (list.onUnref !== undefined) list.onUnref(this, released)
    if (!released) list.live?.refused(this)
    return released
  }

  /**
   * Takes a reference in the name of an owner, and pins the history until its release: a leak then says who holds, a
   * double release says which two. Recorded as a HOLD; see docs/HOLDS.md. Any thread. Never waits. Never throws.
   *
   * @example
   * const hold = history.hold('tcp reader')
   * hold.release()
   */
  hold(owner: string): Hold {
    return this.list.writer.holds.take(this, ownerName(owner))
  }

  /** The hold of this number, taken or transferred by any thread; `owner` is who has it now. Records nothing by itself. */
  holdAt(number: number, owner: string): Hold {
    return this.list.writer.holds.at(this, number, ownerName(owner))
  }

  /** The events that are left, decoded now, in the order in which the threads logged them; none when it is gone. */
  events(): Event[] {
    return this.list.writer.image().history(this.handle)?.events() ?? []
  }

  /** Writes the events since the last flush to this thread's sinks and keeps them; answers how many. */
  flush(): number {
    return this.list.flushHistory(this.handle, this.address)
  }

  /** What #recorded() is told of the moment before an event; 0 where nobody asks. */
  #liveState(): number {
    const { live } = this.list
    return live === undefined ? 0 : live.stateOf(this)
  }

  /** `state`: what #liveState() said before. */
  #recorded(verb: Verb, state: number): void {
    const { list } = this
    if (verb.roleNumber === ROLE_END && list.autoLog) this.flush()
    if (state !== 0) list.live?.logged(this, verb, state)
  }
}

/** -0 is no integer: as a word it would lose its sign. (typeof first: `|` would parse a string as a number.) */
function isInt32(value: unknown): value is number {
  return typeof value === 'number' && (value | 0) === value && (value !== 0 || 1 / value > 0)
}
