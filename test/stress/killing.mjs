// Threads that are killed at random moments, one after the other for ever, while others live and log. Runs in Node, Deno
// and Bun; needs a process of its own, because where an engine cannot end a busy thread the process has to.

import { random } from '../support/random.mjs'
import { Actor, chattersOf } from './actor.mjs'
import { style, threadName } from './contents.mjs'
import { BEAT, ENDED, FAILED, Ledger, LOADED, PHASE, STOP, STOPPED_AT_A_STEP } from './ledger.mjs'

const FILE = new URL('./kill.worker.mjs', import.meta.url)
/** A thread that has not loaded by then never will. */
const LOAD_DEADLINE_MS = 20_000
const KILL_WITHIN_MS = 30
/** A thread that has not come to where it was to stop is terminated wherever it is. */
const STOP_WITHIN_MS = 80
/** Unchanged for so long: the thread does not run any more. Looked at again when all is done. */
const STILL_MS = 25
const ALL_STILL_MS = 250
/** A terminated thread that still works after this is told to stop. */
const PATIENCE_MS = 5000
const STEPS_OF_MAIN = 20

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

export class Campaign {
  /**
   * @param recorder of this thread, which logs too
   * @param shared commons()
   * @param given { seed, records, listOptions, joiners, joins, stoppable, alive, survivors, steppedCore }
   */
  constructor(recorder, shared, given) {
    this.recorder = recorder
    this.shared = shared
    this.given = given
    this.random = random(given.seed)
    this.threads = []
    this.faults = []
    this.deaths = 0
    this.stoppedIn = {}
    this.figures = {
      'threads killed': 0,
      'terminated at a random moment': 0,
      'stopped inside of an operation': 0,
      'terminated before they had joined': 0,
      'ended by themselves before they were killed': 0,
      'wrote after terminate() had returned': 0,
      'wrote on until they were told to stop': 0,
      'longest such writing, ms': 0,
    }
    this.main = this.#newThread(given.mainRecords ?? 4 * given.records)
    this.chatters = chattersOf(recorder)
    this.actor = new Actor({
      recorder,
      chatters: this.chatters,
      listOptions: given.listOptions,
      board: shared.board,
      quotas: shared.quotas,
      ledger: this.main.ledger,
      random: random(given.seed + 1),
    })
  }

  /** Until so many threads have died, or the time is over. The survivors have ended when it returns. */
  async run(deaths, seconds) {
    const until = performance.now() + seconds * 1000
    const { alive, survivors } = this.given
    const isOver = () => this.deaths >= deaths || performance.now() > until
    const living = await Promise.all(
      Array.from({ length: survivors }, () => this.#start('survivor')),
    )
    let isDone = false
    const working = this.#mainWorks(() => isDone)
    if (deaths > 0) {
      const lane = async () => {
        while (!isOver()) {
          this.deaths++
          await this.#oneLife()
        }
      }
      await Promise.all(Array.from({ length: alive }, lane))
    } else {
      while (performance.now() < until) await sleep(5)
    }
    isDone = true
    await working
    for (const { ledger } of living) Atomics.store(ledger.cells, STOP, 1)
    for (const { who, ledger } of living)
      await this.#until(() => phaseOf(ledger) >= ENDED, `survivor ${who} did not end`)
    for (const { worker } of living) await worker.terminate()
    await this.#allStill()
  }

  /** Whether nobody has written since the last look: else what was found in between proves nothing. */
  async isStill() {
    const before = this.#beats()
    await sleep(ALL_STILL_MS)
    return before.every((beat, n) => beat === this.#beats()[n])
  }

  async #oneLife() {
    const isJoiner = this.random() < this.given.joiners
    const isStepped = this.random() < 0.5
    const operation = isJoiner ? 'join' : this.#oneOf(this.given.stoppable)
    // Few as often as many: an operation makes from 3 to hundreds, the destruction of a list more.
    const count = Math.floor(2 ** ((operation === 'destroy' ? 12 : 9) * this.random()))
    const stop = isStepped ? { operation, count } : undefined
    const isEarly = this.random() < 0.25
    const delay = (isEarly ? 3 : KILL_WITHIN_MS) * this.random()
    const thread = await this.#start(isJoiner ? 'joiner' : 'worker', stop)
    const { ledger, worker } = thread
    const isStopped = () => phaseOf(ledger) >= ENDED
    // A quarter dies while it joins.
    if (isStepped || !isEarly)
      await this.#until(() => phaseOf(ledger) > LOADED, 'a thread did not join')
    if (isStepped) {
      const deadline = performance.now() + STOP_WITHIN_MS
      while (!isStopped() && performance.now() < deadline) await sleep(1)
    } else if (delay > 1) {
      await sleep(delay)
    }
    const phase = phaseOf(ledger)
    const at = performance.now()
    await worker.terminate()
    const beat = Atomics.load(ledger.cells, BEAT)
    const lastMoved = await this.#still(thread)
    thread.isDead = true
    this.#countDeath(phase, beat !== Atomics.load(ledger.cells, BEAT), lastMoved - at, thread)
    if (phase === STOPPED_AT_A_STEP)
      this.stoppedIn[operation] = (this.stoppedIn[operation] ?? 0) + 1
  }

  #countDeath(phase, wroteOn, forMs, { who, told, wasToldToStop }) {
    const { figures } = this
    figures['threads killed']++
    if (phase === ENDED) figures['ended by themselves before they were killed']++
    else if (phase === STOPPED_AT_A_STEP) figures['stopped inside of an operation']++
    else if (phase === FAILED) this.#failed(who, told)
    else figures['terminated at a random moment']++
    if (phase === LOADED) figures['terminated before they had joined']++
    if (wroteOn) figures['wrote after terminate() had returned']++
    if (wasToldToStop) figures['wrote on until they were told to stop']++
    if (wroteOn)
      figures['longest such writing, ms'] = Math.max(
        figures['longest such writing, ms'],
        Math.round(forMs),
      )
  }

  async #start(role, stop) {
    const { records, listOptions, seed, joins, steppedCore } = this.given
    const thread = this.#newThread(records)
    const { who, ledger } = thread
    const { board, quotas, now } = this.shared
    const work = { role, who, listOptions, board, quotas, now, joins, cells: ledger.cells }
    work.ticket = this.recorder.share()
    work.chatters = this.chatters
    work.hasTexts = style.hasTexts
    work.seed = seed + 7919 * who
    if (stop) {
      work.stop = stop
      work.prefers = stop.operation === 'join' ? undefined : stop.operation
      work.steppedCore = steppedCore
    }
    thread.worker = await startWorker(work, (told) => {
      thread.told ??= told
    })
    await this.#until(() => phaseOf(ledger) >= LOADED || thread.told, `thread ${who} did not load`)
    return thread
  }

  #newThread(records) {
    const who = this.threads.length
    const ledger = new Ledger(who, Ledger.cells(records), this.shared.now)
    const thread = { who, ledger, isDead: false, told: undefined, wasToldToStop: false }
    this.threads.push(thread)
    return thread
  }

  #oneOf(choices) {
    return choices[Math.floor(this.random() * choices.length)]
  }

  async #mainWorks(isDone) {
    while (!isDone()) {
      for (let n = 0; n < STEPS_OF_MAIN; n++) this.actor.step()
      await sleep(2)
    }
  }

  /** When it moved last. */
  async #still(thread) {
    const { cells } = thread.ledger
    let moved = performance.now()
    const began = moved
    for (let beat = Atomics.load(cells, BEAT); performance.now() - moved < STILL_MS; ) {
      await sleep(4)
      const now = Atomics.load(cells, BEAT)
      if (now === beat) continue
      beat = now
      moved = performance.now()
      if (moved - began > PATIENCE_MS) {
        thread.wasToldToStop = true
        Atomics.store(cells, STOP, 1)
      }
    }
    return moved
  }

  async #allStill() {
    const deadline = performance.now() + 4 * PATIENCE_MS
    while (!(await this.isStill())) {
      if (performance.now() < deadline) continue
      this.faults.push('Terminated threads went on writing; nothing can be accounted for')
      return
    }
  }

  #beats() {
    return this.threads.map(({ ledger }) => Atomics.load(ledger.cells, BEAT))
  }

  #failed(who, told) {
    this.faults.push(`${threadName(who)} failed: ${told ?? 'and did not say why'}`)
  }

  async #until(condition, otherwise) {
    const deadline = performance.now() + LOAD_DEADLINE_MS
    while (!condition()) {
      if (performance.now() > deadline) throw new Error(`${otherwise} in ${LOAD_DEADLINE_MS} ms`)
      await sleep(1)
    }
  }
}

const phaseOf = ({ cells }) => Atomics.load(cells, PHASE)

/** -> { terminate() }. The runtime's own Worker; node:worker_threads where there is no other. */
async function startWorker(work, failed) {
  if (typeof Worker === 'function') {
    const worker = new Worker(FILE, { type: 'module' })
    worker.onmessage = ({ data }) => failed(data.error)
    worker.onerror = (event) => {
      event.preventDefault()
      failed(event.message)
    }
    worker.postMessage(work)
    return { terminate: async () => worker.terminate() }
  }
  const threads = await import('node:worker_threads')
  const worker = new threads.Worker(FILE)
  worker.on('message', ({ error }) => failed(error))
  worker.on('error', (error) => failed(error.stack ?? `${error}`))
  worker.postMessage(work)
  return worker
}
