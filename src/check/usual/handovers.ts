// After which lines another thread takes over: it had not touched the object before, or it answers each of them with a
// line of its own.

import type { Family, Life } from '../lives.ts'
import { NOTHING, placeAfter } from './habits.ts'
import { add, mapOf, mostOf } from './tally.ts'

const TIMES_MIN = 8
const SHARE_MIN = 0.97
const FRESH_MIN = 0.95
/** Its own thread does nothing more before the other goes on. */
const DIRECT_MIN = 0.8
const REACH = 64

export interface Handover {
  readonly key: number
  /** How often it was seen in closed lives, and how often another thread went on. */
  readonly seen: number
  readonly picked: number
  /** The line with which the other thread answers each one; -1 where it varies. */
  readonly pickup: number
  /** Share of closed lives in which one was not answered. */
  readonly missed: number
}

export function learnHandovers(
  family: Family,
  isClosed: Uint8Array,
): ReadonlyMap<number, Handover> {
  const keys = family.keys.length
  const seen = new Uint32Array(keys)
  const picked = new Uint32Array(keys)
  const fresh = new Uint32Array(keys)
  const direct = new Uint32Array(keys)
  const pickups = new Map<number, Map<number, number>>()
  for (const [number, life] of family.lives.entries()) {
    if (isClosed[number] !== 1 || !life.whole) continue
    const foreign = foreignAfter(life)
    for (let at = life.from; at < life.to; at++) {
      if (at === life.end) break
      const key = family.key[at]
      seen[key]++
      const next = foreign(at)
      if (next < 0) continue
      picked[key]++
      const own = placeAfter(life, at)
      if (own === NOTHING || own > next) direct[key]++
      if (!wasThere(life, next, at)) fresh[key]++
      add(mapOf(pickups, key), family.key[next])
    }
  }
  const answers = answersOf(family, isClosed, pickups)
  const handovers = new Map<number, Handover>()
  for (const { id, role } of family.keys) {
    const times = seen[id]
    const isOften = times >= TIMES_MIN && picked[id] >= times * SHARE_MIN
    if (!isOften || role === 'unref' || role === 'end') continue
    const answer = answers.get(id)
    const pickup = answer?.key ?? -1
    const isFresh = fresh[id] >= times * FRESH_MIN
    // Else any line would do, behind which some other thread happens to go on.
    const isDirect = direct[id] >= times * DIRECT_MIN
    if (!(isDirect && (isFresh || pickup >= 0)) && !(isFresh && role === 'none')) continue
    const missed = answer?.missed ?? 1 - picked[id] / times
    handovers.set(id, { key: id, seen: times, picked: picked[id], pickup, missed })
  }
  return handovers
}

/** Of each place in a life: the next event of any other thread, or -1. */
export function foreignAfter({ family, from, to }: Life): (at: number) => number {
  const next = new Int32Array(to - from)
  for (let at = to - 1; at >= from; at--) {
    const isLast = at + 1 >= to
    const isChange = !isLast && family.thread[at + 1] !== family.thread[at]
    next[at - from] = isLast ? -1 : isChange ? at + 1 : next[at + 1 - from]
  }
  return (at) => next[at - from]
}

/** Whether the thread of one event had logged before another. */
export function wasThere({ family, from }: Life, event: number, before: number): boolean {
  const thread = family.thread[event]
  for (let at = before - 1; at >= Math.max(from, before - REACH); at--)
    if (family.thread[at] === thread) return true
  return false
}

interface Answer {
  readonly key: number
  readonly missed: number
}

/** By key: the one that stands behind it, on another thread, exactly as often in nearly every closed life. */
function answersOf(
  family: Family,
  isClosed: Uint8Array,
  pickups: ReadonlyMap<number, ReadonlyMap<number, number>>,
): ReadonlyMap<number, Answer> {
  const candidates = new Map<number, number>()
  for (const [key, answers] of pickups) {
    const most = mostOf(answers)
    if (most !== undefined && most !== key) candidates.set(key, most)
  }
  const lives = new Map<number, number>()
  const equal = new Map<number, number>()
  for (const [number, life] of family.lives.entries()) {
    if (isClosed[number] !== 1 || !life.whole) continue
    const times = new Map<number, number>()
    const byKey = new Map<number, Set<number>>()
    for (let at = life.from; at < life.to; at++) {
      add(times, family.key[at], family.times[at])
      const threads = byKey.get(family.key[at]) ?? new Set()
      byKey.set(family.key[at], threads.add(family.thread[at]))
    }
    for (const [key, threads] of byKey) {
      const answer = candidates.get(key)
      if (answer === undefined) continue
      add(lives, key)
      // Who hands on does not answer.
      const isForeign = ![...(byKey.get(answer) ?? [])].some((thread) => threads.has(thread))
      if (isForeign && times.get(key) === times.get(answer)) add(equal, key)
    }
  }
  const found = new Map<number, Answer>()
  for (const [key, count] of lives) {
    const answered = equal.get(key) ?? 0
    const answer = candidates.get(key)
    if (answer !== undefined && count >= TIMES_MIN && answered >= count * SHARE_MIN)
      found.set(key, { key: answer, missed: 1 - answered / count })
  }
  return found
}
