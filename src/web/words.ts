// Numbers, times and records as people read them, and as shdb prints them.

import type { Event } from '../image/image.ts'
import { shownName } from '../inspector/print/name.ts'
import { marksOf } from '../inspector/print/record.ts'

const COUNT = new Intl.NumberFormat('en')

/** `100,000` */
export const countText = (count: number): string => COUNT.format(count)

/** `1 history`, `2 histories`. */
export const counted = (count: number, what: string, plural = `${what}s`): string =>
  `${countText(count)} ${count === 1 ? what : plural}`

const STEPS: readonly (readonly [number, string])[] = [
  [1000, 'µs'],
  [1000, 'ms'],
  [60, 's'],
  [60, 'min'],
  [24, 'h'],
  [Number.POSITIVE_INFINITY, 'd'],
]

/** `0`, `850 µs`, `12.3 ms`, `4.2 s`, `3.5 h`: three digits are enough for an eye. */
export function durationText(micros: number): string {
  if (!Number.isFinite(micros)) return ''
  if (micros === 0) return '0'
  let rest = Math.abs(micros)
  for (const [size, unit] of STEPS) {
    // 999.6 would be rounded to 1000 of a unit that ends there.
    if (rest < size - 0.5) {
      const digits = unit === 'µs' || rest >= 100 ? 0 : rest >= 10 ? 1 : 2
      const number = rest.toFixed(digits).replace(/\.0+$/, '')
      return `${micros < 0 ? '−' : ''}${number} ${unit}`
    }
    rest /= size
  }
  return ''
}

/** With its sign: `+12 µs`. */
export const offsetText = (micros: number): string =>
  micros > 0 ? `+${durationText(micros)}` : durationText(micros)

/** `64 MiB` */
export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const units = ['KiB', 'MiB', 'GiB', 'TiB']
  let rest = bytes / 1024
  let at = 0
  while (rest >= 1024 && at < units.length - 1) {
    rest /= 1024
    at++
  }
  return `${rest >= 100 || Number.isInteger(rest) ? Math.round(rest) : rest.toFixed(1)} ${units[at]}`
}

/** `2026-11-28 04:12:33.123456`, UTC. */
export function wallText(startedMillis: number, micros: number): string {
  const millis = Math.floor(startedMillis + micros / 1000)
  if (!(Math.abs(millis) < 8.64e15)) return `t = ${micros}`
  const below = Math.floor(startedMillis * 1000 + micros - millis * 1000)
  const text = new Date(millis).toISOString().replace('T', ' ').replace('Z', '')
  return `${text}${`${Math.max(0, Math.min(999, below))}`.padStart(3, '0')}`
}

/** Foreign text on one line: what would move a terminal or hide is spelled out. */
export const shown = shownName

/** An event as shdb prints it. */
export function recordText(event: Event): string {
  const { verb, t, pid, tid, address, log } = event
  const text = `0x${address.toString(16)} "${shown(log)}"`
  return `{verb = ${shown(verb)}, t = ${t}, pid = ${pid}, tid = ${tid}, log = ${text}}${marksOf(event)}`
}

/** What a role does, as a sign of its own and in words: color is never the only one. */
export const ROLE_SIGNS = { ref: '▲', unref: '▼', end: '■', none: '●' } as const
export const ROLE_WORDS = {
  ref: 'takes a reference',
  unref: 'gives a reference back',
  end: 'ends the object',
  none: '',
} as const

/** `95 % sure` */
export const sureText = (confidence: number): string => `${Math.round(confidence * 100)} % sure`
