// Strokes that the pictures share, and the colors that they are in.

import type { Role } from '../../../image/image.ts'

/** Of the theme. */
export const COLORS = [
  'pane',
  'sunk',
  'ink',
  'dim',
  'line',
  'accent',
  'accentSoft',
  'bad',
  'badSoft',
  'ref',
  'unref',
] as const
export type Colors = Readonly<Record<(typeof COLORS)[number], string>>

export const FONT = '11px system-ui, sans-serif'
export const MONO =
  '11px ui-monospace, "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace'

export function line(
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

export function round(
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

export function ring(
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
