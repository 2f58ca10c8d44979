// The main thread: it alone owns sockets. What it reads it passes to workers, what they make it sends.
//
// All requests of a call go to one worker, in their order; its replies, which come from the other side, to the next one. So
// the two directions of a call meet only in the tables, as in any proxy with a thread for each side.

import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { Worker } from 'node:worker_threads'
import { hostNumber, hostText } from './addresses.mjs'
import { sipHistories } from './histories.mjs'
import * as letters from './letters.mjs'
import { Mailbox, MESSAGE_BYTES } from './mailbox.mjs'
import { allocateTables, openTables } from './tables.mjs'

const MAIN_LETTERS = 4096
const WORKER_LETTERS = 512
const SOCKET_BYTES = 4 << 20
const THREAD_END_MS = 5000
const RETRY_MS = 1
const HOST = '127.0.0.1'
const BIND_TRIES = 20

/** Milliseconds, as in RFC 3261 or less: how often timers are looked at, t1 between retransmissions, how long what is waited for. */
export const SETTINGS = {
  tick: 5,
  t1: 500,
  noReply: 4000,
  noAnswer: 8000,
  cancelled: 2000,
  ack: 2000,
  wait: 2000,
}

/**
 * @param {import('struct-history').Recorder} recorder
 * @param {{ calleePort: number, bug?: string, workers?: number, mailbox?: number, syslog?: import('./histories.mjs').Syslog, settings?: Partial<typeof SETTINGS> }} options
 */
export async function startProxy(
  recorder,
  { calleePort, bug = '', workers = 2, mailbox = WORKER_LETTERS, syslog, settings = {} },
) {
  const memory = {
    ...allocateTables(),
    main: Mailbox.allocate(MAIN_LETTERS),
    workers: Array.from({ length: workers }, () => Mailbox.allocate(mailbox)),
  }
  const stop = new SharedArrayBuffer(4)
  const started = Date.now()
  const histories = sipHistories(recorder, syslog)
  const tables = openTables(memory, histories, () => Date.now() - started)
  const { connections } = tables
  const inbox = new Mailbox(memory.main)
  const outboxes = memory.workers.map((worker) => new Mailbox(worker))
  const counts = { messages: 0, overload: 0 }

  const { udp, server, port } = await bindBoth()
  udp.on('message', (bytes, { address, port }) => {
    counts.messages++
    if (bytes.length > MESSAGE_BYTES) return
    const message = bytes.latin1Slice()
    // A full mailbox: nothing was promised yet, and UDP sends again.
    if (!pass(message, hostNumber(address), port)) counts.overload++
  })

  /** @type {Map<number, import('node:net').Socket>} */
  const sockets = new Map()
  server.on('connection', (socket) => {
    const connection = connections.open('accept, (%d)', () => {})
    if (!connection) return socket.destroy()
    sockets.set(connection.id, socket)
    let rest = ''
    socket.setNoDelay(true)
    socket.on('data', (bytes) => {
      rest += bytes.latin1Slice()
      for (let size = messageSize(rest); size > 0; size = messageSize(rest)) {
        counts.messages++
        receive(connection, rest.slice(0, size))
        rest = rest.slice(size)
      }
      if (rest.length > MESSAGE_BYTES) socket.destroy()
    })
    socket.on('error', () => {}) // a reset; 'close' follows
    socket.on('close', () => {
      sockets.delete(connection.id)
      connections.unref(connection, 'closed, (%d)')
    })
  })

  // What a full mailbox did not take waits here, in its order: TCP sends nothing again.
  /** @type {(() => boolean)[]} */
  const waiting = []
  const retry = () => {
    while (waiting[0]?.()) waiting.shift()
    if (waiting.length > 0) setTimeout(retry, RETRY_MS)
  }

  /** @param {import('./cells.mjs').Ref} connection @param {string} message */
  function receive(connection, message) {
    connections.ref(connection, 'read, (%d)')
    connection.history?.log(histories.verbs.PASS, 'read')
    if (waiting.length === 0 && pass(message, 0, 0, connection)) return
    if (waiting.push(() => pass(message, 0, 0, connection)) === 1) setTimeout(retry, RETRY_MS)
  }

  function pass(message, host, from, connection) {
    const isReply = message.startsWith('SIP/2.0 ')
    const worker = (callHash(message) + (isReply ? 1 : 0)) % outboxes.length
    const kind = isReply ? letters.REPLY : letters.REQUEST
    const letter = connection
      ? [kind, 0, 0, connection.slot + 1, connection.id, connection.handle]
      : [kind, host, from, 0, 0, 0]
    return outboxes[worker].post(letter, message)
  }

  function send() {
    inbox.wakeMe()
    for (let letter = inbox.take(); letter; letter = inbox.take()) {
      const { numbers, message } = letter
      const [kind, a, b, slot, id, handle] = numbers
      if (kind === letters.SEND_UDP) {
        if (b > 0) udp.send(Buffer.from(message, 'latin1'), b, hostText(a), () => {})
        continue
      }
      const connection = { slot, id, handle, history: connections.list.at(handle) }
      connection.history?.log(histories.verbs.TAKE, 'write')
      sockets.get(id)?.write(message, 'latin1')
      connections.unref(connection, 'sent, (%d)')
    }
  }

  const address = `${HOST}:${port}`
  const given = {
    ...SETTINGS,
    ...settings,
    address,
    calleePort,
    calleeHost: hostNumber(HOST),
  }
  const threads = []
  const startThread = (file, name, more) => {
    const ticket = recorder.share()
    const workerData = {
      name,
      bug,
      ticket,
      memory,
      stop,
      started,
      syslog,
      settings: given,
      ...more,
    }
    const thread = new Worker(new URL(file, import.meta.url), { name, workerData })
    thread.on('message', send)
    // A thread that fails leaves tables that nobody can trust: its error is the process's.
    thread.on('error', (error) => {
      queueMicrotask(() => {
        throw error
      })
    })
    threads.push(new Promise((resolve) => thread.once('exit', resolve)))
  }
  memory.workers.forEach((mail, number) => {
    startThread('./worker.mjs', `sip worker ${number + 1}`, { inbox: mail })
  })
  startThread('./timer.mjs', 'sip timer', {})
  send()

  const summary = () => ({
    ...counts,
    connections: connections.summary(),
    transactions: tables.transactions.summary(),
    dialogs: tables.dialogs.summary(),
  })
  const live = () => {
    const { connections, transactions, dialogs } = summary()
    return connections.live + transactions.live + dialogs.live
  }

  return {
    port,
    summary,
    live,

    /** Ends it when nothing is left, or after the given time. */
    async close(withinMs = 4000) {
      const deadline = Date.now() + withinMs
      while (live() > 0 && Date.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 20))
      Atomics.store(new Int32Array(stop), 0, 1)
      Atomics.notify(new Int32Array(stop), 0)
      await Promise.race([
        Promise.all(threads),
        new Promise((resolve) => setTimeout(resolve, THREAD_END_MS).unref()),
      ])
      udp.close()
      server.close()
      for (const socket of sockets.values()) socket.destroy()
      return summary()
    },
  }
}

/** A port that is free for UDP may be taken for TCP: then another one. */
async function bindBoth() {
  for (let tries = 1; ; tries++) {
    const udp = createSocket({
      type: 'udp4',
      recvBufferSize: SOCKET_BYTES,
      sendBufferSize: SOCKET_BYTES,
      lookup: (host, _options, done) => done(null, host, 4),
    })
    await new Promise((resolve) => udp.bind(0, HOST, () => resolve(undefined)))
    const { port } = udp.address()
    const server = createServer()
    try {
      await new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen({ port, host: HOST, backlog: 511 }, () => resolve(undefined))
      })
      return { udp, server, port }
    } catch (error) {
      udp.close()
      if (tries === BIND_TRIES) throw error
    }
  }
}

/**
 * Of the first message in these bytes, when it is all there; else 0.
 * @param {string} bytes
 */
function messageSize(bytes) {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return 0
  const found = /\r\n(?:content-length|l)\s*:\s*(\d+)/i.exec(bytes.slice(0, end + 2))
  const size = end + 4 + (found ? Number(found[1]) : 0)
  return bytes.length >= size ? size : 0
}

/**
 * Equal for all messages of a call.
 * @param {string} message
 */
function callHash(message) {
  let at = message.indexOf('\r\nCall-ID:')
  if (at < 0) at = message.indexOf('\r\ni:')
  const end = message.indexOf('\r\n', at + 2)
  let hash = 0
  for (let n = at + 2; n < end; n++) hash = (Math.imul(hash, 31) + message.charCodeAt(n)) >>> 0
  return hash >>> 4
}
