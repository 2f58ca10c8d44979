// One thread's hand on one recorder: its core instance, its number, its clock, the strings it has already interned.

import {
  COUNTER_REJECTED,
  COUNTER_TEXTS_CUT,
  EVENT_VERB_SHIFT,
  STRING_BYTES_MAX,
} from '../../assembly/layout.ts'
import type { CoreInstance } from '../core/instance.ts'
import type { Image } from '../image/image.ts'
import { openImage } from '../image/read-image.ts'
import type { Host } from '../runtime/host.ts'
import { ArgumentBytes } from './arguments.ts'
import type { Clock } from './clock.ts'
import type { Verb } from './verbs.ts'

/** Distinct formats, and distinct repeated strings, that one thread remembers; the rest travels inside the events. */
const REMEMBERED_MAX = 4096
const REPEATED_LENGTH_MAX = 64
/** A format that cannot be interned: it goes into the text. */
const NO_FORMAT = 0

export class Writer {
  readonly instance: CoreInstance
  readonly core: CoreInstance['core']
  readonly clock: Clock
  readonly host: Host
  readonly thread: number
  /** Names, formats, object ids: never under way while an application's code runs. */
  readonly #spare = new ArgumentBytes()
  readonly #texts: ArgumentBytes[] = []
  readonly #formats = new Map<string, number>()
  /** Strings by id; -1 = seen once, not interned yet: a string that never comes again must not fill the string area. */
  readonly #strings = new Map<string, number>()
  #unseen = 0
  #underWay = 0
  readonly #stacks = new Map<string, number>()
  #image: { image: Image; bytes: number } | undefined

  constructor(instance: CoreInstance, clock: Clock, host: Host, threadName: string) {
    this.instance = instance
    this.core = instance.core
    this.clock = clock
    this.host = host
    const name = this.intern(threadName)
    const tid = host.tid ?? 0xffffffff
    this.thread = this.core.joinThread(host.pid, tid, name, host.runtime, clock.precise()) >>> 0
  }

  /** The id of a name, cut to what a string may hold; 0 when the string area is full. */
  intern(text: string): number {
    const bytes = this.#spare.only(text, STRING_BYTES_MAX)
    return this.instance.intern(this.#spare.words, bytes)
  }

  /** What the core is told of verb and format. Remembers it in the verb, where the next log looks first. */
  what(verb: Verb, format: string): number {
    let id = this.#formats.get(format)
    if (id === undefined) {
      // Formats made at run time are endless: those beyond the limit are not remembered, but recorded all the same.
      id =
        this.#formats.size < REMEMBERED_MAX && format !== ''
          ? this.#internFormat(format)
          : NO_FORMAT
      if (this.#formats.size < REMEMBERED_MAX) this.#formats.set(format, id)
    }
    const what = ((verb.id << EVENT_VERB_SHIFT) | id) >>> 0
    if (id !== NO_FORMAT || format === '') {
      verb.lastFormat = format
      verb.lastWhat = what
    }
    return what
  }

  /**
   * Begins the text of an event whose arguments are not a few small integers. An argument's toJSON may log in turn, so
   * each text under way has its own bytes; endText() must follow.
   */
  beginText(verb: Verb, format: string, maxText: number): ArgumentBytes {
    let text = this.#texts[this.#underWay]
    if (text === undefined) {
      text = new ArgumentBytes()
      this.#texts.push(text)
    }
    this.#underWay++
    text.begin(maxText)
    text.what = this.what(verb, format)
    if (text.what % (1 << EVENT_VERB_SHIFT) === NO_FORMAT && format !== '') text.format(format)
    return text
  }

  endText(): void {
    this.#underWay--
  }

  /** The stack of the caller's caller, without the error's own line and the library's frame. */
  addBacktrace(to: ArgumentBytes): void {
    const stack = new Error().stack ?? ''
    const frames = stack.split('\n').filter((line) => line.trim() !== '')
    const isV8 = /^\w*Error\b/.test(frames[0] ?? '')
    const text = frames
      .slice(isV8 ? 3 : 2)
      .map((line) => line.trim())
      .join('\n')
    const id = this.#idOfStack(text)
    if (id !== NO_FORMAT) to.backtrace(id)
  }

  addArgument(to: ArgumentBytes, value: unknown, maxText: number): void {
    const id = typeof value === 'string' && value.length <= maxText ? this.#repeated(value) : 0
    if (id !== 0) to.interned(id)
    else to.add(value)
  }

  commitText(text: ArgumentBytes, history: number, generation: number, role: number): boolean {
    const { what } = text
    const bytes = text.finish()
    const time = this.clock.stamp()
    const event =
      this.core.claimWithText(history, generation, what, role, bytes, this.thread, time) >>> 0
    if (event === 0) return false
    if (text.isCut) this.core.count(COUNTER_TEXTS_CUT)
    this.instance.writeText(event, text.words, bytes)
    return true
  }

  /** The id of a string that this thread has interned; 0 = logText must decide. */
  stringSeenBefore(value: string): number {
    const id = this.#strings.get(value)
    return id === undefined || id < 0 ? 0 : id
  }

  reject(): false {
    this.core.count(COUNTER_REJECTED)
    return false
  }

  /** Bytes of an object id; the words stay valid until the next text. */
  encode(text: string, most: number): { words: Uint32Array; bytes: number } {
    return { words: this.#spare.words, bytes: this.#spare.only(text, most) }
  }

  /** The recorder's memory, opened as an image; opened anew when the memory has grown. */
  image(): Image {
    const bytes = this.instance.bytes()
    if (this.#image?.bytes !== bytes.length)
      this.#image = { image: openImage(bytes, { source: 'live', live: true }), bytes: bytes.length }
    return this.#image.image
  }

  #idOfStack(text: string): number {
    let id = this.#stacks.get(text)
    if (id === undefined) {
      const bytes = this.#spare.only(text, STRING_BYTES_MAX)
      id = text === '' ? NO_FORMAT : this.instance.intern(this.#spare.words, bytes)
      if (this.#stacks.size < REMEMBERED_MAX) this.#stacks.set(text, id)
    }
    return id
  }

  #internFormat(format: string): number {
    // A cut format would read as another one; a long one goes whole into the text, where its cut is marked.
    return format.length <= STRING_BYTES_MAX / 3 ? this.intern(format) : NO_FORMAT
  }

  #repeated(value: string): number {
    if (value.length > REPEATED_LENGTH_MAX || value === '') return 0
    const id = this.#strings.get(value)
    if (id === undefined) {
      // One in eight: a string that repeats is soon among them, one that never does seldom costs a place.
      if ((++this.#unseen & 7) !== 0) return 0
      if (this.#strings.size >= REMEMBERED_MAX) this.#strings.clear()
      this.#strings.set(value, -1)
      return 0
    }
    if (id !== -1) return id
    const own = this.#internRepeated(value)
    this.#strings.set(value, own)
    return own
  }

  #internRepeated(value: string): number {
    // Its own buffer: the text under way lies in the other.
    const bytes = this.#spare.only(value, STRING_BYTES_MAX)
    return this.instance.intern(this.#spare.words, bytes)
  }
}
