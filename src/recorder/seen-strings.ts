// Strings that this thread logs again and again. Those are interned, and an event then holds only their id; one that never
// comes again must not fill the string area, so a string is interned when it is seen for the second time.

/** Power of two. */
const PLACES = 4096
const LENGTH_MAX = 64

/** What lookUp() answers of a string that is worth an id of its own now. */
export const SEEN_AGAIN = -1
/** What it answers of all others. */
export const NOT_SEEN = 0

/**
 * A direct-mapped cache: one string a place, the place told by a few characters. A Map would hash the whole of every new
 * string, which costs more than the rest of its event.
 */
export class SeenStrings {
  readonly #strings: string[] = new Array<string>(PLACES).fill('')
  /** 0 = seen once. */
  readonly #ids = new Int32Array(PLACES)

  /** The string's id, SEEN_AGAIN or NOT_SEEN; remembers that it was seen. */
  lookUp(text: string): number {
    const { length } = text
    if (length === 0 || length > LENGTH_MAX) return NOT_SEEN
    const place = placeOf(text, length)
    if (this.#strings[place] === text) {
      const id = this.#ids[place] as number
      return id === 0 ? SEEN_AGAIN : id
    }
    this.#strings[place] = text
    this.#ids[place] = 0
    return NOT_SEEN
  }

  /** The id of a string that was SEEN_AGAIN. */
  keep(text: string, id: number): void {
    this.#ids[placeOf(text, text.length)] = id
  }
}

/** Names that are counted differ at the end, paths in the middle. */
function placeOf(text: string, length: number): number {
  const last = text.charCodeAt(length - 1) + (text.charCodeAt(length >> 1) << 5)
  const other = length > 2 ? text.charCodeAt(length - 2) + (text.charCodeAt(length - 3) << 4) : 0
  return (Math.imul(last, 0x9e37) + Math.imul(other, 0x85eb) + length) & (PLACES - 1)
}
