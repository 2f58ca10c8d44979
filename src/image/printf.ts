// C printf, one conversion at a time: parsing, and the numbers exactly as C prints them (test/unit/printf.test.ts holds
// the words of the real one). Why not a library behind it: docs/DECISIONS.md.

import {
  divideToEven,
  fixed,
  MANTISSA_BITS,
  type Magnitude,
  magnitudeOf,
  SMALLEST_EXPONENT,
  scientific,
} from './decimal.ts'

export interface Conversion {
  /** As it stands in the format. */
  readonly source: string
  readonly flags: string
  /** Or '*': the next argument. */
  readonly width: number | '*'
  /** Or '*'; -1 = none given. */
  readonly precision: number | '*'
  /** l, ll, z …: the argument is 64 bits wide. Says nothing else here, where arguments know their own type. */
  readonly isLong: boolean
  readonly type: string
}

/** Widths and precisions beyond are taken as this: a format is foreign bytes. */
export const WIDTH_MAX = 4096

// No two neighbors of this pattern match the same character, so it takes linear time on any format.
const CONVERSION =
  /%([-+ #0']*)(\*|[1-9][0-9]*)?(?:\.(\*|-?[0-9]*))?(hh|h|ll|l|L|q|z|t)?([diuxXocspjfFeEgGaA%])/g
const LONG = new Set(['l', 'll', 'L', 'q', 'z', 't'])

/** Literal text and conversions in turn. What is no conversion is literal text. */
export function parseFormat(format: string): (string | Conversion)[] {
  const pieces: (string | Conversion)[] = []
  let end = 0
  for (const match of format.matchAll(CONVERSION)) {
    const [source, flags = '', width, precision, length = '', type = ''] = match
    if (match.index > end) pieces.push(format.slice(end, match.index))
    end = match.index + source.length
    if (type === '%') pieces.push('%')
    else
      pieces.push({
        source,
        flags,
        width: bounded(width ?? '0'),
        precision: precision === undefined ? -1 : bounded(precision || '0'),
        isLong: LONG.has(length),
        type,
      })
  }
  if (end < format.length) pieces.push(format.slice(end))
  return pieces
}

function bounded(digits: string): number | '*' {
  return digits === '*' ? '*' : Math.max(-1, Math.min(Number(digits), WIDTH_MAX))
}

/** A conversion whose `*` have been replaced by arguments. */
export interface Placed {
  readonly flags: string
  readonly width: number
  readonly precision: number
  readonly isLong: boolean
  readonly type: string
}

/** Puts blanks around it, as width and `-` tell. Counted in characters: a column in a terminal, not bytes. */
export function padded(text: string, { width, flags }: Placed): string {
  const missing = width === 0 ? 0 : width - lengthOf(text)
  if (missing <= 0) return text
  return flags.includes('-') ? text + ' '.repeat(missing) : ' '.repeat(missing) + text
}

const lengthOf = (text: string) => {
  let length = 0
  for (const _ of text) length++
  return length
}

/** sign, 0x, zeros, digits. */
function assembled(prefix: string, digits: string, placed: Placed, isZeroPadded: boolean): string {
  const zeros = placed.width - prefix.length - digits.length
  if (isZeroPadded && zeros > 0 && !placed.flags.includes('-'))
    return prefix + '0'.repeat(zeros) + digits
  return padded(prefix + digits, placed)
}

function signOf(isNegative: boolean, flags: string): string {
  if (isNegative) return '-'
  if (flags.includes('+')) return '+'
  return flags.includes(' ') ? ' ' : ''
}

const BITS = 64
const SHORT_BITS = 32
const RADIX: Readonly<Record<string, number>> = { u: 10, x: 16, X: 16, o: 8, p: 16 }

/** d i u x X o p. Whole, however large: cutting a number to 32 bits would hide evidence. */
export function formatInteger(value: bigint, placed: Placed): string {
  const { flags, type } = placed
  let { precision } = placed
  const isSigned = type === 'd' || type === 'i'
  const isAlternate = flags.includes('#')
  let prefix = isSigned ? signOf(value < 0n, flags) : ''
  let digits: string
  if (isSigned) digits = (value < 0n ? -value : value).toString()
  else digits = unsigned(value, placed).toString(RADIX[type])
  if (digits === '0' && precision === 0) digits = ''
  if (isAlternate && (type === 'x' || type === 'X') && value !== 0n) prefix = '0x'
  if (type === 'p') prefix = `${signOf(false, flags)}0x`
  // As glibc, and so as the C programs that these dumps are read beside.
  if (type === 'p' && value === 0n) return padded('(nil)', placed)
  if (isAlternate && type === 'o' && !digits.startsWith('0'))
    precision = Math.max(precision, digits.length + 1)
  const isZeroPadded = flags.includes('0') && placed.precision < 0
  const text = assembled(prefix, digits.padStart(precision, '0'), placed, isZeroPadded)
  return type === 'X' ? text.toUpperCase() : text
}

/** Negative numbers as the two's complement that C would show: of an int, or of a long where it is no int. */
function unsigned(value: bigint, { isLong, type }: Placed): bigint {
  if (value >= 0n) return value
  const isShort = !isLong && type !== 'p' && BigInt.asIntN(SHORT_BITS, value) === value
  return BigInt.asUintN(isShort ? SHORT_BITS : BITS, value)
}

const DEFAULT_PRECISION = 6
const isUpper = (type: string) => type < 'a'

/** f F e E g G a A of a double, or of an integer of any size. `isNegativeNaN`: what the number itself cannot tell. */
export function formatFloat(given: number | bigint, placed: Placed, isNegativeNaN = false): string {
  // In hexadecimal it is the double that is shown; a bigint may be none.
  const value = 'aA'.includes(placed.type) ? Number(given) : given
  const isNegative = value < 0 || Object.is(value, -0) || isNegativeNaN
  const sign = signOf(isNegative, placed.flags)
  const finite = typeof value === 'bigint' || Number.isFinite(value)
  const text = finite
    ? assembledFloat(sign, value, placed)
    : padded(sign + (Number.isNaN(value) ? 'nan' : 'inf'), placed)
  return isUpper(placed.type) ? text.toUpperCase() : text
}

function assembledFloat(sign: string, value: number | bigint, placed: Placed): string {
  const type = placed.type.toLowerCase()
  const isAlternate = placed.flags.includes('#')
  const precision = placed.precision < 0 ? DEFAULT_PRECISION : placed.precision
  const isZeroPadded = placed.flags.includes('0')
  if (type === 'a') {
    const digits = hexadecimal(value as number, placed.precision, isAlternate)
    return assembled(`${sign}0x`, digits, placed, isZeroPadded)
  }
  const magnitude: Magnitude =
    typeof value === 'bigint'
      ? { mantissa: value < 0n ? -value : value, exponent: 0 }
      : magnitudeOf(value)
  let digits: string
  if (type === 'f') digits = fixed(magnitude, precision)
  else if (type === 'e') digits = exponential(...scientific(magnitude, precision), isAlternate)
  else digits = general(magnitude, Math.max(precision, 1), isAlternate)
  if (isAlternate && type === 'f' && precision === 0) digits += '.'
  return assembled(sign, digits, placed, isZeroPadded)
}

function exponential(digits: string, exponent: number, isAlternate: boolean): string {
  const point = digits.length > 1 || isAlternate ? '.' : ''
  const power = Math.abs(exponent).toString().padStart(2, '0')
  return `${digits.slice(0, 1)}${point}${digits.slice(1)}e${exponent < 0 ? '-' : '+'}${power}`
}

/** %g: whichever of %e and %f is shorter, without trailing zeros unless asked for by `#`. */
function general(value: Magnitude, precision: number, isAlternate: boolean): string {
  const [digits, exponent] = scientific(value, precision - 1)
  const smallestFixed = -4
  if (exponent < smallestFixed || exponent >= precision)
    return exponential(isAlternate ? digits : stripped(digits, 1), exponent, isAlternate)
  const text = fixed(value, precision - 1 - exponent)
  if (isAlternate) return text.includes('.') ? text : `${text}.`
  const point = text.indexOf('.')
  if (point < 0) return text
  const short = stripped(text, point)
  return short.endsWith('.') ? short.slice(0, -1) : short
}

/** Without the zeros at its end, but never shorter than `least`. */
function stripped(text: string, least: number): string {
  let end = text.length
  while (end > least && text[end - 1] === '0') end--
  return text.slice(0, end)
}

const HEX_DIGIT_BITS = 4
const HEX_DIGITS = MANTISSA_BITS / HEX_DIGIT_BITS

/** `1.8p+1`, as glibc: the first digit is 1, or 0 below the smallest normal number. */
function hexadecimal(value: number, precision: number, isAlternate: boolean): string {
  const { mantissa, exponent } = magnitudeOf(value)
  let digits = mantissa
  let decimals = HEX_DIGITS
  if (precision >= 0 && precision < HEX_DIGITS) {
    digits = divideToEven(mantissa, 1n << BigInt((HEX_DIGITS - precision) * HEX_DIGIT_BITS))
    decimals = precision
  }
  const all = digits.toString(16).padStart(decimals + 1, '0')
  const whole = all.slice(0, all.length - decimals)
  let rest = all.slice(all.length - decimals)
  rest = precision < 0 ? stripped(rest, 0) : rest.padEnd(precision, '0')
  const power = mantissa === 0n ? 0 : Math.max(exponent + MANTISSA_BITS, SMALLEST_EXPONENT)
  const point = rest !== '' || isAlternate ? '.' : ''
  return `${whole}${point}${rest}p${power < 0 ? '-' : '+'}${Math.abs(power)}`
}
