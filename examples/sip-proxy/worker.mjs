// A worker thread: takes letters for ever, and blocks while there are none, as a worker process of the original does.

import { parentPort, workerData } from 'node:worker_threads'
import { Recorder } from 'struct-history'
import { Expiries } from './expiries.mjs'
import { sipHistories } from './histories.mjs'
import * as letters from './letters.mjs'
import { Mailbox } from './mailbox.mjs'
import { parse } from './message.mjs'
import { Replies } from './replies.mjs'
import { Requests } from './requests.mjs'
import { openTables } from './tables.mjs'
import { SOURCE_HOST, SOURCE_PORT } from './transactions.mjs'

const IDLE_MS = 100
const FULL_MS = 1

const { name, bug, ticket, memory, inbox, stop, started, syslog, settings } = workerData
const histories = sipHistories(Recorder.join(ticket, { thread: name }), syslog)
const now = () => Date.now() - started
const tables = openTables(memory, histories, now)
const { connections, transactions } = tables
const main = new Mailbox(memory.main)
const mailbox = new Mailbox(inbox)
const stopped = new Int32Array(stop)

/** What a thread is given to work with. @typedef {typeof post} Post */
const post = {
  name,
  bug,
  now,
  settings,
  verbs: histories.verbs,
  ...tables,
  sendUdp,
  sendTcp,
  sendBack,
}
const requests = new Requests(post)
const replies = new Replies(post)
const expiries = new Expiries(post)

while (Atomics.load(stopped, 0) === 0) {
  const bell = mailbox.bell()
  let letter = mailbox.take()
  if (!letter) mailbox.sleep(bell, IDLE_MS)
  for (; letter; letter = mailbox.take()) receive(letter)
}

/** @param {{ numbers: Float64Array, message: string }} letter */
function receive({ numbers: [kind, a, b, slot, id, handle, hold], message: text }) {
  if (kind === letters.TIMER) {
    const { list } = transactions
    return expiries.handle(a, { slot, id, handle, history: list.at(handle) }, hold)
  }
  const message = parse(text)
  if (kind === letters.REPLY) return message && replies.handle(message)
  const { list, verbs } = connections
  const connection =
    slot === 0 ? undefined : { slot: slot - 1, id, handle, history: list.at(handle) }
  connection?.history?.log(verbs.TAKE, 'read')
  if (message) requests.handle(message, a, b, connection)
  if (connection) connections.unref(connection, 'request done, (%d)')
}

/**
 * @param {number} host
 * @param {number} port
 * @param {string} text
 */
function sendUdp(host, port, text) {
  mail([letters.SEND_UDP, host, port], text)
}

/**
 * @param {import('./cells.mjs').Ref} connection
 * @param {string} text
 */
function sendTcp(connection, text) {
  connections.ref(connection, 'send, (%d)')
  connection.history?.log(histories.verbs.PASS, 'write')
  mail([letters.SEND_TCP, 0, 0, connection.slot, connection.id, connection.handle], text)
}

/**
 * To where the request of this transaction came from.
 * @param {import('./cells.mjs').Ref} ref
 * @param {string} text
 */
function sendBack(ref, text) {
  const connection = transactions.connection(ref)
  if (connection) sendTcp(connection, text)
  else sendUdp(transactions.get(ref, SOURCE_HOST), transactions.get(ref, SOURCE_PORT), text)
}

function mail(letter, text) {
  // Main never waits for a worker, so it gets on.
  while (!main.post(letter, text, ring)) Atomics.wait(stopped, 0, 0, FULL_MS)
}

function ring() {
  parentPort?.postMessage(0)
}
