// One Wasm instance on one recorder's memory, and the views that TypeScript needs to put bytes where the core says.

import {
  BLOCK_BYTES,
  BLOCK_HEADER_BYTES,
  BLOCK_NEXT,
  BLOCK_SHIFT,
  CHECK_BYTES,
  CHUNK_BYTES,
  CHUNK_HEADER_BYTES,
  EVENT_WORDS,
  HEADER_CHUNKS,
  HEADER_STRING_INDEX,
  STRING_CHECK,
  STRING_CHUNKS,
  STRING_DATA,
  STRING_ID_CHUNK_SHIFT,
  STRING_INDEX_PROBES,
  STRING_INDEX_SLOTS,
  STRING_LENGTH,
  STRING_UNIT_SHIFT,
  TEXT_DATA,
} from '../../assembly/layout.ts'
import { coreModule } from './module.ts'

const WORD = 4
const STRING_OFFSET_MASK = (1 << STRING_ID_CHUNK_SHIFT) - 1

/** The exports of assembly/index.ts. Addresses and numbers are u32; false and 0 mean refused, and are counted there. */
export interface CoreExports {
  begin(
    budgetChunks: number,
    flags: number,
    id: bigint,
    started: number,
    pid: number,
    nameBytes: number,
  ): void
  setClock(micros: number): void
  readWord(address: number): number
  writeWord(address: number, value: number): void
  count(counter: number): void
  claimString(bytes: number, spared: number): number
  commitString(address: number): number
  defineVerb(name: number, role: number, flags: number): number
  joinThread(pid: number, tid: number, name: number, runtime: number, micros: number): number
  findList(name: number): number
  createList(
    name: number,
    window: number,
    maxEvents: number,
    maxText: number,
    flags: number,
    isOff?: number,
  ): number
  destroyList(list: number, thread: number): number
  claimHistory(
    list: number,
    what: number,
    low: number,
    high: number,
    bytes: number,
    thread: number,
    time: number,
  ): number
  openHistory(list: number, history: number, thread: number): number
  /** The handle. */
  push(list: number, what: number, low: number, high: number, thread: number, time: number): number
  resolve(list: number, number: number, generation: number): number
  ref(history: number, generation: number): number
  unref(history: number, generation: number, thread: number): number
  /**
   * With the coarse clock; the verb must not end the life. `what`: the statement, and in place of the tags the thread, below
   * STRAIGHT_THREADS. 0 says no more than that log() must decide. Only where HEADER_FLAG_ORDERED_STORES is set, else the weak
   * ones.
   */
  log1(history: number, generation: number, what: number, word0: number): number
  log2(history: number, generation: number, what: number, word0: number, word1: number): number
  /** `refs`: 1 takes a reference, -1 releases one; not the last that keeps a life, which unref() ends. */
  log2AndRef(
    history: number,
    generation: number,
    what: number,
    word0: number,
    word1: number,
    refs: number,
  ): number
  log3(
    history: number,
    generation: number,
    what: number,
    word0: number,
    word1: number,
    word2: number,
  ): number
  logWord(history: number, generation: number, what: number, tags: number, word0: number): number
  log1Weak: CoreExports['log1']
  log2Weak: CoreExports['log2']
  log3Weak: CoreExports['log3']
  logWordWeak: CoreExports['logWord']
  /** `what`: the statement; nothing below it counts here. `packed`: PACKED_… of the format. */
  log(
    history: number,
    generation: number,
    what: number,
    packed: number,
    word0: number,
    word1: number,
    word2: number,
    time: number,
  ): number
  logAt: CoreExports['log']
  logFolding: CoreExports['log']
  /** `length` bytes in the words, zero beyond. */
  logShort(
    history: number,
    generation: number,
    what: number,
    packed: number,
    length: number,
    word0: number,
    word1: number,
    word2: number,
    word3: number,
    time: number,
  ): number
  claimWithText(
    history: number,
    generation: number,
    what: number,
    packed: number,
    bytes: number,
    time: number,
  ): number
  commitText(event: number): void
}

/** Not `instanceof`: a SharedArrayBuffer of another realm, or of a page that hides the name, is one all the same. */
export function isShared(memory: WebAssembly.Memory): boolean {
  return Object.prototype.toString.call(memory.buffer) === '[object SharedArrayBuffer]'
}

/** The bytes of a recorder's memory that are in use, not a copy. */
export function usedBytes({ buffer }: WebAssembly.Memory): Uint8Array {
  const used = Atomics.load(new Int32Array(buffer), HEADER_CHUNKS >> 2) * CHUNK_BYTES
  return new Uint8Array(buffer, 0, Math.min(used, buffer.byteLength))
}

export class CoreInstance {
  declare readonly memory: WebAssembly.Memory
  declare readonly core: CoreExports
  /** u32 words of the whole memory as far as this thread has seen it grow. */
  #words: Uint32Array

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory
    const instance = new WebAssembly.Instance(coreModule(isShared(memory)), { env: { memory } })
    this.core = instance.exports as unknown as CoreExports
    this.#words = new Uint32Array(memory.buffer)
  }

  /** A view that reaches the address: another thread may have grown the memory since the last. */
  wordsAt(address: number): Uint32Array {
    if (address >>> 2 >= this.#words.length) this.#words = new Uint32Array(this.memory.buffer)
    return this.#words
  }

  word(address: number): number {
    return this.wordsAt(address)[address >>> 2] ?? this.core.readWord(address) >>> 0
  }

  /** The bytes in use, not a copy. */
  bytes(): Uint8Array {
    return usedBytes(this.memory)
  }

  /** Copies `bytes` bytes, whole words at a time, so the source must be zero up to the word. */
  write(address: number, source: Uint32Array, bytes: number, from = 0): void {
    const words = this.wordsAt(address + bytes)
    const count = (bytes + 3) >>> 2
    const to = address >>> 2
    if (to + count <= words.length) {
      for (let i = 0; i < count; i++) words[to + i] = source[from + i] as number
      return
    }
    // An engine may show a thread's JavaScript another thread's growth later than it shows it to Wasm.
    for (let i = 0; i < count; i++) this.core.writeWord(address + 4 * i, source[from + i] as number)
  }

  /** Interns UTF-8 bytes; 0 when the string area is full but for `spared` bytes, and holds no equal string. */
  intern(source: Uint32Array, bytes: number, spared = 0): number {
    const address = this.core.claimString(bytes, spared) >>> 0
    if (address === 0) return this.#idOfEqual(source, bytes)
    this.write(address + STRING_DATA, source, bytes)
    return this.core.commitString(address) >>> 0
  }

  /** The string of an id. */
  stringOf(id: number): string {
    const chunk = this.word(STRING_CHUNKS + (id >>> STRING_ID_CHUNK_SHIFT) * WORD)
    const at = chunk * CHUNK_BYTES + ((id & STRING_OFFSET_MASK) << STRING_UNIT_SHIFT)
    const words = Uint32Array.from(
      { length: (this.word(at + STRING_LENGTH) + WORD - 1) / WORD },
      (_, n) => this.word(at + STRING_DATA + n * WORD),
    )
    return new TextDecoder().decode(new Uint8Array(words.buffer, 0, this.word(at + STRING_LENGTH)))
  }

  /** commitString's search, for a string that there was no room to write; 0 when there is none like it. */
  #idOfEqual(source: Uint32Array, bytes: number): number {
    const words = source.subarray(0, (bytes + 3) >>> 2)
    const sum = words.reduce((all, word, n) => (all + Math.imul(word, CHECK_BYTES + 2 * n)) | 0, 0)
    const check = sum >>> 0 || 1
    const index = this.word(HEADER_STRING_INDEX) * CHUNK_BYTES
    if (index === 0) return 0
    for (let n = 0; n < STRING_INDEX_PROBES; n++) {
      const slot = (check + n) % STRING_INDEX_SLOTS
      const id = this.word(index + CHUNK_HEADER_BYTES + slot * WORD)
      if (id === 0) return 0
      const chunk = this.word(STRING_CHUNKS + (id >>> STRING_ID_CHUNK_SHIFT) * WORD)
      const offset = (id & STRING_OFFSET_MASK) << STRING_UNIT_SHIFT
      const at = chunk * CHUNK_BYTES + offset
      const isEqual =
        this.word(at + STRING_CHECK) === check &&
        this.word(at + STRING_LENGTH) === bytes &&
        words.every((word, i) => this.word(at + STRING_DATA + i * WORD) === word)
      if (isEqual) return id
    }
    return 0
  }

  /** Writes the text of an event that claimWithText claimed, on through its chain of blocks, and commits the event. */
  writeText(event: number, source: Uint32Array, bytes: number): void {
    let to = this.word(event + EVENT_WORDS)
    if (to !== 0) {
      to += TEXT_DATA
      let left = bytes
      let from = 0
      while (left > 0) {
        const block = to - (to % BLOCK_BYTES)
        const room = Math.min(left, block + BLOCK_BYTES - to)
        this.write(to, source, room, from)
        left -= room
        from += room >>> 2
        if (left > 0) to = (this.word(block + BLOCK_NEXT) << BLOCK_SHIFT) + BLOCK_HEADER_BYTES
      }
    }
    this.core.commitText(event)
  }
}
