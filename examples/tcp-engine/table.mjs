// The table of connections: slots in shared memory, each with a reference count, taken from and given back to a free
// list. Whoever drops the last reference frees the slot, on whatever thread; the next accept takes it again. The address
// of a slot is the identity of its connection, as a pointer is in C, and is reused like one.

import { lock, unlock } from './lock.mjs'

const FREE_HEAD = 0
const FREE_LOCK = 1
const NEXT_ID = 2
const OPENED = 3
const DESTROYED = 4
const FIRST_SLOT = 16

// Fields of a slot.
const LOCK = 0
const STATE = 1
const ID = 2
const REFS = 3
const CHANNEL = 4
const JOBS = 5
const NEXT_FREE = 6
const SLOT_WORDS = 8

const STATE_FREE = 0
const STATE_OPEN = 1
const NONE = -1

/** As if the table lay there and a connection had the size of OpenSIPS's. */
const ADDRESS = 0x7f95acf00000
const ADDRESS_STEP = 0x250

/** @param {number} slot */
export const addressOf = (slot) => `0x${(ADDRESS + slot * ADDRESS_STEP).toString(16)}`

/** Who destroyed a connection: the number in TCP_DESTROY's `type=%d`. */
export const BY_MAIN = 1
export const BY_READER = 2
export const BY_WRITER = 3

export class ConnectionTable {
  #words
  #handles
  #histories
  #onDestroy

  /** @param {number} slots */
  static allocate(slots) {
    const memory = {
      words: new SharedArrayBuffer((FIRST_SLOT + slots * SLOT_WORDS) * 4),
      handles: new SharedArrayBuffer(slots * 8),
    }
    const words = new Int32Array(memory.words)
    for (let slot = 0; slot < slots; slot++) {
      words[FIRST_SLOT + slot * SLOT_WORDS + NEXT_FREE] = slot + 1 < slots ? slot + 1 : NONE
    }
    return memory
  }

  /**
   * @param {{ words: SharedArrayBuffer, handles: SharedArrayBuffer }} memory
   * @param {import('./histories.mjs').Histories} histories
   * @param {(channel: number, id: number) => void} onDestroy closes the socket; its thread may be any
   */
  constructor(memory, histories, onDestroy) {
    this.#words = new Int32Array(memory.words)
    this.#handles = new Float64Array(memory.handles)
    this.#histories = histories
    this.#onDestroy = onDestroy
  }

  /**
   * A slot for a new connection, with one reference; undefined when all are in use.
   * @param {number} channel where its bytes are, see sockets.mjs
   */
  open(channel) {
    const slot = this.#takeFree()
    if (slot === NONE) return
    const { connections, verbs } = this.#histories
    const at = this.#at(slot)
    const id = Atomics.add(this.#words, NEXT_ID, 1) + 1
    const history = connections.push(ADDRESS + slot * ADDRESS_STEP)
    lock(this.#words, at + LOCK)
    this.#handles[slot] = history.handle
    this.#words[at + CHANNEL] = channel
    this.#words[at + JOBS] = 0
    this.#words[at + REFS] = 1
    this.#words[at + ID] = id
    this.#words[at + STATE] = STATE_OPEN
    history.log(verbs.TCP_REF, 'accept, (%d)', 1)
    unlock(this.#words, at + LOCK)
    Atomics.add(this.#words, OPENED, 1)
    return { slot, id, handle: history.handle, channel }
  }

  /**
   * One more reference; the caller has one, or its connection could be gone.
   * @param {number} slot
   * @param {string} format with one %d, the count that it becomes
   */
  ref(slot, format) {
    const at = this.#at(slot)
    lock(this.#words, at + LOCK)
    const refs = ++this.#words[at + REFS]
    this.history(this.#handles[slot])?.log(this.#histories.verbs.TCP_REF, format, refs)
    unlock(this.#words, at + LOCK)
  }

  /**
   * One reference less. The last one destroys: the caller must not touch the connection again.
   * @param {number} slot
   * @param {string} format with one %d, the count that it becomes
   * @param {number} type who it is that destroys, if it comes to that
   */
  unref(slot, format, type) {
    const { verbs } = this.#histories
    const at = this.#at(slot)
    lock(this.#words, at + LOCK)
    const id = this.#words[at + ID]
    const channel = this.#words[at + CHANNEL]
    const history = this.history(this.#handles[slot])
    const refs = --this.#words[at + REFS]
    history?.log(verbs.TCP_UNREF, format, refs)
    if (refs === 0) {
      history?.log(verbs.TCP_DESTROY, 'type=%d', type)
      // The recorder's own reference, taken by push: from here on only the window keeps this history.
      history?.unref()
      this.#words[at + STATE] = STATE_FREE
    }
    unlock(this.#words, at + LOCK)
    if (refs !== 0) return
    Atomics.add(this.#words, DESTROYED, 1)
    this.#giveBack(slot)
    this.#onDestroy(channel, id)
  }

  /**
   * Notes that the connection was handed on: `to` is 'read' or 'write', as the original wrote it.
   * @param {number} handle
   * @param {string} to
   */
  passed(handle, to) {
    this.history(handle)?.log(this.#histories.verbs.TCP_SEND2CHILD, to)
  }

  /**
   * The engine's only defence: is this slot still the connection that the caller was given? By then it is too late to
   * know why it is not, which is what histories are for.
   * @param {string} who
   * @param {{ slot: number, id: number, handle: number }} connection
   * @param {string} doing
   */
  expect(who, { slot, id, handle }, doing) {
    const at = this.#at(slot)
    const state = Atomics.load(this.#words, at + STATE)
    const now = Atomics.load(this.#words, at + ID)
    if (state === STATE_OPEN && now === id) return
    this.history(handle)?.log(this.#histories.verbs.TCP_FAULT, doing)
    const found = state === STATE_OPEN ? `belongs to connection ${now}` : 'is free memory'
    throw new Error(`${who}: connection ${id}: cannot ${doing}: ${addressOf(slot)} ${found}`)
  }

  /** @param {number} handle */
  history(handle) {
    return this.#histories.connections.at(handle)
  }

  /** @param {number} slot */
  channel(slot) {
    return Atomics.load(this.#words, this.#at(slot) + CHANNEL)
  }

  /**
   * Requests of this connection that are not answered yet.
   * @param {number} slot
   * @param {number} change
   */
  jobs(slot, change = 0) {
    return Atomics.add(this.#words, this.#at(slot) + JOBS, change) + change
  }

  /** Sums over all slots; zero live and zero references when nothing leaked. */
  summary() {
    const words = this.#words
    const sum = { opened: words[OPENED], destroyed: words[DESTROYED], live: 0, references: 0 }
    for (let at = FIRST_SLOT; at < words.length; at += SLOT_WORDS) {
      if (Atomics.load(words, at + STATE) === STATE_OPEN) sum.live++
      sum.references += Atomics.load(words, at + REFS)
    }
    return sum
  }

  /** @param {number} slot */
  #at(slot) {
    return FIRST_SLOT + slot * SLOT_WORDS
  }

  // Last in, first out, as allocators do: what was freed last is warm. It also is what makes a stale pointer hit a stranger.
  #takeFree() {
    lock(this.#words, FREE_LOCK)
    const slot = this.#words[FREE_HEAD]
    if (slot !== NONE) this.#words[FREE_HEAD] = this.#words[this.#at(slot) + NEXT_FREE]
    unlock(this.#words, FREE_LOCK)
    return slot
  }

  /** @param {number} slot */
  #giveBack(slot) {
    lock(this.#words, FREE_LOCK)
    this.#words[this.#at(slot) + NEXT_FREE] = this.#words[FREE_HEAD]
    this.#words[FREE_HEAD] = slot
    unlock(this.#words, FREE_LOCK)
  }
}
