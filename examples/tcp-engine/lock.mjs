// One word of shared memory as a lock, so that a count and the event that tells it change together. The recorder needs no
// lock; the engine does, as any engine that counts references: otherwise "(1)" could be logged after the destroy that
// another thread logged in between, and the history would accuse an innocent.

const FREE = 0
const HELD = 1
const CONTENDED = 2

/**
 * @param {Int32Array} words
 * @param {number} index
 */
export function lock(words, index) {
  if (Atomics.compareExchange(words, index, FREE, HELD) === FREE) return
  while (Atomics.exchange(words, index, CONTENDED) !== FREE) Atomics.wait(words, index, CONTENDED)
}

/**
 * @param {Int32Array} words
 * @param {number} index
 */
export function unlock(words, index) {
  if (Atomics.exchange(words, index, FREE) === CONTENDED) Atomics.notify(words, index, 1)
}
