// The clients: many short connections that ask, check the replies and go. One in a few hundred asks for a large reply,
// and again a moment later, whether or not the first has come: harmless, legal, and what it takes.
//
//   node load.mjs PORT [--connections N] [--seconds S] [--at-once N] [--large-every N]
//
// Exit status 0: every connection got what it asked for. 1: some did not (the engine is gone, or sent wrong bytes).

import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { frames, request } from './protocol.mjs'

const SMALL_BYTES = 200
/** More than the kernel keeps for one connection (tcp_wmem ends at 4 MiB, loopback takes a little more). */
const LARGE_BYTES = 6 * 1024 * 1024
/** Mostly longer than a large reply takes; only a second request within that time finds the socket full. */
const THINK_MS = 150
const REPORT_EVERY_MS = 500
const PATIENCE_MS = 10_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    connections: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: '10' },
    'at-once': { type: 'string', default: '48' },
    'large-every': { type: 'string', default: '800' },
  },
})
const port = Number(positionals[0])
const connections = Number(values.connections)
const largeEvery = Number(values['large-every'])
const started = performance.now()
const deadline = started + Number(values.seconds) * 1000

const done = { connections: 0, requests: 0, bytes: 0 }
const open = new Set()
let failure
let begun = 0

/**
 * One connection, from connect to close.
 * @param {number} number
 */
async function client(number) {
  const large = Math.random() * largeEvery < 1
  const socket = connect(port, '127.0.0.1')
  const fill = number % 251
  const ask = (sequence, wanted) => socket.write(request('OPTIONS', sequence, wanted, fill))
  open.add(socket)
  try {
    const replies = checkReplies(socket, fill)
    if (large) {
      ask(1, LARGE_BYTES)
      await sleep(Math.random() * THINK_MS)
      ask(2, LARGE_BYTES)
      await replies(1)
      socket.end()
      await replies(2)
    } else {
      const requests = 1 + (number % 3)
      for (let sequence = 1; sequence <= requests; sequence++) {
        ask(sequence, SMALL_BYTES)
        await replies(sequence)
      }
      socket.end()
    }
    await replies(Number.POSITIVE_INFINITY)
    done.connections++
  } finally {
    socket.destroy()
    open.delete(socket)
  }
}

/**
 * Checks each reply as it comes; the function returned waits until there were `count`, or for Infinity until the end.
 * @param {import('node:net').Socket} socket
 * @param {number} fill
 */
function checkReplies(socket, fill) {
  /** @type {Buffer[]} */
  let pieces = []
  let size = 0
  let count = 0
  let ended = false
  let broken
  let wake = () => {}
  const fail = (error) => {
    broken ??= error
    wake()
  }
  socket.setTimeout(PATIENCE_MS, () => fail(new Error('no answer')))
  socket.on('error', fail)
  socket.on('close', () => {
    ended = true
    wake()
  })
  socket.on('data', (bytes) => {
    pieces.push(bytes)
    size += bytes.length
    const first = pieces[0].length >= 4 ? pieces[0] : Buffer.concat(pieces)
    if (size < 4 || size < first.readUInt32BE(0) + 4) return
    const { whole, rest } = frames(Buffer.concat(pieces))
    pieces = rest.length > 0 ? [rest] : []
    size = rest.length
    for (const reply of whole) {
      count++
      const head = `SIP/2.0 200 OK\r\nCSeq: ${count}\r\n\r\n`
      const body = reply.subarray(head.length)
      if (reply.toString('latin1', 0, head.length) !== head) fail(new Error('a foreign reply'))
      if (!body.equals(Buffer.alloc(body.length, fill))) fail(new Error("another's bytes"))
      done.requests++
      done.bytes += reply.length
    }
    wake()
  })
  return async (wanted) => {
    while (!broken && count < wanted && !ended) {
      await new Promise((resolve) => {
        wake = resolve
      })
    }
    if (broken) throw broken
    if (count < wanted && wanted !== Number.POSITIVE_INFINITY) throw new Error('closed too early')
    if (ended && size > 0) throw new Error('half a reply')
  }
}

async function keepConnecting() {
  while (!failure && begun < connections && performance.now() < deadline) {
    const number = begun++
    try {
      await client(number)
    } catch (error) {
      failure ??= `connection ${number}: ${error.message}`
      for (const socket of open) socket.destroy()
    }
  }
}

function report() {
  const seconds = (performance.now() - started) / 1000
  const megabytes = (done.bytes / 1e6).toFixed(1)
  console.log(
    `load: ${seconds.toFixed(1)} s  ${done.connections} connections  ` +
      `${Math.round(done.connections / seconds)}/s  ${done.requests} replies checked  ${megabytes} MB`,
  )
}

const reporting = setInterval(report, REPORT_EVERY_MS)
await Promise.all(Array.from({ length: Number(values['at-once']) }, keepConnecting))
clearInterval(reporting)
report()
if (failure) console.log(`load: stopped: ${failure}`)
process.exitCode = failure ? 1 : 0
