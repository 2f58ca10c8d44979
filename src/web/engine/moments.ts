// What happened at about one time, and what one thread did: found by going through the columns of times, a million in a few
// milliseconds; only what is shown is decoded.

import { AFTER_LOSS, type Family, type Life } from '../../check/lives.ts'
import type { Event, Image, List } from '../../image/image.ts'
import type { Around, Moment, Neighbour, ThreadEvents, ThreadView, ThreadWish } from './protocol.ts'
import { lifeIn } from './studies.ts'

interface Near {
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

function nearest(found: readonly Near[], max: number): Near[] {
  const byDistance = [...found].sort((one, other) => Math.abs(one.offset) - Math.abs(other.offset))
  return byDistance
    .slice(0, max)
    .sort((one, other) => one.offset - other.offset || one.at - other.at)
}

function decoded(images: readonly Image[], places: readonly Near[]): Neighbour[] {
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

// ---------------------------------------------------------------------------------------------------------------------
// Threads

interface Doings {
  readonly life: Life
  readonly at: number
  events: number
  lives: number
  first: number
  last: number
}

/** What each thread did, those that did most first; then those that joined and logged nothing that is left. */
export function threadsOf(images: readonly Image[], families: readonly Family[]): ThreadView[] {
  const byNumber = new Map<number, Doings>()
  for (const family of families) {
    for (const life of family.lives) {
      const here = new Set<number>()
      for (let at = life.from; at < life.to; at++) {
        const number = family.thread[at] as number
        const t = family.t[at] as number
        let it = byNumber.get(number)
        if (it === undefined) {
          it = { life, at, events: 0, lives: 0, first: t, last: t }
          byNumber.set(number, it)
        }
        it.events += family.times[at] as number
        if (t < it.first) it.first = t
        if (t > it.last) it.last = t
        if (here.has(number)) continue
        here.add(number)
        it.lives++
      }
    }
  }
  const views: ThreadView[] = []
  const named = new Set<string>()
  for (const [number, { life, at, events, lives, first, last }] of byNumber) {
    const image = life.source.image
    const index = life.family.index[at] as number
    const event = life.history.events().find((each) => each.index === index)
    if (event === undefined) continue
    const { pid, tid, thread } = event
    const joined = image
      .threads()
      .find((each) => each.tid === tid && each.pid === pid && each.name === thread)
    named.add(`${images.indexOf(image)} ${pid} ${tid} ${thread}`)
    views.push({
      number,
      image: images.indexOf(image),
      name: thread,
      pid,
      tid,
      runtime: joined?.runtime ?? 'unknown',
      joined: joined?.joined ?? Number.NaN,
      events,
      lives,
      first,
      last,
    })
  }
  views.sort((one, other) => other.events - one.events)
  for (const [image, { threads }] of images
    .map((each) => ({ threads: each.threads() }))
    .entries()) {
    for (const { name, pid, tid, runtime, joined } of threads) {
      if (named.has(`${image} ${pid} ${tid} ${name}`)) continue
      const none = { number: -1, events: 0, lives: 0, first: Number.NaN, last: Number.NaN }
      views.push({ ...none, image, name, pid, tid, runtime, joined })
    }
  }
  return views
}

export function threadEvents(
  images: readonly Image[],
  families: readonly Family[],
  { thread, at: wished, max }: ThreadWish,
): ThreadEvents {
  const all: Near[] = []
  let last = Number.NEGATIVE_INFINITY
  for (const family of families) {
    for (const life of family.lives) {
      for (let at = life.from; at < life.to; at++) {
        if (family.thread[at] !== thread) continue
        const offset = family.t[at] as number
        if (offset > last) last = offset
        all.push({ life, at, offset })
      }
    }
  }
  const center = wished ?? last
  const shown = nearest(
    all.map((each) => ({ ...each, offset: each.offset - center })),
    max,
  )
  return { events: decoded(images, shown), hidden: all.length - shown.length }
}
