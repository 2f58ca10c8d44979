// The model can fail: with any one of its rules broken, the properties notice. Fixed seed, so that this is no matter of luck.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { programs, runProgram } from './commands.ts'
import { type Life, Model, pushed, RULES, type Rules } from './model.ts'

const MUTANTS: Record<string, Partial<Rules>> = {
  'the window holds one more': {
    isPushedOut: ({ list, order }: Life) =>
      list.window > 0 && order < pushed(list) - list.window - 1,
  },
  'the window holds one less': {
    isPushedOut: ({ list, order }: Life) => list.window > 0 && order <= pushed(list) - list.window,
  },
  'a window of 0 holds nothing': {
    isPushedOut: ({ list, order }: Life) => order < pushed(list) - list.window,
  },
  'pinned lives are pushed out': { isPinned: () => false },
  "the pusher's own reference pins": {
    isPinned: ({ refs, isReleased }: Life) => refs > 0 || !isReleased,
  },
  'references are counted beyond 4095': { refsMax: 4096 },
  'the first quarter is a block longer': {
    firstKept: (maxEvents) => Math.min(maxEvents, Math.floor(maxEvents / 4) + 17),
  },
  'the first quarter is rounded up': { firstKept: (maxEvents) => Math.ceil(maxEvents / 4) },
  'the last three quarters are one event shorter': {
    lastKept: (maxEvents) => maxEvents - Math.floor(maxEvents / 4) - 1,
  },
  'nothing is late': { late: () => '' },
  'an end verb makes nothing late': {
    late: ({ isReleased, refs }) => (isReleased && refs === 0 ? 'after last unref' : ''),
  },
  'references do not keep events in time': {
    late: ({ isEnded, isReleased }) =>
      isEnded ? 'after end' : isReleased ? 'after last unref' : '',
  },
  'pinned verbs keep nothing in the middle': { blocksKept: () => 0 },
  'a list that is switched off records': { isRecordedWhenOff: true },
  'stale calls are not counted': { isStaleCounted: false },
  'texts are cut a byte later': { isCutAt: (maxText) => maxText + 1 },
  'destroyed lists keep their lives': { isEndedByDestroy: false },
}

test.each(Object.keys(MUTANTS))('a model is found wrong in which %s', (name) => {
  const rules = { ...RULES, ...MUTANTS[name] }
  const { failed } = fc.check(
    fc.property(programs(60), (steps) => runProgram(new Model(rules), steps)),
    { numRuns: 300, seed: 1, endOnFailure: true },
  )
  expect(failed).toBe(true)
})
