// What each thread did, in all lives.

import type { Family, Life } from '../../check/lives.ts'
import type { Image } from '../../image/image.ts'
import { decoded, type Near, nearest } from './moments.ts'
import type { ThreadEvents, ThreadView, ThreadWish } from './protocol.ts'

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
  for (const [image, each] of images.entries()) {
    for (const { name, pid, tid, runtime, joined } of each.threads()) {
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
