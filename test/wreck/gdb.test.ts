// docs/gdb/struct-history.py in the real gdb, on a core and on a live process: it shows what shdb shows.

import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { coreOf, Folder, RUNTIMES, shdb, started } from './programs.ts'

const RICH = resolve('test/wreck/rich.mjs')
const OBJECTS = ['"call b9a7-uuid"', '0x7', '0x103b', '-5']
const folder = new Folder()
let core = ''
beforeAll(async () => {
  core = await coreOf(folder, [...RUNTIMES.node20, RICH, 'abort'])
}, 60_000)
afterAll(() => folder.remove())

function gdb(
  subject: readonly string[],
  commands: readonly string[],
): { out: string; err: string } {
  const words = ['-q', '-batch', '-nx', '-x', 'docs/gdb/struct-history.py']
  const { stdout, stderr, error } = spawnSync(
    'gdb',
    [...subject, ...words, ...commands.flatMap((each) => ['-ex', each])],
    { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8', DEBUGINFOD_URLS: '' } },
  )
  if (error !== undefined) throw new Error(`gdb: ${error.message} (Debian: apt-get install gdb)`)
  return { out: stdout, err: stderr }
}

/** The records alone, and what is lost between them. */
const records = (out: string): readonly string[] =>
  out
    .split('\n')
    .map((line) => line.replace(/^(\$\d+ = |#\d+ {2})\{/, '{'))
    .filter((line) => /^\{|^- \d+ events? lost \(#/.test(line))

function expectSame(subject: readonly string[], image: readonly string[]): void {
  const ours = OBJECTS.flatMap((object) => ['-ex', `history -- ${object}`])
  const settings = ['-ex', 'set print elements 0', '-ex', 'set print repeats 0']
  const shown = records(shdb([...settings, ...ours, ...image]).out).map(unescaped)
  expect(shown.length).toBe(2594)
  const theirs = OBJECTS.map((object) => `struct-history history ${object}`)
  expect(records(gdb(subject, theirs).out).map(unescaped)).toEqual(shown)
}

/** gdb prints bytes beyond ASCII as octal numbers; quotes are escaped by both. */
function unescaped(line: string): string {
  const bytes = line.replace(/(?:\\[0-7]{3})+/g, (run) =>
    Buffer.from((run.match(/[0-7]{3}/g) ?? []).map((each) => Number.parseInt(each, 8))).toString(),
  )
  return bytes.replace('events lost', 'event lost')
}

describe('the gdb extension', () => {
  test('shows of a core what shdb shows', () => {
    expectSame(['-c', core], [core])
  }, 60_000)

  test('lists, saves a dump that shdb opens, and never writes over a file', () => {
    const file = folder.file('saved.shdump')
    const { out } = gdb(['-c', core], ['struct-history lists', `struct-history save ${file}`])
    expect(out).toMatch(/^recorder "rich", pid \d+, \d+ KiB at 0x[0-9a-f]+$/m)
    expect(out).toMatch(/^ +0 {2}things +50 histories, window 50, 60 pushed$/m)
    expect(shdb(['-ex', 'info lists', file]).out).toMatch(/ things +50 +50 +60 /)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const before = readFileSync(file)
    expect(gdb(['-c', core], [`struct-history save ${file}`]).err).toMatch(/File exists/)
    expect(readFileSync(file).equals(before)).toBe(true)
  }, 60_000)

  test('shows of a live process what shdb shows', async () => {
    const program = await started([...RUNTIMES.node26, RICH, 'wait'])
    try {
      expectSame(['-p', `${program.pid}`], ['-p', `${program.pid}`])
    } finally {
      await program.end()
    }
  }, 60_000)

  test('says what is missing', () => {
    expect(gdb(['-c', core], ['struct-history history 0x99']).err).toMatch(
      /No history of object 0x99\.$/m,
    )
    expect(gdb(['-c', core], ['struct-history history']).err).toMatch(
      /Argument required \(an object\)\.$/m,
    )
    expect(gdb([], ['struct-history lists']).err).toMatch(
      /No recorder of struct-history in this core/,
    )
  }, 60_000)
})
