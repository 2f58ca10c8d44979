// Sockets for workers in a runtime that shows no descriptors: two byte rings in shared memory per connection, and the
// main thread as the kernel that moves bytes between them and the real socket.

const RING_BYTES = 64 * 1024
const IN = 0
const OUT = 1
// Words of a channel: for each ring, how much was ever put and taken; then the two ends.
const PUT = 0
const TAKEN = 2
const PEER_ENDED = 4
const GONE = 5
const CHANNEL_WORDS = 8
const PUMP_MS = 1

class Rings {
  constructor({ words, bytes }) {
    this.words = new Int32Array(words)
    this.bytes = new Uint8Array(bytes)
  }

  word(channel, field) {
    return channel * CHANNEL_WORDS + field
  }

  /** Copies what fits; how many bytes that was. */
  put(channel, ring, from) {
    const put = Atomics.load(this.words, this.word(channel, PUT + ring))
    const used = (put - Atomics.load(this.words, this.word(channel, TAKEN + ring))) >>> 0
    const length = Math.min(from.length, RING_BYTES - used)
    for (let done = 0; done < length; ) {
      const at = (put + done) & (RING_BYTES - 1)
      const run = Math.min(length - done, RING_BYTES - at)
      this.bytes.set(from.subarray(done, done + run), this.#start(channel, ring) + at)
      done += run
    }
    Atomics.store(this.words, this.word(channel, PUT + ring), (put + length) | 0)
    return length
  }

  take(channel, ring, into) {
    const taken = Atomics.load(this.words, this.word(channel, TAKEN + ring))
    const used = (Atomics.load(this.words, this.word(channel, PUT + ring)) - taken) >>> 0
    const length = Math.min(into.length, used)
    for (let done = 0; done < length; ) {
      const at = (taken + done) & (RING_BYTES - 1)
      const run = Math.min(length - done, RING_BYTES - at)
      const start = this.#start(channel, ring) + at
      into.set(this.bytes.subarray(start, start + run), done)
      done += run
    }
    Atomics.store(this.words, this.word(channel, TAKEN + ring), (taken + length) | 0)
    return length
  }

  #start(channel, ring) {
    return (channel * 2 + ring) * RING_BYTES
  }
}

export class PumpedWorker {
  #rings

  constructor(transport) {
    this.#rings = new Rings(transport)
  }

  read(channel, into) {
    // The end is looked at first: bytes put before it are then seen by the take that follows.
    const ended = Atomics.load(this.#rings.words, this.#rings.word(channel, PEER_ENDED))
    const length = this.#rings.take(channel, IN, into)
    return length > 0 ? length : ended ? 0 : -1
  }

  write(channel, bytes) {
    if (Atomics.load(this.#rings.words, this.#rings.word(channel, GONE))) return 'gone'
    return this.#rings.put(channel, OUT, bytes)
  }
}

export class PumpedMain {
  #rings
  #sockets = new Map()
  #free
  #output = Buffer.alloc(RING_BYTES)

  constructor(slots) {
    // A socket outlives its slot until main has closed it: so there are more channels than slots.
    const channels = slots * 2
    this.transport = {
      words: new SharedArrayBuffer(channels * CHANNEL_WORDS * 4),
      bytes: new SharedArrayBuffer(channels * 2 * RING_BYTES),
    }
    this.#rings = new Rings(this.transport)
    this.#free = Array.from({ length: channels }, (_, channel) => channel)
    setInterval(() => this.#pump(), PUMP_MS).unref()
  }

  adopt(socket) {
    const channel = this.#free.pop()
    if (channel === undefined) return -1
    const { words } = this.#rings
    words.fill(0, this.#rings.word(channel, 0), this.#rings.word(channel, CHANNEL_WORDS))
    const state = { socket, waiting: Buffer.alloc(0), ended: false, closing: false }
    this.#sockets.set(channel, state)
    socket.on('data', (bytes) => {
      state.waiting = Buffer.concat([state.waiting, bytes])
      this.#fill(channel, state)
    })
    socket.on('end', () => {
      state.ended = true
      this.#fill(channel, state)
    })
    socket.on('close', () => {
      // Closed by us: the channel may be another connection's by now.
      if (this.#sockets.get(channel) !== state) return
      Atomics.store(words, this.#rings.word(channel, GONE), 1)
      state.ended = true
      this.#fill(channel, state)
    })
    socket.resume()
    return channel
  }

  close(channel) {
    const state = this.#sockets.get(channel)
    if (!state) return
    this.#drain(channel, state)
    if (state.socket.destroyed) this.#forget(channel)
    else state.closing = true
  }

  #pump() {
    for (const [channel, state] of this.#sockets) {
      this.#fill(channel, state)
      this.#drain(channel, state)
      if (!state.closing) continue
      const put = this.#rings.words[this.#rings.word(channel, PUT + OUT)]
      if (put !== this.#rings.words[this.#rings.word(channel, TAKEN + OUT)]) continue
      state.socket.end()
      this.#forget(channel)
    }
  }

  #fill(channel, state) {
    const length = this.#rings.put(channel, IN, state.waiting)
    state.waiting = state.waiting.subarray(length)
    if (state.waiting.length > 0) state.socket.pause()
    else {
      state.socket.resume()
      if (state.ended) Atomics.store(this.#rings.words, this.#rings.word(channel, PEER_ENDED), 1)
    }
  }

  #drain(channel, { socket }) {
    while (socket.destroyed || !socket.writableNeedDrain) {
      const length = this.#rings.take(channel, OUT, this.#output)
      if (length === 0) return
      if (!socket.destroyed) socket.write(Buffer.from(this.#output.subarray(0, length)))
    }
  }

  #forget(channel) {
    this.#sockets.delete(channel)
    this.#free.push(channel)
  }
}
