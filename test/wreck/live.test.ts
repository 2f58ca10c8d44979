// Running processes: looked at without stopping them, while they record as fast as they can.

import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { openProcess } from '../../src/cli/process.ts'
import type { Image } from '../../src/inspect.ts'
import {
  Folder,
  OBJECT,
  RUNTIMES,
  type Running,
  type Runtime,
  shdb,
  shdbCommand,
  started,
  TARGET,
} from './programs.ts'

const folder = new Folder()
afterAll(() => folder.remove())
const programs: Running[] = []
afterEach(async () => {
  for (const each of programs.splice(0)) await each.end()
})

async function target(runtime: Runtime, ...words: readonly string[]): Promise<Running> {
  const program = await started([...RUNTIMES[runtime], TARGET, ...words])
  programs.push(program)
  return program
}

describe('shdb -p PID', () => {
  test.each(['node20', 'node26', 'deno', 'bun'] as const)('%s', async (runtime) => {
    const { pid } = await target(runtime, 'wait', '2', 'snapshot')
    const script = ['-ex', 'info target', '-ex', `history -last 2 ${OBJECT}`]
    const { out, err } = shdb([...script, '-p', `${pid}`])
    expect(err).toBe('')
    expect(out).toMatch(new RegExp(`^\\* process ${pid}#1: recorder "proxy", pid ${pid}\n`))
    expect(out).toMatch(/^ {2}process \d+#2: recorder "proxy 1"/m)
    expect(out).toMatch(/42 events, nothing lost/)
    expect(out).toMatch(/\$2 = \{verb = TCP_UNREF, .*, log = 0x[0-9a-f]{9,12} "close, \(0\)"\}/)
  })

  test('snapshot writes what the process has, for its owner alone, never over another file', async () => {
    const { pid } = await target('node20', 'wait', '2')
    const file = folder.file('live.shdump')
    const { out, code } = shdbCommand(['snapshot', `${pid}`, '-o', file])
    expect({ out, code }).toEqual({ out: `${file}: "proxy", "proxy 1", 1.0 MiB\n`, code: 0 })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(file).size).toBe(2 * 524_288)
    const shown = shdb(['-ex', 'info target', '-ex', `history ${OBJECT}`, file])
    expect(shown.out).toMatch(/#1: recorder "proxy"[\s\S]*#2: recorder "proxy 1"/)
    expect(shown.out).toMatch(/42 events, nothing lost/)
    const before = readFileSync(file)
    const again = shdbCommand(['snapshot', `${pid}`, '-o', file])
    expect(again).toEqual({
      out: '',
      err: `shdb snapshot: Cannot write ${file}: the file exists, and a dump never overwrites another\n`,
      code: 1,
    })
    expect(readFileSync(file).equals(before)).toBe(true)
    const one = shdbCommand(['snapshot', `${pid}`, '-o', folder.file('one'), '-recorder', '2'])
    expect(one.out).toMatch(/"proxy 1", 0\.5 MiB/)
  })

  test('attach, refresh, follow, watch, detach', async () => {
    const { pid } = await target('node20', 'busy')
    const { out, err } = shdb([
      ...['-ex', `attach ${pid}`],
      ...['-ex', 'follow -max 4 ticker'],
      ...[
        '-ex',
        'p history("ticker")->len == $_len',
        '-ex',
        'set $before = history("ticker")->len',
      ],
      ...['-ex', 'watch -max 2 history("ticker")->len'],
      ...['-ex', 'set $between = list("TCP con")->total_obj', '-ex', 'shell sleep 0.2'],
      ...['-ex', 'refresh'],
      ...['-ex', 'p list("TCP con")->total_obj > $between'],
      ...['-ex', 'detach', '-ex', 'info target', '-ex', 'follow ticker'],
    ])
    const ticks = [...out.matchAll(/^\{verb = TCP_SEND, .* "tick (\d+)"\}$/gm)].map((each) =>
      Number(each[1]),
    )
    expect(ticks).toHaveLength(4)
    expect([...ticks].sort((one, other) => one - other)).toEqual(ticks)
    expect(out).toMatch(
      /^Watchpoint 1: history\("ticker"\)->len\n\nWatchpoint 1: .*\n\nOld value = \d+\nNew value = \d+$/m,
    )
    expect(out.match(/^New value/gm)).toHaveLength(2)
    expect(out).toMatch(/= 1\nNo image is open\.\n$/)
    expect(err).toMatch(/No image is open/)
  })

  test.each(['node20', 'node26', 'deno', 'bun'] as const)(
    '%s: lists and verbs are switched from outside',
    async (runtime) => {
      const { pid } = await target(runtime, 'busy')
      const { out, err } = shdb(
        [
          `attach ${pid}`,
          'disable list TCP con',
          // The push under way when it is switched is still made, when its thread is run again.
          'shell sleep 0.2',
          'refresh',
          'set $pushed = list("TCP con")->total_obj',
          'shell sleep 0.2',
          'refresh',
          'p list("TCP con")->total_obj - $pushed',
          'info lists',
          'follow -max 1 ticker',
          'enable list "TCP con"',
          'watch -max 1 list("TCP con")->total_obj',
          'disable verb TCP_SEND',
          // Its thread looks at the clock at the latest after 128 events, or a millisecond.
          'shell sleep 0.2',
          'refresh',
          'set $len = history("ticker")->len',
          'shell sleep 0.2',
          'refresh',
          'p history("ticker")->len - $len',
          'info verbs',
          'ena verbs',
          'follow -max 1 ticker',
          'disable list nosuch',
          'disable verb nosuch',
        ].flatMap((line) => ['-ex', line]),
      )
      const whose = `recorder "proxy" of process ${pid}.`
      expect(err).toBe(
        `No list "nosuch" in process ${pid}: its lists are "TCP con", "ticks".\nNo verb "nosuch" in process ${pid}.  Use "info verbs".\n`,
      )
      expect(out.match(/^Switched .*$/gm)).toEqual([
        `Switched off: list "TCP con", ${whose}`,
        `Switched on: list "TCP con", ${whose}`,
        `Switched off: verb "TCP_SEND", ${whose}`,
        `Switched on: 4 verbs, ${whose}`,
      ])
      expect(out.match(/^\$\d+ = 0$/gm)).toHaveLength(2)
      expect(out).toMatch(/TCP con .* off *$/m)
      expect(out).toMatch(/ticks .* on *$/m)
      expect(out.match(/"tick \d+"\}$/gm)).toHaveLength(2)
      expect(out).toMatch(/^New value = \d+$/m)
      expect(out).toMatch(/TCP_SEND .*off/)
    },
  )

  test('an image that is no process is not switched', async () => {
    const { pid } = await target('node20', 'wait')
    const file = folder.file('still.shdump')
    shdbCommand(['snapshot', `${pid}`, '-o', file])
    const before = readFileSync(file)
    const { out, err } = shdb(['-ex', 'disable list TCP con', '-ex', 'enable verb', file])
    const line =
      'The current image is not one of a running process.  Use the "attach" command, or shdb -p PID.\n'
    expect({ out, err }).toEqual({ out: '', err: line.repeat(2) })
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  test('the end of the process ends what looks at it', async () => {
    const program = await target('node20', 'busy')
    const { pid } = program
    const found = await openProcess(pid)
    const [image] = found.images as [Image]
    await program.end()
    expect(() => found.process?.reread(image)).toThrow(`[Process ${pid} exited]`)
    expect(() => found.process?.peek(image, () => 0)).toThrow(`[Process ${pid} exited]`)
    expect(() => found.process?.poke(image, [])).toThrow(`[Process ${pid} exited]`)
    // What was copied stays.
    expect(image.list('ticks')?.histories()).toHaveLength(1)
  })
})

describe('why a process cannot be looked at', () => {
  test.each([
    ['99999999', 'ptrace: No such process.\n'],
    ['2147483647', 'ptrace: No such process.\n'],
    ['x', 'Illegal process-id: x.\n'],
    ['-1', 'Illegal process-id: -1.\n'],
    ['0', 'Illegal process-id: 0.\n'],
  ])('%s', (pid, message) => {
    expect(shdb(['-p', pid])).toEqual({ out: '', err: message, code: 1 })
  })

  test('itself', async () => {
    const script = folder.file('self.mjs')
    writeFileSync(
      script,
      `process.argv.push('-p', String(process.pid))
      await import(${JSON.stringify(new URL('../../build/cli/shdb.js', import.meta.url).href)})`,
    )
    const { spawnSync } = await import('node:child_process')
    const { stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' })
    expect(stderr).toBe('I refuse to debug myself!\n')
  })

  test('one without a recorder', async () => {
    const program = await started([
      process.execPath,
      '-e',
      'console.log("ready"); setInterval(() => {}, 1e6)',
    ])
    programs.push(program)
    const { err, code } = shdb(['-p', `${program.pid}`])
    expect(code).toBe(1)
    expect(err).toMatch(
      new RegExp(
        `^No recorder in process ${program.pid}: \\d+\\.\\d MiB of writable memory were searched\\.\n$`,
      ),
    )
  })

  test("another user's, where this is run by root", async () => {
    if (process.getuid?.() !== 0) return
    const { pid } = await target('node20', 'wait')
    const { spawnSync } = await import('node:child_process')
    // As nobody, who may not read root's processes.
    const { stderr, status } = spawnSync(
      process.execPath,
      ['build/cli/shdb.js', '-batch', '-nx', '-p', `${pid}`],
      { encoding: 'utf8', uid: 65_534, gid: 65_534 },
    )
    expect(status).toBe(1)
    expect(stderr).toBe(
      `Cannot read the memory of process ${pid}: it belongs to user 0, and you are user 65534.  Try again as that user or as root.\n`,
    )
  })

  test('Deno reads /proc with all permissions only', async () => {
    const { pid } = await target('node20', 'wait')
    const { spawnSync } = await import('node:child_process')
    const { stderr } = spawnSync(
      RUNTIMES.deno[0],
      ['run', '-R', '-E', '-S', 'build/cli/shdb.js', '-batch', '-nx', '-p', `${pid}`],
      { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
    )
    expect(stderr).toMatch(/reads \/proc with all permissions only: deno run -A\n$/)
  })
})

describe('a process that records as fast as it can', () => {
  const WATCHED_MS = 600
  const LOOKS_LEAST = 4

  /** Lives of which something is not as the process wrote it. */
  function wrong(image: Image): { readonly lives: number; readonly wrong: string[]; lost: number } {
    const bad: string[] = image.problems().map(({ text }) => text)
    let lives = 0
    let lost = 0
    for (const history of image.list('TCP con')?.histories() ?? []) {
      const events = history.events()
      lives++
      if (events.some((event) => event.lost > 0)) lost++
      const logs = events.filter(({ verb }) => verb !== '').map(({ log }) => log)
      const isFirst = history.objectText === OBJECT
      if (!isFirst && (logs.length > 2 || new Set(logs).size > 1)) {
        bad.push(`${history.objectText}: ${logs.join('; ')}`)
      }
    }
    return { lives, wrong: bad, lost }
  }

  test.each(['node20', 'bun'] as const)(
    '%s: what is read is right; what it costs is told',
    async (runtime) => {
      const program = await target(runtime, 'busy')
      let looks = 0
      const rates = async (look: () => void, least = 0): Promise<number> => {
        const before = program.said().length
        const end = Date.now() + WATCHED_MS
        while (Date.now() < end || looks < least) {
          look()
          await new Promise((done) => setTimeout(done, 20))
        }
        const seen = [
          ...program
            .said()
            .slice(before)
            .matchAll(/rate (\d+)/g),
        ].map((each) => Number(each[1]))
        return seen.sort((one, other) => one - other)[seen.length >> 1] ?? 0
      }
      const found = await openProcess(program.pid)
      const [image] = found.images as [Image]
      const without = await rates(() => {})
      const spent = process.cpuUsage()
      const withReader = await rates(() => {
        if (found.process?.reread(image) !== undefined) looks++
      }, LOOKS_LEAST)
      const { user, system } = process.cpuUsage(spent)
      let lives = 0
      let lost = 0
      const bad: string[] = []
      // The whole window passes in some milliseconds, and copying takes one or two: some lives are cut, and say so. Where this
      // process is held up while it copies, those are many.
      for (let i = 0; i < 5 || (lives - lost <= 1000 && i < 50); i++) {
        const now = found.process?.reread(image)
        if (now === undefined) throw new Error('not a process')
        const seen = wrong(now)
        lives += seen.lives
        lost += seen.lost
        bad.push(...seen.wrong)
      }
      console.log(
        `${runtime}: ${without} pushes/s alone, ${withReader} with ${looks} copies (${Math.round((user + system) / 1000)} ms of CPU); ${lives} lives seen, ${lost} of them while they were written`,
      )
      expect(bad).toEqual([])
      expect(looks).toBeGreaterThanOrEqual(LOOKS_LEAST)
      expect(lives).toBeGreaterThan(5000)
      expect(lives - lost).toBeGreaterThan(1000)
    },
    60_000,
  )
})
