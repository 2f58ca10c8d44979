// Opens an image: the header proves that it is one, of a version that is known here, and sets the limits of what may be
// believed. All else is decoded when it is asked for.

import {
  CHUNK_BYTES,
  FORMAT_VERSION,
  HEADER_BUDGET_CHUNKS,
  HEADER_CHECK,
  HEADER_CLOCK,
  HEADER_FLAG_COARSE,
  HEADER_FLAGS,
  HEADER_HOST,
  HEADER_MAGIC,
  HEADER_NAME,
  HEADER_NAME_BYTES,
  HEADER_NAME_LENGTH,
  HEADER_PID,
  HEADER_STARTED,
  HEADER_STATIC_BYTES,
  HEADER_VERSION,
  HISTORY_BYTES,
  HISTORY_LIST,
  MAGIC_MASK,
  MASKED_MAGIC_0,
  MASKED_MAGIC_1,
  MASKED_MAGIC_2,
  MASKED_MAGIC_3,
} from '../../assembly/layout.ts'
import { type ByteSource, PagedBytes } from './byte-source.ts'
import { ImageBytes, ImageError } from './bytes.ts'
import { headerCheck } from './check.ts'
import { readHistory } from './histories.ts'
import type { History, HostClock, Image, List, Problem, Stats, Thread, Verb } from './image.ts'
import { Lists } from './lists.ts'
import { isSameObject, keptObject, type ObjectId, objectFilter } from './objects.ts'
import { runOf } from './origin.ts'
import { type Parts, partsOf } from './parts.ts'
import { slotOf } from './slots.ts'
import { readStats } from './stats.ts'

export interface OpenOptions {
  /** What the messages call it: a file name, `pid 4711`. */
  readonly source?: string
  /** Address of the first byte where it was recorded. */
  readonly base?: number
  /** Name of the machine, for an image that does not know its own. */
  readonly host?: string
  /** What is known of its host's wall clock. */
  readonly hostClock?: HostClock
  /** The bytes are memory that is still written to: what changes is read anew at each call. */
  readonly live?: boolean
}

/**
 * The image in these bytes. They are not copied: do not change them, unless they are `live`. Of a source, what is looked
 * at is fetched then, and once. An image that was cut opens as long as its header is there; what is missing is among its
 * problems().
 *
 * @throws {ImageError} When the bytes are no image, or of another version of the format.
 */
export function openImage(bytes: Uint8Array | ByteSource, options: OpenOptions = {}): Image {
  const source = options.source ?? 'image'
  const given = bytes instanceof Uint8Array ? bytes : (bytes.bytes ?? paged(bytes, source))
  return new OpenedImage(new ImageBytes(given, source), options)
}

/** The header first: no memory for a file of any length that is no image, nor for more than the image may have. */
function paged(from: ByteSource, source: string): PagedBytes {
  const head = new PagedBytes(from, Math.min(from.length, HEADER_STATIC_BYTES))
  const header = new ImageBytes(head, source)
  expectHeader(header)
  const budgetChunks = header.u32(HEADER_BUDGET_CHUNKS, 'HEADER_BUDGET_CHUNKS')
  return new PagedBytes(from, Math.min(from.length, budgetChunks * CHUNK_BYTES))
}

const WORD = 4
const MAGIC = [MASKED_MAGIC_0, MASKED_MAGIC_1, MASKED_MAGIC_2, MASKED_MAGIC_3]
const MICROSECONDS_IN_MILLISECOND = 1000
/** The beginning of a recorder is known to the millisecond; a coarse clock is about another one behind. */
const PRECISE_MICROS = 1000
const COARSE_MICROS = 2000
/** Addresses in the recorder are 32 bits wide. */
const BUDGET_CHUNKS_MAX = 65536

/** Throws unless the bytes begin with a whole header of this version. */
function expectHeader(bytes: ImageBytes): void {
  const refuse = (offset: number, field: string, expected: string, found: string) =>
    new ImageError('open an image', bytes.source, { offset, field, expected, found })
  const hex = (value: number) => `0x${value.toString(16).padStart(8, '0')}`

  if (bytes.length < HEADER_STATIC_BYTES)
    throw refuse(bytes.length, 'its length', `at least ${HEADER_STATIC_BYTES}`, `${bytes.length}`)
  for (const [i, masked] of MAGIC.entries()) {
    // Unmasked here, at run time: no heap that runs this reader holds the magic.
    const expected = (masked ^ MAGIC_MASK) >>> 0
    const at = HEADER_MAGIC + i * WORD
    const found = bytes.u32(at, 'HEADER_MAGIC')
    if (found !== expected)
      throw refuse(at, 'the magic', `${hex(expected)} of a struct-history image`, hex(found))
  }
  const version = bytes.u32(HEADER_VERSION, 'HEADER_VERSION')
  if (version !== FORMAT_VERSION) {
    const known = `${FORMAT_VERSION}, the version of the format that this reader knows`
    const hint = version > FORMAT_VERSION ? ' (use a newer struct-history)' : ''
    throw refuse(HEADER_VERSION, 'the version of the format', known + hint, `${version}`)
  }
  const check = bytes.u32(HEADER_CHECK, 'HEADER_CHECK')
  const sum = headerCheck(bytes)
  if (check !== sum) throw refuse(HEADER_CHECK, 'HEADER_CHECK', hex(sum), hex(check))
  const budget = bytes.u32(HEADER_BUDGET_CHUNKS, 'HEADER_BUDGET_CHUNKS')
  if (budget < 1 || budget > BUDGET_CHUNKS_MAX)
    throw refuse(
      HEADER_BUDGET_CHUNKS,
      'HEADER_BUDGET_CHUNKS',
      `1 to ${BUDGET_CHUNKS_MAX}`,
      `${budget}`,
    )
  const nameLength = bytes.u32(HEADER_NAME_LENGTH, 'HEADER_NAME_LENGTH')
  if (nameLength > HEADER_NAME_BYTES)
    throw refuse(
      HEADER_NAME_LENGTH,
      'HEADER_NAME_LENGTH',
      `at most ${HEADER_NAME_BYTES}`,
      `${nameLength}`,
    )
}

class OpenedImage implements Image {
  readonly source: string
  readonly name: string
  readonly run: string
  readonly pid: number
  readonly started: number
  readonly hostClock: HostClock | undefined
  readonly uncertainty: number
  readonly formatVersion = FORMAT_VERSION
  readonly coarse: boolean
  readonly base: number
  readonly budget: number
  readonly #parts: Parts
  readonly #lists: Lists
  readonly #givenHost: string

  constructor(bytes: ImageBytes, options: OpenOptions) {
    expectHeader(bytes)
    this.source = bytes.source
    this.base = options.base ?? 0
    this.run = runOf((at, field) => bytes.u32(at, field))
    this.pid = bytes.u32(HEADER_PID, 'HEADER_PID')
    this.coarse = (bytes.u32(HEADER_FLAGS, 'HEADER_FLAGS') & HEADER_FLAG_COARSE) !== 0
    this.hostClock = options.hostClock
    const { offset = 0, uncertainty = 0 } = this.hostClock ?? {}
    this.started =
      bytes.f64(HEADER_STARTED, 'HEADER_STARTED') + offset / MICROSECONDS_IN_MILLISECOND
    this.uncertainty = uncertainty + (this.coarse ? COARSE_MICROS : PRECISE_MICROS)
    const nameLength = bytes.u32(HEADER_NAME_LENGTH, 'HEADER_NAME_LENGTH')
    this.name = bytes.text(HEADER_NAME, nameLength, 'HEADER_NAME')
    const budgetChunks = bytes.u32(HEADER_BUDGET_CHUNKS, 'HEADER_BUDGET_CHUNKS')
    this.budget = budgetChunks * CHUNK_BYTES

    this.#givenHost = options.host ?? ''
    const { base, run, pid } = this
    const isLive = options.live ?? false
    this.#parts = partsOf(bytes, { budgetChunks, pid, base, run, isLive })
    this.#lists = new Lists(this.#parts)
    if (!isLive && bytes.length < this.size)
      this.#parts.problems.add('read all', {
        offset: bytes.length,
        field: 'the length',
        expected: `${this.size}, as the header says`,
        found: `${bytes.length}`,
      })
  }

  get host(): string {
    const { bytes, strings, problems } = this.#parts
    const own = problems.attempt('read the host', () =>
      strings.get(bytes.u32(HEADER_HOST, 'HEADER_HOST')),
    )
    return own || this.#givenHost
  }

  get lastTick(): number {
    const { bytes, problems } = this.#parts
    return problems.attempt('read the clock', () => bytes.u64(HEADER_CLOCK, 'HEADER_CLOCK')) ?? 0
  }

  get size(): number {
    return this.#parts.chunks.count * CHUNK_BYTES
  }

  lists(): List[] {
    return this.#lists.all()
  }

  list(name: string): List | undefined {
    return this.#lists.all().find((list) => list.name === name)
  }

  threads(): Thread[] {
    return this.#parts.threads.all()
  }

  verbs(): Verb[] {
    return this.#parts.verbs.all()
  }

  stats(): Stats {
    return readStats(this.#parts, this.#lists)
  }

  history(handle: number): History | undefined {
    if (!Number.isSafeInteger(handle) || handle < 0) return undefined
    const named = slotOf(this.#parts, handle)
    if (named === undefined) return undefined
    const history = this.#historyIn(named.slot)
    return history?.handle === handle ? history : undefined
  }

  find(object: ObjectId): History[] {
    const { bytes } = this.#parts
    const wanted = keptObject(object)
    const mayHold = objectFilter(bytes, wanted)
    const slots = this.#lists.slots()
    const found: History[] = []
    for (const list of this.#lists.all()) {
      for (const slot of slots.get(list.number)?.all ?? []) {
        // A slot that was cut off is for readHistory to tell of.
        if (mayHold && bytes.has(slot, HISTORY_BYTES) && !mayHold(slot)) continue
        const history = readHistory(this.#parts, slot, list, list.geometry)
        if (history && isSameObject(history.object, wanted)) found.push(history)
      }
    }
    return found.sort((one, other) => one.created - other.created || one.order - other.order)
  }

  problems(): readonly Problem[] {
    return this.#parts.problems.list()
  }

  bytes(address: number, length: number): Uint8Array {
    return this.#parts.bytes.copyUpTo(address - this.base, length)
  }

  #historyIn(slot: number): History | undefined {
    const number = this.#parts.bytes.u16(slot + HISTORY_LIST, 'HISTORY_LIST')
    const list = this.#lists.published().includes(number) ? this.#lists.get(number) : undefined
    return list && readHistory(this.#parts, slot, list, list.geometry)
  }
}
