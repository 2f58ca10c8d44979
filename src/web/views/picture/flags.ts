// Above the lanes: the numbers of the events, and flags on those that prove a finding.

import { type At, columnAt } from './frame.ts'
import { FONT, MONO, round } from './pen.ts'

const NUMBER_ROOM = 34

export function drawFlags(at: At): void {
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
