// References that do not add up: fewer than none, an end while some are held, two ends.

import { counted } from '../../image/counted.ts'
import type { Clue } from '../finding.ts'
import { AFTER_LOSS, type Life } from '../lives.ts'
import { sumBefore } from '../usual/counts.ts'
import type { Usual } from '../usual/usual.ts'
import { type Detector, eventName, listed, scaled } from './detector.ts'
import { givenTwice, leftOut, neverGiven } from './ledger.ts'

/** In more lives than this, a sum below 0 is how the list counts. */
const BELOW_MOST = 0.2

export const detectBelowZero: Detector = (life, usual) => {
  const { counts, late, family } = usual
  const others = shareOfOthers(late.below, counts.lives)
  if (!counts.counted || others >= BELOW_MOST) return []
  let sum = 0
  let emptied = -1
  for (let at = life.from; at < life.to; at++) {
    if (family.flags[at] & AFTER_LOSS) return []
    const change = family.change(at)
    sum += change
    if (change < 0 && sum === counts.floor) emptied = at
    if (change >= 0 || sum >= counts.floor) continue
    return [belowZero(life, usual, at, emptied, sum - counts.floor)]
  }
  return []
}

function belowZero(life: Life, usual: Usual, at: number, emptied: number, count: number): Clue {
  const { family, late, counts } = usual
  const twice = givenTwice(life, usual)
  const missing = twice === undefined ? leftOut(life, usual, at) : undefined
  const events: number[] = []
  const sentences = [
    `${eventName(family, at)} took the count from ${count + family.times[at]} to ${count}`,
  ]
  let root = emptied < 0 ? at : emptied
  if (twice !== undefined) {
    events.push(twice.first, twice.second)
    root = twice.second
    sentences.push(
      twice.second === at
        ? `the reference it gave back had already been given back by ${eventName(family, twice.first)}`
        : `${eventName(family, twice.second)} gave back what ${eventName(family, twice.first)} had given back before`,
    )
  } else if (missing !== undefined) {
    events.push(missing.place)
    root = missing.place
    sentences.push(
      `no ${missing.name} stands before ${eventName(family, missing.place)}, as it does in ${missing.kept} of ${missing.seen} others: one reference too few was taken`,
    )
  } else if (emptied >= 0) {
    sentences.push(
      `the last reference had already been given back by ${eventName(family, emptied)}`,
    )
  } else sentences.push('nobody had taken a reference')
  events.push(...(emptied < 0 ? [at] : [emptied, at]))
  return {
    kind: 'unref-below-zero',
    confidence:
      scaled(0.96, 1 - shareOfOthers(late.below, counts.lives), 1 - BELOW_MOST) *
      (counts.lives < 2 ? 0.9 : 1),
    events: [...new Set(events)],
    root: Math.min(root, at),
    text: `${sentences.join('; ')}.`,
  }
}

/** Of fewer lives the one that is judged is too large a part. */
const FEW = 4

/** Share of the other lives of which the same is true; 0 where they are few. */
const shareOfOthers = (share: number, lives: number): number =>
  lives < FEW ? 0 : Math.max(0, share * lives - 1) / (lives - 1)

export const detectEndWhileReferenced: Detector = (life, usual) => {
  const byRoles = heldByRoles(life, usual)
  return byRoles.length > 0 ? byRoles : heldByCalls(life, usual)
}

function heldByRoles(life: Life, usual: Usual): Clue[] {
  const { counts, family } = usual
  const { end } = life
  if (end < 0 || !counts.counted) return []
  const expected = counts.atEndOf.get(family.key[end]) ?? counts.atEnd
  const sum = sumBefore(life, end)
  if (Number.isNaN(expected) || Number.isNaN(sum) || sum <= expected) return []
  const held = sum - expected
  const holders = heldAt(life, usual, end, held)
  const names = holders.map((at) => eventName(family, at, true))
  const givers = laterUnrefs(life, end)
  const later =
    givers.length > 0 ? `; ${eventName(family, givers[0])} gave one back when it was gone` : ''
  const usually =
    counts.lives > 1
      ? ` (${Math.round(counts.share * counts.lives)} of ${counts.lives} lives end with ${counted(expected - counts.floor, 'reference')})`
      : ''
  return [
    {
      kind: 'end-while-referenced',
      confidence: scaled(0.95, 1 - shareOfOthers(1 - counts.share, counts.lives), 0.5),
      events: [...new Set([...holders, end, ...givers])],
      root: end,
      text: `${eventName(family, end)} ended it while ${counted(held, 'reference')} ${held === 1 ? 'was' : 'were'} held${usually}${names.length > 0 ? `, taken by ${listed(names)}` : ''}${later}.`,
    },
  ]
}

/** Events that took what is still held: by the lines that siblings pair, else by thread, else the last ones. */
function heldAt(life: Life, usual: Usual, end: number, held: number): number[] {
  const { family } = life
  const byPair = neverGiven({ ...life, to: end }, usual).map(({ place }) => place)
  if (byPair.length >= held) return byPair.slice(-held)
  const open = new Map<number, number[]>()
  const refs: number[] = []
  for (let at = life.from; at < end; at++) {
    const change = family.change(at)
    if (change > 0) refs.push(at)
    const thread = family.thread[at]
    const own = open.get(thread) ?? []
    if (change > 0) own.push(at)
    else if (change < 0) own.pop()
    open.set(thread, own)
  }
  const left = [...open.values()].flat().sort((one, other) => one - other)
  const others = (left.length > 0 ? left : refs).filter((at) => !byPair.includes(at))
  return [...others.slice(byPair.length - held), ...byPair].sort((one, other) => one - other)
}

function laterUnrefs({ family, to }: Life, end: number): number[] {
  const found: number[] = []
  for (let at = end + 1; at < to; at++) if (family.roleOf(at) === 'unref') found.push(at)
  return found
}

/** References by history.ref(): more than others have left when they are over. */
function heldByCalls(life: Life, usual: Usual): Clue[] {
  const { end, family, history } = life
  const { usualRefs } = usual
  if (end < 0 || usualRefs.lives < 8 || usualRefs.share < 0.9 || history.ref <= usualRefs.refs)
    return []
  // It may be about to be released just now.
  if (life.source.now - family.t[end] <= usual.closing.usualSpan) return []
  const held = history.ref - usualRefs.refs
  return [
    {
      kind: 'end-while-referenced',
      confidence: scaled(0.8, usualRefs.share, 0.5),
      events: [end],
      // Nobody knows since when: whatever else went wrong did so before.
      root: life.to,
      text: `${eventName(family, end)} ended it, and ${counted(held, 'reference')} by ref() ${held === 1 ? 'is' : 'are'} still held; ${usualRefs.kept} of ${usualRefs.lives} lives that ended hold ${usualRefs.refs}.`,
    },
  ]
}

export const detectDoubleEnd: Detector = (life, { late, family }) => {
  if (life.end < 0 || late.isUsualTwice) return []
  const second = nextEnd(life)
  if (second < 0) return []
  const same = family.thread[second] === family.thread[life.end]
  return [
    {
      kind: 'double-end',
      confidence: 0.97,
      events: [life.end, second],
      root: second,
      text: `${eventName(family, second)} ended it again; it had been ended by ${eventName(family, life.end)}${same ? ', the same thread' : ''}.`,
    },
  ]
}

function nextEnd({ family, end, to }: Life): number {
  for (let at = end + 1; at < to; at++) if (family.roleOf(at) === 'end') return at
  return family.times[end] > 1 ? end : -1
}
