// All that one runtime measures by itself, row by row. Processes (shdb, C) are the business of bench/host.

import { EFFORTS } from './effort.mjs'
import { FIGURES } from './figures.mjs'
import { callOnce } from './port.mjs'
import { quantile, quartiles } from './statistics.mjs'
import { SUBJECTS } from './subjects.mjs'
import { twoThreads } from './threads.mjs'

/** The floor and the mixed rows are not figures. */
const FLOORS = ['floor', 'floor-and-now']
const TWO_THREADS = { 'two-floor': 'floor', 'two-own': 'own', 'two-same': 'same' }

export class Suite {
  #url
  #effort
  #say

  /** `say(what)`: what is under way. */
  constructor(workerUrl, effort, say = () => {}) {
    this.#url = workerUrl
    this.#effort = EFFORTS[effort]
    this.#say = say
  }

  /** -> { id: row }; a row that could not be measured says why. */
  async figures() {
    const rows = {}
    for (const { id, part, against = 'floor' } of FIGURES)
      if (part === 'compare') rows[id] = await this.#guarded(id, () => this.#alone(id, against))
    const mixed = await this.#guarded('all kinds mixed', () => this.#mixed())
    for (const [id, ratio] of Object.entries(mixed.ratios ?? {})) rows[id].mixed = ratio
    Object.assign(rows, await this.#images())
    Object.assign(rows, await this.#threads())
    return rows
  }

  async #alone(id, against) {
    const floors = against === 'floor' ? ['floor'] : FLOORS
    const times = await this.job('compare', [id], floors, this.#effort)
    const ratio = quartiles(ratios(times[id], times[against]))
    return { ns: quartiles(times[id]), floor: quartiles(times[against]), ratio, held: ratio.median }
  }

  async #mixed() {
    const names = Object.keys(SUBJECTS)
    const times = await this.job('compare', names, FLOORS, this.#effort)
    const against = new Map(FIGURES.map((figure) => [figure.id, figure.against ?? 'floor']))
    return {
      ratios: Object.fromEntries(
        names.map((id) => [id, quartiles(ratios(times[id], times[against.get(id)]))]),
      ),
    }
  }

  async #images() {
    const bytes = await this.#guarded('event-bytes', async () => {
      const { grown } = await this.job('bytesOfEvent')
      return { value: grown, held: grown }
    })
    const lives = await this.#guarded('many-lives', async () => {
      const { whole } = await this.job('manyLives')
      return { value: whole, held: whole }
    })
    const snapshot = await this.#guarded('snapshot', async () => {
      const { copy, snapshot: taken } = await this.job('snapshots', this.#effort)
      const ratio = quartiles(ratios(taken, copy))
      const [ns, floor] = [taken, copy].map((times) => quartiles(times.map((ms) => ms * 1e6)))
      return { ns, floor, ratio, held: ratio.median }
    })
    return { 'event-bytes': bytes, 'many-lives': lives, snapshot }
  }

  async #threads() {
    const told = await this.#guarded('two threads', () => twoThreads(this.#url, this.#effort))
    return Object.fromEntries(
      Object.entries(TWO_THREADS).map(([id, kind]) => {
        if (told.missing) return [id, told]
        const values = told.ratios[kind]
        const ratio = quartiles(values)
        // "Never below": not the median, but what only one round in twenty is below.
        const sorted = [...values].sort((one, other) => one - other)
        return [id, { ratio, held: id === 'two-same' ? quantile(sorted, 0.05) : ratio.median }]
      }),
    )
  }

  /** Runs one job in a realm of its own. */
  job(name, ...args) {
    return callOnce(this.#url, name, ...args)
  }

  async #guarded(what, measure) {
    this.#say(what)
    try {
      return await measure()
    } catch (error) {
      const [reason] = String(error?.message ?? error).split('\n')
      this.#say(`${what}: ${error?.message ?? error}`)
      return { missing: `failed: ${reason}` }
    }
  }
}

function ratios(times, others) {
  return times.map((time, round) => time / others[round])
}
