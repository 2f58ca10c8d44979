// C's backslash escapes, as gdb reads them in expressions and in `echo`.

import { CommandError } from '../messages.ts'

export const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  e: 27,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
}

const isOctal = (character: string | undefined): boolean =>
  character !== undefined && character >= '0' && character <= '7'

const encoder = new TextEncoder()

/** Reads what follows a backslash at `at`; gives the bytes and where reading goes on. */
export function readEscape(text: string, at: number): { bytes: number[]; next: number } {
  const character = text[at]
  if (character === undefined) return { bytes: [], next: at }
  if (isOctal(character)) {
    let next = at
    let code = 0
    while (next < at + 3 && isOctal(text[next])) code = code * 8 + Number(text[next++])
    return { bytes: [code & 255], next }
  }
  if (character === 'x') {
    const digits = /^[0-9a-fA-F]+/.exec(text.slice(at + 1))?.[0]
    if (digits === undefined) throw new CommandError('\\x escape without a following hex digit')
    return { bytes: [Number.parseInt(digits.slice(-2), 16)], next: at + 1 + digits.length }
  }
  if (character === 'u' || character === 'U') {
    const digits = /^[0-9a-fA-F]+/.exec(text.slice(at + 1, at + (character === 'u' ? 5 : 9)))?.[0]
    if (digits === undefined) {
      throw new CommandError(`\\${character} escape without a following hex digit`)
    }
    const code = Number.parseInt(digits, 16)
    const shown = code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code)
    return { bytes: [...encoder.encode(shown)], next: at + 1 + digits.length }
  }
  const simple = SIMPLE_ESCAPES[character]
  if (simple !== undefined) return { bytes: [simple], next: at + 1 }
  const whole = String.fromCodePoint(text.codePointAt(at) as number)
  return { bytes: [...encoder.encode(whole)], next: at + whole.length }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** `echo`'s text: octal and letter escapes, `\ ` a space, a lone backslash at the end nothing. */
export function unescapeEcho(text: string): string {
  const out: number[] = []
  const plain = /[^\\]+/y
  let at = 0
  while (at < text.length) {
    if (text[at] !== '\\') {
      plain.lastIndex = at
      const [run = ''] = plain.exec(text) ?? []
      for (const byte of encoder.encode(run)) out.push(byte)
      at += run.length
      continue
    }
    const character = text[at + 1]
    if (character === undefined) break
    // Of echo's escapes only these are not those of a string.
    if (/[exuU]/.test(character)) {
      out.push(character.charCodeAt(0))
      at += 2
      continue
    }
    const { bytes, next } = readEscape(text, at + 1)
    for (const byte of bytes) if (byte !== 0) out.push(byte)
    at = next
  }
  return decoder.decode(Uint8Array.from(out))
}
