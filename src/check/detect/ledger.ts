// Who took a reference and who gave one back: which of them did so once too often, or never.

import type { Life } from '../lives.ts'
import { type Habit, NOTHING, placeBefore } from '../usual/habits.ts'
import type { Pair } from '../usual/pairs.ts'
import { timesOf } from '../usual/pairs.ts'
import type { Usual } from '../usual/usual.ts'
import { keyName } from './detector.ts'

export interface Imbalance {
  readonly pair: Pair
  /** More taken than given back, or fewer. */
  readonly surplus: number
}

/** Pairs of lines that siblings keep equal, and this life does not. */
function imbalances(life: Life, { pairs }: Usual): Imbalance[] {
  const times = timesOf(life)
  const found: Imbalance[] = []
  for (const pair of new Set([...pairs.ofUnref.values(), ...pairs.ofRef.values()])) {
    const surplus = (times.get(pair.ref) ?? 0) - (times.get(pair.unref) ?? 0)
    if (surplus !== 0) found.push({ pair, surplus })
  }
  return found
}

/** Places of one key's events. */
export function placesOf({ family, from, to }: Life, key: number): number[] {
  const places: number[] = []
  for (let at = from; at < to; at++) if (family.key[at] === key) places.push(at)
  return places
}

/** A line that gave back more than was taken for it: the first event that had nothing left to give back, and the one before. */
export function givenTwice(
  life: Life,
  usual: Usual,
): { first: number; second: number } | undefined {
  for (const { pair, surplus } of imbalances(life, usual)) {
    if (surplus >= 0 || usual.pairs.ofUnref.get(pair.unref) !== pair) continue
    const { family, from, to } = life
    let left = 0
    let given = NOTHING
    for (let at = from; at < to; at++) {
      if (family.key[at] === pair.ref) left += family.times[at]
      if (family.key[at] !== pair.unref) continue
      left -= family.times[at]
      if (left < 0 && given !== NOTHING) return { first: given, second: at }
      given = at
    }
  }
  return undefined
}

/** References that were taken and that nobody gave back, by lines that siblings pair. */
export function neverGiven(life: Life, usual: Usual): { place: number; pair: Pair }[] {
  const found: { place: number; pair: Pair }[] = []
  for (const { pair, surplus } of imbalances(life, usual)) {
    if (surplus <= 0 || usual.pairs.ofRef.get(pair.ref) !== pair) continue
    const taken = placesOf(life, pair.ref)
    for (const place of taken.slice(-surplus)) found.push({ place, pair })
  }
  return found
}

export interface LeftOut {
  readonly place: number
  /** What stands before it elsewhere, how often, and out of how many. */
  readonly name: string
  readonly kept: number
  readonly seen: number
}

/** Most do it: enough to explain what went wrong, not to say that something did. */
const MOST = 0.8
const KEPT_MIN = 2

/** An event before which its thread took no reference, as it does in most other lives; of several the clearest. */
export function leftOut(
  life: Life,
  { habits, family }: Usual,
  until = life.to,
): LeftOut | undefined {
  let found: LeftOut | undefined
  let best = 0
  const consider = (place: number, name: string, { kept, seen }: Habit): void => {
    const share = kept / Math.max(1, seen - 1)
    if (kept < KEPT_MIN || share < MOST || share < best) return
    best = share
    found = { place, name, kept, seen }
  }
  for (let at = life.from; at < until; at++) {
    const before = placeBefore(life, at)
    if (before !== NOTHING && family.roleOf(before) === 'ref') continue
    const habit = habits.before.get(family.key[at])
    if (habit !== undefined && family.keys[habit.key]?.role === 'ref')
      consider(at, keyName(family, habit.key), habit)
    // The line itself may be too rare to tell, or be the bug: then what its verb does elsewhere.
    const ofVerb = habits.beforeVerb.get(family.verbOf(at))
    const isRef = ofVerb !== undefined && family.roleOfVerb(ofVerb.key) === 'ref'
    if (isRef && family.roleOf(at) === 'none') consider(at, family.verbs[ofVerb.key], ofVerb)
  }
  return found
}
