// A life drawn on a canvas: above, what is wrong; a lane for each thread, with the path that the object took through them;
// below, how long it paused, and its count of references as a step line.

import { drawFlags } from './flags.ts'
import { type At, columnAt, frameOf, GUTTER, type Picture, RIGHT, ruler } from './frame.ts'
import { drawGaps, drawLanes, drawMarks, drawPath } from './lanes.ts'
import { drawPauses } from './pauses.ts'
import { type Colors, FONT, line } from './pen.ts'
import { drawReferences } from './references.ts'

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
  if (frame.refs > 0) drawReferences(at)
  drawFlags(at)
  context.restore()
  if (frame.map > 0) drawMap(at)
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
