// The body of every worker thread: joins the recorder, then takes letters and lets its reader or writer go on, for ever.
// It blocks instead of returning to an event loop, as a worker process of the original does.

import { workerData } from 'node:worker_threads'
import { Recorder } from 'struct-history'
import { tcpHistories } from './histories.mjs'
import { Mailbox } from './mailbox.mjs'
import { Reader } from './reader.mjs'
import { connectSockets } from './sockets.mjs'
import { ConnectionTable } from './table.mjs'
import { Writer } from './writer.mjs'

/** JavaScript has no epoll for threads: while something is open, look again that often. */
const LOOK_AGAIN_MS = 1
const IDLE_MS = 50

/**
 * What a thread is given to work with.
 * @typedef {object} Post
 * @property {string} name
 * @property {boolean} bug
 * @property {ConnectionTable} table
 * @property {Mailbox[]} writers
 * @property {import('./sockets.mjs').WorkerSockets} sockets
 */

const { role, name, bug, ticket, memory, transport, inbox, stop } = workerData
const recorder = Recorder.join(ticket, { thread: name })
const main = new Mailbox(memory.main)
const closeAtMain = (channel, id) => main.post([0, 0, id, 0, channel, 0])
const post = {
  name,
  bug,
  table: new ConnectionTable(memory.table, tcpHistories(recorder), closeAtMain),
  writers: memory.writers.map((writer) => new Mailbox(writer)),
  sockets: connectSockets(transport),
}
const worker = role === 'reader' ? new Reader(post) : new Writer(post)
const letters = new Mailbox(inbox)
const stopped = new Int32Array(stop)

while (Atomics.load(stopped, 0) === 0) {
  const bell = letters.bell()
  let progress = false
  for (let letter = letters.take(); letter; letter = letters.take()) {
    worker.receive(letter)
    progress = true
  }
  progress = worker.turn() || progress
  if (!progress) letters.sleep(bell, worker.busy ? LOOK_AGAIN_MS : IDLE_MS)
}
