// A world of objects with known verdicts: lives told step by step, as a recorder would have kept them, without one. Late
// marks, losses and references come out as the recorder makes them; time is told by the author.

import type { Event, Gap, History, Image, List, Role } from '../../../src/image/image.ts'
import { textOfObject } from '../../../src/image/objects.ts'
import { random } from '../random.mjs'

/** Not `** 3`: engines may differ in the last bit of that. */
const cubed = (number: number): number => number * number * number

export type Roles = Readonly<Record<string, 1 | -1 | 0 | 'end'>>

export class World {
  readonly random: () => number
  readonly #roles = new Map<string, Role>()
  readonly #lists: List[] = []
  readonly #histories = new Map<string, History[]>()
  readonly #threads: string[] = []
  #handles = 16777217

  constructor(seed: number) {
    this.random = random(seed)
  }

  /** From 0 to below `count`. */
  below(count: number): number {
    return Math.floor(this.random() * count)
  }
  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T
  }
  /** Microseconds: mostly short, now and then ten times as long. */
  pause(most = 200): number {
    return Math.floor(cubed(this.random()) * most) + 1
  }

  verbs(roles: Roles): this {
    for (const [name, role] of Object.entries(roles))
      this.#roles.set(
        name,
        role === 1 ? 'ref' : role === -1 ? 'unref' : role === 'end' ? 'end' : 'none',
      )
    return this
  }

  roleOf = (verb: string): Role => {
    const role = this.#roles.get(verb)
    if (role === undefined) throw new Error(`no verb ${verb}`)
    return role
  }

  tidOf(thread: string): number {
    const known = this.#threads.indexOf(thread)
    return known >= 0 ? known : this.#threads.push(thread) - 1
  }

  list(name: string): List {
    const known = this.#lists.find((list) => list.name === name)
    if (known) return known
    const histories: History[] = []
    this.#histories.set(name, histories)
    const list: List = {
      name,
      number: this.#lists.length,
      address: 0x1000 + this.#lists.length * 0x80,
      window: 0,
      maxEvents: 300,
      maxText: 128,
      enabled: true,
      autoLog: false,
      coalesce: false,
      sample: 1,
      get pushed() {
        return histories.length
      },
      evictedByWindow: 0,
      evictedByBudget: 0,
      evictedPinned: 0,
      eventsGone: 0,
      histories: () => [...histories],
    }
    this.#lists.push(list)
    return list
  }

  push(list: List, object: number | string, t: number, thread = 'main'): Told {
    const histories = this.#histories.get(list.name) as History[]
    const life = new Told(this, list, object, t, thread, this.#handles++, histories.length)
    histories.push(life)
    return life
  }

  image(source = 'corpus.shdump'): Image {
    const all = (): History[] => [...this.#histories.values()].flat()
    return {
      source,
      name: 'corpus',
      run: '1122334455667788',
      pid: 1,
      host: '',
      hostClock: undefined,
      uncertainty: 2000,
      started: 1_700_000_000_000,
      formatVersion: 1,
      coarse: false,
      lastTick: 0,
      base: 0,
      size: 0x20000,
      budget: 64 << 20,
      lists: () => this.#lists,
      list: (name) => this.#lists.find((each) => each.name === name),
      threads: () =>
        this.#threads.map((name, number) => ({
          number,
          name,
          pid: 1,
          tid: number,
          runtime: 'node',
          joined: 0,
        })),
      verbs: () =>
        [...this.#roles].map(([name, role], id) => ({ id, name, role, pin: false, enabled: true })),
      stats: () => ({}),
      history: (handle) => all().find((each) => each.handle === handle),
      find: (object) => all().filter((each) => each.object === object),
      problems: () => [],
      bytes: () => new Uint8Array(0),
    }
  }
}

/** One life, as its author tells it. */
export class Told implements History {
  readonly list: List
  readonly handle: number
  readonly object: number | string
  readonly created: number
  readonly thread: string
  readonly order: number
  readonly address: number
  readonly pinned = false
  readonly flushOffset = 0
  ended = false
  /** Now, in this life. */
  now: number
  readonly world: World
  readonly #events: Event[] = []
  readonly #gaps: Gap[] = []
  #refs = 0
  #released = false
  #len = 0
  #lost = 0

  constructor(
    world: World,
    list: List,
    object: number | string,
    t: number,
    thread: string,
    handle: number,
    order: number,
  ) {
    this.world = world
    this.list = list
    this.object = object
    this.created = t
    this.now = t
    this.thread = thread
    this.handle = handle
    this.order = order
    this.address = handle
    world.tidOf(thread)
  }

  get objectText(): string {
    return textOfObject(this.object)
  }
  get ref(): number {
    return this.#refs + (this.#released ? 0 : 1)
  }
  get len(): number {
    return this.#len
  }

  log(
    thread: string,
    verb: string,
    log = '',
    { pause = this.world.pause(), times = 1 } = {},
  ): this {
    this.now += pause
    const role = this.world.roleOf(verb)
    const index = this.#len
    const lastIndex = times > 1 ? index + 1 : index
    this.#len = lastIndex + 1
    this.#events.push({
      index,
      lastIndex,
      count: times,
      verb,
      role,
      t: this.now,
      last: this.now,
      pid: 1,
      tid: this.world.tidOf(thread),
      thread,
      log,
      lost: this.#lost,
      late: this.ended ? 'after end' : this.#released && this.#refs === 0 ? 'after last unref' : '',
      address: this.handle * 1000 + index,
    })
    this.#lost = 0
    if (role === 'end') this.ended = true
    return this
  }

  hold(): this {
    this.#refs++
    return this
  }
  release(): this {
    if (this.#refs > 0) this.#refs--
    else this.#released = true
    return this
  }
  wait(microseconds: number): this {
    this.now += microseconds
    return this
  }

  /** The next event was claimed, and never finished. */
  lose(count = 1, cause: Gap['cause'] = 'unfinished'): this {
    this.#gaps.push({ from: this.#len, to: this.#len + count - 1, count, cause })
    this.#len += count
    this.#lost += count
    return this
  }

  /** Its middle falls, as that of a life longer than `maxEvents`. */
  fall(maxEvents: number): this {
    const first = Math.floor(maxEvents / 4)
    const last = maxEvents - first
    if (this.#events.length <= maxEvents) return this
    const fallen = this.#events.splice(first, this.#events.length - maxEvents)
    const [from, to] = [fallen[0] as Event, fallen.at(-1) as Event]
    const count = to.lastIndex - from.index + 1
    this.#gaps.push({ from: from.index, to: to.lastIndex, count, cause: 'fallen' })
    const next = this.#events[this.#events.length - last] as Event
    this.#events[this.#events.length - last] = { ...next, lost: count }
    return this
  }

  events(): Event[] {
    return [...this.#events]
  }
  gaps(): Gap[] {
    return [...this.#gaps]
  }
}
