// A life drawn on a canvas: above, what is wrong; a lane for each thread, with the path that the object took through them;
// below, how long it paused, and its count of references as a step line.

import type { Role } from '../../image/image.ts'
import { durationText, shown } from '../words.ts'
import type { Column, LifeModel } from './model.ts'
import type { Scale, Stretch } from './scale.ts'

export interface Colors {
  readonly pane: string
  readonly sunk: string
  readonly ink: string
  readonly dim: string
  readonly line: string
  readonly accent: string
  readonly accentSoft: string
  readonly bad: string
  readonly badSoft: string
  readonly ref: string
  readonly unref: string
}

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

const GUTTER = 148
const RIGHT = 14
const FLAGS = 26
const PAUSES = 22
const REFS = 74
const MAP = 22
const LANES_WIDE = 6
const LANE_WIDE = 38
const LANE_NARROW = 24
/** Marks nearer than that would be a smear. */
const MARK_ROOM = 3.2
const LABEL_ROOM = 52
/** The longest is as long as `24.7 ms`. */
const PAUSE_ROOM = 46
const NUMBER_ROOM = 34
const FONT = '11px system-ui, sans-serif'
const MONO = '11px ui-monospace, "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace'

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

export function draw(context: CanvasRenderingContext2D, picture: Picture, colors: Colors): void {
  const { model, scale, stretch, width } = picture
  const frame = frameOf(model, scale, stretch)
  const { x, perPlace } = ruler(picture)
  const first = Math.max(0, scale.nearest(stretch.from) - 1)
  const last = Math.min(model.columns.length - 1, scale.nearest(stretch.to) + 1)
  const at: At = {
    context,
    picture,
    colors,
    frame,
    first,
    last,
    perPlace,
    x: (column) => x(scale.positions[column] as number),
    y: (lane) => frame.flags + (lane + 0.5) * frame.lane,
  }
  context.clearRect(0, 0, width, frame.height)
  context.textBaseline = 'middle'
  drawLanes(at)
  drawTitles(at)
  context.save()
  context.beginPath()
  context.rect(GUTTER - 10, 0, width - GUTTER + 10 - 2, frame.height)
  context.clip()
  drawAfterEnd(at)
  drawProofBands(at)
  drawSelection(at)
  drawGaps(at)
  drawPath(at)
  drawMarks(at)
  drawPauses(at)
  if (frame.refs > 0) drawRefs(at)
  drawFlags(at)
  context.restore()
  if (frame.map > 0) drawMap(at)
}

interface At {
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

const columnAt = ({ picture }: At, i: number): Column => picture.model.columns[i] as Column

function drawLanes({ context, picture, colors, frame, y }: At): void {
  const { model, width, selected } = picture
  const current = model.columns[selected]?.lane
  const hasSeveral = new Set(model.lanes.map(({ pid }) => pid)).size > 1
  for (const [i, { name, pid, events }] of model.lanes.entries()) {
    const middle = y(i)
    context.fillStyle = i % 2 === 0 ? colors.sunk : colors.pane
    context.fillRect(0, middle - frame.lane / 2, width, frame.lane)
    context.fillStyle = i === current ? colors.accent : colors.ink
    context.font = `${i === current ? '600 ' : ''}${FONT}`
    context.textAlign = 'left'
    const label = hasSeveral ? `${name} · ${pid}` : name
    fitted(context, shown(label), 12, middle, GUTTER - 52)
    context.font = FONT
    context.textAlign = 'right'
    context.fillStyle = colors.dim
    context.fillText(`${events}`, GUTTER - 20, middle)
  }
}

/** What stands below the lanes. */
function drawTitles({ context, picture, colors, frame }: At): void {
  const top = frame.flags + picture.model.lanes.length * frame.lane
  context.font = FONT
  context.fillStyle = colors.dim
  context.textAlign = 'left'
  context.fillText(
    picture.scale.kind === 'time' ? 'since the first' : 'time between',
    12,
    top + frame.pauses / 2,
  )
  if (frame.refs > 0) context.fillText('references', 12, top + frame.pauses + frame.refs / 2)
}

/** Nothing should come behind the end. */
function drawAfterEnd({ context, picture, colors, frame, x, perPlace }: At): void {
  const { end, columns } = picture.model
  if (end < 0 || end === columns.length - 1) return
  const start = picture.scale.kind === 'order' ? x(end) + perPlace / 2 : x(end)
  context.fillStyle = colors.badSoft
  context.fillRect(start, 0, picture.width - start, frame.height - frame.map)
  context.strokeStyle = colors.bad
  context.setLineDash([2, 3])
  line(context, start, 4, start, frame.height - frame.map - 4)
  context.setLineDash([])
}

function bandOf({ perPlace, x }: At, column: number): [number, number] {
  const wide = Math.max(7, Math.min(perPlace, 46))
  return [x(column) - wide / 2, wide]
}

function drawProofBands(at: At): void {
  const { context, colors, frame, first, last } = at
  for (let i = first; i <= last; i++) {
    if (columnAt(at, i).proofs.length === 0) continue
    const [left, wide] = bandOf(at, i)
    context.fillStyle = colors.badSoft
    context.fillRect(left, frame.flags - 4, wide, frame.height - frame.map - frame.flags + 4)
  }
}

function drawSelection(at: At): void {
  const { context, picture, colors, frame, x } = at
  for (const [column, color] of [
    [picture.hovered, colors.line],
    [picture.selected, colors.accent],
  ] as const) {
    if (column < 0 || picture.model.columns[column] === undefined) continue
    if (column === picture.selected) {
      const [left, wide] = bandOf(at, column)
      context.fillStyle = colors.accentSoft
      context.fillRect(left, frame.flags, wide, frame.height - frame.map - frame.flags)
    }
    context.strokeStyle = color
    context.lineWidth = column === picture.selected ? 1.5 : 1
    line(context, x(column), frame.flags - 6, x(column), frame.height - frame.map - 2)
  }
}

function drawGaps(at: At): void {
  const { context, picture, colors, frame, first, last, perPlace, x, y } = at
  const { lanes } = picture.model
  for (let i = first; i <= last; i++) {
    const { gap } = columnAt(at, i)
    if (gap === undefined) continue
    const wide = Math.max(5, Math.min(perPlace - 2, 60))
    const left = x(i) - wide / 2
    const top = frame.flags
    const bottom = y(lanes.length - 1) + frame.lane / 2
    context.strokeStyle = colors.unref
    context.lineWidth = 1
    context.save()
    context.beginPath()
    context.rect(left, top, wide, bottom - top)
    context.clip()
    for (let dx = -(bottom - top); dx < wide; dx += 6)
      line(context, left + dx, bottom, left + dx + bottom - top, top)
    context.restore()
    context.setLineDash([3, 3])
    context.strokeRect(left + 0.5, top + 0.5, wide - 1, bottom - top - 1)
    context.setLineDash([])
    if (wide < 26) continue
    context.font = `600 ${FONT}`
    context.textAlign = 'center'
    const text = `${gap.count} lost`
    const room = context.measureText(text).width + 8
    context.fillStyle = colors.pane
    context.fillRect(x(i) - room / 2, (top + bottom) / 2 - 9, room, 18)
    context.fillStyle = colors.unref
    context.fillText(text, x(i), (top + bottom) / 2)
  }
}

/** From event to event: along a lane, and over to another with an arrow where the object changes hands. */
function drawPath(at: At): void {
  const { context, colors, first, last, x, y, perPlace } = at
  let from = -1
  for (let i = first; i <= last; i++) {
    const { lane } = columnAt(at, i)
    if (lane < 0) {
      from = -1
      continue
    }
    if (from >= 0) {
      const before = columnAt(at, from).lane
      if (before === lane) {
        context.strokeStyle = colors.dim
        context.lineWidth = 1.5
        line(context, x(from), y(lane), x(i), y(lane))
      } else handOver(at, x(from), y(before), x(i), y(lane), perPlace)
    }
    from = i
  }
}

function handOver(at: At, x1: number, y1: number, x2: number, y2: number, perPlace: number): void {
  const { context, colors } = at
  context.strokeStyle = colors.dim
  context.fillStyle = colors.dim
  context.lineWidth = 1.25
  const bend = Math.max(2, (x2 - x1) * 0.55)
  const mark = perPlace >= 10 ? 7 : 2
  const down = y2 > y1 ? 1 : -1
  // It arrives at the mark from the lane that it leaves.
  const end = y2 - down * mark
  context.beginPath()
  context.moveTo(x1, y1)
  context.bezierCurveTo(x1 + bend, y1, x2, y2 - down * 26, x2, end)
  context.stroke()
  if (perPlace < 10) return
  context.beginPath()
  context.moveTo(x2, end + down)
  context.lineTo(x2 - 3.5, end - down * 6)
  context.lineTo(x2 + 3.5, end - down * 6)
  context.fill()
}

function drawMarks(at: At): void {
  const { context, picture, colors, first, last, x, y, perPlace } = at
  const isDense = picture.scale.kind === 'order' && perPlace < MARK_ROOM
  const size = Math.max(2, Math.min(5.5, perPlace * 0.34))
  let labelled = Number.NEGATIVE_INFINITY
  for (let i = first; i <= last; i++) {
    const { event, lane, proofs } = columnAt(at, i)
    if (event === undefined) continue
    const isLoud = proofs.length > 0 || event.late !== '' || i === picture.selected
    if (isDense && !isLoud && event.role === 'none') continue
    const wrong = proofs.length > 0 || event.late !== ''
    const color = wrong ? colors.bad : colorOf(event.role, colors)
    mark(
      context,
      event.role,
      x(i),
      y(lane),
      isLoud ? Math.max(4.5, size) : size,
      color,
      colors.pane,
    )
    if (event.late !== '') ring(context, x(i), y(lane), size + 4, colors.bad)
    const room = picture.scale.kind === 'order' ? perPlace - 6 : x(i) - labelled
    if (room < LABEL_ROOM || at.frame.lane < LANE_WIDE) continue
    context.font = FONT
    context.textAlign = 'center'
    context.fillStyle = wrong ? colors.bad : colors.dim
    fitted(context, shortVerb(event.verb), x(i), y(lane) + 13, Math.min(room, 110))
    labelled = x(i) + 60
  }
}

/** Prefixes that all verbs of a program share tell nothing. */
const shortVerb = (verb: string): string => shown(verb.replace(/^[A-Z0-9]+_(?=[A-Z])/, ''))

const colorOf = (role: Role, { ref, unref, ink, dim }: Colors): string =>
  role === 'ref' ? ref : role === 'unref' ? unref : role === 'end' ? ink : dim

/** A shape for each role: up, down, a square that ends it, a dot. */
export function mark(
  context: CanvasRenderingContext2D,
  role: Role,
  x: number,
  y: number,
  size: number,
  color: string,
  halo: string,
): void {
  context.beginPath()
  if (role === 'ref' || role === 'unref') {
    const up = role === 'ref' ? -1 : 1
    context.moveTo(x, y + up * size * 1.15)
    context.lineTo(x + size * 1.1, y - up * size * 0.85)
    context.lineTo(x - size * 1.1, y - up * size * 0.85)
    context.closePath()
  } else if (role === 'end') context.rect(x - size, y - size, 2 * size, 2 * size)
  else context.arc(x, y, size * 0.8, 0, 2 * Math.PI)
  context.lineWidth = 3
  context.strokeStyle = halo
  context.stroke()
  context.fillStyle = color
  context.fill()
}

function ring(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  color: string,
): void {
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.strokeStyle = color
  context.lineWidth = 1.5
  context.stroke()
}

/** How long nothing happened: in words where there is room, else as bars of its magnitude. */
function drawPauses(at: At): void {
  const { context, picture, colors, frame, first, last, perPlace, x } = at
  const top = frame.flags + picture.model.lanes.length * frame.lane
  const middle = top + frame.pauses / 2
  context.font = FONT
  if (picture.scale.kind === 'time') {
    drawTimes(at, middle)
    return
  }
  context.textAlign = 'center'
  context.fillStyle = colors.dim
  // All in words, or none: some would look as if the others were nothing.
  const isInWords = perPlace >= PAUSE_ROOM
  for (let i = Math.max(1, first); i <= last; i++) {
    const { pause, event } = columnAt(at, i)
    if (event === undefined || pause <= 0) continue
    const center = (x(i - 1) + x(i)) / 2
    if (isInWords) context.fillText(durationText(pause), center, middle)
    else {
      const tall = Math.min(frame.pauses - 4, 1.5 + Math.log10(1 + pause) * 2.4)
      context.fillRect(
        center - 1,
        middle + (frame.pauses - 4) / 2 - tall,
        Math.max(1, Math.min(3, perPlace - 1)),
        tall,
      )
    }
  }
}

/** On the scale of time: round times. */
function drawTimes({ context, picture, colors, frame, first, last, x }: At, middle: number): void {
  const { columns } = picture.model
  const start = columns[first]?.event?.t
  const end = columns[last]?.event?.t
  const origin = columns.find(({ event }) => event)?.event?.t ?? 0
  if (start === undefined || end === undefined || end <= start) return
  const perMicro = (x(last) - x(first)) / (end - start)
  const step = roundStep(90 / perMicro)
  context.textAlign = 'center'
  context.strokeStyle = colors.line
  context.fillStyle = colors.dim
  const from = Math.ceil((start - origin) / step) * step
  for (let t = from; t <= end - origin; t += step) {
    const at = x(first) + (t + origin - start) * perMicro
    context.lineWidth = 1
    line(context, at, frame.flags, at, middle - 8)
    context.fillText(`+${durationText(t)}`, at, middle)
  }
}

function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)))
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= least) ?? 10 * power
}

function drawRefs(at: At): void {
  const { context, picture, colors, frame, first, last, perPlace, x } = at
  const { model, width } = picture
  const top = frame.flags + model.lanes.length * frame.lane + frame.pauses + 8
  const height = frame.refs - 20
  const span = Math.max(1, model.most - model.least)
  const y = (sum: number): number => top + ((model.most - sum) / span) * height
  context.font = FONT
  context.lineWidth = 1
  context.strokeStyle = colors.line
  const step = Math.max(1, Math.ceil(span / 4))
  for (let sum = model.least; sum <= model.most; sum++) {
    if (sum !== 0 && sum % step !== 0) continue
    context.setLineDash(sum === 0 ? [] : [1, 3])
    line(context, GUTTER - 8, y(sum), width - 4, y(sum))
  }
  context.setLineDash([])
  // The line of one moment reaches until the next event changes it.
  context.beginPath()
  let sum = columnAt(at, first).sum - changeOf(columnAt(at, first))
  context.moveTo(x(first) - perPlace, y(sum))
  let isLost = false
  for (let i = first; i <= last; i++) {
    const column = columnAt(at, i)
    // What the count was meanwhile, nobody knows.
    if (isLost) context.moveTo(x(i), y(sum))
    else context.lineTo(x(i), y(sum))
    isLost = column.gap !== undefined
    sum = column.sum
    context.lineTo(x(i), y(sum))
  }
  context.lineTo(Math.min(width, x(last) + perPlace / 2), y(sum))
  context.strokeStyle = colors.ink
  context.lineWidth = 1.75
  context.stroke()
  drawSums(at, y)
}

const changeOf = ({ event }: Column): number =>
  event?.role === 'ref' ? event.count : event?.role === 'unref' ? -event.count : 0

/** The numbers of the step line, where it changes; below zero in red. */
function drawSums(at: At, y: (sum: number) => number): void {
  const { context, picture, colors, first, last, perPlace, x } = at
  let room = Number.NEGATIVE_INFINITY
  context.font = MONO
  context.textAlign = 'left'
  for (let i = first; i <= last; i++) {
    const column = columnAt(at, i)
    const isWrong = column.sum < 0 || column.proofs.length > 0
    if (changeOf(column) === 0 && !isWrong) continue
    if (isWrong) {
      context.fillStyle = colors.bad
      context.beginPath()
      context.arc(x(i), y(column.sum), 3.5, 0, 2 * Math.PI)
      context.fill()
    }
    const text = `${column.sum}`.replace('-', '−')
    if (x(i) < room || (perPlace < 18 && i !== picture.selected && !isWrong)) continue
    context.fillStyle = isWrong ? colors.bad : colors.dim
    context.fillText(text, x(i) + 4, y(column.sum) - 7)
    room = x(i) + context.measureText(text).width + 8
  }
}

/** The numbers of the events, and flags on those that prove a finding. */
function drawFlags(at: At): void {
  const { context, picture, colors, frame, first, last, perPlace, x } = at
  const middle = frame.flags / 2 - 2
  context.font = `600 ${FONT}`
  context.textAlign = 'left'
  for (const { text, left, wide } of flagsOf(at)) {
    context.fillStyle = colors.bad
    round(context, left, middle - 9, wide, 18)
    context.fillStyle = colors.pane
    context.fillText(text, left + 4, middle + 0.5)
  }
  context.font = MONO
  context.textAlign = 'center'
  const every =
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000].find((n) => n * perPlace >= NUMBER_ROOM) ??
    10000
  let room = Number.NEGATIVE_INFINITY
  for (let i = first; i <= last; i++) {
    const { event, proofs } = columnAt(at, i)
    if (event === undefined || proofs.length > 0) continue
    const isSelected = i === picture.selected
    if (!isSelected && (event.index % every !== 0 || x(i) < room)) continue
    if (nearFlag(at, i)) continue
    room = x(i) + NUMBER_ROOM
    context.fillStyle = isSelected ? colors.accent : colors.dim
    context.fillText(`#${event.index}`, x(i), middle)
  }
}

/** Beside one another, in the picture: those at its right edge move to the left. */
function flagsOf(at: At): { text: string; left: number; wide: number }[] {
  const { context, picture, first, last, x } = at
  const flags: { text: string; left: number; wide: number }[] = []
  let room = Number.NEGATIVE_INFINITY
  for (let i = first; i <= last; i++) {
    const { event, proofs } = columnAt(at, i)
    if (event === undefined || proofs.length === 0) continue
    const text = `⚑ #${event.index}`
    const wide = context.measureText(text).width + 8
    const left = Math.max(x(i) - wide / 2, room)
    flags.push({ text, left, wide })
    room = left + wide + 3
  }
  let end = picture.width - 3
  for (const flag of [...flags].reverse()) {
    flag.left = Math.min(flag.left, end - flag.wide)
    end = flag.left - 3
  }
  return flags
}

/** No number where a flag stands. */
function nearFlag(at: At, i: number): boolean {
  const near = Math.ceil(44 / Math.max(1, at.perPlace))
  for (
    let k = Math.max(0, i - near);
    k <= Math.min(at.picture.model.columns.length - 1, i + near);
    k++
  ) {
    if (columnAt(at, k).proofs.length > 0 && Math.abs(at.x(k) - at.x(i)) < 44) return true
  }
  return false
}

/** The whole life in small, and which stretch of it is above. */
function drawMap({ context, picture, colors, frame }: At): void {
  const { model, scale, stretch, width } = picture
  const top = frame.height - frame.map
  const room = width - GUTTER - RIGHT
  const whole = scale.whole().to
  const x = (position: number): number => GUTTER + (position / whole) * room
  context.fillStyle = colors.sunk
  context.fillRect(GUTTER, top + 4, room, frame.map - 8)
  for (const [i, { event, gap, proofs }] of model.columns.entries()) {
    const isWrong = proofs.length > 0 || event?.late
    if (!isWrong && !gap) continue
    context.fillStyle = isWrong ? colors.bad : colors.unref
    context.fillRect(x(scale.positions[i] as number) - 1, top + 4, 2, frame.map - 8)
  }
  context.strokeStyle = colors.accent
  context.lineWidth = 1.5
  context.strokeRect(
    x(stretch.from),
    top + 3,
    Math.max(4, x(stretch.to) - x(stretch.from)),
    frame.map - 6,
  )
  context.font = FONT
  context.fillStyle = colors.dim
  context.textAlign = 'left'
  context.fillText(`all ${model.columns.length}`, 12, top + frame.map / 2)
}

function line(
  context: CanvasRenderingContext2D,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
): void {
  context.beginPath()
  context.moveTo(x1, y1)
  context.lineTo(x2, y2)
  context.stroke()
}

function round(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  w: number,
  h: number,
): void {
  context.beginPath()
  context.roundRect(x, y, w, h, 3)
  context.fill()
}

/** As much of a text as there is room for. */
export function fitted(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  room: number,
): void {
  let shortened = text
  for (let length = 60; context.measureText(shortened).width > room && length > 0; length--)
    shortened = `${text.slice(0, length)}…`
  context.fillText(shortened, x, y)
}
