// Schedules drawn at random from all there are, for as long as one likes: every kind, every pair of operations, every place.
// (Going through all of them one by one would take days: three preemptions of two operations of 60 accesses are 100,000.)

import { Random } from '../support/hostile/random.ts'
import type { Operation } from '../support/schedule.ts'
import { steppedCore } from '../support/schedule.ts'
import { Explorer } from './explore.ts'
import { givenFullBudget, givenRoom } from './given.ts'

export interface Sampled {
  /** Schedules by kind. */
  readonly schedules: Map<string, number>
  /** What went wrong, each with the schedule that shows it. */
  readonly found: string[]
}

/** Samples until `isOver` says so; tells now and then how many there were. */
export function sample(seed: number, isOver: () => boolean, say: (text: string) => void): Sampled {
  const random = new Random(seed)
  const below = (end: number) => random.below(end)
  const core = steppedCore()
  const explorers = [
    new Explorer(givenRoom(core)),
    new Explorer(givenRoom(core, { pin: true })),
    new Explorer(givenFullBudget(core)),
    new Explorer(givenFullBudget(core, { pinned: true })),
  ]
  const steps = new Map<Operation, number>()
  const placeIn = (explorer: Explorer, operation: Operation) => {
    if (!steps.has(operation)) steps.set(operation, explorer.world.stepsOf(operation))
    return below(steps.get(operation) as number)
  }
  const schedules = new Map<string, number>()
  for (let n = 0; !isOver(); n++) {
    const explorer = explorers[below(explorers.length)] as Explorer
    const operations = Object.values(explorer.given.operations)
    const [a, b, c] = [0, 0, 0].map(() => operations[below(operations.length)]) as [
      Operation,
      Operation,
      Operation,
    ]
    const k = placeIn(explorer, a)
    const j = placeIn(explorer, b)
    const kinds: [string, () => boolean][] = [
      ['a third writer inside two', () => explorer.nestedAt(a, k, b, j, c)],
      ['two preempted, crossing', () => explorer.crossedAt(a, k, b, j)],
      ['three preemptions of two', () => explorer.zigzagAt(a, k, b, j, placeAfter(k))],
      ['one stopped for ever', () => explorer.stoppedInsideAt(a, k, b, j)],
    ]
    const placeAfter = (from: number) => from + 1 + below(Math.max(1, (steps.get(a) ?? 1) - from))
    const [kind, run] = kinds[below(kinds.length)] as [string, () => boolean]
    if (run()) schedules.set(kind, (schedules.get(kind) ?? 0) + 1)
    if (n % 500 === 499) say(`${n + 1} drawn`)
  }
  return { schedules, found: explorers.flatMap(({ explored }) => [...explored.found.values()]) }
}
