// A thread that still has the object which stood at this address before: it goes on in the middle of what it began there.

import type { Clue } from '../finding.ts'
import type { Life } from '../lives.ts'
import { isStrict, NOTHING, placeBefore } from '../usual/habits.ts'
import type { Usual } from '../usual/usual.ts'
import { type Detector, eventName, keyName } from './detector.ts'

/** A habit that others break, too, proves nothing: one case in a thousand, besides this one. */
const BROKEN_MOST = 0.001

export const detectStaleThread: Detector = (life, usual) => {
  const { previous, family, from, to } = life
  if (previous === undefined || !life.whole) return []
  const old = new Set<number>()
  for (let at = previous.from; at < previous.to; at++) old.add(family.thread[at])
  const seen = new Set<number>()
  for (let at = from; at < to; at++) {
    const thread = family.thread[at]
    if (seen.has(thread)) continue
    seen.add(thread)
    if (!old.has(thread) || at === from) continue
    const clue = outOfNowhere(life, usual, at, previous) ?? notHandedTo(life, usual, at, previous)
    if (clue !== undefined) return [clue]
  }
  return []
}

/** Its first event here is one that others only do after one before. */
function outOfNowhere(
  life: Life,
  { habits, family }: Usual,
  at: number,
  previous: Life,
): Clue | undefined {
  const habit = habits.before.get(family.key[at])
  if (
    !isStrict(habit) ||
    habit.seen - habit.kept - 1 > habit.seen * BROKEN_MOST ||
    habit.key === NOTHING ||
    placeBefore(life, at) !== NOTHING
  )
    return undefined
  return clueOf(
    life,
    at,
    previous,
    `nearly always ${keyName(family, habit.key)} stands before it on the same thread (${habit.kept} of ${habit.seen}), and here nothing does`,
    0.8,
  )
}

/** It answers a hand-over that nobody made in this life. */
function notHandedTo(
  life: Life,
  { handovers, family }: Usual,
  at: number,
  previous: Life,
): Clue | undefined {
  const key = family.key[at]
  for (const handover of handovers.values()) {
    if (handover.pickup !== key) continue
    let open = 0
    for (let before = life.from; before <= at; before++) {
      if (family.key[before] === handover.key) open++
      if (family.key[before] === key) open--
    }
    if (open >= 0) return undefined
    return clueOf(
      life,
      at,
      previous,
      `it answers ${keyName(family, handover.key)}, which nobody had logged for this object`,
      0.75,
    )
  }
  return undefined
}

function clueOf(life: Life, at: number, previous: Life, why: string, confidence: number): Clue {
  const { family, history } = life
  return {
    kind: 'slot-reused',
    confidence,
    events: [at],
    root: at,
    text: `${eventName(family, at, true)} seems to be meant for the object that was ${history.objectText} before (history #${previous.history.handle}), which this thread worked on: ${why}.`,
  }
}
