// The events of one life as they came out of the lines, packed: a row is 36 bytes and its text in UTF-8, a quarter of what
// an object would take. Rows mostly come in the order of their indexes; where they do not, they are put into it.
//
//   0 bytes of the row   4 index   8 count   12 sort   16 thread   20 t   28 last   36 text

const FIRST_BYTES = 256
const ROW_BYTES = 36
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

export interface Row {
  readonly index: number
  /** How often it was logged in a row. */
  readonly count: number
  /** Number of its verb, role, lateness, site and backtrace. */
  readonly sort: number
  readonly thread: number
  readonly t: number
  readonly last: number
  readonly text: string
}

/** Rows in the order of their indexes, each index once. They stay what they are, whatever is added afterwards. */
export interface Settled {
  readonly bytes: Uint8Array
  readonly length: number
  readonly rows: number
}

/** Whoever counts the lines that were no new event, or came late. */
export interface Tally {
  /** Lines that say what another has said. */
  twice: number
  /** Lines that came behind one of a higher index. */
  reordered: number
  /** One says otherwise than the one of the same index that came first, which is believed. */
  contradicts(index: number): void
}

export class Rows {
  #bytes = new Uint8Array(FIRST_BYTES)
  #view = new DataView(this.#bytes.buffer)
  #length = 0
  #rows = 0
  #highest = -1
  #isSorted = true

  /** Bytes that are held. */
  get size(): number {
    return this.#bytes.length
  }

  get count(): number {
    return this.#rows
  }

  add(row: Row, tally: Tally): void {
    const room = ROW_BYTES + row.text.length * 3
    if (this.#length + room > this.#bytes.length) this.#grow(room)
    const at = this.#length
    const bytes = this.#bytes
    const view = this.#view
    const text = encoder.encodeInto(row.text, bytes.subarray(at + ROW_BYTES))
    view.setUint32(at, ROW_BYTES + text.written, true)
    view.setUint32(at + 4, row.index, true)
    view.setUint32(at + 8, row.count, true)
    view.setUint32(at + 12, row.sort, true)
    view.setUint32(at + 16, row.thread, true)
    view.setFloat64(at + 20, row.t, true)
    view.setFloat64(at + 28, row.last, true)
    this.#length = at + ROW_BYTES + text.written
    this.#rows++
    if (row.index > this.#highest) this.#highest = row.index
    else {
      this.#isSorted = false
      if (row.index < this.#highest) tally.reordered++
    }
  }

  settled(tally: Tally): Settled {
    if (!this.#isSorted) this.#sort(tally)
    return { bytes: this.#bytes, length: this.#length, rows: this.#rows }
  }

  #grow(room: number): void {
    this.#replace(
      this.#bytes.subarray(0, this.#length),
      Math.max(this.#bytes.length * 2, this.#length + room),
    )
  }

  #replace(kept: Uint8Array, size: number): void {
    this.#bytes = new Uint8Array(size)
    this.#bytes.set(kept)
    this.#view = new DataView(this.#bytes.buffer)
  }

  /** By index; of equal ones the one that counts most, else the first that came. */
  #sort(tally: Tally): void {
    const offsets: number[] = []
    for (let at = 0; at < this.#length; at += this.#u32(at)) offsets.push(at)
    offsets.sort((one, other) => this.#u32(one + 4) - this.#u32(other + 4) || one - other)
    const kept: number[] = []
    for (const at of offsets) {
      const before = kept.at(-1)
      if (before === undefined || this.#u32(before + 4) !== this.#u32(at + 4)) {
        kept.push(at)
        continue
      }
      if (this.#isSame(before, at)) tally.twice++
      else if (this.#isGrown(before, at)) kept[kept.length - 1] = at
      else if (!this.#isGrown(at, before)) tally.contradicts(this.#u32(at + 4))
    }
    const sorted = new Uint8Array(kept.reduce((sum, at) => sum + this.#u32(at), 0))
    let to = 0
    for (const at of kept) {
      const size = this.#u32(at)
      sorted.set(this.#bytes.subarray(at, at + size), to)
      to += size
    }
    this.#replace(sorted, Math.max(FIRST_BYTES, to))
    this.#length = to
    this.#rows = kept.length
    this.#isSorted = true
  }

  #isSame(one: number, other: number): boolean {
    const size = this.#u32(one)
    if (size !== this.#u32(other)) return false
    const bytes = this.#bytes
    for (let at = 4; at < size; at++) if (bytes[one + at] !== bytes[other + at]) return false
    return true
  }

  /** The same event, folded more often when the second line was written. */
  #isGrown(one: number, other: number): boolean {
    return (
      this.#u32(other + 8) > this.#u32(one + 8) &&
      this.#u32(one + 12) === this.#u32(other + 12) &&
      this.#u32(one + 16) === this.#u32(other + 16) &&
      this.#view.getFloat64(one + 20, true) === this.#view.getFloat64(other + 20, true)
    )
  }

  #u32(at: number): number {
    return this.#view.getUint32(at, true)
  }
}

export function* rowsIn({ bytes, length }: Settled): Generator<Row, void, undefined> {
  const view = new DataView(bytes.buffer)
  for (let at = 0; at < length; ) {
    const size = view.getUint32(at, true)
    yield {
      index: view.getUint32(at + 4, true),
      count: view.getUint32(at + 8, true),
      sort: view.getUint32(at + 12, true),
      thread: view.getUint32(at + 16, true),
      t: view.getFloat64(at + 20, true),
      last: view.getFloat64(at + 28, true),
      text: decoder.decode(bytes.subarray(at + ROW_BYTES, at + size)),
    }
    at += size
  }
}
