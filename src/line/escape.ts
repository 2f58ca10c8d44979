// Texts from outside on one line of a log: nothing in them ends it, garbles a terminal or passes for another line, and each
// can be undone. docs/LOGGING.md, "Nothing in a line can forge another".

/**
 * Control characters, line ends of other alphabets, what turns the direction of writing, byte order marks, lone surrogates; the
 * backslash.
 */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what would end or garble a line
  /[\\\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\p{Surrogate}]/gu

/** The text of a line. */
export const onOneLine = (text: string): string => text.replace(UNSAFE, escaped)

/** What stands between the quotes of a value, as RFC 5424 wants it. */
export const inQuotes = (text: string): string => onOneLine(text).replace(/[\\"\]]/g, '\\$&')

/** A name in the header of RFC 5424: printable ASCII without spaces. */
export const asName = (text: string, most: number): string =>
  text.replace(/[^\x21-\x7e]/gu, '_').slice(0, most) || '-'

function escaped(letter: string): string {
  if (letter === '\\') return '\\\\'
  if (letter === '\n') return '\\n'
  const code = letter.charCodeAt(0)
  const digits = code.toString(16)
  return code <= 0xff ? `\\x${digits.padStart(2, '0')}` : `\\u${digits.padStart(4, '0')}`
}
