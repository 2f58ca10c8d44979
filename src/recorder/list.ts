// A list in this thread: pushes, finds and flushes histories.

import {
  BLOCK_HEADER_BYTES,
  CONTROL_CLAIMED_SHIFT,
  COUNTER_TEXTS_CUT,
  HISTORY_CONTROL,
  HISTORY_FLUSH_OFFSET,
  HISTORY_NUMBER_BITS,
  HISTORY_OBJECT,
  HISTORY_OBJECT_STRING,
  HISTORY_OBJECT_STRING_BYTES,
  HISTORY_ORIGIN,
  HISTORY_ORIGIN_BYTES,
  HISTORY_ORIGIN_TEXT,
  HISTORY_SEED,
  HISTORY_SHIFT,
  LIST_ENABLED,
  LIST_FLAG_AUTO_LOG,
  LIST_FLAG_BACKTRACE,
  LIST_FLAG_COALESCE,
  LIST_FLAGS,
  LIST_MAX_EVENTS,
  LIST_MAX_TEXT,
  LIST_WINDOW,
  OBJECT_BIGINT,
  OBJECT_FLOAT,
  OBJECT_INTEGER,
  OBJECT_LONG_STRING,
  OBJECT_LONG_STRING_BYTES,
  OBJECT_STRING,
  OBJECT_UNSIGNED_BIGINT,
  PUSH_SITE_SHIFT,
} from '../../assembly/layout.ts'
import type { List as ImageList } from '../image/image.ts'
import { keptText } from '../image/objects.ts'
import { keptOrigin, originWord } from '../image/origin.ts'
import { sampleOf } from '../image/sample.ts'
import { show } from './given.ts'
import { History } from './history.ts'
import type { LiveCheck } from './live-check.ts'
import type { LaterSink, Sink } from './options.ts'
import { Sampler, UnrecordedHistory } from './sampling.ts'
import type { Writer } from './writer.ts'

const SLOTS = 2 ** HISTORY_NUMBER_BITS
const WORD_RANGE = 2 ** 32
/** Of the control word, where the count of places taken stands. */
const CLAIMED_BYTE = CONTROL_CLAIMED_SHIFT / 8

/** @internal No writer, but an object as they are: compared with anything else, an engine would ask what it is. */
export const NOT_PLAIN: { readonly isPlain: false } = { isPlain: false }

const float = new Float64Array(1)
const floatWords = new Uint32Array(float.buffer)

/** What push() can be told of an object besides what it is. */
export interface PushOptions {
  /** Of the same object in the process that it came from: its `history.origin` there, or a W3C `traceparent`. */
  readonly origin?: string | undefined
  /** Place of the call, as struct-history/plugin writes it. */
  readonly site?: string | undefined
}

/** A named family of histories with one gliding window. The same list in every thread; this is one thread's hold of it. */
export class List {
  declare readonly name: string
  /** How many histories it retains: the last so many pushed. 0: until the budget ends. */
  declare readonly window: number
  declare readonly maxEvents: number
  declare readonly maxText: number
  declare readonly autoLog: boolean
  declare readonly backtrace: boolean
  /** Whether equal events in a row are one record with a count. */
  declare readonly coalesce: boolean
  /** The share of its objects that is recorded, whole lives each: 1 is all. */
  declare readonly sample: number
  /** @internal */
  declare readonly writer: Writer
  readonly #sampler: Sampler | undefined
  readonly #unrecorded: History
  /** The call site that this list was last pushed at, and what HISTORY_PUSH holds of it. */
  #lastSite: string | undefined
  #siteBits = 0
  /** Of the push that is just being made. */
  #origin = ''
  readonly #sinks: readonly Sink[]
  readonly #later: readonly LaterSink[] | undefined
  /** @internal */
  declare readonly address: number
  /** @internal The run-time switch alone: a view of one word in the header chunk, which outlives every growth. */
  declare readonly switched: Uint32Array
  /** @internal The writer, where an event may be no more than its record, and recording it is all that there is to do. */
  declare plainWriter: Writer | typeof NOT_PLAIN
  /** @internal Of the option `check: true`, in this thread. */
  live: LiveCheck | undefined = undefined
  /** @internal Of the option `check`. */
  onUnref: ((history: History, released: boolean) => void) | undefined = undefined

  /** @internal */
  constructor(name: string, writer: Writer, sinks: readonly Sink[], address: number) {
    const { buffer } = writer.instance.memory
    const flags = writer.instance.word(address + LIST_FLAGS)
    const isMore = flags & (LIST_FLAG_AUTO_LOG | LIST_FLAG_BACKTRACE | LIST_FLAG_COALESCE)
    // Next to each other in memory: each event needs them.
    this.switched = new Uint32Array(buffer, address + LIST_ENABLED, 1)
    this.plainWriter = isMore !== 0 ? NOT_PLAIN : writer
    this.writer = writer
    this.address = address
    this.name = name
    this.#sinks = sinks
    const later = sinks.flatMap((sink) => sink.later ?? [])
    this.#later = later.length > 0 && later.length === sinks.length ? later : undefined
    this.window = writer.instance.word(address + LIST_WINDOW)
    this.maxEvents = writer.instance.word(address + LIST_MAX_EVENTS)
    this.maxText = writer.instance.word(address + LIST_MAX_TEXT)
    this.autoLog = (flags & LIST_FLAG_AUTO_LOG) !== 0
    this.backtrace = (flags & LIST_FLAG_BACKTRACE) !== 0
    this.coalesce = (flags & LIST_FLAG_COALESCE) !== 0
    this.sample = sampleOf(flags)
    this.#sampler = this.sample < 1 ? new Sampler(this.sample) : undefined
    this.#unrecorded = new UnrecordedHistory(this)
  }

  /** @internal Each event of this thread is looked at from now on. */
  watch(live: LiveCheck): void {
    this.live = live
    this.plainWriter = NOT_PLAIN
  }

  /** The run-time switch: false makes push() and log() of every thread record nothing, at almost no cost. */
  get enabled(): boolean {
    return this.switched[0] !== 0
  }

  set enabled(value: boolean) {
    this.switched[0] = value ? 1 : 0
  }

  /**
   * Begins the history of an object and moves the window on by one. The object is a number, a bigint or a string;
   * pushing the same one again begins another life. When the list is switched off, its `sample` passes the object over, or
   * no memory can be had even by evicting, the history records nothing (its handle is 0). Any thread. Never waits. Never throws.
   *
   * `origin` of an object that came from another process: what its `history.origin` was there, as a header brought it. Or a W3C
   * `traceparent`, of which the trace is kept. Longer than 32 letters it is cut; empty or undefined is none.
   *
   * A text as second argument is the place of this call, which struct-history/plugin writes.
   *
   * @example
   * const history = calls.push(callId, { origin: request.headers['x-origin'] })
   * forward(request, { 'x-origin': history.origin })
   */
  push(object: number | bigint | string, told?: string | PushOptions): History {
    if (this.switched[0] === 0) return this.#hold(0, 0)
    if (this.#sampler !== undefined && !this.#sampler.takes()) return this.#unrecorded
    if (told !== this.#lastSite) this.#learn(told)
    const time = this.writer.stamp()
    if (typeof object === 'number') {
      if ((object | 0) === object && object > 0) return this.#push(OBJECT_INTEGER, object, 0, time)
      if (object >= 0 && Number.isSafeInteger(object) && !Object.is(object, -0))
        return this.#push(OBJECT_INTEGER, object >>> 0, Math.floor(object / WORD_RANGE), time)
      float[0] = object
      return this.#push(OBJECT_FLOAT, floatWords[0] as number, floatWords[1] as number, time)
    }
    if (typeof object === 'bigint') {
      const bits = BigInt.asUintN(64, object)
      const isSigned = BigInt.asIntN(64, object) === object
      const kind = isSigned ? OBJECT_BIGINT : OBJECT_UNSIGNED_BIGINT
      if (isSigned || bits === object)
        return this.#push(kind, Number(bits & 0xffffffffn), Number(bits >> 32n), time)
    }
    return this.#pushText(textOf(object), time)
  }

  /** The history of this handle, pushed by any thread; undefined when it is no longer retained, or not of this list. */
  at(handle: number): History | undefined {
    if (!Number.isSafeInteger(handle) || handle <= 0) return undefined
    const generation = Math.floor(handle / SLOTS)
    const number = handle - generation * SLOTS
    const address = this.writer.core.resolve(this.address, number, generation) >>> 0
    return address === 0 ? undefined : this.#hold(address, generation)
  }

  /** The retained histories, oldest first, as they were when the iteration began. */
  *histories(): Generator<History, void, undefined> {
    for (const { handle } of this.#image()?.histories() ?? []) {
      const history = this.at(handle)
      if (history) yield history
    }
  }

  /**
   * Writes the new events of all retained histories to this thread's sinks and keeps them; answers how many events. To sinks that
   * write later they are handed over: then it answers how many places of their histories the events take.
   */
  flush(): number {
    let events = 0
    for (const history of this.histories()) events += history.flush()
    return events
  }

  /** Ends the list and all its histories, pinned ones too: their handles are stale from now on, in every thread. */
  destroy(): void {
    this.writer.core.destroyList(this.address, this.writer.thread)
  }

  /** @internal */
  flushHistory(handle: number, address: number): number {
    if (this.#later !== undefined) return this.#handOver(handle, address)
    const history = this.#sinks.length > 0 ? this.writer.image().history(handle) : undefined
    if (!history) return 0
    const { flushOffset } = history
    const events = history.events().filter(({ lastIndex }) => lastIndex >= flushOffset)
    const last = events.at(-1)
    if (!last) return 0
    // A loss at the end stands at the index that the next event will have.
    const next = last.verb === '' ? last.index : last.lastIndex + 1
    this.writer.core.writeWord(address + HISTORY_FLUSH_OFFSET, next)
    for (const sink of this.#sinks) {
      try {
        sink(history, events)
      } catch {
        this.writer.reject()
      }
    }
    return events.length
  }

  /** A few words read and written: the thread that logs does not decode. */
  #handOver(handle: number, address: number): number {
    const { core, instance } = this.writer
    const generation = Math.floor(handle / SLOTS)
    if (core.resolve(this.address, handle % SLOTS, generation) === 0) return 0
    const from = instance.word(address + HISTORY_FLUSH_OFFSET)
    const to = instance.word(address + HISTORY_CONTROL + CLAIMED_BYTE)
    if (to <= from) return 0
    let isTaken = false
    for (const { take } of this.#later ?? []) isTaken = take(handle, from, to) || isTaken
    // What nobody took may be flushed again.
    if (!isTaken) return 0
    core.writeWord(address + HISTORY_FLUSH_OFFSET, to)
    return to - from
  }

  #image(): ImageList | undefined {
    return this.writer.image().list(this.name)
  }

  /** What comes with a push besides the object: a place, options or nothing. */
  #learn(told: unknown): void {
    const isOptions = typeof told === 'object' && told !== null
    const { origin, site } = isOptions ? (told as PushOptions) : { origin: '', site: told }
    this.#origin = keptOrigin(origin)
    this.#learnSite(site)
  }

  #learnSite(site: unknown): void {
    const isTold = typeof site === 'string'
    this.#lastSite = isTold ? site : undefined
    this.#siteBits = isTold ? this.writer.idOfSite(site) << PUSH_SITE_SHIFT : 0
  }

  #push(kind: number, low: number, high: number, time: number): History {
    if (this.#origin !== '') return this.#pushFrom(kind, low, high, time)
    const { core, thread } = this.writer
    const handle = core.push(this.address, kind | this.#siteBits, low, high, thread, time)
    // `| 0`: what V8 takes for a float it would box, twice for each history.
    const generation = Math.floor(handle / SLOTS) | 0
    return this.#hold(((handle - generation * SLOTS) | 0) << HISTORY_SHIFT, generation)
  }

  #pushText(object: string, time: number): History {
    const { core, thread, instance } = this.writer
    const fitting = keptText(object)
    const { words, bytes } = this.writer.encode(fitting, OBJECT_LONG_STRING_BYTES)
    const origin = this.#takeOrigin()
    const isLong = bytes > HISTORY_OBJECT_STRING_BYTES || origin !== ''
    const kind = isLong ? OBJECT_LONG_STRING : OBJECT_STRING
    const address =
      core.claimHistory(this.address, kind | this.#siteBits, 0, 0, bytes, thread, time) >>> 0
    if (address === 0) return this.#hold(0, 0)
    if (fitting !== object) core.count(COUNTER_TEXTS_CUT)
    const to = isLong
      ? instance.word(address + HISTORY_OBJECT) + BLOCK_HEADER_BYTES
      : address + HISTORY_OBJECT_STRING
    instance.write(to, words, bytes)
    this.#writeOrigin(address, origin)
    return this.#hold(address, core.openHistory(this.address, address, thread) >>> 0)
  }

  #pushFrom(kind: number, low: number, high: number, time: number): History {
    const { core, thread } = this.writer
    const origin = this.#takeOrigin()
    const address =
      core.claimHistory(this.address, kind | this.#siteBits, low, high, 0, thread, time) >>> 0
    if (address === 0) return this.#hold(0, 0)
    this.#writeOrigin(address, origin)
    return this.#hold(address, core.openHistory(this.address, address, thread) >>> 0)
  }

  #takeOrigin(): string {
    const origin = this.#origin
    this.#origin = ''
    return origin
  }

  /** Into a history that is closed still. */
  #writeOrigin(address: number, origin: string): void {
    if (origin === '') return
    const { core, instance } = this.writer
    const seed = instance.word(address + HISTORY_SEED)
    core.writeWord(address + HISTORY_ORIGIN, originWord(seed, origin))
    const { words, bytes } = this.writer.encode(origin, HISTORY_ORIGIN_BYTES)
    instance.write(address + HISTORY_ORIGIN_TEXT, words, bytes)
  }

  #hold(address: number, generation: number): History {
    return new History(this, address, generation)
  }
}

/** What is neither number nor string nor a bigint of 64 bits is known by its text: push() never throws. */
function textOf(object: unknown): string {
  if (typeof object === 'string') return object
  try {
    return typeof object === 'bigint' ? object.toString() : String(object)
  } catch {
    return show(object)
  }
}
