// What this list's objects do after their end, or after their last reference, as a matter of course: no bug, but a habit.

import { type Family, LATE_END, LATE_UNREF } from '../lives.ts'
import type { Counts } from './counts.ts'
import { add } from './tally.ts'

/** In so many lives of those that ended, what comes late is usual. */
const SHARE = 0.2
const LIVES_MIN = 4

export interface Late {
  /** Lives that ended. */
  readonly ended: number
  isUsualAfterEnd(key: number): boolean
  /** Lives are released by their pusher while they go on. */
  readonly isUsualAfterUnref: boolean
  /** Objects of this list end more than once. */
  readonly isUsualTwice: boolean
  /** Once their roles are down to nothing, objects end at once, or at least nothing else is logged. */
  readonly endsAtZero: boolean
  /** Share of lives whose roles sum up to less than nothing. */
  readonly below: number
}

export function learnLate(family: Family, counts: Counts): Late {
  const afterEnd = new Map<number, number>()
  let ended = 0
  let released = 0
  let twice = 0
  let below = 0
  let atZero = 0
  let goneOn = 0
  for (const { from, to, end, whole } of family.lives) {
    const late = new Set<number>()
    let unreferenced = false
    let ends = 0
    let sum = 0
    let isBelow = false
    for (let at = from; at < to; at++) {
      const flags = family.flags[at]
      if (flags & LATE_END) late.add(family.key[at])
      if (flags & LATE_UNREF) unreferenced = true
      const role = family.roleOf(at)
      if (role === 'end') ends++
      sum += family.change(at)
      if (sum < counts.floor) isBelow = true
      if (whole && role === 'unref' && sum === counts.atEnd && end !== at) {
        atZero++
        if (at + 1 < to && family.roleOf(at + 1) !== 'end') goneOn++
      }
    }
    if (end >= 0) ended++
    if (unreferenced) released++
    if (ends > 1) twice++
    if (isBelow && whole) below++
    for (const key of late) add(afterEnd, key)
  }
  const { length } = family.lives
  return {
    ended,
    isUsualAfterEnd: (key) => isUsual(afterEnd.get(key) ?? 0, ended),
    isUsualAfterUnref: isUsual(released, length),
    isUsualTwice: isUsual(twice, ended),
    endsAtZero: atZero >= 20 && goneOn <= atZero * 0.02,
    below: length === 0 ? 0 : below / length,
  }
}

/** Of few lives, all: one bad life among three is no habit. */
const isUsual = (lives: number, of: number): boolean =>
  of >= LIVES_MIN
    ? lives >= Math.max(LIVES_MIN * SHARE, 3) && lives >= of * SHARE
    : of > 1 && lives === of
