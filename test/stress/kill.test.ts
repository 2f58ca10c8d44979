// Threads are killed at random moments, and inside of operations, while others log. The program does it, in a process of
// its own and in the runtime that runs this; `npm run verify` has it kill thousands.

import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runProgram } from '../host/program.ts'

const PROGRAM = fileURLToPath(new URL('./kill.program.mjs', import.meta.url))
/** Some random choices repeat with the seed; when the threads run does not. */
const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))

/** All threads have died long before, but where the machine has much else to do. */
const SECONDS_MOST = 100
const DEADLINE_MS = 160_000

interface Answer {
  readonly faults: readonly string[]
  readonly figures: Readonly<Record<string, number>>
}

async function killed(task: object): Promise<Answer['figures']> {
  const words = JSON.stringify({ seed: SEED, seconds: SECONDS_MOST, ...task })
  const { code, stdout, stderr } = await runProgram(PROGRAM, [words], DEADLINE_MS)
  const ending = { seed: SEED, code, stderr }
  expect(ending).toEqual({ seed: SEED, code: 0, stderr: '' })
  const { faults, figures } = JSON.parse(stdout) as Answer
  expect({ seed: SEED, faults, figures }).toEqual({ seed: SEED, faults: [], figures })
  return figures
}

test('of threads that are killed, all they had acknowledged is there: once, whole, in order; nothing of the others is lost', {
  timeout: DEADLINE_MS,
}, async () => {
  const figures = await killed({ scenario: 'keep', deaths: 50, records: 800 })
  expect(figures).toMatchObject({ 'threads killed': 50, fallen: 0, dropped: 0 })
  expect(figures.verified).toBeGreaterThan(1000)
  expect(figures['acknowledged by the dead']).toBeGreaterThan(100)
})

test('threads that are killed under eviction leave every retained history whole, and take little more than their own with them', {
  timeout: DEADLINE_MS,
}, async () => {
  const figures = await killed({ scenario: 'evict', deaths: 30, records: 1500 })
  expect(figures['threads killed']).toBe(30)
  expect(figures.verified).toBeGreaterThan(1000)
})
