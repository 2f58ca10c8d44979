// Programs in AssemblyScript with statements of the library: compiled out, the Wasm is that of the program written without;
// compiled in, they and TypeScript record into one recorder, in any thread.

import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import asc from 'assemblyscript/asc'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type History, Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { corpus } from './corpus.ts'

const execute = promisify(execFile)
const TRANSFORM = ['--transform', 'struct-history/plugin/asc']
const programs = corpus(new URL('./asc-corpus/', import.meta.url))
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plugin-asc-'))
  for (const { name, withStatements, without } of programs) {
    for (const [file, text] of withStatements) write(join('with', name, file), text)
    for (const [file, text] of without) write(join('without', name, file), text)
  }
  for (const which of ['with', 'without']) {
    mkdirSync(join(folder, which, 'node_modules'), { recursive: true })
    symlinkSync(resolve('.'), join(folder, which, 'node_modules/struct-history'))
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

function write(file: string, text: string): void {
  const path = join(folder, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** The module that asc makes of a program, and what it says. In this process: loading asc takes longer than it does. */
async function compiled(which: 'with' | 'without', entry: string, ...words: readonly string[]) {
  const baseDir = join(folder, which)
  const out = `${entry.replace(/\W/g, '-')}.wasm`
  const { error, stderr } = await asc.main([entry, '--baseDir', baseDir, '-o', out, ...words])
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`)
  return { bytes: readFileSync(join(baseDir, out)), stderr: stderr.toString() }
}

const MODES: Record<string, readonly string[]> = {
  release: ['-O3'],
  'small, without a runtime': ['-Oz', '--runtime', 'stub', '--noAssert'],
  debug: ['--debug'],
}

describe('compiled out, the Wasm is that of the program written without', () => {
  for (const { name, title } of programs) {
    for (const [mode, words] of Object.entries(MODES)) {
      test(`${name}, ${mode}: ${title}`, { timeout: 60_000 }, async () => {
        const entry = `${name}/index.ts`
        const made = await compiled('with', entry, ...words, ...TRANSFORM)
        const wanted = await compiled('without', entry, ...words)
        expect(made.stderr).toBe('')
        expect(made.bytes.equals(wanted.bytes)).toBe(true)
        expect(wanted.bytes.length).toBeGreaterThan(100)
      })
    }
  }

  test('without the transform it is that but for the strings: no import, no code', {
    timeout: 60_000,
  }, async () => {
    const { bytes } = await compiled('with', 'jobs/index.ts', '-O3')
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes))
    expect(imports.filter(({ module }) => module === 'struct-history')).toEqual([])
  })
})

test('the example: one history, two languages, two threads, and nothing without the switch', {
  timeout: 120_000,
}, async () => {
  const run = async (name: string, on: string) => {
    const own = join(folder, 'example', name)
    mkdirSync(own, { recursive: true })
    writeFileSync(join(own, 'package.json'), '{ "type": "module" }')
    const env = { ...process.env, STRUCT_HIST: on, NODE_NO_WARNINGS: '1' }
    await execute(process.execPath, ['examples/assemblyscript/build.mjs', own], { env })
    const dump = join(own, 'frames.shdump')
    const { stdout } = await execute(process.execPath, [join(own, 'main.js'), dump])
    return { own, stdout, dump }
  }
  const readme = readFileSync('examples/assemblyscript/README.md', 'utf8')
  const off = await run('off', '')
  const on = await run('on', '1')
  expect(readme).toContain(`\n${off.stdout}`)
  expect(on.stdout).toBe(off.stdout)
  expect(existsSync(off.dump)).toBe(false)
  for (const file of ['main.js', 'worker.js', 'frames.wasm'])
    expect(readFileSync(join(off.own, file), 'latin1')).not.toMatch(/struct-history|FRAME_/)
  expect(readme).toContain(`\`frames.wasm\` (${statSync(join(off.own, 'frames.wasm')).size} bytes)`)
  const words = ['-batch', '-nx', '-q', '-ex', 'history -v 2', on.dump]
  const { stdout } = await execute(process.execPath, ['build/cli/shdb.js', ...words])
  const still = (text: string) =>
    text.replace(/(t|pid) = \d+/g, '$1 = N').replace(/0x[\da-f]{4,}/g, '0xN')
  expect(still(readme)).toContain(still(stdout))
})

const RECORDING = `import { END, List, recorder, Verb } from 'struct-history/assembly'

const frames = recorder.list('frame', 1000)
const READ = recorder.verb('READ', +1)
const NOTE = recorder.verb('NOTE', 0)
const GONE = recorder.verb('GONE', END)

export function push(id: i32): f64 {
  return frames.push(id).handle
}
export function read(handle: f64, n: i32): bool {
  return frames.at(handle).log(READ, 'wasm read %d', n)
}
export function gone(handle: f64): bool {
  return frames.at(handle).log(GONE)
}
export function counts(handle: f64): i32 {
  const life = frames.at(handle)
  let n = 0
  if (life.ref()) n++
  if (life.unref()) n++
  if (life.unref()) n++
  if (life.unref()) n++
  return n
}
export function arguments(): f64 {
  const life = frames.push('grüß € 😀 \uD800.')
  life.log(NOTE)
  life.log(NOTE, 'no arguments')
  life.log(NOTE, '%d %u %c', -7, <u8>200, <i16>65)
  life.log(NOTE, '%d %d', true, <u32>0xffffffff)
  life.log(NOTE, '%d %d %u', i64.MIN_VALUE, 1 << 31, u64.MAX_VALUE)
  life.log(NOTE, '%f %g', 0.5, <f32>-1.5)
  life.log(NOTE, '%s|%s|%d', 'grüß € 😀', '', 1)
  life.log(NOTE, '%s', 'x'.repeat(500))
  life.log(NOTE, '%s %s', 'ü'.repeat(200), 'cut away')
  life.log(NOTE, '%s', changetype<string>(<usize>0))
  life.log(NOTE, 'made ' + 'here %d', 1)
  return life.handle
}
export function objects(): void {
  frames.push(0)
  frames.push(-5)
  frames.push(<u64>1 << 60)
  frames.push(u64.MAX_VALUE)
  frames.push(2.0)
  frames.push(-0.5)
  frames.push('s'.repeat(36))
  frames.push('t'.repeat(37))
  frames.push('u'.repeat(900))
}
export function turn(on: bool): bool {
  frames.enabled = on
  return frames.enabled
}
export function share(n: i32): i32 {
  const some = recorder.list('some')
  let taken = 0
  for (let i = 0; i < n; i++) if (some.push(i).handle > 0) taken++
  return taken
}
`

interface Recording {
  push(id: number): number
  read(handle: number, n: number): number
  gone(handle: number): number
  counts(handle: number): number
  arguments(): number
  objects(): void
  turn(on: number): number
  share(n: number): number
}

describe('compiled in, one recorder for both languages', () => {
  let module: WebAssembly.Module
  beforeAll(async () => {
    write('with/recording.ts', RECORDING)
    const { bytes } = await compiled('with', 'recording.ts', '-O3', '--use', 'STRUCT_HIST=1')
    module = new WebAssembly.Module(bytes)
  }, 60_000)

  function joined(recorder: Recorder): Recording {
    const env = {
      abort() {
        throw new Error('abort')
      },
    }
    const { exports } = new WebAssembly.Instance(module, { env, ...recorder.imports() })
    return exports as unknown as Recording
  }
  const textsOf = (recorder: Recorder, handle: number) =>
    openImage(recorder.snapshot())
      .history(handle)
      ?.events()
      .map(({ verb, log }) => `${verb} ${log}`)

  test('events of both stand in the order in which they were logged', () => {
    const recorder = new Recorder({ budget: '1MiB' })
    const wasm = joined(recorder)
    const frames = recorder.list('frame')
    const { READ, WRITE } = recorder.verbs({ READ: +1, WRITE: 0 })
    const ours = frames.push(0x10)
    const theirs = frames.at(wasm.push(0x20))
    expect(frames.window).toBe(1000)
    for (const history of [ours, theirs]) {
      const { handle } = history as History
      for (let n = 0; n < 40; n += 2) {
        expect(wasm.read(handle, n)).toBe(1)
        expect((history as History).log(n % 4 ? READ : WRITE, 'js %d', n + 1)).toBe(true)
      }
      expect(wasm.gone(handle)).toBe(1)
      expect(wasm.read(handle, 99)).toBe(1)
      const image = openImage(recorder.snapshot())
      const events = image.history(handle)?.events() ?? []
      expect(events.map(({ log }) => Number(/\d+$/.exec(log)?.[0] ?? -1))).toEqual([
        ...Array(40).keys(),
        -1,
        99,
      ])
      expect(events.at(-1)?.late).toBe('after end')
      expect(events.map(({ t }) => t)).toEqual(events.map(({ t }) => t).sort((a, b) => a - b))
      expect(image.problems()).toEqual([])
    }
  })

  test('arguments and objects are what they are in JavaScript', () => {
    const recorder = new Recorder({ budget: '1MiB' })
    const wasm = joined(recorder)
    const { NOTE } = recorder.verbs({ NOTE: 0 })
    const ours = recorder.list('frame').push('ours')
    ours.log(NOTE)
    ours.log(NOTE, 'no arguments')
    ours.log(NOTE, '%d %u %c', -7, 200, 65)
    ours.log(NOTE, '%d %d', true, 0xffffffff)
    ours.log(NOTE, '%d %d %u', -(2n ** 63n), -(2 ** 31), 2n ** 64n - 1n)
    ours.log(NOTE, '%f %g', 0.5, -1.5)
    ours.log(NOTE, '%s|%s|%d', 'grüß € 😀', '', 1)
    ours.log(NOTE, '%s', 'x'.repeat(500))
    ours.log(NOTE, '%s %s', 'ü'.repeat(200), 'cut away')
    ours.log(NOTE, '%s', null)
    ours.log(NOTE, 'made here %d', 1)
    const texts = textsOf(recorder, ours.handle)
    expect(texts).toHaveLength(11)
    expect(texts?.[6]).toBe('NOTE grüß € 😀||1')
    expect(recorder.stats().textsCut).toBe(2)
    expect(textsOf(recorder, wasm.arguments())).toEqual(texts)
    wasm.objects()
    const list = openImage(recorder.snapshot()).list('frame')
    expect(list?.histories().map(({ object }) => object)).toEqual([
      'ours',
      'grüß € 😀 \ufffd.',
      0,
      -5n,
      1n << 60n,
      2n ** 64n - 1n,
      2,
      -0.5,
      's'.repeat(36),
      't'.repeat(37),
      expect.stringMatching(/^u{459}…\+441B$/),
    ])
    expect(recorder.stats().textsCut).toBe(5)
  })

  test('a stale handle, one of another list and one of thin air record nothing', () => {
    const recorder = new Recorder({ budget: '1MiB' })
    recorder.list('frame', { window: 2 })
    const wasm = joined(recorder)
    const [first = 0, second = 0] = [1, 2, 3].map((id) => wasm.push(id))
    const other = recorder.list('other').push(1).handle
    for (const handle of [first, other, 0, -1, 0.5, Number.NaN, 2 ** 53, 1e300])
      expect([handle, wasm.read(handle, 1)]).toEqual([handle, 0])
    expect(wasm.read(second, 1)).toBe(1)
    expect(wasm.counts(first)).toBe(0)
    expect(wasm.counts(second)).toBe(3)
    expect(recorder.stats().unrefsBelowZero).toBe(1)
    expect(openImage(recorder.snapshot()).problems()).toEqual([])
  })

  test('switches are those of the recorder: list, verb, sample, flush at the end, redact', () => {
    const written: string[] = []
    const recorder = new Recorder({
      budget: '1MiB',
      sinks: [(history, events) => written.push(`${history.objectText} ${events.length}`)],
      redact: (text) => text,
    })
    const frames = recorder.list('frame', { autoLog: true })
    recorder.list('some', { sample: 1 / 10 })
    const wasm = joined(recorder)
    const handle = wasm.push(0x30)
    expect(wasm.turn(0)).toBe(0)
    expect([frames.enabled, wasm.read(handle, 1), wasm.push(1)]).toEqual([false, 0, 0])
    frames.enabled = true
    const { READ } = recorder.verbs({ READ: +1 })
    READ.enabled = false
    const refused = Array.from({ length: 300 }, (_, n) => wasm.read(handle, n)).lastIndexOf(1) + 1
    expect(refused).toBeLessThanOrEqual(128)
    READ.enabled = true
    for (let n = 0; n < 300; n++) wasm.read(handle, n)
    expect(wasm.read(handle, 1)).toBe(1)
    expect(wasm.gone(handle)).toBe(1)
    expect(written).toHaveLength(1)
    const taken = wasm.share(20_000)
    expect(taken).toBeGreaterThan(1000)
    expect(taken).toBeLessThan(4000)
    expect(textsOf(recorder, wasm.arguments())?.[6]).toBe('NOTE [not redacted]|[not redacted]|1')
  })

  test('arguments that are not public are not stored', () => {
    const recorder = new Recorder({
      budget: '1MiB',
      privacy: {
        others: 'secret',
        key: 'a key of sixteen bytes',
        formats: { '%d %d': 'public', 'wasm read %d': 'pseudonym', '%f %g': ['public', 'secret'] },
      },
    })
    const wasm = joined(recorder)
    const handle = wasm.push(1)
    expect(wasm.read(handle, 4711)).toBe(1)
    expect(textsOf(recorder, handle)).toEqual([expect.stringMatching(/^READ wasm read .*secret/)])
    const texts = textsOf(recorder, wasm.arguments()) ?? []
    expect(texts).toHaveLength(11)
    expect(texts.join()).not.toMatch(/-7|200|\|\||x{9}|-1\.5|here 1/)
    expect(texts[3]).toBe('NOTE true 4294967295')
    expect(texts[5]).toMatch(/^NOTE 0\.500000 /)
    expect(openImage(recorder.snapshot()).problems()).toEqual([])
    const bytes = new TextDecoder('latin1').decode(recorder.snapshot())
    expect(bytes).not.toContain('x'.repeat(9))
  })

  test('threads of both languages log into one history, and none of their events is lost or out of its order', {
    timeout: 60_000,
  }, async () => {
    const recorder = new Recorder({ budget: '4MiB', clock: 'precise' })
    const frames = recorder.list('frame', { maxEvents: 20_000 })
    const { WRITE } = recorder.verbs({ WRITE: 0 })
    const history = frames.push('shared')
    const each = 2000
    const workers = [0, 1, 2].map((number) => {
      const worker = new Worker(new URL('./assembly-worker.mjs', import.meta.url), {
        workerData: { ticket: recorder.share(), module, handle: history.handle, number, each },
      })
      return new Promise((done, failed) => worker.once('error', failed).once('exit', done))
    })
    for (let n = 0; n < each; n++) history.log(WRITE, 'js %d', n)
    await Promise.all(workers)
    const image = openImage(recorder.snapshot())
    const events = image.history(history.handle)?.events() ?? []
    expect(events).toHaveLength(4 * each)
    for (const thread of ['main', 'wasm 0', 'wasm 1', 'wasm 2']) {
      const own = events.filter((event) => event.thread === thread)
      const language = thread === 'main' ? 'js' : 'wasm read'
      expect(own.map(({ log }) => log)).toEqual(
        Array.from({ length: each }, (_, n) => `${language} ${n}`),
      )
    }
    expect(events.every(({ lost }) => lost === 0)).toBe(true)
    expect(image.problems()).toEqual([])
  })
})
