// SHA-256 and HMAC (FIPS 180-4, RFC 2104) for pseudonyms, at once and in every runtime: a recorder may wait for nothing, and
// crypto.subtle answers later. Why not a library: docs/DECISIONS.md.

const BLOCK_BYTES = 64
const BLOCK_WORDS = 16
const ROUNDS = 64
const LENGTH_BYTES = 8
const BITS_OF_BYTE = 8
const WORD = 4
const WORD_RANGE = 2 ** 32
const PADDING = 0x80
const INNER_PAD = 0x36
const OUTER_PAD = 0x5c

/** The first 32 bits of the fractions of the roots of the first primes: square roots to begin with, cube roots for the rounds. */
const PRIMES: readonly number[] = firstPrimes(ROUNDS)
const BEGIN = Uint32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)))
const CONSTANTS = Uint32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)))

function firstPrimes(count: number): readonly number[] {
  const primes: number[] = []
  for (let n = 2; primes.length < count; n++) {
    if (primes.every((prime) => n % prime !== 0)) primes.push(n)
  }
  return primes
}

function fraction(root: number): number {
  return Math.floor((root - Math.floor(root)) * WORD_RANGE)
}

const schedule = new Uint32Array(ROUNDS)

const rotated = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

/** One block more into the state. */
function compress(state: Uint32Array, bytes: DataView, at: number): void {
  for (let i = 0; i < BLOCK_WORDS; i++) schedule[i] = bytes.getUint32(at + WORD * i)
  for (let i = BLOCK_WORDS; i < ROUNDS; i++) {
    const early = schedule[i - 15] as number
    const late = schedule[i - 2] as number
    const small0 = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3)
    const small1 = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10)
    schedule[i] = (schedule[i - 16] as number) + small0 + (schedule[i - 7] as number) + small1
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    ...[number, number, number, number],
    ...[number, number, number, number],
  ]
  for (let i = 0; i < ROUNDS; i++) {
    const big1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
    const choice = (e & f) ^ (~e & g)
    const one = (h + big1 + choice + (CONSTANTS[i] as number) + (schedule[i] as number)) | 0
    const big0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
    const majority = (a & b) ^ (a & c) ^ (b & c)
    h = g
    g = f
    f = e
    e = (d + one) | 0
    d = c
    c = b
    b = a
    a = (one + big0 + majority) | 0
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i] as number) + word
}

/** The hash of `message`, `before` bytes of which are in the state already. */
function finish(state: Uint32Array, message: Uint8Array, before: number): Uint8Array {
  const length = Math.ceil((message.length + 1 + LENGTH_BYTES) / BLOCK_BYTES) * BLOCK_BYTES
  const padded = new Uint8Array(length)
  padded.set(message)
  padded[message.length] = PADDING
  const view = new DataView(padded.buffer)
  const bits = (before + message.length) * BITS_OF_BYTE
  view.setUint32(length - LENGTH_BYTES, Math.floor(bits / WORD_RANGE))
  view.setUint32(length - WORD, bits % WORD_RANGE)
  for (let at = 0; at < length; at += BLOCK_BYTES) compress(state, view, at)
  const hash = new DataView(new ArrayBuffer(state.length * WORD))
  for (const [i, word] of state.entries()) hash.setUint32(WORD * i, word)
  return new Uint8Array(hash.buffer)
}

export function sha256(message: Uint8Array): Uint8Array {
  return finish(BEGIN.slice(), message, 0)
}

/** HMAC-SHA-256 with one key: the two blocks that are made of the key are hashed once. */
export class Hmac {
  readonly #inner: Uint32Array
  readonly #outer: Uint32Array

  constructor(key: Uint8Array) {
    const block = new Uint8Array(BLOCK_BYTES)
    block.set(key.length > BLOCK_BYTES ? sha256(key) : key)
    this.#inner = keyed(block, INNER_PAD)
    this.#outer = keyed(block, OUTER_PAD)
  }

  of(message: Uint8Array): Uint8Array {
    const inner = finish(this.#inner.slice(), message, BLOCK_BYTES)
    return finish(this.#outer.slice(), inner, BLOCK_BYTES)
  }
}

function keyed(block: Uint8Array, pad: number): Uint32Array {
  const state = BEGIN.slice()
  compress(state, new DataView(block.map((byte) => byte ^ pad).buffer), 0)
  return state
}
