// What threads do in one go: two verbs that stand side by side, on one thread, in nearly every life, although others work
// on the same object. And whether each go begins with the number that the one before it left.

import type { Family } from '../lives.ts'
import { NO_NUMBER } from '../shapes.ts'
import { add } from './counts.ts'
import { NOTHING, placeAfter } from './habits.ts'

const SHARE_MIN = 0.97
/** Goes in lives where several threads had some: only these could have met. */
const MEETINGS_MIN = 10
const CHAIN_MIN = 0.9
const CHAINS_COUNTED_MIN = 8

export interface Section {
  /** Verbs. */
  readonly first: number
  readonly second: number
  /** How often it was seen side by side, in lives where two threads could have met. */
  readonly seen: number
  /** Share of those that begin with the number with which the one before ended; NaN where texts have no such numbers. */
  readonly chained: number
}

export function learnSections(family: Family): ReadonlyMap<number, Section> {
  const verbs = family.verbs.length
  const seen = new Uint32Array(verbs)
  const nexts = new Map<number, number>()
  const besides = new Map<number, number>()
  for (const life of family.lives) {
    for (let at = life.from; at < life.to; at++) {
      const verb = family.verbOf(at)
      if (family.roleOf(at) !== 'none') continue
      seen[verb]++
      const next = placeAfter(life, at)
      if (next === NOTHING || family.roleOf(next) !== 'none') continue
      add(nexts, verb * verbs + family.verbOf(next))
      if (next === at + 1) add(besides, verb * verbs + family.verbOf(next))
    }
  }
  const found = new Map<number, Section>()
  for (const [pair, times] of besides) {
    const first = Math.floor(pair / verbs)
    const second = pair % verbs
    const both = Math.max(seen[first], seen[second])
    if (first === second || times < both * SHARE_MIN) continue
    const section = meetings(family, first, second)
    if (section.seen >= MEETINGS_MIN) found.set(first, section)
  }
  return found
}

function meetings(family: Family, first: number, second: number): Section {
  let seen = 0
  let chains = 0
  let chained = 0
  for (const life of family.lives) {
    let count = 0
    let threads = 0
    let thread = -1
    let before = NO_NUMBER
    for (let at = life.from; at < life.to - 1; at++) {
      if (family.verbOf(at) !== first || family.verbOf(at + 1) !== second) continue
      if (family.thread[at] !== family.thread[at + 1]) continue
      count++
      if (thread !== family.thread[at]) threads++
      thread = family.thread[at]
      const read = family.lastNumber(at)
      if (before !== NO_NUMBER && read !== NO_NUMBER) {
        chains++
        if (read === before) chained++
      }
      before = family.lastNumber(at + 1)
    }
    if (threads > 1) seen += count
  }
  return {
    first,
    second,
    seen,
    chained: chains < CHAINS_COUNTED_MIN ? Number.NaN : chained / chains,
  }
}

export const isChained = ({ chained }: Section): boolean => chained >= CHAIN_MIN
