// Time of an event: microseconds since the recorder began, and never later than the event.
//
// The coarse clock is a cell in shared memory that the core stamps events with. Reading the runtime's clock costs more
// than a whole event, so the cell is moved forward by whoever comes by: by the first log of each turn of a thread's loop, for
// nobody knows how long it slept before, and within a turn by every n-th log, n following the rate so that a busy thread that
// never returns to its loop still moves it about every millisecond. The end of a turn is told by a microtask. A timer would
// be dearer: one of a millisecond took one to two hundredths of a core from each thread that logged now and then.
//
// The clocks of threads disagree: by a little where each has its own timeOrigin, by hours when the wall clock is set
// between two starts; and one clock may jump back. So the cell, which never goes back, is what all agree on: a thread that
// finds itself behind it, or behind its own last look, goes on from there at the speed of its own clock. Else its times
// would stand still until it had caught up, or run backwards. (A hybrid logical clock: Kulkarni et al. 2014.)

import { EVENT_TIME_BITS, HEADER_CLOCK } from '../../assembly/layout.ts'
import type { CoreInstance } from '../core/instance.ts'

/** So many events may show an old time when a thread that never returns to its loop falls from a rush into a crawl. */
const STRIDE_MAX = 128
/** The logs between two looks at the clock should take about this long. */
const STRIDE_MICROS = 500
/** A thread that is behind by less, a tick of a browser, just waits. */
const PATIENCE_MICROS = 120
/** How often a thread with the precise clock tells the others what time it is. */
const TELL_MICROS = 1000
/** And one with the coarse clock within a turn: all threads read the cell's cache line at each event. */
const TICK_MICROS = 100
/** Nine years. A clock that says more is wrong, and believed once, it would be believed for ever. */
const TIME_END = 2 ** EVENT_TIME_BITS
const WORD_RANGE = 2 ** 32

/** Of this thread, read once: WebKit's own answers differ by a tick, and so would two recorders of one thread. */
export const TIME_ORIGIN: number = performance.timeOrigin

/** What follows it comes when the callback that runs now, or the part of an async function, is over. */
const settled = Promise.resolve()

export class Clock {
  declare private readonly core: CoreInstance['core']
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
  /** Logs that the looks of this turn are good for; 0: none has looked yet. */
  #granted = 0
  readonly #takeBack: () => number
  readonly #endTurn = (): void => {
    const used = this.#granted - this.#takeBack()
    this.#granted = 0
    // A turn of few logs says nothing of their rate: the next one that is longer learns it anew.
    while (this.#stride > 1 && this.#stride >= 2 * used) this.#stride >>= 1
  }

  /** `takeBack`: the next log must look; answers how many need not have. */
  constructor(instance: CoreInstance, started: number, coarse: boolean, takeBack: () => number) {
    this.timer = performance
    this.core = instance.core
    this.words = instance.wordsAt(HEADER_CLOCK)
    this.#takeBack = takeBack
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
    this.#tell(now, TELL_MICROS)
    return now
  }

  /** Moves the coarse cell; answers after how many logs of this thread to look again. */
  look(): number {
    const now = this.precise()
    const isFirst = this.#granted === 0
    this.#tell(now, isFirst ? 0 : TICK_MICROS)
    if (isFirst) settled.then(this.#endTurn)
    else this.#learn(now - this.#last)
    this.#last = now
    this.#granted += this.#stride
    return this.#stride
  }

  /** Moves the cell, unless this thread did so that short a while ago. */
  #tell(now: number, micros: number): void {
    if (now - this.told < micros) return
    this.told = now
    this.core.setClock(now)
  }

  #learn(took: number): void {
    if (took > 2 * STRIDE_MICROS) this.#stride = Math.max(1, this.#stride >> 2)
    else if (took < STRIDE_MICROS) this.#stride = Math.min(STRIDE_MAX, this.#stride << 1)
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
