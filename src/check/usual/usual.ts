// All that is learned from the lives of one list before any of them is judged.

import type { Family } from '../lives.ts'
import { type Closing, learnClosing } from './closing.ts'
import { type Counts, learnCounts } from './counts.ts'
import { type Habits, learnHabits } from './habits.ts'
import { type Handover, learnHandovers } from './handovers.ts'
import { type Late, learnLate } from './late.ts'
import { learnPairs, type Pairs } from './pairs.ts'
import { learnRefs, type UsualRefs } from './refs.ts'
import { learnRoutes, type Routes } from './routes.ts'
import { learnSections, type Section } from './sections.ts'

export interface Usual {
  readonly family: Family
  readonly counts: Counts
  readonly closing: Closing
  readonly habits: Habits
  readonly pairs: Pairs
  readonly handovers: ReadonlyMap<number, Handover>
  /** By its first verb. */
  readonly sections: ReadonlyMap<number, Section>
  readonly late: Late
  readonly routes: Routes
  readonly usualRefs: UsualRefs
}

/** Yields between its steps: each goes through all lives. */
export function* learnUsual(family: Family): Generator<number, Usual> {
  const counts = learnCounts(family)
  yield 0
  const closing = learnClosing(family, counts)
  const { isClosed } = closing
  yield 0
  const habits = learnHabits(family, isClosed)
  yield 0
  const pairs = learnPairs(family, isClosed)
  const handovers = learnHandovers(family, isClosed)
  yield 0
  const sections = learnSections(family)
  const late = learnLate(family, counts)
  yield 0
  const routes = learnRoutes(family, isClosed)
  const usualRefs = learnRefs(family, isClosed)
  return { family, counts, closing, habits, pairs, handovers, sections, late, routes, usualRefs }
}
