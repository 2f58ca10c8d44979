import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dumpOnFault } from '../../src/faults/index.ts'
import { openImage } from '../../src/inspect.ts'
import { runProgram } from './program.ts'

const built = (file: string) => new URL(`../../build/${file}`, import.meta.url).href

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faults-test-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A program that records one event and then does what is given; its dumps go to `folder`/dumps. */
async function program(fault: string, { hook = true, before = '', options = '' } = {}) {
  const file = join(folder, 'program.mjs')
  const dumps = join(folder, 'dumps')
  const arming = `dumpOnFault(recorder, { directory: ${JSON.stringify(dumps)}, file: 'proxy', ${options} })`
  writeFileSync(
    file,
    `import { writeFileSync, mkdirSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { Recorder } from '${built('index.js')}'
import { dumpOnFault } from '${built('faults/index.js')}'
const dumps = ${JSON.stringify(dumps)}
const recorder = new Recorder({ name: 'proxy', budget: '1MiB' })
const { SEEN } = recorder.verbs({ SEEN: 0 })
recorder.list('jobs').push(0x10).log(SEEN, 'before the fault')
${before}
${hook ? arming : ''}
${fault}`,
  )
  const ended = await runProgram(file)
  return { ...ended, dumps: filesIn(dumps), path: (name: string) => join(dumps, name) }
}

function filesIn(directory: string) {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

const THROW = `setTimeout(() => { throw new Error('the fault') }, 10)`
const REJECT = `setTimeout(() => { Promise.reject(new Error('the fault')) }, 10)`
// Deno lets the process outlive a worker that failed, unless somebody listens.
const WORKER = `const source = 'throw new Error("the fault")'
const worker = new Worker(new URL('data:text/javascript,' + encodeURIComponent(source)))
if ('Deno' in globalThis) worker.on('error', (error) => setTimeout(() => { throw error }))`

describe('dumpOnFault()', () => {
  test.each([
    ['an uncaught error', THROW],
    ['an unhandled rejection', REJECT],
    ['the error of a worker', WORKER],
  ])('dumps once at %s and leaves the ending as it was', async (_, fault) => {
    const without = await program(fault, { hook: false })
    const ended = await program(fault)
    expect(without.code).toBe(1)
    expect(ended.code).toBe(without.code)
    expect(ended.stderr).toContain('the fault')

    expect(ended.dumps).toHaveLength(1)
    const [name] = ended.dumps
    expect(name).toMatch(/^proxy-\d{8}T\d{6}\.\d{3}Z-\d+\.shdump$/)
    expect(ended.stderr).toContain(`to ${ended.path(name)}; npx shdb ${ended.path(name)}`)
    expect(statSync(ended.path(name)).mode & 0o777).toBe(0o600)
    const [life] = openImage(readFileSync(ended.path(name))).find(0x10)
    expect(life.events()[0].log).toBe('before the fault')
  })

  test('dumps at a chosen signal, of which the process then dies', async () => {
    const ended = await program(
      `process.kill(process.pid, 'SIGTERM')
setTimeout(() => {}, 5000)`,
      { options: `signals: ['SIGTERM']` },
    )
    expect(ended.signal ?? ended.code).toBe('SIGTERM')
    expect(ended.dumps).toHaveLength(1)
  })

  test("leaves a signal to the application's own listener", async () => {
    const ended = await program(
      `process.on('SIGTERM', () => setTimeout(() => process.exit(7), 50))
process.kill(process.pid, 'SIGTERM')
setTimeout(() => {}, 5000)`,
      { options: `signals: ['SIGTERM']` },
    )
    expect(ended.code).toBe(7)
    expect(ended.dumps).toHaveLength(1)
  })

  test('never writes over an earlier dump', async () => {
    const ended = await program(THROW, {
      before: `Date.prototype.toISOString = () => '2026-01-31T23:59:59.123Z'
mkdirSync(dumps)
writeFileSync(dumps + '/proxy-20260131T235959.123Z-' + process.pid + '.shdump', 'earlier')`,
    })
    const [second, first] = ended.dumps.sort()
    expect(readFileSync(ended.path(first), 'utf8')).toBe('earlier')
    expect(second).toBe(first.replace('.shdump', '-2.shdump'))
    expect(openImage(readFileSync(ended.path(second))).name).toBe('proxy')
  })

  test('does not mask the fault when no dump can be written', async () => {
    const ended = await program(THROW, { before: `writeFileSync(dumps, 'a file, no folder')` })
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain('the fault')
    expect(ended.stderr).toMatch(/struct-history: uncaught Error: no dump: .*(EEXIST|ENOTDIR)/)
  })

  test('does nothing when nothing fails', async () => {
    const ended = await program(`setTimeout(() => {}, 10)`)
    expect(ended).toMatchObject({ code: 0, stderr: '', dumps: [] })
  })

  test('names what is wrong with its options', () => {
    const recorder = { dumpSync() {} }
    expect(() => dumpOnFault(recorder, { signals: ['TERM'] })).toThrow(
      'Cannot dump on fault: signals must be an array of names as "SIGTERM", got ["TERM"]',
    )
    expect(() => dumpOnFault(recorder, { file: 'dumps/' })).toThrow(
      'Cannot dump on fault: file must name a file, got "dumps/"',
    )
    const misspelt = { directroy: '/tmp' } as object
    expect(() => dumpOnFault(recorder, misspelt)).toThrow(
      'Cannot dump on fault: unknown option "directroy", expected file, directory, signals',
    )
  })
})
