// log() is small enough for V8 to compile it, with all that the usual events need, into the loops that call it. One bytecode too
// many, and two integers cost half as much again, without any other sign of it.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { runtime } from '../support/platform.ts'

const LIBRARY = new URL('../../build/index.js', import.meta.url).href
const PROGRAM = `
import { Recorder } from ${JSON.stringify(LIBRARY)}
const recorder = new Recorder({ budget: '1MiB' })
const history = recorder.list('x').push(1)
const { SEND } = recorder.verbs({ SEND: 0 })
for (const rest of [[], [1], [1, 2], [1, 2, 3], ['a name']]) for (let n = 0; n < 3; n++) history.log(SEND, 'send', ...rest)
`
/** --max-inlined-bytecode-size-cumulative, and what V8 reserves beside a candidate with all that is compiled into it already. */
const BUDGET = 920 / 1.2
const WAYS = {
  'no argument': ['log', 'logNamed', 'logOne'],
  'one integer': ['log'],
  'a string seen before': ['log', 'logString', 'idOfKnown', 'quickIdOf', 'logOne'],
  'two integers': ['log', 'logNamed', 'logTwo'],
  'three integers': ['log', 'logNamed', 'logThree'],
}

/** Of each function, printed once. */
const printed = new Map<string, Promise<number>>()

function bytecodes(name: string): Promise<number> {
  const known = printed.get(name) ?? print(name)
  printed.set(name, known)
  return known
}

async function print(name: string): Promise<number> {
  const options = ['--print-bytecode', `--print-bytecode-filter=${name}`, '--input-type=module']
  const { stdout } = await promisify(execFile)(process.execPath, [...options, '-e', PROGRAM], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    maxBuffer: 2 ** 26,
  })
  const lengths = [...stdout.matchAll(/^Bytecode length: (\d+)/gm)].map(([, length]) =>
    Number(length),
  )
  // Of those that do nothing there may be several: that of UnrecordedHistory.
  return Math.max(...lengths)
}

describe.runIf(runtime === 'node' && process.versions.node.startsWith('20.'))(
  'V8 compiles into its caller',
  () => {
    for (const [what, functions] of Object.entries(WAYS)) {
      test(`a log of ${what}`, async () => {
        const sizes = await Promise.all(functions.map(bytecodes))
        expect(Math.min(...sizes)).toBeGreaterThan(0)
        expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(BUDGET)
      })
    }
  },
)
