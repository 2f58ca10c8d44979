// Runs the races of races.mjs on two threads; shared by the test and by npm run verify.

import { ACCEPTABLE, INTERESTING, RACES } from './races.mjs'

const GROWING = 16

/**
 * All races, each for so long or so many rounds: { race, outcome, kind, story, count }, one row for each outcome that came
 * or could have come. `start`: how to start the worker of races.worker.mjs with its data.
 */
export async function runRaces({ Recorder, start, rounds, milliseconds, seed, names }) {
  const rows = []
  const recorder = new Recorder({ name: 'races', budget: '32MiB' })
  const tickets = Array.from({ length: GROWING }, () => new Recorder({ budget: '4MiB' }).share())
  const barrier = new SharedArrayBuffer(64)
  const numbers = new SharedArrayBuffer(64)
  const data = { ticket: recorder.share(), tickets, barrier, numbers }
  const workers = await Promise.all([0, 1].map((me) => start({ ...data, me })))
  try {
    for (const name of names ?? Object.keys(RACES)) {
      const { outcomes, most = rounds } = RACES[name]
      const ask = [name, 0, Math.min(rounds, most), milliseconds, seed]
      const [counts] = await Promise.all(workers.map((worker) => worker.call('race', ...ask)))
      for (const outcome of new Set([...Object.keys(outcomes), ...Object.keys(counts)])) {
        const [kind, story] = outcomes[outcome] ?? ['FORBIDDEN', '']
        rows.push({ race: name, outcome, kind, story, count: counts[outcome] ?? 0 })
      }
    }
    return { rows, image: recorder.snapshot() }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

export const isForbidden = ({ kind }) => kind !== ACCEPTABLE && kind !== INTERESTING

export function table(rows) {
  let last = ''
  return rows
    .map(({ race, outcome, kind, story, count }) => {
      const head = race === last ? '' : `${race}\n`
      last = race
      return `${head}  ${String(count).padStart(8)}  ${kind.padEnd(11)} ${outcome}${story && `: ${story}`}`
    })
    .join('\n')
}
