// Cuts an expression into tokens, one at a time: gdb complains about a bad character only when its parser gets there.

import { CommandError, syntaxError, UNMATCHED_QUOTE, UNTERMINATED_STRING } from '../messages.ts'
import { readEscape } from './escapes.ts'
import { numberEnd, readFloat, readInteger } from './numbers.ts'
import type { Type } from './types.ts'

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
    if (this.#radix > 10 && /[a-zA-Z]/.test(character)) {
      const word = /^\w+/.exec(this.text.slice(at))?.[0] ?? ''
      const first = Number.parseInt(character, this.#radix)
      const number = Number.isNaN(first) ? undefined : readInteger(word, this.#radix)
      if (number !== undefined) {
        this.#at += word.length
        return { ...number, at }
      }
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
    const { end, isFloat } = numberEnd(this.text, at, this.#radix)
    this.#at = end
    const text = this.text.slice(at, end)
    const number = isFloat ? readFloat(text) : readInteger(text, this.#radix)
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
