// Thousands of threads killed: the programs of test/stress, for as long as there is time, in Node, Deno and Bun.

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PROGRAM = 'test/stress/kill.program.mjs'

export const title = 'Threads being killed'
export const promise =
  'SPEC 2: a thread may be terminated at any instruction; what was acknowledged is there once, whole and in order, what is lost was a dead thread’s own, and its memory is all that goes with it'
/** Thousands of deaths. */
export const minutes = 12

const RUNTIMES = {
  Node: [process.execPath],
  Deno: ['node_modules/.bin/deno', 'run', '-A'],
  Bun: ['node_modules/.bin/bun'],
}
/** Each in a process of its own. A recorder has room for so many threads' names, and so many lists. */
const ROUNDS = [
  { scenario: 'keep', deaths: 250, records: 1500 },
  { scenario: 'evict', deaths: 300, records: 2000 },
  { scenario: 'keep', deaths: 250, records: 500 },
  // Strings that come again are kept for ever, too, and leave less room for the names.
  { scenario: 'evict', deaths: 100, records: 2000, hasTexts: true },
]
/** Of what a round counts, what can be added up. */
const SUMS = [
  'threads killed',
  'terminated at a random moment',
  'stopped inside of an operation',
  'terminated before they had joined',
  'wrote after terminate() had returned',
  'wrote on until they were told to stop',
  'verified',
  'events of all threads to the same two histories',
  'acknowledged by the dead',
  'whole, though not acknowledged',
  'lost',
  'histories left behind unpinned',
]
const LOSSES = ['slots lost', 'blocks lost', 'directories lost', 'bytes lost']
const SECONDS_LEAST = 2

export async function verify({ minutes, seed, say }) {
  const until = performance.now() + minutes * 60_000
  const names = Object.keys(RUNTIMES)
  const each = (minutes * 60) / (names.length * ROUNDS.length)
  const faults = []
  const sums = new Map(names.map((name) => [name, { rounds: 0, longest: 0, losses: {} }]))
  for (let n = 0; n === 0 || performance.now() < until; n++) {
    for (const [at, round] of ROUNDS.entries()) {
      for (const name of names) {
        // However short the time: both scenarios, in each runtime.
        if ((n > 0 || at > 1) && performance.now() > until) break
        const seconds = Math.max(SECONDS_LEAST, each * 0.7)
        const task = { ...round, seconds, seed: (seed + n * 7_368_787) % 2 ** 31 }
        const { answer, failure } = await run(RUNTIMES[name], task)
        const where = `${name}, ${JSON.stringify(task)}`
        if (failure) {
          faults.push(`${where}: ${failure}`)
          continue
        }
        for (const fault of answer.faults) faults.push(`${where}: ${fault}`)
        add(sums.get(name), round, answer.figures)
        say(`${name}, ${round.scenario}: ${answer.figures['threads killed']} killed`)
      }
    }
  }
  return { figures: names.flatMap((name) => figuresOf(name, sums.get(name))), faults }
}

function add(sum, { scenario, hasTexts }, figures) {
  sum.rounds++
  for (const what of SUMS) sum[what] = (sum[what] ?? 0) + (figures[what] ?? 0)
  sum.longest = Math.max(sum.longest, figures['longest such writing, ms'])
  if (scenario !== 'evict') return
  sum.losses[hasTexts === true] ??= { dead: 0 }
  const losses = sum.losses[hasTexts === true]
  losses.dead += figures['threads killed']
  for (const what of LOSSES) losses[what] = (losses[what] ?? 0) + figures[what]
}

function figuresOf(name, sum) {
  if (sum.rounds === 0) return []
  const rows = SUMS.map((what) => [`${name}: ${what}`, sum[what]])
  rows.push([`${name}: longest writing after terminate() had returned, ms`, sum.longest])
  for (const [hasTexts, losses] of Object.entries(sum.losses)) {
    const { dead } = losses
    const events = hasTexts === 'true' ? 'with texts' : 'of integers'
    const of = LOSSES.map((what) => `${losses[what]} ${what}`).join(', ')
    rows.push([
      `${name}: taken along by ${dead} dead that logged events ${events}`,
      `${of}: ${(losses['bytes lost'] / dead).toFixed(0)} bytes a death`,
    ])
  }
  return rows
}

/** -> { answer } or { failure }. */
function run([command, ...args], task) {
  return new Promise((resolve) => {
    const child = spawn(command, [...args, PROGRAM, JSON.stringify(task)], {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const deadline = setTimeout(() => child.kill('SIGKILL'), (task.seconds * 4 + 60) * 1000)
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (bytes) => {
      stdout += bytes
    })
    child.stderr.on('data', (bytes) => {
      stderr += bytes
    })
    child.once('error', (error) => resolve({ failure: error.message }))
    child.once('close', (code, signal) => {
      clearTimeout(deadline)
      if (code !== 0 || stderr !== '')
        resolve({ failure: `ended with ${signal ?? code}: ${stderr.slice(-2000)}` })
      else resolve({ answer: JSON.parse(stdout) })
    })
  })
}
