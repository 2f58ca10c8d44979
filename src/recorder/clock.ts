// Time of an event: microseconds since the recorder began, and never later than the event.
//
// The coarse clock is a cell in shared memory that the core stamps events with. Reading the runtime's clock costs more
// than a whole event, so the cell is moved forward by whoever comes by: by each thread's timer while it logs and its loop
// turns, and by every n-th log, n following the rate so that a busy thread that never returns to its loop still moves it
// about every millisecond. An idle thread runs no timer: its first log reads the clock.
//
// The clocks of threads disagree: by a little where each has its own timeOrigin, by hours when the wall clock is set
// between two starts; and one clock may jump back. So the cell, which never goes back, is what all agree on: a thread that
// finds itself behind it, or behind its own last look, goes on from there at the speed of its own clock. Else its times
// would stand still until it had caught up, or run backwards. (A hybrid logical clock: Kulkarni et al. 2014.)

import { EVENT_TIME_BITS, HEADER_CLOCK } from '../../assembly/layout.ts'
import type { CoreInstance } from '../core/instance.ts'
import type { Host } from '../runtime/host.ts'

const PERIOD_MS = 1
/** Ticks without a look after which the timer stops. */
const IDLE_TICKS = 16
/** So many events may show an old time when a thread that never returns to its loop falls from a rush into a crawl. */
const STRIDE_MAX = 128
/** The logs between two looks at the clock should take about this long. */
const STRIDE_MICROS = 500
/** A thread that is behind by less, a tick of a browser, just waits. */
const PATIENCE_MICROS = 120
/** How often a thread with the precise clock tells the others what time it is. */
const TELL_MICROS = 1000
/** Nine years. A clock that says more is wrong, and believed once, it would be believed for ever. */
const TIME_END = 2 ** EVENT_TIME_BITS
const WORD_RANGE = 2 ** 32

/** Of this thread, read once: WebKit's own answers differ by a tick, and so would two recorders of one thread. */
export const TIME_ORIGIN: number = performance.timeOrigin

export class Clock {
  declare private readonly core: CoreInstance['core']
  declare private readonly host: Host
  /** The runtime's: asked of the global object each time, it would cost as much as the clock itself. */
  declare private readonly timer: Performance
  /** The header chunk: its cell lies low, so this view outlives every growth. */
  declare private readonly words: Uint32Array
  /** Whether events take the coarse cell. */
  declare readonly isCoarse: boolean
  /** From performance.now() to milliseconds since the recorder began. */
  declare private offset: number
  /** What this thread took for the time, the last time that it looked. */
  private now = 0.5
  private told = 0.5
  #stride = 1
  #last = 0
  readonly #whenIdle: () => void
  #stop: (() => void) | undefined
  /** Turns of the timer since the last look. */
  #idle = 0

  /** `whenIdle`: the timer has stopped, so the next log must look. */
  constructor(
    instance: CoreInstance,
    host: Host,
    started: number,
    coarse: boolean,
    whenIdle: () => void,
  ) {
    this.timer = performance
    this.core = instance.core
    this.words = instance.wordsAt(HEADER_CLOCK)
    this.#whenIdle = whenIdle
    this.host = host
    this.isCoarse = coarse
    // timeOrigin differs from worker to worker, timeOrigin + now() does not.
    this.offset = TIME_ORIGIN - started
  }

  /** The runtime's clock, as far as it goes forward. */
  precise(): number {
    // The cell before the clock: whatever another thread with the same time has put there is past when the clock is read.
    const cell = this.#cell()
    const now = (this.timer.now() + this.offset) * 1000
    if (now >= cell && now >= this.now && now < TIME_END) {
      this.now = now
      return now
    }
    return this.#mended(now, cell > this.now ? cell : this.now)
  }

  #mended(now: number, floor: number): number {
    // A clock that only takes a tick back catches up by itself. And not for nonsense (a clock that a test has replaced): an
    // infinite offset would never be mended.
    if (now < floor - PATIENCE_MICROS && now > -TIME_END) this.offset += (floor - now) / 1000
    this.now = floor
    return floor
  }

  /** The time of an event that does not take the cell. */
  stamp(): number {
    const now = this.precise()
    if (now - this.told >= TELL_MICROS) {
      this.told = now
      this.core.setClock(now)
    }
    return now
  }

  /** Moves the coarse cell; answers after how many logs of this thread to look again. */
  look(): number {
    const now = this.precise()
    this.core.setClock(now)
    const took = now - this.#last
    if (took > 2 * STRIDE_MICROS) this.#stride = Math.max(1, this.#stride >> 2)
    else if (took < STRIDE_MICROS) this.#stride = Math.min(STRIDE_MAX, this.#stride << 1)
    this.#last = now
    this.#idle = 0
    this.#stop ??= this.host.every(PERIOD_MS, () => this.#tick())
    return this.#stride
  }

  #tick(): void {
    this.core.setClock(this.precise())
    if (++this.#idle < IDLE_TICKS) return
    this.#stop?.()
    this.#stop = undefined
    this.#whenIdle()
  }

  /** Two words, so it may be caught while it moves: then what both sides of the move agree on, which is less. */
  #cell(): number {
    const words = this.words
    const high = words[(HEADER_CLOCK >> 2) + 1] as number
    const low = words[HEADER_CLOCK >> 2] as number
    const again = words[(HEADER_CLOCK >> 2) + 1] as number
    return high === again ? high * WORD_RANGE + low : again * WORD_RANGE
  }
}
