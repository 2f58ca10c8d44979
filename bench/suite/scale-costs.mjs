// How the cost of a call grows with what a recorder holds. One job for one realm.

import { Recorder } from 'struct-history'
import { takeTurns } from './rounds.mjs'
import { quartiles } from './statistics.mjs'

const MS_OF_GARBAGE = 20
/** More than there is room for: a life of ten events takes 640 bytes and more. */
const LIVES_OF_A_MEBIBYTE = 1800

/** -> the quartiles of nanoseconds a call. */
export function cost(what, value, effort) {
  const times = takeTurns([{ name: what, batchMs: MS_OF_GARBAGE, ...subjects[what](value) }], {
    ...effort,
    rounds: Math.min(effort.rounds, 11),
    slices: 1,
  })
  return quartiles(times[what])
}

const subjects = {
  /** A push into a full window, with its unref. */
  window(window) {
    const recorder = new Recorder({ name: 'window', budget: '512MiB' })
    const list = recorder.list('lives', { window })
    for (let n = 0; n < window; n++) list.push(n).unref()
    return { run: (from, to) => count(from, to, (n) => list.push(n).unref()) }
  },

  /** One log to any of the histories of a full window. */
  'window-log'(window) {
    const recorder = new Recorder({ name: 'window', budget: '2GiB' })
    const { SENT } = recorder.verbs({ SENT: 0 })
    const list = recorder.list('lives', { window })
    const histories = Array.from({ length: window }, (_, n) => list.push(n))
    // The first event of a life takes a block, and its memory from the system.
    for (const history of histories) history.log(SENT, 'send %d', 0)
    // A stride that is prime to every window: neighbours are not touched in turn.
    return {
      run: (from, to) =>
        count(from, to, (n) => histories[(n * 7919) % window].log(SENT, 'send %d', n)),
    }
  },

  /** A whole life of so many events, told by the event. */
  events(events) {
    const recorder = new Recorder({ name: 'events', budget: '64MiB' })
    const { SENT } = recorder.verbs({ SENT: 0 })
    const list = recorder.list('lives', { window: 100 })
    let history = list.push(0)
    return {
      run: (from, to) =>
        count(from, to, (n) => {
          if (n % events === 0) {
            history.unref()
            history = list.push(n)
          }
          return history.log(SENT, 'send %d', n)
        }),
    }
  },

  /** Lives of ten events that only the budget ends, told by the event. */
  budget(mebibytes) {
    const recorder = new Recorder({ name: 'budget', budget: mebibytes * 2 ** 20 })
    const { SENT } = recorder.verbs({ SENT: 0 })
    const list = recorder.list('lives', { window: 0 })
    let history = list.push(0)
    const log = (n) => {
      if (n % 10 === 0) {
        history.unref()
        history = list.push(n)
      }
      return history.log(SENT, 'send %d', n)
    }
    // Full before anything is timed: eviction is part of the cost.
    for (let n = 0; n < mebibytes * LIVES_OF_A_MEBIBYTE * 10; n++) log(n)
    if (recorder.stats().evictedByBudget === 0) throw new Error('The budget is not full yet')
    return { run: (from, to) => count(from, to, log) }
  },
}

/** Milliseconds of a recorder's start and of a join: the first of this realm, then the median of further ones. */
export function starts() {
  const first = timed(() => new Recorder({ name: 'first' }))
  const again = medianOf(() => new Recorder({ name: 'again' }))
  const ticket = new Recorder({ name: 'to join' }).share()
  const join = timed(() => Recorder.join(ticket, { thread: 'first' }))
  const joinAgain = medianOf((n) => Recorder.join(ticket, { thread: `thread ${n}` }))
  return { first, again, join, joinAgain }
}

function medianOf(act) {
  return quartiles(Array.from({ length: 9 }, (_, n) => timed(() => act(n)))).median
}

function timed(act) {
  const from = performance.now()
  act()
  return performance.now() - from
}

function count(from, to, act) {
  let refused = 0
  for (let n = from; n < to; n++) if (!act(n)) refused++
  return refused
}
