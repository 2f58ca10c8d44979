// A table of cells in shared memory: what all threads see of connections, transactions and dialogs. Each cell has a
// reference count; whoever drops the last reference frees the cell, on whatever thread, and the next object takes it.
// The address of a cell is the identity of what lies in it, as a pointer is in C, and is reused like one.

import { lock, unlock } from '../tcp-engine/lock.mjs'

const FREE_HEAD = 0
const FREE_LOCK = 1
const NEXT_ID = 2
const OPENED = 3
/** No cell from this one on was ever in use. */
const HIGHEST = 4
const FIRST_CELL = 16

// Fields of every cell; a table's own follow.
const LOCK = 0
const IS_USED = 1
const ID = 2
const REFS = 3
const NEXT_FREE = 4
const KEY_1 = 5
const KEY_2 = 6
const NEXT_OF_KEY = 7
const IS_FOUND = 8
/** First of the table's own fields. */
export const OWN = 9
const CELL_WORDS = 48

const NONE = -1
const BUCKETS = 4096
const BUCKET_WORDS = 2

/**
 * A reference: which cell, which of its lives, and that life's history. Made anew by each thread that finds the cell.
 * @typedef {{ slot: number, id: number, handle: number, history: import('struct-history').History | undefined }} Ref
 *
 * @typedef {object} Memory
 * @property {SharedArrayBuffer} words
 * @property {SharedArrayBuffer} handles
 * @property {SharedArrayBuffer} buckets
 * @property {number} slots
 */

export class Cells {
  /** @type {Int32Array} */
  words
  #buckets
  #handles
  #slots
  #address

  /**
   * @param {number} slots
   * @returns {Memory}
   */
  static allocate(slots) {
    const memory = {
      words: new SharedArrayBuffer((FIRST_CELL + slots * CELL_WORDS) * 4),
      handles: new SharedArrayBuffer(slots * 8),
      buckets: new SharedArrayBuffer(BUCKETS * BUCKET_WORDS * 4),
      slots,
    }
    const words = new Int32Array(memory.words)
    for (let slot = 0; slot < slots; slot++)
      words[FIRST_CELL + slot * CELL_WORDS + NEXT_FREE] = slot + 1 < slots ? slot + 1 : NONE
    const buckets = new Int32Array(memory.buckets)
    for (let n = 0; n < BUCKETS; n++) buckets[n * BUCKET_WORDS + 1] = NONE
    return memory
  }

  /**
   * @param {Memory} memory
   * @param {{ name: string, address: number, list: import('struct-history').List, verbs: import('./histories.mjs').Histories['verbs'], onDestroy?: (slot: number) => void }} options
   */
  constructor({ words, handles, buckets, slots }, { name, address, list, verbs, onDestroy }) {
    this.words = new Int32Array(words)
    this.#handles = new Float64Array(handles)
    this.#buckets = new Int32Array(buckets)
    this.#slots = slots
    this.#address = address
    this.name = name
    this.list = list
    this.verbs = verbs
    this.onDestroy = onDestroy ?? (() => {})
  }

  /** @param {number} slot */
  addressOf(slot) {
    return this.#address + slot * CELL_WORDS * 4
  }

  /**
   * Where a cell's own field lies in `words`.
   * @param {number} slot
   * @param {number} field
   */
  at(slot, field) {
    return FIRST_CELL + slot * CELL_WORDS + field
  }

  /**
   * A cell for a new object, with one reference; undefined when all are in use. `fill` sets its fields before others can see it.
   * @param {string} format with one %d, the count
   * @param {(slot: number) => void} fill
   * @param {{ key1: number, key2: number } | undefined} [key] by which others find it
   * @param {string} [origin] of the same object in another process
   * @returns {Ref | undefined}
   */
  open(format, fill, key, origin) {
    const slot = this.#takeFree()
    if (slot === NONE) return
    const { words } = this
    const id = Atomics.add(words, NEXT_ID, 1) + 1
    const history = this.list.push(this.addressOf(slot), origin ? { origin } : undefined)
    const at = this.at(slot, 0)
    lock(words, at + LOCK)
    words.fill(0, at + OWN, at + CELL_WORDS)
    this.#handles[slot] = history.handle
    words[at + REFS] = 1
    words[at + ID] = id
    words[at + IS_FOUND] = 0
    words[at + IS_USED] = 1
    fill(slot)
    history.log(this.verbs.REF, format, 1)
    unlock(words, at + LOCK)
    Atomics.add(words, OPENED, 1)
    const ref = { slot, id, handle: history.handle, history }
    if (key) this.#enter(ref, key)
    return ref
  }

  /**
   * The cell of this key, with one more reference.
   * @param {{ key1: number, key2: number }} key
   * @param {string} format
   * @returns {Ref | undefined}
   */
  find({ key1, key2 }, format) {
    const bucket = bucketOf(key1)
    const { words } = this
    lock(this.#buckets, bucket)
    let slot = this.#buckets[bucket + 1]
    while (
      slot !== NONE &&
      (words[this.at(slot, KEY_1)] !== key1 || words[this.at(slot, KEY_2)] !== key2)
    )
      slot = words[this.at(slot, NEXT_OF_KEY)]
    // In the bucket's lock: what can be found has the reference of the table, and so cannot go meanwhile.
    const ref = slot === NONE ? undefined : this.refOf(slot)
    if (ref) this.ref(ref, format)
    unlock(this.#buckets, bucket)
    return ref
  }

  /**
   * The cell of this number, if it still is what it was, with one more reference.
   * @param {number} slot
   * @param {number} id
   * @param {string} format
   * @returns {Ref | undefined}
   */
  take(slot, id, format) {
    if (!(slot >= 0 && slot < this.#slots)) return
    const { words } = this
    const at = this.at(slot, 0)
    lock(words, at + LOCK)
    let ref
    if (words[at + IS_USED] && words[at + ID] === id) {
      ref = this.refOf(slot)
      const refs = ++words[at + REFS]
      ref.history?.log(this.verbs.REF, format, refs)
    }
    unlock(words, at + LOCK)
    return ref
  }

  /**
   * No longer to be found; false when somebody else did that.
   * @param {Ref} ref
   */
  leave({ slot }) {
    const { words } = this
    const bucket = bucketOf(words[this.at(slot, KEY_1)])
    lock(this.#buckets, bucket)
    const wasFound = words[this.at(slot, IS_FOUND)] === 1
    if (wasFound) {
      const buckets = this.#buckets
      let at = bucket + 1
      let of = buckets
      while (of[at] !== slot) {
        at = this.at(of[at], NEXT_OF_KEY)
        of = words
      }
      of[at] = words[this.at(slot, NEXT_OF_KEY)]
      words[this.at(slot, IS_FOUND)] = 0
    }
    unlock(this.#buckets, bucket)
    return wasFound
  }

  /**
   * One more reference; the caller has one, or the object could be gone.
   * @param {Ref} ref
   * @param {string} format with one %d, the count that it becomes
   */
  ref(ref, format) {
    this.lock(ref)
    this.refLocked(ref, format)
    this.unlock(ref)
  }

  /**
   * @param {Ref} ref
   * @param {string} format
   */
  refLocked(ref, format) {
    // Counted whether or not anything is recorded.
    const refs = ++this.words[this.at(ref.slot, REFS)]
    ref.history?.log(this.verbs.REF, format, refs)
  }

  /**
   * One more reference, in somebody's name; the number by which its owner lets go. The caller has the cell's lock.
   * @param {Ref} ref
   * @param {string} owner
   */
  holdLocked(ref, owner) {
    this.words[this.at(ref.slot, REFS)]++
    return ref.history?.hold(owner).number ?? 0
  }

  /**
   * One reference less. The last one destroys: the caller must not touch the object again.
   * @param {Ref} ref
   * @param {string} format with one %d, the count that it becomes
   */
  unref(ref, format) {
    this.lock(ref)
    const refs = this.words[this.at(ref.slot, REFS)] - 1
    ref.history?.log(this.verbs.UNREF, format, refs)
    this.#drop(ref)
  }

  /**
   * Lets go of what holdLocked() gave. The last one destroys, as unref().
   * @param {Ref} ref
   * @param {number} number
   * @param {string} owner
   */
  release(ref, number, owner) {
    this.lock(ref, () => ref.history?.holdAt(number, owner).release())
    this.#drop(ref)
  }

  #drop(ref) {
    const { words, verbs } = this
    const isLast = --words[this.at(ref.slot, REFS)] === 0
    if (isLast) {
      ref.history?.log(verbs.DESTROY)
      // The recorder's own reference, taken by push: from here on only the window keeps this history.
      ref.history?.unref()
      words[this.at(ref.slot, IS_USED)] = 0
    }
    this.unlock(ref)
    if (!isLast) return
    this.onDestroy(ref.slot)
    this.#giveBack(ref.slot)
  }

  /**
   * Locks the cell. The proxy's only defence stands here: is it still the object that the caller was given? By then it is
   * too late to know why it is not, which is what histories are for.
   * @param {Ref} ref
   * @param {() => void} [first] to be done in the lock whatever is found
   */
  lock(ref, first) {
    const { words } = this
    const at = this.at(ref.slot, 0)
    lock(words, at + LOCK)
    first?.()
    if (words[at + IS_USED] && words[at + ID] === ref.id) return
    ref.history?.log(this.verbs.FAULT)
    const found = words[at + IS_USED]
      ? `belongs to ${this.name} ${words[at + ID]}`
      : 'is free memory'
    unlock(words, at + LOCK)
    throw new Error(`${this.name} ${ref.id}: 0x${this.addressOf(ref.slot).toString(16)} ${found}`)
  }

  /**
   * Locks whatever lies in the cell; undefined, and not locked, when it is free.
   * @param {number} slot
   * @returns {Ref | undefined}
   */
  lockUsed(slot) {
    const at = this.at(slot, LOCK)
    lock(this.words, at)
    if (this.words[this.at(slot, IS_USED)]) return this.refOf(slot)
    unlock(this.words, at)
  }

  /** @param {Ref} ref */
  unlock({ slot }) {
    unlock(this.words, this.at(slot, LOCK))
  }

  /**
   * What stands in a cell now; only for who has a reference, or its lock.
   * @param {number} slot
   * @returns {Ref}
   */
  refOf(slot) {
    const handle = this.#handles[slot]
    return { slot, id: this.words[this.at(slot, ID)], handle, history: this.list.at(handle) }
  }

  /** Sums over all cells; zero live and zero references when nothing leaked. */
  summary() {
    const { words } = this
    const sum = { opened: words[OPENED], live: 0, references: 0 }
    for (let slot = 0; slot < this.touched; slot++) {
      if (!Atomics.load(words, this.at(slot, IS_USED))) continue
      sum.live++
      sum.references += Atomics.load(words, this.at(slot, REFS))
    }
    return sum
  }

  /** How many cells were ever in use: whoever looks at all need not look at the others. */
  get touched() {
    return Atomics.load(this.words, HIGHEST)
  }

  #enter({ slot }, { key1, key2 }) {
    const bucket = bucketOf(key1)
    const { words } = this
    lock(this.#buckets, bucket)
    words[this.at(slot, KEY_1)] = key1
    words[this.at(slot, KEY_2)] = key2
    words[this.at(slot, NEXT_OF_KEY)] = this.#buckets[bucket + 1]
    words[this.at(slot, IS_FOUND)] = 1
    this.#buckets[bucket + 1] = slot
    unlock(this.#buckets, bucket)
  }

  // Last in, first out, as allocators do: what was freed last is warm. It also is what makes a stale pointer hit a stranger.
  #takeFree() {
    const { words } = this
    lock(words, FREE_LOCK)
    const slot = words[FREE_HEAD]
    if (slot !== NONE) {
      words[FREE_HEAD] = words[this.at(slot, NEXT_FREE)]
      if (slot >= words[HIGHEST]) Atomics.store(words, HIGHEST, slot + 1)
    }
    unlock(words, FREE_LOCK)
    return slot
  }

  /** @param {number} slot */
  #giveBack(slot) {
    const { words } = this
    lock(words, FREE_LOCK)
    words[this.at(slot, NEXT_FREE)] = words[FREE_HEAD]
    words[FREE_HEAD] = slot
    unlock(words, FREE_LOCK)
  }
}

/**
 * Two hashes of one text: at 64 bits, and a few thousand keys at a time, as good as the text itself.
 * @param {string} text
 */
export function keyOf(text) {
  let key1 = 0x811c9dc5
  let key2 = 0x9747b28c
  for (let n = 0; n < text.length; n++) {
    const code = text.charCodeAt(n)
    key1 = Math.imul(key1 ^ code, 0x01000193)
    key2 = Math.imul(key2 ^ code, 0x5bd1e995) ^ (key2 >>> 15)
  }
  return { key1, key2 }
}

/** @param {number} key1 */
function bucketOf(key1) {
  return ((key1 >>> 8) % BUCKETS) * BUCKET_WORDS
}
