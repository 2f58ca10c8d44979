// A lane for each thread, the events in it, and the path that the object took through them.

import type { Role } from '../../../image/image.ts'
import { shown } from '../../words.ts'
import { type At, columnAt, GUTTER, LANE_WIDE } from './frame.ts'
import { type Colors, FONT, fitted, line, mark, ring } from './pen.ts'

/** Marks nearer than that would be a smear. */
const MARK_ROOM = 3.2
const LABEL_ROOM = 52

export function drawLanes({ context, picture, colors, frame, y }: At): void {
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

export function drawGaps(at: At): void {
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
export function drawPath(at: At): void {
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

export function drawMarks(at: At): void {
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
