// docs/TUTORIAL.md, step by step, as a reader would type it.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { runtime } from '../support/platform.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const tutorial = readFileSync(join(root, 'docs/TUTORIAL.md'), 'utf8')
const blocks = [...tutorial.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(
  ([, head = '', text = '']) => ({ head, text }),
)
const programs = new Map(
  blocks
    .filter(({ head }) => head.startsWith('js '))
    .map(({ head, text }) => [head.slice(3), text]),
)
const program = (name: string): string => programs.get(name) ?? ''
const transcript = (first: string) => blocks.find(({ text }) => text.startsWith(first))?.text ?? ''
const runFile = 'Deno' in globalThis ? ['run', '-A'] : []
const DEADLINE_MS = 60_000

let folder = ''
beforeAll(() => {
  // Inside the package, so that 'struct-history' is the package itself, as built.
  mkdirSync(join(root, 'build'), { recursive: true })
  folder = mkdtempSync(join(root, 'build/.tutorial-test-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(file: string, ...words: string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...runFile, file, ...words], {
    cwd: folder,
    encoding: 'utf8',
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
    env: { ...process.env, NO_COLOR: '1' },
  })
  return { stdout, stderr, status }
}

function runProgram(name: string, text = program(name)) {
  writeFileSync(join(folder, name), text)
  return run(name)
}

const dumps = () => readdirSync(folder).filter((name) => name.endsWith('.shdump'))
/** Times, processes, addresses and handles are those of a run. */
const shape = (text: string) =>
  text
    .replace(/ #\d{5,}/g, ' #0')
    .replace(/t = \d+/g, 't = 0')
    .replace(/(pid|tid) = \d+/g, '$1 = 0')
    .replace(/log = 0x[0-9a-f]+/g, 'log = 0x0')
    .replace(/in \d+ lives \(\d+ events\)/, 'in 0 lives (0 events)')

// It says `node` at each step; what dumps in Deno and Bun is held by faults.test.ts.
describe.runIf(runtime === 'node')('docs/TUTORIAL.md', { timeout: DEADLINE_MS }, () => {
  test('1: the program fails, and leaves nothing', () => {
    const { status, stderr } = runProgram('pictures.mjs')
    expect(status).not.toBe(0)
    const [message = '', ...frames] = transcript('Error: picture 99').trimEnd().split('\n')
    expect(stderr).toContain(message)
    for (const frame of frames) expect(stderr).toContain(frame.trim().replace('/tmp', folder))
    expect(dumps()).toEqual([])
  })

  test('2: recorded, it fails as before and leaves a dump', () => {
    const { status, stderr } = runProgram('recorded.mjs')
    expect(status).not.toBe(0)
    expect(stderr).toContain('picture 99 is gone')
    const numberless = (text: string) => text.replace(/\d+/g, '0').trim()
    expect(numberless(stderr)).toContain(
      numberless(transcript('struct-history: error of a worker')),
    )
    expect(dumps()).toHaveLength(1)
  })

  test('3: check and history say what the page shows', () => {
    const [dump = ''] = dumps()
    const shdb = join(root, packageJson.bin.shdb)
    const [, ...finding] = transcript('$ npx shdb check').split('\n')
    expect(shape(run(shdb, 'check', dump).stdout)).toBe(shape(finding.join('\n')))
    const [, , ...life] = transcript('$ npx shdb struct-history').split('\n')
    const shown = run(shdb, '-nx', '-q', '-batch', '-ex', 'history 99', dump).stdout
    expect(shape(shown)).toBe(shape(life.join('\n')))
  })

  test('4: mended, it goes on to the end', () => {
    const broken = /^ {4}if \(picture % 100 === 99\) setTimeout.*\n/m
    expect(program('recorded.mjs')).toMatch(broken)
    const mended = program('recorded.mjs').replace(broken, program('mend'))
    // It has a worker that listens for ever: the test ends it after the last picture.
    const ended = mended.replace(
      'await wait(1)\n  }',
      'await wait(1)\n  }\n  setTimeout(() => process.exit(0), 500)',
    )
    expect(runProgram('mended.mjs', ended)).toMatchObject({ status: 0, stdout: '' })
    expect(dumps()).toHaveLength(1)
  })

  test('5: the rule holds', () => {
    expect(runProgram('rule.mjs')).toEqual({ stdout: 'as it should be\n', stderr: '', status: 0 })
  })
})
