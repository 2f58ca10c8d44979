// What goes wrong around a log: nobody there, nobody who reads, no room, lines too long, texts that would be more than a text.

import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { killAll, sleep } from '../wreck/running.ts'
import { Rsyslog } from './rsyslog.ts'
import { newFolder, RUNTIMES, service, told } from './running.ts'
import { spooled } from './spooled.ts'

const FORGED =
  '<134>1 2026-11-28T00:00:00Z h service 1 END [struct-history@32473 object="forged"] x'

let folder = ''
beforeEach(() => {
  folder = newFolder()
})
afterEach(() => {
  killAll()
  rmSync(folder, { recursive: true })
})

describe('a server that is not there', () => {
  for (const runtime of RUNTIMES)
    test(`holds ${runtime} up for no longer than endWithin, and its status stands`, async () => {
      const port = await freePort()
      const { stats, code, stderr } = await told(
        service(runtime, {
          target: ['syslog', { transport: 'tcp', port }],
          log: { queue: 16, endWithin: 500 },
          histories: 100,
          awaitFailure: true,
          flush: 0,
          exit: 3,
        }).ended,
      )
      expect(code).toBe(3)
      expect(stats.historiesWritten).toBe(0)
      expect(stats.writesFailed).toBeGreaterThan(0)
      expect(String(stats.lastWriteFailure)).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+: /)
      expect(stderr).toMatch(
        /struct-history: 100 histories with 300 events were not written to the log: tcp:\/\/127/,
      )
    })

  test('over UDP is noticed where its machine says so', async () => {
    const port = await freePort()
    const { stderr } = await told(
      service('node20', {
        target: ['syslog', { transport: 'udp', port }],
        log: { endWithin: 500 },
        histories: 10,
        awaitFailure: true,
        flush: 0,
      }).ended,
    )
    expect(stderr).toMatch(/10 histories with 30 events were not written.*ECONNREFUSED/)
  })

  test('a certificate that nobody vouches for is none', async () => {
    const server = await Rsyslog.start(folder)
    const { stderr } = await told(
      service('node20', {
        target: ['syslog', { transport: 'tls', port: server.tls, host: 'localhost' }],
        log: { endWithin: 500 },
        histories: 10,
        awaitFailure: true,
        flush: 0,
      }).ended,
    )
    expect(stderr).toMatch(/10 histories with 30 events were not written.*self-signed certificate/)
    expect(server.lines()).toEqual([])
    await server.end()
  })
})

test('a server that does not read holds nobody up', async () => {
  const server = createServer((socket) => socket.pause()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const { stats, stderr } = await told(
    service('node20', {
      target: ['syslog', { transport: 'tcp', port, timeout: 200 }],
      log: { queue: 16, pending: 1000, endWithin: 500 },
      histories: 200,
      awaitFailure: true,
      flush: 0,
    }).ended,
  )
  expect(stats.historiesWritten).toBe(0)
  expect(stats.lastWriteFailure).toContain('the server does not read')
  expect(stderr).toContain('200 histories with 600 events were not written to the log')
  server.close()
})

describe('a disk without room', () => {
  test('has whole lines of whole batches, and gets the rest when there is room again', async () => {
    const disk = join(folder, 'disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk])
    try {
      const path = join(disk, 'histories.log')
      writeFileSync(join(disk, 'ballast'), new Uint8Array(48 * 1024))
      const { ended, said } = service('node20', {
        target: ['file', path],
        log: { batch: 6000 },
        histories: 30,
        awaitFailure: true,
      })
      await said('failed')
      const before = readFileSync(path, 'utf8')
      expect(before).toMatch(/^$|\n$/)
      expect(spooled(before.split('\n')).whole.size).toBeLessThan(30)
      rmSync(join(disk, 'ballast'))
      const { stats } = await told(ended)
      const after = spooled(readFileSync(path, 'utf8').split('\n'))
      expect(stats).toMatchObject({ historiesWritten: 30, historiesNotWritten: 0 })
      expect(stats.lastWriteFailure).toContain('ENOSPC')
      expect(after.whole.size).toBe(30)
    } finally {
      execFileSync('umount', [disk])
    }
  })

  for (const runtime of RUNTIMES)
    test(`is told by ${runtime} at its end`, async () => {
      const { stderr } = await told(
        service(runtime, {
          target: ['file', '/dev/full'],
          log: { endWithin: 500 },
          histories: 5,
          awaitFailure: true,
          flush: 0,
        }).ended,
      )
      expect(stderr).toMatch(
        /5 histories with 15 events were not written to the log: .*(ENOSPC|No space left)/,
      )
    })
})

describe('texts that would be more than a text', () => {
  let server: Rsyslog | undefined
  let spool = ''
  beforeAll(async () => {
    spool = newFolder()
    server = await Rsyslog.start(spool)
  })
  afterAll(async () => {
    await server?.end()
    rmSync(spool, { recursive: true })
  })

  const linesOf = async (name: string, count: number) => {
    const deadline = performance.now() + 45_000
    const lines = () => (server as Rsyslog).lines().filter((line) => line.includes(` ${name} `))
    while (lines().length < count && performance.now() < deadline) await sleep(20)
    return lines()
  }
  const send = (name: string, transport: 'udp' | 'tcp', orders: object) => {
    const { tcp, udp } = server as Rsyslog
    const target = ['syslog', { transport, port: transport === 'tcp' ? tcp : udp }]
    return told(service('node20', { name, target, histories: 2, ...orders }).ended)
  }

  for (const transport of ['udp', 'tcp'] as const)
    test(`too long for rsyslogd: cut over ${transport}, and says by how much`, async () => {
      const name = `long-${transport}`
      await send(name, transport, { text: '😀"\\'.repeat(1300) })
      const lines = await linesOf(name, 8)
      expect(lines).toHaveLength(8)
      const cut = lines.filter((line) => / cut="\d+"\] /.test(line))
      expect(cut).toHaveLength(2)
      for (const line of lines)
        expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(8096)
      expect(spooled(lines).whole.size).toBe(2)
    })

  for (const transport of ['udp', 'tcp'] as const)
    test(`line ends and control characters forge nothing over ${transport}`, async () => {
      const name = `forged-${transport}`
      const text = `a\n${FORGED}\r\n\0\x1b[2Jb\u0085\u2028${FORGED}`
      await send(name, transport, { text, object: `o"] x\n${FORGED}` })
      const lines = await linesOf(name, 8)
      expect(lines).toHaveLength(8)
      const { lives, whole } = spooled(lines)
      expect(lives.size).toBe(2)
      expect(whole.size).toBe(2)
      for (const { object } of lives.values()) expect(object).not.toBe('forged')
      const all = readFileSync((server as Rsyslog).spool, 'utf8')
      expect(all.split('\n').filter((line) => line.startsWith(FORGED.slice(0, 30)))).toEqual([])
    })

  test('lone surrogates, and bytes in the memory that are no UTF-8, are valid UTF-8 in the log', async () => {
    await send('surrogates', 'tcp', { text: 'x\ud800y\udc00' })
    await send('invalid', 'tcp', { object: 'MARKER', damage: 'MARKER' })
    const lines = [...(await linesOf('surrogates', 8)), ...(await linesOf('invalid', 8))]
    expect(lines).toHaveLength(16)
    new TextDecoder('utf-8', { fatal: true }).decode(readFileSync((server as Rsyslog).spool))
    expect(lines.join('\n')).toMatch(/ object="\ufffd\ufffd\\\\n\ufffdER \d" /)
    expect(lines.join('\n')).toContain('x\ufffdy\ufffd')
  })
})

describe('threads', () => {
  for (const runtime of RUNTIMES)
    test(`of ${runtime} write to one log, and one that is terminated holds nobody up`, {
      timeout: 60_000,
    }, async () => {
      const path = join(folder, 'threads.log')
      const { stats } = await told(service(runtime, { path }, 'threads').ended)
      const lines = readFileSync(path, 'utf8').split('\n')
      const { whole, lost } = spooled(lines)
      const ofOthers = [...whole].filter((object) => !object.startsWith('endless'))
      const notWritten = Number(stats.historiesNotWritten)
      expect(whole.size).toBe(stats.historiesWritten)
      expect(ofOthers.length).toBeGreaterThanOrEqual(800 - notWritten)
      expect(lost.histories).toBeLessThanOrEqual(notWritten)
    })
})
