// One proxy under one steady load, its histories on and off in turns: what they cost, told by a process that is its own
// comparison, compiled and warm. For measure.mjs; prints one JSON value.
//
//   node phases.mjs coarse|precise|syslog [--pairs N] [--calls N] [--rate N] [--socket PATH]

import { connect } from 'node:net'
import { parseArgs } from 'node:util'
import { Recorder } from 'struct-history'
import { makeCalls, startCallee } from './load.mjs'
import { startProxy } from './proxy.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pairs: { type: 'string', default: '12' },
    calls: { type: 'string', default: '900' },
    rate: { type: 'string', default: '300' },
    socket: { type: 'string' },
  },
})
const [what] = positionals
/** Of calls that all code is compiled after, with histories and without. */
const WARM_PHASES = 2
const SECONDS_MAX = 600
const POLL_MS = 100

const recorder = new Recorder({
  name: 'sip-proxy',
  budget: '128MiB',
  clock: what === 'precise' ? 'precise' : 'coarse',
})
const syslog = what === 'syslog' ? await connected(values.socket) : undefined
const callee = await startCallee(SECONDS_MAX)
process.once('exit', () => callee.end())
const proxy = await startProxy(recorder, {
  calleePort: callee.port,
  ...(syslog ? { syslog } : {}),
})
const lists = ['TCP con', 'transaction', 'dialog'].map((name) => recorder.list(name))

for (let n = 0; n < WARM_PHASES; n++) await phase(n % 2 === 0)
const phases = []
for (let pair = 0; pair < Number(values.pairs); pair++) {
  // on off, off on: what is slower by the minute is so for both.
  for (const isOn of pair % 2 ? [false, true] : [true, false]) phases.push(await phase(isOn))
}
await proxy.close()
callee.end()
console.log(JSON.stringify(phases))
process.exit(0)

/** @param {boolean} isOn */
async function phase(isOn) {
  for (const list of lists) list.enabled = isOn && !syslog
  if (syslog) new Int32Array(syslog.enabled)[0] = Number(isOn)
  const { logged } = recorder.stats()
  const before = process.cpuUsage()
  const { calls, failed } = await makeCalls('answer', {
    port: proxy.port,
    calls: Number(values.calls),
    rate: Number(values.rate),
    seconds: SECONDS_MAX,
  })
  // What its timers still have to do is this load's, too.
  while (proxy.live() > 0) await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  const { user, system } = process.cpuUsage(before)
  const events = (recorder.stats().logged - logged) / calls
  return { isOn, calls, failed, events, cpu: (user + system) / calls }
}

/** @param {string | undefined} path */
async function connected(path = '') {
  const socket = connect(path)
  await new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('connect', () => resolve(undefined))
  })
  socket.unref()
  const { fd } = /** @type {{ _handle: { fd: number } }} */ (/** @type {unknown} */ (socket))
    ._handle
  return { descriptor: fd, enabled: new SharedArrayBuffer(4) }
}
