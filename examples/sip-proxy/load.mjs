// The load: sipp, as callers and as callee, each in a process of its own.

import { spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const scenarios = fileURLToPath(new URL('./scenarios/', import.meta.url))
const START_MS = 10_000
/** A call that waits so long for a message has failed. */
const RECEIVE_MS = 10_000
const GRACE_S = 12
const HOST = '127.0.0.1'

/** What callers do: a scenario, and by which transport. */
export const LOADS = {
  answer: { scenario: 'answer', transport: 'u1' },
  busy: { scenario: 'busy', transport: 'u1' },
  late: { scenario: 'late', transport: 'u1' },
  cancel: { scenario: 'cancel', transport: 'u1' },
  reinvite: { scenario: 'reinvite', transport: 'u1' },
  tcp: { scenario: 'tcp', transport: 'tn' },
}

/** @typedef {keyof typeof LOADS} Load */

/** @throws {Error} Where there is no sipp. */
export function expectSipp() {
  const { error } = spawnSync('sipp', ['-v'])
  if (error) throw new Error('sipp is not installed: apt-get install -y sip-tester')
}

/**
 * The callee; answers its port and how to end it.
 * @param {number} seconds at most
 */
export async function startCallee(seconds) {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'sip-callee-'))
  const callee = sipp(folder, [
    ...['-sf', join(scenarios, 'callee.xml'), '-p', `${port}`],
    ...['-timeout', `${seconds + GRACE_S}`],
  ])
  // Even if nobody is left to end it, it ends.
  await Promise.race([
    listening(port),
    callee.ended.then(({ status, stderr }) => {
      throw new Error(`The callee ended (${status}): ${stderr}`)
    }),
  ])
  callee.ended.catch(() => {})
  return {
    port,
    end() {
      callee.process.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/**
 * Makes calls, and waits for their end.
 * @param {Load} load
 * @param {{ port: number, calls: number, rate: number, seconds: number }} how
 * @returns {Promise<{ load: Load, calls: number, failed: number, status: number | null, errors: string }>}
 */
export async function makeCalls(load, { port, calls, rate, seconds }) {
  const { scenario, transport } = LOADS[load]
  const folder = mkdtempSync(join(tmpdir(), 'sip-callers-'))
  const options = ['-sf', join(scenarios, `${scenario}.xml`), '-p', `${await freePort()}`]
  options.push(
    '-t',
    transport,
    '-m',
    `${calls}`,
    '-r',
    `${rate}`,
    '-l',
    `${Math.max(rate * 4, 10)}`,
  )
  if (transport === 'tn') options.push('-max_socket', '20000')
  const callers = sipp(folder, [
    ...options,
    '-trace_stat',
    '-fd',
    '1',
    '-timeout',
    `${seconds}`,
    '-recv_timeout',
    `${RECEIVE_MS}`,
    `${HOST}:${port}`,
  ])
  // It ends by itself, when its calls have; unless it is stuck.
  const stuck = setTimeout(() => callers.process.kill('SIGKILL'), (seconds + GRACE_S) * 1000)
  const { status, stderr } = await callers.ended
  clearTimeout(stuck)
  const { total, failed } = lastStatistics(folder)
  const errors = stderr + errorsOf(folder)
  rmSync(folder, { recursive: true, force: true })
  if (total === 0) throw new Error(`sipp made no call (${status}): ${errors}`)
  return { load, calls: total, failed, status, errors }
}

function sipp(folder, options) {
  // No abort at a message that crosses another: that is what this load is about.
  const always = [
    '-i',
    HOST,
    '-nostdin',
    '-default_behaviors',
    'none',
    '-trace_err',
    '-buff_size',
    '4194304',
  ]
  const child = spawn('sipp', [...always, ...options], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr = (stderr + text).slice(-2000)
  })
  const ended = new Promise((resolve, reject) => {
    child.once('error', (error) => {
      reject(new Error(`sipp is not installed: apt-get install -y sip-tester (${error.message})`))
    })
    child.once('exit', (status, signal) => resolve({ status: status ?? signal, stderr }))
  })
  return { process: child, ended }
}

function lastStatistics(folder) {
  const file = readdirSync(folder).find((name) => name.endsWith('_.csv'))
  const lines = file ? readFileSync(join(folder, file), 'utf8').trim().split('\n') : []
  const names = lines[0]?.split(';') ?? []
  const values = lines.at(-1)?.split(';') ?? []
  const value = (name) => Number(values[names.indexOf(name)] ?? 0)
  return { total: value('TotalCallCreated'), failed: value('FailedCall(C)') }
}

function errorsOf(folder) {
  const file = readdirSync(folder).find((name) => name.endsWith('_errors.log'))
  return file ? readFileSync(join(folder, file), 'utf8').slice(0, 2000) : ''
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    socket.bind(0, HOST, () => {
      const { port } = socket.address()
      socket.close(() => resolve(port))
    })
  })
}

/** Until somebody else has the port. */
async function listening(port) {
  const deadline = Date.now() + START_MS
  while (Date.now() < deadline) {
    const isTaken = await new Promise((resolve) => {
      const socket = createSocket('udp4')
      socket.once('error', () => resolve(true))
      socket.bind(port, HOST, () => socket.close(() => resolve(false)))
    })
    if (isTaken) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`sipp did not take port ${port} within ${START_MS} ms`)
}
