// The races of test/stress on two threads, for as long as there is time, each recorder of which begins anew.

import { Worker } from 'node:worker_threads'
import { INTERESTING } from '../stress/races.mjs'
import { isForbidden, runRaces, table } from '../stress/run-races.mjs'

export const title = 'Races of two threads, and what may come of each'
export const promise =
  'SPEC 2: whatever two threads do to one history, list or recorder at the same moment, each outcome is one of those that have a story'

const { Recorder } = await import('../../build/index.js')
const { openImage } = await import('../../build/inspect.js')
const file = new URL('../stress/races.worker.mjs', import.meta.url)

/** What spawnWorker of test/support/platform.ts does, which is TypeScript: this runs in plain Node 20. */
function start(data) {
  const worker = new Worker(file)
  let last = 0
  const waiting = new Map()
  const fail = (error) => {
    for (const { reject } of waiting.values()) reject(error)
  }
  worker.on('error', fail)
  worker.on('message', ({ id, result, error }) => {
    const call = waiting.get(id)
    if (error === undefined) call?.resolve(result)
    else call?.reject(new Error(error))
  })
  const call = (name, ...args) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject })
      worker.postMessage({ id: last, name, args })
    })
  return call('started', data).then(() => ({ call, terminate: () => worker.terminate() }))
}

export async function verify({ minutes, seed, say }) {
  const total = new Map()
  const faults = []
  const end = Date.now() + minutes * 60_000
  let recorders = 0
  do {
    const how = { rounds: 50_000, milliseconds: 500, seed: seed + 2 * recorders }
    const { rows, image } = await runRaces({ Recorder, start, ...how })
    recorders++
    for (const row of rows) {
      const key = `${row.race}\n${row.outcome}`
      const before = total.get(key)?.count ?? 0
      total.set(key, { ...row, count: before + row.count })
    }
    for (const { text } of openImage(image).problems().slice(0, 3)) faults.push(text)
    say(`${recorders} recorders, ${sum([...total.values()])} races`)
  } while (Date.now() < end && faults.length === 0)
  const rows = [...total.values()].sort((a, b) => (a.race < b.race ? -1 : a.race > b.race ? 1 : 0))
  say(`\n${table(rows)}`)
  for (const { race, outcome, count } of rows.filter(isForbidden))
    faults.push(`${race}: "${outcome}" came ${count} times`)
  const figures = [
    ['races', sum(rows)],
    ['kinds of race', new Set(rows.map(({ race }) => race)).size],
    ['outcomes that came', rows.filter(({ count }) => count > 0).length],
    ['interesting ones', sum(rows.filter(({ kind }) => kind === INTERESTING))],
    ['forbidden ones', sum(rows.filter(isForbidden))],
  ]
  return { figures, faults }
}

const sum = (rows) => rows.reduce((all, { count }) => all + count, 0)
