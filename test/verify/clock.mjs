// Threads whose clocks are wrong at random: set back, set forward, showing nonsense, ending with the thread.

import { setTimeout as sleep } from 'node:timers/promises'
import { Recorder } from '../../build/index.js'
import { spawnWorker } from '../support/platform.mjs'
import { random } from '../support/random.mjs'

export const title = 'Clocks that go wrong'
export const promise =
  'SPEC 12: times of a history never run backwards and never stand still, whatever the clocks of its threads show'

const WORKER = new URL('../contract/clock.worker.mjs', import.meta.url)
const THREADS = 3
const HOUR = 3_600_000
/** More than a thread logs between two looks at the clock. */
const BURST = 400
/** With the precise clock a thread tells the others the time every millisecond, and each may be held up for a while. */
const APART_MICROS = 1_000_000

export async function verify({ minutes, seed, say }) {
  const figures = []
  const faults = []
  for (const clock of ['coarse', 'precise']) {
    const told = await wrongClocks(clock, (minutes * 60_000) / 2.2, random(seed), faults)
    say(`${clock}: ${told.map(([what, value]) => `${value} ${what}`).join(', ')}`)
    figures.push(...told.map(([what, value]) => [`${clock}, ${what}`, value]))
  }
  return { figures, faults: faults.slice(0, 20) }
}

async function wrongClocks(clock, milliseconds, next, faults) {
  const recorder = new Recorder({ budget: '4MiB', clock })
  const { SEND } = recorder.verbs({ SEND: 0 })
  const history = recorder.list('TCP con', { maxEvents: 2000 }).push(1)
  const { handle } = history
  const anyError = () => Math.floor((next() - 0.5) * 2 * HOUR)
  const begin = () => spawnWorker(WORKER, { ticket: recorder.share(), handle, wrongBy: anyError() })
  const workers = []
  for (let n = 0; n < THREADS; n++) workers.push(await begin())
  let latest = 0
  let mine = -1
  let rounds = 0
  let errors = 0
  let terminated = 0
  const end = performance.now() + milliseconds
  try {
    for (; performance.now() < end && faults.length < 20; rounds++) {
      const at = Math.floor(next() * THREADS)
      if (rounds % 10 === 5) {
        await workers[at].terminate()
        workers[at] = await begin()
        terminated++
      } else {
        await workers[at].call('err', next() < 0.1 ? Number.NaN : anyError())
        errors++
      }
      const last = await Promise.all(workers.map((worker) => worker.call('log', BURST)))
      await sleep(3)
      // This thread's clock is right: it comes after all of those, and after itself.
      for (let n = 0; n < BURST; n++) history.log(SEND, '%d', n)
      const times = history.events().map(({ t }) => t)
      const now = times.at(-1)
      latest = Math.max(latest, ...last)
      if (now < latest - APART_MICROS)
        faults.push(`${clock}, round ${rounds}: this thread is at ${now}, another was at ${latest}`)
      if (now <= mine) faults.push(`${clock}, round ${rounds}: time stands still at ${now}`)
      if (times.some((t, n) => t < (times[n - 1] ?? 0)))
        faults.push(`${clock}, round ${rounds}: times run backwards`)
      mine = now
    }
  } catch (error) {
    faults.push(`${clock}, round ${rounds}: ${error.message}`)
  } finally {
    for (const worker of workers) await worker.terminate()
  }
  const { logged } = recorder.stats()
  if (errors === 0 || terminated === 0)
    faults.push(`${clock}: no clock went wrong, or no thread ended`)
  return [
    ['rounds', rounds],
    ['clocks that went wrong', errors],
    ['threads terminated', terminated],
    ['events', logged],
  ]
}
