// No garbage per log: what a call leaves on the heap, measured by V8 in a process of its own.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { runtime } from '../support/platform.ts'

const PROGRAM = fileURLToPath(new URL('../stress/garbage.program.mjs', import.meta.url))
const CALLS = 150_000
/** The smallest object of V8 is larger; compiled code and the like come to about one byte a call. */
const NOTHING_BYTES = 8

interface Row {
  readonly clock: string
  readonly name: string
  readonly bytes: number
}

/** Only V8 in Node tells what was allocated; the code is the same in Deno. */
describe.runIf(runtime === 'node')('the heap of Node', () => {
  test('grows by nothing for integers, for strings seen before and for references', {
    timeout: 240_000,
  }, async () => {
    const options = ['--expose-gc', PROGRAM, String(CALLS), 'coarse']
    const { stdout } = await promisify(execFile)(process.execPath, options)
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row)
    const bytesOf = (clock: string, name: string) =>
      rows.find((row) => row.clock === clock && row.name === name)?.bytes
    for (const name of [
      'log, no argument',
      'log, one integer',
      'log, two integers',
      'log, three integers',
      'log, a string seen before',
      'log, list switched off',
      'ref and unref',
    ])
      expect(bytesOf('coarse', name), name).toBeLessThan(NOTHING_BYTES)
    // The measure sees an object where there is one: a history is a few words.
    expect(bytesOf('coarse', 'push and unref')).toBeGreaterThan(NOTHING_BYTES)
    expect(bytesOf('coarse', 'push and unref')).toBeLessThan(128)
  })
})
