// Dumps are files: private, never written over, and the same to every runtime that reads them.

import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
// @ts-expect-error Plain JavaScript, for the scripts; read as READERS says.
import { IMPORTERS } from '../../scripts/runtimes.mjs'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { runProgram } from './program.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PROGRAM = fileURLToPath(new URL('./dumps.program.mjs', import.meta.url))
const SHDB = fileURLToPath(new URL('../../build/cli/shdb.js', import.meta.url))

/** The script of the manual: every event of one life. */
const WALK = `set $sh = history(0x7f95acf6ea60)
set $i = 0
while $i < $sh->len
  p $sh->actions[$i]
  set $i = $i + 1
end
`

let folder = ''
/** The runtimes whose binaries stand in this tree: node 20 and 26, Deno, Bun. */
const READERS: Readonly<Record<string, readonly string[]>> = IMPORTERS

interface Read {
  readonly failed: boolean
  readonly stdout: string
  readonly stderr: string
}

function shdb(reader: readonly string[], options: readonly string[]): Promise<Read> {
  const [command, ...args] = reader as [string, ...string[]]
  return new Promise((resolve) => {
    const limits = { cwd: ROOT, timeout: 50_000, env: { ...process.env, NO_COLOR: '1' } }
    execFile(command, [...args, SHDB, ...options], limits, (error, stdout, stderr) =>
      resolve({ failed: error !== null, stdout, stderr }),
    )
  })
}

const path = (name: string) => join(folder, name)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'struct-history-dumps-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

function given() {
  const recorder = new Recorder({ name: 'proxy', budget: '1MiB' })
  const { SEND } = recorder.verbs({ SEND: 0 })
  const history = recorder.list('TCP con').push(0x10)
  history.log(SEND, 'recorded %d', 1)
  return { recorder, history }
}

describe.each([
  ['dumpSync()', async (recorder: Recorder, file: string) => recorder.dumpSync(file)],
  ['dump()', (recorder: Recorder, file: string) => recorder.dump(file)],
])('recorder.%s', (_, dump) => {
  test('writes an image that only its owner may read, and answers its path', async () => {
    const { recorder, history } = given()
    const file = path('conns.shdump')
    expect(await dump(recorder, file)).toBe(file)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const image = openImage(readFileSync(file))
    expect(image.name).toBe('proxy')
    expect(image.history(history.handle)?.events()).toEqual(history.events())
    expect(image.problems()).toEqual([])
  })

  test('never writes over another file', async () => {
    const { recorder } = given()
    const file = path('conns.shdump')
    writeFileSync(file, 'evidence')
    await expect(async () => dump(recorder, file)).rejects.toThrow(
      `Cannot dump recorder "proxy" to "${file}": the file exists, and a dump never overwrites another`,
    )
    expect(readFileSync(file, 'utf8')).toBe('evidence')
  })

  test('names the path that cannot be written', async () => {
    const { recorder } = given()
    const file = path('no/such/folder/conns.shdump')
    await expect(async () => dump(recorder, file)).rejects.toThrow(/ENOENT|No such file/)
    expect(existsSync(file)).toBe(false)
  })

  test.each([[undefined], [''], [7]])('refuses %j for a path', async (wrong) => {
    const { recorder } = given()
    await expect(async () => dump(recorder, wrong as never)).rejects.toThrow(
      `Cannot dump recorder "proxy": expected a file's path, got`,
    )
  })
})

describe('a dump of this runtime', () => {
  test('reads the same in shdb of every runtime', { timeout: 60_000 }, async () => {
    const dump = path('conns.shdump')
    expect(await runProgram(PROGRAM, [dump])).toMatchObject({ code: 0, stderr: '' })
    const walk = path('walk.gdb')
    writeFileSync(walk, WALK)
    const options = ['-batch', '-nx', '-ex', 'info lists', '-x', walk, dump]
    const answers: [string, Read][] = []
    for (const [name, reader] of Object.entries(READERS))
      answers.push([name, await shdb(reader, options)])
    const [[, first]] = answers as [[string, Read]]
    for (const [name, answer] of answers) expect([name, answer]).toEqual([name, first])

    expect(first).toMatchObject({ failed: false, stderr: '' })
    const lines = first.stdout.trimEnd().split('\n')
    expect(lines[1]).toMatch(/^ +0 +TCP con +10 +10 +16 +6 /)
    expect(lines[2]).toMatch(
      /^\$1 = \{verb = TCP_REF, t = \d+, pid = \d+, tid = 0, log = 0x[0-9a-f]+ "connect, \(1\)"\}$/,
    )
    expect(first.stdout).toMatch(
      /verb = TCP_SEND2CHILD, .*"to wörker ☎ 59: \{"n":59\}, 19\.67"|to w/,
    )
    expect(first.stdout).toMatch(/verb = TCP_UNREF, .* "send 6, \(1\)"\}/)
    expect(lines.at(-1)).toMatch(/verb = TCP_REF, .* "late"/)
  })
})
