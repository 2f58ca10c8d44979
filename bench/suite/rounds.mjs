// Loops that take turns. The machine is noisy: what else it does falls on the floor and on the subject alike when they
// run within the same few milliseconds, so ratios are taken round by round, and only then is the median taken.

import { Bench } from 'tinybench'

/** A batch must be this many steps of the clock: browsers let it step by 20 microseconds. */
const STEPS_OF_CLOCK = 50
/** An argument stays a small integer of every engine. */
const ARGUMENTS_END = 2 ** 30

/**
 * A loop: { name, run(from, to), prepare?, isRefused?, callsMax?, batchMs? }. run() makes `to - from` calls and answers how
 * many were refused; prepare() makes their inputs, untimed. batchMs: how long a batch must last, where garbage is made.
 * -> { name: nanoseconds a call, one for each round }.
 */
export function takeTurns(loops, effort) {
  const turns = new Turns(loops, effort)
  const times = Object.fromEntries(loops.map(({ name }) => [name, []]))
  for (let round = 0; round < effort.rounds; round++)
    for (const [name, time] of Object.entries(turns.round())) times[name].push(time)
  return times
}

/** Loops that are warm, and timed a round at a time. */
export class Turns {
  #turns
  #orders
  #rounds = 0

  constructor(loops, { slices, batchMs, warmUpMs }) {
    const leastMs = Math.max(batchMs, STEPS_OF_CLOCK * stepOfClock())
    this.#turns = loops.map((loop) => ({ ...loop, next: 0, calls: 1, batches: 0 }))
    const count = () => {
      for (const turn of this.#turns)
        turn.calls = callsOf(turn, Math.max(leastMs, loopMs(turn, batchMs)))
    }
    count()
    warmUp(this.#turns, warmUpMs)
    // Compiled code is faster than what the first look saw.
    count()
    this.#orders = [this.#turns, [...this.#turns].reverse()].map((order) => bench(order, slices))
  }

  /** -> { name: nanoseconds a call }; each round in the other order. */
  round() {
    const order = this.#orders[this.#rounds++ % 2]
    // A task that has run keeps its result.
    order.reset()
    const before = this.#turns.map(({ batches }) => batches)
    order.runSync()
    if (this.#turns.some(({ batches }, at) => batches === before[at]))
      throw new Error('A round timed nothing: its figures would be those of the round before')
    return Object.fromEntries(
      this.#turns.map(({ name, calls }) => {
        const { result } = order.getTask(name)
        if (result.state !== 'completed')
          throw result.error ?? new Error(`${name}: ${result.state}`)
        return [name, (result.latency.p50 * 1e6) / calls]
      }),
    )
  }
}

/** tinybench holds the clock, the hooks and the median of a round's slices; the calls of one slice are ours to count. */
function bench(order, slices) {
  const one = {
    warmup: false,
    time: 0,
    iterations: slices,
    throws: true,
    timestampProvider: 'auto',
  }
  const bench = new Bench(one)
  for (const turn of order) {
    const beforeEach = () => prepare(turn)
    bench.add(turn.name, () => batch(turn), { async: false, beforeEach })
  }
  return bench
}

function prepare(turn) {
  if (turn.next + turn.calls > ARGUMENTS_END) turn.next = 0
  turn.prepare?.(turn.next, turn.next + turn.calls)
}

function batch(turn) {
  const { next, calls, name, isRefused = false } = turn
  turn.next = next + calls
  turn.batches++
  const refused = turn.run(next, next + calls)
  if (refused !== (isRefused ? calls : 0))
    throw new Error(`${name}: ${refused} of ${calls} calls were refused`)
}

function warmUp(turns, milliseconds) {
  for (let part = 0; part < 4; part++) {
    for (const turn of turns) {
      const end = performance.now() + milliseconds / 4
      do {
        prepare(turn)
        batch(turn)
      } while (performance.now() < end)
    }
  }
}

/** How many calls last at least so long. */
function callsOf(turn, milliseconds) {
  const { callsMax = 2 ** 22 } = turn
  for (turn.calls = 64; turn.calls < callsMax; turn.calls *= 2) {
    prepare(turn)
    const from = performance.now()
    batch(turn)
    if (performance.now() - from >= milliseconds) break
  }
  return Math.min(turn.calls, callsMax)
}

function loopMs({ batchMs }, otherwise) {
  return batchMs === undefined || otherwise < 0.1 ? otherwise : batchMs
}

/** In milliseconds. */
function stepOfClock() {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < 20; i++) {
    const from = performance.now()
    let to = from
    while (to === from) to = performance.now()
    least = Math.min(least, to - from)
  }
  return least
}
