// Time of an event: microseconds since the recorder began.
//
// The coarse clock is a cell in shared memory that the core stamps events with. Reading the runtime's clock costs more
// than a whole event, so the cell is moved forward by whoever comes by: by each thread's timer while it logs and its loop
// turns, and by every n-th log, n following the rate so that a busy thread that never returns to its loop still moves it
// about every millisecond. An idle thread runs no timer: its first log reads the clock.

import type { CoreInstance } from '../core/instance.ts'
import type { Host } from '../runtime/host.ts'

/** Tells the core to take the coarse cell. */
const COARSE = -1
const PERIOD_MS = 1
/** Ticks without a log after which the timer stops. */
const IDLE_TICKS = 16
const STRIDE_MAX = 1024
/** The logs between two looks at the clock should take about this long. */
const STRIDE_MICROS = 500

export class Clock {
  readonly #core: CoreInstance['core']
  readonly #host: Host
  readonly #offset: number
  readonly #coarse: boolean
  #left = 0
  #stride = 1
  #last = 0
  #stop: (() => void) | undefined
  #seen = -1
  #idle = 0

  constructor(core: CoreInstance['core'], host: Host, started: number, coarse: boolean) {
    this.#core = core
    this.#host = host
    this.#coarse = coarse
    // timeOrigin differs from worker to worker, timeOrigin + now() does not.
    this.#offset = performance.timeOrigin - started
  }

  /** The runtime's clock. Never negative, as a wall clock set back between two processes would make it. */
  precise(): number {
    return Math.max(0, (performance.now() + this.#offset) * 1000)
  }

  /** What to pass to the core as an event's time. */
  stamp(): number {
    if (!this.#coarse) return this.precise()
    if (--this.#left <= 0) this.#refresh()
    return COARSE
  }

  stop(): void {
    this.#stop?.()
    this.#stop = undefined
    this.#left = 0
  }

  #refresh(): void {
    const now = this.precise()
    this.#core.setClock(now)
    const took = now - this.#last
    if (took > 2 * STRIDE_MICROS) this.#stride = Math.max(1, this.#stride >> 2)
    else if (took < STRIDE_MICROS) this.#stride = Math.min(STRIDE_MAX, this.#stride << 1)
    this.#last = now
    this.#left = this.#stride
    this.#stop ??= this.#host.every(PERIOD_MS, () => this.#tick())
  }

  #tick(): void {
    this.#core.setClock(this.precise())
    this.#idle = this.#left === this.#seen ? this.#idle + 1 : 0
    this.#seen = this.#left
    if (this.#idle >= IDLE_TICKS) this.stop()
  }
}
