// The bytes of the image that comes out: zeros, into which nothing comes but what was looked at.

import { CHUNK_BYTES } from '../../assembly/layout.ts'

const GROWTH = 16

export class Rewritten {
  #bytes: Uint8Array<ArrayBuffer>
  #view: DataView
  #chunks: number

  constructor(chunks: number) {
    this.#chunks = chunks
    this.#bytes = new Uint8Array(chunks * CHUNK_BYTES)
    this.#view = new DataView(this.#bytes.buffer)
  }

  get chunks(): number {
    return this.#chunks
  }

  /** As they are now. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#chunks * CHUNK_BYTES)
  }

  /** One more behind the others; its number. */
  newChunk(): number {
    const number = this.#chunks++
    if (this.#chunks * CHUNK_BYTES > this.#bytes.length) {
      const grown = new Uint8Array((this.#chunks + GROWTH) * CHUNK_BYTES)
      grown.set(this.#bytes)
      this.#bytes = grown
      this.#view = new DataView(grown.buffer)
    }
    return number
  }

  word(at: number): number {
    return this.#view.getUint32(at, true)
  }

  u32(at: number, value: number): void {
    this.#view.setUint32(at, value, true)
  }

  put(at: number, bytes: Uint8Array): void {
    this.#bytes.set(bytes, at)
  }
}
