// The README holds what it shows: its programs run, its commands exist, its session is what shdb prints, its sizes are true.

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { scratchFolder } from '../support/scratch.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const inRoot = (path: string) => join(root, path)
const readme = readFileSync(inRoot('README.md'), 'utf8')
const blocks = [...readme.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(
  ([, language = '', text = '']) => ({ language, text }),
)
const programs = blocks.filter(({ language }) => language === 'js' || language === 'ts')
const [tenLines, faults, threads] = programs.map(({ text }) => text)
const runFile = 'Deno' in globalThis ? ['run', '-A'] : []
const DEADLINE_MS = 30_000

let folder = ''
beforeAll(() => {
  folder = scratchFolder('readme')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(file: string, ...options: string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...runFile, file, ...options], {
    cwd: folder,
    encoding: 'utf8',
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
    env: { ...process.env, NO_COLOR: '1' },
  })
  return { stdout, stderr, status }
}

function runProgram(name: string, text = '') {
  writeFileSync(join(folder, name), text)
  return run(name)
}

/** Numbers and column widths depend on the run: times, process, addresses' owners. */
const shape = (text: string) => text.replace(/\b\d+\b/g, '0').replace(/ +/g, ' ')

describe('the programs of the README', () => {
  test('are three, and the first has ten lines', () => {
    expect(programs).toHaveLength(3)
    expect(tenLines?.split('\n').filter((line) => line !== '')).toHaveLength(10)
  })

  test('the ten lines dump, and shdb shows of that dump what the README shows', () => {
    expect(runProgram('ten-lines.mjs', tenLines)).toEqual({
      stdout: 'conns.shdump\n',
      stderr: '',
      status: 0,
    })
    const session = blocks.find(({ text }) => text.startsWith('(shdb) '))?.text ?? ''
    const commands = [...session.matchAll(/^\(shdb\) (.*)$/gm)].map(([, command = '']) => command)
    expect(commands).toHaveLength(5)
    const typed = commands.flatMap((each) => ['-ex', `echo (shdb) ${each}\\n`, '-ex', each])
    const shdb = run(inRoot(packageJson.bin.shdb), '-nx', '-batch', ...typed, 'conns.shdump')
    expect(shdb.stderr).toBe('')
    expect(shape(shdb.stdout)).toBe(shape(session))
    expect(shdb.status).toBe(0)
  })

  test('a second run does not overwrite the dump', () => {
    const { status, stderr } = run('ten-lines.mjs')
    expect(status).toBe(1)
    expect(stderr).toContain('a dump never overwrites another')
  })

  test('the fault hook lets a program end that does not fail', () => {
    expect(runProgram('faults.mjs', faults)).toEqual({ stdout: '', stderr: '', status: 0 })
  })

  test('two threads log to one history', () => {
    const { stdout, stderr, status } = runProgram('threads.mjs', threads)
    expect(stderr).toBe('')
    expect(status).toBe(0)
    const printed = /It prints `(.*)`/.exec(readme)?.[1]
    expect(stdout.trim().replaceAll('"', "'")).toBe(printed)
  })
})

describe('what the README names is there', () => {
  test('commands', () => {
    const { scripts, bin } = packageJson
    const named = [...readme.matchAll(/\bnpm (?:run (\w+)|(test)\b)/g)].map(([, a, b]) => a ?? b)
    expect(named).toEqual(expect.arrayContaining(['demo', 'test']))
    for (const name of named) expect(Object.keys(scripts)).toContain(name)
    for (const [, name] of readme.matchAll(/\bnpx (\w+)/g)) expect(Object.keys(bin)).toContain(name)
  })

  test('files', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = '']) => path)
    expect(links).toContain('docs/FORMAT.md')
    for (const path of links) expect([path, existsSync(inRoot(path))]).toEqual([path, true])
  })

  test('the size of the Wasm', () => {
    const [, bytes = '', zipped = ''] = /([\d,]+) bytes of\s+Wasm \(([\d.]+) kB/.exec(readme) ?? []
    const core = readFileSync(inRoot('build/core.wasm'))
    expect(Number(bytes.replace(',', ''))).toBe(core.length)
    // The runtimes' gzips differ by a few bytes.
    expect(Math.abs(Number(zipped) - gzipSync(core).length / 1000)).toBeLessThan(0.15)
  })
})
