// A reader thread: reads its connections in turn, cuts requests out of the bytes and passes each to a writer.

import { frames, parseRequest } from './protocol.mjs'
import { BY_READER } from './table.mjs'

const LONGEST_REQUEST = 4096

/** Requests of one connection under way at once; more stay in the socket until some are answered. */
const PIPELINE = 8

export class Reader {
  /** @type {Map<number, { slot: number, id: number, handle: number, channel: number, bytes: Buffer }>} by connection id */
  #connections = new Map()
  #input = Buffer.alloc(64 * 1024)

  /** @param {import('./worker.mjs').Post} post */
  constructor(post) {
    this.post = post
  }

  get busy() {
    return this.#connections.size > 0
  }

  /** @param {import('./mailbox.mjs').Letter} letter main passed a connection, and a reference on it */
  receive([, slot, id, handle, channel]) {
    this.#connections.set(id, { slot, id, handle, channel, bytes: Buffer.alloc(0) })
  }

  /** Reads what there is; true when there was something. */
  turn() {
    const { table, sockets, name } = this.post
    let progress = false
    for (const connection of this.#connections.values()) {
      table.expect(name, connection, 'read')
      if (table.jobs(connection.slot) >= PIPELINE) continue
      const length = sockets.read(connection.channel, this.#input)
      if (length < 0) continue
      progress = true
      if (length === 0) this.#end(connection)
      else this.#requests(connection, this.#input.subarray(0, length))
    }
    return progress
  }

  #requests(connection, input) {
    const { table, writers } = this.post
    const { slot, id, handle } = connection
    const { whole, rest } = frames(Buffer.concat([connection.bytes, input]))
    if (rest.length > LONGEST_REQUEST) return this.#end(connection)
    connection.bytes = Buffer.from(rest)
    for (const text of whole) {
      const wish = parseRequest(text)
      if (!wish) return this.#end(connection)
      table.jobs(slot, +1)
      // The writer's reference is taken here: there is no moment at which the connection is on its way and not counted.
      table.ref(slot, 'tcpconn write, (%d)')
      table.passed(handle, 'write')
      writers[id % writers.length].post([wish.sequence, slot, id, handle, wish.wanted, wish.fill])
    }
  }

  // The peer sends no more, or nonsense. Replies may still be under way: each holds a reference of its own.
  #end({ slot, id }) {
    this.#connections.delete(id)
    this.post.table.unref(slot, 'tcpworker read end, (%d)', BY_READER)
  }
}
