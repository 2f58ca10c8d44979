// Bytes that are fetched when they are looked at: of a 64 MiB dump, one history needs a tenth.

/** Anything with bytes at offsets: a file, for one. */
export interface ByteSource {
  readonly length: number
  /** All of them, where they are in memory: those are looked at in place. */
  readonly bytes?: Uint8Array
  /** Fills `into` with the bytes from `offset` on and gives how many there were; fewer only at the end. */
  read(offset: number, into: Uint8Array): number
}

const PAGE_SHIFT = 12
const PAGE_BYTES = 1 << PAGE_SHIFT
/** What is read in a row is read so much at a time: the chunk of the format. */
const AHEAD_PAGES = 16

/** The bytes of a source, in place once they were asked for. What a source cannot give stays zero. */
export class PagedBytes {
  readonly bytes: Uint8Array
  readonly #source: ByteSource
  readonly #present: Uint8Array

  /** `length`: as many of the source's bytes as are of interest. */
  constructor(source: ByteSource, length: number) {
    this.#source = source
    // The system gives memory for those of its pages that are written, not before.
    this.bytes = new Uint8Array(length)
    this.#present = new Uint8Array(Math.ceil(length / PAGE_BYTES))
  }

  /** Makes the page of one aligned word present. */
  requireWord(offset: number): void {
    const page = (offset / PAGE_BYTES) | 0
    if (this.#present[page] === 0) this.#fetch(page)
  }

  /** Makes [offset, offset + length) present; both within the bytes. */
  require(offset: number, length: number): void {
    const first = Math.floor(offset / PAGE_BYTES)
    const last = Math.floor((offset + Math.max(1, length) - 1) / PAGE_BYTES)
    for (let page = first; page <= last; page++) if (this.#present[page] === 0) this.#fetch(page)
  }

  #fetch(page: number): void {
    // Whoever only looks at what each chunk is goes from start to start, and reads nothing else.
    const isInARow = page % AHEAD_PAGES !== 0 && this.#present[page - 1] === 1
    const end = isInARow ? page - (page % AHEAD_PAGES) + AHEAD_PAGES : page + 1
    const part = this.bytes.subarray(page * PAGE_BYTES, end * PAGE_BYTES)
    this.#present.fill(1, page, end)
    this.#source.read(page * PAGE_BYTES, part)
  }
}
