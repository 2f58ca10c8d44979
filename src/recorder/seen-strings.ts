// Strings that this thread logs again and again. Those are interned, and an event then holds only their id; one that never
// comes again must not fill the string area, so a string is interned when it is seen for the second time.

/** Power of two: first places, and as many second ones. */
const PLACES = 4096
/** Leaves the bits of a place. */
const HASH_SHIFT = 20
const LENGTH_MAX = 64

/** What lookUp() answers of a string that is worth an id of its own now. */
export const SEEN_AGAIN = -1
/** What it answers of all others. */
const NOT_SEEN = 0

/**
 * A cache of two places for each string, told by a few of its characters. A Map would hash the whole of every new string,
 * which costs more than the rest of its event. Strings that are known stay in the first place that they found.
 */
export class SeenStrings {
  private readonly strings: string[] = new Array<string>(2 * PLACES).fill('')
  /** 0 = seen once. */
  private readonly ids: Int32Array = new Int32Array(2 * PLACES)
  private readonly hashes: Int32Array = new Int32Array(PLACES)

  /** The id of a string that has one and stands in its first place, else 0. */
  quickIdOf(text: string): number {
    const { length } = text
    if (length === 0) return 0
    // firstPlaceOf() said in full: at a call of a function V8 asks whether it is still the same one.
    const last = text.charCodeAt(length - 1) + (text.charCodeAt(length > 1 ? length - 2 : 0) << 5)
    const place = (Math.imul(last, 0x9e37) + length) & (PLACES - 1)
    return this.strings[place] === text ? (this.ids[place] as number) : 0
  }

  /** The id of a string that has one, else 0. */
  idOf(text: string): number {
    const { length } = text
    if (length === 0 || length > LENGTH_MAX) return 0
    const place = this.placeOf(text)
    return this.strings[place] === text ? (this.ids[place] as number) : 0
  }

  /** The string's id, SEEN_AGAIN or NOT_SEEN; remembers that it was seen. */
  lookUp(text: string): number {
    const { length } = text
    if (length === 0 || length > LENGTH_MAX) return NOT_SEEN
    const place = this.placeOf(text)
    if (this.strings[place] === text) return (this.ids[place] as number) || SEEN_AGAIN
    const first = firstPlaceOf(text, length)
    const to = this.ids[first] === 0 ? first : place
    this.strings[to] = text
    this.ids[to] = 0
    return NOT_SEEN
  }

  /** Remembers a new string by its hash alone, which costs no write barrier and keeps nothing alive; whether it was seen before. */
  isSeenAgain(hash: number): boolean {
    const place = hash >>> HASH_SHIFT
    if (this.hashes[place] === hash) return true
    this.hashes[place] = hash
    return false
  }

  /** The id of a string that was seen again. */
  keep(text: string, id: number): void {
    const first = firstPlaceOf(text, text.length)
    const isFirst = this.strings[first] === text || this.ids[first] === 0
    const place = isFirst ? first : secondPlaceOf(text, first)
    this.strings[place] = text
    this.ids[place] = id
  }

  /** Where it stands, if it does; else its second place. */
  private placeOf(text: string): number {
    const first = firstPlaceOf(text, text.length)
    return this.strings[first] === text ? first : secondPlaceOf(text, first)
  }
}

/** Names that are counted differ at the end. */
function firstPlaceOf(text: string, length: number): number {
  const last = text.charCodeAt(length - 1) + (text.charCodeAt(length > 1 ? length - 2 : 0) << 5)
  return (Math.imul(last, 0x9e37) + length) & (PLACES - 1)
}

/** Paths differ in the middle. */
function secondPlaceOf(text: string, first: number): number {
  const { length } = text
  const some = text.charCodeAt(length >> 1) + (text.charCodeAt(length >> 2) << 5)
  return PLACES + ((Math.imul(some, 0x85eb) + first) & (PLACES - 1))
}
