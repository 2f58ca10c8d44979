// What threads do in one go: two verbs that stand side by side, on one thread, in nearly every life, although others work
// on the same object. And whether each go begins with the number that the one before it left.

import type { Family } from '../lives.ts'
import { NO_NUMBER, NUMBERS_MAX } from '../shapes.ts'
import { NOTHING, placeAfter } from './habits.ts'
import { add } from './tally.ts'

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
  /** Which number of their texts goes on from go to go, -1: none; and the share of goes in which it does. */
  readonly place: number
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

/** Of one place of the texts: how often a go begins with the number with which the one before ended, and changes it. */
interface Chain {
  links: number
  kept: number
  goes: number
  changed: number
}

function meetings(family: Family, first: number, second: number): Section {
  let seen = 0
  const chains: Chain[] = Array.from({ length: NUMBERS_MAX }, () => ({
    links: 0,
    kept: 0,
    goes: 0,
    changed: 0,
  }))
  for (const life of family.lives) {
    let count = 0
    let threads = 0
    let thread = -1
    let before = NOTHING
    for (let at = life.from; at < life.to - 1; at++) {
      if (family.verbOf(at) !== first || family.verbOf(at + 1) !== second) continue
      if (family.thread[at] !== family.thread[at + 1]) continue
      count++
      if (thread !== family.thread[at]) threads++
      thread = family.thread[at]
      for (const [place, chain] of chains.entries()) link(family, chain, place, before, at)
      before = at + 1
    }
    if (threads > 1) seen += count
  }
  const { place, chained } = bestOf(chains)
  return { first, second, seen, place, chained }
}

function link(family: Family, chain: Chain, place: number, before: number, at: number): void {
  const read = family.numberAt(at, place)
  const wrote = family.numberAt(at + 1, place)
  if (read === NO_NUMBER || wrote === NO_NUMBER) return
  chain.goes++
  if (read !== wrote) chain.changed++
  if (before === NOTHING) return
  chain.links++
  if (read === family.numberAt(before, place)) chain.kept++
}

/** A number that stays what it is proves nothing. */
function bestOf(chains: readonly Chain[]): { place: number; chained: number } {
  let best = { place: -1, chained: Number.NaN }
  for (const [place, { links, kept, goes, changed }] of chains.entries()) {
    if (links < CHAINS_COUNTED_MIN || changed < goes / 2) continue
    if (!(kept / links <= best.chained)) best = { place, chained: kept / links }
  }
  return best
}

export const isChained = ({ chained }: Section): boolean => chained >= CHAIN_MIN
