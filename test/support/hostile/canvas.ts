// An image that is changed and made whole again, page by page: half a mebibyte is not copied for three changed words.

export const PAGE_BYTES = 512
const PAGE_SHIFT = 9

/** What distinguishes a mutated image from the sample it was made of. */
export interface Difference {
  readonly pages: ReadonlyMap<number, Uint8Array>
  /** Bytes that are left of it. */
  readonly length: number
}

export class Canvas {
  readonly bytes: Uint8Array
  readonly #original: Uint8Array
  readonly #view: DataView
  readonly #dirty = new Set<number>()
  /** Where the image ends, after a cut. */
  length: number

  constructor(original: Uint8Array) {
    this.#original = original
    this.bytes = original.slice()
    this.#view = new DataView(this.bytes.buffer)
    this.length = original.length
  }

  /** The image as it is now; it changes with the canvas. */
  get image(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }

  has(offset: number, length: number): boolean {
    return offset >= 0 && offset + length <= this.bytes.length
  }

  u32(offset: number): number {
    return this.has(offset, 4) ? this.#view.getUint32(offset, true) : 0
  }

  setU32(offset: number, value: number): void {
    if (!this.has(offset, 4)) return
    this.#touch(offset, 4)
    this.#view.setUint32(offset, value >>> 0, true)
  }

  setU16(offset: number, value: number): void {
    if (!this.has(offset, 2)) return
    this.#touch(offset, 2)
    this.#view.setUint16(offset, value & 0xffff, true)
  }

  setU8(offset: number, value: number): void {
    if (!this.has(offset, 1)) return
    this.#touch(offset, 1)
    this.bytes[offset] = value
  }

  set(offset: number, data: Uint8Array): void {
    const room = Math.min(data.length, this.bytes.length - offset)
    if (offset < 0 || room <= 0) return
    this.#touch(offset, room)
    this.bytes.set(data.subarray(0, room), offset)
  }

  #touch(offset: number, length: number): void {
    const last = (offset + length - 1) >>> PAGE_SHIFT
    for (let page = offset >>> PAGE_SHIFT; page <= last; page++) this.#dirty.add(page)
  }

  difference(): Difference {
    const pages = new Map<number, Uint8Array>()
    for (const page of this.#dirty)
      pages.set(page, this.bytes.slice(page << PAGE_SHIFT, (page + 1) << PAGE_SHIFT))
    return { pages, length: this.length }
  }

  apply({ pages, length }: Difference): void {
    for (const [page, data] of pages) this.set(page << PAGE_SHIFT, data)
    this.length = length
  }

  /** The sample again. */
  reset(): void {
    for (const page of this.#dirty) {
      const start = page << PAGE_SHIFT
      this.bytes.set(this.#original.subarray(start, start + PAGE_BYTES), start)
    }
    this.#dirty.clear()
    this.length = this.bytes.length
  }
}
