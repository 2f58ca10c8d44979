// Where the actions of each history stand, in the row of addresses that no image has: at the slot of its handle, so that
// they are found again; elsewhere where another life of that slot is shown, too, or where they need more than one place.

import { ACTION_BYTES, ACTIONS_STRIDE } from './structures.ts'

/** Places of ACTIONS_STRIDE: as many as an image has slots. */
export const ROWS = 2 ** 24
const ACTIONS_IN_ROW = Number(ACTIONS_STRIDE) / ACTION_BYTES

export interface ActionRow {
  readonly handle: number
  /** Its first place. */
  readonly first: number
}

export class ActionRows {
  readonly #rows = new Map<number, ActionRow>()
  readonly #known = new Map<number, { readonly first: number; readonly places: number }>()
  /** Places from here on were given to histories that are not at their slot. */
  #top = ROWS

  /** The first place of a history's actions, of which there are so many, if that is known. */
  of(handle: number, actions = 0): number {
    const places = Math.max(1, Math.ceil(actions / ACTIONS_IN_ROW))
    const known = this.#known.get(handle)
    if (known !== undefined && known.places >= places) return known.first
    const own = handle % ROWS
    const isOwn = places === 1 && own < this.#top && !this.#rows.has(own)
    const first = isOwn ? own : this.#below(places)
    this.#known.set(handle, { first, places })
    // Where it stood before, it still stands: values that were printed say so.
    for (let at = first; at < first + places; at++) this.#rows.set(at, { handle, first })
    return first
  }

  at(place: number): ActionRow | undefined {
    return this.#rows.get(place)
  }

  /** So many free places, as far up as there are. */
  #below(places: number): number {
    let first = this.#top - places
    for (let at = this.#top - 1; at >= Math.max(0, first); at--)
      if (this.#rows.has(at)) first = at - places
    // All are taken: it stands in the place of others, which are shown no more.
    first = Math.max(0, first)
    this.#top = first === 0 ? ROWS : first
    return first
  }
}
