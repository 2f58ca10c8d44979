// The shape of a text: what is the same each time a line of the program logs, and the numbers that are not.

export interface Shape {
  /** The text with `#` for each number: `send #, (#)`. */
  readonly template: string
  /** At most NUMBERS_MAX: of more, the first and the last ones. */
  readonly numbers: readonly number[]
}

export const NUMBERS_MAX = 4
/** A number that is none, or too large to be a count. */
export const NO_NUMBER = -0x80000000
const NUMBER_LARGEST = 0x7fffffff
/** Behind these, texts do not tell one line of a program from another. */
const CHARACTERS_MAX = 160
const KEPT_MAX = 1 << 16

const NUMBER = /(?:(?<=(?:^|[^\w)\]]))-)?(?:0x[0-9a-f]+|\d+)/gi

/** Texts come again and again: each is taken apart once, as long as they are not too many. */
export class Shapes {
  readonly #known = new Map<string, Shape>()

  of(text: string): Shape {
    const known = this.#known.get(text)
    if (known !== undefined) return known
    const shape = shapeOf(text)
    if (this.#known.size >= KEPT_MAX) this.#known.clear()
    if (text.length <= CHARACTERS_MAX) this.#known.set(text, shape)
    return shape
  }
}

export function shapeOf(text: string): Shape {
  const head = text.length > CHARACTERS_MAX ? text.slice(0, CHARACTERS_MAX) : text
  const all: number[] = []
  const template = head.replace(NUMBER, (digits) => {
    const number = Number(digits)
    all.push(Math.abs(number) <= NUMBER_LARGEST ? number : NO_NUMBER)
    return '#'
  })
  const half = NUMBERS_MAX / 2
  const numbers =
    all.length <= NUMBERS_MAX ? all : [...all.slice(0, half), ...all.slice(all.length - half)]
  return { template, numbers }
}
