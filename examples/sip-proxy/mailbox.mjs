// A bounded queue of letters in shared memory: any thread posts, one takes. A letter is a few numbers and the bytes of a
// message. What does not fit is refused, and whoever posts must say what becomes of it.

const TAIL = 0
const BELL = 1
const IS_ASLEEP = 2
const FIRST_SEQUENCE = 8
const NUMBERS = 8
const LETTER_BYTES = 2048
/** The longest message that a letter holds. */
export const MESSAGE_BYTES = LETTER_BYTES - NUMBERS * 8

/** Up to seven numbers; what they mean is told by the first. @typedef {readonly number[]} Letter */

export class Mailbox {
  #control
  #numbers
  #bytes
  #capacity
  #head = 0

  /** @param {number} capacity a power of two */
  static allocate(capacity) {
    if (!(capacity > 0) || (capacity & (capacity - 1)) !== 0)
      throw new RangeError(
        `Cannot make a mailbox: its capacity must be a power of two, got ${capacity}`,
      )
    return {
      control: new SharedArrayBuffer((FIRST_SEQUENCE + capacity) * 4),
      letters: new SharedArrayBuffer(capacity * LETTER_BYTES),
    }
  }

  /** @param {{ control: SharedArrayBuffer, letters: SharedArrayBuffer }} memory */
  constructor({ control, letters }) {
    this.#control = new Int32Array(control)
    this.#numbers = new Float64Array(letters)
    this.#bytes = Buffer.from(letters)
    this.#capacity = this.#control.length - FIRST_SEQUENCE
  }

  /**
   * False when it is full.
   * @param {Letter} letter
   * @param {string} message latin1
   * @param {() => void} [ring] wakes a taker that waits in an event loop
   */
  post(letter, message = '', ring = undefined) {
    const control = this.#control
    let ticket = Atomics.load(control, TAIL)
    let cell = 0
    for (;;) {
      cell = ticket & (this.#capacity - 1)
      // Its sequence is where the taker of a round before left it: then it is free for this ticket.
      const left = (Atomics.load(control, FIRST_SEQUENCE + cell) - (ticket - cell)) | 0
      if (left < 0) return false
      if (left > 0) {
        ticket = Atomics.load(control, TAIL)
        continue
      }
      const seen = Atomics.compareExchange(control, TAIL, ticket, (ticket + 1) | 0)
      if (seen === ticket) break
      ticket = seen
    }
    const numbers = (cell * LETTER_BYTES) / 8
    this.#numbers.set(letter, numbers)
    this.#numbers[numbers + NUMBERS - 1] = message.length
    if (message !== '')
      this.#bytes.latin1Write(message, cell * LETTER_BYTES + NUMBERS * 8, message.length)
    Atomics.store(control, FIRST_SEQUENCE + cell, (ticket - cell + 1) | 0)
    Atomics.add(control, BELL, 1)
    Atomics.notify(control, BELL)
    if (ring && Atomics.exchange(control, IS_ASLEEP, 0) === 1) ring()
    return true
  }

  /** @returns {{ numbers: Float64Array, message: string } | undefined} */
  take() {
    const control = this.#control
    const head = this.#head
    const cell = head & (this.#capacity - 1)
    if (Atomics.load(control, FIRST_SEQUENCE + cell) !== ((head - cell + 1) | 0)) return
    const at = (cell * LETTER_BYTES) / 8
    const numbers = this.#numbers.slice(at, at + NUMBERS)
    const from = cell * LETTER_BYTES + NUMBERS * 8
    const message = this.#bytes.latin1Slice(from, from + numbers[NUMBERS - 1])
    Atomics.store(control, FIRST_SEQUENCE + cell, (head - cell + this.#capacity) | 0)
    this.#head = (head + 1) | 0
    return { numbers, message }
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

  /** For a taker with an event loop: the next letter rings. Take once more after it. */
  wakeMe() {
    Atomics.store(this.#control, IS_ASLEEP, 1)
  }
}
