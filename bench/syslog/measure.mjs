// `npm run bench -- syslog`: what the seed claims. The same load, each event logged to a real rsyslogd, against recorded in
// memory with the histories that failed written to it. Side by side, in turns, rsyslogd started anew each time.

import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const EFFORTS = {
  full: { seconds: 5, rounds: 3 },
  quick: { seconds: 1, rounds: 1 },
  tiny: { seconds: 0.3, rounds: 1 },
}
/** Lives of connections, and of each hundredth something failed. */
export const LOAD = { perSecond: 5000, events: 11, failedEvery: 100 }
const WAYS = ['silent', 'logged', 'recorded']

export async function measureSyslog(effort, say) {
  const { seconds, rounds } = EFFORTS[effort] ?? EFFORTS.full
  const runs = []
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? WAYS : [...WAYS].reverse()
    for (const how of order) {
      say(`round ${round + 1} of ${rounds}: ${how}`)
      runs.push(await measureOne(how, seconds))
    }
  }
  return { load: LOAD, seconds, rounds, rows: WAYS.map((how) => rowOf(how, runs)) }
}

async function measureOne(how, seconds) {
  const folder = mkdtempSync(join(tmpdir(), 'struct-history-bench-'))
  const spool = join(folder, 'spool.log')
  const port = await freePort()
  mkdirSync(join(folder, 'work'))
  writeFileSync(
    join(folder, 'rsyslog.conf'),
    `global(workDirectory="${folder}/work")
module(load="imptcp")
input(type="imptcp" address="127.0.0.1" port="${port}")
action(type="omfile" file="${spool}" template="RSYSLOG_SyslogProtocol23Format")
`,
  )
  const server = spawn(
    'rsyslogd',
    ['-n', '-f', join(folder, 'rsyslog.conf'), '-i', join(folder, 'pid')],
    { stdio: 'ignore' },
  )
  try {
    await answers(port)
    let before = 0
    let spooledBefore = 0
    const onWarm = () => {
      before = cpuOf(server.pid)
      spooledBefore = sizeOf(spool)
    }
    const { perSecond, events, failedEvery } = LOAD
    const words = [how, port, seconds, perSecond, events, failedEvery].map(String)
    const program = new URL('service.program.mjs', import.meta.url).pathname
    const output = await run(process.execPath, [program, ...words], onWarm)
    // What is left in its queue is its work, too.
    await settled(spool)
    const told = JSON.parse(output.replace('warm\n', ''))
    return {
      ...told,
      serverCpu: cpuOf(server.pid) - before,
      spooled: sizeOf(spool) - spooledBefore,
    }
  } finally {
    server.kill('SIGKILL')
    await new Promise((resolve) => server.once('exit', resolve))
    rmSync(folder, { recursive: true })
  }
}

/** Per second of the load; of CPU, seconds per second, so 1 is a core. */
function rowOf(how, runs) {
  const own = runs.filter((run) => run.how === how)
  const median = (of) => {
    const sorted = own.map(of).sort((a, b) => a - b)
    return sorted[sorted.length >> 1]
  }
  return {
    how,
    lives: median(({ lives, seconds }) => lives / seconds),
    service: median(({ cpu, seconds }) => cpu / seconds),
    server: median(({ serverCpu, seconds }) => serverCpu / seconds),
    sent: median(({ sent = 0, seconds }) => sent / seconds),
    spooled: median(({ spooled, seconds }) => spooled / seconds),
    raw: own,
  }
}

export function syslogTable({ rows }) {
  const NAMES = {
    silent: 'neither',
    logged: 'each event logged at INFO',
    recorded: 'recorded, 1 life in 100 flushed',
  }
  const [silent] = rows
  return [
    '| per second | lives | CPU of the service | of it, for logging | CPU of rsyslogd | bytes sent | bytes in the spool file |',
    '|---|---|---|---|---|---|---|',
    ...rows.map((row) => {
      const cells = [
        NAMES[row.how],
        row.lives.toFixed(0),
        percent(row.service),
        percent(row.service - silent.service),
        percent(row.server),
        kilobytes(row.sent),
        kilobytes(row.spooled),
      ]
      return `| ${cells.join(' | ')} |`
    }),
  ].join('\n')
}

const percent = (share) => `${(100 * share).toFixed(1)} %`
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`

function cpuOf(pid) {
  const [, rest] = /\) (.*)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  const fields = rest.split(' ')
  const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
  return (Number(fields[11]) + Number(fields[12])) / ticks
}

const sizeOf = (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0

async function settled(spool) {
  let before = -1
  for (;;) {
    const size = sizeOf(spool)
    if (size === before) return
    before = size
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}

async function answers(port) {
  for (let attempt = 0; attempt < 500; attempt++) {
    const isThere = await new Promise((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' })
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (isThere) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('rsyslogd does not start; is it installed? apt-get install rsyslog')
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

function run(command, args, onWarm) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (bytes) => {
      if (output === '') onWarm()
      output += bytes
    })
    child.once('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`exit status ${code}`)),
    )
  })
}
