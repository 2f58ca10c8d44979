// What a thread does before and after: of each line of the program, the one that nearly always stands before it, or
// after it, on the same thread. Where that one is missing, something was left out.

import type { Family, Life } from '../lives.ts'
import { add, mapOf, mostOf, total } from './tally.ts'

/** As if the thread began, or ended, there. */
export const NOTHING = -1
/** So often at least, and in such a share, to be a habit; and to be what most do, which only explains. */
const TIMES_MIN = 10
const SHARE_MIN = 0.97
const TIMES_LEAST = 3
const SHARE_LEAST = 0.6
/** Further back than this no neighbour is looked for. */
const REACH = 64

export interface Habit {
  readonly key: number
  /** How often the key was seen, and how often with that neighbour. */
  readonly seen: number
  readonly kept: number
}

export interface Habits {
  /** By key. */
  readonly before: ReadonlyMap<number, Habit>
  readonly after: ReadonlyMap<number, Habit>
  /** By verb, of verbs: what stands before it whatever the texts say. */
  readonly beforeVerb: ReadonlyMap<number, Habit>
}

/** A habit that breaking is a sign in itself. */
export const isStrict = (habit: Habit | undefined): habit is Habit =>
  habit !== undefined && habit.seen >= TIMES_MIN && habit.kept >= habit.seen * SHARE_MIN

/** The place before this one on the same thread; NOTHING where there is none in reach. */
export function placeBefore({ family, from }: Life, place: number): number {
  const thread = family.thread[place]
  for (let at = place - 1; at >= Math.max(from, place - REACH); at--)
    if (family.thread[at] === thread) return at
  return NOTHING
}

export function placeAfter({ family, to }: Life, place: number): number {
  const thread = family.thread[place]
  for (let at = place + 1; at < Math.min(to, place + REACH); at++)
    if (family.thread[at] === thread) return at
  return NOTHING
}

export function learnHabits(family: Family, isClosed: Uint8Array): Habits {
  const before = new Map<number, Map<number, number>>()
  const after = new Map<number, Map<number, number>>()
  const verbs = new Map<number, Map<number, number>>()
  for (const [number, life] of family.lives.entries()) {
    if (!life.whole) continue
    const { from, to } = life
    for (let at = from; at < to; at++) {
      const key = family.key[at]
      const prior = placeBefore(life, at)
      const priorKey = prior === NOTHING ? NOTHING : family.key[prior]
      add(mapOf(before, key), priorKey)
      add(mapOf(verbs, family.verbOf(at)), prior === NOTHING ? NOTHING : family.verbOf(prior))
      if (prior !== NOTHING) add(mapOf(after, priorKey), key)
      // What is under way has not done its next yet.
      if (isClosed[number] === 1 && placeAfter(life, at) === NOTHING)
        add(mapOf(after, key), NOTHING)
    }
  }
  return { before: habitsOf(before), after: habitsOf(after), beforeVerb: habitsOf(verbs) }
}

function habitsOf(
  neighbours: ReadonlyMap<number, ReadonlyMap<number, number>>,
): Map<number, Habit> {
  const habits = new Map<number, Habit>()
  for (const [key, counts] of neighbours) {
    const seen = total(counts)
    const most = mostOf(counts)
    if (most === undefined || seen < TIMES_LEAST) continue
    const kept = counts.get(most) as number
    if (kept >= seen * SHARE_LEAST) habits.set(key, { key: most, seen, kept })
  }
  return habits
}
