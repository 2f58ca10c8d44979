// All lives of a list in columns: a million events are a handful of arrays, which every detector walks through again.

import type { Event, History, Image, Role } from '../image/image.ts'
import { NO_NUMBER, NUMBERS_MAX, Shapes } from './shapes.ts'

/** A line of the program, as far as verb and text tell it from others. */
export interface Key {
  readonly id: number
  readonly verb: number
  readonly verbName: string
  readonly role: Role
  /** '' where the texts of its verb say too many different things. */
  readonly template: string
}

export const LATE_END = 1
export const LATE_UNREF = 2
/** Events are missing just before. */
export const AFTER_LOSS = 4

/** Further events are not looked at, and that is told. */
export const EVENTS_MAX = 1 << 23
const KEYS_MAX = 4096
/** A verb with more templates than this, which hardly come again, has only one key. */
const TEMPLATES_MAX = 24
const USES_MIN = 8

/** One image of those that are checked together. */
export interface Source {
  readonly image: Image
  /** The last moment at which anything in it happened. */
  now: number
}

/** The life of one object: its events are those from `from` to `to` of its family's columns. */
export interface Life {
  readonly history: History
  readonly source: Source
  readonly family: Family
  readonly from: number
  readonly to: number
  /** No event is missing, neither between them nor behind. */
  readonly whole: boolean
  /** Place of its first 'end', or -1. */
  readonly end: number
  /** Lives of the same object in the same list, before and after. */
  previous: Life | undefined
  next: Life | undefined
}

/** The lists of one name, of all images. */
export class Family {
  readonly name: string
  readonly lives: Life[] = []
  readonly keys: Key[] = []
  readonly verbs: string[] = []
  /** Histories whose events were too many. */
  leftOut = 0
  size = 0
  key = new Uint16Array(1024)
  thread = new Uint32Array(1024)
  index = new Uint32Array(1024)
  /** How often it was logged in a row. */
  times = new Uint32Array(1024)
  flags = new Uint8Array(1024)
  t = new Float64Array(1024)
  /** NUMBERS_MAX of each event. */
  numbers = new Int32Array(1024 * NUMBERS_MAX)
  readonly #keys = new Map<string, Map<string, Key>>()
  readonly #shapes: Shapes
  readonly #threads: Threads

  constructor(name: string, shapes: Shapes, threads: Threads) {
    this.name = name
    this.#shapes = shapes
    this.#threads = threads
  }

  add(history: History, source: Source): void {
    const events = history.events()
    if (this.size + events.length > EVENTS_MAX) {
      this.leftOut++
      return
    }
    const from = this.size
    let whole = true
    let end = -1
    for (const event of events) {
      if (event.lost > 0) whole = false
      if (event.verb === '') continue
      if (event.role === 'end' && end < 0) end = this.size
      this.#push(event, source)
      if (event.last > source.now) source.now = event.last
    }
    if (history.created > source.now) source.now = history.created
    this.lives.push({
      history,
      source,
      family: this,
      from,
      to: this.size,
      whole,
      end,
      previous: undefined,
      next: undefined,
    })
  }

  /** After the last life: verbs whose texts are of too many shapes get one key. */
  finish(): void {
    const uses = new Uint32Array(this.keys.length)
    for (let at = 0; at < this.size; at++) uses[this.key[at]]++
    const merged = new Uint16Array(this.keys.length).map((_, id) => id)
    for (const [verb, byTemplate] of this.#keys) {
      const keys = [...byTemplate.values()]
      const total = keys.reduce((sum, { id }) => sum + uses[id], 0)
      if (keys.length <= TEMPLATES_MAX || total / keys.length >= USES_MIN) continue
      const plain = this.#keyOf(verb, keys[0].role, '', byTemplate)
      for (const { id } of keys) merged[id] = plain.id
    }
    for (let at = 0; at < this.size; at++) this.key[at] = merged[this.key[at]]
    this.#link()
  }

  roleOf(at: number): Role {
    return this.keys[this.key[at]].role
  }
  verbOf(at: number): number {
    return this.keys[this.key[at]].verb
  }
  roleOfVerb(verb: number): Role | undefined {
    return this.keys.find((key) => key.verb === verb)?.role
  }
  threadName(at: number): string {
    return this.#threads.nameOf(this.thread[at])
  }
  /** What the event adds to the count of references. */
  change(at: number): number {
    const { role } = this.keys[this.key[at]]
    return role === 'ref' ? this.times[at] : role === 'unref' ? -this.times[at] : 0
  }
  numberAt(at: number, place: number): number {
    return this.numbers[at * NUMBERS_MAX + place]
  }
  /** The last number of the text. */
  lastNumber(at: number): number {
    for (let place = NUMBERS_MAX - 1; place >= 0; place--) {
      const number = this.numberAt(at, place)
      if (number !== NO_NUMBER) return number
    }
    return NO_NUMBER
  }

  #push(event: Event, source: Source): void {
    const at = this.size++
    if (at >= this.key.length) this.#grow()
    const { template, numbers } = this.#shapes.of(event.log)
    const byTemplate = this.#templatesOf(event.verb)
    const key =
      byTemplate.get(template) ??
      this.#keyOf(event.verb, event.role, this.keys.length < KEYS_MAX ? template : '', byTemplate)
    this.key[at] = key.id
    this.thread[at] = this.#threads.numberOf(event, source)
    this.index[at] = event.index
    this.times[at] = Math.min(event.count, 0xffffffff)
    this.flags[at] =
      (event.late === 'after end' ? LATE_END : event.late === '' ? 0 : LATE_UNREF) |
      (event.lost > 0 ? AFTER_LOSS : 0)
    this.t[at] = event.t
    for (let place = 0; place < NUMBERS_MAX; place++)
      this.numbers[at * NUMBERS_MAX + place] = numbers[place] ?? NO_NUMBER
  }

  #templatesOf(verb: string): Map<string, Key> {
    let byTemplate = this.#keys.get(verb)
    if (byTemplate === undefined) {
      byTemplate = new Map()
      this.#keys.set(verb, byTemplate)
      this.verbs.push(verb)
    }
    return byTemplate
  }

  #keyOf(verbName: string, role: Role, template: string, byTemplate: Map<string, Key>): Key {
    const known = byTemplate.get(template)
    if (known !== undefined) return known
    // One verb has at most one key without a template, and an image at most 1,024 verbs.
    const verb = this.verbs.indexOf(verbName)
    const key: Key = { id: this.keys.length, verb, verbName, role, template }
    this.keys.push(key)
    byTemplate.set(template, key)
    return key
  }

  #grow(): void {
    const size = this.key.length * 2
    const grown = <T extends { set(from: T): void }>(to: T, from: T): T => {
      to.set(from)
      return to
    }
    this.key = grown(new Uint16Array(size), this.key)
    this.thread = grown(new Uint32Array(size), this.thread)
    this.index = grown(new Uint32Array(size), this.index)
    this.times = grown(new Uint32Array(size), this.times)
    this.flags = grown(new Uint8Array(size), this.flags)
    this.t = grown(new Float64Array(size), this.t)
    this.numbers = grown(new Int32Array(size * NUMBERS_MAX), this.numbers)
  }

  #link(): void {
    const last = new Map<Source, Map<string, Life>>()
    for (const life of this.lives) {
      const bySource = last.get(life.source) ?? new Map<string, Life>()
      last.set(life.source, bySource)
      const { objectText } = life.history
      life.previous = bySource.get(objectText)
      if (life.previous) life.previous.next = life
      bySource.set(objectText, life)
    }
  }
}

/** Numbers of threads, over all images. */
export class Threads {
  readonly #names: string[] = []
  readonly #numbers = new Map<Source, Map<string, number>>()

  numberOf(event: Event, source: Source): number {
    let bySource = this.#numbers.get(source)
    if (bySource === undefined) {
      bySource = new Map()
      this.#numbers.set(source, bySource)
    }
    // One thread's name, or its number, may be another's in another process.
    const name = `${event.pid} ${event.tid} ${event.thread}`
    const known = bySource.get(name)
    if (known !== undefined) return known
    const number = this.#names.push(event.thread) - 1
    bySource.set(name, number)
    return number
  }

  nameOf(number: number): string {
    return this.#names[number] ?? ''
  }
}

/** How many lives are looked at between two yields. */
export const LIVES_AT_ONCE = 200

/** Reads all lives of all images. Yields now and then how many are read. */
export function* readFamilies(
  images: readonly Image[],
  wanted?: string,
): Generator<number, Family[]> {
  const families = new Map<string, Family>()
  const shapes = new Shapes()
  const threads = new Threads()
  let count = 0
  for (const image of images) {
    const source: Source = { image, now: 0 }
    for (const list of image.lists()) {
      const family = families.get(list.name) ?? new Family(list.name, shapes, threads)
      // The others are read, too, but for their last moment: see Source.
      if (wanted === undefined || list.name === wanted) families.set(list.name, family)
      for (const history of list.histories()) {
        if (families.has(list.name)) family.add(history, source)
        if (++count % LIVES_AT_ONCE === 0) yield count
      }
    }
  }
  for (const family of families.values()) family.finish()
  return [...families.values()]
}
