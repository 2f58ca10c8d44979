// The timer thread: looks for timers that are due and passes each to a worker, with the reference that the timer had.

import { workerData } from 'node:worker_threads'
import { Recorder } from 'struct-history'
import { sipHistories } from './histories.mjs'
import * as letters from './letters.mjs'
import { Mailbox } from './mailbox.mjs'
import { openTables } from './tables.mjs'
import { DEADLINE, TIMER, TIMER_OFF } from './transactions.mjs'

const TICK_MS = 5

const { name, bug, ticket, memory, stop, started, mode } = workerData
const histories = sipHistories(Recorder.join(ticket, { thread: name }), mode)
const now = () => Date.now() - started
const { transactions } = openTables(memory, histories, now)
const workers = memory.workers.map((worker) => new Mailbox(worker))
const stopped = new Int32Array(stop)
const { words, verbs } = transactions

while (Atomics.wait(stopped, 0, 0, TICK_MS) === 'timed-out') {
  const time = now()
  for (let slot = 0; slot < transactions.slots; slot++) {
    if (Atomics.load(words, transactions.at(slot, TIMER)) === TIMER_OFF) continue
    if (Atomics.load(words, transactions.at(slot, DEADLINE)) <= time)
      transactions.fire(slot, time, pass)
  }
}

/**
 * To a worker, with the timer's reference; false when it stays here.
 * @param {import('./cells.mjs').Ref} ref
 * @param {number} kind
 */
function pass({ slot, id, handle, history }, kind) {
  const worker = slot % workers.length
  history?.log(verbs.PASS, 'timer %d to worker %d', kind, worker + 1)
  const isPosted = workers[worker].post([letters.TIMER, kind, 0, slot, id, handle])
  // BUG "handover": a mailbox is never full.
  if (isPosted || bug === 'handover') return true
  history?.log(verbs.TAKE, 'timer %d back', kind)
  return false
}
