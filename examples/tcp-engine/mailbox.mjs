// A queue in shared memory: many threads post, one takes. How work is passed to a thread that blocks and has no event loop.

const TAIL = 0
const BELL = 1
const FIRST_SEQUENCE = 2
const WORDS = 6

/**
 * A letter is six numbers: kind, slot, connection id, history handle, and two of the sender's choice.
 * @typedef {readonly [number, number, number, number, number, number]} Letter
 */

export class Mailbox {
  #control
  #letters
  #mask
  #head = 0

  /** @param {number} capacity a power of two, more than there can ever be letters under way */
  static allocate(capacity) {
    return {
      control: new SharedArrayBuffer((FIRST_SEQUENCE + capacity) * 4),
      letters: new SharedArrayBuffer(capacity * WORDS * 8),
    }
  }

  /** @param {{ control: SharedArrayBuffer, letters: SharedArrayBuffer }} memory */
  constructor(memory) {
    this.#control = new Int32Array(memory.control)
    this.#letters = new Float64Array(memory.letters)
    this.#mask = this.#control.length - FIRST_SEQUENCE - 1
  }

  /** @param {Letter} letter */
  post(letter) {
    const ticket = Atomics.add(this.#control, TAIL, 1)
    const cell = ticket & this.#mask
    this.#letters.set(letter, cell * WORDS)
    // The sequence makes the letter whole: a taker sees all six numbers or none.
    Atomics.store(this.#control, FIRST_SEQUENCE + cell, (ticket + 1) | 0)
    Atomics.add(this.#control, BELL, 1)
    Atomics.notify(this.#control, BELL)
  }

  /** @returns {Letter | undefined} */
  take() {
    const cell = this.#head & this.#mask
    if (Atomics.load(this.#control, FIRST_SEQUENCE + cell) !== ((this.#head + 1) | 0)) return
    this.#head = (this.#head + 1) | 0
    const [kind, slot, id, handle, a, b] = this.#letters.subarray(cell * WORDS, (cell + 1) * WORDS)
    return [kind, slot, id, handle, a, b]
  }

  /** What the bell shows now; look at it before looking for letters, then nothing is missed in `sleep`. */
  bell() {
    return Atomics.load(this.#control, BELL)
  }

  /**
   * Until the bell shows something else, or the time is over.
   * @param {number} seen
   * @param {number} milliseconds
   */
  sleep(seen, milliseconds) {
    Atomics.wait(this.#control, BELL, seen, milliseconds)
  }
}
