// Counts that the texts tell, held against the roles: a number that does not follow, or two threads that each counted from
// the same number.

import type { Clue } from '../finding.ts'
import type { Life } from '../lives.ts'
import { sumTold } from '../usual/counts.ts'
import { type Detector, eventName, many } from './detector.ts'

/** Texts of a list that are wrong more often are no counts, or are logged in another order than they are counted. */
const RIGHT_MIN = 0.8
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

export const detectTexts: Detector = (life, usual) => {
  const { counts } = usual
  if (counts.texts < 3 || (counts.textShare < RIGHT_MIN && counts.texts > 20)) return []
  const told = toldBy(life, usual)
  const [first] = told
  if (first === undefined) return []
  // An object may begin with more references than others.
  let drift = first.drift
  const trust =
    counts.texts < 20 ? 0.8 : Math.max(0, (counts.textShare - RIGHT_MIN) / (1 - RIGHT_MIN))
  for (let i = 1; i < told.length; i++) {
    const event = told[i]
    if (event.drift === drift) continue
    const end = reordered(life, told, i, drift)
    if (end > i) {
      i = end - 1
      continue
    }
    const lost = lostUpdate(life, told, i, drift)
    if (lost !== undefined) return [clueOfLost(life, told, lost, i, trust)]
    // Where it comes back at once, only this text is wrong; else something was counted that nobody logged.
    const back = told[i + 1]?.drift === drift
    const before = told[i - 1]
    return [mismatch(life, usual, before, event, back, trust)]
  }
  if (first.drift !== 0 && told.length > 1 && counts.texts >= 100 && counts.textShare > 0.99) {
    drift = first.drift
    return [mismatch(life, usual, undefined, first, false, trust * 0.8)]
  }
  return []
}

/** Up to the first loss: behind it, nobody knows. */
function toldBy({ family, from, to }: Life, { counts }: Parameters<Detector>[1]): Told[] {
  const found: Told[] = []
  let sum = 0
  for (let at = from; at < to; at++) {
    if (family.flags[at] & 4) break
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
    // One thread logs in the order in which it counts.
    return (
      head !== undefined && isMixed && hasOrder(run, head.told - head.drift - head.change + drift)
    )
  }
  // The run goes on until the texts are right again; it may begin one event earlier, which looked right by chance.
  for (let from = i; from >= Math.max(0, i - 1); from--) {
    for (let to = i + 1; to < told.length && to - from < REORDERED_MAX; to++) {
      if (told[to].drift !== drift) continue
      // The event at which they are right again may belong to the run, too.
      if (isReordered(told.slice(from, to))) return to
      if (isReordered(told.slice(from, to + 1))) return to + 1
    }
    if (told.length - from <= REORDERED_MAX && isReordered(told.slice(from))) return told.length
  }
  return i
}

/** Whether the events can be put in an order in which every text is right, counting from `sum`. */
function hasOrder(events: readonly Told[], sum: number): boolean {
  if (events.length === 0) return true
  return events.some(
    ({ change, told }, at) =>
      sum + change === told && hasOrder([...events.slice(0, at), ...events.slice(at + 1)], told),
  )
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
  { counts }: Parameters<Detector>[1],
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
    text: `${eventName(family, event.at)} says ${written}${from}, where the events make it ${expected}; ${then} (${many(counts.texts, 'text')} of this list: ${Math.round(counts.textShare * 1000) / 10} % right).`,
  }
}
