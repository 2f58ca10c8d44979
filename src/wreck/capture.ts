// Images out of a stream: of a core that is decompressed as it comes, or piped, only the recorders are kept, and of them
// only what is not zero. A bounded buffer and the images, however long the core is.

import type { ByteSource } from '../image/byte-source.ts'
import { ImageError } from '../image/bytes.ts'
import { type AddressSpace, type Region, regionAt } from './address-space.ts'
import { type CorePlan, headersEnd, isElf, readPlan, type Segment } from './elf-core.ts'
import { mayHold } from './find-images.ts'
import { isManifest } from './manifest.ts'
import { HEAD_BYTES, type Head, hasMagic, headOf } from './proof.ts'

const BLOCK_BYTES = 65_536
const PAGE_BYTES = 4096
/** As much as one image may have. */
const KEPT_MAX = 2 ** 32
const CANDIDATES_MAX = 256
const REASONS_MAX = 4

interface Block {
  readonly address: number
  readonly bytes: Uint8Array
}

/** What was kept of a stream. */
class KeptSpace implements AddressSpace {
  readonly regions: readonly Region[]
  readonly #blocks: readonly Block[]

  constructor(regions: readonly Region[], blocks: readonly Block[]) {
    this.regions = regions
    this.#blocks = [...blocks].sort((one, other) => one.address - other.address)
  }

  read(address: number, into: Uint8Array): number {
    into.fill(0)
    const { regions } = this
    let length = 0
    for (let at = regionAt(regions, address); at >= 0 && length < into.length; at++) {
      const region = regions[at]
      if (region === undefined || region.start > address + length) break
      const end = region.start + region.readable
      length = Math.max(length, Math.min(into.length, end - address))
      if (end < region.end) break
    }
    for (let at = this.#firstBehind(address); at < this.#blocks.length; at++) {
      const block = this.#blocks[at] as Block
      const from = Math.max(address, block.address)
      const to = Math.min(address + length, block.address + block.bytes.length)
      if (from >= address + length) break
      if (from < to)
        into.set(block.bytes.subarray(from - block.address, to - block.address), from - address)
    }
    return Math.max(0, length)
  }

  /** The first block that ends behind an address. */
  #firstBehind(address: number): number {
    let low = 0
    let high = this.#blocks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const block = this.#blocks[middle] as Block
      if (block.address + block.bytes.length <= address) low = middle + 1
      else high = middle
    }
    return low
  }
}

export interface Captured {
  readonly space: AddressSpace
  /** Where the magic stood, page-aligned, with a header that proved itself. */
  readonly candidates: readonly number[]
  /** Places where the magic stood before no header: why. */
  readonly rejected: readonly string[]
  /** Of a core. */
  readonly plan: CorePlan | undefined
  /** Bytes that came. */
  readonly length: number
  /** An image was not kept whole: there was more than one keeps. */
  readonly isOverfull: boolean
  /** Bytes that the first header lacks the magic of, where the stream is neither a core nor an image. */
  readonly head: Uint8Array
}

export class Capture {
  readonly #source: string
  #head = new Uint8Array(0)
  /** Bytes that must be there before the headers can be read; Infinity once they were. */
  #needed = HEAD_BYTES
  #plan: CorePlan | undefined
  #position = 0
  #received = 0
  /** In the order of the file. */
  #segments: readonly Segment[] = []
  #at = 0
  readonly #block = new Uint8Array(BLOCK_BYTES)
  readonly #view = new DataView(this.#block.buffer)
  #filled = 0
  /** Kept up to this address. */
  #until = 0
  readonly #blocks: Block[] = []
  #kept = 0
  readonly #candidates: number[] = []
  readonly #rejected: string[] = []
  #isOverfull = false
  #isDone = false

  constructor(source: string) {
    this.#source = source
  }

  /** More of the stream. False: nothing that follows is of interest. @throws {ImageError} for a core that is refused. */
  push(bytes: Uint8Array): boolean {
    if (this.#isDone) return false
    this.#received += bytes.length
    if (this.#needed !== Number.POSITIVE_INFINITY) {
      this.#head = concatenated(this.#head, bytes)
      if (this.#head.length < this.#needed) return true
      if (!this.#readHead()) return true
      const head = this.#head
      this.#head = head.slice(0, HEAD_BYTES)
      this.#consume(head)
    } else this.#consume(bytes)
    return !this.#isDone
  }

  end(): Captured {
    // A stream shorter than a head, or than the headers of its core.
    if (this.#needed !== Number.POSITIVE_INFINITY) {
      const head = this.#head
      this.#begin(head, head.length)
      this.#consume(head)
    }
    this.#flush()
    const regions = [...this.#segments].map((segment) => ({
      ...segment,
      readable: Math.max(0, Math.min(segment.stored, this.#position - segment.offset)),
    }))
    if (this.#plan === undefined && regions[0] !== undefined) {
      regions[0].end = this.#position
      regions[0].readable = this.#position
    }
    regions.sort((one, other) => one.start - other.start)
    return {
      space: new KeptSpace(regions, this.#blocks),
      candidates: this.#candidates,
      rejected: this.#rejected,
      plan: this.#plan,
      length: this.#plan === undefined ? this.#position : this.#received,
      isOverfull: this.#isOverfull,
      head: this.#head,
    }
  }

  /** True once the headers were read. */
  #readHead(): boolean {
    if (isElf(this.#head)) {
      const end = headersEnd(this.#head, this.#source)
      if (end > this.#head.length) {
        this.#needed = end
        return false
      }
    }
    this.#begin(this.#head, Number.POSITIVE_INFINITY)
    return true
  }

  #begin(head: Uint8Array, length: number): void {
    this.#needed = Number.POSITIVE_INFINITY
    if (isElf(head)) {
      this.#plan = readPlan(bytesSource(head), length, this.#source)
      this.#segments = this.#plan.segments
        .map((segment) => ({ ...segment, readable: segment.stored }))
        .sort((one, other) => one.offset - other.offset)
      return
    }
    const end = Number.MAX_SAFE_INTEGER
    const rights = { isWritable: true, isExecutable: false }
    this.#segments = [{ start: 0, end, readable: end, stored: end, offset: 0, ...rights }]
    // No image, no core: nothing is of interest.
    this.#isDone = !hasMagic(viewOf(head), 0)
  }

  #consume(bytes: Uint8Array): void {
    let rest = bytes
    while (rest.length > 0 && !this.#isDone) {
      const segment = this.#segments[this.#at]
      if (segment === undefined) {
        this.#isDone = true
        return
      }
      const within = this.#position - segment.offset
      if (within < 0 || !mayHold(segment)) {
        // Up to the next segment that may hold something; segments that overlap are looked at from where they go on.
        const to = within < 0 ? segment.offset : segment.offset + segment.stored
        const skipped = Math.min(rest.length, Math.max(0, to - this.#position))
        this.#position += skipped
        rest = rest.subarray(skipped)
        if (this.#position >= to && within >= 0) this.#at++
        continue
      }
      const here = Math.min(rest.length, segment.stored - within, BLOCK_BYTES - this.#filled)
      if (here > 0) {
        this.#block.set(rest.subarray(0, here), this.#filled)
        this.#filled += here
        this.#position += here
        rest = rest.subarray(here)
      }
      const isAtEnd = this.#position - segment.offset >= segment.stored
      if (this.#filled === BLOCK_BYTES || isAtEnd) this.#flush()
      if (isAtEnd) this.#at++
    }
  }

  /** Looks at the block, keeps it where an image is, and empties it. */
  #flush(): void {
    const segment = this.#segments[this.#at]
    const length = this.#filled
    this.#filled = 0
    if (segment === undefined || length === 0) return
    const address = segment.start + (this.#position - segment.offset) - length
    const isCore = this.#plan !== undefined
    for (let page = 0; page < length; page += PAGE_BYTES) {
      if (address + page < this.#until) continue
      const head = hasMagic(this.#view, page) ? this.#headAt(page, address) : undefined
      if (head !== undefined) {
        this.#candidates.push(head.base)
        this.#until = head.base + head.size
      } else if (!isCore) {
        // In a file, images follow one another; behind the last there is nothing, or what says whose they are.
        if (isManifest(this.#block)) this.#until = address + length
        this.#isDone = true
        break
      }
    }
    if (this.#until > address) this.#keep(address, this.#block.subarray(0, length))
    // A copy of a header that claims gigabytes keeps no more than the mapping it lies in.
    const isLast = this.#position - segment.offset >= segment.stored
    const next = this.#segments[this.#at + 1]
    if (isLast && next?.start !== segment.end) this.#until = 0
  }

  #headAt(page: number, address: number): Head | undefined {
    if (this.#candidates.length >= CANDIDATES_MAX) return undefined
    try {
      return headOf(this.#block.slice(page, page + HEAD_BYTES), address + page, this.#source)
    } catch (error) {
      if (!(error instanceof ImageError)) throw error
      const why = `0x${(address + page).toString(16)}: ${error.message}`
      if (this.#rejected.length < REASONS_MAX) this.#rejected.push(why)
      return undefined
    }
  }

  #keep(address: number, bytes: Uint8Array): void {
    if (bytes.every((byte) => byte === 0)) return
    if (this.#kept + bytes.length > KEPT_MAX) {
      this.#isOverfull = true
      return
    }
    this.#kept += bytes.length
    this.#blocks.push({ address, bytes: bytes.slice() })
  }
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    length: bytes.length,
    read(offset, into) {
      const part = bytes.subarray(offset, offset + into.length)
      into.set(part)
      return part.length
    },
  }
}

function concatenated(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}
