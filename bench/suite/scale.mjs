// How cost grows: threads, window, events of a life, budget; what it takes to start, to copy while others write, to read.

import { EFFORTS } from './effort.mjs'
import { least } from './least.mjs'
import { parts } from './parts.mjs'
import { callOnce } from './port.mjs'
import { promises } from './promises.mjs'
import { quartiles } from './statistics.mjs'
import { number, spread } from './table.mjs'
import { Threads } from './threads.mjs'

const THREADS_MAX = 16
/** Of ten events, these fill 64 MiB. */
const LIVES = 120_000
const WINDOWS = [10, 100, 1_000, 10_000, 100_000, 1_000_000]
const EVENTS = [1, 3, 10, 30, 100, 1_000, 10_000]
const MEBIBYTES = [1, 4, 16, 64, 256]

export class Scale {
  #url
  #effort
  #isTiny
  #say

  constructor(workerUrl, effort, say = () => {}) {
    this.#url = workerUrl
    this.#effort = EFFORTS[effort]
    this.#isTiny = effort === 'tiny'
    this.#say = say
  }

  /** -> tables: { title, note, headings, lines }, all cells text. */
  async tables() {
    return [
      await this.#guarded('one log, part by part', () => parts(this.#effort)),
      await this.#guarded('what each promise costs', () => promises(this.#effort)),
      await this.#guarded('what nobody can leave out', () => least(this.#effort)),
      await this.#guarded('threads', () => this.#threads()),
      await this.#guarded('window', () => this.#window()),
      await this.#guarded('events of a life', () =>
        this.#perValue('events', EVENTS, 'events a life'),
      ),
      await this.#guarded('budget', () => this.#perValue('budget', MEBIBYTES, 'MiB')),
      await this.#guarded('start', () => this.#starts()),
      await this.#guarded('snapshot while writing', () => this.#snapshots()),
      await this.#guarded('reading', () => this.#reading()),
    ]
  }

  async #threads() {
    const cores = globalThis.navigator?.hardwareConcurrency ?? (await hostCores())
    const most = Math.min(THREADS_MAX, cores)
    const { spanMs, warmUpMs } = this.#effort
    const kinds = ['floor', 'own', 'same', 'push']
    const threads = await Threads.start(this.#url, most)
    const rates = new Map()
    try {
      for (const kind of kinds) await threads.rate(kind, most, warmUpMs)
      for (let round = 0; round < Math.max(2, this.#effort.threadRounds / 3); round++)
        for (const kind of kinds)
          for (let count = 1; count <= most; count++) {
            const key = `${kind} ${count}`
            const rate = await threads.rate(kind, count, spanMs, round)
            rates.set(key, [...(rates.get(key) ?? []), rate])
          }
    } finally {
      threads.end()
    }
    const lines = Array.from({ length: most }, (_, n) => [
      `${n + 1}`,
      // Calls a millisecond are thousands a second.
      ...kinds.map((kind) => spread(thousandths(quartiles(rates.get(`${kind} ${n + 1}`))))),
    ])
    return {
      title: 'Threads: million calls a second, all together',
      note: `As many threads as this machine has cores: ${cores}.`,
      headings: [
        'threads',
        'bare floor',
        'log, own histories',
        'log, one shared history',
        'push + log + unref',
      ],
      lines,
    }
  }

  async #window() {
    const lines = []
    for (const window of this.#isTiny ? [10] : WINDOWS) {
      this.#say(`window of ${window}`)
      const push = await this.#cost('window', window)
      const log = await this.#cost('window-log', window)
      lines.push([window.toLocaleString('en'), spread(push), spread(log)])
    }
    return {
      title: 'Window: nanoseconds a call',
      note: 'A push with its unref into a full window; one log to any of its histories, taken far apart.',
      headings: ['window', 'push + unref', 'log'],
      lines,
    }
  }

  async #perValue(what, values, heading) {
    const lines = []
    for (const value of this.#isTiny ? values.slice(0, 1) : values) {
      this.#say(`${what}: ${value}`)
      lines.push([value.toLocaleString('en'), spread(await this.#cost(what, value))])
    }
    const notes = {
      events:
        'Lives one after the other in a window of 100, each with its push and unref, told by the event.',
      budget:
        'Lives of ten events with window 0: the budget is full, each new life evicts. Told by the event.',
    }
    const title =
      what === 'events' ? 'Events of a life: nanoseconds an event' : 'Budget: nanoseconds an event'
    return { title, note: notes[what], headings: [heading, 'an event'], lines }
  }

  #cost(what, value) {
    return this.#job('cost', what, value, this.#effort)
  }

  async #starts() {
    const told = { first: [], again: [], join: [], joinAgain: [] }
    for (let n = 0; n < this.#effort.starts; n++) {
      const one = await this.#job('starts')
      for (const [name, values] of Object.entries(told)) values.push(one[name])
    }
    const line = (what, name) => [what, spread(quartiles(told[name]))]
    return {
      title: 'Start: milliseconds',
      note: 'The first in a fresh realm compiles the core.',
      headings: ['what', 'milliseconds'],
      lines: [
        line('new Recorder(), the first of a realm', 'first'),
        line('new Recorder(), each further one', 'again'),
        line('Recorder.join(), the first of a realm', 'join'),
        line('Recorder.join(), each further one', 'joinAgain'),
      ],
    }
  }

  async #snapshots() {
    const { spanMs, copies } = this.#effort
    const threads = await Threads.start(this.#url, 1)
    try {
      const { recorder } = threads
      const { SENT } = recorder.verbs({ SENT: 0 })
      const list = recorder.list('fill', { window: 0 })
      for (let n = 0; n < (this.#isTiny ? 1_000 : LIVES); n++) {
        const history = list.push(n)
        for (let e = 0; e < 10; e++) history.log(SENT, 'send %d', e)
        history.unref()
      }
      const take = () => {
        const from = performance.now()
        const { length } = recorder.snapshot()
        return { took: performance.now() - from, length }
      }
      const quiet = []
      const busy = []
      const alone = []
      const meanwhile = []
      let length = 0
      for (let n = 0; n < copies; n++) {
        const told = take()
        quiet.push(told.took)
        length = told.length
        alone.push(await threads.rate('own', 1, spanMs))
        const writing = threads.rate('own', 1, Math.max(spanMs, 2 * told.took))
        await new Promise((resolve) => setTimeout(resolve, 5))
        busy.push(take().took)
        meanwhile.push(await writing)
      }
      return {
        title: 'Snapshot while a thread writes',
        note: `Of ${number(length / 2 ** 20)} MiB, in milliseconds; the writer in million logs a second.`,
        headings: ['', 'snapshot', 'writer'],
        lines: [
          ['each alone', spread(quartiles(quiet)), spread(thousandths(quartiles(alone)))],
          ['both at once', spread(quartiles(busy)), spread(thousandths(quartiles(meanwhile)))],
        ],
      }
    } finally {
      threads.end()
    }
  }

  async #reading() {
    const wanted = this.#isTiny ? 1_000 : 1_000_000
    const { decoded, bytes, perSecond, openMs } = await this.#job('reading', this.#effort, wanted)
    return {
      title: 'Reading',
      note: `An image of ${number(bytes / 2 ** 20)} MiB with ${decoded.toLocaleString('en')} events.`,
      headings: ['what', ''],
      lines: [
        ['openImage(), milliseconds', spread(openMs)],
        ['events decoded to text, million a second', spread(thousandths(thousandths(perSecond)))],
      ],
    }
  }

  #job(name, ...args) {
    return callOnce(this.#url, name, ...args)
  }

  async #guarded(what, measure) {
    this.#say(what)
    try {
      return await measure()
    } catch (error) {
      return { title: what, note: `failed: ${error?.message ?? error}`, headings: [], lines: [] }
    }
  }
}

function thousandths(of) {
  return of && { low: of.low / 1000, median: of.median / 1000, high: of.high / 1000 }
}

async function hostCores() {
  const os = 'node:os'
  return (await import(os)).availableParallelism()
}
