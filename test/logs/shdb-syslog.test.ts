// shdb on logs as a user runs it: every command, rotation, compression, pipes, logs that go on.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { plain, recordsOfImage, shuffled, structured } from '../support/log-lines.ts'
import { random } from '../support/random.mjs'

const SHDB = join(import.meta.dirname, '../../build/cli/shdb.js')
const DEADLINE = 60_000
let folder: string
/** Of two hosts, in the order in which they were logged. */
let lines: { web1: string[]; web2: string[] }
const path = (name: string): string => join(folder, name)

function recorded(name: string, seed: number): Uint8Array {
  const recorder = new Recorder({ name, budget: '4MiB', thread: 'main' })
  const { REF, UNREF, END } = recorder.verbs({ REF: +1, UNREF: -1, END: 'end' })
  const list = recorder.list('TCP con')
  for (let n = 0; n < 40; n++) {
    const history = list.push(0x1000 + n * 16)
    history.log(REF, 'accept from %s, (%d)', `10.0.${seed}.${n}`, 1)
    history.log(UNREF, 'close, (%d)', 0)
    history.log(END)
    // The bug: used after it was destroyed.
    if (n === 20) history.log(UNREF, 'late, (%d)', -1)
    history.unref()
  }
  return recorder.snapshot()
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shdb-syslog-'))
  const linesOf = (name: string, seed: number): string[] => {
    const bytes = recorded('proxy', seed)
    writeFileSync(path(`${name}.shdump`), bytes)
    return recordsOfImage(openImage(bytes), name).map(seed === 1 ? structured : plain)
  }
  lines = { web1: linesOf('web1', 1), web2: linesOf('web2', 2) }
  writeFileSync(path('both.log'), text(shuffled([...lines.web1, ...lines.web2], random(1))))
})
afterAll(() => rmSync(folder, { recursive: true }))

const text = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('')

function shdb(argv: readonly string[], input?: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SHDB, ...argv], {
    encoding: 'utf8',
    cwd: folder,
    input,
    timeout: DEADLINE,
    env: { ...process.env, HOME: folder, NO_COLOR: '1' },
  })
  return { status, stdout, stderr }
}

/** What these commands print of that log. */
function session(commands: readonly string[], ...argv: string[]): string {
  const { stdout, stderr } = shdb([
    '-batch',
    '-nx',
    ...commands.flatMap((each) => ['-ex', each]),
    ...argv,
  ])
  expect(stderr).toBe('')
  return stdout
}

describe('every command works on histories out of a log', () => {
  const syslog = ['--syslog', 'both.log']

  test('info lists, histories, threads, verbs, stats, target', () => {
    const shown = session(['info lists', 'info verbs', 'info threads', 'info target'], ...syslog)
    expect(shown).toContain('web1 proxy[')
    expect(shown).toContain('web2 proxy[')
    expect(shown).toMatch(/ 0 {2}TCP con +40 +all +40 +0 +0 {2}on/)
    expect(shown).toContain('on web1, out of a log')
    expect(shown).toContain('322 lines of histories in both.log')
    const stats = JSON.parse(session(['info stats --json'], ...syslog))
    expect(stats).toMatchObject([
      { logged: 121, histories: 40, lines: 161, linesMissing: 0 },
      { logged: 121, histories: 40, lines: 161, linesMissing: 0 },
    ])
    const histories = JSON.parse(session(['info histories --json'], ...syslog))
    expect(histories).toHaveLength(80)
  })

  test('history, gdb expressions, find, timeline, diff, paths, why', () => {
    const shown = session(
      [
        'history 0x1140',
        'set $sh = history(0x1140)',
        'print $sh->len',
        'print $sh->actions[1].log',
        'print *$sh->actions@2',
        'print $sh->actions[3]',
        'output $sh->obj',
        'find /late/',
        'why 0x1140',
        'timeline',
        'diff 0x1140 0x1150',
        'info paths',
        'event 0x1140 3',
        'around 1ms',
      ],
      ...syslog,
    )
    expect(shown).toContain('"accept from 10.0.1.20, (1)"')
    expect(shown).toMatch(/\$\d+ = 0x[0-9a-f]+ "close, \(0\)"\n/)
    expect(shown).toMatch(/verb = UNREF, .* "late, \(-1\)"} <after end>/)
    expect(shown).toContain('use-after-end')
  })

  test('check finds what it finds in the dumps, and tells scripts', () => {
    const strip = (json: string) =>
      JSON.parse(json).map(({ kind, object, history, events }: Record<string, unknown>) => ({
        kind,
        object,
        history,
        events,
      }))
    const of = shdb(['check', '--json', 'web1.shdump', 'web2.shdump'])
    const ours = shdb(['check', '--json', ...syslog])
    expect(ours.status).toBe(1)
    const sorted = (findings: { history: number; kind: string }[]) =>
      findings.map((each) => JSON.stringify(each)).sort()
    expect(sorted(strip(ours.stdout))).toEqual(sorted(strip(of.stdout)))
    expect(ours.stdout).toContain('"web2 proxy[')
  })

  test('export has the same rows', () => {
    const rows = (out: string) =>
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        // No line tells of the origin.
        .map((row) => JSON.stringify({ ...row, host: '', origin: '' }))
        .sort()
    const of = shdb(['export', '--format', 'jsonl', 'web1.shdump', 'web2.shdump'])
    const ours = shdb(['export', '--format', 'jsonl', ...syslog])
    expect(rows(ours.stdout)).toEqual(rows(of.stdout))
    expect(ours.stdout).toContain('"host":"web1"')
  })

  test('merge writes dumps and logs into one log, which shdb opens by its name', () => {
    const { stdout, stderr } = shdb([
      'merge',
      'web1.shdump',
      '--syslog',
      'web2.log',
      '-o',
      'all.log',
    ])
    expect({ stdout, stderr }).toMatchObject({
      stdout: '',
      stderr: expect.stringContaining('web2.log: No such file'),
    })
    writeFileSync(path('web2.log'), text(lines.web2))
    expect(
      shdb(['merge', 'web1=web1.shdump', '--syslog', 'web2.log', '-o', 'all.log']).stdout,
    ).toMatch(/^all\.log: 2 recorders as lines/)
    expect(readFileSync(path('all.log'), 'utf8').trim().split('\n').sort()).toHaveLength(322)
    expect(JSON.parse(session(['info target --json'], 'all.log'))).toHaveLength(2)
    const both = [shdb(['check', '--json', 'all.log']), shdb(['check', '--json', ...syslog])]
    expect(JSON.parse(both[0]?.stdout ?? '').length).toBe(JSON.parse(both[1]?.stdout ?? '').length)
  })
})

describe('a log is read with what was rotated away from it', () => {
  test('numbers and dates, compressed or not; doubled lines are none', () => {
    mkdirSync(path('rotated'))
    const [first, second, third, fourth] = [0, 80, 100, 130].map((at, n, all) =>
      text(lines.web1.slice(Math.max(0, at - 5), all[n + 1])),
    )
    writeFileSync(path('rotated/proxy.log'), fourth ?? '')
    writeFileSync(path('rotated/proxy.log.1'), third ?? '')
    writeFileSync(path('rotated/proxy.log.2.gz'), gzipSync(second ?? ''))
    writeFileSync(path('rotated/proxy.log-20261127.zst'), zstd(first ?? ''))
    writeFileSync(path('rotated/proxy.log.old'), 'none of ours')
    const stats = JSON.parse(session(['info stats --json'], '--syslog', 'rotated/proxy.log'))
    expect(stats).toMatchObject([{ histories: 40, linesMissing: 0 }])
    expect(stats[0].lines).toBe(161 + 15)
    const shown = session(['info target'], '--syslog', 'rotated/proxy.log')
    for (const name of ['-20261127.zst', '.2.gz', '.1', ''])
      expect(shown).toContain(`rotated/proxy.log${name}`)
    expect(shown).not.toContain('.old')
    rmSync(path('rotated/proxy.log.2.gz'))
    const less = session(['info lists', 'info histories -lost'], '--syslog', 'rotated/proxy.log')
    expect(less).toMatch(/- \d+ events? of \d+ (life|lives) in web1 proxy\[\d+\]: no line tells of/)
  })

  test('one that is cut is told of, and the rest is shown', () => {
    const whole = gzipSync(text(lines.web1))
    writeFileSync(path('cut.log.gz'), whole.subarray(0, whole.length - 200))
    const { stdout, stderr } = shdb([
      '-batch',
      '-nx',
      '-ex',
      'info lists',
      '--syslog',
      'cut.log.gz',
    ])
    expect(stderr).toContain('cut.log.gz: the gzip stream is broken or cut')
    expect(stdout).toContain('TCP con')
  })

  test('from a pipe', () => {
    const { stdout } = shdb(
      ['-batch', '-nx', '-ex', 'history 0x1140', '--syslog', '-'],
      text(lines.web1),
    )
    expect(stdout).toContain('late, (-1)')
  })

  test('without a history, that is the whole answer', () => {
    writeFileSync(path('foreign.log'), 'sshd: hello\n'.repeat(1000))
    expect(shdb(['-batch', '--syslog', 'foreign.log'])).toMatchObject({
      status: 1,
      stderr: 'No history in foreign.log: no line has "[struct-history".\n',
    })
    expect(shdb(['-batch', '--syslog', 'nowhere.log']).stderr).toBe(
      'nowhere.log: No such file or directory.\n',
    )
    expect(shdb(['-batch', '--syslog', '.']).stderr).toBe('.: Is a directory.\n')
  })

  test('what cannot be read of it is told once, by line', () => {
    const bad = lines.web1.map((line, n) =>
      n === 5 || n === 7 ? line.replace(' index=', ' idx=') : line,
    )
    writeFileSync(path('bad.log'), text(bad))
    const { stderr } = shdb(['-batch', '-nx', '-ex', 'info lists', '--syslog', 'bad.log'])
    expect(stderr).toMatch(
      /^warning: bad\.log: 2 lines of histories cannot be read; the first: line \d is no line of a history: it has no index\.\n$/,
    )
  })
})

/** Node 20 has no zstd; the tool has. */
const zstd = (content: string): Uint8Array => spawnSync('zstd', ['-c'], { input: content }).stdout

describe('a log is followed', () => {
  const running = new Set<ChildProcess>()
  afterAll(() => {
    for (const child of running) child.kill()
  })

  function started(argv: readonly string[]) {
    const child = spawn(process.execPath, [SHDB, ...argv], {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, HOME: folder, NO_COLOR: '1' },
    })
    running.add(child)
    let out = ''
    child.stdout.on('data', (part) => {
      out += part
    })
    child.stderr.on('data', (part) => {
      out += part
    })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    const until = async (what: RegExp): Promise<string> => {
      for (
        const end = Date.now() + DEADLINE;
        ;
        await new Promise((resolve) => setTimeout(resolve, 20))
      ) {
        if (what.test(out)) return out
        if (Date.now() > end) throw new Error(`not seen: ${what} in ${out}`)
      }
    }
    return { child, until, ended, write: (line: string) => child.stdin.write(`${line}\n`) }
  }

  test('refresh reads what came, also in a new file of the name, and recorders that are new', {
    timeout: DEADLINE * 2,
  }, async () => {
    writeFileSync(path('live.log'), text(lines.web1.slice(0, 8)))
    const shell = started(['-nx', '-q', '--syslog', 'live.log', '--follow'])
    shell.write('info lists')
    await shell.until(/TCP con +2 /)
    appendFileSync(path('live.log'), text(lines.web1.slice(8, 16)))
    shell.write('refresh\ninfo lists')
    await shell.until(/TCP con +4 /)
    renameSync(path('live.log'), path('live.log.1'))
    appendFileSync(path('live.log.1'), text(lines.web1.slice(16, 20)))
    writeFileSync(path('live.log'), text([...lines.web1.slice(20, 24), ...lines.web2.slice(0, 4)]))
    shell.write('refresh\ninfo lists')
    await shell.until(/TCP con +6 [\s\S]*TCP con +1 /)
    truncateSync(path('live.log'))
    appendFileSync(path('live.log'), text(lines.web1.slice(24, 28)))
    shell.write('refresh\ninfo lists\nquit')
    await shell.until(/TCP con +7 /)
    expect(await shell.ended).toBe(0)
  })

  test('check --follow tells each finding once, when it happens', {
    timeout: DEADLINE * 2,
  }, async () => {
    const at = lines.web1.findIndex((line) => line.includes('late, (-1)'))
    const check = started(['check', '--follow', '--json', '--syslog', '-'])
    check.write(lines.web1.slice(0, at).join('\n'))
    await new Promise((resolve) => setTimeout(resolve, 700))
    check.write(lines.web1.slice(at).join('\n'))
    const told = await check.until(/unref-below-zero/)
    check.child.stdin.end()
    expect(await check.ended).toBe(1)
    const findings = told
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(findings.filter(({ kind }) => kind === 'unref-below-zero')).toMatchObject([
      { object: '0x1140' },
    ])
  })

  test('follow prints the events of an object as they come', {
    timeout: DEADLINE * 2,
  }, async () => {
    writeFileSync(path('one.log'), text(lines.web1.slice(0, 2)))
    const shell = started([
      '-batch',
      '-nx',
      '--syslog',
      'one.log',
      '--follow',
      '-ex',
      'follow -max 2 0x1000',
    ])
    await shell.until(/TCP con 0x1000/)
    appendFileSync(path('one.log'), text(lines.web1.slice(2, 4)))
    expect(await shell.until(/"close, \(0\)"[\s\S]*verb = END/)).not.toContain('- 2 events lost')
    expect(await shell.ended).toBe(0)
  })
})
