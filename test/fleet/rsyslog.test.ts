// docs/FLEET.md's way without anything installed: rsyslogd with a queue on disk, which outlives a collector that is down.

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../support/free-port.ts'

const ROOT = join(import.meta.dirname, '../..')
const SHDB = join(ROOT, 'build/cli/shdb.js')
const PROGRAM = join(ROOT, 'test/export/recorded.program.mjs')
const PATIENCE_MS = 60_000
let folder: string
const daemons: ReturnType<typeof spawn>[] = []

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleet-rsyslog-'))
  for (const name of ['spool', 'queue', 'work']) mkdirSync(join(folder, name))
})
afterAll(() => {
  for (const daemon of daemons) daemon.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

function start(name: string, config: string) {
  const file = join(folder, `${name}.conf`)
  writeFileSync(file, config)
  const argv = ['-n', '-f', file, '-i', join(folder, `${name}.pid`)]
  const daemon = spawn('rsyslogd', argv, { stdio: 'ignore' })
  daemons.push(daemon)
  return daemon
}

async function stop(daemon: ReturnType<typeof spawn>): Promise<void> {
  daemon.kill('SIGTERM')
  await once(daemon, 'exit')
}

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS
  while (!(await what())) {
    if (Date.now() > end) throw new Error(`not within ${PATIENCE_MS} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Else nobody could tell a row that is lost from a port that somebody else had taken. */
async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** The configuration that the page shows, with this test's places. */
function documented(which: string, places: Record<string, string>): string {
  const page = readFileSync(join(ROOT, 'docs/FLEET.md'), 'utf8')
  const found = new RegExp(`# ${which}\\n[\\s\\S]*?(?=\\n\`\`\`)`).exec(page)?.[0]
  if (found === undefined) throw new Error(`docs/FLEET.md has no configuration "# ${which}"`)
  let text = found
  for (const [from, to] of Object.entries(places)) {
    expect(text).toContain(from)
    text = text.replaceAll(from, to)
  }
  return `global(workDirectory="${join(folder, which === 'the host' ? 'queue' : 'work')}")\n${text}\n`
}

test('every row arrives, though the collector was down and the sender was stopped while it read', async () => {
  const port = await freePort()
  execFileSync(process.execPath, [PROGRAM, join(folder, 'image')])
  const host = documented('the host', {
    '/var/spool/struct-history': join(folder, 'spool'),
    'logs.example.com': '127.0.0.1',
    'port="514"': `port="${port}"`,
  })
  const first = start('host', host)
  const argv = [SHDB, 'export', '--format', 'syslog', '-o', join(folder, 'spool/a.log')]
  execFileSync(process.execPath, [...argv, join(folder, 'image')])
  const lines = readFileSync(join(folder, 'spool/a.log'), 'utf8').split('\n').slice(0, -1)
  expect(lines.length).toBeGreaterThan(700)
  // At any moment of its reading: what it has read is on disk by then.
  const kept = () => readdirSync(join(folder, 'queue'))
  await until(() => kept().some((name) => name.startsWith('struct-history.')))
  await stop(first)

  const out = join(folder, 'received.log')
  start(
    'collector',
    documented('the collector', {
      '/var/log/struct-history.log': out,
      'port="514"': `port="${port}"`,
    }),
  )
  await until(() => listens(port))
  start('host', host)
  const received = () => (existsSync(out) ? readFileSync(out, 'utf8').split('\n').slice(0, -1) : [])
  // A sender that was stopped sends what it was not sure of again: at least once, as docs/FLEET.md has it.
  const different = () => [...new Set(received())].sort()
  await expect.poll(() => different().length, { timeout: PATIENCE_MS }).toBe(lines.length)
  expect(different()).toEqual([...lines].sort())
}, 180_000)
