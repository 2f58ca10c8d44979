// The digits of a double, exactly, as C prints them: a double is mantissa * 2^exponent, so its decimal digits are integer
// arithmetic. toFixed() and toExponential() round ties up where C rounds them to even, stop at 1e21 and at 100 digits.

/** |value| = mantissa * 2^exponent. */
export interface Magnitude {
  readonly mantissa: bigint
  readonly exponent: number
}

export const MANTISSA_BITS = 52
const EXPONENT_BIAS = 1023
const EXPONENT_MASK = 0x7ff
export const SMALLEST_EXPONENT = 1 - EXPONENT_BIAS

const scratch = new DataView(new ArrayBuffer(8))

/** Of a finite double. */
export function magnitudeOf(value: number): Magnitude {
  scratch.setFloat64(0, value)
  const bits = scratch.getBigUint64(0)
  const biased = Number(bits >> BigInt(MANTISSA_BITS)) & EXPONENT_MASK
  const fraction = BigInt.asUintN(MANTISSA_BITS, bits)
  // Subnormal numbers have the smallest exponent and no hidden bit.
  const mantissa = biased === 0 ? fraction : fraction | (1n << BigInt(MANTISSA_BITS))
  return { mantissa, exponent: Math.max(biased, 1) - EXPONENT_BIAS - MANTISSA_BITS }
}

/** numerator / denominator, a tie to the even neighbor. */
export function divideToEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator
  const twice = (numerator % denominator) * 2n
  const isUp = twice > denominator || (twice === denominator && (quotient & 1n) === 1n)
  return isUp ? quotient + 1n : quotient
}

/** |value| * 10^power, rounded to an integer. */
function scaled({ mantissa, exponent }: Magnitude, power: number): bigint {
  let numerator = mantissa
  let denominator = 1n
  if (exponent > 0) numerator <<= BigInt(exponent)
  else denominator <<= BigInt(-exponent)
  if (power > 0) numerator *= 10n ** BigInt(power)
  else denominator *= 10n ** BigInt(-power)
  return divideToEven(numerator, denominator)
}

/** `123.46`: so many digits after the point. */
export function fixed(value: Magnitude, decimals: number): string {
  // A multiple of 2^-n has n digits after the point; the rest are zeros, which need no arithmetic.
  const exact = Math.min(decimals, Math.max(0, -value.exponent))
  const digits = scaled(value, exact)
    .toString()
    .padStart(exact + 1, '0')
  const whole = digits.slice(0, digits.length - exact)
  if (decimals === 0) return whole
  return `${whole}.${digits.slice(digits.length - exact).padEnd(decimals, '0')}`
}

const BITS_PER_DIGIT = Math.log2(10)
const BITS_OF_FIVE = Math.log2(5)

/** No fewer than the digits that the value has: mantissa * 2^-n is mantissa * 5^n, with its point moved. */
function digitsOf({ mantissa, exponent }: Magnitude): number {
  const bits = mantissa.toString(2).length + (exponent < 0 ? -exponent * BITS_OF_FIVE : exponent)
  return Math.ceil(bits / BITS_PER_DIGIT) + 1
}

/** d.ddd * 10^exponent: the digits without the point. */
export function scientific(value: Magnitude, decimals: number): [digits: string, exponent: number] {
  if (value.mantissa === 0n) return ['0'.repeat(decimals + 1), 0]
  const exact = digitsOf(value)
  if (decimals > exact) {
    const [digits, exponent] = scientific(value, exact)
    return [digits.padEnd(decimals + 1, '0'), exponent]
  }
  const bits = value.mantissa.toString(2).length + value.exponent
  // At most one too low, as log10(2^(bits - 1)) <= log10(value) < log10(2^bits).
  let exponent = Math.floor((bits - 1) * Math.LOG10E * Math.LN2)
  for (;;) {
    const digits = scaled(value, decimals - exponent).toString()
    if (digits.length === decimals + 1) return [digits, exponent]
    // Either the guess was low or rounding carried into a new digit: the next power decides.
    exponent += digits.length > decimals + 1 ? 1 : -1
  }
}
