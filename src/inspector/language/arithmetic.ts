// C's arithmetic on typed values: promotion, widths, overflow and gdb's complaints.

import {
  CommandError,
  DIVISION_BY_ZERO,
  INTEGER_ONLY,
  NO_COMPLEMENT,
  NO_NEGATION,
  NOT_A_NUMBER,
  NOT_COMPARABLE,
  NOT_EQUATABLE,
} from '../messages.ts'
import type { Binary } from './syntax.ts'
import {
  DOUBLE,
  FLOAT,
  type FloatType,
  INT,
  isIntegral,
  isScalarNumber,
  isSigned,
  LONG,
  LONG_DOUBLE,
  sizeOf,
  type Type,
  UNSIGNED_INT,
  UNSIGNED_LONG,
  unqualified,
} from './types.ts'
import { floatValue, integerValue, toFloat, toInteger, type Value } from './values.ts'

/** char and short become int; an enum without negative members is unsigned. */
function promoted(type: Type): Type {
  const plain = unqualified(type)
  if (plain.kind === 'enum') return UNSIGNED_INT
  if (plain.kind === 'integer' && plain.size < 4) return INT
  return plain
}

/** The type in which both operands meet. */
function common(left: Type, right: Type): Type {
  if (left.kind === 'float' || right.kind === 'float') {
    const size = Math.max(
      left.kind === 'float' ? left.size : 0,
      right.kind === 'float' ? right.size : 0,
    )
    return size === 4 ? FLOAT : size === 8 ? DOUBLE : LONG_DOUBLE
  }
  const a = promoted(left)
  const b = promoted(right)
  const size = Math.max(sizeOf(a), sizeOf(b))
  const unsigned = [a, b].some((each) => sizeOf(each) === size && !isSigned(each))
  if (size <= 4) return unsigned ? UNSIGNED_INT : INT
  return unsigned ? UNSIGNED_LONG : LONG
}

/** An integer takes the type of the float beside it first. */
function asFloat(value: Value, type: FloatType): number {
  const number = toFloat(value)
  return type.size === 4 && isIntegral(value.type) ? Math.fround(number) : number
}

function floatOperation(operator: Binary, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    default:
      throw new CommandError(INTEGER_ONLY)
  }
}

function integerOperation(operator: Binary, a: bigint, b: bigint): bigint {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      if (b === 0n) throw new CommandError(DIVISION_BY_ZERO)
      return a / b
    case '%':
      if (b === 0n) throw new CommandError(DIVISION_BY_ZERO)
      return a % b
    case '&':
      return a & b
    case '|':
      return a | b
    default:
      return a ^ b
  }
}

export function arithmetic(
  operator: Binary,
  left: Value,
  right: Value,
  warn: (text: string) => void,
): Value {
  if (!isScalarNumber(left.type) || !isScalarNumber(right.type))
    throw new CommandError(NOT_A_NUMBER)
  const shift = operator === '<<' || operator === '>>'
  const type =
    shift && isIntegral(left.type) && isIntegral(right.type)
      ? promoted(left.type)
      : common(left.type, right.type)
  if (type.kind === 'float') {
    return floatValue(floatOperation(operator, asFloat(left, type), asFloat(right, type)), type)
  }
  const width = (value: bigint): bigint =>
    isSigned(type)
      ? BigInt.asIntN(sizeOf(type) * 8, value)
      : BigInt.asUintN(sizeOf(type) * 8, value)
  if (shift) return shifted(operator, width(toInteger(left)), toInteger(right), type, warn)
  return integerValue(
    integerOperation(operator, width(toInteger(left)), width(toInteger(right))),
    type,
  )
}

function shifted(
  operator: '<<' | '>>' | Binary,
  value: bigint,
  count: bigint,
  type: Type,
  warn: (text: string) => void,
): Value {
  const direction = operator === '<<' ? 'left' : 'right'
  if (count < 0n) {
    warn(`warning: ${direction} shift count is negative`)
    return integerValue(operator === '>>' && value < 0n ? -1n : 0n, type)
  }
  if (count >= BigInt(sizeOf(type) * 8)) {
    warn(`warning: ${direction} shift count >= width of type`)
    return integerValue(operator === '>>' && value < 0n ? -1n : 0n, type)
  }
  return integerValue(operator === '<<' ? value << count : value >> count, type)
}

export function negated(value: Value): Value {
  if (!isScalarNumber(value.type)) throw new CommandError(NO_NEGATION)
  // As gdb: by subtraction, so that -0.0 is 0.
  if (value.type.kind === 'float') return floatValue(0 - toFloat(value), unqualified(value.type))
  return integerValue(-toInteger(value), promoted(value.type))
}

export function plus(value: Value): Value {
  if (!isScalarNumber(value.type)) {
    throw new CommandError('Argument to positive operation not a number.')
  }
  if (value.type.kind === 'float') return value
  return integerValue(toInteger(value), promoted(value.type))
}

export function complemented(value: Value): Value {
  if (!isIntegral(value.type)) throw new CommandError(NO_COMPLEMENT)
  return integerValue(~toInteger(value), promoted(value.type))
}

/** -1, 0, 1, or NaN where one is not a number. Pointers compare as integers, with integers too. */
function compared(left: Value, right: Value, complaint: string): number {
  const areAddresses = [left, right].every(
    ({ type }) => isIntegral(type) || type.kind === 'pointer',
  )
  const areNumbers = isScalarNumber(left.type) && isScalarNumber(right.type)
  if (!areAddresses && !areNumbers) throw new CommandError(complaint)
  if (areNumbers) {
    const type = common(left.type, right.type)
    if (type.kind === 'float') {
      const [a, b] = [asFloat(left, type), asFloat(right, type)]
      return a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN
    }
    const width = (value: Value): bigint =>
      isSigned(type)
        ? BigInt.asIntN(sizeOf(type) * 8, toInteger(value))
        : BigInt.asUintN(sizeOf(type) * 8, toInteger(value))
    return order(width(left), width(right))
  }
  return order(BigInt.asUintN(64, toInteger(left)), BigInt.asUintN(64, toInteger(right)))
}

/** NaN is in no order to anything. */
export function ordered(operator: '<' | '>' | '<=' | '>=', left: Value, right: Value): boolean {
  const order = compared(left, right, NOT_COMPARABLE)
  if (operator === '<') return order < 0
  if (operator === '>') return order > 0
  return operator === '<=' ? order <= 0 : order >= 0
}

const order = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)

/** Two voids are equal, and so are two functions: gdb compares bytes where it knows nothing better. */
export function equal(left: Value, right: Value): boolean {
  const { kind } = left.type
  if ((kind === 'void' || kind === 'internal') && right.type.kind === kind) return true
  return compared(left, right, NOT_EQUATABLE) === 0
}
