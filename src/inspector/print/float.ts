// %g as C prints it, in the number of digits that gdb asks for.

import { formatFloat as formatAsC } from '../../image/printf.ts'
import type { FloatType } from '../language/types.ts'

/** Enough digits to tell any two numbers of the type apart; NaN with its payload. */
export function formatFloat(value: number, type: FloatType, bytes: Uint8Array): string {
  if (Number.isNaN(value)) return notANumber(type, bytes)
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  if (Object.is(value, -0)) return '-0'
  const precision = type.size === 4 ? 9 : type.size === 8 ? 17 : 18
  return formatAsC(value, { flags: '', width: 0, precision, isLong: false, type: 'g' })
}

function notANumber(type: FloatType, bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const bits = type.size === 4 ? BigInt(view.getUint32(0, true)) : view.getBigUint64(0, true)
  const width = type.size === 4 ? 32n : 64n
  const sign = bits >> (width - 1n) ? '-' : ''
  const mantissa = bits & ((1n << (type.size === 4 ? 23n : 52n)) - 1n)
  return `${sign}nan(0x${mantissa.toString(16)})`
}
