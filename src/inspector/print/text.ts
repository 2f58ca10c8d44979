// Strings and characters as gdb quotes them: escapes, folded runs, a limit.

import { octal } from './name.ts'
import type { PrintOptions } from './options.ts'

const NAMED: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
}

/** Bytes of the UTF-8 sequence that begins here, or 1 for a byte that begins none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number
  const length =
    first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0
  if (length <= 1 || at + length > bytes.length) return 1
  for (let index = 1; index < length; index++) {
    if (((bytes[at + index] as number) & 0xc0) !== 0x80) return 1
  }
  return length
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A UTF-8 sequence that the end of the text cuts off: how many of the last bytes are its. */
function cutOff(bytes: Uint8Array): number {
  for (let count = 1; count <= Math.min(3, bytes.length); count++) {
    const byte = bytes[bytes.length - count] as number
    if ((byte & 0xc0) === 0x80) continue
    const length = byte < 0xc2 || byte > 0xf4 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
    return count < length ? count : 0
  }
  return 0
}

/** Cuts bytes into printable pieces; `quote` is the one that must be escaped. */
function pieces(bytes: Uint8Array, quote: string): string[] {
  const out: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at)
    out.push(piece(bytes.subarray(at, at + length), quote))
    at += length
  }
  return out
}

function piece(bytes: Uint8Array, quote: string): string {
  const [byte = 0] = bytes
  if (bytes.length > 1) {
    try {
      const text = decoder.decode(bytes)
      if (!/[\p{C}\p{Zl}\p{Zp}]/u.test(text)) return text
    } catch {
      // An overlong or surrogate sequence: its bytes, then.
    }
    return [...bytes].map(octal).join('')
  }
  const named = NAMED[byte]
  if (named !== undefined) return named
  if (byte < 32 || byte >= 127) return octal(byte)
  const character = String.fromCharCode(byte)
  return character === quote || character === '\\' ? `\\${character}` : character
}

/** `97 'a'`: the part after the number. */
export function quotedCharacter(byte: number): string {
  return `'${piece(Uint8Array.of(byte & 255), "'")}'`
}

/** `"text"...`, `'a' <repeats 20 times>, "bc"`. `more`: the text goes on beyond these bytes. */
export function quotedString(bytes: Uint8Array, options: PrintOptions, more = false): string {
  if (bytes.length === 0) return more ? '""...' : '""'
  const cut = more ? 0 : cutOff(bytes)
  const inString = pieces(bytes.subarray(0, bytes.length - cut), '"')
  const parts: string[] = []
  let open = ''
  let at = 0
  while (at < inString.length && at < options.elements) {
    const text = inString[at] as string
    let end = at + 1
    while (inString[end] === text) end++
    if (end - at > options.repeats) {
      if (open !== '') parts.push(`"${open}"`)
      open = ''
      const lone = text === "'" ? "\\'" : text === '\\"' ? '"' : text
      parts.push(`'${lone}' ${options.style('metadata', `<repeats ${end - at} times>`)}`)
    } else open += text.repeat(end - at)
    at = end
  }
  if (cut > 0 && at < options.elements) {
    if (open !== '') parts.push(`"${open}"`)
    open = ''
    const lost = [...bytes.subarray(bytes.length - cut)].map(octal).join('')
    parts.push(`<incomplete sequence ${lost}>`)
  }
  if (open !== '' || parts.length === 0) parts.push(`"${open}"`)
  return parts.join(', ') + (more || at < inString.length ? '...' : '')
}
