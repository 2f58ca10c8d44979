// The service of `npm run bench -- syslog`: lives of so many events, at a given rate. Either each event is a line for
// syslog at once, or it is recorded, and the histories that failed are flushed.
//
//   service.program.mjs logged|recorded|silent PORT SECONDS LIVES_PER_SECOND EVENTS FAILED_EVERY

import { connect } from 'node:net'
import { hostname } from 'node:os'
import { Recorder } from '../../build/index.js'
import { historyLog, syslog } from '../../build/sinks/index.js'

const [how, ...numbers] = process.argv.slice(2)
const [port, seconds, perSecond, events, failedEvery] = numbers.map(Number)
const warmUpSeconds = Math.min(2, seconds)
const TURN_MS = 10

const ways = { logged, recorded, silent }
const { live, sent, end } = await ways[how]()

// Services run long: what starting, and compiling, costs is not of interest.
await load(warmUpSeconds, 0)
console.log('warm')
const sentBefore = sent()
const before = process.cpuUsage()
const began = performance.now()
const lives = await load(seconds, warmUpSeconds * perSecond)
await end()
// All threads of the process: that which writes the histories, too.
const { user, system } = process.cpuUsage(before)
const took = (performance.now() - began) / 1000
const bytes = sent() - sentBefore
console.log(JSON.stringify({ how, lives, seconds: took, cpu: (user + system) / 1e6, sent: bytes }))
process.exit(0)

async function load(seconds, first) {
  const began = performance.now()
  let lives = 0
  while (performance.now() - began < seconds * 1000) {
    const due = Math.floor(((performance.now() - began) * perSecond) / 1000)
    while (lives < due) live(first + lives++)
    await new Promise((resolve) => setTimeout(resolve, TURN_MS))
  }
  return lives
}

/** As a logger would: a line of RFC 5424 an event, at INFO, over one TCP connection. */
async function logged() {
  const socket = connect({ port, host: '127.0.0.1' })
  await new Promise((resolve) => socket.once('connect', resolve))
  const head = `${hostname()} service ${process.pid} - -`
  let bytes = 0
  const log = (object, verb, text) => {
    const line = `<134>1 ${new Date().toISOString()} ${head} con ${object}: ${verb} ${text}`
    const frame = `${Buffer.byteLength(line)} ${line}`
    bytes += frame.length
    socket.write(frame)
  }
  return {
    live(number) {
      const object = `0x${(0x7f95acf00000 + number * 64).toString(16)}`
      for (let n = 0; n < events; n++) log(object, 'TCP_REF', `send ${n}, (${number})`)
    },
    sent: () => bytes,
    end: () =>
      new Promise((resolve) => {
        socket.resume()
        socket.once('close', () => resolve())
        socket.end()
      }),
  }
}

async function recorded() {
  const log = historyLog(syslog({ port }))
  const recorder = new Recorder({ name: 'service', sinks: [log] })
  const { TCP_REF } = recorder.verbs({ TCP_REF: +1 })
  const list = recorder.list('TCP con')
  return {
    live(number) {
      const history = list.push(0x7f95acf00000 + number * 64)
      for (let n = 0; n < events; n++) history.log(TCP_REF, 'send %d, (%d)', n, number)
      if (number % failedEvery === 0) history.flush()
    },
    sent: () => log.stats().bytesWritten,
    end: () => log.flush(20_000),
  }
}

async function silent() {
  return { live: () => {}, sent: () => 0, end: async () => {} }
}
