// Uses of what was gone: after its end, after its last reference, and after its address went to the next object.

import { counted } from '../../image/counted.ts'
import type { Clue } from '../finding.ts'
import { LATE_END, LATE_UNREF, type Life } from '../lives.ts'
import type { Usual } from '../usual/usual.ts'
import { type Detector, eventName } from './detector.ts'
import { leftOut } from './ledger.ts'

export const detectAfterEnd: Detector = (life, usual) => {
  const { family, from, to, end } = life
  const late: number[] = []
  for (let at = from; at < to; at++) {
    const isLate = (family.flags[at] & LATE_END) !== 0
    if (!isLate || family.roleOf(at) === 'end') continue
    if (!usual.late.isUsualAfterEnd(family.key[at])) late.push(at)
  }
  const [first] = late
  if (first === undefined) return []
  const ender = end >= 0 ? end : undefined
  const reused = late.filter((at) => isReused(life, at))
  const foreign = ender !== undefined && family.thread[first] !== family.thread[ender]
  const missing = leftOut(life, usual, end >= 0 ? end : to)
  // Where the address had gone to another object before the first use, that other one was hit; what made the end come too
  // early is the cause all the same.
  const kind = reused.length === late.length && !missing ? 'slot-reused' : 'use-after-end'
  const events = [
    ...(missing ? [missing.place] : []),
    ...(ender === undefined ? [] : [ender]),
    ...late,
  ]
  const ended = ender === undefined ? 'an end that is lost' : `its end, ${eventName(family, ender)}`
  const more = late.length > 1 ? `, and ${counted(late.length - 1, 'event')} more` : ''
  const next = life.next
  const sentences = [
    kind === 'slot-reused'
      ? `${eventName(family, first)} came after ${ended}, when ${life.history.objectText} was the next object already (history #${next?.history.handle}, pushed by ${next?.history.thread})${more}: whatever it did hit a stranger`
      : `${eventName(family, first)} used it after ${ended}${more}`,
  ]
  if (reused.length > 0 && kind !== 'slot-reused')
    sentences.push(
      `by #${family.index[reused[0]]} the address belonged to the next object (history #${next?.history.handle})`,
    )
  if (missing)
    sentences.push(
      `before ${eventName(family, missing.place, true)} there is no ${missing.name}, which ${missing.kept} of ${missing.seen} others have: one reference too few`,
    )
  const confidence = kind === 'slot-reused' ? 0.97 : foreign ? 0.95 : 0.9
  return [
    {
      kind,
      confidence,
      events: [...new Set(events)],
      // The use is the fault, whatever made it possible; a count that was wrong before comes first by its own finding.
      root: missing ? missing.place : first,
      text: `${sentences.join('; ')}.`,
    },
    ...(reused.length === late.length ? also(life, kind, first, ender) : []),
  ]
}

/** The same events as what they are besides, for whoever asks for that. */
function also(life: Life, told: Clue['kind'], first: number, ender: number | undefined): Clue[] {
  const { family, history, next } = life
  const event = eventName(family, first)
  const isUse = told === 'slot-reused'
  return [
    {
      kind: isUse ? 'use-after-end' : 'slot-reused',
      confidence: isUse ? 0.8 : 0.97,
      events: ender === undefined ? [first] : [ender, first],
      root: first,
      text: isUse
        ? `${event} used it after its end.`
        : `${event} came when ${history.objectText} was the next object already (history #${next?.history.handle}).`,
    },
  ]
}

/** Whether the next object of the same address had begun when this event was logged. */
function isReused({ family, next }: Life, at: number): boolean {
  return (
    next !== undefined && next.history.created <= family.t[at] && begunBefore(next, family.t[at])
  )
}

/** With the coarse clock, a push and a use of the same millisecond do not tell which came first. */
function begunBefore(next: Life, t: number): boolean {
  return next.history.created < t || (next.to > next.from && next.family.t[next.from] <= t)
}

export const detectAfterUnref: Detector = (life, usual) => {
  const { family, from, to, end } = life
  const late: number[] = []
  if (!usual.late.isUsualAfterUnref)
    for (let at = from; at < to; at++)
      if (family.flags[at] & LATE_UNREF && !(family.flags[at] & LATE_END)) late.push(at)
  const [first] = late
  if (first !== undefined)
    return [
      {
        kind: 'log-after-last-unref',
        confidence: 0.85,
        events: late,
        root: first,
        text: `${eventName(family, first)} came after the last reference on its history had been released${late.length > 1 ? `, and ${counted(late.length - 1, 'event')} more` : ''}: whoever logged it had no reference.`,
      },
    ]
  return end >= 0 || usual.late.endsAtZero ? afterZero(life, usual) : []
}

/** By the roles: the count was 0, and before the object ended somebody went on with it. */
function afterZero(life: Life, { counts, late, closing, family }: Usual): Clue[] {
  if (!late.endsAtZero || !counts.counted || !life.whole) return []
  let sum = 0
  for (let at = life.from; at < life.to; at++) {
    sum += family.change(at)
    const next = at + 1
    if (family.roleOf(at) !== 'unref' || sum !== counts.atEnd || next >= life.to) continue
    if (life.end >= 0 && next >= life.end) return []
    if (family.thread[next] === family.thread[at] || closing.by === undefined) continue
    return [
      {
        kind: 'log-after-last-unref',
        confidence: 0.7,
        events: [at, next],
        root: next,
        text: `${eventName(family, next)} came after ${eventName(family, at)} had given back the last reference; in other lives nothing but the end follows that.`,
      },
    ]
  }
  return []
}
