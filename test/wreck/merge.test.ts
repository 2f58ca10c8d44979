// Dumps of several processes in one file, on one time line.

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import * as at from '../../assembly/layout.ts'
import { openImage } from '../../src/inspect.ts'
import { ImageBuilder } from '../support/image-builder.ts'
import { Folder, shdb, shdbCommand } from './programs.ts'

const folder = new Folder()
afterAll(() => folder.remove())
const BEGIN = Date.UTC(2026, 10, 24, 4)

/** A dump of a process that logs every `step` microseconds. */
function dump(
  name: string,
  recorderId: bigint,
  options: { after: number; step: number; events: number },
) {
  const builder = new ImageBuilder({ name, recorderId, pid: Number(recorderId), budget: 16 })
  const thread = builder.thread('main', { pid: Number(recorderId), tid: 1 })
  builder.verb('SEND', 'none')
  const life = builder.list('calls').push('call b9a7', { thread })
  life.by(thread)
  for (let k = 0; k < options.events; k++) life.at(k * options.step).log('SEND', `${name} %d`, k)
  const bytes = builder.build()
  const view = new DataView(bytes.buffer)
  view.setFloat64(at.HEADER_STARTED, BEGIN + options.after, true)
  recheck(bytes)
  const file = folder.file(`${name}-${options.events}.shdump`)
  writeFileSync(file, bytes)
  return file
}

function recheck(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer)
  let sum = 0
  for (let offset = 0; offset < at.HEADER_STATIC_BYTES; offset += 4) {
    if (offset === at.HEADER_VERSION || offset === at.HEADER_CHECK) continue
    sum += Math.imul(view.getUint32(offset, true), at.CHECK_BYTES + (offset / 4) * 2)
  }
  view.setUint32(at.HEADER_CHECK, sum >>> 0 || 1, true)
}

const proxy = dump('proxy', 11n, { after: 0, step: 1000, events: 4 })
const media = dump('media', 12n, { after: 1.5, step: 1000, events: 2 })

/** Time, image, pid, text. */
const rows = (out: string): unknown =>
  [...out.matchAll(/^2026-11-24T04:00:00\.(\d+)Z +\$\d+ +(\S+) +(\d+) .* "(.*)"$/gm)].map((each) =>
    each.slice(1),
  )

const MERGED = [
  ['000000', 'host-a', '11', 'proxy 0'],
  ['001000', 'host-a', '11', 'proxy 1'],
  ['001500', 'host-b', '12', 'media 0'],
  ['002000', 'host-a', '11', 'proxy 2'],
  ['002500', 'host-b', '12', 'media 1'],
  ['003000', 'host-a', '11', 'proxy 3'],
]

describe('shdb merge', () => {
  const out = folder.file('all.shdump')
  test('writes one file of them, which shows each event with its image and process in the order of the wall clock', () => {
    const {
      out: said,
      err,
      code,
    } = shdbCommand(['merge', `host-b=${media}`, `host-a=${proxy}`, '-o', out])
    expect({ said, err, code }).toEqual({
      said: `${out}: 2 recorders, 0.7 MiB\n`,
      err: '',
      code: 0,
    })
    expect(statSync(out).mode & 0o777).toBe(0o600)
    const shown = shdb(['-ex', 'timeline "call b9a7"', out])
    expect(rows(shown.out)).toEqual(MERGED)
    expect(shown.out).toMatch(
      /^host-a \(recorder "proxy", pid 11\): \S+ clock, within about \d ms\nhost-b /,
    )
    expect(shown.out).toMatch(
      /^Of images of different hosts, the difference of their clocks comes on top of that\.$/m,
    )
    const [last] = JSON.parse(shdb(['-ex', 'timeline --json -max 1', out]).out)
    expect(last).toMatchObject({
      image: 'host-a',
      recorder: 'proxy',
      pid: 11,
      log: 'proxy 3',
      time: '2026-11-24T04:00:00.003000Z',
    })
    expect(last.uncertainty).toBeGreaterThanOrEqual(1000)
  })

  test('of which the first images are the dumps, byte by byte', () => {
    const bytes = readFileSync(out)
    const whole = readFileSync(proxy)
    expect(bytes.subarray(0, whole.length).equals(whole)).toBe(true)
    expect(openImage(bytes).name).toBe('proxy')
  })

  test('a pipe of it, and a file that was merged again, show the same', () => {
    const again = folder.file('again.shdump')
    expect(shdbCommand(['merge', out, '-o', again]).code).toBe(0)
    expect(rows(shdb(['-ex', 'timeline', again]).out)).toEqual(MERGED)
    expect(rows(shdb(['-ex', 'timeline', '-'], readFileSync(out)).out)).toEqual(MERGED)
  })

  test('shdb A B shows the same under the names of the files', () => {
    const shown = shdb(['-ex', 'timeline "call b9a7"', media, proxy]).out
    const names = { 'host-a': proxy, 'host-b': media }
    expect(rows(shown)).toEqual(
      MERGED.map((row) => row.map((each) => names[each as keyof typeof names] ?? each)),
    )
  })

  test('keeps a recorder that was dumped twice once, as it was last', () => {
    const later = dump('proxy', 11n, { after: 0, step: 1000, events: 6 })
    const file = folder.file('twice.shdump')
    const { err, code } = shdbCommand(['merge', later, proxy, '-o', file])
    expect({ err, code }).toEqual({
      err: `warning: ${proxy} is left out: recorder "proxy" is in ${later}, too.\n`,
      code: 0,
    })
    expect(shdb(['-ex', 'timeline', file]).out).toMatch(/"proxy 5"$/m)
  })

  test('a damaged manifest costs the labels alone', () => {
    const bytes = readFileSync(out)
    bytes[bytes.length - at.CHUNK_BYTES + 30] = 0
    const file = folder.file('damaged.shdump')
    writeFileSync(file, bytes)
    const { out: shown } = shdb(['-ex', 'info target', file])
    expect(shown).toMatch(/#1: recorder "proxy"/)
    expect(shown).toMatch(/#2: recorder "media"/)
  })

  test.each([
    [['merge'], /^shdb merge: expected FILE\.\.\. and -o OUT\n/],
    [['merge', proxy], /^shdb merge: expected FILE\.\.\. and -o OUT\n/],
    [
      ['merge', '/nowhere', '-o', folder.file('none')],
      /^shdb merge: \/nowhere: No such file or directory\.\n$/,
    ],
    [['merge', proxy, '-o', media], /the file exists, and a dump never overwrites another\n$/],
  ])('%s', (words, message) => {
    const { err, code } = shdbCommand(words)
    expect(err).toMatch(message)
    expect(code).toBe(1)
    expect(existsSync(folder.file('none'))).toBe(false)
  })
})
