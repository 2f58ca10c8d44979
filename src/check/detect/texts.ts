// Counts that the texts tell, held against the roles: a number that does not follow, or two threads that each counted from
// the same number.

import { counted } from '../../image/counted.ts'
import type { Clue } from '../finding.ts'
import { AFTER_LOSS, type Life } from '../lives.ts'
import { isSettled } from '../usual/closing.ts'
import { sumTold } from '../usual/count-texts.ts'
import type { Usual } from '../usual/usual.ts'
import { type Detector, eventName, scaled } from './detector.ts'

/** Where fewer lives have right texts than this, they are no counts. */
const RIGHT_MIN = 0.8
const TEXTS_MIN = 3
/** From this share of right texts on, lines are logged as they are counted. */
const ORDERLY = 0.995
const FEW_TEXTS = 20
const FEW_LIVES = 4
/** Events that are tried in every order, to see whether they were only logged in another one. */
const REORDERED_MAX = 6
/** How far back a thread may have read the number from which it counted. */
const READ_BACK = 6

interface Told {
  readonly at: number
  readonly change: number
  /** What its text tells, as a sum. */
  readonly told: number
  /** Told minus what the roles make of it. */
  readonly drift: number
}

export const detectTexts: Detector = (life, usual, number) => {
  if (usual.counts.texts < TEXTS_MIN) return []
  const fault = faultOf(life, usual)
  if (fault === undefined || isUnderWay(life, usual, fault, number)) return []
  const trust = trustOf(usual)
  return trust === 0 ? [] : [clueOf(life, usual, fault, trust)]
}

interface Fault {
  readonly told: readonly Told[]
  /** The one that is wrong, and the one with which it should have counted on. */
  readonly i: number
  readonly before: number | undefined
  readonly isLost: boolean
  /** The texts behind it are right again. */
  readonly isBack: boolean
}

/** The first text that is wrong, whatever the order in which the lines were logged. */
function faultOf(life: Life, usual: Usual): Fault | undefined {
  const told = toldBy(life, usual)
  const [first] = told
  if (first === undefined) return undefined
  // An object may begin with more references than others.
  const { drift } = first
  for (let i = 1; i < told.length; i++) {
    const event = told[i] as Told
    if (event.drift === drift) continue
    const end = reordered(life, told, i, drift)
    if (end > i) {
      i = end - 1
      continue
    }
    const lost = lostUpdate(life, told, i, drift)
    // Where it comes back at once, only this text is wrong; else something was counted that nobody logged.
    const isBack = told[i + 1]?.drift === drift
    return { told, i, before: lost ?? i - 1, isLost: lost !== undefined, isBack }
  }
  const { texts, textShare } = usual.counts
  const isOdd = drift !== 0 && told.length > 1 && texts >= 100 && textShare > 0.99
  return isOdd ? { told, i: 0, before: undefined, isLost: false, isBack: false } : undefined
}

/** Its end is open, and in this list lines come out of order: the one that makes it right may be about to be logged. */
function isUnderWay(
  life: Life,
  { closing, counts }: Usual,
  { told, i }: Fault,
  number: number,
): boolean {
  if (life.end >= 0 || closing.isClosed[number] === 1 || counts.textShare > ORDERLY) return false
  return told.length - i <= REORDERED_MAX && !isSettled(life, closing)
}

const trusts = new WeakMap<Usual, number>()

/** How much the texts of a list are worth: nothing, where many lives' are wrong. */
function trustOf(usual: Usual): number {
  const known = trusts.get(usual)
  if (known !== undefined) return known
  let wrong = 0
  let lives = 0
  for (const life of usual.family.lives) {
    lives++
    if (faultOf(life, usual) !== undefined) wrong++
  }
  // One of them is the one that is judged.
  const right = lives < FEW_LIVES ? 1 : 1 - (wrong - 1) / (lives - 1)
  const few = usual.counts.texts < FEW_TEXTS ? 0.8 : 1
  const trust = few * scaled(1, right, RIGHT_MIN)
  trusts.set(usual, trust)
  return trust
}

function clueOf(life: Life, usual: Usual, fault: Fault, trust: number): Clue {
  const { told, i, before, isLost, isBack } = fault
  if (isLost && before !== undefined) return clueOfLost(life, told, before, i, trust)
  const prior = before === undefined ? undefined : told[before]
  return mismatch(life, usual, prior, told[i] as Told, isBack, trust)
}

/** Up to the first loss: behind it, nobody knows. */
function toldBy({ family, from, to }: Life, { counts }: Usual): Told[] {
  const found: Told[] = []
  let sum = 0
  for (let at = from; at < to; at++) {
    if (family.flags[at] & AFTER_LOSS) break
    const change = family.change(at)
    if (change === 0) continue
    sum += change
    // A run of folded repeats tells the same number each time: no count.
    if (family.times[at] > 1) continue
    const told = sumTold(counts, family, at)
    if (!Number.isNaN(told)) found.push({ at, change, told, drift: told - sum })
  }
  return found
}

/** Where the run that begins at i ends, if it is only logged in another order than it was counted; else i. */
function reordered(life: Life, told: readonly Told[], i: number, drift: number): number {
  const isReordered = (run: readonly Told[]): boolean => {
    const [head] = run
    const isMixed = run.some(
      ({ at }) => life.family.thread[at] !== life.family.thread[head?.at ?? 0],
    )
    return (
      head !== undefined &&
      isMixed &&
      hasOrder(life.family.thread, run, head.told - head.drift - head.change + drift)
    )
  }
  // It may begin one event earlier, which looked right by chance; and what follows it may be out of order, too.
  for (let length = 2; length <= REORDERED_MAX; length++)
    for (let from = i; from >= Math.max(0, i - 1); from--) {
      const to = from + length
      if (to > i && to <= told.length && isReordered(told.slice(from, to))) return to
    }
  return i
}

/**
 * Whether the events can be put in an order in which every text is right, counting from `sum`. A thread logs what it
 * counted before it counts again: so what it did earlier had been logged before whatever it now comes before.
 */
function hasOrder(
  thread: Uint32Array,
  events: readonly Told[],
  sum: number,
  taken: readonly Told[] = [],
): boolean {
  const [head] = events
  if (head === undefined) return true
  return events.some((event, place) => {
    const isOwn = (other: Told): boolean => thread[other.at] === thread[event.at]
    if (sum + event.change !== event.told || events.slice(0, place).some(isOwn)) return false
    if (place > 0 && taken.some((other) => isOwn(other) && other.at > head.at)) return false
    const rest = [...events.slice(0, place), ...events.slice(place + 1)]
    return hasOrder(thread, rest, event.told, [...taken, event])
  })
}

/** The event of another thread after which this one should have counted, and did not. */
function lostUpdate(
  { family }: Life,
  told: readonly Told[],
  i: number,
  drift: number,
): number | undefined {
  const event = told[i]
  // The number stays wrong: what was lost is lost.
  const next = told[i + 1]
  if (next !== undefined && next.drift === drift) return undefined
  for (let j = i - 1; j >= Math.max(0, i - READ_BACK); j--) {
    const other = told[j]
    const before = other.told - other.change
    if (family.thread[other.at] === family.thread[event.at]) return undefined
    if (event.told === before + event.change && event.drift !== drift) return j
  }
  return undefined
}

function clueOfLost(
  { family }: Life,
  told: readonly Told[],
  j: number,
  i: number,
  trust: number,
): Clue {
  const one = told[j]
  const other = told[i]
  const number = (event: Told): number => family.lastNumber(event.at)
  return {
    kind: 'lost-update',
    confidence: 0.93 * trust,
    events: [one.at, other.at],
    root: one.at,
    text: `${eventName(family, one.at)} and ${eventName(family, other.at)} counted from the same number (${number(one)}, then ${number(other)}): one of the two changes is lost, and the count is wrong from there on.`,
  }
}

function mismatch(
  { family }: Life,
  { counts }: Usual,
  before: Told | undefined,
  event: Told,
  back: boolean,
  trust: number,
): Clue {
  const place = counts.place[family.key[event.at]]
  const written = family.numberAt(event.at, place)
  const expected = written - (event.drift - (before?.drift ?? 0))
  const from = before === undefined ? '' : ` after ${eventName(family, before.at)}`
  const then = back
    ? 'the texts that follow are right again'
    : 'so it stays: a reference was counted that no event tells of, or an event was not counted'
  return {
    kind: 'count-mismatch',
    confidence: (back ? 0.85 : 0.88) * trust,
    events: before === undefined ? [event.at] : [before.at, event.at],
    root: event.at,
    text: `${eventName(family, event.at)} says ${written}${from}, where the events make it ${expected}; ${then} (${counted(counts.texts, 'text')} of this list: ${Math.round(counts.textShare * 1000) / 10} % right).`,
  }
}
