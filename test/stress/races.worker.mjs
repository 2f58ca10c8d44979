// One of the two threads of a race (races.mjs). They meet at barriers in shared memory, thousands of times a second.

import { library, serve } from '../support/worker.mjs'
import { RACES } from './races.mjs'

const SPINS = 2000
const ARRIVED = 0
const TURN = 1
const ROUND = 2
const HANDLES = 0
const ANSWERS = 4

let me
let recorder
let verb
let lists
let cells
let numbers
let tickets
let Recorder
let fresh

/** Both go on when both are here. Spins first: a thread that sleeps wakes too late to race. */
function meet() {
  const turn = Atomics.load(cells, TURN)
  if (Atomics.add(cells, ARRIVED, 1) === 1) {
    Atomics.store(cells, ARRIVED, 0)
    Atomics.add(cells, TURN, 1)
    Atomics.notify(cells, TURN)
    return
  }
  for (let n = 0; n < SPINS; n++) if (Atomics.load(cells, TURN) !== turn) return
  const deadline = Date.now() + 10_000
  while (Atomics.load(cells, TURN) === turn) {
    if (Date.now() > deadline) throw new Error('the other thread did not come')
    Atomics.wait(cells, TURN, turn, 100)
  }
}

function random(seed) {
  let state = seed | 1
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state >>> 8) % below
  }
}

serve(
  {
    /** Runs so many rounds of a race, or less when the time is over; the first thread answers what came how often. */
    race(name, from, rounds, milliseconds, seed) {
      const { prepare, meet: take, act, look } = RACES[name]
      const next = random(seed + me)
      const counts = {}
      const deadline = Date.now() + milliseconds
      for (let n = 0; ; n++) {
        if (me === 0) cells[ROUND] = n < rounds && Date.now() < deadline ? from + n : -1
        meet()
        const round = cells[ROUND]
        if (round < 0) break
        const stage = {
          round,
          recorder,
          verb,
          list: (which) => (lists[which] ??= recorder.list(which, { window: 100 })),
          fresh: () => (fresh[round] ??= Recorder.join(tickets[round % tickets.length])),
          join: () => Recorder.join(tickets[round % tickets.length]),
        }
        if (me === 0) numbers.set(prepare(stage), HANDLES)
        meet()
        const shared = { handles: [...numbers.subarray(HANDLES, HANDLES + 2)] }
        const mine = take(stage, shared)
        meet()
        for (let wait = next(60); wait > 0; wait--) Atomics.load(cells, ROUND)
        numbers[ANSWERS + me] = act[me](stage, mine, shared)
        meet()
        if (me !== 0) continue
        const answers = [...numbers.subarray(ANSWERS, ANSWERS + 2)]
        const outcome = look(stage, { ...shared, answers, mine })
        counts[outcome] = (counts[outcome] ?? 0) + 1
      }
      return counts
    },
  },
  async (given) => {
    ;({ Recorder } = await library())
    me = given.me
    cells = new Int32Array(given.barrier)
    numbers = new Float64Array(given.numbers)
    tickets = given.tickets
    fresh = {}
    recorder = Recorder.join(given.ticket, { thread: `actor ${me}` })
    verb = recorder.verbs({ SEND: 0 }).SEND
    lists = { one: recorder.list('one', { window: 1 }) }
  },
)
