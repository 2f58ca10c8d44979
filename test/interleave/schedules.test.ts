// Every operation preempted or stopped at its shared accesses while others run; see docs/CONCURRENCY.md for the claims.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Operation } from '../support/schedule.ts'
import { steppedCore } from '../support/schedule.ts'
import { Explorer, everything } from './explore.ts'
import { givenFullBudget, givenRepeats, givenRoom } from './given.ts'

/** Places of an operation at which it is preempted, when not all are asked for. */
const PLACES = everything ? Number.POSITIVE_INFINITY : 3
/** All of them take many minutes a test. */
const TIMEOUT_MS = everything ? 7_200_000 : 300_000
const core = steppedCore()

let explorer: Explorer
afterEach(() => {
  const { schedules, found, worst } = explorer.explored
  console.log(`${schedules} schedules, lost at most ${JSON.stringify(worst)}`)
  expect([...found.values()]).toEqual([])
})

const all = () => Object.values(explorer.given.operations)
const named = (...names: string[]) => names.map((name) => explorer.operation(name))
/** Odd, so that rows of places do not fall together. */
const strideOf = (operation: Operation, places = PLACES) =>
  Math.max(1, Math.floor(explorer.world.stepsOf(operation) / places)) | 1

function everyPair() {
  for (const a of all()) {
    const stride = strideOf(a)
    for (const b of all()) explorer.nested(a, b, stride)
  }
}

function everyDeath() {
  const others = all().slice(0, 3)
  for (const a of all()) {
    const stride = strideOf(a, PLACES * 5)
    explorer.stopped(a, a, others[2] as Operation, stride)
    explorer.stopped(a, others[1] as Operation, others[0] as Operation, stride)
  }
}

describe('with room for all', () => {
  beforeEach(() => {
    explorer = new Explorer(givenRoom(core))
  })

  test(
    'whatever runs while another operation is preempted, nothing is lost, torn or leaked',
    () => {
      everyPair()
    },
    TIMEOUT_MS,
  )

  test(
    'a thread that stops for ever costs the memory that it held, and nobody else anything',
    () => {
      everyDeath()
      const { blocks, directories, histories } = explorer.explored.worst
      expect(blocks).toBeLessThanOrEqual(8)
      expect(directories).toBeLessThanOrEqual(2)
      expect(histories).toBeLessThanOrEqual(2) // one under way, one spare
    },
    TIMEOUT_MS,
  )

  test(
    'a writer preempted in a preempted writer',
    () => {
      const [log, full, push] = named(
        'log',
        'log #17',
        'push three, log twice in each',
      ) as Operation[]
      explorer.nestedTwice(log as Operation, log as Operation, log as Operation, everything ? 1 : 2)
      const stride = everything ? 1 : 29
      explorer.nestedTwice(full as Operation, full as Operation, full as Operation, stride)
      explorer.nestedTwice(full as Operation, push as Operation, push as Operation, stride * 3)
    },
    TIMEOUT_MS,
  )

  test(
    'two operations that take turns twice',
    () => {
      const stride = everything ? 1 : 23
      for (const [one, other] of [
        ['log', 'log'],
        ['log #17', 'log #17'],
        ['log that laps', 'log that laps'],
        ['log in the oldest', 'push out of the window'],
        ['log a text', 'log a text'],
        ['log short strings', 'log a text'],
        ['intern', 'intern'],
        ['define a verb', 'define a verb'],
        ['join', 'join'],
        ['create a list', 'create a list'],
      ]) {
        const [a, b] = named(one as string, other as string) as [Operation, Operation]
        explorer.crossed(a, b, explorer.world.stepsOf(a) < 20 ? 1 : stride)
      }
    },
    TIMEOUT_MS,
  )
})

describe('two writers preempted three times', () => {
  beforeEach(() => {
    explorer = new Explorer(givenRoom(core))
  })

  test.each([
    ['log', 'log', 7],
    ['log', 'unref', 3],
    ['log #17', 'log #17', 997],
    ['push', 'push', 199],
    ['log in the oldest', 'push out of the window', 97],
  ])(
    '%s and %s',
    (one, other, stride) => {
      const [a, b] = [explorer.operation(one), explorer.operation(other)]
      explorer.zigzag(a, b, everything ? Math.max(1, Math.floor(stride / 40)) : stride)
    },
    TIMEOUT_MS,
  )
})

describe('a writer that wakes when its history has gone', () => {
  beforeEach(() => {
    explorer = new Explorer(givenRoom(core))
  })

  test('takes no block from the life that came after it', () => {
    const [late, reuse] = named('log in the newest', 'push three, log twice in each')
    explorer.nested(late as Operation, reuse as Operation)
  })

  test.each(['one level', 'two levels'])(
    'leaves no directory that others misread, %s',
    (levels) => {
      const [late, out] = named(`log #34, ${levels}`, `push it out, ${levels}`)
      for (const after of named('reuse, two levels', 'reuse and fill, two levels'))
        explorer.nested(late as Operation, out as Operation, 1, after)
      for (const during of named('reuse and fill, two levels'))
        explorer.nested(late as Operation, during, 1, during)
    },
  )
})

describe('with repeats that are folded', () => {
  beforeEach(() => {
    explorer = new Explorer(givenRepeats(core))
  })

  test(
    'whatever runs while another operation is preempted, all are counted, in their order',
    () => {
      for (const a of all()) for (const b of all()) explorer.nested(a, b, everything ? 1 : 7)
    },
    TIMEOUT_MS,
  )

  test(
    "a thread that stops for ever takes no other one's repeat along",
    () => {
      for (const a of all()) {
        const stride = everything || explorer.world.stepsOf(a) < 40 ? 1 : 5
        explorer.stopped(a, a, explorer.operation('log the same'), stride)
        explorer.stopped(a, explorer.operation('log another'), a, stride)
      }
    },
    TIMEOUT_MS,
  )

  test(
    'two that take turns twice',
    () => {
      const names = ['log the same', 'log the same again', 'log the same in a passing life']
      for (const a of named(...names))
        for (const b of named(...names, 'log another', 'log another again', 'log the end'))
          explorer.crossed(a, b, everything ? 1 : 7)
    },
    TIMEOUT_MS,
  )

  test('a late swap counts in no other life', () => {
    const [late, ...reuse] = named(
      'log the same in a passing life',
      'push three, log twice in each',
      'push three, log the same twice in each',
    )
    for (const during of reuse) explorer.nested(late as Operation, during)
  })
})

describe('with pinned verbs', () => {
  beforeEach(() => {
    explorer = new Explorer(givenRoom(core, { pin: true }))
  })

  test(
    'a lapped block is kept once or returned once',
    () => {
      const others = named('log that laps', 'log a turn', 'destroy a list')
      for (const b of others)
        explorer.nested(explorer.operation('log that laps'), b, everything ? 1 : 3)
    },
    TIMEOUT_MS,
  )
})

describe.each([{ pinned: false }, { pinned: true }])('with no memory left, %o', ({ pinned }) => {
  beforeEach(() => {
    explorer = new Explorer(givenFullBudget(core, { pinned }))
  })

  test(
    'whatever runs while another operation is preempted, nothing is lost, torn or leaked',
    () => {
      everyPair()
    },
    TIMEOUT_MS,
  )

  test(
    'a thread that stops for ever costs the memory that it held, and nobody else anything',
    () => {
      everyDeath()
    },
    TIMEOUT_MS,
  )
})
