// Real cores of real crashes, in every runtime: the right history is in each. Where the machine leaves no core, the test
// fails with what keeps it from that.

import { spawnSync } from 'node:child_process'
import { openSync, readFileSync, readSync, rmSync, truncateSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { coreOf, Folder, OBJECT, RUNTIMES, type Runtime, shdb, TARGET } from './programs.ts'

const folders: Folder[] = []
function folder(): Folder {
  const made = new Folder()
  folders.push(made)
  return made
}
afterAll(() => {
  for (const each of folders) each.remove()
})

/** What shdb must show of every core of target.mjs. */
function expectHistory(words: readonly string[], input?: Uint8Array): string {
  const { out, err, code } = shdb(
    ['-ex', 'info target', '-ex', `history ${OBJECT}`, ...words],
    input,
  )
  expect({ err, code }).toEqual({ err: '', code: 0 })
  expect(out).toMatch(/TCP con 0x7f95acf6ea60 #\d+: live, ref 1, 42 events, nothing lost\n/)
  expect(out).toMatch(/^\$1 = \{verb = TCP_REF, .* log = 0x[0-9a-f]+ "connect, \(1\)"\}$/m)
  expect(out).toMatch(/^\$41 = .* "send 39 to peer 0"\}$/m)
  expect(out).toMatch(/^\$42 = \{verb = TCP_UNREF, .* "close, \(0\)"\}$/m)
  // As the process had it: the record is inside of the memory that info target tells of.
  const base = BigInt(/512 KiB of 4 MiB used, at (0x[0-9a-f]+)/.exec(out)?.[1] ?? '0')
  const record = BigInt(/^\$1 = .* log = (0x[0-9a-f]+) /m.exec(out)?.[1] ?? '0')
  expect(base).toBeGreaterThan(0n)
  expect(record - base).toBeGreaterThan(65_536n)
  expect(record - base).toBeLessThan(524_288n)
  return out
}

const heap = (runtime: Runtime): readonly string[] => {
  const [program = '', ...words] = RUNTIMES[runtime]
  const limit = '--max-old-space-size=32'
  return runtime === 'deno'
    ? [program, ...words, `--v8-flags=${limit}`]
    : [program, limit, ...words]
}

interface Crash {
  readonly name: string
  readonly command: readonly string[]
  readonly signal?: NodeJS.Signals
  readonly by: string
}

const crashes: readonly Crash[] = [
  { name: 'node20 abort()', command: [...RUNTIMES.node20, TARGET, 'abort'], by: 'SIGABRT' },
  {
    name: 'node22 SIGSEGV',
    command: [...RUNTIMES.node22, TARGET, 'wait'],
    signal: 'SIGSEGV',
    by: 'SIGSEGV',
  },
  { name: 'node24 heap exhaustion', command: [...heap('node24'), TARGET, 'heap'], by: 'SIG\\w+' },
  {
    name: 'node26 uncaught, --abort-on-uncaught-exception',
    command: [...RUNTIMES.node26, '--abort-on-uncaught-exception', TARGET, 'throw'],
    by: 'SIG\\w+',
  },
  {
    name: 'deno SIGQUIT',
    command: [...RUNTIMES.deno, TARGET, 'wait'],
    signal: 'SIGQUIT',
    by: 'SIGQUIT',
  },
  { name: 'deno heap exhaustion', command: [...heap('deno'), TARGET, 'heap'], by: 'SIG\\w+' },
]

describe('the core of a crash holds the history', () => {
  for (const { name, command, signal, by } of crashes) {
    test(name, async () => {
      const here = folder()
      const core = await coreOf(here, command, signal)
      expect(expectHistory([core])).toMatch(new RegExp(`terminated with signal ${by}\n`))
      here.remove()
    }, 60_000)
  }
})

describe('several recorders in one core', () => {
  const names = (out: string): unknown =>
    [...out.matchAll(/^[* ] (\S+): recorder "([^"]+)"/gm)].map((each) => each[2])
  const bases = (out: string): readonly number[] =>
    [...out.matchAll(/used, at (0x[0-9a-f]+)/g)].map((each) => Number(each[1]))

  test('node20: all are opened, the first is current, and one can be asked for', async () => {
    const here = folder()
    const core = await coreOf(here, [...RUNTIMES.node20, TARGET, 'abort', '3', 'snapshot'])
    const out = expectHistory([core])
    expect(names(out)).toEqual(['proxy', 'proxy 1', 'proxy 2'])
    expect(out).toMatch(/^\* \S+#1: recorder "proxy"/m)
    expect(bases(out).map((base) => base % 65_536)).toEqual([0, 0, 0])
    const second = shdb(['-recorder', 'proxy 1', '-ex', 'info target', core]).out
    expect(second).toMatch(/^\* \S+#2: recorder "proxy 1", pid \d+\n/)
    expect(second.match(/: recorder/g)).toHaveLength(1)
    expect(shdb(['-recorder', '2', '-ex', 'info target', core]).out).toBe(second)
    const none = shdb(['-recorder', 'cache', core])
    expect(none.code).toBe(1)
    expect(none.err).toMatch(
      /^No recorder "cache": there are 1 "proxy" .*, 3 "proxy 2" \(.*\)\.\n$/,
    )
    here.remove()
  }, 60_000)

  test('bun: abort(), and the snapshots that lie in its heap are told from the recorders', async () => {
    const here = folder()
    const core = await coreOf(here, [...RUNTIMES.bun, TARGET, 'abort', '3', 'snapshot'])
    const out = expectHistory([core])
    expect(names(out)).toEqual(['proxy', 'proxy 1', 'proxy 2'])
    expect(out).toMatch(/a copy of recorder "proxy" at 0x[0-9a-f]+ was left out/)
    expect(bases(out).map((base) => base % 65_536)).toEqual([4096, 4096, 4096])
    here.remove()
  }, 60_000)
})

describe('one core', () => {
  const here = folder()
  let core = ''
  beforeAll(async () => {
    core = await coreOf(here, [...RUNTIMES.node20, TARGET, 'abort'])
  }, 60_000)

  const tool = (command: string): string => {
    const { status, stderr } = spawnSync('bash', ['-c', command], {
      cwd: here.path,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`${command}: ${stderr}`)
    return command.split(' ').at(-1) ?? ''
  }

  test('compressed by gzip, zstd, lz4', () => {
    expectHistory([here.file(tool(`gzip -1 -c ${core} > core.gz`))])
    expectHistory([here.file(tool(`zstd -q -1 ${core} -o core.zst`))])
    expectHistory([here.file(tool(`lz4 -q -1 ${core} core.lz4`))])
  })

  test('by a runtime that undoes zstd by itself', () => {
    const program = RUNTIMES.node24[0]
    const { stdout } = spawnSync(
      program,
      [
        'build/cli/shdb.js',
        '-q',
        '-nx',
        '-batch',
        '-ex',
        `history ${OBJECT}`,
        here.file('core.zst'),
      ],
      { encoding: 'utf8', env: { PATH: '/nonexistent' } },
    )
    expect(stdout).toMatch(/42 events, nothing lost/)
  })

  test('piped, as it is and compressed', () => {
    expectHistory(['-'], readFileSync(core))
    expectHistory(['-'], readFileSync(here.file('core.zst')))
  })

  test('a compressed core that is cut is read as far as it goes', () => {
    for (const [name, most] of [
      ['core.gz', 0.99],
      ['core.zst', 0.99],
      ['core.lz4', 0.99],
      ['core.gz', 0.5],
      ['core.zst', 0.5],
      ['core.lz4', 0.5],
    ] as const) {
      const whole = readFileSync(here.file(name))
      const { out, err, code } = shdb(
        ['-ex', 'info lists', '-'],
        whole.subarray(0, whole.length * most),
      )
      expect(err, name).toMatch(/the core was cut: \d+\.\d MiB of its \d+\.\d MiB are missing\./)
      if (most < 0.6) {
        expect(err).toMatch(
          /^No recorder in -, x86-64 core of `.*node20.*', process \d+, terminated with signal SIGABRT: \d/,
        )
        expect(code).toBe(1)
      } else expect(out).toMatch(/TCP con/)
    }
  }, 120_000)

  test('of which a snapshot is kept is a dump like any other', () => {
    const script = ['-ex', `history ${OBJECT}`]
    const { out } = shdb([...script, core])
    expect(out).not.toBe('')
    // In the middle of the recorder: what is there is shown, what is missing told.
    const base = Number(/used, at (0x[0-9a-f]+)/.exec(shdb(['-ex', 'info target', core]).out)?.[1])
    truncateSync(core, offsetOf(core, base) + 300_000)
    const cut = shdb(['-ex', 'info target', '-ex', 'info lists', core])
    expect(cut.code).toBe(0)
    expect(cut.err).toMatch(/^warning: .*: the core was cut: /)
    expect(cut.out).toMatch(/the length is 300000, expected 524288, as the header says/)
    expect(cut.out).toMatch(/TCP con/)
    rmSync(core)
  })
})

/** Where in a core the memory at an address stands. */
function offsetOf(core: string, address: number): number {
  const file = openSync(core, 'r')
  const header = new DataView(new ArrayBuffer(64))
  readSync(file, header, 0, 64, 0)
  const at = Number(header.getBigUint64(32, true))
  for (let i = 0; i < header.getUint16(56, true); i++) {
    const segment = new DataView(new ArrayBuffer(56))
    readSync(file, segment, 0, 56, at + 56 * i)
    const start = Number(segment.getBigUint64(16, true))
    const length = Number(segment.getBigUint64(32, true))
    if (segment.getUint32(0, true) === 1 && start <= address && address < start + length)
      return Number(segment.getBigUint64(8, true)) + address - start
  }
  throw new Error(`0x${address.toString(16)} is not in ${core}`)
}
