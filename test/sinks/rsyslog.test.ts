// Histories to a real rsyslogd, from every runtime, over every way; and rsyslogd killed under load.

import { readFileSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { killAll, sleep } from '../wreck/running.ts'
import { Rsyslog } from './rsyslog.ts'
import { newFolder, RUNTIMES, service, told } from './running.ts'
import { spooled } from './spooled.ts'

let folder = ''
let server: Rsyslog | undefined

beforeAll(async () => {
  folder = newFolder()
  server = await Rsyslog.start(folder)
})

afterAll(async () => {
  killAll()
  await server?.end()
  rmSync(folder, { recursive: true })
})

const ways = ({ udp, tcp, tls, socket, certificate }: Rsyslog) => ({
  udp: { transport: 'udp', port: udp },
  tcp: { transport: 'tcp', port: tcp },
  tls: { transport: 'tls', port: tls, host: 'localhost', ca: readFileSync(certificate, 'utf8') },
  unix: { transport: 'unix', path: socket },
})

async function eventually(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 45_000
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`never: ${holds}`)
    await sleep(20)
  }
}

describe('rsyslogd gets whole histories over UDP, TCP, TLS and a unix socket', () => {
  for (const runtime of RUNTIMES) {
    test(`from ${runtime}`, { timeout: 90_000 }, async () => {
      const rsyslog = server as Rsyslog
      const each = async ([way, options]: [string, object]) => {
        const name = `${runtime}-${way}`
        // It waits for nothing when all is written: or this test would take a minute.
        const log = { endWithin: 60_000 }
        const orders = { name, target: ['syslog', options], log, histories: 40 }
        const { stats, stderr } = await told(service(runtime, orders).ended)
        expect(stderr).toBe('')
        expect(stats).toMatchObject({
          historiesWritten: 40,
          historiesNotWritten: 0,
          historiesWaiting: 0,
          eventsWritten: 120,
          linesWritten: 160,
          writtenBy: 'worker',
        })
        const lines = () => rsyslog.lines().filter((line) => line.includes(` ${name} `))
        await eventually(() => lines().length >= 160)
        const { whole, lives } = spooled(lines())
        expect(whole.size).toBe(40)
        expect(lives.size).toBe(40)
        const life = [...lives.values()].find(({ object }) => object === 'job 7')
        expect([...(life?.events.values() ?? [])].map(({ verb, text }) => [verb, text])).toEqual([
          ['BEGIN', 'begin'],
          ['STEP', 'step 0 of 7'],
          ['END', 'end'],
        ])
      }
      await Promise.all(Object.entries(ways(rsyslog)).map(each))
    })
  }
})

describe('rsyslogd killed and started again under load', () => {
  for (const [runtime, way] of [
    ['node20', 'tcp'],
    ['node26', 'tls'],
    ['deno', 'unix'],
    ['bun', 'tcp'],
  ] as const) {
    test(`loses nothing that ${runtime} over ${way} was told is written, and what was dropped is counted`, {
      timeout: 120_000,
    }, async () => {
      const rsyslog = server as Rsyslog
      const { child, ended } = service(runtime, {
        target: ['syslog', ways(rsyslog)[way]],
        log: { queue: 256, pending: 65_536, batch: 16_384, interval: 10 },
        name: `killed-${runtime}`,
        untilTold: true,
        perTurn: 4,
        flush: 30_000,
      })
      let said = ''
      child.stdout.on('data', (text) => {
        said += text
      })
      /** Of the last line that is whole. */
      const soFar = () => {
        const [, written = 0, notWritten = 0] =
          /.*\nSO FAR (\d+) (\d+)\n/s.exec(said)?.map(Number) ?? []
        return { written, notWritten }
      }
      const more = async (what: 'written' | 'notWritten', count: number) => {
        const before = soFar()[what]
        await eventually(() => soFar()[what] >= before + count)
      }
      for (const signal of ['SIGKILL', 'SIGTERM', 'SIGKILL'] as const) {
        await more('written', 400)
        await rsyslog.end(signal)
        await more('notWritten', 100)
        await rsyslog.start()
      }
      child.stdin.end('enough')
      const { stats } = await told(ended)
      const { historiesWritten: written = 0, historiesNotWritten = 0, pushed = 0 } = stats
      const lines = rsyslog.lines().filter((line) => line.includes(` killed-${runtime} `))
      const { whole, lost } = spooled(lines)
      expect(written + historiesNotWritten).toBe(pushed)
      expect(whole.size).toBe(written)
      expect(written).toBeGreaterThan(100)
      expect(historiesNotWritten).toBeGreaterThan(0)
      expect(lost.histories).toBe(historiesNotWritten)
      expect(lost.events).toBe(stats.eventsNotWritten)
    })
  }
})
