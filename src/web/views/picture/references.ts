// The count of references, as a step line.

import type { Column } from '../model.ts'
import { type At, columnAt, GUTTER } from './frame.ts'
import { FONT, line, MONO } from './pen.ts'

export function drawReferences(at: At): void {
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
