// A check that never fails proves nothing: cores with one step left out or out of place, each of which must be caught.

import { expect, test } from 'vitest'
import { Explorer, everything } from './explore.ts'
import { givenRoom } from './given.ts'
import { type Change, variantOf } from './variant.ts'

function explorerOf(...changes: Change[]): Explorer {
  return new Explorer(givenRoom(variantOf(changes)))
}

const found = (explorer: Explorer) => [...explorer.explored.found.values()].join('\n')

test('an event committed (E4) before its payload is written is caught', () => {
  const writes = /( {2}write64\(at \+ EVENT_TIME, when\)\n.*\n.*\n)( {2}commit\(at, .*\n)/
  const explorer = explorerOf(['event.ts', writes, '$2$1'])
  explorer.nested(explorer.operation('log'), explorer.operation('log'))
  expect(found(explorer)).toMatch(/^log paused at \d+, log whole: .*EVENT_CHECK/)
})

test('a block that goes back to the pool before its events are committed (R) is caught', () => {
  const explorer = explorerOf(['blocks.ts', '!allCommitted(block, claimed)', 'false'])
  const reuse = explorer.operation('push three, log twice in each')
  explorer.nested(explorer.operation('log in the newest'), reuse)
  expect(found(explorer)).not.toBe('')
})

test.runIf(everything)(
  'a late writer that does not return its abandoned block (E5) is caught',
  () => {
    const explorer = explorerOf(['event.ts', '(<u32>state & BLOCK_ABANDONED)', '(0)'])
    explorer.nested(
      explorer.operation('log in the oldest'),
      explorer.operation('push out of the window'),
    )
    expect(found(explorer)).not.toBe('')
  },
)

test.runIf(everything)(
  'a release that does not look again after it abandoned a block (R2) is caught',
  () => {
    const explorer = explorerOf(['blocks.ts', 'returnIfCommitted(block, abandoned) // R2', ''])
    explorer.nested(
      explorer.operation('push out of the window'),
      explorer.operation('log in the oldest'),
    )
    explorer.crossed(
      explorer.operation('log in the oldest'),
      explorer.operation('push out of the window'),
    )
    expect(found(explorer)).not.toBe('')
  },
)

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
  const explorer = explorerOf([
    'event.ts',
    'if (!swapIf64(history + HISTORY_CONTROL, control, wanted)) continue // E3',
    'write64(history + HISTORY_CONTROL, wanted)',
  ])
  explorer.nested(explorer.operation('log'), explorer.operation('log'))
  expect(found(explorer)).not.toBe('')
})
