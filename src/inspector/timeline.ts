// All events of an image by time: who did what just before, and what did this thread do next. Times stand in
// columns that are looked through, a million in milliseconds. To fill them, every life is decoded once.

import type { Event, History } from '../image/image.ts'
import type { Place } from './selection.ts'
import type { Target } from './target.ts'
import { threadKey } from './threads.ts'

/** Events missing from one history, somewhere between two times. */
export interface Absence {
  readonly history: History
  readonly event: Event
  readonly from: number
  readonly to: number
}

const ROWS_FIRST = 1 << 12
const NO_THREAD = 0xffff

export class Timeline {
  /** Of absences, in the order of the lists. */
  readonly absences: Absence[] = []
  #length = 0
  #times = new Float64Array(ROWS_FIRST)
  /** Place of the history in #histories. */
  #lives = new Uint32Array(ROWS_FIRST)
  #positions = new Uint32Array(ROWS_FIRST)
  #threads = new Uint16Array(ROWS_FIRST)
  readonly #histories: History[] = []
  /** Last time of folded repeats, by row. */
  readonly #lasts = new Map<number, number>()
  /** By thread, as they stand. */
  #groups: Map<number, number[]> | undefined
  /** Of each thread that was asked for, by time. */
  readonly #rows = new Map<number, Uint32Array>()
  readonly #target: Target

  constructor(target: Target) {
    this.#target = target
  }

  get length(): number {
    return this.#length
  }
  time(row: number): number {
    return this.#times[row] as number
  }
  /** Of the last repeat; the time itself where there is none. */
  last(row: number): number {
    return this.#lasts.get(row) ?? this.time(row)
  }
  thread(row: number): number {
    return this.#threads[row] as number
  }
  isOf(row: number, history: History): boolean {
    return this.#histories[this.#lives[row] as number]?.handle === history.handle
  }

  place(row: number): Place {
    const history = this.#histories[this.#lives[row] as number] as History
    const position = this.#positions[row] as number
    return { history, position, event: this.#target.life(history).events[position] as Event }
  }

  /** The row of an event; -1 for one that is not there. */
  rowOf({ history, position }: Place): number {
    for (let row = 0; row < this.#length; row++) {
      if (this.#positions[row] === position && this.isOf(row, history)) return row
    }
    return -1
  }

  /**
   * Rows of one thread, in the order of their times. Of one time, rows count as they stand: in one history that is the order
   * in which they were logged.
   */
  ofThread(thread: number): Uint32Array {
    const known = this.#rows.get(thread)
    if (known !== undefined) return known
    const rows = Uint32Array.from(this.#grouped().get(thread) ?? [])
    rows.sort((one, other) => this.time(one) - this.time(other) || one - other)
    this.#rows.set(thread, rows)
    return rows
  }

  #grouped(): ReadonlyMap<number, readonly number[]> {
    if (this.#groups !== undefined) return this.#groups
    this.#groups = new Map()
    for (let row = 0; row < this.#length; row++) {
      const thread = this.#threads[row] as number
      const group = this.#groups.get(thread)
      if (group === undefined) this.#groups.set(thread, [row])
      else group.push(row)
    }
    return this.#groups
  }

  /** `threadOf` is asked once for each run of events of one thread. */
  add(history: History, threadOf: (event: Event) => number): void {
    const life = this.#histories.push(history) - 1
    let position = 0
    let before: Event | undefined
    let thread = NO_THREAD
    for (const event of history.events()) {
      if (event.lost > 0) {
        const from = before?.last ?? history.created
        const to = event.verb === '' ? Number.POSITIVE_INFINITY : event.t
        this.absences.push({ history, event, from, to })
      }
      if (event.verb === '') continue
      if (before === undefined || !isSameThread(event, before)) thread = threadOf(event)
      this.#push(event, life, position++, thread)
      before = event
    }
  }

  #push(event: Event, life: number, position: number, thread: number): void {
    const row = this.#length++
    if (row === this.#times.length) this.#grow()
    this.#times[row] = event.t
    this.#lives[row] = life
    this.#positions[row] = position
    this.#threads[row] = thread
    if (event.last > event.t) this.#lasts.set(row, event.last)
  }

  #grow(): void {
    const length = this.#times.length * 2
    const grown = <Column extends { set(from: Column): void }>(column: Column, next: Column) => {
      next.set(column)
      return next
    }
    this.#times = grown(this.#times, new Float64Array(length))
    this.#lives = grown(this.#lives, new Uint32Array(length))
    this.#positions = grown(this.#positions, new Uint32Array(length))
    this.#threads = grown(this.#threads, new Uint16Array(length))
  }
}

const isSameThread = (one: Event, other: Event): boolean =>
  one.tid === other.tid && one.pid === other.pid && one.thread === other.thread

const timelines = new WeakMap<Target, Timeline>()

/** Made when it is first asked for; a long work, during which `breathe` may throw. */
export async function timelineOf(target: Target, breathe: () => Promise<void>): Promise<Timeline> {
  const known = timelines.get(target)
  if (known !== undefined) return known
  const timeline = new Timeline(target)
  const numbers = new Map<string, number>()
  // A thread that joined twice is two records that no event tells apart: the first stands for both.
  for (const thread of [...target.image.threads()].reverse()) {
    numbers.set(threadKey(thread), thread.number)
  }
  const numberOf = (event: Event): number => numbers.get(threadKey(event)) ?? NO_THREAD
  for (const list of target.lists) {
    for (const history of list.histories()) {
      await breathe()
      timeline.add(history, numberOf)
    }
  }
  timelines.set(target, timeline)
  return timeline
}
