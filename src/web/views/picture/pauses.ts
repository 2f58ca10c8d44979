// Below the lanes: how long the object paused, or, on the scale of time, when.

import { durationText } from '../../words.ts'
import { type At, columnAt } from './frame.ts'
import { FONT, line } from './pen.ts'

/** The longest is as long as `24.7 ms`. */
const PAUSE_ROOM = 46

/** How long nothing happened: in words where there is room, else as bars of its magnitude. */
export function drawPauses(at: At): void {
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
