// A thread of a service that never stops: it pushes lives, logs them, hands each one over to another thread by its
// handle, finishes those that it is handed, and reads and flushes some on the way.

import { library, serve } from '../support/worker.mjs'
import { mixed } from './lives.mjs'

/** Of each life, by its owner; two more come from the thread that it is handed to. */
export const OWN_EVENTS = 11
const LONG_EVENTS = 90
const WORDS = ['INVITE', 'REGISTER', 'OPTIONS', 'SUBSCRIBE', 'a string seen before']

let recorders
let mailbox
let who
let flushed = 0

/** Lives, and what was refused or wrong. */
const told = { pushed: 0, overtaken: 0, events: 0, handedOver: 0, read: 0, faults: [] }

serve(
  {
    /** `count` lives, from number `first` on. */
    live({ seed, first, count }) {
      for (let n = first; n < first + count; n++) {
        const random = mixed(seed, who, n)
        live(recorders[random & 1], random >>> 1, n)
      }
      return answer()
    },
    /** Finishes what still lies in the mailbox. */
    drain() {
      for (let box = 0; box < mailbox.length; box++)
        finish(Number(Atomics.exchange(mailbox, box, 0n)))
      return answer()
    },
  },
  async ({ tickets, boxes, number }) => {
    const { Recorder } = await library()
    who = number
    mailbox = boxes
    recorders = tickets.map((ticket) => {
      const sinks = [(_history, events) => (flushed += events.length)]
      const recorder = Recorder.join(ticket, { thread: `service ${number}`, sinks })
      return {
        verbs: recorder.verbs({ TAKE: +1, GIVE: -1, SEND: 0, END: 'end' }),
        lists: ['sessions', 'dialogs'].map((name) => recorder.list(name)),
      }
    })
  },
)

function live({ verbs, lists }, random, n) {
  const list = lists[random % 8 === 0 ? 1 : 0]
  const history = list.push(objectOf(random, n))
  if (history.handle === 0) return fault(`life ${n} could not begin`)
  told.pushed++
  // One reference for this thread, and one for the next: the pusher's own does not pin. A thread that was held up just
  // here may find that the window has glided over its life.
  if (!history.ref()) {
    told.overtaken++
    return
  }
  if (!history.ref()) fault(`the second reference on life ${n} was refused`)
  const events = random % 100 === 3 ? LONG_EVENTS : OWN_EVENTS
  for (let i = 0; i < events; i++) {
    if (log(history, verbs, random, n, i)) told.events++
    else fault(`event ${i} of life ${n} was refused`)
  }
  if (random % 64 === 5) expectOwn(history, n, events)
  if (random % 64 === 6) history.flush()
  // Its number in this recorder's two lists is told by the lowest bits of what travels.
  const which =
    recorders.findIndex((recorder) => recorder.lists === lists) * 2 + lists.indexOf(list)
  const box = (random >>> 8) % mailbox.length
  const other = Number(Atomics.exchange(mailbox, box, BigInt(history.handle * 4 + which)))
  if (!history.unref()) fault(`the own reference on life ${n} could not be released`)
  finish(other)
}

/** The rest of a life that another thread, or this one, has put into the mailbox. */
function finish(parcel) {
  if (parcel === 0) return
  const { verbs, lists } = recorders[(parcel % 4) >> 1]
  const history = lists[parcel & 1].at(Math.floor(parcel / 4))
  if (!history)
    return fault(`handle ${Math.floor(parcel / 4)} was handed over with a reference, and is gone`)
  told.handedOver++
  if (history.log(verbs.GIVE, 'handed to %d', who)) told.events++
  else fault('an event after the hand-over was refused')
  if (history.log(verbs.END)) told.events++
  else fault('the end was refused')
  if (!history.unref()) fault('the reference that was handed over could not be released')
}

function log(history, verbs, random, n, i) {
  switch ((random + i) % 6) {
    case 0:
      return history.log(verbs.SEND, 'life %d event %d by %s', n, i, WORDS[random % WORDS.length])
    case 1:
      return history.log(verbs.SEND, '%s', WORDS[random % WORDS.length])
    case 2:
      return history.log(verbs.SEND, 'took %.3f ms, life %d', random / 7, n)
    case 3:
      return history.log(verbs.SEND, '%s from %s', `new ${n} ${i}`, 'x'.repeat(random % 150))
    default:
      return history.log(verbs.SEND, 'send %d, (%d)', i, n)
  }
}

function expectOwn(history, n, events) {
  told.read++
  const shown = history.events()
  const isWhole =
    shown.length > 0 &&
    shown.length <= events &&
    shown.every(({ verb, log }) => verb === '' || !/<|NaN/.test(log))
  if (!isWhole)
    fault(`life ${n} shows ${JSON.stringify(shown.map(({ log }) => log)).slice(0, 200)}`)
}

function objectOf(random, n) {
  if (random % 5 === 0) return `call ${who}-${n}`
  if (random % 41 === 1) return `a long identity ${who}-${n} ${'x'.repeat(random % 80)}`
  return random % 7 === 0 ? BigInt(n) << 20n : who * 2 ** 32 + n
}

function fault(sentence) {
  if (told.faults.length < 10) told.faults.push(`thread ${who}: ${sentence}`)
}

function answer() {
  return { ...told, flushed, heap: globalThis.gc ? heapInUse() : 0 }
}

/** Bytes of this thread's JavaScript heap that are in use after a collection. */
function heapInUse() {
  globalThis.gc()
  return process.memoryUsage().heapUsed
}
