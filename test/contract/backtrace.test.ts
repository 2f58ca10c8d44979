// A list with `backtrace`: the stack begins with whoever called log(), in every engine, whichever way the event takes.

import { expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'

const recorder = new Recorder({ name: 'backtrace' })
const { SEEN } = recorder.verbs({ SEEN: 0 })
const history = recorder.list('jobs', { backtrace: true }).push(1)

/** So many arguments, by a function of this name. */
const WAYS: [string, unknown[]][] = [
  ['none', []],
  ['an integer', [1]],
  ['two integers', [1, 2]],
  ['a text', ['some text']],
  ['six of several kinds', [1, 'a', 2.5, null, true, {}]],
  ['nine of several kinds', [1, 'a', 2.5, null, true, {}, 7, 'h', 9]],
]

test.each(WAYS)('of an event with %s', (_, given) => {
  function whoLogs() {
    // Not as its last act: JSC would take its frame away.
    return history.log(SEEN, 'with', ...given) === true
  }
  expect(whoLogs()).toBe(true)
  const [first = ''] = history.events().at(-1)?.backtrace?.split('\n') ?? []
  expect(first).toContain('whoLogs')
})
