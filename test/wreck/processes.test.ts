// Several processes, of every runtime that can map files, in one recorder; killed at random.

import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
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
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FORMAT_VERSION, HEADER_VERSION } from '../../assembly/layout.ts'
import type { Image } from '../../src/inspect.ts'
import { random } from '../support/random.mjs'
// @ts-expect-error Plain JavaScript, for every runtime.
import { JOINED, OWN, SHARED } from './processes.ledger.mjs'
import {
  COMMANDS,
  deno,
  evidenceIn,
  imageOf,
  killAll,
  LIBRARY,
  ROOT,
  program as runProgram,
  sleep,
  start,
} from './running.ts'

const PROGRAM = join(ROOT, 'test/wreck/processes.program.mjs')
const SHDB = join(ROOT, 'build/cli/shdb.js')

const KILLS = Number(process.env.KILLS ?? 36)
const AT_ONCE = 3
const EVENTS = 6000

let folder = ''

beforeEach(() => {
  // Memory, as a user would take it.
  folder = mkdtempSync('/dev/shm/struct-history-processes-')
})

afterEach(() => {
  killAll()
  rmSync(folder, { recursive: true })
})

const program = (runtime: string, text: string, library = LIBRARY, cwd = ROOT) =>
  runProgram(folder, runtime, text, library, cwd)
const evidence = () => evidenceIn(folder)

describe('processes that are killed at random in one recorder', () => {
  test(`${KILLS} of them leave every event that was acknowledged, once`, {
    timeout: 600_000,
  }, async () => {
    const seed = Date.now() % 2 ** 31
    const next = random(seed)
    const file = join(folder, 'several.shm')
    const names = Object.keys(COMMANDS)
    const ledger = (who: number) => join(folder, `ledger-${who}`)
    let processes = 0
    const begin = (runtime: string, how: string) => {
      const who = processes++
      return start(runtime, [PROGRAM, LIBRARY, file, ledger(who), `${who}`, how, `${EVENTS}`])
    }
    const survivor = begin('node26', 'begin')
    await survivor.said('joined')

    let kills = 0
    const lane = async () => {
      while (kills++ < KILLS) {
        const life = begin(names[kills % names.length] as string, next() < 0.5 ? 'begin' : 'open')
        // A quarter dies while it starts or joins.
        if (next() < 0.25) await sleep(next() * 300)
        else {
          await life.said('joined')
          await sleep(next() * 60)
        }
        life.child.kill('SIGKILL')
        await life.ended
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, lane))
    await survivor.said('done')
    survivor.child.stdin.write('end')
    expect(await survivor.ended).toMatchObject({ code: 0 })

    const image = imageOf(file)
    expect(image.problems()).toEqual([])
    const figures = accountFor(image, processes, ledger)
    expect(figures.faults, `seed ${seed}`).toEqual([])
    expect(figures.acknowledged, `seed ${seed}`).toBeGreaterThan(EVENTS)
    expect(evidence()).toEqual([])
    console.log(`seed ${seed}: ${JSON.stringify(figures)}`)
  })
})

/** Begins, or joins, and logs its pid once. */
const ONE = (file: string, options = '') => `
const recorder = new Recorder({ file: ${JSON.stringify(file)}, budget: '1MiB', name: 'proxy', ${options} })
const { SENT } = recorder.verbs({ SENT: 0 })
const history = recorder.list('TCP con').push(process.pid)
history.log(SENT, 'from %d', process.pid)
console.log(JSON.stringify({ pid: process.pid, pushed: recorder.stats().pushed, file: recorder.file }))
`
const STAY = `\nsetTimeout(() => {}, 60_000); process.stdin.on('data', () => process.exit(0))`

const told = ({ stdout }: { stdout: string }) =>
  JSON.parse(stdout) as { pid: number; pushed: number; file: string }
const pids = (image: Image) =>
  image
    .list('TCP con')
    ?.histories()
    .map(({ object }) => object)

describe('new Recorder({ file })', () => {
  test.each(Object.keys(COMMANDS))('begins, and joins who lives there: %s', async (runtime) => {
    const file = join(folder, 'proxy.shm')
    const first = program('node26', ONE(file) + STAY)
    await first.said('pushed')
    const second = await program(runtime, ONE(file, `budget: '4MiB'`)).ended
    expect([second.code, told(second)]).toMatchObject([0, { pushed: 2, file }])
    expect(statSync(file).mode & 0o777).toBe(0o600)
    first.child.stdin.write('end')
    const image = imageOf(file)
    expect(pids(image)).toEqual([told(await first.ended).pid, told(second).pid])
    expect([image.name, image.budget, image.problems()]).toEqual(['proxy', 2 ** 20, []])
    expect(image.threads().map((thread) => thread.runtime)).toEqual([
      'node',
      runtime.replace(/\d+/, ''),
    ])
  })

  test('is one recorder for all that begin at one moment, after others have died', async () => {
    const file = join(folder, 'proxy.shm')
    await program('bun', ONE(file)).ended
    const together = Object.keys(COMMANDS).map((runtime) => program(runtime, ONE(file) + STAY))
    await Promise.all(together.map(({ said }) => said('pushed')))
    for (const { child } of together) child.kill('SIGKILL')
    const lives = await Promise.all(together.map(async ({ ended }) => told(await ended).pid))
    expect(pids(imageOf(file))?.sort()).toEqual(lives.sort())
    expect(evidence()).toHaveLength(1)
  })

  test('keeps the evidence of those that died, the last so many, cut to what they used', async () => {
    const file = join(folder, 'proxy.shm')
    const lives: number[] = []
    for (let n = 0; n < 4; n++)
      lives.push(told(await program('bun', ONE(file, 'keep: 2')).ended).pid)
    const names = evidence()
    expect(names).toHaveLength(2)
    for (const [n, name] of names.entries()) {
      const pid = lives[n + 1] as number
      expect(name).toMatch(new RegExp(`^proxy\\.shm-\\d{8}T\\d{6}\\.\\d{3}Z-${pid}\\.shdump$`))
      const image = imageOf(join(folder, name))
      expect(pids(image)).toEqual([pid])
      expect(image.problems()).toEqual([])
      expect(image.size).toBe(statSync(join(folder, name)).size)
    }
    expect(pids(imageOf(file))).toEqual(lives.slice(3))
    expect(statSync(file).size).toBe(2 ** 20)
  })

  test('keeps none where none is wanted', async () => {
    const file = join(folder, 'proxy.shm')
    for (let n = 0; n < 2; n++) await program('bun', ONE(file, 'keep: 0')).ended
    expect(readdirSync(folder).filter((name) => !name.endsWith('.mjs'))).toEqual(['proxy.shm'])
  })

  test('lives as long as one process does, and no longer for a child of it', async () => {
    const file = join(folder, 'proxy.shm')
    const child = `
import { spawn } from 'node:child_process'
const sleeper = spawn('sleep', ['30'], { stdio: 'ignore', detached: true })
sleeper.unref()
console.error(sleeper.pid)`
    const first = await program('node26', `${child}\n${ONE(file)}`).ended
    const sleeper = Number(/^\d+$/m.exec(first.stderr)?.[0])
    try {
      const second = await program('node26', ONE(file)).ended
      expect(told(second).pushed).toBe(1)
    } finally {
      process.kill(sleeper, 'SIGKILL')
    }
    expect(evidence()).toHaveLength(1)
  })

  test('lives on when the thread that began it has ended', async () => {
    const file = join(folder, 'proxy.shm')
    const worker = join(folder, 'worker.mjs')
    writeFileSync(worker, `import { Recorder } from ${JSON.stringify(LIBRARY)}\n${ONE(file)}`)
    for (const runtime of ['node26', 'node20', 'deno']) {
      rmSync(file, { force: true })
      const text = `
import { Worker } from 'node:worker_threads'
const worker = new Worker(${JSON.stringify(worker)})
worker.on('exit', () => console.log('worker ended'))
${STAY}`
      const first = program(runtime, text)
      await first.said('worker ended')
      expect([runtime, told(await program('bun', ONE(file)).ended).pushed]).toEqual([runtime, 2])
      first.child.stdin.write('end')
      await first.ended
    }
  })

  test('is refused in a worker of Bun, with which Bun would free the memory', async () => {
    const file = join(folder, 'proxy.shm')
    const worker = join(folder, 'worker.mjs')
    writeFileSync(worker, `import { Recorder } from ${JSON.stringify(LIBRARY)}\n${ONE(file)}`)
    const text = `
import { Worker } from 'node:worker_threads'
new Worker(${JSON.stringify(worker)}).on('error', (error) => console.log(error.message))`
    expect((await program('bun', text).ended).stdout).toContain(
      'Bun maps files in its main thread only; share() its recorder with workers',
    )
  })

  test('stays whole when nobody in the process holds the recorder any more', async () => {
    const file = join(folder, 'proxy.shm')
    const text = `
const gc = globalThis.Bun ? () => Bun.gc(true) : (await import('node:v8')).setFlagsFromString('--expose-gc') ??
  (await import('node:vm')).runInNewContext('gc')
const begin = () => { ${ONE(file)} }
begin()
for (let n = 0; n < 20; n++) {
  new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true })
  await new Promise((resolve) => setTimeout(resolve, 5))
  gc()
}`
    for (const runtime of ['node26', 'node20', 'deno', 'bun']) {
      rmSync(file, { force: true })
      const ended = await program(runtime, text).ended
      expect([runtime, ended.code]).toEqual([runtime, 0])
      const image = imageOf(file)
      expect(image.find(told(ended).pid)[0]?.events()).toHaveLength(1)
      expect(image.problems()).toEqual([])
    }
  })

  test('is joined by threads with a ticket, as ever', async () => {
    const file = join(folder, 'proxy.shm')
    const worker = join(folder, 'worker.mjs')
    writeFileSync(
      worker,
      `import { Recorder } from ${JSON.stringify(LIBRARY)}
import { workerData } from 'node:worker_threads'
const recorder = Recorder.join(workerData, { thread: 'tcp worker' })
const { SENT } = recorder.verbs({ SENT: 0 })
recorder.list('TCP con').push('of the worker').log(SENT, recorder.file)`,
    )
    const text = `
import { Worker } from 'node:worker_threads'
${ONE(file)}
new Worker(${JSON.stringify(worker)}, { workerData: recorder.share() })
${STAY}`
    for (const runtime of ['node26', 'node20', 'deno', 'bun']) {
      rmSync(file, { force: true })
      const first = program(runtime, text)
      await first.said('pushed')
      const logs = () =>
        imageOf(file)
          .find('of the worker')
          .flatMap((life) => life.events())
          .map(({ thread, log }) => [thread, log])
      await expect.poll(logs).toEqual([['tcp worker', file]])
      first.child.kill('SIGKILL')
      await first.ended
      expect([runtime, logs()]).toEqual([runtime, [['tcp worker', file]]])
    }
  })

  test('removes what a process left that was killed while it began, and only that', async () => {
    const file = join(folder, 'proxy.shm')
    writeFileSync(`${file}.${Date.now() - 120_000}-1-1.new`, '')
    writeFileSync(`${file}.${Date.now()}-1-1.new`, '')
    writeFileSync(`${file}.new`, '')
    await program('bun', ONE(file)).ended
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toHaveLength(2)
  })

  test.each([
    ['no recorder', (file: string) => writeFileSync(file, 'precious'.repeat(20_000))],
    ['short', (file: string) => writeFileSync(file, 'precious')],
    ['empty', (file: string) => writeFileSync(file, '')],
  ])('leaves a file alone that is %s', async (_, make) => {
    const file = join(folder, 'proxy.shm')
    make(file)
    const before = readFileSync(file)
    const refused = await program('node26', ONE(file)).ended
    expect(refused.stderr).toContain(
      `Error: Cannot create recorder in file "${file}": the file is there, and it is no recorder`,
    )
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  test('sets aside a recorder of another version', async () => {
    const file = join(folder, 'proxy.shm')
    await program('bun', ONE(file)).ended
    const other = readFileSync(file)
    other.writeUInt32LE(FORMAT_VERSION + 1, HEADER_VERSION)
    writeFileSync(file, other)
    expect(told(await program('bun', ONE(file)).ended).pushed).toBe(1)
    expect(evidence()).toHaveLength(1)
    expect(readFileSync(join(folder, evidence()[0] as string)).equals(other)).toBe(true)
  })

  test('says what is wrong where it cannot be', async () => {
    const missing = join(folder, 'no/such/proxy.shm')
    const nowhere = await program('node26', ONE(missing)).ended
    expect(nowhere.stderr).toMatch(/Error: Cannot create recorder in file ".*": ENOENT/)
    const nobody = await program('deno', `Recorder.open(${JSON.stringify(join(folder, 'none'))})`)
      .ended
    expect(nobody.stderr).toMatch(
      /Error: Cannot open recorder ".*": there is no such file; new Recorder\(\{ file \}\) begins one/,
    )
    const wrong = await program('bun', `new Recorder({ file: 7 })`).ended
    expect(wrong.stderr).toContain('Cannot create recorder: file must be a string, got 7')
  })

  test('says what the runtime needs', async () => {
    // Below /dev Deno asks for --allow-all.
    const elsewhere = mkdtempSync(join(tmpdir(), 'struct-history-processes-'))
    const file = join(elsewhere, 'proxy.shm')
    const text = join(elsewhere, 'program.mjs')
    writeFileSync(text, `import { Recorder } from ${JSON.stringify(LIBRARY)}\n${ONE(file)}`)
    const careful = ['run', '--no-prompt', '--allow-read', '--allow-write', text]
    const refused = spawnSync(deno, careful, { encoding: 'utf8' })
    expect(refused.stderr).toContain(
      `Cannot create recorder in file "${file}": Deno maps files with --allow-ffi only`,
    )
    const allowed = spawnSync(deno, [...careful.slice(0, -1), '--allow-ffi', text], {
      encoding: 'utf8',
    })
    expect([allowed.status, told(allowed).pushed]).toEqual([0, 1])

    const away = join(folder, 'library')
    cpSync(join(ROOT, 'build'), away, {
      recursive: true,
      filter: (from) => !/wasm|bench/.test(from),
    })
    const alone = await program('node20', ONE(file), join(away, 'index.js'), folder).ended
    expect(alone.stderr).toContain(
      'Node maps files from version 26 on, earlier ones with the package koffi: npm install koffi',
    )
    rmSync(elsewhere, { recursive: true })
  })

  test('refuses a full disk at once, and leaves nothing there', async () => {
    const disk = join(folder, 'disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk])
    try {
      const file = join(disk, 'proxy.shm')
      const refused = await program('node26', ONE(file, `budget: '8MiB'`)).ended
      expect(refused.stderr).toMatch(
        /Cannot create recorder in file ".*no room for 8388608 bytes \(ENOSPC\)/,
      )
      expect(readdirSync(disk)).toEqual([])
      expect(told(await program('node26', ONE(file)).ended).pushed).toBe(1)
    } finally {
      execFileSync('umount', [disk])
    }
  })
})

describe('Recorder.open()', () => {
  test('refuses a dump without touching it', async () => {
    const file = join(folder, 'proxy.shm')
    const dump = join(folder, 'a.dump')
    const made = await program('bun', `${ONE(file)}\nrecorder.dumpSync(${JSON.stringify(dump)})`)
      .ended
    expect(made.code).toBe(0)
    const before = readFileSync(dump)
    const refused = await program('node26', `Recorder.open(${JSON.stringify(dump)})`).ended
    expect(refused.stderr).toContain(
      `Cannot open recorder "${dump}": it is a recorder's dump, which nobody records into`,
    )
    expect(readFileSync(dump).equals(before)).toBe(true)
  })

  test('opens what shdb opens meanwhile', async () => {
    const file = join(folder, 'proxy.shm')
    const first = program('deno', ONE(file) + STAY)
    await first.said('pushed')
    const second = await program(
      'node26',
      `const recorder = Recorder.open(${JSON.stringify(file)}, { thread: 'cdr writer' })
const { SENT } = recorder.verbs({ SENT: 0 })
for (const history of recorder.list('TCP con').histories()) history.log(SENT, 'handed over')`,
    ).ended
    expect(second.code).toBe(0)
    const said = spawnSync(
      process.execPath,
      [SHDB, '-batch', '-nx', '-ex', 'info threads', '-ex', 'p history(0).actions[1]', file],
      {
        encoding: 'utf8',
      },
    )
    expect(said.stdout).toContain('cdr writer')
    first.child.kill('SIGKILL')
    await first.ended
  })
})

function accountFor(image: Image, processes: number, ledger: (who: number) => string) {
  const faults: string[] = []
  const figures = { faults, joined: 0, acknowledged: 0, unacknowledged: 0, unfinished: 0 }
  const told = (who: number) => {
    const bytes = existsSync(ledger(who)) ? readFileSync(ledger(who)) : Buffer.alloc(0)
    return (cell: number) => (bytes.length < 16 ? 0 : bytes.readInt32LE(4 * cell))
  }
  const [common] = image.find('common')
  const shared = new Map<number, number>()
  const numbersIn = (history: ReturnType<Image['find']>[number] | undefined) => {
    for (const { cause, count } of history?.gaps() ?? []) {
      figures.unfinished += count
      if (cause !== 'unfinished') faults.push(`${count} events ${cause} in ${history?.objectText}`)
    }
    const events = history?.events().filter(({ verb }) => verb !== '') ?? []
    const backwards = events.filter(({ t }, at) => at > 0 && t < (events[at - 1]?.t ?? 0))
    if (backwards.length > 0) faults.push(`${backwards.length} times run backwards`)
    return events.map(({ log }) => log.split(' ').map(Number) as [number, number])
  }
  for (const [who, n] of numbersIn(common)) {
    if (n !== (shared.get(who) ?? 0))
      faults.push(`${who} ${n} stands where ${shared.get(who)} should`)
    shared.set(who, n + 1)
  }
  for (let who = 0; who < processes; who++) {
    const cell = told(who)
    const numbers = numbersIn(image.find(who)[0])
    if (numbers.some(([of, n], at) => of !== who || n !== at))
      faults.push(`the events of ${who} are not its own, each once, in order`)
    for (const [what, is, acknowledged] of [
      ['own', numbers.length, cell(OWN)],
      ['common', shared.get(who) ?? 0, cell(SHARED)],
    ] as const) {
      if (is !== acknowledged && is !== acknowledged + 1)
        faults.push(`${what} events of ${who}: ${is}, acknowledged ${acknowledged}`)
      figures.acknowledged += acknowledged
      figures.unacknowledged += is - acknowledged
    }
    figures.joined += cell(JOINED)
  }
  if (figures.unfinished > processes) faults.push(`${figures.unfinished} unfinished events`)
  return figures
}
