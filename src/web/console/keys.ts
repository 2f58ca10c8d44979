// What a terminal sends for keys, taken apart as the line editor names them.

import type { Key } from '../../prompt/keys.ts'

const LETTERS: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
}
/** `CSI NUMBER ~` */
const NUMBERS: Readonly<Record<string, string>> = {
  1: 'home',
  3: 'delete',
  4: 'end',
  7: 'home',
  8: 'end',
}
const NAMED: Readonly<Record<string, string>> = {
  '\r': 'return',
  '\n': 'enter',
  '\t': 'tab',
  '\b': 'backspace',
  '\x7f': 'backspace',
  '\x1b': 'escape',
  ' ': 'space',
}
const ALT = 2
const CONTROL = 4

/** The first of these is a key with a name, in the forms of xterm: SS3, CSI with modifiers; all else is a character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC is what keys begin with
const KEY = /^\x1b(?:O([A-Z])|\[(\d*)(?:;(\d+))?([A-Z~]))/

/** All keys in a text that the terminal sent at once. */
export function keysOf(text: string): Key[] {
  const keys: Key[] = []
  for (let rest = text; rest !== ''; ) {
    const key = firstKey(rest)
    keys.push(key)
    rest = rest.slice(key.sequence.length)
  }
  return keys
}

function firstKey(text: string): Key {
  const [sequence, ss3, number, modifiers, final] = KEY.exec(text) ?? []
  if (sequence !== undefined) {
    const letter = ss3 ?? final ?? ''
    const name = letter === '~' ? NUMBERS[number ?? ''] : LETTERS[letter]
    const bits = Math.max(0, Number(modifiers ?? 1) - 1)
    const ctrl = (bits & CONTROL) !== 0
    const meta = (bits & ALT) !== 0
    return { sequence, name: name ?? 'unknown', ctrl, meta }
  }
  if (text.startsWith('\x1b') && text.length > 1) {
    const { sequence: rest, ...key } = character(text.slice(1))
    return { ...key, sequence: `\x1b${rest}`, meta: true }
  }
  return character(text)
}

function character(text: string): Key {
  const sequence = String.fromCodePoint(text.codePointAt(0) as number)
  const code = sequence.charCodeAt(0)
  const name = NAMED[sequence]
  if (name !== undefined) return { sequence, name }
  if (code >= 1 && code <= 26) {
    return { sequence, name: String.fromCharCode(code + 96), ctrl: true }
  }
  return { sequence }
}
