// Which number of a text is the count of references: learned by comparing each with the sum that the roles make.

import { AFTER_LOSS, type Family, type Life } from '../lives.ts'
import { NO_NUMBER, NUMBERS_MAX } from '../shapes.ts'
import { add } from './tally.ts'

/** From so many lives on, what they do is their rule. */
export const RULE_LIVES = 5
/** A text's number is compared with counts that differ by no more than this. */
const OFFSET_MAX = 3
const OFFSETS = 2 * OFFSET_MAX + 1
const TEXT_SHARE = 0.75
/** `(3)`, `refs=3`: a number that says itself that it is a count. */
const SAYS_COUNT = /(?:\(|\b(?:refs?|refcnt|refcount|count|cnt|holders?)\s*[=:]?\s*)$/i

export interface TextCounts {
  /** Which number of the key's text is the count, -1: none. By key. */
  readonly place: Int8Array
  /** That number minus the sum after the event. By key. */
  readonly offset: Int8Array
  /** Share of such numbers that are right. */
  readonly textShare: number
  /** How many of them there are. */
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

export function learnTexts(family: Family): TextCounts {
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

/** The sum that a text tells, behind its event; NaN where it tells none. */
export function sumTold(counts: TextCounts, family: Family, at: number): number {
  const key = family.key[at]
  const place = counts.place[key]
  if (place < 0) return Number.NaN
  const number = family.numberAt(at, place)
  return number === NO_NUMBER ? Number.NaN : number - counts.offset[key]
}
