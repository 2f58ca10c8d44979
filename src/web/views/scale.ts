// Where the events of a life stand from left to right: one beside the other, or by their times. A stretch of it is in
// sight; it can be moved and zoomed.

import type { LifeModel } from './model.ts'

export type ScaleKind = 'order' | 'time'

/** A stretch of places: 0 is the left edge of the first, `count` the right edge of the last. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** So many events are seen at once without losing themselves. */
const COMFORTABLE = 140
const LEAST = 4

export class Scale {
  readonly kind: ScaleKind
  /** Of each column, in places. */
  readonly positions: Float64Array

  constructor(model: LifeModel, kind: ScaleKind) {
    const { columns } = model
    const { length } = columns
    this.kind = kind
    const first = columns[0]?.event?.t ?? 0
    const last = columns.at(-1)?.event?.t ?? first
    this.positions = new Float64Array(length)
    let before = 0
    for (const [i, { event }] of columns.entries()) {
      if (kind === 'order' || last <= first) before = i + 0.5
      else if (event) before = 0.5 + ((event.t - first) / (last - first)) * (length - 1)
      this.positions[i] = before
    }
  }

  get count(): number {
    return this.positions.length
  }

  whole(): Stretch {
    return { from: 0, to: Math.max(1, this.count) }
  }

  /** All, or as much as is comfortable around a place. */
  beginning(at: number): Stretch {
    const whole = this.whole()
    return whole.to <= COMFORTABLE ? whole : this.around(at, COMFORTABLE)
  }

  around(at: number, size: number): Stretch {
    return this.clamped((this.positions[at] ?? 0) - size / 2, size)
  }

  clamped(from: number, size: number): Stretch {
    const whole = this.whole()
    const kept = Math.max(Math.min(LEAST, whole.to), Math.min(size, whole.to))
    const start = Math.max(0, Math.min(from, whole.to - kept))
    return { from: start, to: start + kept }
  }

  /** `factor` below 1 comes nearer; `at` stays where it is. */
  zoomed({ from, to }: Stretch, factor: number, at = (from + to) / 2): Stretch {
    const size = (to - from) * factor
    return this.clamped(at - ((at - from) / (to - from)) * size, size)
  }

  /** The same stretch, or the nearest that holds the place. */
  holding(stretch: Stretch, at: number): Stretch {
    const position = this.positions[at]
    if (position === undefined) return stretch
    const size = stretch.to - stretch.from
    const margin = Math.min(1, size / 8)
    if (position >= stretch.from + margin && position <= stretch.to - margin) return stretch
    return this.clamped(position - size / 2, size)
  }

  /** The column nearest to a position. */
  nearest(position: number): number {
    const { positions } = this
    let low = 0
    let high = positions.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((positions[middle] as number) < position) low = middle + 1
      else high = middle
    }
    const before = positions[low - 1]
    if (before !== undefined && position - before < (positions[low] as number) - position)
      return low - 1
    return low
  }
}
