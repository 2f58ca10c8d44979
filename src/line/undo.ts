// What escape.ts has written, undone. What it would not write stays as it stands.

const ESCAPE = /\\(?:\\|n|x[0-9a-f]{2}|u[0-9a-f]{4})/g

/** The text that a line's text says. */
export function undone(text: string): string {
  return text.includes('\\') ? text.replace(ESCAPE, meant) : text
}

/** The text that stands between the quotes of a value. */
export function undoneInQuotes(value: string): string {
  return value.includes('\\') ? undone(value.replace(/\\([\\"\]])/g, '$1')) : value
}

function meant(written: string): string {
  if (written === '\\\\') return '\\'
  if (written === '\\n') return '\n'
  return String.fromCharCode(Number.parseInt(written.slice(2), 16))
}
