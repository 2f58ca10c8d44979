// A writer thread: makes the replies and writes them. What a socket does not take at once waits in a queue of the
// connection ("async write") and is written when there is room.

import { reply } from './protocol.mjs'
import { BY_WRITER } from './table.mjs'

/** At most this much to one connection before it is the next one's turn. */
const FAIR_SHARE = 256 * 1024
/** A socket that took nothing is left alone for that long; asking it at every turn would be all that is done. */
const PAUSE_MS = 25

/**
 * @typedef {{ slot: number, id: number, handle: number, bytes: Buffer, written: number }} Rest
 * @typedef {{ rests: Rest[], notBefore: number }} Queue what waits for room in one socket, in order
 */

export class Writer {
  /** @type {Map<number, Queue>} by connection id */
  #queues = new Map()

  /** @param {import('./worker.mjs').Post} post */
  constructor(post) {
    this.post = post
  }

  get busy() {
    return this.#queues.size > 0
  }

  /** @param {import('./mailbox.mjs').Letter} letter a reader passed a request, and a reference on its connection */
  receive([sequence, slot, id, handle, wanted, fill]) {
    const { table, name } = this.post
    const rest = { slot, id, handle, bytes: reply(sequence, wanted, fill), written: 0 }
    table.expect(name, rest, 'write')
    this.#send(rest)
    table.unref(slot, 'send 6, (%d)', BY_WRITER)
  }

  /** Goes on with what waits; true when some of it went out. */
  turn() {
    const now = performance.now()
    let progress = false
    for (const [id, queue] of this.#queues) {
      if (queue.notBefore > now) continue
      if (this.#resume(queue)) progress = true
      else queue.notBefore = now + PAUSE_MS
      if (queue.rests.length === 0) this.#queues.delete(id)
    }
    return progress
  }

  /** @param {Rest} rest */
  #send(rest) {
    const { table, bug } = this.post
    const queue = this.#queues.get(rest.id)
    if (queue) {
      // Replies go out in order, so this one lines up behind the one that waits. THE BUG: the reference under which it
      // came here is dropped by receive(), as it is after every write; the queue needs one of its own, as below.
      // It is easily missed: the path runs only when a socket is full and its peer asks for more.
      if (!bug) table.ref(rest.slot, 'async write, (%d)')
      table.passed(rest.handle, 'async write')
      queue.rests.push(rest)
      return
    }
    if (this.#write(rest)) return this.#answered(rest)
    table.ref(rest.slot, 'async write, (%d)')
    table.passed(rest.handle, 'async write')
    this.#queues.set(rest.id, { rests: [rest], notBefore: 0 })
  }

  /**
   * @param {Queue} queue
   * @returns {boolean} some of it went out
   */
  #resume({ rests }) {
    const { table, name } = this.post
    const [rest] = rests
    table.expect(name, rest, 'resume write')
    const before = rest.written
    const done = this.#write(rest)
    if (done) {
      rests.shift()
      this.#answered(rest)
      table.unref(rest.slot, 'tcpworker async write, (%d)', BY_WRITER)
    }
    return done || rest.written > before
  }

  /**
   * @param {Rest} rest
   * @returns {boolean} all of it is written, or never will be
   */
  #write(rest) {
    const { sockets, table } = this.post
    const end = Math.min(rest.bytes.length, rest.written + FAIR_SHARE)
    const length = sockets.write(table.channel(rest.slot), rest.bytes.subarray(rest.written, end))
    if (length === 'gone') return true
    rest.written += length
    return rest.written === rest.bytes.length
  }

  /** @param {Rest} rest */
  #answered(rest) {
    this.post.table.jobs(rest.slot, -1)
  }
}
