// gdb's printf: C's conversions over typed values, and gdb's complaints about the rest.

import { formatFloat, formatInteger, type Placed, padded } from '../../image/printf.ts'
import { SIMPLE_ESCAPES } from '../language/escapes.ts'
import { sizeOf } from '../language/types.ts'
import { decayed, textOf, toFloat, toInteger, type Value } from '../language/values.ts'
import { badConversion, CommandError, INVALID_CAST, WRONG_ARGUMENTS } from '../messages.ts'

interface Literal {
  readonly kind: 'literal'
  readonly text: string
}
interface Conversion {
  readonly kind: 'conversion'
  readonly flags: string
  readonly width: number
  readonly precision: number | undefined
  readonly length: string
  readonly letter: string
}
export type Piece = Literal | Conversion

/** No width or precision asks for more than this. */
const WIDTH_MAX = 65536

/** Cuts `"format"` and what follows it apart; escapes are resolved. */
export function splitFormatString(argument: string): { format: string; rest: string } {
  if (!argument.startsWith('"')) throw new CommandError("Bad format string, missing '\"'.")
  let format = ''
  let at = 1
  for (; ; at++) {
    const character = argument[at]
    if (character === undefined) throw new CommandError("Bad format string, non-terminated '\"'.")
    if (character === '"') break
    if (character !== '\\') {
      format += character
      continue
    }
    at++
    const escaped = argument[at]
    if (escaped === undefined) throw new CommandError("Bad format string, non-terminated '\"'.")
    const code = SIMPLE_ESCAPES[escaped]
    if (code !== undefined) format += String.fromCharCode(code)
    else if (escaped === '"' || escaped === '\\') format += escaped
    else throw new CommandError(`Unrecognized escape character \\${escaped} in format string.`)
  }
  const rest = argument.slice(at + 1).trim()
  if (rest !== '' && !rest.startsWith(',')) throw new CommandError('Invalid argument syntax')
  return { format, rest: rest.slice(1) }
}

const SPECIFICATION = /([-+ #0]*)(\*|\d*)(?:\.(\*|\d*))?(hh?|ll?|L|z|DD?|H)?/y

export function parseFormatString(format: string): Piece[] {
  const out: Piece[] = []
  let text = ''
  for (let at = 0; at < format.length; ) {
    if (format[at] !== '%') {
      text += format[at++]
      continue
    }
    if (format[at + 1] === '%') {
      text += '%'
      at += 2
      continue
    }
    const { conversion, next } = parseConversion(format, at + 1)
    if (text !== '') out.push({ kind: 'literal', text })
    text = ''
    out.push(conversion)
    at = next
  }
  if (text !== '') out.push({ kind: 'literal', text })
  return out
}

function parseConversion(format: string, at: number): { conversion: Conversion; next: number } {
  SPECIFICATION.lastIndex = at
  const match = SPECIFICATION.exec(format)
  const [whole = '', flags = '', width = '', precision, length = ''] = match ?? []
  if (width === '*' || precision === '*') {
    throw new CommandError("`*' not supported for precision or width in printf")
  }
  const letter = format[at + whole.length]
  if (letter === undefined) {
    throw new CommandError('Incomplete format specifier at end of format string')
  }
  if (length === 'hh') throw new CommandError(badConversion('h'))
  if (letter === 'n') throw new CommandError("Format specifier `n' not supported in printf")
  if (!'diouxXcspfeEgG'.includes(letter)) throw new CommandError(badConversion(letter))
  const conversion: Conversion = {
    kind: 'conversion',
    flags,
    width: Number(width || 0),
    precision: precision === undefined ? undefined : Number(precision || 0),
    length,
    letter,
  }
  if (!suits(conversion)) {
    throw new CommandError(`Inappropriate modifiers to format specifier '${letter}' in printf`)
  }
  return { conversion, next: at + whole.length + 1 }
}

function suits({ letter, length, flags, precision }: Conversion): boolean {
  const long = length === '' || length === 'l'
  const filled = /[0 +]/.test(flags)
  const signed = /[ +]/.test(flags)
  switch (letter) {
    case 'c':
      return long && precision === undefined && !filled
    case 's':
      return long && !filled
    case 'p':
      return length === '' && precision === undefined && !filled && !flags.includes('#')
    case 'd':
    case 'i':
      return length !== 'L'
    case 'u':
      return length !== 'L' && !signed && !flags.includes('#')
    case 'o':
    case 'x':
    case 'X':
      return length !== 'L' && !signed
    default:
      return length === '' || length === 'L'
  }
}

/** `stringAt` reads the C string at a pointer. `write` gets each piece as it is done, before the next can fail. */
export function printFormatted(
  pieces: readonly Piece[],
  values: readonly Value[],
  stringAt: (pointer: Value) => string,
  write: (text: string) => void,
): void {
  const wanted = pieces.filter((each) => each.kind === 'conversion').length
  if (wanted !== values.length) throw new CommandError(WRONG_ARGUMENTS)
  let next = 0
  for (const piece of pieces) {
    if (piece.kind === 'literal') write(piece.text)
    else write(convert(piece, values[next++] as Value, stringAt))
  }
}

function convert(piece: Conversion, value: Value, stringAt: (pointer: Value) => string): string {
  // The image's program has no such type.
  if (piece.length === 'l' && 'sc'.includes(piece.letter)) throw new CommandError(NO_WCHAR)
  switch (piece.letter) {
    case 's':
      return padded(cut(text(value, stringAt), piece.precision), placed(piece))
    case 'c': {
      const code = Number(BigInt.asUintN(8, toInteger(decayed(value))))
      // C prints it into a string, which ends at a zero.
      return padded(String.fromCharCode(code), placed(piece)).replace(/\0.*/s, '')
    }
    case 'p': {
      const address = BigInt.asUintN(64, toInteger(decayed(value)))
      return formatInteger(address, placed(piece))
    }
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      return integer(piece, toInteger(decayed(value)))
    default:
      return float(piece, value)
  }
}

/** JavaScript knows one NaN, C those with a sign, too. */
function float(piece: Conversion, value: Value): string {
  const given = number(value)
  const isNegative = Number.isNaN(given) && ((value.bytes.at(-1) ?? 0) & 0x80) !== 0
  return formatFloat(given, placed(piece), isNegative)
}

function text(value: Value, stringAt: (pointer: Value) => string): string {
  // A convenience variable that holds an array needs no memory.
  if (value.type.kind === 'array' && value.place?.kind === 'variable') return textOf(value.bytes)
  const pointer = decayed(value)
  if (toInteger(pointer) === 0n) return '(null)'
  return stringAt(pointer)
}

const NO_WCHAR = 'No type named wchar_t.'

const cut = (text: string, precision: number | undefined): string =>
  precision === undefined ? text : text.slice(0, precision)

/** A float for %f; the bits of an integer of the same width, as gdb takes them; no float is narrower than four bytes. */
function number(value: Value): number {
  if (value.type.kind === 'float') return toFloat(value)
  if (value.type.kind === 'void') throw new CommandError(INVALID_CAST)
  const bits = toInteger(decayed(value))
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, BigInt.asUintN(64, bits), true)
  if (sizeOf(value.type) < 4) return Number(bits)
  return sizeOf(value.type) === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true)
}

/** The bits of an int, or of as many as the length says. */
function integer(piece: Conversion, value: bigint): string {
  const bits = piece.length === '' ? 32 : piece.length === 'h' ? 16 : 64
  const isSigned = piece.letter === 'd' || piece.letter === 'i'
  const number = isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)
  return formatInteger(number, placed(piece))
}

/** As the texts of events are printed: one printf for both. */
const placed = ({ flags, width, precision, letter }: Conversion): Placed => ({
  flags,
  width: Math.min(width, WIDTH_MAX),
  precision: precision === undefined ? -1 : Math.min(precision, WIDTH_MAX),
  isLong: true,
  type: letter,
})
