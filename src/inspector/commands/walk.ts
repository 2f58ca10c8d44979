// A walk through the lives of an object: in one direction, through one filter, page by page. It remembers where the last
// page ended, so that `history` alone goes on, as gdb's `list` does.

import { counted } from '../../image/counted.ts'
import type { Event } from '../../image/image.ts'
import { CommandError } from '../messages.ts'
import { shownName } from '../print/name.ts'
import {
  headLine,
  hiddenLine,
  lossLine,
  marksOf,
  pushLine,
  sumsOf,
  whereLines,
} from '../print/record.ts'
import type { Session } from '../session.ts'
import type { Filter } from './filters.ts'
import type { Life } from './objects.ts'

export interface Way {
  readonly filter: Filter
  readonly isReverse: boolean
  readonly isVerbose: boolean
  /** Events on a page; Infinity for one page of all. */
  readonly page: number
  /** Pages begin at the end of the walk and go back. */
  readonly fromEnd: boolean
}

/** An event, or a loss between two of them. */
type Item =
  | { readonly event: Event; readonly position: number }
  | { readonly event: Event; readonly position?: never }

/** Before the item `item` of the life `life`, both counted in the direction of the walk. */
interface Cursor {
  readonly life: number
  readonly item: number
}

export class Walk {
  readonly #session: Session
  /** In the direction of the walk. */
  readonly #lives: readonly Life[]
  readonly #way: Way
  #next: Cursor
  /** Where the heads of lives have come to: a life's head is printed once. */
  #headed = -1
  #shown = 0

  /** `lives`: oldest first. */
  constructor(session: Session, lives: readonly Life[], way: Way) {
    this.#session = session
    this.#lives = way.isReverse ? [...lives].reverse() : lives
    this.#way = way
    this.#next = { life: way.fromEnd ? lives.length : 0, item: 0 }
  }

  /** Whether a life is one of those that are walked through. */
  has({ target, history }: Life): boolean {
    return this.#lives.some(
      (each) => each.target === target && each.history.handle === history.handle,
    )
  }

  /** Prints the next page and makes its last event the current one. */
  async show(): Promise<void> {
    if (this.#way.fromEnd) {
      const end = this.#next
      const start = await this.#back(end)
      if (start.life === end.life && start.item === end.item) throw this.#atTheEnd('beginning')
      this.#next = start
      if (start.life > 0) this.#hideLives(0, start.life, 'before')
      await this.#print(start, end)
    } else {
      const start = this.#next
      if (start.life >= this.#lives.length) throw this.#atTheEnd('end')
      const end = await this.#forth(start)
      this.#next = end
      await this.#print(start, end)
      this.#tellRest(end)
    }
    if (this.#shown === 0 && !this.#way.filter.isIdle) this.#session.out('No event matches.\n')
  }

  #atTheEnd(which: string): CommandError {
    const [life] = this.#lives
    const object = life === undefined ? 'it' : shownName(life.history.objectText)
    return new CommandError(`No more events of ${object}: its history was shown to the ${which}.`)
  }

  #items(life: number): readonly Item[] {
    const { target, history } = this.#lives[life] as Life
    const { events, lostAtEnd } = target.life(history)
    const items: Item[] = []
    for (const [position, event] of events.entries()) {
      if (event.lost > 0) items.push({ event })
      items.push({ event, position })
    }
    if (lostAtEnd !== undefined) items.push({ event: lostAtEnd })
    return this.#way.isReverse ? items.reverse() : items
  }

  #wanted(life: number): (item: Item) => boolean {
    const wanted = this.#way.filter.of((this.#lives[life] as Life).target)
    return ({ event, position }) => position !== undefined && wanted(event)
  }

  /** Where a page that begins here ends: behind its last event and what is lost behind that. */
  async #forth(from: Cursor): Promise<Cursor> {
    const { length } = this.#lives
    let left = this.#way.page
    if (left === Number.POSITIVE_INFINITY) return { life: length, item: 0 }
    for (let { life, item } = from; life < length; life++, item = 0) {
      const items = this.#items(life)
      const wanted = this.#wanted(life)
      for (; item < items.length; item++) {
        await this.#session.breathe()
        const each = items[item] as Item
        if (left === 0 && each.position !== undefined) return { life, item }
        if (wanted(each)) left--
      }
      if (left === 0) return { life: life + 1, item: 0 }
    }
    return { life: length, item: 0 }
  }

  /** Where a page that ends here begins: before its first event and what is lost before that. */
  async #back(from: Cursor): Promise<Cursor> {
    let left = this.#way.page
    let { life, item } = from
    let items = life < this.#lives.length ? this.#items(life) : []
    for (;;) {
      if (item === 0) {
        if (life === 0 || left === 0) return { life, item }
        life--
        items = this.#items(life)
        item = items.length
      }
      const wanted = this.#wanted(life)
      for (; item > 0; item--) {
        await this.#session.breathe()
        const each = items[item - 1] as Item
        if (left === 0 && each.position !== undefined) return { life, item }
        if (wanted(each)) left--
      }
    }
  }

  async #print(start: Cursor, end: Cursor): Promise<void> {
    let hiddenFrom = start.life
    for (let life = start.life; life < this.#lives.length; life++) {
      if (life > end.life || (life === end.life && end.item === 0)) break
      const items = this.#items(life)
      const from = life === start.life ? start.item : 0
      const to = life === end.life ? end.item : items.length
      if (!this.#way.filter.isIdle && !items.slice(from, to).some(this.#wanted(life))) {
        // Without any wanted event a life is only counted, unless its head stands already.
        if (this.#headed !== life) continue
      }
      this.#hideLives(hiddenFrom, life)
      hiddenFrom = life + 1
      await this.#printLife(life, items, from, to)
    }
    const last = end.item === 0 ? end.life : end.life + 1
    this.#hideLives(hiddenFrom, Math.min(last, this.#lives.length))
  }

  async #printLife(life: number, items: readonly Item[], from: number, to: number): Promise<void> {
    const { target, history } = this.#lives[life] as Life
    const { session, out } = this.#tools
    if (this.#headed !== life) {
      this.#headed = life
      out(`${headLine(history, target.life(history).events)}\n`)
      if (this.#way.isVerbose) out(pushLine(history))
    }
    if (this.#way.fromEnd) this.#hideEvents(eventsIn(items.slice(0, from)))
    const wanted = this.#wanted(life)
    const sums = this.#way.isVerbose ? sumsOf(target.life(history).events) : []
    let hidden = 0
    for (const each of items.slice(from, to)) {
      await session.breathe()
      const { event, position } = each
      if (position !== undefined && !wanted(each)) {
        hidden++
        continue
      }
      this.#hideEvents(hidden)
      hidden = 0
      if (position === undefined) out(`${lossLine(event)}\n`)
      else {
        const value = target.eventValue(history, position)
        this.#shown++
        session.select(target, { history, position, event })
        session.record(value, session.printOptions(), `${marksOf(event)}\n`)
        if (this.#way.isVerbose) out(whereLines(event, sums[position]))
      }
    }
    this.#hideEvents(hidden)
  }

  #tellRest({ life, item }: Cursor): void {
    if (item > 0) this.#hideEvents(eventsIn(this.#items(life).slice(item)))
    this.#hideLives(item > 0 ? life + 1 : life, this.#lives.length, 'after')
  }

  #hideEvents(count: number): void {
    if (count > 0) this.#tools.out(`${hiddenLine(counted(count, 'event'))}\n`)
  }

  /** Lives [from, to); where they were not looked through: on which side of the page they lie. */
  #hideLives(from: number, to: number, side?: 'before' | 'after'): void {
    if (to <= from) return
    const isEarlier = (side === 'before') !== this.#way.isReverse
    const which = side === undefined ? '' : isEarlier ? 'earlier ' : 'later '
    this.#tools.out(`${hiddenLine(counted(to - from, `${which}life`, `${which}lives`))}\n`)
  }

  get #tools() {
    const session = this.#session
    return { session, out: (text: string) => session.out(text) }
  }
}

const eventsIn = (items: readonly Item[]): number =>
  items.filter(({ position }) => position !== undefined).length
