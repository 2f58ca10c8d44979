// The lives of one image that were decoded last: a loop over one history's events must not decode it anew each time.

import type { Event, History } from '../image/image.ts'
import type { Place } from './selection.ts'

const LIVES_KEPT = 256
/** And no more characters of their texts than this, or one life. */
const TEXT_KEPT = 1 << 25

export interface Life {
  readonly history: History
  /** Those that are left, without the entry that only tells what is missing behind them. */
  readonly events: readonly Event[]
  /** That entry. */
  readonly lostAtEnd: Event | undefined
  /** Of all their texts. */
  readonly characters: number
}

export class KeptLives {
  readonly #lives = new Map<number, Life>()
  /** Of all their texts. */
  #characters = 0
  /** Text of each of their events, by address. */
  readonly #texts = new Map<number, string>()

  of(history: History): Life {
    const known = this.#lives.get(history.handle)
    if (known !== undefined) return known
    const all = history.events()
    const lostAtEnd = all.at(-1)?.verb === '' ? all.at(-1) : undefined
    const events = lostAtEnd === undefined ? all : all.slice(0, -1)
    const characters = events.reduce((sum, { log }) => sum + log.length, 0)
    const life = { history, events, lostAtEnd, characters }
    for (const oldest of this.#lives) {
      const isRoom = this.#lives.size < LIVES_KEPT && this.#characters + characters <= TEXT_KEPT
      if (isRoom) break
      this.#forget(...oldest)
    }
    this.#lives.set(history.handle, life)
    this.#characters += characters
    for (const event of events) this.#texts.set(event.address, event.log)
    return life
  }

  history(handle: number): History | undefined {
    return this.#lives.get(handle)?.history
  }

  /** The text of the event whose record stands there. */
  textAt(address: number): string | undefined {
    return this.#texts.get(address)
  }

  /** The event whose record stands there. */
  eventAt(address: number): Place | undefined {
    for (const { history, events } of this.#lives.values()) {
      const position = events.findIndex((event) => event.address === address)
      const event = events[position]
      if (event !== undefined) return { history, position, event }
    }
    return undefined
  }

  #forget(handle: number, { events, characters }: Life): void {
    this.#lives.delete(handle)
    this.#characters -= characters
    for (const event of events) this.#texts.delete(event.address)
  }
}
