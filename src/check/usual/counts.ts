// With how many references the objects of a list end, learned from its lives. Nothing is taken for granted: an object may
// begin with a reference that no event tells of, or end while its owner still holds one, and a text may tell the count
// before the event or after it.

import { AFTER_LOSS, type Family, type Life } from '../lives.ts'
import { learnTexts, RULE_LIVES, type TextCounts } from './count-texts.ts'
import { add, mapOf, mostOf, total } from './tally.ts'

/** Before there are RULE_LIVES, the plain meaning of the roles weighs in. */
const RULE_SHARE = 0.6
/** How many lives' worth of belief the plain meaning has: +1 and -1 sum up to 0 when the object ends. */
const BELIEF_ZERO = 1.5
const BELIEF_ONE = 0.5
/** What texts say of the first count outweighs it. */
const BELIEF_TEXT = 3

export interface Counts extends TextCounts {
  /** The roles of this list can be added up, and the sums agree from life to life. */
  readonly counted: boolean
  /** The sum of +1 and -1 at the end of most lives, from 0: the count is 0 there, or what the end itself gives back. */
  readonly atEnd: number
  /** The same of each kind of end, where it has a rule of its own. By key; NaN: it has none. */
  readonly atEndOf: ReadonlyMap<number, number>
  /** A sum below this is less than no reference. */
  readonly floor: number
  /** Share of lives that end with atEnd. */
  readonly share: number
  /** Lives that this was learned from. */
  readonly lives: number
}

/** Sum before a place; NaN behind a loss. */
export function sumBefore({ family, from }: Life, place: number): number {
  let sum = 0
  for (let at = from; at < place; at++) {
    if (family.flags[at] & AFTER_LOSS) return Number.NaN
    sum += family.change(at)
  }
  return family.flags[place] & AFTER_LOSS ? Number.NaN : sum
}

export function learnCounts(family: Family): Counts {
  const text = learnTexts(family)
  const ends = new Map<number, Map<number, number>>()
  const finals = new Map<number, number>()
  let counting = 0
  for (const life of family.lives) {
    const place = life.end < 0 ? life.to : life.end
    if (life.end < 0 && !life.whole) continue
    const sum = life.end < 0 ? sumOf(life) : sumBefore(life, place)
    if (Number.isNaN(sum) || !counts(life)) continue
    counting++
    if (life.end < 0) add(finals, sum)
    else add(mapOf(ends, family.key[life.end]), sum)
  }
  const all = new Map<number, number>()
  for (const byKey of ends.values()) for (const [sum, lives] of byKey) add(all, sum, lives)
  // Of a list without ends, most lives are complete all the same.
  const sums = all.size > 0 ? all : finals
  const lives = total(sums)
  const beliefs = new Map([
    [0, BELIEF_ZERO],
    [-1, BELIEF_ONE],
    [1, BELIEF_ONE],
  ])
  if (text.first !== undefined) add(beliefs, -text.first, BELIEF_TEXT)
  const weighed = new Map(sums)
  for (const [sum, belief] of beliefs) add(weighed, sum, belief)
  const atEnd = mostOf(weighed) ?? 0
  const share = lives === 0 ? 1 : (sums.get(atEnd) ?? 0) / lives
  const atEndOf = new Map<number, number>()
  for (const [key, byKey] of ends) {
    const own = total(byKey)
    if (own < RULE_LIVES) continue
    const most = mostOf(byKey) as number
    const ownShare = (byKey.get(most) as number) / own
    atEndOf.set(key, ownShare >= RULE_SHARE ? most : Number.NaN)
  }
  return {
    counted: counting > 0 && (lives < RULE_LIVES || share >= RULE_SHARE),
    atEnd,
    atEndOf,
    floor: Math.min(atEnd, 0),
    share,
    lives,
    ...text,
  }
}

/** Of all its events. */
export function sumOf({ family, from, to }: Life): number {
  let sum = 0
  for (let at = from; at < to; at++) sum += family.change(at)
  return sum
}

function counts({ family, from, to }: Life): boolean {
  for (let at = from; at < to; at++) if (family.change(at) !== 0) return true
  return false
}
