// A value as gdb shows it: `(struct struct_hist *) 0x7f95acf80000`, `{verb = TCP_REF, …}`, `97 'a'`, `"text"`.

import {
  type ArrayType,
  type EnumType,
  isText,
  type PointerType,
  type StructType,
  sizeOf,
  type Type,
  typeName,
  unqualified,
} from '../language/types.ts'
import { elementOf, toFloat, toInteger, type Value } from '../language/values.ts'
import { CommandError } from '../messages.ts'
import type { CText } from './c-string.ts'
import { formatFloat } from './float.ts'
import { formatNumber } from './number.ts'
import { type PrintOptions, Sheet } from './options.ts'
import { quotedCharacter, quotedString } from './text.ts'
import { breakable } from './wrap.ts'

/** As inside of a structure: a pointer does not tell its type. Throws what cannot be read. */
export function formatValue(value: Value, options: PrintOptions, readString: StringReader): string {
  const sheet = new Sheet()
  new ValuePrinter(sheet, options, readString).print(value, unqualified(value.type), 0)
  return sheet.text
}

/** Bytes of the C string at a pointer. */
export type StringReader = (pointer: Value, limit: number) => CText

/** As `print` does at its top: a pointer tells its type, unless it is a string. */
export function printValue(
  sheet: Sheet,
  value: Value,
  options: PrintOptions,
  readString: StringReader,
): void {
  const type = unqualified(value.type)
  if (type.kind === 'pointer' && !isScalarFormat(options.format)) {
    const target = type.target
    const isString = target.kind === 'integer' && target.name === 'char'
    if (!isString) sheet.write(`(${typeName(value.type)}) `)
  }
  new ValuePrinter(sheet, options, readString).print(value, type, 0)
}

const isScalarFormat = (letter: string): boolean => letter !== '' && letter !== 's'

class ValuePrinter {
  readonly #sheet: Sheet
  readonly #options: PrintOptions
  readonly #readString: StringReader

  constructor(sheet: Sheet, options: PrintOptions, readString: StringReader) {
    this.#sheet = sheet
    this.#options = options
    this.#readString = readString
  }

  print(value: Value, type: Type, depth: number): void {
    const isString = type.kind === 'array' && this.#isText(type)
    if (
      (type.kind === 'struct' || (type.kind === 'array' && !isString)) &&
      depth >= this.#options.depth
    ) {
      this.#sheet.write('{...}')
    } else if (type.kind === 'struct') this.#struct(value, type, depth)
    else if (type.kind === 'array') this.#array(value, type, depth)
    else this.#sheet.write(this.#scalar(value, type))
  }

  #scalar(value: Value, type: Type): string {
    const { format, radix } = this.#options
    if (type.kind === 'void') return 'void'
    if (type.kind === 'internal') return `<internal function ${type.name.replace('$', '')}>`
    if (type.kind === 'function') return `{${typeName(type)}} ${this.#address(value)}`
    if (isScalarFormat(format)) return formatNumber(value, format)
    const letter = radix === 16 ? 'x' : radix === 8 ? 'o' : ''
    if (letter !== '' && type.kind === 'integer') return formatNumber(value, letter)
    switch (type.kind) {
      case 'integer':
        if (!type.text) return String(toInteger(value))
        return `${toInteger(value)} ${quotedCharacter(Number(toInteger(value)))}`
      case 'float':
        return formatFloat(toFloat(value), type, value.bytes)
      case 'enum':
        return this.#options.style('variable', enumeration(toInteger(value), type))
      default:
        return this.#pointer(value, type as PointerType)
    }
  }

  #address(value: Value): string {
    const place = value.place?.kind === 'memory' ? value.place.address : toInteger(value)
    return this.#options.style('address', `0x${place.toString(16)}`)
  }

  #pointer(value: Value, type: PointerType): string {
    const { address, elements, style } = this.#options
    const shown = address ? style('address', `0x${toInteger(value).toString(16)}`) : ''
    if (!isText(unqualified(type.target)) || toInteger(value) === 0n) return shown
    const { bytes, more, error } = this.#readString(value, elements)
    const gap = shown === '' ? '' : ' '
    if (error !== undefined && bytes.length === 0)
      return `${shown}${gap}${style('metadata', `<error: ${error}>`)}`
    const text = quotedString(bytes, this.#options, more)
    return `${shown}${gap}${text}${error === undefined ? '' : style('metadata', `<error: ${error}>`)}`
  }

  #struct(value: Value, type: StructType, depth: number): void {
    const { pretty, style, wraps } = this.#options
    const inner = '  '.repeat(depth + 1)
    this.#sheet.write('{')
    // Read as a whole, so that a bad address is told before anything is printed.
    value.bytes
    type.fields.forEach((field, index) => {
      if (index > 0) this.#sheet.write(pretty ? ',' : ', ')
      if (pretty) this.#sheet.write(`\n${inner}`)
      else if (wraps) this.#sheet.write(breakable(2 + 2 * depth))
      this.#sheet.write(`${style('variable', field.name)} = `)
      const part = value.part(field.type, field.offset)
      this.print(part, unqualified(field.type), depth + 1)
    })
    this.#sheet.write(pretty ? `\n${'  '.repeat(depth)}}` : '}')
  }

  #isText({ element }: ArrayType): boolean {
    return isText(unqualified(element)) && !isScalarFormat(this.#options.format)
  }

  #array(value: Value, type: ArrayType, depth: number): void {
    if (this.#isText(type)) {
      const { nullStop } = this.#options
      let { bytes } = value
      const end = bytes.indexOf(0)
      // The zero that ends a C string is not shown; others are.
      if (nullStop && end >= 0) bytes = bytes.subarray(0, end)
      else if (bytes.at(-1) === 0) bytes = bytes.subarray(0, -1)
      this.#sheet.write(quotedString(bytes, this.#options))
      return
    }
    this.#elements(value, type, depth)
  }

  #elements(value: Value, type: ArrayType, depth: number): void {
    const { elements, repeats, array, arrayIndexes, style, wraps } = this.#options
    const count = type.count ?? 0
    const size = sizeOf(type.element)
    const { bytes } = value
    const line = array ? `\n${'  '.repeat(depth + 1)}` : ''
    this.#sheet.write('{')
    let shown = 0
    let at = 0
    while (at < count && shown < elements) {
      if (at > 0) this.#sheet.write(array ? ',' : ', ')
      this.#sheet.write(line)
      if (wraps && !array) this.#sheet.write(breakable(2 + 2 * depth))
      let end = at + 1
      while (end < count && sameBytes(bytes, at * size, end * size, size)) end++
      if (arrayIndexes) this.#sheet.write(`[${at}] = `)
      this.#element(elementOf(value, at), unqualified(type.element), depth + 1)
      if (end - at > repeats) {
        this.#sheet.write(` ${style('metadata', `<repeats ${end - at} times>`)}`)
        shown += repeats
        at = end
      } else {
        shown++
        at++
      }
    }
    if (at < count) this.#sheet.write('...')
    this.#sheet.write(array ? `\n${'  '.repeat(depth)}}` : '}')
  }

  #element(value: Value, type: Type, depth: number): void {
    try {
      this.print(value, type, depth)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      this.#sheet.write(
        this.#options.style('metadata', `<error reading variable: ${error.message}>`),
      )
    }
  }
}

function sameBytes(bytes: Uint8Array, left: number, right: number, size: number): boolean {
  for (let index = 0; index < size; index++) {
    if (bytes[left + index] !== bytes[right + index]) return false
  }
  return true
}

/** Its name, or what gdb makes of a number that is none: `77`, `(A | unknown: 0x8)`. */
function enumeration(number: bigint, type: EnumType): string {
  for (const [name, value] of type.members) if (BigInt(value) === number) return name
  if (!isFlags(type)) return String(number)
  const found: string[] = []
  let rest = number
  for (const [name, value] of type.members) {
    const bits = BigInt(value)
    if (bits !== 0n && (rest & bits) !== 0n) {
      found.push(name)
      rest &= ~bits
    }
  }
  if (number === 0n) return '0'
  if (found.length === 0) return `(unknown: 0x${rest.toString(16)})`
  if (rest !== 0n) found.push(`unknown: 0x${rest.toString(16)}`)
  return `(${found.join(' | ')})`
}

/** gdb takes an enum for flags when no two members share a bit. */
function isFlags(type: EnumType): boolean {
  let seen = 0
  for (const value of type.members.values()) {
    if (value < 0 || (seen & value) !== 0) return false
    const lowest = value & -value
    // Several bits are one flag only when they stand together.
    if (value !== 0 && ((value / lowest) & (value / lowest + 1)) !== 0) return false
    seen |= value
  }
  return true
}
