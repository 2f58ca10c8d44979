// The main side of thread.mjs: k threads at once, one run after another, so that noise falls on one and on many alike.

import { Recorder } from 'struct-history'
import { spawnWorker } from './port.mjs'

export class Threads {
  #workers = []

  /** Starts so many threads on one recorder. */
  static async start(url, count) {
    const threads = new Threads()
    const recorder = new Recorder({ name: 'threads', budget: '64MiB' })
    recorder.verbs({ SENT: 0 })
    const ticket = recorder.share()
    const shared = recorder.list('threads', { window: 10_000 }).push('shared').handle
    for (let n = 0; n < count; n++) {
      const worker = await spawnWorker(url)
      threads.#workers.push(worker)
      await worker.call('join', { ticket, name: `thread ${n}`, shared })
    }
    threads.recorder = recorder
    return threads
  }

  /** -> calls a millisecond of the first `count` threads together. Another thread goes first each time. */
  async rate(kind, count, milliseconds, first = 0) {
    const gate = new SharedArrayBuffer(8)
    const chosen = Array.from(
      { length: count },
      (_, n) => this.#workers[(first + n) % this.#workers.length],
    )
    const told = await Promise.all(
      chosen.map((worker) => worker.call('load', { kind, milliseconds, gate, count })),
    )
    return told.reduce((sum, { calls, milliseconds: took }) => sum + calls / took, 0)
  }

  end() {
    for (const worker of this.#workers) worker.end()
  }
}

/**
 * Throughput of two threads as a multiple of one, round by round: of the floor (what the machine itself has to give at that moment), of own
 * histories, of one history that both log to.
 */
export async function twoThreads(url, { spanMs, threadRounds, warmUpMs }) {
  const threads = await Threads.start(url, 2)
  const ratios = { floor: [], own: [], same: [] }
  const single = []
  try {
    for (const kind of Object.keys(ratios)) {
      await threads.rate(kind, 1, warmUpMs, 0)
      await threads.rate(kind, 2, warmUpMs)
    }
    for (let round = 0; round < threadRounds; round++) {
      for (const kind of Object.keys(ratios)) {
        // One before and one after the two: a machine that becomes slower meanwhile does not count against them.
        const before = await threads.rate(kind, 1, spanMs, 0)
        const two = await threads.rate(kind, 2, spanMs)
        const after = await threads.rate(kind, 1, spanMs, 1)
        ratios[kind].push((2 * two) / (before + after))
        if (kind === 'own') single.push(before, after)
      }
    }
  } finally {
    threads.end()
  }
  return { ratios, single }
}
