// Names out of an image, made fit for a terminal: an image is foreign bytes, and some of them would command it.

const encoder = new TextEncoder()
/** A byte as gdb escapes it: `\\033`. */
export const octal = (byte: number): string => `\\${byte.toString(8).padStart(3, '0')}`
/** Control characters, those that turn the direction of a line, and what no font has. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu

/** The name, with what cannot be printed as gdb prints it in strings: `\033`. */
export function shownName(name: string): string {
  return name.replace(UNPRINTABLE, (text) => [...encoder.encode(text)].map(octal).join(''))
}

/** The same for a message of several lines, which may quote a name. */
export const shownMessage = (text: string): string => text.replace(/[^\n\t]+/g, shownName)

/** As gdb's `print elements`: no table gets wider by one name. */
const CHARACTERS_MAX = 200

/** The same for a cell of a table. */
export function shownCell(name: string): string {
  return shownName(
    name.length <= CHARACTERS_MAX ? name : `${name.slice(0, CHARACTERS_MAX).trimEnd()}...`,
  )
}
