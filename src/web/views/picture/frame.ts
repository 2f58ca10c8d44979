// What stands where in the picture of a life.

import type { Column, LifeModel } from '../model.ts'
import type { Scale, Stretch } from '../scale.ts'
import type { Colors } from './pen.ts'

export interface Picture {
  readonly model: LifeModel
  readonly scale: Scale
  readonly stretch: Stretch
  /** Column that is selected; -1: none. */
  readonly selected: number
  readonly hovered: number
  readonly width: number
}

/** Pixels of a life's picture. */
export interface Frame {
  readonly gutter: number
  readonly flags: number
  readonly lane: number
  readonly pauses: number
  readonly refs: number
  readonly map: number
  readonly height: number
}

/** Left of it names, right of it what they are of. */
export const GUTTER = 148
export const RIGHT = 14
const FLAGS = 26
const PAUSES = 22
const REFS = 74
const MAP = 22
const LANES_WIDE = 6
export const LANE_WIDE = 38
const LANE_NARROW = 24

export function frameOf(
  { lanes, isCounted, columns }: LifeModel,
  scale: Scale,
  stretch: Stretch,
): Frame {
  const lane = lanes.length <= LANES_WIDE ? LANE_WIDE : LANE_NARROW
  const refs = isCounted ? REFS : 0
  const isPart = stretch.to - stretch.from < scale.whole().to - 0.5
  const map = isPart && columns.length > 0 ? MAP : 0
  const height = FLAGS + lanes.length * lane + PAUSES + refs + map + 4
  return { gutter: GUTTER, flags: FLAGS, lane, pauses: PAUSES, refs, map, height }
}

/** From positions to pixels, and back. */
export function ruler({ stretch, width }: Picture) {
  const room = Math.max(1, width - GUTTER - RIGHT)
  const size = stretch.to - stretch.from
  return {
    room,
    perPlace: room / size,
    x: (position: number): number => GUTTER + ((position - stretch.from) / size) * room,
    position: (x: number): number => stretch.from + ((x - GUTTER) / room) * size,
  }
}

/** What all parts of the picture are drawn with. */
export interface At {
  readonly context: CanvasRenderingContext2D
  readonly picture: Picture
  readonly colors: Colors
  readonly frame: Frame
  /** Columns that may be in sight. */
  readonly first: number
  readonly last: number
  readonly perPlace: number
  x(column: number): number
  y(lane: number): number
}

export const columnAt = ({ picture }: At, i: number): Column => picture.model.columns[i] as Column
