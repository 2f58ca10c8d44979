// Writes images byte by byte as assembly/layout.ts says, without the core: what the reader is tested on must not come
// from the hands that it checks.

import * as at from '../../assembly/layout.ts'
import { ImageBytes } from '../../src/image/bytes.ts'
import {
  bytesCheck,
  EVENT_TIME_HIGH,
  eventCheck,
  headerCheck,
  textSeed,
} from '../../src/image/check.ts'

/** A string that travels in the text of its event, as one too long or too new for the string area does. */
export interface InlineString {
  readonly inline: string
  readonly cut?: number
}
/** An object, as JSON. */
export interface Json {
  readonly json: string
  readonly cut?: number
}
/** A string that stands in the words of the event, as its only argument. */
export interface ShortString {
  readonly short: string
  readonly form: number
}
export type Value =
  | number
  | bigint
  | string
  | boolean
  | null
  | undefined
  | InlineString
  | Json
  | ShortString

export interface ListOptions {
  readonly window?: number
  readonly maxEvents?: number
  readonly maxText?: number
}

const ROLES = { none: at.ROLE_NONE, ref: at.ROLE_REF, unref: at.ROLE_UNREF, end: at.ROLE_END }
const encoder = new TextEncoder()
const UPPER = 4

export class ImageBuilder {
  bytes: Uint8Array
  view: DataView
  readonly recorderId: bigint
  readonly #strings = new Map<string, number>()
  readonly #verbs = new Map<string, number>()
  /** The verbs of the statements in use. */
  readonly #statements = new Map<number, number>()
  readonly #budget: number
  #chunks = 1
  #stringOrdinal = -1
  #stringNext = 0
  #historyChunk = 0
  #historyNext = 0
  #blockChunk = 0
  #blockNext = 0
  #directoryChunk = 0
  #directoryNext = 0
  #lists = 0
  #threads = 0

  constructor({
    name = 'proxy',
    host = '',
    pid = 4711,
    budget = 256,
    recorderId = 0x1122334455667788n,
  } = {}) {
    this.bytes = new Uint8Array(budget * at.CHUNK_BYTES)
    this.view = new DataView(this.bytes.buffer)
    this.recorderId = recorderId
    this.#budget = budget
    const encoded = encoder.encode(name)
    this.u32(at.HEADER_BUDGET_CHUNKS, budget)
    this.u32(at.HEADER_FLAGS, at.HEADER_FLAG_COARSE | at.HEADER_FLAG_SHARED)
    this.u64(at.HEADER_RECORDER_ID, recorderId)
    this.view.setFloat64(at.HEADER_STARTED, Date.UTC(2026, 0, 2, 3, 4, 5), true)
    this.u32(at.HEADER_PID, pid)
    this.u32(at.HEADER_NAME_LENGTH, encoded.length)
    this.bytes.set(encoded, at.HEADER_NAME)
    const magic = [at.MASKED_MAGIC_0, at.MASKED_MAGIC_1, at.MASKED_MAGIC_2, at.MASKED_MAGIC_3]
    for (const [i, masked] of magic.entries())
      this.u32(at.HEADER_MAGIC + i * 4, (masked ^ at.MAGIC_MASK) >>> 0)
    if (host !== '') this.u32(at.HEADER_HOST, this.string(host))
    this.seal()
  }

  /** Makes header check and version fit the header as it is now. */
  seal(version = at.FORMAT_VERSION): this {
    this.u32(at.HEADER_CHECK, headerCheck(new ImageBytes(this.bytes, 'built')))
    this.u32(at.HEADER_VERSION, version)
    return this
  }

  u16(offset: number, value: number): void {
    this.view.setUint16(offset, value, true)
  }
  u32(offset: number, value: number): void {
    this.view.setUint32(offset, value, true)
  }
  u64(offset: number, value: number | bigint): void {
    this.view.setBigUint64(offset, BigInt.asUintN(64, BigInt(value)), true)
  }
  read32(offset: number): number {
    return this.view.getUint32(offset, true)
  }

  chunk(chunkClass: number, ordinal = 0): number {
    const number = this.#chunks++
    if (number >= this.#budget) throw new Error('the builder has no chunks left')
    const offset = number * at.CHUNK_BYTES
    this.u32(offset + at.CHUNK_MAGIC, (at.MASKED_CHUNK_MAGIC ^ at.MAGIC_MASK) >>> 0)
    this.u32(offset + at.CHUNK_NUMBER, number)
    this.u32(offset + at.CHUNK_CLASS, chunkClass)
    this.u32(offset + at.CHUNK_ORDINAL, ordinal)
    this.u64(offset + at.CHUNK_RECORDER_ID, this.recorderId)
    return number
  }

  string(text: string): number {
    if (text === '') return 0
    const known = this.#strings.get(text)
    if (known !== undefined) return known
    const data = encoder.encode(text)
    const size = Math.ceil((at.STRING_DATA + data.length) / 8) * 8
    if (this.#stringOrdinal < 0 || this.#stringNext + size > at.CHUNK_BYTES) {
      this.#stringOrdinal++
      const chunk = this.chunk(at.CLASS_STRINGS, this.#stringOrdinal)
      this.u32(at.STRING_CHUNKS + this.#stringOrdinal * 4, chunk)
      this.#stringNext = at.CHUNK_HEADER_BYTES
    }
    const chunk = this.read32(at.STRING_CHUNKS + this.#stringOrdinal * 4)
    const offset = chunk * at.CHUNK_BYTES + this.#stringNext
    this.u32(offset + at.STRING_CHECK, bytesCheck(data, 0))
    this.u32(offset + at.STRING_LENGTH, data.length)
    this.bytes.set(data, offset + at.STRING_DATA)
    const id =
      (this.#stringOrdinal << at.STRING_ID_CHUNK_SHIFT) | (this.#stringNext >> at.STRING_UNIT_SHIFT)
    this.#stringNext += size
    this.#strings.set(text, id)
    return id
  }

  thread(name: string, { pid = 4711, tid = 1, runtime = at.RUNTIME_NODE } = {}): number {
    const number = this.#threads++
    const ordinal = Math.floor(number / at.THREADS_PER_CHUNK)
    const table = at.THREAD_CHUNKS + ordinal * 4
    if (this.read32(table) === 0) this.u32(table, this.chunk(at.CLASS_THREADS, ordinal))
    const place = number % at.THREADS_PER_CHUNK
    const offset =
      this.read32(table) * at.CHUNK_BYTES + at.CHUNK_HEADER_BYTES + place * at.THREAD_BYTES
    this.u32(offset + at.THREAD_PID, pid)
    this.u32(offset + at.THREAD_TID, tid)
    this.u32(offset + at.THREAD_NAME, this.string(name))
    this.u64(offset + at.THREAD_JOINED, 10 * number)
    this.u32(offset + at.THREAD_RUNTIME, runtime)
    this.u32(offset + at.THREAD_NUMBER, number + 1)
    this.u32(at.HEADER_THREADS, this.#threads)
    return number
  }

  verb(name: string, role: keyof typeof ROLES = 'none', { pin = false } = {}): this {
    const id = this.#verbs.size
    this.#verbs.set(name, id)
    const offset = at.VERB_TABLE + id * at.VERB_BYTES
    this.u32(offset, this.string(name))
    const flags = pin ? at.VERB_FLAG_PIN : 0
    this.u32(offset + UPPER, (0x80000000 | (flags << 8) | ROLES[role]) >>> 0)
    return this
  }

  verbId(name: string): number {
    const id = this.#verbs.get(name)
    if (id === undefined) throw new Error(`the builder knows no verb ${name}`)
    return id
  }

  /** The number of verb and format. */
  statement(verb: string, format: string): number {
    const id = this.verbId(verb)
    const statement = format === '' ? plainStatement(id) : this.string(digitsOf(id) + format)
    this.#statements.set(statement, id)
    return statement
  }

  isPinned(statement: number): boolean {
    const id = this.#statements.get(statement)
    if (id === undefined) return false
    const flags = this.view.getUint8(at.VERB_TABLE + id * at.VERB_BYTES + 5)
    return (flags & at.VERB_FLAG_PIN) !== 0
  }

  list(name: string, options: ListOptions = {}): ListBuilder {
    const number = this.#lists++
    this.u32(at.LIST_TABLE + number * 4, number + 1)
    this.u32(at.HEADER_LISTS, this.#lists)
    return new ListBuilder(this, number, name, options)
  }

  /** Offset of a fresh slot. */
  slot(): number {
    if (this.#historyChunk === 0 || this.#historyNext > at.HISTORIES_PER_CHUNK) {
      this.#historyChunk = this.chunk(at.CLASS_HISTORIES)
      this.#historyNext = 1
    }
    return this.#historyChunk * at.CHUNK_BYTES + this.#historyNext++ * at.HISTORY_BYTES
  }

  /** Offset of a block that is taken for the first time. */
  block(owner: number, generation: number, ordinal = 0): number {
    if (this.#blockChunk === 0 || this.#blockNext > at.BLOCKS_PER_CHUNK) {
      this.#blockChunk = this.chunk(at.CLASS_BLOCKS)
      this.#blockNext = 1
    }
    const offset = this.#blockChunk * at.CHUNK_BYTES + this.#blockNext++ * at.BLOCK_BYTES
    return this.take(offset, owner, generation, ordinal)
  }

  directory(owner: number, generation: number): number {
    if (this.#directoryChunk === 0 || this.#directoryNext > at.BLOCKS_PER_CHUNK) {
      this.#directoryChunk = this.chunk(at.CLASS_DIRECTORIES)
      this.#directoryNext = 1
    }
    const offset = this.#directoryChunk * at.CHUNK_BYTES + this.#directoryNext++ * at.BLOCK_BYTES
    return this.take(offset, owner, generation, 0)
  }

  /** Takes a block, once more than before. */
  take(offset: number, owner: number, generation: number, ordinal: number): number {
    const incarnation = this.read32(offset + at.BLOCK_STATE + UPPER) + 1
    this.bytes.fill(0, offset, offset + at.BLOCK_BYTES)
    this.u32(offset + at.BLOCK_STATE, at.BLOCK_IN_USE)
    this.u32(offset + at.BLOCK_STATE + UPPER, incarnation)
    this.u32(offset + at.BLOCK_OWNER, owner)
    this.u32(offset + at.BLOCK_GENERATION, generation)
    this.u32(offset + at.BLOCK_ORDINAL, ordinal)
    return offset
  }

  /** Makes the entry at `offset` name this taking of a block, which holds block `ordinal` of its history. */
  enter(offset: number, block: number, ordinal = 0): void {
    const taken = this.read32(block + at.BLOCK_STATE + UPPER)
    this.u64(offset, entryOf(block, parityOf(ordinal), taken, ordinal))
  }

  /** The block that the entry at `offset` names; 0: none. */
  named(offset: number): number {
    return (this.read32(offset) & at.ENTRY_BLOCK_MASK) * at.BLOCK_BYTES
  }

  build(): Uint8Array {
    this.u32(at.HEADER_CHUNKS, this.#chunks)
    return this.bytes.slice(0, this.#chunks * at.CHUNK_BYTES)
  }
}

/** An ENTRY. */
export function entryOf(block: number, parity: number, taken: number, ordinal: number): bigint {
  return (
    BigInt(block / at.BLOCK_BYTES) |
    (BigInt(parity) << BigInt(at.ENTRY_PARITY_SHIFT)) |
    (BigInt(taken & at.ENTRY_TAKEN_MASK) << BigInt(at.ENTRY_TAKEN_SHIFT)) |
    (BigInt(ordinal & at.ENTRY_ORDINAL_MASK) << BigInt(at.ENTRY_ORDINAL_SHIFT))
  )
}

/** Of a verb without a format. */
export function plainStatement(verb: number): number {
  const offset = verb & ((1 << at.STATEMENT_PLAIN_BITS) - 1)
  return ((verb >>> at.STATEMENT_PLAIN_BITS) << at.STRING_ID_CHUNK_SHIFT) | offset
}

/** What the string of a statement begins with. */
export function digitsOf(verb: number): string {
  const mask = (1 << at.STATEMENT_DIGIT_BITS) - 1
  const digits = [(verb >>> at.STATEMENT_DIGIT_BITS) & mask, verb & mask]
  return String.fromCharCode(...digits.map((digit) => at.STATEMENT_DIGIT + digit))
}

/** Of a recorder's blocks it goes by turns: which comes first is told nowhere but in the entry. */
const parityOf = (ordinal: number) => ordinal & 1

export class ListBuilder {
  readonly image: ImageBuilder
  readonly number: number
  readonly offset: number
  readonly firstBlocks: number
  readonly turnBlocks: number
  readonly levels: number
  #pushed = 0
  readonly #lives: HistoryBuilder[] = []

  constructor(
    image: ImageBuilder,
    number: number,
    name: string,
    { window = 100, maxEvents = 300, maxText = 128 }: ListOptions,
  ) {
    this.image = image
    this.number = number
    this.offset = at.LIST_RECORDS + number * at.LIST_BYTES
    const first = Math.floor(maxEvents / 4)
    this.firstBlocks = Math.ceil(first / at.EVENTS_PER_BLOCK)
    // One block more than the events need: they begin and end anywhere in a block.
    this.turnBlocks = Math.ceil((maxEvents - first) / at.EVENTS_PER_BLOCK) + 1
    const further = this.firstBlocks + this.turnBlocks - at.HISTORY_INLINE_ENTRIES
    this.levels = further <= 0 ? 0 : further <= at.DIRECTORY_ENTRIES ? 1 : 2
    const fields: Array<[number, number]> = [
      [at.LIST_NAME, image.string(name)],
      [at.LIST_STATE, at.LIST_STATE_READY],
      [at.LIST_ENABLED, 1],
      [at.LIST_WINDOW, window],
      [at.LIST_RING_CAPACITY, window],
      [at.LIST_MAX_EVENTS, maxEvents],
      [at.LIST_MAX_TEXT, maxText],
      [at.LIST_FIRST_BLOCKS, this.firstBlocks],
      [at.LIST_TURN_BLOCKS, this.turnBlocks],
      [at.LIST_DIRECTORY_LEVELS, this.levels],
    ]
    for (const [field, value] of fields) image.u32(this.offset + field, value)
  }

  push(object: number | bigint | string, { thread = 0, generation = 1, created = 0 } = {}) {
    const order = this.#pushed++
    this.image.u64(this.offset + at.LIST_PUSHED, this.#pushed)
    const history = new HistoryBuilder(this, object, order, thread, generation, created)
    this.#lives.push(history)
    return history
  }

  /** As a thread does that died when it had ended all lives but the last `left`. */
  destroy(left = 0): void {
    this.image.u32(this.offset + at.LIST_STATE, at.LIST_STATE_DESTROYED)
    for (const { offset } of this.#lives.slice(0, this.#lives.length - left))
      this.image.u32(offset + at.HISTORY_CONTROL, 0)
  }
}

export class HistoryBuilder {
  readonly list: ListBuilder
  readonly image: ImageBuilder
  readonly offset: number
  readonly generation: number
  readonly owner: number
  /** Event blocks in their places: by the number of their entry. */
  readonly #places = new Map<number, { readonly block: number; readonly ordinal: number }>()
  #claimed = 0
  #state: number
  #thread: number
  #time: number

  constructor(
    list: ListBuilder,
    object: number | bigint | string,
    order: number,
    thread: number,
    generation: number,
    created: number,
  ) {
    this.list = list
    this.image = list.image
    this.generation = generation
    this.#thread = thread
    this.#time = created
    this.offset = this.image.slot()
    this.owner = list.number * 2 ** at.HISTORY_NUMBER_BITS + this.number
    this.#state = at.CONTROL_LIVE | ((generation & 0xffff) << at.CONTROL_GENERATION_SHIFT)
    this.image.u32(this.offset + at.HISTORY_GENERATION, generation)
    this.image.u16(this.offset + at.HISTORY_LIST, list.number)
    this.image.u64(this.offset + at.HISTORY_CREATED, created)
    this.image.u64(this.offset + at.HISTORY_ORDER, order)
    this.image.u16(this.offset + at.HISTORY_THREAD, thread)
    this.#writeObject(object)
    this.#writeControl()
  }

  get number(): number {
    return this.offset / at.HISTORY_BYTES
  }

  get handle(): number {
    return this.generation * 2 ** at.HISTORY_NUMBER_BITS + this.number
  }

  by(thread: number): this {
    this.#thread = thread
    return this
  }

  at(time: number): this {
    this.#time = time
    return this
  }

  flags(state: number): this {
    this.#state = (this.#state | state) >>> 0
    this.#writeControl()
    return this
  }

  refs(count: number): this {
    return this.flags(count << at.CONTROL_REFS_SHIFT)
  }

  log(verb: string, format = '', ...values: Value[]): this {
    return this.logFlagged(0, verb, format, ...values)
  }

  logFlagged(flags: number, verb: string, format: string, ...values: Value[]): this {
    const offset = this.claim()
    const index = this.#claimed - 1
    const run = new ArgumentRun(this.image, values)
    let { tags } = run
    if (run.words === undefined) {
      tags = at.TAGS_TEXT
      this.image.u32(offset + at.EVENT_WORDS, this.#writeText(index, run.bytes))
    } else
      for (const [i, word] of run.words.entries())
        this.image.u32(offset + at.EVENT_WORDS + i * 4, word)
    const isOdd = parityOf(Math.floor(index / at.EVENTS_PER_BLOCK)) !== 0
    const mark = isOdd ? at.EVENT_COMMITTED_ODD : at.EVENT_COMMITTED_EVEN
    this.image.u32(offset + at.EVENT_CHECK, flags | mark)
    this.image.u32(offset + at.EVENT_TIME, this.#time >>> 0)
    this.image.u16(offset + EVENT_TIME_HIGH, Math.floor(this.#time / 2 ** 32))
    this.image.u16(offset + at.EVENT_THREAD, this.#thread)
    this.image.u32(
      offset + at.EVENT_WHAT,
      ((this.image.statement(verb, format) << at.EVENT_STATEMENT_SHIFT) | tags) >>> 0,
    )
    this.#time++
    return this.commit(index)
  }

  /** Makes an event that is in its place, the newest if none is told, have this statement. */
  say(statement: number, index = this.#claimed - 1): this {
    const what = this.eventOffset(index) + at.EVENT_WHAT
    const tags = this.image.read32(what) & at.EVENT_TAGS_MASK
    this.image.u32(what, ((statement << at.EVENT_STATEMENT_SHIFT) | tags) >>> 0)
    return this.commit(index)
  }

  /** Claims the next index and writes nothing: what a thread that died there leaves. Offset of the event. */
  claim(): number {
    const index = this.#claimed++
    this.#writeControl()
    const ordinal = Math.floor(index / at.EVENTS_PER_BLOCK)
    const block = this.#blockOf(ordinal)
    return block + at.BLOCK_HEADER_BYTES + (index % at.EVENTS_PER_BLOCK) * at.EVENT_BYTES
  }

  /** Makes the check of an event fit its words and flags as they are now. */
  commit(index: number): this {
    return this.commitAt(this.eventOffset(index), index)
  }

  /** As commit(), of an event that may stand in a block kept for it. */
  commitAt(offset: number, index: number): this {
    const bytes = new ImageBytes(this.image.bytes, 'built')
    const check = eventCheck(bytes, offset, index, this.number, this.generation)
    this.image.u32(offset + at.EVENT_CHECK, check)
    return this
  }

  /** Of an event that is in its place. */
  eventOffset(index: number): number {
    const block = this.#blockOf(Math.floor(index / at.EVENTS_PER_BLOCK))
    return block + at.BLOCK_HEADER_BYTES + (index % at.EVENTS_PER_BLOCK) * at.EVENT_BYTES
  }

  #blockOf(ordinal: number): number {
    const { firstBlocks, turnBlocks } = this.list
    const k = ordinal < firstBlocks ? ordinal : firstBlocks + ((ordinal - firstBlocks) % turnBlocks)
    const present = this.#places.get(k)
    if (present?.ordinal === ordinal) return present.block
    if (present !== undefined && this.#holdsPinned(present.block)) this.#keep(present)
    const block = this.image.block(this.owner, this.generation)
    this.#places.set(k, { block, ordinal })
    this.image.enter(this.#entryOf(k), block, ordinal)
    return block
  }

  #keep({ block, ordinal }: { readonly block: number; readonly ordinal: number }): void {
    const { image } = this
    const kept = this.offset + at.HISTORY_KEPT
    image.u32(block + at.BLOCK_NEXT, image.named(kept) / at.BLOCK_BYTES)
    image.u32(block + at.BLOCK_ORDINAL, ordinal)
    image.u32(
      block + at.BLOCK_STATE,
      at.BLOCK_IN_USE | (parityOf(ordinal) << at.BLOCK_PARITY_SHIFT),
    )
    image.enter(kept, block, ordinal)
  }

  #entryOf(k: number): number {
    if (k < at.HISTORY_INLINE_ENTRIES) return this.offset + at.HISTORY_ENTRIES + k * 8
    const further = k - at.HISTORY_INLINE_ENTRIES
    const top = this.#directoryIn(this.offset + at.HISTORY_DIRECTORY)
    if (this.list.levels === 1) return top + at.BLOCK_HEADER_BYTES + further * 8
    const upper = Math.floor(further / at.DIRECTORY_ENTRIES)
    const lower = this.#directoryIn(top + at.BLOCK_HEADER_BYTES + upper * 8)
    return lower + at.BLOCK_HEADER_BYTES + (further % at.DIRECTORY_ENTRIES) * 8
  }

  #directoryIn(entry: number): number {
    const named = this.image.named(entry)
    if (named !== 0) return named
    const directory = this.image.directory(this.owner, this.generation)
    this.image.enter(entry, directory)
    return directory
  }

  #holdsPinned(block: number): boolean {
    for (let place = 0; place < at.EVENTS_PER_BLOCK; place++) {
      const offset = block + at.BLOCK_HEADER_BYTES + place * at.EVENT_BYTES
      const statement = this.image.read32(offset + at.EVENT_WHAT) >>> at.EVENT_STATEMENT_SHIFT
      const isThere = this.image.read32(offset + at.EVENT_CHECK) !== 0
      if (isThere && this.image.isPinned(statement)) return true
    }
    return false
  }

  /** Each text in blocks of its own: the reader cannot tell. */
  #writeText(index: number, text: Uint8Array): number {
    const ordinal = Math.floor(index / at.EVENTS_PER_BLOCK)
    let block = this.image.block(this.owner, this.generation, ordinal)
    const address = block + at.BLOCK_HEADER_BYTES
    this.image.u32(address + at.TEXT_CHECK, bytesCheck(text, textSeed(index)))
    this.image.u32(address + at.TEXT_LENGTH, text.length)
    let room = at.BLOCK_DATA_BYTES - at.TEXT_DATA
    this.image.bytes.set(text.subarray(0, room), address + at.TEXT_DATA)
    for (let done = room; done < text.length; done += room) {
      room = at.BLOCK_DATA_BYTES
      const next = this.image.block(this.owner, this.generation, ordinal)
      this.image.u32(block + at.BLOCK_NEXT, next / at.BLOCK_BYTES)
      block = next
      this.image.bytes.set(text.subarray(done, done + room), block + at.BLOCK_HEADER_BYTES)
    }
    return address
  }

  #writeObject(object: number | bigint | string): void {
    const { image, offset } = this
    let kind = at.OBJECT_INTEGER
    let length = 0
    if (typeof object === 'bigint') kind = at.OBJECT_BIGINT
    if (typeof object === 'number' && !Number.isInteger(object)) kind = at.OBJECT_FLOAT
    if (typeof object === 'string') {
      const data = encoder.encode(object)
      length = data.length
      if (data.length <= at.HISTORY_OBJECT_STRING_BYTES) {
        kind = at.OBJECT_STRING
        image.bytes.set(data, offset + at.HISTORY_OBJECT_STRING)
      } else {
        kind = at.OBJECT_LONG_STRING
        const block = image.block(this.owner, this.generation)
        image.bytes.set(data, block + at.BLOCK_HEADER_BYTES)
        image.u64(offset + at.HISTORY_OBJECT, block)
      }
    } else if (kind === at.OBJECT_FLOAT)
      image.view.setFloat64(offset + at.HISTORY_OBJECT, object as number, true)
    else image.u64(offset + at.HISTORY_OBJECT, object)
    image.u32(offset + at.HISTORY_PUSH, kind | (length << at.PUSH_LENGTH_SHIFT))
  }

  #writeControl(): void {
    this.image.u32(this.offset + at.HISTORY_CONTROL, this.#state >>> 0)
    this.image.u32(this.offset + at.HISTORY_CONTROL + UPPER, this.#claimed)
  }
}

/** Values as the words of an event, or as the bytes of a text where they do not fit. */
class ArgumentRun {
  tags = 0
  words: number[] | undefined = []
  readonly #bytes: number[] = []

  constructor(image: ImageBuilder, values: readonly Value[]) {
    const [first] = values
    if (values.length === 1 && isShort(first)) {
      this.tags = shortTags(first)
      this.words = shortWords(first)
      return
    }
    for (const [i, value] of values.entries()) {
      const [tag, payload] = encode(image, value)
      this.#bytes.push(tag, ...payload)
      const isWord = tag < at.ARGUMENT_INLINE_STRING && i < at.EVENT_WORDS_COUNT
      if (isWord && this.words !== undefined) {
        this.tags |= tag << (i * at.EVENT_TAG_BITS)
        this.words.push(...wordsOf(payload))
      } else this.words = undefined
      if (this.words !== undefined && this.words.length > at.EVENT_WORDS_COUNT)
        this.words = undefined
    }
  }

  get bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }
}

const isShort = (value: Value): value is ShortString =>
  typeof value === 'object' && value !== null && 'short' in value

function shortTags({ short, form }: ShortString): number {
  const length = encoder.encode(short).length - 1
  return at.TAGS_SHORT | (length << at.SHORT_LENGTH_SHIFT) | (form << at.SHORT_FORM_SHIFT)
}

function shortWords({ short, form }: ShortString): number[] {
  const bits = form === at.SHORT_BYTES ? 8 : 6
  let all = 0n
  for (const [n, byte] of encoder.encode(short).entries()) {
    const code = bits === 8 ? byte : (byte & 31) + (byte >= 64 ? 32 : 0)
    all += BigInt(code) << BigInt(n * bits)
  }
  return [0n, 32n, 64n].map((shift) => Number((all >> shift) & 0xffffffffn))
}

function wordsOf(payload: Uint8Array): number[] {
  const view = new DataView(payload.buffer)
  return Array.from({ length: payload.length / 4 }, (_, i) => view.getUint32(i * 4, true))
}

function encode(image: ImageBuilder, value: Value): [tag: number, payload: Uint8Array] {
  const payload = (bytes: number, write: (view: DataView) => void) => {
    const data = new Uint8Array(bytes)
    write(new DataView(data.buffer))
    return data
  }
  if (value === null) return [at.ARGUMENT_NULL, new Uint8Array(0)]
  if (value === undefined) return [at.ARGUMENT_UNDEFINED, new Uint8Array(0)]
  if (value === true) return [at.ARGUMENT_TRUE, new Uint8Array(0)]
  if (value === false) return [at.ARGUMENT_FALSE, new Uint8Array(0)]
  if (typeof value === 'bigint')
    return [at.ARGUMENT_INT64, payload(8, (view) => view.setBigInt64(0, value, true))]
  if (typeof value === 'string')
    return [at.ARGUMENT_STRING, payload(4, (view) => view.setUint32(0, image.string(value), true))]
  if (typeof value === 'number') {
    if ((value | 0) === value && !Object.is(value, -0))
      return [at.ARGUMENT_INT32, payload(4, (view) => view.setInt32(0, value, true))]
    return [at.ARGUMENT_FLOAT64, payload(8, (view) => view.setFloat64(0, value, true))]
  }
  if (isShort(value)) throw new Error(`"${value.short}" is not the only argument`)
  const isObject = 'json' in value
  const data = encoder.encode(isObject ? value.json : value.inline)
  const long = payload(8 + data.length, (view) => {
    view.setUint32(0, data.length, true)
    view.setUint32(4, value.cut ?? 0, true)
  })
  long.set(data, 8)
  return [isObject ? at.ARGUMENT_OBJECT : at.ARGUMENT_INLINE_STRING, long]
}
