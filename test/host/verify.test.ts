// scripts/verify.mjs tells a promise that holds from one that does not, and from a check that proves nothing.

import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runtime } from '../support/platform.ts'

const SCRIPT = fileURLToPath(new URL('../../scripts/verify.mjs', import.meta.url))

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'struct-history-verify-'))
  mkdirSync(join(folder, 'checks'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

function given(name: string, body: string, minutes = 2) {
  writeFileSync(
    join(folder, 'checks', `${name}.mjs`),
    `export const title = 'The ${name}'
export const promise = 'the promise of ${name}'
export const minutes = ${minutes}
export async function verify({ minutes, seed, say }) { ${body} }
`,
  )
}

interface Ending {
  readonly code: number
  readonly output: string
}

function verify(...options: string[]): Promise<Ending> {
  const where = ['--folder', join(folder, 'checks'), '--out', join(folder, 'out'), '--no-build']
  return new Promise((resolve) => {
    execFile('node', [SCRIPT, ...where, ...options], (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    )
  })
}

interface Row {
  readonly name: string
  readonly figures: [string, number | string][]
  readonly faults: string[]
}

const table = () =>
  JSON.parse(readFileSync(join(folder, 'out', 'verify.json'), 'utf8')) as {
    seed: number
    checks: Row[]
  }

// It starts its own processes of Node: where the tests run does not matter, so they run it once.
const isNode20 = runtime === 'node' && process.versions.node.startsWith('20.')

describe.runIf(isNode20)('npm run verify', () => {
  test('runs every check with its seed and its share of the time, and shows its figures', async () => {
    const body = `say('under way'); return { figures: [['seed', seed], ['minutes', minutes], ['who', process.version]], faults: [] }`
    given('first', body)
    given('second', body, 6)
    const { code, output } = await verify('--seed', '4711', '--minutes', '4')
    expect(code).toBe(0)
    expect(output).toContain('seed 4711')
    expect(output).toContain('under way')
    expect(output).toContain(
      '| The first (first) | the promise of first | seed: 4,711; minutes: 1;',
    )
    expect(output).toContain('seed: 4,711; minutes: 3;')
    expect(output).toMatch(/^2 hold, 0 failed$/m)
    expect(table()).toMatchObject({ seed: 4711, checks: [{ name: 'first' }, { name: 'second' }] })
    expect(readFileSync(join(folder, 'out', 'verify.md'), 'utf8')).toContain(
      '| The second (second)',
    )
  })

  test('fails for a fault, an exception, a death and an empty answer, and goes on after each', async () => {
    given('a-fault', `return { figures: [['events', 1]], faults: ['event 7 is torn'] }`)
    given('b-throws', `throw new Error('no memory')`)
    given('c-dies', `process.kill(process.pid, 'SIGKILL')`)
    given('d-says-nothing', `return { figures: [], faults: [] }`)
    given('e-counts-nothing', `return { figures: [['events', 0 / 0]], faults: [] }`)
    given('f-leaves', `process.exit(0)`)
    given('g-holds', `return { figures: [['events', 1]], faults: [] }`)
    const { code, output } = await verify('--minutes', '1')
    expect(code).toBe(1)
    expect(output).toMatch(/^1 hold, 6 failed$/m)
    expect(output).toContain('no memory')
    const faults = Object.fromEntries(table().checks.map(({ name, faults }) => [name, faults]))
    expect(faults).toEqual({
      'a-fault': ['event 7 is torn'],
      'b-throws': ['It died without an answer: exit code 1'],
      'c-dies': ['It died without an answer: SIGKILL'],
      'd-says-nothing': ['It showed no figures'],
      'e-counts-nothing': ['It died without an answer: exit code 1'],
      'f-leaves': ['It died without an answer: exit code 0'],
      'g-holds': [],
    })
  })

  test('kills a check that exceeds its time, with whatever it started', async () => {
    given(
      'hangs',
      `const { spawn } = await import('node:child_process')
       say('child ' + spawn('sleep', ['600']).pid)
       await new Promise(() => setInterval(() => {}, 1000))`,
    )
    const { code, output } = await verify('--minutes', '0.01', '--grace', '1')
    expect(code).toBe(1)
    expect(table().checks[0]?.faults).toEqual(['It had not ended after 3 s and was killed'])
    const child = Number(/child (\d+)/.exec(output)?.[1])
    expect(child).toBeGreaterThan(0)
    // Gone, or dead and not yet collected by the process that adopted it.
    const status = `/proc/${child}/status`
    if (existsSync(status)) expect(readFileSync(status, 'utf8')).toMatch(/^State:\s+[ZX]/m)
  })

  test('takes one check of many, lists them, and refuses what it does not know', async () => {
    given('first', `return { figures: [['n', 1]], faults: [] }`)
    given('second', `throw new Error('not this one')`)
    expect(await verify('--only', 'first')).toMatchObject({ code: 0 })
    const listed = await verify('--list')
    expect(listed.output).toContain('first           The first (2 minutes): the promise of first')
    expect(listed.output).toContain('second          The second (2 minutes): the promise of second')
    expect(await verify('--only', 'third')).toMatchObject({
      code: 2,
      output: 'Cannot verify: no check "third"; there are: first, second\n',
    })
    expect(await verify('--minutes', 'many')).toMatchObject({ code: 2 })
    expect(await verify('--seed', '-1')).toMatchObject({ code: 2 })
  })
})
