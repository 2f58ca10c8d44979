// Objects that nobody goes on with: handed to a thread that never took them, or never let go.

import { counted } from '../../image/counted.ts'
import type { Clue } from '../finding.ts'
import type { Life } from '../lives.ts'
import { isSettled, lastAt } from '../usual/closing.ts'
import { sumBefore } from '../usual/counts.ts'
import { isStrict, NOTHING } from '../usual/habits.ts'
import { foreignAfter, type Handover, wasThere } from '../usual/handovers.ts'
import type { Usual } from '../usual/usual.ts'
import { type Detector, eventName, keyName, listed, scaled } from './detector.ts'
import { neverGiven, placesOf } from './ledger.ts'

/** So many closed siblings at least tell how long their kind lives. */
const CLOSED_MIN = 5
/** Idle so many times as long as nearly all siblings live in all. */
const IDLE_MIN = 4
const IDLE_SURE = 20
/** Share of lives that may be left over when all others have ended. */
const LEFT_MOST = 0.05
/** Younger siblings that came and went meanwhile: so many, and so many times more than any closed one has let pass. */
const OVERTAKERS_MIN = 5
const OVERTAKERS_SURE = 10
const OVERTAKEN_TIMES = 3
const FAR_TIMES = 10
/** A line that fewer closed siblings have is none of which one knows how long it takes. */
const KNOWN_MIN = 3
/** The coarse clock tells milliseconds at best. */
const TICK = 2000
/** Where more than this share of a list is stuck, that is how its objects are. */
const STUCK_MOST = 0.3

/** Share of closed lives without an answer, from which on that is how it goes. */
const MISSED_MOST = 0.005

/** How sure it is that nothing more would have come: 0 where it may as well be under way. */
export function stuckness(life: Life, { closing, counts, family }: Usual, number: number): number {
  if (closing.isClosed[number] === 1 || closing.by === undefined || closing.closed < CLOSED_MIN)
    return 0
  const idle = life.source.now - lastAt(life)
  const span = Math.max(closing.usualSpan, closing.longestPause, TICK)
  const byTime = idle / span
  const overtakers = closing.overtakersOf(life)
  const isOvertaken =
    overtakers >= OVERTAKERS_MIN && overtakers >= OVERTAKEN_TIMES * (closing.mostOvertakers + 1)
  const isIdle = byTime >= IDLE_MIN && idle >= 1.5 * closing.longestSpan
  const open = 1 - closing.closed / family.lives.length
  // All but a few are over, and the clock went on for long: nothing is under way any more.
  const quiet = quietSince(life)
  const isLeft =
    (open <= LEFT_MOST || closing.closed === family.lives.length - 1) &&
    quiet >= IDLE_SURE * span &&
    quiet >= 1.5 * closing.longestSpan
  if (!isIdle && !isOvertaken && !isLeft) return 0
  // Idle for less time than some siblings have lived, although many have passed: it may be one of those.
  // Unless no sibling ever let nearly as many pass: one that a busy machine held up says nothing then.
  const isFar = overtakers >= FAR_TIMES * (closing.mostOvertakers + 1)
  const isTimed = closing.longestSpan > TICK && !isIdle && !isLeft && !isFar
  if (isTimed && idle < closing.longestSpan) return 0
  // With a clock that tells, the siblings that passed prove less; and nobody knows how long a step takes that none of them took.
  const passed = isTimed ? 0.75 : 1
  const isKnown = isAllKnown(life, closing)
  // Without references that show who holds it, such an object may be of a kind that lives on.
  const known = isKnown ? 1 : !counts.counted ? 0.55 : byTime >= IDLE_SURE ? 1 : 0.75
  const few = closing.closed < 20 ? 0.85 : 1
  const sure =
    isIdle && isOvertaken
      ? 1
      : isIdle
        ? Math.min(1, 0.8 + (0.2 * byTime) / IDLE_SURE)
        : overtakers >= OVERTAKERS_SURE || isLeft
          ? 0.85
          : 0.7
  return sure * few * passed * known * Math.max(0, 1 - Math.max(0, open - 0.1) / (0.5 + STUCK_MOST))
}

/** How long nothing was done to it, as far as the recorder's clock went on. */
const quietSince = (life: Life): number =>
  Math.max(life.source.now, life.source.image.lastTick) - lastAt(life)

/** Whether closed siblings have each of its lines. */
function isAllKnown({ family, from, to }: Life, { withKey }: Usual['closing']): boolean {
  for (let at = from; at < to; at++) if (withKey[family.key[at]] < KNOWN_MIN) return false
  return true
}

export const detectLeak: Detector = (life, usual, number) => {
  const { closing, counts } = usual
  const { family, history, to } = life
  const stuck = stuckness(life, usual, number)
  if (stuck === 0 || to === life.from || (history.ended && life.end < 0)) return []
  const last = to - 1
  const held = neverGiven(life, usual)
  const sum = counts.counted
    ? sumBefore(life, to - 1) + family.change(last) - counts.atEnd
    : Number.NaN
  const holders = held.map(({ place }) => place)
  const sentences = [
    `it never ended: the last that was done is ${eventName(family, last, true)}, and since then ${counted(closing.overtakersOf(life), 'younger sibling')} came and went; it is idle for ${duration(quietSince(life))}, where ${closing.closed} others live ${duration(closing.usualSpan)} or less`,
  ]
  const [first] = held
  if (first !== undefined)
    sentences.push(
      `what ${listed(held.map(({ place }) => eventName(family, place, true)))} took was never given back; ${first.pair.equal} of ${first.pair.lives} others give it back with ${keyName(family, first.pair.unref)}`,
    )
  else if (sum > 0)
    sentences.push(`${counted(sum, 'reference')} ${sum === 1 ? 'is' : 'are'} still held`)
  const missing = unfinished(life, usual)
  if (missing !== undefined && first === undefined)
    sentences.push(`${keyName(family, missing)} follows it nearly always, on the same thread`)
  const known = isOfItsKind(life, usual) ? 1 : 0.6
  return [
    {
      kind: 'leak',
      confidence: 0.9 * stuck * known * (life.whole ? 1 : 0.9),
      events: [...new Set([...holders, last])],
      root: holders[0] ?? last,
      text: `${sentences.join('; ')}.`,
    },
  ]
}

/** What the thread of the last event does next in nearly every other life. */
function unfinished({ family, to }: Life, { habits }: Usual): number | undefined {
  const habit = habits.after.get(family.key[to - 1])
  return !isStrict(habit) || habit.key === NOTHING ? undefined : habit.key
}

/** Whether closed siblings begin as this one does: else it is another kind of object, which may live on. */
const isOfItsKind = ({ family, from }: Life, { closing }: Usual): boolean =>
  closing.beginnings.has(family.key[from])

export const detectMissedHandover: Detector = (life, usual, number) => {
  const { handovers, closing, family } = usual
  if (handovers.size === 0 || !life.whole) return []
  const isClosed = closing.isClosed[number] === 1
  const stuck = stuckness(life, usual, number)
  if (!isClosed && stuck === 0) return []
  const missed = unanswered(life, usual)
  if (missed === undefined) return []
  const { place, handover } = missed
  // Objects that end all the same, time and again, do well without an answer.
  const isRule = handover.pickup >= 0 && handover.missed <= MISSED_MOST
  if (isClosed && !(isRule && isSettled(life, closing) && !isTakenUp(life, place))) return []
  // Its own thread left out what it does next: then that is what is missing.
  if (!isClosed && ownWorkMissing(life, usual, place)) return []
  const answer = handover.pickup >= 0 ? ` with ${keyName(family, handover.pickup)}` : ''
  const sure = scaled(0.92, handover.picked / handover.seen, 0.8)
  return [
    {
      kind: 'missed-handover',
      confidence: isClosed ? sure * 0.85 : sure * Math.max(stuck, 0.7),
      events: [place],
      root: place,
      text: `${eventName(family, place, true)} handed it on, and no other thread took it up${answer}, as in ${handover.picked} of ${handover.seen} other cases${isClosed ? '' : `; it is idle for ${duration(quietSince(life))} since its last event, ${eventName(family, life.to - 1)}`}.`,
    },
  ]
}

function unanswered(
  life: Life,
  { handovers }: Usual,
): { place: number; handover: Handover } | undefined {
  const { family, from, to } = life
  const until = life.end >= 0 ? life.end : to
  const foreign = foreignAfter(life)
  const known = new Map<number, number[]>()
  const placesIn = (key: number): number[] => {
    const places = known.get(key) ?? placesOf(life, key)
    known.set(key, places)
    return places
  }
  for (let at = until - 1; at >= from; at--) {
    const handover = handovers.get(family.key[at])
    if (handover === undefined) continue
    const next = foreign(at)
    if (next < 0 && handover.picked >= handover.seen * 0.97) return { place: at, handover }
    if (handover.pickup < 0) continue
    const given = placesIn(handover.key)
    const taken = placesIn(handover.pickup)
    // The last of them: those before are taken to be answered in their order.
    if (given.length > taken.length && at === given.at(-1) && (taken.at(-1) ?? -1) < at)
      return { place: at, handover }
  }
  return undefined
}

/** Somebody new came, although not with the usual line. */
function isTakenUp(life: Life, place: number): boolean {
  for (let at = place + 1; at < life.to; at++) {
    const isForeign = life.family.thread[at] !== life.family.thread[place]
    if (isForeign && !wasThere(life, at, place)) return true
  }
  return false
}

/** After the hand-over, its thread stopped in the middle of what it does in other lives. */
function ownWorkMissing({ family, to }: Life, { habits }: Usual, place: number): boolean {
  const thread = family.thread[place]
  let last = place
  for (let at = place + 1; at < to; at++) if (family.thread[at] === thread) last = at
  const habit = habits.after.get(family.key[last])
  return (
    last === place && isStrict(habit) && habit.key !== NOTHING && family.roleOf(place) !== 'none'
  )
}

/** `12.5 s`, for a sentence. */
export function duration(microseconds: number): string {
  if (microseconds < 1000) return `${Math.round(microseconds)} us`
  if (microseconds < 1_000_000) return `${Number((microseconds / 1000).toPrecision(3))} ms`
  return `${Number((microseconds / 1_000_000).toPrecision(3))} s`
}

export type { Clue }
