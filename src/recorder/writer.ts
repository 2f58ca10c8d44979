// One thread's hand on one recorder: its core instance, its number, its clock, the strings it has already interned.

import {
  COUNTER_REJECTED,
  COUNTER_TEXTS_CUT,
  HEADER_FLAG_ORDERED_STORES,
  HEADER_FLAGS,
  HEADER_VERB_SWITCHES,
  SHORT_STRING_BYTES_MAX,
  STRING_BYTES_MAX,
} from '../../assembly/layout.ts'
import type { CoreInstance } from '../core/instance.ts'
import type { Image } from '../image/image.ts'
import { ownOrigin, readOrigin, runOf } from '../image/origin.ts'
import { openImage } from '../image/read-image.ts'
import { type ArgumentLevels, HOLD_FORMAT } from '../privacy/formats.ts'
import type { Host } from '../runtime/host.ts'
import { ArgumentBytes } from './arguments.ts'
import { Clock } from './clock.ts'
import type { Holds } from './hold.ts'
import type { List } from './list.ts'
import type { Redact } from './options.ts'
import type { FormatsPrivacy } from './privacy.ts'
import { SEEN_AGAIN, SeenStrings } from './seen-strings.ts'
import type { Ticket } from './ticket.ts'
import type { Verb } from './verbs.ts'

/** Distinct statements and call sites, and distinct stacks, that one thread remembers; the rest travels inside the events. */
const REMEMBERED_MAX = 4096
/** log() cannot say it in this way. */
export const UNFIT = -1
/** Tells the core to take the coarse cell. */
export const COARSE = -1
/** beginText() and #addBacktrace(), beside the frames of who calls the former. */
const WRITER_FRAMES = 2
/** Reflect.apply(), which some engines show. */
const NATIVE = /\[native code\]|\bReflect\.apply\b/
/** What strings that come again and again leave of the string area to the names of lists, verbs and threads. */
const SPARED_FOR_NAMES = 4096
/** Of a format that cannot be interned: it goes into the text. */
const NO_FORMAT = 0

export class Writer {
  declare readonly instance: CoreInstance
  declare readonly core: CoreInstance['core']
  /** Of the core's exports, what is called for each event. */
  declare readonly log: CoreInstance['core']['log']
  declare readonly logAt: CoreInstance['core']['log']
  declare readonly log1: CoreInstance['core']['log1']
  declare readonly log2: CoreInstance['core']['log2']
  declare readonly log3: CoreInstance['core']['log3']
  declare readonly logWord: CoreInstance['core']['logWord']
  declare readonly clock: Clock
  /** Logs until the next look at the runtime's clock: whoever logs counts it down, and looks at 0. */
  declare left: number
  declare readonly thread: number
  /** Of whoever counts logs on its own account: it must look next time; answers how many it need not have. */
  takeBack: (() => number) | undefined = undefined
  /** Set by the recorder, which defines their verbs. */
  declare holds: Holds
  /** Names, formats, object ids: never under way while an application's code runs. */
  readonly #spare = new ArgumentBytes()
  /** Never throws; undefined where nothing is to be redacted. */
  declare private readonly redact: Redact | undefined
  /** Undefined where everything is public. */
  declare private readonly privacy: FormatsPrivacy | undefined
  /** Whether owners of holds are changed before they are stored. */
  declare readonly redacts: boolean
  readonly #texts: ArgumentBytes[] = []
  readonly #sites = new Map<string, number>()
  /** Of these, and of the verbs' statements. */
  #remembered = 0
  private readonly seen: SeenStrings = new SeenStrings()
  #underWay = 0
  readonly #verbs: Verb[] = []
  /** A view of one word in the header chunk, as those of lists. */
  readonly #switches: Uint32Array
  #switchesSeen = 0
  readonly #stacks = new Map<string, number>()
  #image: { image: Image; bytes: number } | undefined
  #run: string | undefined
  readonly #word = (at: number): number => this.instance.word(at)

  constructor(
    instance: CoreInstance,
    host: Host,
    { started, coarse }: Ticket,
    threadName: string,
    redact?: Redact,
    privacy?: FormatsPrivacy,
  ) {
    const { core } = instance
    const isOrdered = (instance.word(HEADER_FLAGS) & HEADER_FLAG_ORDERED_STORES) !== 0
    // Next to each other in memory: each event needs them.
    this.left = 0
    this.log1 = isOrdered ? core.log1 : core.log1Weak
    this.log2 = isOrdered ? core.log2 : core.log2Weak
    this.log3 = isOrdered ? core.log3 : core.log3Weak
    this.logWord = isOrdered ? core.logWord : core.logWordWeak
    this.log = core.log
    this.logAt = core.logAt
    this.instance = instance
    this.core = core
    this.redact = redact && careful(redact)
    this.privacy = privacy
    this.redacts = redact !== undefined || privacy?.of(HOLD_FORMAT) !== undefined
    this.#switches = new Uint32Array(instance.memory.buffer, HEADER_VERB_SWITCHES, 1)
    this.clock = new Clock(instance, started, coarse, () => {
      const left = Math.min(this.left, this.takeBack?.() ?? this.left)
      this.left = 0
      return left
    })
    const name = this.intern(threadName)
    const tid = host.tid ?? 0xffffffff
    this.thread =
      this.core.joinThread(host.pid, tid, name, host.runtime, this.clock.precise()) >>> 0
  }

  /** Which arguments of a format may not be stored as they are: bit n is the argument n. */
  hiddenIn(format: string): number {
    const levels = this.privacy?.of(format)
    if (levels === undefined) return 0
    const isHidden = (n: number) => (levels.levels[n] ?? levels.rest) !== 'public'
    return [0, 1, 2].reduce((bits, n) => bits | (isHidden(n) ? 1 << n : 0), 0)
  }

  get hasPrivacy(): boolean {
    return this.privacy !== undefined
  }

  /** Whether strings are changed before they are stored. */
  get redactsStrings(): boolean {
    return this.redact !== undefined
  }

  lookAtClock(): void {
    this.left = this.clock.look()
    if (this.#switches[0] !== this.#switchesSeen) this.lookAtVerbs()
  }

  /** What other threads have switched off or on. */
  lookAtVerbs(): void {
    this.#switchesSeen = this.#switches[0] as number
    for (const verb of this.#verbs) verb.look()
  }

  /** A verb of this thread; looked at whenever any is switched. */
  addVerb(verb: Verb): void {
    this.#verbs.push(verb)
  }

  /** What to pass to the core as an event's time. */
  stamp(): number {
    if (!this.clock.isCoarse) {
      if (this.#switches[0] !== this.#switchesSeen) this.lookAtVerbs()
      return this.clock.stamp()
    }
    if (--this.left <= 0) this.lookAtClock()
    return COARSE
  }

  /** The id of a string, cut to what one may hold; 0 when the string area is full but for `spared` bytes. */
  intern(text: string, spared = 0): number {
    // A buffer of its own: a text under way lies in another.
    const bytes = this.#spare.only(text, STRING_BYTES_MAX)
    return this.instance.intern(this.#spare.words, bytes, spared)
  }

  /** What the core is told of verb and format. Remembers it in the verb, where the next log looks first. */
  what(verb: Verb, format: string): number {
    const statement = format === '' ? NO_FORMAT : this.#idOf(verb.statements, format, verb.digits)
    const what = statement === NO_FORMAT ? verb.plainWhat : verb.whatOf(statement)
    // What is remembered is logged without a look at its arguments.
    const isPublic = this.privacy?.of(format) === undefined
    if (isPublic && (statement !== NO_FORMAT || format === '')) verb.remember(format, what)
    return what
  }

  /** The id of a call site; 0 when it cannot have one. */
  idOfSite(site: string): number {
    return this.#idOf(this.#sites, site, '')
  }

  /** The id of a format or a call site behind `before`, remembered in `known`; NO_FORMAT when it cannot have one. */
  #idOf(known: Map<string, number>, text: string, before: string): number {
    let id = known.get(text)
    if (id === undefined) {
      // Formats made at run time are endless: those beyond the limit are not remembered, but recorded all the same.
      const isRoom = this.#remembered < REMEMBERED_MAX
      // A cut format would read as another one; a long one goes whole into the text, where its cut is marked.
      const isShort = text.length <= (STRING_BYTES_MAX - before.length) / 3
      id = isRoom && isShort && text !== '' ? this.intern(before + text) : NO_FORMAT
      if (isRoom) {
        known.set(text, id)
        this.#remembered++
      }
    }
    return id
  }

  /** Makes this the format that the verb was last logged with; false when it cannot be. */
  learns(verb: Verb, format: unknown): boolean {
    const written = format === undefined ? '' : format
    if (typeof written !== 'string') return false
    if (written === verb.lastFormat || verb.recalls(written)) return true
    this.what(verb, written)
    return written === verb.lastFormat
  }

  /**
   * Begins the text of an event whose arguments are not a few small integers. An argument's toJSON may log in turn, so
   * each text under way has its own bytes; endText() must follow. Never throws, whatever the application's objects do.
   */
  beginText(verb: Verb, format: unknown, list: List, frames: number): ArgumentBytes {
    let text = this.#texts[this.#underWay]
    if (text === undefined) {
      text = new ArgumentBytes(this.redact)
      this.#texts.push(text)
    }
    this.#underWay++
    text.begin(list.maxText)
    try {
      if (format === verb.lastFormat) text.what = verb.lastWhat
      else this.#addFormat(text, verb, format)
      if (list.backtrace) this.#addBacktrace(text, frames + WRITER_FRAMES)
    } catch {
      text.isRejected = true
    }
    return text
  }

  addArgument(text: ArgumentBytes, given: unknown): void {
    try {
      const shown = text.levels === undefined ? given : this.#shown(text, text.levels, given)
      const isSecret = this.redact !== undefined && typeof shown === 'string'
      const value = isSecret ? (this.redact as Redact)(shown as string) : shown
      const isFit = typeof value === 'string' && value.length <= text.maxText
      const id = isFit ? this.#idOfSeen(value) : 0
      if (id !== 0) text.interned(id)
      else text.add(value)
    } catch {
      text.isRejected = true
    }
  }

  #shown(text: ArgumentBytes, levels: ArgumentLevels, given: unknown): unknown {
    return this.privacy?.shown(levels, text.place++, given)
  }

  /** Claims the event, copies its text, commits. */
  endText(text: ArgumentBytes, history: number, generation: number, verb: Verb): boolean {
    this.#underWay--
    if (text.isRejected) return this.reject()
    const { core, instance } = this
    const bytes = text.finish()
    const time = this.stamp()
    const event = core.claimWithText(history, generation, text.what, verb.packed, bytes, time) >>> 0
    if (event === 0) return false
    if (text.isCut) core.count(COUNTER_TEXTS_CUT)
    instance.writeText(event, text.words, bytes)
    return true
  }

  /** The id of an argument that has one; 0 = addArgument() must decide. */
  idOfSeen(value: string): number {
    return this.redact === undefined ? this.seen.idOf(value) : 0
  }

  /** The same, when it is quickly found; else 0. */
  idOfKnown(value: string): number {
    return this.redact === undefined ? this.seen.quickIdOf(value) : 0
  }

  /** The id of an argument that comes again and again; 0 = it goes into the event's text. */
  #idOfSeen(value: string): number {
    const id = this.seen.lookUp(value)
    if (id !== SEEN_AGAIN) return id
    const own = this.intern(value, SPARED_FOR_NAMES)
    this.seen.keep(value, own)
    return own
  }

  /**
   * Logs a string that has no id yet as the only argument: 1 recorded, 0 refused, UNFIT when it is too long, not ASCII, or comes
   * again and so gets an id. Not of a list that wants more than the record.
   */
  logShort(history: number, generation: number, verb: Verb, text: string): number {
    const { length } = text
    if (length === 0 || length > SHORT_STRING_BYTES_MAX || this.redact !== undefined) return UNFIT
    // Each call of charCodeAt() here: so this is too long to be compiled into log(), where V8 would no longer compile these in.
    const word0 =
      length < 4
        ? lastOf(text, 0)
        : fourOf(text.charCodeAt(0), text.charCodeAt(1), text.charCodeAt(2), text.charCodeAt(3))
    const word1 =
      length < 8
        ? lastOf(text, 4)
        : fourOf(text.charCodeAt(4), text.charCodeAt(5), text.charCodeAt(6), text.charCodeAt(7))
    const word2 =
      length < 12
        ? lastOf(text, 8)
        : fourOf(text.charCodeAt(8), text.charCodeAt(9), text.charCodeAt(10), text.charCodeAt(11))
    const word3 =
      length < 16
        ? lastOf(text, 12)
        : fourOf(text.charCodeAt(12), text.charCodeAt(13), text.charCodeAt(14), text.charCodeAt(15))
    // No ASCII has its highest bit set.
    if ((word0 | word1 | word2 | word3) < 0) return UNFIT
    if (this.seen.isSeenAgain(hashOf(word0, word1, word2, word3))) return UNFIT
    const { lastWhat, packed } = verb
    const { logShort } = this.core
    const time = this.stamp()
    return logShort(history, generation, lastWhat, packed, length, word0, word1, word2, word3, time)
  }

  /** An event whose verb log() does not take: switched off, or not of this recorder, which is counted. */
  refuse(verb: Verb | undefined): false {
    return verb?.owner === this ? false : this.reject()
  }

  reject(): false {
    this.core.count(COUNTER_REJECTED)
    return false
  }

  /** Bytes of an object id; the words stay valid until the next text. */
  encode(text: string, most: number): { words: Uint32Array; bytes: number } {
    return { words: this.#spare.words, bytes: this.#spare.only(text, most) }
  }

  /** What an object carries to another process: where this life began. */
  originOf(history: number, handle: number): string {
    this.#run ??= runOf(this.#word)
    return readOrigin(this.#word, history) || ownOrigin(this.#run, handle)
  }

  /** The recorder's memory, opened as an image; opened anew when the memory has grown. */
  image(): Image {
    const bytes = this.instance.bytes()
    if (this.#image?.bytes !== bytes.length)
      this.#image = { image: openImage(bytes, { source: 'live', live: true }), bytes: bytes.length }
    return this.#image.image
  }

  #addFormat(to: ArgumentBytes, verb: Verb, format: unknown): void {
    const written = format === undefined ? '' : String(format)
    to.what = this.what(verb, written)
    to.levels = this.privacy?.of(written)
    to.place = 0
    const isUnknown = written !== '' && to.what === verb.plainWhat
    if (isUnknown) to.format(written)
  }

  /** The stack of the caller of log(), without the error's own line and the library's frames. */
  #addBacktrace(to: ArgumentBytes, library: number): void {
    const stack = new Error().stack ?? ''
    const frames = stack.split('\n').filter((line) => line.trim() !== '')
    const isV8 = /^\w*Error\b/.test(frames[0] ?? '')
    let at = isV8 ? 1 : 0
    for (let left = library; left > 0 && at < frames.length; at++)
      if (!NATIVE.test(frames[at] as string)) left--
    const text = frames
      .slice(at)
      .map((line) => line.trim())
      .join('\n')
    const id = this.#idOfStack(text)
    if (id !== NO_FORMAT) to.backtrace(id)
  }

  #idOfStack(text: string): number {
    let id = this.#stacks.get(text)
    if (id === undefined) {
      id = text === '' ? NO_FORMAT : this.intern(text)
      if (this.#stacks.size < REMEMBERED_MAX) this.#stacks.set(text, id)
    }
    return id
  }
}

/** 32 bits, those above well mixed. */
function hashOf(word0: number, word1: number, word2: number, word3: number): number {
  const sum = Math.imul(word0, 0x9e3779b1) + Math.imul(word1, 0x85ebca6b)
  const other = Math.imul(word2, 0xc2b2ae35) + Math.imul(word3, 0x27d4eb2f)
  const all = (sum ^ other) | 0
  return Math.imul(all ^ (all >>> 16), 0x7feb352d)
}

/** Four characters as a word; negative where one is not ASCII. */
function fourOf(a: number, b: number, c: number, d: number): number {
  return (a | b | c | d) < 128 ? a | (b << 8) | (c << 16) | (d << 24) : -1
}

/** The same of fewer than four, or none, at the end: zero beyond. */
function lastOf(text: string, at: number): number {
  let word = 0
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 128) return -1
    word |= code << ((i - at) << 3)
  }
  return word
}

const NOT_REDACTED = '[not redacted]'

/** Whatever goes wrong, the text itself is not stored. */
function careful(redact: Redact): Redact {
  return (text) => {
    try {
      const redacted: unknown = redact(text)
      return typeof redacted === 'string' ? redacted : NOT_REDACTED
    } catch {
      return NOT_REDACTED
    }
  }
}
