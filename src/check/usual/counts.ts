// What a list's roles and texts count, learned from its lives: with how many references its objects end, and which number
// of a text is the count. Nothing is taken for granted: an object may begin with a reference that no event tells of, or
// end while its owner still holds one, and a text may tell the count before the event or after it.

import { AFTER_LOSS, type Family, type Life } from '../lives.ts'
import { NO_NUMBER, NUMBERS_MAX } from '../shapes.ts'

/** A text's number is compared with counts that differ by no more than this. */
const OFFSET_MAX = 3
const OFFSETS = 2 * OFFSET_MAX + 1
/** From so many lives on, what they do is their rule; before, the plain meaning of the roles weighs in. */
const RULE_LIVES = 5
const RULE_SHARE = 0.6
/** How many lives' worth of belief the plain meaning has: +1 and -1 sum up to 0 when the object ends. */
const BELIEF_ZERO = 1.5
const BELIEF_ONE = 0.5
/** What texts say of the first count outweighs it. */
const BELIEF_TEXT = 3
const TEXT_SHARE = 0.75
/** `(3)`, `refs=3`: a number that says itself that it is a count. */
const SAYS_COUNT = /(?:\(|\b(?:refs?|refcnt|refcount|count|cnt|holders?)\s*[=:]?\s*)$/i

export interface Counts {
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
  /** Which number of the key's text is the count, -1: none. By key. */
  readonly place: Int8Array
  /** That number minus the sum after the event. By key. */
  readonly offset: Int8Array
  /** Share of such numbers that are right. */
  readonly textShare: number
  /** How many of them there are. */
  readonly texts: number
}

/** The sums of one life as they should be: `visit` gets each event that counts, and the sum behind it. */
function eachSum(life: Life, visit: (at: number, sum: number) => void): void {
  const { family, from, to } = life
  let sum = 0
  for (let at = from; at < to; at++) {
    const change = family.change(at)
    if (change === 0) continue
    sum += change
    visit(at, sum)
  }
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

function sumOf({ family, from, to }: Life): number {
  let sum = 0
  for (let at = from; at < to; at++) sum += family.change(at)
  return sum
}

function counts({ family, from, to }: Life): boolean {
  for (let at = from; at < to; at++) if (family.change(at) !== 0) return true
  return false
}

interface Texts {
  readonly place: Int8Array
  readonly offset: Int8Array
  readonly textShare: number
  readonly texts: number
  /** References that an object has before its first event; undefined where texts do not tell. */
  readonly first: number | undefined
}

/** Per key and place: how often the number stood so far from the sum. */
class Histogram {
  readonly offsets: Uint32Array
  readonly seen: Uint32Array
  readonly least: Int32Array
  readonly most: Int32Array

  constructor(keys: number) {
    this.offsets = new Uint32Array(keys * NUMBERS_MAX * OFFSETS)
    this.seen = new Uint32Array(keys * NUMBERS_MAX)
    this.least = new Int32Array(keys * NUMBERS_MAX).fill(0x7fffffff)
    this.most = new Int32Array(keys * NUMBERS_MAX).fill(-0x80000000)
  }

  add(cell: number, number: number, sum: number): void {
    this.seen[cell]++
    const offset = number - sum
    if (Math.abs(offset) > OFFSET_MAX) return
    this.offsets[cell * OFFSETS + offset + OFFSET_MAX]++
    if (sum < this.least[cell]) this.least[cell] = sum
    if (sum > this.most[cell]) this.most[cell] = sum
  }

  of(cell: number, offset: number): number {
    return this.offsets[cell * OFFSETS + offset + OFFSET_MAX]
  }
}

function learnTexts(family: Family): Texts {
  const { keys } = family
  const histogram = new Histogram(keys.length)
  for (const life of family.lives) {
    let lost = false
    eachSum(life, (at, sum) => {
      lost ||= lossBefore(family, life.from, at)
      if (lost) return
      const key = family.key[at]
      for (let place = 0; place < NUMBERS_MAX; place++) {
        const number = family.numberAt(at, place)
        if (number !== NO_NUMBER) histogram.add(key * NUMBERS_MAX + place, number, sum)
      }
    })
  }
  // First what the roles agree on: a program prints its counts in one way.
  const common = commonOffsets(family, histogram)
  const place = new Int8Array(keys.length).fill(-1)
  const offset = new Int8Array(keys.length)
  let right = 0
  let texts = 0
  for (const { id, role, template } of keys) {
    if (role !== 'ref' && role !== 'unref') continue
    const known = common[role]
    if (known === undefined || template === '') continue
    let best = 0
    for (let at = 0; at < NUMBERS_MAX; at++) {
      const cell = id * NUMBERS_MAX + at
      const seen = histogram.seen[cell]
      if (seen === 0) continue
      for (let o = -OFFSET_MAX; o <= OFFSET_MAX; o++) {
        const fits = histogram.of(cell, o)
        const varies = histogram.least[cell] < histogram.most[cell]
        // One whose count is always the same proves nothing, unless it says what it is.
        const isSaid = saysCount(template, at)
        if (!varies && !isSaid) continue
        if (o !== known && (!varies || fits < RULE_LIVES)) continue
        const score = fits / seen + (isSaid ? 0.2 : 0) + (o === known ? 0.1 : 0)
        const enough = fits / seen >= TEXT_SHARE || (seen < RULE_LIVES && isSaid)
        if (!enough || score <= best) continue
        best = score
        place[id] = at
        offset[id] = o
      }
    }
    if (place[id] === -1) continue
    const cell = id * NUMBERS_MAX + place[id]
    texts += histogram.seen[cell]
    right += histogram.of(cell, offset[id])
  }
  return {
    place,
    offset,
    texts,
    textShare: texts === 0 ? 0 : right / texts,
    first: common.first,
  }
}

function lossBefore(family: Family, from: number, to: number): boolean {
  for (let at = to; at >= from; at--) {
    if (family.flags[at] & AFTER_LOSS) return true
    // Only since the last event that counts: the ones before were looked at then.
    if (at < to && family.change(at) !== 0) return false
  }
  return false
}

/** How often the texts of a role stand so far from the sum, and how many there are. */
function votesOf(family: Family, histogram: Histogram, role: 'ref' | 'unref') {
  const votes = new Map<number, number>()
  let events = 0
  for (const key of family.keys) {
    if (key.role !== role) continue
    let seen = 0
    const best = new Map<number, number>()
    for (let place = 0; place < NUMBERS_MAX; place++) {
      const cell = key.id * NUMBERS_MAX + place
      seen = Math.max(seen, histogram.seen[cell])
      const weight = saysCount(key.template, place) ? 2 : 1
      for (let o = -OFFSET_MAX; o <= OFFSET_MAX; o++) {
        const fits = histogram.of(cell, o)
        if (fits > 0) best.set(o, Math.max(best.get(o) ?? 0, fits * weight))
      }
    }
    events += seen
    for (const [o, fits] of best) add(votes, o, fits)
  }
  return { votes, events }
}

interface Common {
  readonly ref: number | undefined
  readonly unref: number | undefined
  /** References that an object has before its first event. */
  readonly first: number | undefined
}

const FIRST_MAX = 2
const AGREED = 0.4

/**
 * How a program prints its counts, of all the ways that make sense: an object begins with so many references, and each
 * role's text tells the count behind the event or before it.
 */
function commonOffsets(family: Family, histogram: Histogram): Common {
  const refs = votesOf(family, histogram, 'ref')
  const unrefs = votesOf(family, histogram, 'unref')
  let best: Common = { ref: undefined, unref: undefined, first: undefined }
  let most = (refs.events + unrefs.events) * AGREED
  for (let first = 0; first <= FIRST_MAX; first++) {
    for (const [ref, unref] of [
      [first, first],
      [first, first + 1],
      [first - 1, first + 1],
    ] as const) {
      const votes = (refs.votes.get(ref) ?? 0) + (unrefs.votes.get(unref) ?? 0)
      if (votes <= most) continue
      most = votes
      best = { ref, unref, first: refs.events > 0 && unrefs.events > 0 ? first : undefined }
    }
  }
  return best
}

function saysCount(template: string, place: number): boolean {
  let at = -1
  for (let i = 0; i <= place; i++) at = template.indexOf('#', at + 1)
  return at >= 0 && SAYS_COUNT.test(template.slice(0, at))
}

/** The sum that a text tells, behind its event; NaN where it tells none. */
export function sumTold(counts: Counts, family: Family, at: number): number {
  const key = family.key[at]
  const place = counts.place[key]
  if (place < 0) return Number.NaN
  const number = family.numberAt(at, place)
  return number === NO_NUMBER ? Number.NaN : number - counts.offset[key]
}

// Maps that count

export function add<K>(map: Map<K, number>, key: K, amount = 1): void {
  map.set(key, (map.get(key) ?? 0) + amount)
}

export function mapOf<K, L, V>(map: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let inner = map.get(key)
  if (inner === undefined) {
    inner = new Map()
    map.set(key, inner)
  }
  return inner
}

export const total = (map: ReadonlyMap<unknown, number>): number => {
  let sum = 0
  for (const amount of map.values()) sum += amount
  return sum
}

export function mostOf<K>(map: ReadonlyMap<K, number>): K | undefined {
  let best: K | undefined
  let most = 0
  for (const [key, amount] of map) {
    if (amount <= most) continue
    best = key
    most = amount
  }
  return best
}
