// The engine: the main thread accepts and closes, worker threads read and write; what they share is a table of
// connections, a mailbox each, and the recorder.

import { createServer } from 'node:net'
import { Worker } from 'node:worker_threads'
import { tcpHistories } from './histories.mjs'
import { Mailbox } from './mailbox.mjs'
import { ownSockets } from './sockets.mjs'
import { BY_MAIN, ConnectionTable } from './table.mjs'

const SLOTS = 256
const LETTERS = SLOTS * 16
const CLOSE_EVERY_MS = 2
const THREAD_START_MS = 10_000

/**
 * @param {import('struct-history').Recorder} recorder
 * @param {{ bug?: boolean, readers?: number, writers?: number }} options
 */
export async function startEngine(recorder, { bug = false, readers = 2, writers = 2 } = {}) {
  const memory = {
    main: Mailbox.allocate(LETTERS),
    readers: Array.from({ length: readers }, () => Mailbox.allocate(LETTERS)),
    writers: Array.from({ length: writers }, () => Mailbox.allocate(LETTERS)),
    table: ConnectionTable.allocate(SLOTS),
  }
  const sockets = ownSockets(SLOTS)
  const stop = new SharedArrayBuffer(4)
  const threads = []
  const startThread = (role, number, inbox) => {
    const name = `tcp ${role} ${number + 1}`
    const ticket = recorder.share()
    const workerData = {
      role,
      name,
      bug,
      ticket,
      memory,
      transport: sockets.transport,
      inbox,
      stop,
    }
    const worker = new Worker(new URL('./worker.mjs', import.meta.url), { name, workerData })
    // A thread that fails leaves a table that nobody can trust: its error is the process's. (Without a listener Node and
    // Bun end by themselves, but Deno goes on without the thread.)
    worker.on('error', (error) => {
      queueMicrotask(() => {
        throw error
      })
    })
    threads.push(new Promise((resolve) => worker.once('exit', resolve)))
  }
  memory.readers.forEach((inbox, number) => {
    startThread('reader', number, inbox)
  })
  memory.writers.forEach((inbox, number) => {
    startThread('writer', number, inbox)
  })

  const inbox = new Mailbox(memory.main)
  const readerInboxes = memory.readers.map((reader) => new Mailbox(reader))
  const closeHere = (channel) => sockets.close(channel)
  const table = new ConnectionTable(memory.table, tcpHistories(recorder), closeHere)

  const closing = setInterval(() => {
    for (let letter = inbox.take(); letter; letter = inbox.take()) sockets.close(letter[4])
  }, CLOSE_EVERY_MS)

  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {}) // a reset; the worker that reads sees it too
    const channel = sockets.adopt(socket)
    const connection = channel < 0 ? undefined : table.open(channel)
    if (!connection) {
      if (channel >= 0) sockets.close(channel)
      return socket.destroy()
    }
    const { slot, id, handle } = connection
    table.ref(slot, 'tcpconn read, (%d)')
    table.passed(handle, 'read')
    readerInboxes[id % readers].post([0, slot, id, handle, channel, 0])
    table.unref(slot, 'accept done, (%d)', BY_MAIN)
  })
  await new Promise((resolve) =>
    server.listen({ port: 0, host: '127.0.0.1', backlog: 511 }, resolve),
  )

  return {
    port: server.address().port,
    threads: ['tcp main', ...names(readers, 'reader'), ...names(writers, 'writer')],
    table,

    /** Ends it when all connections are gone, or after the given time. */
    async close(withinMs = 5000) {
      server.close()
      const deadline = Date.now() + withinMs
      while (table.summary().live > 0 && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      Atomics.store(new Int32Array(stop), 0, 1)
      await Promise.race([
        Promise.all(threads),
        new Promise((resolve) => setTimeout(resolve, THREAD_START_MS).unref()),
      ])
      clearInterval(closing)
      return table.summary()
    },
  }
}

/**
 * @param {number} count
 * @param {string} role
 */
function names(count, role) {
  return Array.from({ length: count }, (_, number) => `tcp ${role} ${number + 1}`)
}
