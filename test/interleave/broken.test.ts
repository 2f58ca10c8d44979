// A check that never fails proves nothing: cores with one step left out or out of place, each of which must be caught.

import { expect, test } from 'vitest'
import { Explorer, everything } from './explore.ts'
import { givenFullBudget, givenRepeats, givenRoom } from './given.ts'
import { type Change, variantOf } from './variant.ts'

function explorerOf(...changes: Change[]): Explorer {
  return new Explorer(givenRoom(variantOf(changes)))
}

const found = (explorer: Explorer) => [...explorer.explored.found.values()].join('\n')

test('an event committed (E4) before its payload is written is caught', () => {
  const writes = /( {4}write64\(at \+ EVENT_TIME, when\)\n.*\n.*\n)( {4}if \(isOrdered\)\n.*\n.*\n)/
  const explorer = explorerOf(['event.ts', writes, '$2$1'])
  explorer.nested(explorer.operation('log'), explorer.operation('log'))
  expect(found(explorer)).toMatch(/^log paused at \d+, log whole: .*EVENT_CHECK/)
})

test('a block that goes back to the pool before its events are committed (R) is caught', () => {
  const explorer = explorerOf([
    'blocks.ts',
    'if (allCommitted(block, mark, claimed)) return',
    'return',
  ])
  const reuse = explorer.operation('push three, log twice in each')
  explorer.nested(explorer.operation('log in the newest'), reuse)
  expect(found(explorer)).not.toBe('')
})

test('events of an earlier turn that pass for committed ones are caught', () => {
  const explorer = explorerOf(
    ['entry.ts', 'return mark ^ (EVENT_COMMITTED_EVEN | EVENT_COMMITTED_ODD)', 'return mark'],
    ['entry.ts', '((entry & ~ORDINAL_MASK) ^ PARITY)', '(entry & ~ORDINAL_MASK)'],
  )
  const thrice = explorer.operation('push three, log twice in each')
  explorer.nested(thrice, thrice)
  explorer.nested(explorer.operation('log a turn'), explorer.operation('log a turn'))
  expect(found(explorer)).not.toBe('')
})

test('a turn that begins in the memory of one with an unfinished event is caught', () => {
  const explorer = explorerOf([
    'event.ts',
    'allCommitted(block, mark, EVENTS_PER_BLOCK)\n',
    'true\n',
  ])
  explorer.nested(explorer.operation('log that laps'), explorer.operation('log a turn'))
  expect(found(explorer)).not.toBe('')
})

test("a late thread that swaps a later life's tail for its own (E2) is caught", () => {
  const explorer = explorerOf([
    'event.ts',
    'if (!isTailOf(tail, generation) && !stands(history, generation)) return LOOK_AGAIN',
    '',
  ])
  const late = explorer.operation('push twice, log')
  const thrice = explorer.operation('push three, log twice in each')
  // It looks for its block while the later life in its memory has none yet.
  const steps = explorer.world.stepsOf(late)
  for (let k = steps - 40; k < steps && found(explorer) === ''; k++)
    for (let j = 0; j < 120; j += 4) explorer.crossedAt(late, k, thrice, j)
  expect(found(explorer)).not.toBe('')
})

test('a reference released with its event that was the last of a life outside of the window is caught', () => {
  const explorer = explorerOf([
    'control.ts',
    'refs > ((control & CONTROL_OUT) != 0 ? 1 : 0)',
    'refs > 0',
  ])
  explorer.nested(explorer.operation('release outside the window'), explorer.operation('push'))
  expect(found(explorer)).toMatch(/narrow still holds .*, long out/)
})

test('a release that forgets a block whose writer is late (R1) is caught', () => {
  const explorer = explorerOf([
    'blocks.ts',
    'settle64(block + BLOCK_STATE, (peek64(block + BLOCK_STATE) & UPPER) | how) // R1',
    'count(COUNTER_RETURNED)',
  ])
  explorer.nested(
    explorer.operation('log in the oldest'),
    explorer.operation('push out of the window'),
  )
  expect(found(explorer)).toMatch(/LIST_BLOCKS of narrow/)
})

test('a sweep that returns an abandoned block which nobody has finished (R2) is caught', () => {
  const explorer = new Explorer(
    givenFullBudget(
      variantOf([['blocks.ts', 'if (!allCommitted(block, mark, claimed)) return false', '']]),
    ),
  )
  const flood = explorer.operation('push six and fill a block in each')
  explorer.nested(explorer.operation('log'), flood)
  expect(found(explorer)).not.toBe('')
})

test.runIf(everything)('a stack of free memory without its change count is caught', () => {
  const plain: Change = ['pools.ts', /\(\(\(top >> 32\) \+ 1\) << 32\) \| next/, '<u64>next']
  const push: Change = [
    'pools.ts',
    '(((top >> 32) + 1) << 32) | (at >> shift)',
    '<u64>(at >> shift)',
  ]
  const explorer = explorerOf(plain, push)
  const thrice = explorer.operation('push three, log twice in each')
  explorer.nested(explorer.operation('push and log'), thrice)
  explorer.nested(thrice, thrice)
  expect(found(explorer)).not.toBe('')
})

test('a claim (E3) that is no swap is caught', () => {
  const explorer = explorerOf(
    [
      'event.ts',
      'const isClaimed = swapIf64(history + HISTORY_CONTROL, control, wanted) // E3',
      'write64(history + HISTORY_CONTROL, wanted)\n const isClaimed = true',
    ],
    [
      'event.ts',
      'if (!swapIf64(history + HISTORY_CONTROL, control, wanted)) return false // E3',
      'write64(history + HISTORY_CONTROL, wanted)',
    ],
  )
  explorer.nested(explorer.operation('log'), explorer.operation('log'))
  expect(found(explorer)).not.toBe('')
})

const repeatsOf = (...changes: Change[]) => new Explorer(givenRepeats(variantOf(changes)))
const REUSE = ['push three, log twice in each', 'push three, log the same twice in each']
const withoutTag: Change = ['fold.ts', /if \(folded >> REPEAT_TAG_SHIFT != .*/, '']
const withoutControl: Change = [
  'fold.ts',
  / \|\| look64\(history \+ HISTORY_CONTROL\) != control/,
  '',
]

test('a fold (F3) that is no swap is caught', () => {
  const explorer = repeatsOf([
    'fold.ts',
    /return swapIf64\(foldAt\(repeat\), folded, (.*)\)\n/,
    'write64(foldAt(repeat), $1)\n  return true\n',
  ])
  const same = explorer.operation('log the same')
  explorer.nested(same, same)
  expect(found(explorer)).toMatch(/counts \d+ repeats, \d+ were acknowledged/)
})

test('a fold (F3) that asks neither for its life nor for its mark is caught', () => {
  const explorer = repeatsOf(withoutTag, withoutControl)
  const late = explorer.operation('log the same in a passing life')
  for (const name of REUSE) explorer.nested(late, explorer.operation(name))
  expect(found(explorer)).not.toBe('')
})

test.runIf(everything)('a repeat (F2) that is claimed without a swap is caught', () => {
  const explorer = repeatsOf([
    'fold.ts',
    'if (!swapIf64(history + HISTORY_CONTROL, control, control + ONE_EVENT)) return false // F2, E3',
    'write64(history + HISTORY_CONTROL, control + ONE_EVENT)',
  ])
  const again = explorer.operation('log the same again')
  explorer.nested(again, again)
  expect(found(explorer)).not.toBe('')
})
