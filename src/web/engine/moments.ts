// What happened at about one time: found by going through the columns of times, a million in a few milliseconds; only what
// is shown is decoded.

import { AFTER_LOSS, type Family, type Life } from '../../check/lives.ts'
import type { Event, Image, List } from '../../image/image.ts'
import type { Around, Moment, Neighbour } from './protocol.ts'
import { lifeIn } from './studies.ts'

/** An event by its place in the columns, and its distance from the moment in microseconds. */
export interface Near {
  readonly life: Life
  readonly at: number
  readonly offset: number
}

const MISSING_MAX = 12

export function around(
  images: readonly Image[],
  families: readonly Family[],
  moment: Moment,
): Around {
  const nothing = { events: [], hidden: 0, missing: [] }
  const image = images[moment.image]
  const center = image && lifeIn(families, image, moment.handle)
  if (image === undefined || center === undefined) return nothing
  const { family, from, to, history } = center
  let t = history.created
  for (let at = from; at < to; at++) {
    if ((family.index[at] as number) > moment.index) break
    t = family.t[at] as number
  }
  const found: Near[] = []
  const missing: string[] = []
  let lossPlaces = 0
  const wanted = families.filter(({ name }) => moment.list === undefined || name === moment.list)
  for (const each of wanted) {
    for (const life of each.lives) {
      // Recorders begin at different times; their wall clocks tell how far apart.
      const shift = shiftOf(life.source.image, image)
      for (let at = life.from; at < life.to; at++) {
        const offset = (each.t[at] as number) + shift - t
        if (offset > moment.span) break
        if (offset < -moment.span) continue
        found.push({ life, at, offset })
        if (((each.flags[at] as number) & AFTER_LOSS) === 0) continue
        if (lossPlaces++ < MISSING_MAX)
          missing.push(`Events are lost before #${each.index[at]} of ${life.history.objectText}`)
      }
    }
  }
  if (lossPlaces > MISSING_MAX)
    missing.push(`Events are lost at ${lossPlaces - MISSING_MAX} more places`)
  for (const each of images) {
    const since = t - moment.span - shiftOf(each, image)
    for (const list of each.lists()) missing.push(...evictedSince(list, since))
  }
  const shown = nearest(found, moment.max)
  return {
    events: decoded(images, shown),
    hidden: found.length - shown.length,
    missing,
  }
}

const shiftOf = (one: Image, other: Image): number =>
  one === other ? 0 : Math.round((one.started - other.started) * 1000)

/** The window may have moved over what a list held then. */
function evictedSince(list: List, since: number): string[] {
  const gone = list.evictedByWindow + list.evictedByBudget + list.evictedPinned
  const oldest = list.histories().find(({ pinned }) => !pinned)
  if (gone === 0 || (oldest !== undefined && oldest.created <= since)) return []
  return [
    `${list.name}: ${gone.toLocaleString('en')} histories were evicted, with what they logged`,
  ]
}

export function nearest(found: readonly Near[], max: number): Near[] {
  const byDistance = [...found].sort((one, other) => Math.abs(one.offset) - Math.abs(other.offset))
  return byDistance
    .slice(0, max)
    .sort((one, other) => one.offset - other.offset || one.at - other.at)
}

export function decoded(images: readonly Image[], places: readonly Near[]): Neighbour[] {
  const lives = new Map<Life, Map<number, Event>>()
  const numbers = new Map(images.map((image, number) => [image, number]))
  const events: Neighbour[] = []
  for (const { life, at, offset } of places) {
    let byIndex = lives.get(life)
    if (byIndex === undefined) {
      byIndex = new Map(life.history.events().map((event) => [event.index, event]))
      lives.set(life, byIndex)
    }
    const event = byIndex.get(life.family.index[at] as number)
    if (event === undefined) continue
    events.push({
      image: numbers.get(life.source.image) ?? 0,
      list: life.family.name,
      handle: life.history.handle,
      object: life.history.objectText,
      event,
      offset,
    })
  }
  return events
}
