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
  options: { after: number; step: number; events: number; host?: string },
) {
  const { host = '' } = options
  const builder = new ImageBuilder({ name, host, recorderId, pid: Number(recorderId), budget: 16 })
  const thread = builder.thread('main', { pid: Number(recorderId), tid: 1 })
  builder.verb('SEND', 'none')
  const life = builder.list('calls').push('call b9a7', { thread })
  life.by(thread)
  for (let k = 0; k < options.events; k++) life.at(k * options.step).log('SEND', `${name} %d`, k)
  const bytes = builder.build()
  const view = new DataView(bytes.buffer)
  view.setFloat64(at.HEADER_STARTED, BEGIN + options.after, true)
  recheck(bytes)
  const file = folder.file(`${name}-${options.events}${host}.shdump`)
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

  describe('of hosts that the images know', () => {
    const one = dump('proxy', 21n, { after: 0, step: 1000, events: 2, host: 'web1' })
    const other = dump('media', 22n, { after: 0.5, step: 1000, events: 2, host: 'web2' })
    const hostOfEach = (out: string) =>
      [...out.matchAll(/^2026-11-24T(\S+)Z +\$\d+ +(web\d) +\S+ +\d+ .* "(.*)"$/gm)].map((each) =>
        each.slice(1),
      )

    test('shows the host of each event, and that nothing is known of how far their clocks differ', () => {
      const { out: shown } = shdb(['-ex', 'timeline', '-ex', 'info target', one, other])
      expect(hostOfEach(shown)).toEqual([
        ['04:00:00.000000', 'web1', 'proxy 0'],
        ['04:00:00.000500', 'web2', 'media 0'],
        ['04:00:00.001000', 'web1', 'proxy 1'],
        ['04:00:00.001500', 'web2', 'media 1'],
      ])
      expect(shown).toMatch(
        /^\S+ \(recorder "proxy", pid 21, on web1\): coarse clock, within about 2 ms\n/,
      )
      expect(shown).toMatch(
        /^"shdb merge --clock" takes what is known of the clocks of web1, web2\.$/m,
      )
      expect(shown).toMatch(/^ {4}started 2026-11-24T04:00:00\.000Z on web1, format 1$/m)
    })

    test('--clock moves the times of a host, and says how far they may be off; also merged again, and exported', () => {
      const file = folder.file('clocks.shdump')
      const merge = ['merge', '--clock', 'web1=0,1ms', '--clock=web2=-0.75ms,500us']
      expect(shdbCommand([...merge, one, other, '-o', file])).toMatchObject({ err: '', code: 0 })
      const again = folder.file('clocks again.shdump')
      expect(shdbCommand(['merge', file, '-o', again]).code).toBe(0)
      for (const each of [file, again]) {
        const { out: shown } = shdb(['-ex', 'timeline', each])
        expect(hostOfEach(shown)).toEqual([
          ['03:59:59.999750', 'web2', 'media 0'],
          ['04:00:00.000000', 'web1', 'proxy 0'],
          ['04:00:00.000750', 'web2', 'media 1'],
          ['04:00:00.001000', 'web1', 'proxy 1'],
        ])
        expect(shown).toMatch(/within about 2\.5 ms; its host's clock: -750 us, within 500 us$/m)
        expect(shown).not.toMatch(/different hosts|--clock/)
      }
      const exported = shdbCommand(['export', '--format', 'jsonl', again]).out
      const rows = exported
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
      expect(rows.map(({ host, time, log }) => [host, time, log])).toContainEqual([
        'web2',
        '2026-11-24T03:59:59.999750Z',
        'media 0',
      ])
    })

    test('of one host, there is one clock', () => {
      const third = dump('cdr', 23n, { after: 0.5, step: 1000, events: 1, host: 'web1' })
      const { out: shown } = shdb(['-ex', 'timeline', one, third])
      expect(shown).toMatch(/^All are of host web1: one clock\.$/m)
      expect(shown).not.toMatch(/different hosts/)
      expect(hostOfEach(shown)).toEqual([])
    })

    test('a label names the host of an image that does not tell its own, and of no other', () => {
      const file = folder.file('named.shdump')
      const { code } = shdbCommand(['merge', `web8=${one}`, `web9=${proxy}`, '-o', file])
      expect(code).toBe(0)
      const found = JSON.parse(shdb(['-ex', 'info target --json', file]).out)
      expect(found.map(({ host }: { host: string }) => host).sort()).toEqual(['web1', 'web9'])
    })

    test.each([
      ['web3=0,1ms', 'no image is of host "web3"; they are of "web1", "web2"'],
      ['web1=5ms', 'expected HOST=OFFSET,WITHIN, as web2=-12ms,500us, got "web1=5ms"'],
      ['web1=5,1ms', 'expected us, ms or s behind 5, got "web1=5,1ms"'],
    ])('--clock %s: %s', (clock, message) => {
      const out = folder.file('refused')
      const { err, code } = shdbCommand(['merge', '--clock', clock, one, other, '-o', out])
      expect({ err, code }).toEqual({ err: `shdb merge: --clock: ${message}\n`, code: 1 })
      expect(existsSync(out)).toBe(false)
    })
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
