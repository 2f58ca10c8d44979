// Little-endian bytes, one after the other.

const FIRST = 1 << 12
const UPPER = 2 ** 32
const encoder = new TextEncoder()

export class BinaryWriter {
  #bytes = new Uint8Array(FIRST)
  #view = new DataView(this.#bytes.buffer)
  length = 0

  u32(value: number): void {
    this.#room(4)
    this.#view.setUint32(this.length, value >>> 0, true)
    this.length += 4
  }

  /** Exact up to 2^53; what is below 0 counts as 0. */
  u64(value: number): void {
    const whole = Math.max(0, Math.floor(value))
    this.u32(whole % UPPER)
    this.u32(Math.floor(whole / UPPER))
  }

  /** UTF-8 with a zero behind it; zeros in it become U+FFFD, for it would end there. */
  text(value: string): void {
    const bytes = encoder.encode(value.replaceAll('\0', '\ufffd'))
    this.#room(bytes.length + 1)
    this.#bytes.set(bytes, this.length)
    this.length += bytes.length
    this.#bytes[this.length++] = 0
  }

  /** What was written so far; what comes next begins anew. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.length)
    this.length = 0
    return taken
  }

  #room(more: number): void {
    if (this.length + more <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + more))
    grown.set(this.#bytes)
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}
