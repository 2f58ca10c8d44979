// Values as JSON for programs: numbers that a double does not hold exactly are strings, and so is what is no number.

export type Json =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | readonly Json[]
  | { readonly [key: string]: Json }

/** JSON.stringify escapes the controls below a blank only; the text may be shown on a terminal. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu

const units = (text: string): string =>
  [...Array(text.length).keys()]
    .map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('')

/** On one line. A key whose value is undefined is left out. */
export function jsonText(value: Json): string {
  return JSON.stringify(value, exactNumber).replace(UNPRINTABLE, units)
}

function exactNumber(_key: string, value: Json): Json {
  if (typeof value !== 'number' && typeof value !== 'bigint') return value
  const number = Number(value)
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : `${value}`
}

/** As much is printed at once: neither a system call for each element nor the whole of a large image. */
const PIECE = 1 << 16

/** Prints an array element by element. */
export class JsonArray {
  readonly #out: (text: string) => void
  #text = '['
  #isEmpty = true

  constructor(out: (text: string) => void) {
    this.#out = out
  }

  add(value: Json): void {
    this.#text += `${this.#isEmpty ? '\n' : ',\n'}${jsonText(value)}`
    this.#isEmpty = false
    if (this.#text.length >= PIECE) this.#flush()
  }

  /** `after`: what follows where the array is no line of its own. */
  end(after = '\n'): void {
    this.#text += `${this.#isEmpty ? '' : '\n'}]${after}`
    this.#flush()
  }

  #flush(): void {
    this.#out(this.#text)
    this.#text = ''
  }
}
