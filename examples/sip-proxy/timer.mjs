// The timer thread: looks for timers that are due and passes each to a worker, with the hold that the timer had.

import { workerData } from 'node:worker_threads'
import { Recorder } from 'struct-history'
import { sipHistories } from './histories.mjs'
import * as letters from './letters.mjs'
import { Mailbox } from './mailbox.mjs'
import { openTables } from './tables.mjs'
import { DEADLINE, TIMER, TIMER_OFF } from './transactions.mjs'

const { name, bug, ticket, memory, stop, started, syslog, settings } = workerData
const histories = sipHistories(Recorder.join(ticket, { thread: name }), syslog)
const now = () => Date.now() - started
const { transactions } = openTables(memory, histories, now)
const workers = memory.workers.map((worker) => new Mailbox(worker))
const workerNames = workers.map((_, n) => `sip worker ${n + 1}`)
const stopped = new Int32Array(stop)
const { words } = transactions

while (Atomics.wait(stopped, 0, 0, settings.tick) === 'timed-out') fireDue(now())

/**
 * A function, as V8 compiles no loop of a module's top level: there the look at all cells took a quarter of the proxy's CPU.
 * @param {number} time
 */
function fireDue(time) {
  for (let slot = 0, end = transactions.touched; slot < end; slot++) {
    if (Atomics.load(words, transactions.at(slot, TIMER)) === TIMER_OFF) continue
    if (Atomics.load(words, transactions.at(slot, DEADLINE)) <= time)
      transactions.fire(slot, time, pass)
  }
}

/**
 * To a worker, with the timer's hold; false when it stays here.
 * @param {import('./cells.mjs').Ref} ref
 * @param {number} kind
 * @param {number} number
 */
function pass({ slot, id, handle, history }, kind, number) {
  const to = slot % workers.length
  const hold = history?.holdAt(number, name)
  hold?.transfer(workerNames[to])
  const isPosted = workers[to].post([letters.TIMER, kind, 0, slot, id, handle, number])
  // BUG "handover": a mailbox is never full.
  if (isPosted || bug === 'handover') return true
  hold?.transfer('timer')
  return false
}
