// What may go wrong on the way: a disk that fills, an export that is killed, an image damaged in its middle, memory that
// is short.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FORMATS } from '../../src/export/index.ts'
import { Recorder } from '../../src/index.ts'

const SHDB = join(import.meta.dirname, '../../build/cli/shdb.js')
const LIVES = 2_500
const EVENTS_OF_LIFE = 10
let folder: string
const place = (name: string): string => join(folder, name)

/** 25,000 events, some 2 MiB. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bad-ways-'))
  const recorder = new Recorder({ name: 'big', budget: '32MiB' })
  const { STEP } = recorder.verbs({ STEP: 0 })
  const list = recorder.list('jobs', { window: LIVES })
  for (let n = 0; n < LIVES; n++) {
    const history = list.push(n)
    for (let step = 0; step < EVENTS_OF_LIFE; step++) history.log(STEP, 'step %d of %d', step, n)
  }
  recorder.dumpSync(place('big'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const argvOf = (format: string, to: string, from: string) => [
  ...[SHDB, 'export', '--format', format, '-o', to, from],
]

const DEADLINE_MS = 120_000

test('a disk that fills leaves nothing, in any format, and says so', {
  timeout: DEADLINE_MS,
}, () => {
  const disk = place('disk')
  mkdirSync(disk)
  expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]).status).toBe(0)
  try {
    for (const { name } of FORMATS.filter(({ name }) => name !== 'csv')) {
      const { status, stderr } = spawnSync(
        process.execPath,
        argvOf(name, join(disk, 'out'), place('big')),
        { encoding: 'utf8' },
      )
      expect({ name, status }).toEqual({ name, status: 1 })
      expect(stderr).toMatch(/^shdb export: Cannot write .*\/out: ENOSPC/m)
      expect(readdirSync(disk)).toEqual([])
    }
  } finally {
    spawnSync('umount', [disk])
  }
})

/** False where it had ended before anybody looked. */
async function killedWhile(isSo: () => boolean, child: ChildProcess): Promise<boolean> {
  const exit = once(child, 'exit')
  while (!isSo() && child.exitCode === null) await new Promise((next) => setTimeout(next, 5))
  child.kill('SIGKILL')
  const [, signal] = await exit
  return signal === 'SIGKILL'
}

test('an export that is killed leaves no file under the final name', {
  timeout: DEADLINE_MS,
}, async () => {
  for (const name of ['jsonl', 'ctf']) {
    const out = place(`killed-${name}`)
    const isWriting = () => readdirSync(folder).some((file) => file.startsWith(`killed-${name}.`))
    while (
      !(await killedWhile(isWriting, spawn(process.execPath, argvOf(name, out, place('big')))))
    )
      rmSync(out, { recursive: true })
    // The name of a folder is taken beforehand, by an empty one.
    const isTaken = existsSync(out)
    expect(isTaken && (name !== 'ctf' || readdirSync(out).length > 0)).toBe(false)
    if (isTaken) rmSync(out, { recursive: true })
    // What it had begun is in nobody's way.
    const again = spawnSync(process.execPath, argvOf(name, out, place('big')))
    expect(again.status).toBe(0)
    expect(statSync(out).size).toBeGreaterThan(0)
  }
})

test('of an image that is damaged in its middle, all formats have the same rest', {
  timeout: DEADLINE_MS,
}, () => {
  const bytes = readFileSync(place('big'))
  for (const part of [0.3, 0.5, 0.7]) {
    const from = Math.floor(bytes.length * part)
    bytes.fill(0xa5, from, from + 100_000)
  }
  writeFileSync(place('damaged'), bytes)
  const lines = (format: string) => {
    const out = spawnSync(process.execPath, argvOf(format, place(`rest-${format}`), 'damaged'), {
      cwd: folder,
      encoding: 'utf8',
    })
    expect(out.status).toBe(0)
    expect(out.stderr).toMatch(/^warning: /)
    return format === 'jsonl'
      ? readFileSync(place(`rest-${format}`), 'utf8')
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line))
      : []
  }
  const rows = lines('jsonl')
  for (const { name } of FORMATS) if (name !== 'jsonl') lines(name)
  const whole = rows.filter(({ verb }) => verb === 'STEP')
  const lost = rows.reduce((sum, row) => sum + row.lost, 0)
  expect(whole.length).toBeGreaterThan((LIVES * EVENTS_OF_LIFE) / 2)
  expect(whole.length).toBeLessThan(LIVES * EVENTS_OF_LIFE)
  expect(lost).toBeGreaterThan(0)
  for (const { log, object } of whole)
    expect(log).toMatch(new RegExp(`^step \\d of ${Number(object)}$`))
})

test('what is held does not grow with the rows', () => {
  // 250,000 of them as objects would take some 120 MiB.
  const argv = [...argvOf('csv', place('of-ten'), place('big')), ...Array(9).fill(place('big'))]
  const { status, stderr } = spawnSync(process.execPath, ['--max-old-space-size=40', ...argv], {
    encoding: 'utf8',
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})
