// %g as C prints it, in the number of digits that gdb asks for.

import type { FloatType } from '../language/types.ts'
import { fixed, scientific } from './decimal.ts'

/** C's `%.{digits}g`; `keepZeros` is its `#`. */
export function general(value: number, digits: number, keepZeros = false): string {
  const { mantissa, exponent } = scientific(Math.abs(value), digits - 1)
  const sign = value < 0 ? '-' : ''
  const trim = keepZeros ? (text: string): string => text : withoutZeros
  if (exponent < -4 || exponent >= digits) {
    const power = `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
    return `${sign}${trim(mantissa)}e${power}`
  }
  return sign + trim(fixed(Math.abs(value), Math.max(0, digits - 1 - exponent)))
}

const withoutZeros = (text: string): string =>
  text.includes('.') ? text.replace(/\.?0+$/, '') : text

/** Enough digits to tell any two numbers of the type apart; NaN with its payload. */
export function formatFloat(value: number, type: FloatType, bytes: Uint8Array): string {
  if (Number.isNaN(value)) return notANumber(type, bytes)
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  if (Object.is(value, -0)) return '-0'
  return general(value, type.size === 4 ? 9 : type.size === 8 ? 17 : 18)
}

function notANumber(type: FloatType, bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const bits = type.size === 4 ? BigInt(view.getUint32(0, true)) : view.getBigUint64(0, true)
  const width = type.size === 4 ? 32n : 64n
  const sign = bits >> (width - 1n) ? '-' : ''
  const mantissa = bits & ((1n << (type.size === 4 ? 23n : 52n)) - 1n)
  return `${sign}nan(0x${mantissa.toString(16)})`
}
