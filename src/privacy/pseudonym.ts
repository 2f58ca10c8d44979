// A name in the place of a value: of equal values equal, in every image that was made with the same key, and without the key
// not to be found out by trying values.

import { Hmac } from './sha256.ts'

/** In the place of what nobody may know, not even whether two are equal. */
export const SECRET = '[secret]'
/** Before the hexadecimal digits. */
const MARK = '~'
/** 64 bits: two of a million values have the same pseudonym with a chance of one in thirty million. */
const BYTES = 8
export const KEY_BYTES_MIN = 16
const REMEMBERED_MAX = 4096

const encoder = new TextEncoder()

export class Pseudonyms {
  readonly #hmac: Hmac
  readonly #known = new Map<string, string>()

  /** @throws {RangeError} For a key that could be found out by trying. */
  constructor(key: string | Uint8Array) {
    const bytes = typeof key === 'string' ? encoder.encode(key) : key
    if (bytes.length < KEY_BYTES_MIN)
      throw new RangeError(`key must have at least ${KEY_BYTES_MIN} bytes, got ${bytes.length}`)
    this.#hmac = new Hmac(bytes)
  }

  /** `~` and 16 hexadecimal digits: the first 64 bits of HMAC-SHA-256 of the value's text. */
  of(text: string): string {
    const known = this.#known.get(text)
    if (known !== undefined) return known
    const hash = this.#hmac.of(encoder.encode(text)).subarray(0, BYTES)
    const name = MARK + Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
    if (this.#known.size >= REMEMBERED_MAX) this.#known.clear()
    this.#known.set(text, name)
    return name
  }
}
