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

/** Prints an array element by element: the whole of a large image is too long for one string. */
export class JsonArray {
  readonly #out: (text: string) => void
  #isEmpty = true

  constructor(out: (text: string) => void) {
    this.#out = out
    out('[')
  }

  add(value: Json): void {
    this.#out(`${this.#isEmpty ? '\n' : ',\n'}${jsonText(value)}`)
    this.#isEmpty = false
  }

  end(): void {
    this.#out(this.#isEmpty ? ']\n' : '\n]\n')
  }
}
