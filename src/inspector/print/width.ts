// How many columns of a terminal a text takes: East Asian characters two, marks that sit on another none.

import { eastAsianWidth } from 'get-east-asian-width'

const MARK = /^[\p{Mn}\p{Me}\u200b-\u200f\u1160-\u11ff]$/u
// biome-ignore lint/suspicious/noControlCharactersInRegex: what is printed as it stands, a column each
const ASCII = /^[\x00-\x7f]*$/

/** Of a text without control characters. */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length
  let width = 0
  for (const character of text) width += widthOfCharacter(character)
  return width
}

export function widthOfCharacter(character: string): number {
  const code = character.codePointAt(0) as number
  if (code < 0x300) return 1
  return MARK.test(character) ? 0 : eastAsianWidth(code)
}

/** As much of a text as fits; cut texts end with an ellipsis of three dots, as gdb marks what it cuts. */
export function fitted(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let cut = ''
  let taken = 0
  for (const character of text) {
    taken += widthOfCharacter(character)
    if (taken > width - CUT.length) break
    cut += character
  }
  return width > CUT.length ? cut.trimEnd() + CUT : CUT.slice(0, Math.max(width, 1))
}

const CUT = '...'
