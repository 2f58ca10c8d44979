// Ten million calls of each kind, in eight rounds, and what they leave on the JavaScript heap.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const title = 'Garbage'
export const promise =
  'No garbage per log: nothing for integers, strings seen before and references'

const PROGRAM = fileURLToPath(new URL('../stress/garbage.program.mjs', import.meta.url))
const CALLS_MAX = 1_250_000
const CALLS_PER_MINUTE = 750_000
/** Half of V8's smallest object. */
const NOTHING_BYTES = 6
const MUST_BE_NOTHING = /^(log, (no argument|one|two|three|a string seen|list)|ref)/

export async function verify({ minutes, say }) {
  const calls = Math.ceil(Math.min(CALLS_MAX, Math.max(500_000, minutes * CALLS_PER_MINUTE)))
  say(`${calls} calls of each kind, eight times`)
  const options = ['--expose-gc', PROGRAM, String(calls)]
  const { stdout } = await promisify(execFile)('node', options)
  const figures = [['calls of each kind, in a round', calls]]
  const faults = []
  for (const line of stdout.trim().split('\n')) {
    const { clock, name, bytes, collections } = JSON.parse(line)
    const what = `${clock}: ${name}`
    figures.push([what, `${bytes.toFixed(2)} bytes, ${collections} collections`])
    if (clock === 'coarse' && MUST_BE_NOTHING.test(name) && !(bytes < NOTHING_BYTES))
      faults.push(`${what} leaves ${bytes.toFixed(2)} bytes per call`)
  }
  return { figures, faults }
}
