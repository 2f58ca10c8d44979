// Cuts an expression into tokens, one at a time: gdb complains about a bad character only when its parser gets there.

import {
  CommandError,
  NUMBER_TOO_LARGE,
  syntaxError,
  UNMATCHED_QUOTE,
  UNTERMINATED_STRING,
} from '../messages.ts'
import { readEscape } from './escapes.ts'
import {
  DOUBLE,
  FLOAT,
  INT,
  type IntegerType,
  LONG,
  LONG_DOUBLE,
  LONG_LONG,
  type Type,
  UNSIGNED_INT,
  UNSIGNED_LONG,
  UNSIGNED_LONG_LONG,
} from './types.ts'

export type Token =
  | { readonly kind: 'integer'; readonly at: number; readonly value: bigint; readonly type: Type }
  | { readonly kind: 'float'; readonly at: number; readonly value: number; readonly type: Type }
  | { readonly kind: 'character'; readonly at: number; readonly value: number }
  | { readonly kind: 'string'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'name'; readonly at: number; readonly text: string }
  | { readonly kind: 'variable'; readonly at: number; readonly text: string }
  | { readonly kind: 'punctuation'; readonly at: number; readonly text: string }
  | { readonly kind: 'end'; readonly at: number }

const PUNCTUATION = [
  '<<=', '>>=', '->', '++', '--', '<<', '>>', '<=', '>=', '==', '!=', '&&', '||', '+=', '-=',
  '*=', '/=', '%=', '&=', '|=', '^=', '::', '+', '-', '*', '/', '%', '&', '|', '^', '~', '!',
  '<', '>', '=', '?', ':', ',', '(', ')', '[', ']', '{', '}', '.', '@',
] // biome-ignore format: a table

const encoder = new TextEncoder()

export class Lexer {
  readonly text: string
  readonly #radix: number
  #at = 0

  constructor(text: string, radix = 10) {
    this.text = text
    this.#radix = radix
  }

  next(): Token {
    while (/[ \t\n\r]/.test(this.text[this.#at] ?? '')) this.#at++
    const at = this.#at
    const character = this.text[at]
    if (character === undefined) return { kind: 'end', at }
    const following = this.text[at + 1] ?? ''
    if (/[0-9]/.test(character) || (character === '.' && /[0-9]/.test(following))) {
      return this.#number(at)
    }
    if (this.#radix > 10 && /[a-fA-F]/.test(character)) {
      const word = /^\w+/.exec(this.text.slice(at))?.[0] ?? ''
      if (/^[0-9a-fA-F]+$/.test(word)) return this.#number(at)
    }
    if (character === '"') return this.#string(at)
    if (character === "'") return this.#character(at)
    if (/[LuU]/.test(character) && /["']/.test(following)) {
      const type = { L: 'wchar_t', u: 'char16_t', U: 'char32_t' }[character]
      throw new CommandError(`No type named ${type}.`)
    }
    if (character === '$') {
      const text = /^\$[\w$]*/.exec(this.text.slice(at))?.[0] ?? '$'
      this.#at += text.length
      return { kind: 'variable', at, text }
    }
    if (/[A-Za-z_\u0080-\uffff]/.test(character)) {
      const text = /^[\w$\u0080-\uffff]+/.exec(this.text.slice(at))?.[0] ?? character
      this.#at += text.length
      return { kind: 'name', at, text }
    }
    const text = PUNCTUATION.find((each) => this.text.startsWith(each, at))
    if (text === undefined) {
      throw new CommandError(`Invalid character '${character}' in expression.`)
    }
    this.#at += text.length
    return { kind: 'punctuation', at, text }
  }

  rest(at: number): string {
    return this.text.slice(at)
  }

  #number(at: number): Token {
    let end = at
    const hexadecimal = /^0[xX]/.test(this.text.slice(at))
    let dot = false
    for (; end < this.text.length; end++) {
      const character = this.text[end] as string
      const previous = (this.text[end - 1] ?? '').toLowerCase()
      if (character === '.') {
        if (dot) break
        dot = true
      } else if (character === '+' || character === '-') {
        if (end === at || previous !== (hexadecimal ? 'p' : 'e')) break
      } else if (!/[0-9a-zA-Z]/.test(character)) break
    }
    this.#at = end
    const text = this.text.slice(at, end)
    const number = readInteger(text, this.#radix) ?? readFloat(text)
    if (number === undefined) throw new CommandError(`Invalid number "${text}".`)
    return { ...number, at }
  }

  #string(at: number): Token {
    const { bytes, end } = this.#quoted(at, '"')
    if (end < 0) throw new CommandError(UNTERMINATED_STRING)
    this.#at = end
    return { kind: 'string', at, bytes: Uint8Array.from(bytes) }
  }

  #character(at: number): Token {
    const { bytes, end } = this.#quoted(at, "'")
    if (end < 0) throw new CommandError(UNMATCHED_QUOTE)
    if (bytes.length === 0) {
      throw new CommandError('A character constant must contain at least one character.')
    }
    this.#at = end
    // Three and more characters in single quotes name a symbol; two are a mistake.
    if (bytes.length > 2) return { kind: 'name', at, text: this.text.slice(at + 1, end - 1) }
    if (bytes.length > 1) throw new CommandError('Invalid character constant.')
    return { kind: 'character', at, value: ((bytes[0] as number) << 24) >> 24 }
  }

  #quoted(at: number, quote: string): { bytes: number[]; end: number } {
    const bytes: number[] = []
    let next = at + 1
    for (;;) {
      const character = this.text[next]
      if (character === undefined) return { bytes, end: -1 }
      if (character === quote) return { bytes, end: next + 1 }
      if (character === '\\') {
        const found = readEscape(this.text, next + 1)
        bytes.push(...found.bytes)
        next = Math.max(found.next, next + 1)
      } else {
        const whole = String.fromCodePoint(this.text.codePointAt(next) as number)
        bytes.push(...encoder.encode(whole))
        next += whole.length
      }
    }
  }
}

export function unexpected(lexer: Lexer, token: Token): CommandError {
  // gdb shows what follows an unexpected `@`, not the sign itself.
  const at = token.kind === 'punctuation' && token.text === '@' ? token.at + 1 : token.at
  return new CommandError(syntaxError(lexer.rest(at)))
}

function readInteger(
  text: string,
  radix: number,
): { kind: 'integer'; value: bigint; type: Type } | undefined {
  const match = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)([uUlL]*)$/.exec(text)
  const inRadix = radix === 16 && /^[0-9a-fA-F]+$/.test(text) ? `0x${text}` : undefined
  const digits = inRadix ?? match?.[1]
  if (digits === undefined) return undefined
  const suffix = inRadix === undefined ? (match?.[2] ?? '').toLowerCase() : ''
  const longs = suffix.replaceAll('u', '').length
  const unsigned = suffix.includes('u')
  if (longs > 2 || suffix.length - longs > 1) return undefined
  const octal = /^0[0-7]+$/.test(digits)
  const value = BigInt(octal ? `0o${digits.slice(1)}` : digits)
  if (value >= 1n << 64n) throw new CommandError(NUMBER_TOO_LARGE)
  return {
    kind: 'integer',
    value,
    type: typeOfLiteral(value, unsigned, longs, /^[1-9]/.test(digits)),
  }
}

/** C: the first of int, unsigned (not for decimals), long, unsigned long that holds it. */
function typeOfLiteral(
  value: bigint,
  unsigned: boolean,
  longs: number,
  decimal: boolean,
): IntegerType {
  const long = longs === 2 ? LONG_LONG : LONG
  const unsignedLong = longs === 2 ? UNSIGNED_LONG_LONG : UNSIGNED_LONG
  if (longs === 0) {
    if (!unsigned && value < 1n << 31n) return INT
    if ((unsigned || !decimal) && value < 1n << 32n) return UNSIGNED_INT
  }
  return !unsigned && value < 1n << 63n ? long : unsignedLong
}

function readFloat(text: string): { kind: 'float'; value: number; type: Type } | undefined {
  const hexadecimal = /^0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)([fFlL]?)$/.exec(text)
  if (hexadecimal !== null) {
    const [, whole = '', part = '', exponent = '0', suffix = ''] = hexadecimal
    const mantissa = Number.parseInt(whole + part, 16)
    return typed(mantissa * 2 ** (Number(exponent) - 4 * part.length), suffix)
  }
  // gdb takes `1e` and `1e+` for 1.
  const match = /^(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d*))?([fFlL]?)$/.exec(text)
  if (match === null || !/[.eE]/.test(text)) return undefined
  const exponent = match[2] !== undefined && /\d/.test(match[2]) ? `e${match[2]}` : ''
  return typed(Number(match[1] + exponent), match[3] ?? '')
}

function typed(value: number, suffix: string): { kind: 'float'; value: number; type: Type } {
  const letter = suffix.toLowerCase()
  if (letter === 'f') return { kind: 'float', value: Math.fround(value), type: FLOAT }
  return { kind: 'float', value, type: letter === 'l' ? LONG_DOUBLE : DOUBLE }
}
