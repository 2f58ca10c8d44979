// Numeric literals as gdb reads them: its prefixes, its suffixes in any order, its input radix, its test for overflow.

import { CommandError, NUMBER_TOO_LARGE } from '../messages.ts'
import {
  DOUBLE,
  FLOAT,
  type FloatType,
  INT,
  type IntegerType,
  LONG,
  LONG_DOUBLE,
  LONG_LONG,
  UNSIGNED_INT,
  UNSIGNED_LONG,
  UNSIGNED_LONG_LONG,
} from './types.ts'

export interface IntegerLiteral {
  readonly kind: 'integer'
  readonly value: bigint
  readonly type: IntegerType
}
export interface FloatLiteral {
  readonly kind: 'float'
  readonly value: number
  readonly type: FloatType
}

const BASES: Readonly<Record<string, number>> = { x: 16, b: 2, t: 10, d: 10 }
const PREFIXED = /^0([xbtd])./i

/** Where the number that begins at `at` ends, and whether it is written as a float. */
export function numberEnd(
  text: string,
  at: number,
  radix: number,
): { end: number; isFloat: boolean } {
  const prefix = /^0([xtd])/i.exec(text.slice(at, at + 2))?.[1]?.toLowerCase()
  const hexadecimal = prefix === undefined ? radix > 10 : prefix === 'x'
  let end = prefix === undefined ? at : at + 2
  let isFloat = false
  let exponent = ''
  for (; end < text.length; end++) {
    const character = (text[end] as string).toLowerCase()
    if (exponent === '' && (character === 'p' || (character === 'e' && !hexadecimal))) {
      exponent = character
      isFloat = true
    } else if (character === '.') {
      if (isFloat) break
      isFloat = true
    } else if (character === '+' || character === '-') {
      if (exponent === '' || text[end - 1]?.toLowerCase() !== exponent) break
    } else if (!/[0-9a-z]/.test(character)) break
  }
  return { end, isFloat }
}

/** Undefined: no number in this radix. */
export function readInteger(text: string, radix: number): IntegerLiteral | undefined {
  const prefix = PREFIXED.exec(text)?.[1]?.toLowerCase()
  const base = prefix !== undefined ? BASES[prefix] : /^0[^xbtd]/i.test(text) ? 8 : radix
  return digitsAndSuffix(prefix === undefined ? text : text.slice(2), base ?? radix)
}

function digitsAndSuffix(text: string, base: number): IntegerLiteral | undefined {
  let value = 0n
  let previous = 0n
  let suffix = ''
  for (const character of text.toLowerCase()) {
    const digit = Number.parseInt(character, base)
    if ((character >= '0' && character <= '9') || (character >= 'a' && character <= 'f')) {
      if (suffix !== '' || Number.isNaN(digit)) return undefined
      value = BigInt.asUintN(64, value * BigInt(base) + BigInt(digit))
      // Not every overflow shows so, and those that do not are gdb's, too.
      if ((previous !== 0n || value !== 0n) && previous >= value) {
        throw new CommandError(NUMBER_TOO_LARGE)
      }
      previous = value
    } else if (character === 'l' || character === 'u') suffix += character
    else return undefined
  }
  return { kind: 'integer', value, type: typeOfLiteral(value, suffix, base === 10) }
}

/** C: the first of int, unsigned (not for decimals), long, unsigned long that holds it. */
function typeOfLiteral(value: bigint, suffix: string, decimal: boolean): IntegerType {
  const unsigned = suffix.includes('u')
  const longs = suffix.replaceAll('u', '').length
  const mayBeUnsigned = unsigned || !decimal || value >= 1n << 63n
  if (longs === 0) {
    if (!unsigned && value < 1n << 31n) return INT
    if (mayBeUnsigned && value < 1n << 32n) return UNSIGNED_INT
  }
  const signed = !unsigned && value < 1n << 63n
  if (longs <= 1) return signed ? LONG : UNSIGNED_LONG
  return signed ? LONG_LONG : UNSIGNED_LONG_LONG
}

/** As C's scanf reads it: `1e`, `1e+` and `0x1p` are 1. */
export function readFloat(text: string): FloatLiteral | undefined {
  const suffix = /[fl]$/i.exec(text)?.[0].toLowerCase() ?? ''
  const value = floatOf(text.slice(0, text.length - suffix.length))
  if (value === undefined) return undefined
  if (suffix === 'f') return { kind: 'float', value: Math.fround(value), type: FLOAT }
  return { kind: 'float', value, type: suffix === 'l' ? LONG_DOUBLE : DOUBLE }
}

function floatOf(text: string): number | undefined {
  const hexadecimal = /^0x([0-9a-f]*)\.?([0-9a-f]*)(?:p([+-]?\d*))?$/i.exec(text)
  if (hexadecimal !== null) {
    const [, whole = '', part = '', exponent = ''] = hexadecimal
    if (whole + part === '') return undefined
    const power = /\d/.test(exponent) ? Number(exponent) : 0
    return Number.parseInt(whole + part, 16) * 2 ** (power - 4 * part.length)
  }
  const [, digits, exponent = ''] = /^(\d+\.?\d*|\.\d+)(?:e([+-]?\d*))?$/i.exec(text) ?? []
  if (digits === undefined) return undefined
  return Number(/\d/.test(exponent) ? `${digits}e${exponent}` : digits)
}

/** Decimal digits as C's atoi reads them: the nearest long, and of that the lower 32 bits. */
export function atoi(digits: string): number {
  const most = (1n << 63n) - 1n
  const number = BigInt(digits)
  const held = number > most ? most : number < -most ? -most - 1n : number
  return Number(BigInt.asIntN(32, held))
}
