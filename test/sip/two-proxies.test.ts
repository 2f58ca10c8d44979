// One call by two proxies in two processes: in the merged images it is one life.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const SHDB = join(ROOT, 'build/cli/shdb.js')
const CALLS = 10
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'two-proxies-'))
  const argv = [join(ROOT, 'examples/sip-proxy/two.mjs'), '--calls', `${CALLS}`, '--dumps', folder]
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(/^10 calls, 0 failed, by two proxies\nnpx shdb .*timeline [0-9a-f-]+'\n$/)
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function shdb(command: string) {
  const images = ['outer.shdump', 'inner.shdump']
  const argv = [SHDB, '-batch', '-nx', ...images, '-ex', command]
  const { stdout } = spawnSync(process.execPath, argv, { cwd: folder, encoding: 'utf8' })
  return JSON.parse(stdout)
}

describe('a call by two proxies', () => {
  let dialogs: { origin: string; image: string; len: number }[]
  beforeAll(() => {
    dialogs = shdb('info histories --json dialog')
  })

  test('has one origin in both', () => {
    const of = (image: string) => dialogs.filter((life) => life.image === image)
    const origins = (image: string) => of(image).map(({ origin }) => origin)
    expect(new Set(origins('outer.shdump')).size).toBe(CALLS)
    expect(origins('inner.shdump').sort()).toEqual(origins('outer.shdump').sort())
  })

  test('is one life in shdb, in the order of the wall clock', () => {
    const { origin } = dialogs[0] as { origin: string }
    const lives = shdb(`history --json ${origin}`)
    expect(lives.map(({ image }: { image: string }) => image)).toEqual([
      'outer.shdump',
      'inner.shdump',
    ])
    const events = shdb(`timeline --json ${origin}`)
    const times = events.map(({ time }: { time: string }) => time)
    expect(times).toEqual([...times].sort())
    expect(new Set(events.map(({ pid }: { pid: number }) => pid)).size).toBe(2)
    const first = events.findIndex(({ image }: { image: string }) => image === 'inner.shdump')
    expect(first).toBeGreaterThan(0)
  })
})
