// A recorder that a thread copies into a file: a killed process loses no more than what no pass has seen.

import { execFileSync } from 'node:child_process'
import {
  cpSync,
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
import { random } from '../support/random.mjs'
import { evidenceIn, imageOf, killAll, program, ROOT, sleep } from './running.ts'

const RUNTIMES = ['node20', 'node26', 'deno', 'bun']
const KILLS = 3
const WINDOW = 1000
/** Lives of it. */
const ABOUT_TO_GO = 100

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'struct-history-copied-'))
})
afterEach(() => {
  killAll()
  rmSync(folder, { recursive: true })
})

const path = (name: string) => join(folder, name)

/**
 * Logs n to life n / 20, for ever. Its ledger says how many were logged, and how many of them two passes have begun and
 * ended after: those no death may lose.
 */
const WORKING = (file: string, ledger: string) => `
import { openSync, writeSync } from 'node:fs'
const ledger = openSync(${JSON.stringify(ledger)}, 'w')
const told = new Int32Array(new ArrayBuffer(8))
const recorder = new Recorder({ file: ${JSON.stringify(file)}, durable: 'copied', interval: 5, budget: '16MiB' })
const { SENT } = recorder.verbs({ SENT: 0 })
const list = recorder.list('work', { window: ${WINDOW}, maxEvents: 100 })
let n = 0
let life
let mark = { n: 0, copies: 0 }
const work = () => {
  for (let i = 0; i < 200; i++, n++) {
    if (n % 20 === 0) life = list.push(n / 20 + 1)
    if (n % 3 === 0) life.log(SENT, '%s', 'n ' + n)
    else life.log(SENT, 'n %d', n)
    told[0] = n + 1
    writeSync(ledger, told, 0, 8, 0)
  }
  const { copies } = recorder.stats()
  if (copies >= mark.copies + 2) {
    told[1] = mark.n
    writeSync(ledger, told, 0, 8, 0)
    if (mark.n > 0) console.log('copied')
    mark = { n, copies }
  }
  setTimeout(work, 1)
}
work()`

describe('durable: copied', () => {
  test.each(RUNTIMES)('loses nothing that was copied when %s is killed', async (runtime) => {
    const seed = Date.now() % 2 ** 31
    const next = random(seed)
    for (let n = 0; n < KILLS; n++) {
      const [file, ledger] = [path(`${n}.shm`), path(`${n}.ledger`)]
      const working = program(folder, runtime, WORKING(file, ledger))
      await working.said('copied')
      await sleep(next() * 200)
      working.child.kill('SIGKILL')
      await working.ended
      const [logged = 0, copied = 0] = new Int32Array(new Uint8Array(readFileSync(ledger)).buffer)
      expect(copied).toBeGreaterThan(0)

      const image = imageOf(file)
      expect(image.problems().filter(({ field }) => field === 'the length')).toEqual([])
      const events = image
        .list('work')
        ?.histories()
        .flatMap((life) => life.events())
        .filter(({ verb }) => verb !== '')
        // Of an event that the pass under way has copied, the text may not have been.
        .filter(({ log }) => !log.startsWith('%s'))
        .map(({ log }) => Number(log.slice(2)))
      // The window keeps the last lives, of which the oldest are about to go and may have gone half, as may those that went while
      // the last pass was under way, which is long on a busy machine; of the others each event once, in order, up to where that
      // pass came.
      const oldest = events?.[0] ?? 0
      const whole = oldest === 0 ? 0 : Math.floor(oldest / 20) + ABOUT_TO_GO
      const evicted = Math.ceil(logged / 20) + 1 - WINDOW
      const first = 20 * Math.max(0, whole, evicted)
      const there = new Set(events)
      const wanted = Array.from({ length: Math.max(0, copied - first) }, (_, at) => first + at)
      expect(
        wanted.filter((of) => !there.has(of)),
        `seed ${seed}`,
      ).toEqual([])
      expect(events?.filter((of, at) => at > 0 && of <= (events[at - 1] as number))).toEqual([])
      expect(events?.at(-1), `seed ${seed}`).toBeLessThanOrEqual(logged)
    }
  })

  test.each([
    ['ends', ''],
    ['exits', 'process.exit(0)'],
    ['ends long after', 'setTimeout(() => {}, 400)'],
  ])('loses nothing when the process %s', async (_, how) => {
    for (const runtime of RUNTIMES) {
      const file = path(`${runtime}.shm`)
      const text = `
const recorder = new Recorder({ file: ${JSON.stringify(file)}, durable: 'copied', budget: '1MiB' })
const { SENT } = recorder.verbs({ SENT: 0 })
const life = recorder.list('work').push(7)
life.log(SENT, 'first')
${how === '' ? '' : `setTimeout(() => { life.log(SENT, 'last'); ${how} }, 200)`}`
      expect(await program(folder, runtime, text).ended).toMatchObject({ code: 0, stderr: '' })
      const logs = imageOf(file)
        .find(7)[0]
        ?.events()
        .map(({ log }) => log)
      expect([runtime, logs]).toEqual([runtime, how === '' ? ['first'] : ['first', 'last']])
      expect(statSync(file).mode & 0o777).toBe(0o600)
    }
  })

  test('keeps what was in the file before, also of a process that lives on in it', async () => {
    const file = path('work.shm')
    const first = program(folder, 'node20', WORKING(file, path('ledger')))
    await first.said('copied')
    const { pid } = imageOf(file)
    const second = program(folder, 'bun', WORKING(file, path('ledger 2')))
    await second.said('copied')
    const [name] = evidenceIn(folder)
    expect(name).toMatch(new RegExp(`^work\\.shm-\\d{8}T\\d{6}\\.\\d{3}Z-${pid}\\.shdump$`))
    const pushed = () => imageOf(path(name as string)).list('work')?.pushed
    const before = pushed()
    await expect.poll(pushed).toBeGreaterThan(before as number)
    expect(imageOf(file).pid).not.toBe(pid)
  })

  test('is a file for each of those that begin at one moment', async () => {
    const file = path('work.shm')
    const text = `
const recorder = new Recorder({ file: ${JSON.stringify(file)}, durable: 'copied', budget: '1MiB', keep: 9 })
const { SENT } = recorder.verbs({ SENT: 0 })
const life = recorder.list('work').push(process.pid)
setTimeout(() => life.log(SENT, 'late'), 300)`
    const all = [...RUNTIMES, ...RUNTIMES].map((runtime) => program(folder, runtime, text))
    const pids = all.map(({ child }) => child.pid)
    for (const { ended } of all) expect(await ended).toMatchObject({ code: 0, stderr: '' })
    const found = [file, ...evidenceIn(folder).map(path)].map((name) => {
      const image = imageOf(name)
      expect(image.find(image.pid)[0]?.events()).toMatchObject([{ log: 'late' }])
      return image.pid
    })
    expect(found.sort()).toEqual(pids.sort())
  })

  test('goes on when the disk is full, and copies again when it is not', async () => {
    const disk = path('disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk])
    try {
      const file = join(disk, 'work.shm')
      writeFileSync(join(disk, 'filler'), Buffer.alloc(720 * 1024))
      const text = `
const recorder = new Recorder({ file: ${JSON.stringify(file)}, durable: 'copied', interval: 5, budget: '700KiB' })
const { SENT } = recorder.verbs({ SENT: 0 })
const list = recorder.list('work')
for (let n = 0; n < 3000; n++) list.push(n).log(SENT, 'all of it')
const failed = () => recorder.stats().copiesFailed
setInterval(() => { if (failed() > 0) console.log('failed') }, 10)
process.stdin.on('data', () => process.exit(0))`
      const working = program(folder, 'node26', text)
      await working.said('failed')
      rmSync(join(disk, 'filler'))
      working.child.stdin.write('end')
      expect(await working.ended).toMatchObject({ code: 0, stderr: '' })
      const image = imageOf(file)
      expect(image.problems()).toEqual([])
      expect(image.list('work')?.pushed).toBe(3000)

      writeFileSync(join(disk, 'filler'), Buffer.alloc(2 ** 19))
      execFileSync('sh', ['-c', `cat /dev/zero > ${disk}/rest 2>/dev/null || true`])
      const refused = await program(folder, 'node26', text).ended
      expect(refused.stderr).toMatch(/Cannot create recorder in file ".*": ENOSPC/)
      expect(readdirSync(disk).sort()).toEqual(['filler', 'rest', 'work.shm'])
    } finally {
      execFileSync('umount', [disk])
    }
  })

  test('is not joined by other processes', async () => {
    const file = path('work.shm')
    const first = program(folder, 'node20', WORKING(file, path('ledger')))
    await first.said('copied')
    const refused = await program(folder, 'node26', `Recorder.open(${JSON.stringify(file)})`).ended
    expect(refused.stderr).toContain("it is a recorder's dump, which nobody records into")
  })
})

describe('durable: best', () => {
  const TEXT = (file: string) => `
const recorder = new Recorder({ file: ${JSON.stringify(file)}, durable: 'best', budget: '1MiB' })
const { durable, copies } = recorder.stats()
console.log(JSON.stringify([recorder.durable, durable, recorder.file, typeof copies]))`

  test('maps where the runtime can', async () => {
    const file = path('work.shm')
    for (const runtime of RUNTIMES) {
      const { stdout } = await program(folder, runtime, TEXT(file)).ended
      expect([runtime, JSON.parse(stdout)]).toEqual([
        runtime,
        ['mapped', 'mapped', file, 'undefined'],
      ])
    }
  })

  test('else copies, and says so', async () => {
    const file = path('work.shm')
    cpSync(join(ROOT, 'build'), path('library'), {
      recursive: true,
      filter: (from) => !/wasm|bench/.test(from),
    })
    const alone = program(folder, 'node20', TEXT(file), path('library/index.js'), folder)
    const { stdout, stderr, code } = await alone.ended
    expect([code, JSON.parse(stdout)]).toEqual([0, ['copied', 'copied', file, 'number']])
    expect(stderr).toMatch(
      /StructHistoryWarning: Cannot create recorder in file ".*": .*npm install koffi; it is copied every 100 ms instead/,
    )
    expect(imageOf(file).name).toBe('recorder')
  })

  test('says what is wrong where neither can be', async () => {
    const file = path('work.shm')
    writeFileSync(file, 'precious'.repeat(20_000))
    const refused = await program(folder, 'node26', TEXT(file)).ended
    expect(refused.stderr).toContain('the file is there, and it is no recorder')
  })
})
