// One of several threads that log at the same time. They begin together, and each counts its own calls.

import { Recorder } from 'struct-history'
import { floorExport } from './floor-instance.mjs'

const OBJECTS = 16
/** Calls between two looks at the clock. */
const BATCH = 1000

let things

export const threadJobs = {
  /** Joins. `shared`: a history that all threads log to. */
  join({ ticket, name, shared }) {
    const recorder = Recorder.join(ticket, { thread: name })
    const { SENT } = recorder.verbs({ SENT: 0 })
    const list = recorder.list('threads')
    const own = Array.from({ length: OBJECTS }, (_, n) => list.push(`${name} ${n}`))
    const lives = recorder.list(`lives of ${name}`, { window: 1000 })
    things = { floor: floorExport(), SENT, own, same: list.at(shared), lives }
  },

  /** Logs for so long. -> { calls, milliseconds }. `gate`: how many have arrived; the last one lets all begin. */
  load({ kind, milliseconds, gate, count }) {
    const run = loops[kind]
    wait(new Int32Array(gate), count)
    const from = performance.now()
    let calls = 0
    let now = from
    let refused = 0
    while (now - from < milliseconds) {
      refused += run(calls, calls + BATCH)
      calls += BATCH
      now = performance.now()
    }
    if (refused > 0) throw new Error(`${kind}: ${refused} of ${calls} calls were refused`)
    return { calls, milliseconds: now - from }
  },
}

const loops = {
  floor(from, to) {
    const { floor } = things
    let refused = 0
    for (let n = from; n < to; n++) if (floor(n, n) === 0) refused++
    return refused
  },
  own(from, to) {
    const { own, SENT } = things
    let refused = 0
    for (let n = from; n < to; n++) if (!own[n & (OBJECTS - 1)].log(SENT, 'send %d', n)) refused++
    return refused
  },
  same(from, to) {
    const { same, SENT } = things
    let refused = 0
    for (let n = from; n < to; n++) if (!same.log(SENT, 'send %d', n)) refused++
    return refused
  },
  push(from, to) {
    const { lives, SENT } = things
    let refused = 0
    for (let n = from; n < to; n++) {
      const history = lives.push(n)
      if (!history.log(SENT, 'send %d', n)) refused++
      if (!history.unref()) refused++
    }
    return refused
  },
}

/** The gate counts arrivals; whoever waits there is woken by the last. */
function wait(gate, count) {
  if (Atomics.add(gate, 0, 1) + 1 === count) {
    Atomics.store(gate, 1, 1)
    Atomics.notify(gate, 1)
  } else Atomics.wait(gate, 1, 0, 10_000)
}
