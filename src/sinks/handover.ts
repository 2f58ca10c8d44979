// What threads that log hand to the one that writes: which history, and which of its events. A ring in shared memory, bounded,
// without locks: many put, one takes, and a thread that dies in between holds nobody up.

/** Words of the control. */
const TAIL = 0
const HEAD = 1
/** Entries of which it is known what became of them. */
const SETTLED = 2
const ORDER = 3
const ENDED = 4
const CONTROL_WORDS = 16

const ORDER_END = 1

/** 64-bit counters behind the control. */
const COUNTERS = [
  'written',
  'eventsWritten',
  'lines',
  'bytes',
  'failures',
  'full',
  'fullEvents',
  'evicted',
  'evictedEvents',
  'unfinished',
  'refused',
  'refusedEvents',
  'unsent',
  'unsentEvents',
  'told',
  'toldEvents',
  'heldEvents',
] as const
export type Counter = (typeof COUNTERS)[number]
const NUMBER_OF = Object.fromEntries(COUNTERS.map((name, at) => [name, at])) as Record<
  Counter,
  number
>
const COUNTER_BYTES = 8

/** The last failure, in words. */
const MESSAGE_BYTES = 512

/** Words of an entry; `sequence` is written last, and says whose lap of the ring it is. */
const ENTRY_WORDS = 8
const SEQUENCE = 0
const LOW = 1
const HIGH = 2
const FROM = 3
const TO = 4
const CHECK = 5
const WORD = 4
const WORD_RANGE = 2 ** 32

/** A thread that has claimed an entry for so long without filling it is taken for dead. */
const DEAD_AFTER_MS = 1000

export interface Entry {
  readonly place: number
  readonly handle: number
  readonly from: number
  readonly to: number
}

export class Handover {
  readonly buffer: SharedArrayBuffer | ArrayBuffer
  readonly #control: Int32Array
  readonly #counters: BigInt64Array
  readonly #message: Uint8Array
  readonly #entries: Int32Array
  readonly #capacity: number
  #stuckSince = Number.NaN

  constructor(buffer: SharedArrayBuffer | ArrayBuffer) {
    const counters = CONTROL_WORDS * WORD
    const message = counters + COUNTERS.length * COUNTER_BYTES
    const entries = message + MESSAGE_BYTES
    this.buffer = buffer
    this.#control = new Int32Array(buffer, 0, CONTROL_WORDS)
    this.#counters = new BigInt64Array(buffer, counters, COUNTERS.length)
    this.#message = new Uint8Array(buffer, message, MESSAGE_BYTES)
    this.#entries = new Int32Array(buffer, entries)
    this.#capacity = this.#entries.length / ENTRY_WORDS
  }

  /** `capacity`: a power of two. */
  static of(capacity: number): Handover {
    const bytes =
      CONTROL_WORDS * WORD +
      COUNTERS.length * COUNTER_BYTES +
      MESSAGE_BYTES +
      capacity * ENTRY_WORDS * WORD
    const canShare =
      typeof SharedArrayBuffer === 'function' && globalThis.crossOriginIsolated !== false
    return new Handover(canShare ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes))
  }

  get isShared(): boolean {
    return !(this.buffer instanceof ArrayBuffer)
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Of threads that log

  /** False where there is no room, which is counted. Any thread. Never waits. Never throws. */
  put(handle: number, from: number, to: number): boolean {
    let tail: number
    for (;;) {
      tail = Atomics.load(this.#control, TAIL)
      if (((tail - Atomics.load(this.#control, HEAD)) | 0) >= this.#capacity) {
        this.count('full', 1)
        this.count('fullEvents', to - from)
        return false
      }
      // Repeated only where another thread has put one meanwhile.
      if (Atomics.compareExchange(this.#control, TAIL, tail, (tail + 1) | 0) === tail) break
    }
    const at = this.#entryAt(tail)
    const low = (handle % WORD_RANGE) | 0
    const high = (handle / WORD_RANGE) | 0
    this.#entries[at + LOW] = low
    this.#entries[at + HIGH] = high
    this.#entries[at + FROM] = from
    this.#entries[at + TO] = to
    this.#entries[at + CHECK] = low ^ high ^ from ^ to ^ tail
    // Publishes the words before it.
    Atomics.store(this.#entries, at + SEQUENCE, (tail + 1) | 0)
    return true
  }

  /** Taken by the writer, and not settled. */
  get held(): number {
    return (Atomics.load(this.#control, HEAD) - Atomics.load(this.#control, SETTLED)) | 0
  }

  get waiting(): number {
    return (Atomics.load(this.#control, TAIL) - Atomics.load(this.#control, SETTLED)) | 0
  }

  /** How many more must be settled until all is that was put before now. */
  get tail(): number {
    return Atomics.load(this.#control, TAIL)
  }

  isSettled(tail: number): boolean {
    return ((Atomics.load(this.#control, SETTLED) - tail) | 0) >= 0
  }

  /** Tells the writer to come to an end, and waits for it. Where the time was over first, what nobody has taken is unsent. */
  end(milliseconds: number): void {
    this.orderEnd()
    if (Atomics.load(this.#control, ENDED) === 0)
      Atomics.wait(this.#control, ENDED, 0, milliseconds)
    if (Atomics.load(this.#control, ENDED) === 0) this.dropAll()
  }

  /** Counts what nobody has taken, those that no thread will fill any more as well. */
  dropAll(): void {
    while (!this.isEmpty) {
      const entry = this.take(Number.POSITIVE_INFINITY)
      if (!entry) continue
      this.count('unsent', 1)
      this.count('unsentEvents', entry.to - entry.from)
    }
  }

  orderEnd(): void {
    Atomics.store(this.#control, ORDER, ORDER_END)
  }

  count(counter: Counter, by: number): void {
    Atomics.add(this.#counters, NUMBER_OF[counter], BigInt(by))
  }

  counted(counter: Counter): number {
    return Number(Atomics.load(this.#counters, NUMBER_OF[counter]))
  }

  get message(): string {
    const text = new TextDecoder().decode(this.#message.slice())
    return text.replace(/\0+$/, '')
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Of the one that writes

  take(now: number): Entry | undefined {
    const head = Atomics.load(this.#control, HEAD)
    if (head === Atomics.load(this.#control, TAIL)) return undefined
    const at = this.#entryAt(head)
    if (Atomics.load(this.#entries, at + SEQUENCE) !== ((head + 1) | 0)) {
      if (Number.isNaN(this.#stuckSince)) this.#stuckSince = now
      if (now - this.#stuckSince < DEAD_AFTER_MS) return undefined
      return this.#skip(head)
    }
    const [low = 0, high = 0, from = 0, to = 0, check = 0] = this.#entries.subarray(
      at + LOW,
      at + LOW + CHECK,
    )
    // One that was taken for dead has come back to a place that is another's by now.
    if (check !== (low ^ high ^ from ^ to ^ head)) return this.#skip(head)
    this.#advance(head)
    return { place: head, handle: high * WORD_RANGE + (low >>> 0), from, to }
  }

  get isEmpty(): boolean {
    return Atomics.load(this.#control, HEAD) === Atomics.load(this.#control, TAIL)
  }

  /** Of all entries up to this place it is known what became of them. */
  settle(place: number): void {
    Atomics.store(this.#control, SETTLED, (place + 1) | 0)
  }

  settleAllTaken(): void {
    Atomics.store(this.#control, SETTLED, Atomics.load(this.#control, HEAD))
  }

  get mustEnd(): boolean {
    return Atomics.load(this.#control, ORDER) === ORDER_END
  }

  ended(): void {
    Atomics.store(this.#control, ENDED, 1)
    if (this.isShared) Atomics.notify(this.#control, ENDED)
  }

  say(message: string): void {
    // encodeInto() refuses shared memory.
    const bytes = new TextEncoder().encode(message).subarray(0, MESSAGE_BYTES)
    // Never empty in between: another thread may look.
    this.#message.set(bytes)
    this.#message.fill(0, bytes.length)
  }

  #skip(head: number): undefined {
    this.count('unfinished', 1)
    this.#advance(head)
  }

  #advance(head: number): void {
    this.#stuckSince = Number.NaN
    Atomics.store(this.#control, HEAD, (head + 1) | 0)
  }

  #entryAt(place: number): number {
    return (place & (this.#capacity - 1)) * ENTRY_WORDS
  }
}
