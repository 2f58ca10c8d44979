// Two threads in the middle of what other lives do in one go: the second began from what the first was about to change.

import type { Clue } from '../finding.ts'
import type { Life } from '../lives.ts'
import { NO_NUMBER } from '../shapes.ts'
import { NOTHING } from '../usual/habits.ts'
import { isChained, type Section } from '../usual/sections.ts'
import { type Detector, eventName } from './detector.ts'

const REACH = 64

export const detectInterleaved: Detector = (life, { sections, family }) => {
  if (sections.size === 0) return []
  for (let at = life.from; at < life.to; at++) {
    const section = sections.get(family.verbOf(at))
    if (section === undefined) continue
    const met = meeting(life, section, at)
    if (met !== undefined) return [clueOf(life, section, met)].filter((clue) => clue !== undefined)
  }
  return []
}

interface Meeting {
  readonly first: readonly [number, number]
  readonly second: readonly [number, number]
}

/** A go that begins at `at`, and another thread's that begins before it is over. */
function meeting(life: Life, section: Section, at: number): Meeting | undefined {
  const done = secondOf(life, section, at)
  if (done === NOTHING) return undefined
  for (let other = at + 1; other < done; other++) {
    const isOther = life.family.thread[other] !== life.family.thread[at]
    if (!isOther || life.family.verbOf(other) !== section.first) continue
    const otherDone = secondOf(life, section, other)
    if (otherDone !== NOTHING) return { first: [at, done], second: [other, otherDone] }
  }
  return undefined
}

function secondOf({ family, to }: Life, { second, first }: Section, at: number): number {
  for (let next = at + 1; next < Math.min(to, at + REACH); next++) {
    if (family.thread[next] !== family.thread[at]) continue
    if (family.verbOf(next) === second) return next
    if (family.verbOf(next) === first) return NOTHING
  }
  return NOTHING
}

function clueOf({ family }: Life, section: Section, { first, second }: Meeting): Clue | undefined {
  const [read, wrote] = first
  const [otherRead, otherWrote] = second
  const { place } = section
  const numberAt = (at: number): number => (place < 0 ? NO_NUMBER : family.numberAt(at, place))
  const from = numberAt(read)
  const otherFrom = numberAt(otherRead)
  const areNumbered = isChained(section) && from !== NO_NUMBER && otherFrom !== NO_NUMBER
  // It had seen what the first one wrote, before that one said so.
  if (areNumbered && otherFrom === numberAt(wrote)) return undefined
  const numbers = areNumbered
    ? ` Both began from ${from}${from === otherFrom ? '' : ` and ${otherFrom}`}: what the first to finish wrote is lost.`
    : ''
  const pair = `${family.verbs[section.first]} and ${family.verbs[section.second]}`
  return {
    kind: 'lost-update',
    confidence: areNumbered ? 0.93 : section.seen >= 50 ? 0.65 : 0.6,
    events: [read, otherRead, wrote, otherWrote].sort((one, other) => one - other),
    root: read,
    text: `${eventName(family, otherRead)} came between ${eventName(family, read)} and ${eventName(family, wrote)}; ${pair} stand side by side in all ${section.seen} other cases where threads could have met.${numbers}`,
  }
}
