// Cases of printf: the whole product of conversions, flags, widths, precisions and values that mean something, and random
// ones from a seed. Each as C is given it, and as formatText() is.

import type { Argument } from '../../src/image/text.ts'
import type { Random } from './hostile/random.ts'

export interface Case {
  /** For printf-oracle.c, without the newline. */
  readonly line: string
  readonly format: string
  readonly args: readonly Argument[]
}

/** How C is told what comes: an integer of 32, 8 or 64 bits, a double, a string, a character, a pointer. */
type Kind = 'i' | 'h' | 'u' | 'l' | 'f' | 's' | 'c' | 'p'

const FLAGS = '-+ #0'
const FLAG_SETS = Array.from({ length: 2 ** FLAGS.length }, (_, set) =>
  [...FLAGS].filter((_flag, i) => (set & (1 << i)) !== 0).join(''),
)
const WIDTHS = ['', '1', '6', '13', '30', '*', '-*']
const PRECISIONS = ['', '.', '.0', '.1', '.3', '.9', '.26', '.*', '-.*']

const INTEGERS = [0n, 1n, -1n, 7n, 8n, 10n, -255n, 65536n, 2n ** 31n - 1n, -(2n ** 31n)]
const UNSIGNED = [...INTEGERS.filter((value) => value >= 0n), 2n ** 31n, 2n ** 32n - 1n]
const LONGS = [
  ...INTEGERS,
  2n ** 32n,
  2n ** 53n + 1n,
  -(2n ** 53n) - 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
]
const UNSIGNED_LONGS = [...UNSIGNED, 2n ** 63n, 2n ** 64n - 1n]
const FLOATS = [
  0,
  -0,
  1,
  -1,
  0.1,
  -0.1,
  0.5,
  1.5,
  2.5,
  0.25,
  0.125,
  -0.375,
  8.5,
  9.5,
  99.5,
  999.5,
  1e-5,
  1e-4,
  0.00012345,
  9.9999995,
  99999.95,
  999999.4,
  999999.5,
  123456.5,
  123456789,
  1e15,
  1e16,
  1e21,
  1e22,
  1e23,
  1e100,
  1e308,
  Number.MAX_VALUE,
  Number.MIN_VALUE,
  -2.5e-323,
  2.2250738585072014e-308,
  2.225073858507201e-308,
  1 / 3,
  -2 / 3,
  2.675,
  1.005,
  2 ** 53,
  2 ** 52 + 0.5,
  Number.EPSILON,
  Number.NaN,
  Infinity,
  -Infinity,
]
/** ASCII: widths and precisions count bytes in C, and characters here. */
const STRINGS = ['', 'a', 'abc', 'a longer one, of more than thirty bytes', '100%']
const CHARACTERS = [0, 1, 10, 32, 65, 126]
const POINTERS = [0n, 1n, 0xffffn, 0x7f95acf6ea60n, 2n ** 64n - 1n]

interface Family {
  readonly kind: Kind
  readonly conversions: readonly string[]
  readonly values: readonly (bigint | number | string)[]
}

const FAMILIES: readonly Family[] = [
  { kind: 'i', conversions: ['d', 'i'], values: INTEGERS },
  { kind: 'u', conversions: ['u', 'x', 'X', 'o'], values: UNSIGNED },
  { kind: 'i', conversions: ['u', 'x', 'X', 'o'], values: INTEGERS.filter((value) => value < 0n) },
  { kind: 'l', conversions: ['lld', 'li', 'qd', 'zd', 'ti', 'Ld'], values: LONGS },
  { kind: 'l', conversions: ['llu', 'lx', 'LX', 'zo'], values: UNSIGNED_LONGS },
  {
    kind: 'l',
    conversions: ['llu', 'lx', 'zX', 'to'],
    values: LONGS.filter((value) => value < 0n),
  },
  { kind: 'h', conversions: ['hd', 'hhi', 'hi', 'hhd'], values: [0n, 1n, -1n, 127n, -128n] },
  { kind: 'f', conversions: ['f', 'F', 'e', 'E', 'g', 'G', 'a', 'A', 'lf'], values: FLOATS },
  { kind: 's', conversions: ['s'], values: STRINGS },
  { kind: 'c', conversions: ['c'], values: CHARACTERS },
  { kind: 'p', conversions: ['p'], values: POINTERS },
]

const scratch = new DataView(new ArrayBuffer(8))

function caseOf(
  kind: Kind,
  flags: string,
  width: string,
  precision: string,
  conversion: string,
  value: bigint | number | string,
  random: Random,
): Case {
  const stars: number[] = []
  const star = (text: string, most: number) => {
    if (!text.includes('*')) return text
    const given = random.below(most)
    stars.push(text.startsWith('-') ? -given : given)
    return text.replace('-', '')
  }
  const format = `%${flags}${star(width, 25)}${star(precision, 18)}${conversion}`
  const [first = 0, second = 0] = stars
  const args: Argument[] = [...stars, kind === 'c' ? value : argumentOf(value, random)]
  const line = [
    kind === 'h' ? 'i' : kind,
    format,
    stars.length,
    first,
    second,
    textOf(kind, value),
  ].join('\t')
  return { line, format, args }
}

/** A small integer may come as a number or as a bigint: it prints the same. */
function argumentOf(value: bigint | number | string, random: Random): Argument {
  if (typeof value !== 'bigint') return value
  return Number.isSafeInteger(Number(value)) && random.once(2) ? Number(value) : value
}

function textOf(kind: Kind, value: bigint | number | string): string {
  if (kind !== 'f') return `${value}`
  scratch.setFloat64(0, Number(value))
  return scratch.getBigUint64(0).toString(16)
}

/**
 * glibc 2.36 prints the zeros that `#` asks of %g not where rounding carries into another digit: `1.e+06` for 999999.5.
 * The standard wants `1.00000e+06`.
 */
export function isFaultOfC({ format }: Case, printed: string, expected: string): boolean {
  const bare = (text: string) => text.replace(/[ 0]/g, '')
  return /#.*g$/i.test(format) && bare(printed) === bare(expected)
}

/** How many cases the product has. */
export const PRODUCT = FAMILIES.reduce(
  (sum, { conversions, values }) =>
    sum + conversions.length * values.length * FLAG_SETS.length * WIDTHS.length * PRECISIONS.length,
  0,
)

/** The case of this number, of the product. */
export function caseOfProduct(number: number, random: Random): Case {
  let rest = number
  const digit = <T>(values: readonly T[]): T => {
    const value = values[rest % values.length] as T
    rest = Math.floor(rest / values.length)
    return value
  }
  for (const { kind, conversions, values } of FAMILIES) {
    const count =
      conversions.length * values.length * FLAG_SETS.length * WIDTHS.length * PRECISIONS.length
    if (rest >= count) {
      rest -= count
      continue
    }
    const conversion = digit(conversions)
    const value = digit(values)
    const precision = digit(PRECISIONS)
    const width = digit(WIDTHS)
    return caseOf(kind, digit(FLAG_SETS), width, precision, conversion, value, random)
  }
  throw new RangeError(`The product has ${PRODUCT} cases, asked for ${number}`)
}

/** Values, widths and precisions that nobody thought of. */
export function randomCase(random: Random): Case {
  const { kind, conversions } = random.pick(FAMILIES)
  const width = random.once(2)
    ? random.pick(WIDTHS)
    : `${1 + random.below(random.once(20) ? 4096 : 60)}`
  const precision = random.once(2)
    ? random.pick(PRECISIONS)
    : `.${random.below(random.once(20) ? 1200 : 40)}`
  const flags = random.pick(FLAG_SETS)
  return caseOf(
    kind,
    flags,
    width,
    precision,
    random.pick(conversions),
    randomValue(kind, random),
    random,
  )
}

function randomValue(kind: Kind, random: Random): bigint | number | string {
  const bits = (BigInt(random.word()) << 32n) | BigInt(random.word())
  switch (kind) {
    case 'i':
      return BigInt.asIntN(32, bits) >> BigInt(random.below(32))
    case 'h':
      return BigInt.asIntN(8, bits)
    case 'u':
      return BigInt.asUintN(32, bits) >> BigInt(random.below(32))
    case 'l':
      return BigInt.asIntN(64, bits) >> BigInt(random.below(64))
    case 'p':
      return bits >> BigInt(random.below(64))
    case 'c':
      return 1 + random.below(127)
    case 's':
      return 'The quick brown fox jumps over the lazy dog'.slice(0, random.below(44))
    case 'f':
      return randomFloat(bits, random)
  }
}

function randomFloat(bits: bigint, random: Random): number {
  switch (random.below(4)) {
    case 0: {
      scratch.setBigUint64(0, bits)
      const value = scratch.getFloat64(0)
      return Number.isNaN(value) ? 0 : value
    }
    case 1:
      return Number(BigInt.asIntN(53, bits)) / 10 ** random.below(20)
    case 2:
      // Ties: so many halves, quarters, eighths …
      return Number(BigInt.asIntN(24, bits)) / 2 ** random.below(24)
    default:
      return Number(`${random.below(100000)}e${random.below(60) - 30}`)
  }
}
