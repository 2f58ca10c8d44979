// Format and typed arguments become text here, when somebody reads; a writer only stored them. An argument of another
// kind than its conversion wants is printed as it is, a missing one as `<missing %d>`: evidence is never thrown away.

import {
  type Conversion,
  formatFloat,
  formatInteger,
  type Placed,
  padded,
  parseFormat,
  WIDTH_MAX,
} from './printf.ts'

/** A string or an object's JSON of which the recorder may have kept only the beginning. */
export class LongText {
  readonly text: string
  /** Bytes that the writer had to leave out. */
  readonly cut: number
  readonly isObject: boolean

  constructor(text: string, cut: number, isObject: boolean) {
    this.text = text
    this.cut = cut
    this.isObject = isObject
  }
}

export type Argument = number | bigint | string | boolean | null | undefined | LongText

/** No event has that much to say: only a foreign format full of widths does. */
const CHARACTERS_MAX = 32768
const FORMATS_MAX = 4096

const parsed = new Map<string, readonly (string | Conversion)[]>()

/** What C's printf would print, cut at `maxText` bytes of UTF-8 and then marked `…+37B`. */
export function formatText(
  format: string,
  args: readonly Argument[],
  maxText = Number.POSITIVE_INFINITY,
): string {
  const line = new Line()
  const rest = new Arguments(args)
  for (const piece of piecesOf(format)) {
    if (typeof piece === 'string') line.add(piece)
    else convert(piece, rest, line)
    if (line.text.length > CHARACTERS_MAX) break
  }
  if (rest.left > 0) addExtra(rest, line)
  return line.cutAt(maxText)
}

function piecesOf(format: string): readonly (string | Conversion)[] {
  let pieces = parsed.get(format)
  if (pieces === undefined) {
    if (parsed.size >= FORMATS_MAX) parsed.clear()
    pieces = parseFormat(format)
    parsed.set(format, pieces)
  }
  return pieces
}

/** The text as it grows, and how much of it is the whole truth. */
class Line {
  text = ''
  /** Characters until the end of the first argument that the writer had cut; what follows did not follow it there. */
  #whole = Number.POSITIVE_INFINITY
  #cut = 0

  /** `cut`: bytes that the writer left out at its end. */
  add(text: string, cut = 0): void {
    this.text += text
    if (cut === 0) return
    this.#whole = Math.min(this.#whole, this.text.length)
    this.#cut += cut
  }

  cutAt(maxBytes: number): string {
    const most = Math.min(this.#whole, this.text.length)
    // One UTF-16 unit is at most 3 bytes of UTF-8: most texts need not be measured.
    if (this.#cut === 0 && this.text.length * 3 <= maxBytes) return this.text
    const [kept, bytes] = prefixOf(this.text, most, maxBytes)
    const cut = utf8Length(this.text) - bytes + this.#cut
    return cut === 0 ? this.text : `${this.text.slice(0, kept)}…+${cut}B`
  }
}

/** Found at once where a loop would look at each character, and nearly all texts have none. */
const BEYOND_ASCII = /[\u0080-\uffff]/

/** How many characters, and how many bytes they are, fit: a character is never split. */
function prefixOf(
  text: string,
  most: number,
  maxBytes: number,
): [characters: number, bytes: number] {
  if (!BEYOND_ASCII.test(text)) {
    const kept = Math.min(most, maxBytes)
    return [kept, kept]
  }
  let bytes = 0
  let at = 0
  while (at < most) {
    const code = text.codePointAt(at) as number
    const size = utf8Size(code)
    if (bytes + size > maxBytes) break
    bytes += size
    at += code > 0xffff ? 2 : 1
  }
  return [at, bytes]
}

const utf8Size = (code: number) => (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4)
const utf8Length = (text: string) => prefixOf(text, text.length, Number.POSITIVE_INFINITY)[1]

class Arguments {
  readonly #args: readonly Argument[]
  #next = 0

  constructor(args: readonly Argument[]) {
    this.#args = args
  }

  get left(): number {
    return this.#args.length - this.#next
  }

  take(): Argument {
    return this.#args[this.#next++]
  }
}

function convert(conversion: Conversion, rest: Arguments, line: Line): void {
  const placed = place(conversion, rest)
  if (placed === undefined || rest.left <= 0) line.add(`<missing ${conversion.source}>`)
  else addArgument(rest.take(), placed, line)
}

/** Takes the arguments of `*`; one that is no integer counts as none given. */
function place(conversion: Conversion, rest: Arguments): Placed | undefined {
  const { width, precision } = conversion
  if (width !== '*' && precision !== '*') return conversion as Placed
  let { flags } = conversion
  if (rest.left < (width === '*' ? 1 : 0) + (precision === '*' ? 1 : 0)) return undefined
  const placedWidth = width === '*' ? starOf(rest.take(), 0) : width
  if (placedWidth < 0) flags += '-'
  const placedPrecision = precision === '*' ? Math.max(-1, starOf(rest.take(), -1)) : precision
  return { ...conversion, flags, width: Math.abs(placedWidth), precision: placedPrecision }
}

function starOf(value: Argument, otherwise: number): number {
  const isInteger = typeof value === 'bigint' || Number.isInteger(value)
  return isInteger ? Math.max(-WIDTH_MAX, Math.min(Number(value), WIDTH_MAX)) : otherwise
}

function addArgument(value: Argument, placed: Placed, line: Line): void {
  if (placed.type === 's' && placed.precision >= 0) {
    const text = asSuch(value)
    const short = firstCharacters(text, placed.precision)
    line.add(padded(short, placed), short.length < text.length ? 0 : cutOf(value))
  } else line.add(converted(value, placed), cutOf(value))
}

function converted(value: Argument, placed: Placed): string {
  const { type } = placed
  if (type === 's') return padded(asSuch(value), placed)
  if (type === 'j') return padded(jsonOf(value), placed)
  if (type === 'c') return padded(characterOf(value), placed)
  if (typeof value === 'number' || typeof value === 'bigint') {
    if ('fFeEgGaA'.includes(type)) return formatFloat(value, placed)
    if (typeof value === 'bigint') return formatInteger(value, placed)
    // Most events of most programs: "(%d)" of a small integer.
    if (type === 'd' && placed.flags === '' && placed.precision < 0 && Number.isSafeInteger(value))
      return padded(`${value}`, placed)
    if (Number.isInteger(value)) return formatInteger(BigInt(value), placed)
  }
  return padded(asSuch(value), placed)
}

const cutOf = (value: Argument) => (value instanceof LongText ? value.cut : 0)

function firstCharacters(text: string, count: number): string {
  let end = 0
  for (let i = 0; i < count && end < text.length; i++)
    end += (text.codePointAt(end) as number) > 0xffff ? 2 : 1
  return text.slice(0, end)
}

const CODE_POINT_MAX = 0x10ffff

function characterOf(value: Argument): string {
  const isCode = typeof value === 'number' && Number.isInteger(value) && value >= 0
  return isCode && value <= CODE_POINT_MAX ? String.fromCodePoint(value) : asSuch(value)
}

/** The value itself, where no conversion says how. */
function asSuch(value: Argument): string {
  if (value instanceof LongText) return value.text
  return Object.is(value, -0) ? '-0' : String(value)
}

/** An object is JSON already; what JSON cannot say (NaN, undefined, a bigint) is printed as such. */
function jsonOf(value: Argument): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (value instanceof LongText && !value.isObject) return JSON.stringify(value.text)
  return asSuch(value)
}

function addExtra(rest: Arguments, line: Line): void {
  line.add(line.text === '' ? '(extra: ' : ' (extra: ')
  for (let isFirst = true; rest.left > 0; isFirst = false) {
    const value = rest.take()
    line.add(isFirst ? jsonOf(value) : `, ${jsonOf(value)}`, cutOf(value))
    if (line.text.length > CHARACTERS_MAX) break
  }
  line.add(')')
}
