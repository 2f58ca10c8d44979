// Time of an event: microseconds since the recorder began.
//
// The coarse clock is a cell in shared memory that the core stamps events with. Reading the runtime's clock costs more
// than a whole event, so the cell is moved forward by whoever comes by: by each thread's timer while it logs and its loop
// turns, and by every n-th log, n following the rate so that a busy thread that never returns to its loop still moves it
// about every millisecond. An idle thread runs no timer: its first log reads the clock.

import type { CoreInstance } from '../core/instance.ts'
import type { Host } from '../runtime/host.ts'

const PERIOD_MS = 1
/** Ticks without a look after which the timer stops. */
const IDLE_TICKS = 16
const STRIDE_MAX = 1024
/** The logs between two looks at the clock should take about this long. */
const STRIDE_MICROS = 500

export class Clock {
  readonly #core: CoreInstance['core']
  readonly #host: Host
  readonly #offset: number
  /** Whether events take the coarse cell. */
  readonly isCoarse: boolean
  #stride = 1
  #last = 0
  readonly #whenIdle: () => void
  #stop: (() => void) | undefined
  /** Turns of the timer since the last look. */
  #idle = 0

  /** `whenIdle`: the timer has stopped, so the next log must look. */
  constructor(
    core: CoreInstance['core'],
    host: Host,
    started: number,
    coarse: boolean,
    whenIdle: () => void,
  ) {
    this.#core = core
    this.#whenIdle = whenIdle
    this.#host = host
    this.isCoarse = coarse
    // timeOrigin differs from worker to worker, timeOrigin + now() does not.
    this.#offset = performance.timeOrigin - started
  }

  /** The runtime's clock. Never negative, as a wall clock set back between two processes would make it. */
  precise(): number {
    return Math.max(0, (performance.now() + this.#offset) * 1000)
  }

  stop(): void {
    this.#stop?.()
    this.#stop = undefined
  }

  /** Moves the coarse cell; answers after how many logs of this thread to look again. */
  look(): number {
    const now = this.precise()
    this.#core.setClock(now)
    const took = now - this.#last
    if (took > 2 * STRIDE_MICROS) this.#stride = Math.max(1, this.#stride >> 2)
    else if (took < STRIDE_MICROS) this.#stride = Math.min(STRIDE_MAX, this.#stride << 1)
    this.#last = now
    this.#idle = 0
    this.#stop ??= this.#host.every(PERIOD_MS, () => this.#tick())
    return this.#stride
  }

  #tick(): void {
    this.#core.setClock(this.precise())
    if (++this.#idle < IDLE_TICKS) return
    this.stop()
    this.#whenIdle()
  }
}
