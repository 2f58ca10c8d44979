// The budget at 64 MiB, 256 MiB and 2 GiB, each exceeded by three threads at once; then a full 2 GiB dumped and opened.

import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Recorder } from '../../build/index.js'
import { openImage } from '../../build/inspect.js'
import { fillBudget } from '../stress/budget.mjs'
import { spawnWorker } from '../support/platform.mjs'

export const title = 'The budget'
export const promise =
  'SPEC 4: logging never grows past the budget and never fails; the oldest unpinned lives go first, then the oldest pinned, counted'
/** All budgets, and the dump of the largest. */
export const minutes = 3

const SHDB = fileURLToPath(new URL('../../build/cli/shdb.js', import.meta.url))
const DUMP = fileURLToPath(new URL('../../build/verify-budget.shdump', import.meta.url))

/** Smallest first; `minutes` is what a fill must be given to begin, since it cannot be cut short. */
const FILLS = [
  { budget: '2MiB', times: 20, pinEvery: 0, minutes: 0 },
  { budget: '4MiB', times: 3, pinEvery: 1, minutes: 0 },
  { budget: '64MiB', times: 2, pinEvery: 0, minutes: 0 },
  { budget: '64MiB', times: 2, pinEvery: 50, minutes: 0.15 },
  { budget: '16MiB', times: 2, pinEvery: 1, minutes: 0.4 },
  { budget: '256MiB', times: 2, pinEvery: 50, minutes: 0.5 },
  { budget: '2GiB', times: 1.3, pinEvery: 0, minutes: 1.5 },
]

export async function verify({ minutes, seed, say }) {
  const figures = []
  const faults = []
  for (const fill of FILLS) {
    const what = `${fill.budget}${fill.pinEvery === 0 ? '' : fill.pinEvery === 1 ? ', all pinned' : `, one in ${fill.pinEvery} pinned`}`
    if (minutes < fill.minutes) {
      figures.push([what, `not run: takes ${fill.minutes} minutes`])
      continue
    }
    const library = { Recorder, openImage, spawnWorker }
    const given = { ...fill, threads: 3, seed, deadlineMs: 300_000 }
    const verdict = await fillBudget(library, given, say)
    const shown = verdict.figures.map(([name, value]) => `${value.toLocaleString('en')} ${name}`)
    say(`${what}: ${shown.join(', ')}`)
    figures.push([what, shown.join(', ')])
    faults.push(...verdict.faults.map((fault) => `${what}: ${fault}`))
  }
  if (minutes >= 2) {
    const fault = await dumpOfTheMaximum(say)
    figures.push(['bytes of a dump of 2GiB that shdb opened', 2 ** 31])
    if (fault) faults.push(fault)
  }
  return { figures, faults }
}

const MORE_THAN_FULL = 100_000

/** The largest image is one byte longer than Node writes or reads at once. */
async function dumpOfTheMaximum(say) {
  const recorder = new Recorder({ budget: '2GiB' })
  const { SEND } = recorder.verbs({ SEND: 0 })
  const list = recorder.list('TCP con', { window: 0 })
  const first = list.push('the first')
  let pushed = 0
  for (let more = MORE_THAN_FULL; more > 0; pushed++) {
    if (!list.at(first.handle)) more--
    const history = list.push(pushed)
    // Some are so long that they need a directory: memory is kept for those, and unused it would not be in the dump.
    const events = pushed % 8 === 0 ? 40 : 11
    for (let i = 0; i < events; i++) history.log(SEND, '%d %d', pushed, i)
  }
  list.push(pushed).log(SEND, 'the last')
  const { bytes } = recorder.stats()
  say(`2GiB: dumping ${bytes} bytes`)
  if (bytes !== 2 ** 31) return `A recorder of 2GiB is full with ${bytes} bytes`
  rmSync(DUMP, { force: true })
  rmSync(DUMP, { force: true })
  try {
    recorder.dumpSync(DUMP)
    const commands = ['-batch', '-ex', 'info lists', '-ex', `history ${pushed}`]
    const { stdout } = await promisify(execFile)('node', [SHDB, ...commands, DUMP])
    return stdout.includes('1 event, nothing lost') && stdout.includes('the last')
      ? undefined
      : `shdb shows of a dump of 2GiB: ${stdout.slice(0, 300)}`
  } catch (error) {
    return `A recorder of 2GiB cannot be dumped and opened: ${error.message}`
  } finally {
    rmSync(DUMP, { force: true })
  }
}
