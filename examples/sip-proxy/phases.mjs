// One proxy under one steady load, its histories on and off in turns: what they cost, told by a process that is its own
// comparison, compiled and warm. For measure.mjs; prints one JSON value.
//
//   node phases.mjs coarse|precise|syslog [--pairs N] [--rate N] [--socket PATH]

import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Recorder } from 'struct-history'
import { makeCalls, startCallee } from './load.mjs'
import { startProxy } from './proxy.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pairs: { type: 'string', default: '60' },
    rate: { type: 'string', default: '400' },
    socket: { type: 'string' },
  },
})
const [what] = positionals
const pairs = Number(values.pairs)
const rate = Number(values.rate)
/** Turns after which all code is compiled, with histories and without. */
const WARM_TURNS = 10
/** Of transactions after their last reply: then the calls of one turn are over when the next is measured. */
const LINGER_MS = 300
/** Until all calls that began in the turn before have ended. */
const SETTLE_MS = 700
const TURN_MS = 1000
const END_S = 5
const seconds = ((WARM_TURNS + 2 * pairs) * (SETTLE_MS + TURN_MS)) / 1000 + END_S

const recorder = new Recorder({
  name: 'sip-proxy',
  budget: '128MiB',
  clock: what === 'precise' ? 'precise' : 'coarse',
})
const syslog = what === 'syslog' ? await connected(values.socket) : undefined
const callee = await startCallee(seconds)
process.once('exit', () => callee.end())
const proxy = await startProxy(recorder, {
  calleePort: callee.port,
  settings: { wait: LINGER_MS },
  ...(syslog ? { syslog } : {}),
})
const lists = ['TCP con', 'transaction', 'dialog'].map((name) => recorder.list(name))
const load = makeCalls('answer', {
  port: proxy.port,
  calls: Math.ceil(rate * seconds),
  rate,
  seconds: 2 * seconds,
})

for (let n = 0; n < WARM_TURNS; n++) await turn(n % 2 === 0)
const turns = []
for (let pair = 0; pair < pairs; pair++) {
  // on off, off on: what is slower by the minute is so for both.
  for (const isOn of pair % 2 ? [false, true] : [true, false]) turns.push(await turn(isOn))
}
const { failed } = await load
await proxy.close()
callee.end()
console.log(JSON.stringify({ failed, turns }))
process.exit(0)

/** @param {boolean} isOn */
async function turn(isOn) {
  for (const list of lists) list.enabled = isOn && !syslog
  if (syslog) new Int32Array(syslog.enabled)[0] = Number(isOn)
  await wait(SETTLE_MS)
  const before = { calls: proxy.summary().dialogs.opened, logged: recorder.stats().logged }
  const used = process.cpuUsage()
  await wait(TURN_MS)
  const { user, system } = process.cpuUsage(used)
  const calls = proxy.summary().dialogs.opened - before.calls
  const events = (recorder.stats().logged - before.logged) / calls
  return { isOn, events, cpu: (user + system) / calls }
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
