// shdb check as scripts call it: dumps of real recorders, exit statuses, JSON.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { Recorder } from '../../src/index.ts'
import { check, type Kind, openImage } from '../../src/inspect.ts'

const command = fileURLToPath(new URL(`../../${packageJson.bin.shdb}`, import.meta.url))
const runFile = 'Deno' in globalThis ? ['run', '-A'] : []
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shdb-check-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function shdb(...words: string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...runFile, command, ...words], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, NO_COLOR: '1' },
  })
  return { stdout, stderr, status }
}

type Log = (thread: 'main' | 'worker', verb: string, format?: string, ...args: unknown[]) => void

const ROLES = { REF: +1, UNREF: -1, SEND: 0, END: 'end' } as const

/** A recorder with two threads, `lives` connections that come and go, and one in the middle that does as it is told. */
function dump(
  lives: number,
  odd?: (log: Log, again: () => Log, release: () => void) => void,
): Uint8Array {
  const main = new Recorder({ name: 'proxy', thread: 'main' })
  const recorders = { main, worker: Recorder.join(main.share(), { thread: 'worker' }) }
  const verbs = { main: main.verbs(ROLES), worker: recorders.worker.verbs(ROLES) }
  const lists = { main: main.list('TCP con'), worker: recorders.worker.list('TCP con') }
  const push = (object: number): { log: Log; release: () => void } => {
    const { handle } = lists.main.push(object)
    return {
      log: (thread, verb, format, ...args) =>
        lists[thread].at(handle)?.log(verbs[thread][verb as keyof typeof ROLES], format, ...args),
      release: () => lists.main.at(handle)?.unref(),
    }
  }
  for (let n = 0; n < lives; n++) {
    const object = 0x1000 + n * 16
    const { log, release } = push(object)
    if (odd !== undefined && n === Math.floor(lives / 2)) odd(log, () => push(object).log, release)
    else good(log, release)
  }
  return main.snapshot()
}

function good(log: Log, release: () => void): void {
  log('main', 'REF', 'accept, (%d)', 1)
  log('main', 'REF', 'worker, (%d)', 2)
  log('worker', 'SEND', '%d bytes', 17)
  log('worker', 'UNREF', 'worker, (%d)', 1)
  log('main', 'UNREF', 'close, (%d)', 0)
  log('main', 'END')
  release()
}

const BUGS: Readonly<Partial<Record<Kind, Parameters<typeof dump>[1]>>> = {
  'use-after-end': (log, _, release) => {
    good(log, release)
    log('worker', 'SEND', '%d bytes', 1)
  },
  'unref-below-zero': (log) => {
    log('main', 'REF', 'accept, (%d)', 1)
    log('main', 'REF', 'worker, (%d)', 2)
    log('worker', 'UNREF', 'worker, (%d)', 1)
    log('worker', 'UNREF', 'worker, (%d)', 0)
    log('main', 'UNREF', 'close, (%d)', -1)
    log('main', 'END')
  },
  'end-while-referenced': (log) => {
    log('main', 'REF', 'accept, (%d)', 1)
    log('main', 'REF', 'worker, (%d)', 2)
    log('main', 'UNREF', 'close, (%d)', 1)
    log('main', 'END')
  },
  'double-end': (log, _, release) => {
    good(log, release)
    log('worker', 'END')
  },
  'log-after-last-unref': (log, _, release) => {
    log('main', 'REF', 'accept, (%d)', 1)
    log('main', 'UNREF', 'close, (%d)', 0)
    release()
    log('worker', 'SEND', '%d bytes', 1)
  },
  'count-mismatch': (log, _, release) => {
    log('main', 'REF', 'accept, (%d)', 1)
    log('main', 'REF', 'worker, (%d)', 2)
    log('worker', 'UNREF', 'worker, (%d)', 2)
    log('main', 'UNREF', 'close, (%d)', 0)
    log('main', 'END')
    release()
  },
  'lost-update': (log, _, release) => {
    log('main', 'REF', 'accept, (%d)', 1)
    log('main', 'REF', 'worker, (%d)', 2)
    log('worker', 'REF', 'worker, (%d)', 2)
    log('worker', 'UNREF', 'worker, (%d)', 1)
    log('main', 'UNREF', 'close, (%d)', 0)
    log('main', 'END')
    release()
  },
  'slot-reused': (log, again, release) => {
    good(log, release)
    const next = again()
    next('main', 'REF', 'accept, (%d)', 1)
    log('worker', 'SEND', '%d bytes', 1)
    next('main', 'UNREF', 'close, (%d)', 0)
    next('main', 'END')
  },
  leak: (log) => {
    log('main', 'REF', 'accept, (%d)', 1)
    log('main', 'REF', 'worker, (%d)', 2)
    log('worker', 'SEND', '%d bytes', 17)
    log('worker', 'UNREF', 'worker, (%d)', 1)
  },
}

describe('a dump of a real recorder', () => {
  test.each([0, 1, 2, 7, 60, 400])('of %d lives without a bug is clean', (lives) => {
    expect(check(openImage(dump(lives)))).toEqual([])
  })

  test.each(Object.entries(BUGS))('with %s has it first, about the right object', (kind, odd) => {
    for (const lives of [60, 400]) {
      const [first] = check(openImage(dump(lives, odd)))
      const object = `0x${(0x1000 + (lives / 2) * 16).toString(16)}`
      expect(first).toMatchObject({ kind, object, list: 'TCP con' })
    }
  })

  test.each(Object.entries(BUGS).filter(([kind]) => kind !== 'leak'))(
    'of a single life with %s has it, too',
    (kind, odd) => {
      expect(check(openImage(dump(1, odd)))[0]?.kind).toBe(kind)
    },
  )
})

describe('shdb check', () => {
  test('exits with 0 and says so when nothing is found', () => {
    writeFileSync(join(folder, 'clean.shdump'), dump(30))
    expect(shdb('check', 'clean.shdump')).toEqual({
      stdout: 'Nothing found in 30 lives (180 events).\n',
      stderr: '',
      status: 0,
    })
    expect(shdb('check', '--json', 'clean.shdump')).toEqual({
      stdout: '[]\n',
      stderr: '',
      status: 0,
    })
  })

  test('exits with 1 when something is found, in any of the images', () => {
    writeFileSync(join(folder, 'bad.shdump'), dump(30, BUGS['double-end']))
    const { stdout, stderr, status } = shdb('check', '--json', 'clean.shdump', 'bad.shdump')
    expect({ stderr, status }).toEqual({ stderr: '', status: 1 })
    const [finding, ...others] = JSON.parse(stdout)
    expect(others).toEqual([])
    expect(finding).toMatchObject({
      kind: 'double-end',
      list: 'TCP con',
      object: '0x10f0',
      events: [5, 6],
      threads: ['main', 'worker'],
      image: 'bad.shdump',
    })
    expect(typeof finding.text).toBe('string')
    expect(shdb('check', 'bad.shdump', '--list', 'TCP con').status).toBe(1)
    expect(shdb('check', '--least=0.99', 'bad.shdump').status).toBe(0)
  })

  test('exits with 2 when it cannot tell', () => {
    expect(shdb('check')).toEqual({
      stdout: '',
      stderr: 'shdb check: an image is required\n',
      status: 2,
    })
    expect(shdb('check', 'nosuch.shdump')).toMatchObject({ stdout: '', status: 2 })
    expect(shdb('check', '--nosuch', 'bad.shdump').stderr).toBe(
      "shdb check: unrecognized option '--nosuch'\n",
    )
    expect(shdb('check', '--list', 'nosuch', 'bad.shdump')).toMatchObject({ stdout: '', status: 2 })
  })

  test('explains itself', () => {
    const { stdout, status } = shdb('check', '--help')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^Usage: shdb check /)
  })
})
