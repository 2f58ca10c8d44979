// The bytes of an image, read with bounds. Every structure is aligned, so nearly all reads are 32-bit words; what lies
// past the end throws an ImageError that names the field, and the layer above turns it into a Problem and goes on.

import type { PagedBytes } from './byte-source.ts'

/** What stands in the bytes at `offset`, and what should stand there. */
export interface Mismatch {
  readonly offset: number
  readonly field: string
  readonly expected: string
  readonly found: string
}

/** `Cannot read list 3 in conns.shdump at byte 16768: LIST_STATE is 9, expected 1 or 2` */
export function sentence(action: string, source: string, what: Mismatch): string {
  const { offset, field, expected, found } = what
  return `Cannot ${action} in ${source} at byte ${offset}: ${field} is ${found}, expected ${expected}`
}

/** Bytes that are not what an image must have at that place. */
export class ImageError extends RangeError {
  override readonly name = 'ImageError'
  readonly source: string
  /** In the image, not an address. */
  readonly offset: number
  readonly field: string
  readonly expected: string
  readonly found: string

  constructor(action: string, source: string, what: Mismatch) {
    super(sentence(action, source, what))
    this.source = source
    this.offset = what.offset
    this.field = what.field
    this.expected = what.expected
    this.found = what.found
  }
}

const WORD_BYTES = 4
const WORD_SHIFT = 2
const UPPER_WORD = 2 ** 32
const isLittleEndianHost = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1
/** A byte order mark at the start of a string is a character of it. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

export class ImageBytes {
  readonly source: string
  /** Bytes that are there; an image that was cut is shorter than its header says. */
  readonly length: number
  readonly #bytes: Uint8Array
  readonly #words: Uint32Array
  readonly #view: DataView
  /** Of bytes that are fetched when they are looked at. */
  readonly #pages: PagedBytes | undefined

  constructor(given: Uint8Array | PagedBytes, source: string) {
    const bytes = given instanceof Uint8Array ? given : given.bytes
    this.source = source
    this.length = bytes.length
    this.#pages = given instanceof Uint8Array ? undefined : given
    // Words that are copied are copied now.
    if (!isLittleEndianHost) this.#pages?.require(0, bytes.length)
    // A Node Buffer's slice() shares where a Uint8Array's copies, so it is looked at as the plain thing.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#words = wordsOf(this.#bytes)
  }

  /** Whether the image reaches that far. */
  has(offset: number, length: number): boolean {
    return offset >= 0 && offset + length <= this.length
  }

  /** `offset` must be a multiple of 4. */
  u32(offset: number, field: string): number {
    if (offset < 0 || offset + WORD_BYTES > this.length)
      throw this.#tooShort(offset, field, WORD_BYTES)
    this.#pages?.requireWord(offset)
    return this.#words[offset >>> WORD_SHIFT] as number
  }

  /** The same, ordered before every read that follows: live memory may be written meanwhile. */
  acquireU32(offset: number, field: string): number {
    if (offset < 0 || offset + WORD_BYTES > this.length)
      throw this.#tooShort(offset, field, WORD_BYTES)
    this.#pages?.requireWord(offset)
    return Atomics.load(this.#words, offset >>> WORD_SHIFT)
  }

  u16(offset: number, field: string): number {
    const word = this.u32(offset - (offset % WORD_BYTES), field)
    return offset % WORD_BYTES === 0 ? word & 0xffff : word >>> 16
  }

  u8(offset: number, field: string): number {
    if (!this.has(offset, 1)) throw this.#tooShort(offset, field, 1)
    this.#pages?.require(offset, 1)
    return this.#bytes[offset] as number
  }

  /** As a number: exact up to 2^53, which no counter reaches. */
  u64(offset: number, field: string): number {
    return this.u32(offset + WORD_BYTES, field) * UPPER_WORD + this.u32(offset, field)
  }

  i64(offset: number, field: string): number {
    return (this.u32(offset + WORD_BYTES, field) | 0) * UPPER_WORD + this.u32(offset, field)
  }

  /** All 64 bits, two's complement. Any alignment. */
  big64(offset: number, field: string): bigint {
    if (!this.has(offset, 8)) throw this.#tooShort(offset, field, 8)
    this.#pages?.require(offset, 8)
    return this.#view.getBigInt64(offset, true)
  }

  /** Any alignment. */
  f64(offset: number, field: string): number {
    if (!this.has(offset, 8)) throw this.#tooShort(offset, field, 8)
    this.#pages?.require(offset, 8)
    return this.#view.getFloat64(offset, true)
  }

  /** Any alignment. */
  looseU32(offset: number, field: string): number {
    if (!this.has(offset, WORD_BYTES)) throw this.#tooShort(offset, field, WORD_BYTES)
    this.#pages?.require(offset, WORD_BYTES)
    return this.#view.getUint32(offset, true)
  }

  /** UTF-8, damaged sequences replaced. */
  text(offset: number, length: number, field: string): string {
    return decode(this.copy(offset, length, field))
  }

  /** A copy: what is returned no longer changes, and TextDecoder takes no shared memory in browsers. */
  copy(offset: number, length: number, field: string): Uint8Array {
    if (!this.has(offset, length)) throw this.#tooShort(offset, field, length)
    this.#pages?.require(offset, length)
    return this.#bytes.slice(offset, offset + length)
  }

  /** As many of them as there are. */
  copyUpTo(offset: number, length: number): Uint8Array {
    if (!(offset >= 0 && offset < this.length && length > 0)) return new Uint8Array(0)
    const end = Math.min(this.length, offset + length)
    this.#pages?.require(offset, end - offset)
    return this.#bytes.slice(offset, end)
  }

  #tooShort(offset: number, field: string, length: number): ImageError {
    return new ImageError(`read ${field}`, this.source, {
      offset,
      field: 'the end of the image',
      expected: `${length} bytes more`,
      found: `at byte ${this.length}`,
    })
  }
}

export function decode(bytes: Uint8Array): string {
  return bytes.length === 0 ? '' : decoder.decode(bytes)
}

/** The same bytes as little-endian words: a view where the platform allows, else a copy. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const count = bytes.length >>> WORD_SHIFT
  if (isLittleEndianHost && bytes.byteOffset % WORD_BYTES === 0)
    return new Uint32Array(bytes.buffer, bytes.byteOffset, count)
  const words = new Uint32Array(count)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let i = 0; i < count; i++) words[i] = view.getUint32(i * WORD_BYTES, true)
  return words
}
