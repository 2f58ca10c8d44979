import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import v8 from 'node:v8'
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
  const arming = `const hook = dumpOnFault(recorder, { directory: ${JSON.stringify(dumps)}, file: 'proxy', ${options} })`
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

  test.each([
    ['true', 'process.exit(0)', 0, 1],
    [`'nonzero'`, 'process.exitCode = 3', 3, 1],
    [`'nonzero'`, '', 0, 0],
    ['[7]', 'process.exit(7)', 7, 1],
    ['[7]', 'process.exit(8)', 8, 0],
  ])('with exitCodes: %s at %j', async (exitCodes, fault, code, dumps) => {
    const ended = await program(fault, { options: `exitCodes: ${exitCodes}` })
    expect(ended).toMatchObject({ code })
    expect(ended.dumps).toHaveLength(dumps)
    if (dumps > 0)
      expect(ended.stderr).toContain(`struct-history: exit with status ${code}: dumped`)
  })

  test('dumps once where one fault shows several times', async () => {
    const ended = await program(THROW, { options: `exitCodes: true, signals: ['SIGTERM']` })
    expect(ended.dumps).toHaveLength(1)
  })

  test('writes its reason into the image', async () => {
    const ended = await program(THROW)
    const image = openImage(readFileSync(ended.path(ended.dumps[0])))
    expect(image.find('uncaught Error')[0]?.events()).toMatchObject([{ verb: 'TRIGGER' }])
  })

  test('dumps at a trigger, at most once per interval, and still at the end', async () => {
    const ended = await program(
      // By a clock that stands still meanwhile: on a busy machine one dump may take longer than the interval. And one more than the
      // interval later, for a sum of such times may be a little less than its parts.
      `const begun = performance.now()
performance.now = () => begun
console.log([1, 2, 3].map((n) => typeof recorder.trigger('refs below zero')).join())
setTimeout(() => {
  performance.now = () => begun + 301
  console.log(typeof recorder.trigger('queue is full'))
  throw new Error('the fault')
})`,
      { options: 'interval: 300' },
    )
    expect(ended.stdout.trim().split('\n')).toEqual(['string,undefined,undefined', 'string'])
    expect(ended.dumps).toHaveLength(3)
    const reasons = ended.dumps
      .map((name) => openImage(readFileSync(ended.path(name))))
      .map((image) =>
        image
          .list('struct-history triggers')
          ?.histories()
          .map(({ object }) => object),
      )
    const [first, second] = ['refs below zero', 'queue is full']
    expect(reasons.sort((one, other) => (one?.length ?? 0) - (other?.length ?? 0))).toEqual([
      [first],
      [first, second],
      [first, second, 'uncaught Error'],
    ])
    expect(ended.stderr).toContain('struct-history: trigger: refs below zero: dumped')
  })

  test('dumps at a trigger of a worker that has joined', async () => {
    const worker = `
import { workerData } from 'node:worker_threads'
import { Recorder } from '${built('index.js')}'
import { dumpOnFault } from '${built('faults/index.js')}'
const recorder = Recorder.join(workerData.ticket, { thread: 'worker' })
dumpOnFault(recorder, { directory: workerData.dumps, file: 'proxy' })
recorder.trigger('queue is full')`
    const ended = await program(
      `const source = ${JSON.stringify(worker)}
writeFileSync(dumps + '.mjs', source)
new Worker(dumps + '.mjs', { workerData: { dumps, ticket: recorder.share() } })`,
    )
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.stderr).toContain('struct-history: trigger: queue is full: dumped')
    const image = openImage(readFileSync(ended.path(ended.dumps[0])))
    expect(image.find('queue is full')[0]?.events()).toMatchObject([{ thread: 'worker' }])
  })

  test('dumps at the error of a worker that the application handles', async () => {
    const source = `data:text/javascript,${encodeURIComponent('throw new TypeError("the fault")')}`
    const ended = await program(
      `const worker = new Worker(new URL(${JSON.stringify(source)}))
hook.watch(worker)
worker.on('error', () => console.log('handled'))`,
    )
    expect(ended).toMatchObject({ code: 0, stdout: 'handled\n' })
    expect(ended.dumps).toHaveLength(1)
    expect(ended.stderr).toContain('struct-history: error of a worker, TypeError: dumped')
  })

  test.skipIf('Bun' in globalThis)(
    'dumps while a heap fills, before its limit ends the process',
    async () => {
      const { heap_size_limit: limit } = v8.getHeapStatistics()
      const ended = await program(
        `const { getHeapStatistics } = process.getBuiltinModule('node:v8')
const kept = []
// Of a limit of some GiB a thousandth in each turn would take long: the heap is filled up to a tenth of it.
const fill = () => {
  kept.push(new Array(${Math.ceil(limit / 400 / 8)}).fill(0.5))
  if (hook.dumped || getHeapStatistics().used_heap_size > ${0.5 * limit}) process.exit()
  setTimeout(fill, 20)
}
fill()`,
        { options: 'heapLimit: 0.1, interval: 0' },
      )
      expect(ended.dumps).toHaveLength(1)
      expect(ended.stderr).toMatch(/struct-history: \d+ % of the heap limit in use: dumped/)
    },
  )

  test('writes no more dumps than its limit: the first stay', async () => {
    const ended = await program(
      `for (let n = 0; n < 4; n++) recorder.trigger('reason ' + n)
throw new Error('the fault')`,
      { options: 'interval: 0, limit: 2' },
    )
    expect(ended.code).toBe(1)
    expect(ended.dumps).toHaveLength(2)
    expect(ended.stderr).toMatch(
      /trigger: reason 2: no dump: there are 2 dumps named "proxy-…" in .* already \(limit\)/,
    )
    const lengths = ended.dumps.map(
      (name) =>
        openImage(readFileSync(ended.path(name)))
          .list('struct-history triggers')
          ?.histories().length,
    )
    expect(lengths.sort()).toEqual([1, 2])
  })

  test('leaves nothing behind on a full disk, nor what others left aside long ago', async () => {
    const dumps = join(folder, 'dumps')
    mkdirSync(dumps)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', dumps])
    try {
      mkdirSync(join(dumps, '.proxy-old'))
      utimesSync(join(dumps, '.proxy-old'), 1, 1)
      mkdirSync(join(dumps, '.proxy-new'))
      const ended = await program(THROW, { before: 'recorder.list("wide", { window: 60_000 })' })
      expect(ended.code).toBe(1)
      expect(ended.stderr).toMatch(
        /struct-history: uncaught Error: no dump: .*(ENOSPC|[Nn]o space)/,
      )
      expect(ended.dumps).toEqual(['.proxy-new'])
    } finally {
      execFileSync('umount', [dumps])
    }
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
      'Cannot dump on fault: unknown option "directroy", expected file, directory, signals, exitCodes, heapLimit, interval, limit, ship, pagehide',
    )
    expect(() => dumpOnFault(recorder, { exitCodes: 1 as never })).toThrow(
      "Cannot dump on fault: exitCodes must be true, 'nonzero' or an array of integers, got 1",
    )
    expect(() => dumpOnFault(recorder, { heapLimit: 90 })).toThrow(
      'Cannot dump on fault: heapLimit must be a number from 0.1 to 1, got 90',
    )
    const hook = dumpOnFault(recorder)
    expect(() => hook.watch({})).toThrow('Cannot watch for faults: expected a Worker')
    hook.remove()
  })
})
