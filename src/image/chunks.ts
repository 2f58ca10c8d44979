// Chunks: which of them are there, and of which class. Every pointer into a chunk is believed only after this.

import {
  CHUNK_BYTES,
  CHUNK_CLASS,
  CHUNK_HEADER_BYTES,
  CHUNK_MAGIC,
  CHUNK_NUMBER,
  CHUNK_ORDINAL,
  CHUNK_RECORDER_ID,
  CLASS_NONE,
  CLASS_RING,
  HEADER_CHUNKS,
  HEADER_RECORDER_ID,
  MAGIC_MASK,
  MASKED_CHUNK_MAGIC,
} from '../../assembly/layout.ts'
import { type ImageBytes, ImageError, type Mismatch } from './bytes.ts'
import type { Problems } from './problems.ts'

const CHUNK_MAGIC_WORD = (MASKED_CHUNK_MAGIC ^ MAGIC_MASK) >>> 0
const CLASS_NAMES =
  'none, strings, string index, threads, histories, blocks, directories, ring'.split(', ')

export class Chunks {
  readonly #bytes: ImageBytes
  readonly #problems: Problems
  readonly #budget: number
  readonly #recorderId: bigint

  constructor(bytes: ImageBytes, problems: Problems, budget: number) {
    this.#bytes = bytes
    this.#problems = problems
    this.#budget = budget
    this.#recorderId = bytes.big64(HEADER_RECORDER_ID, 'HEADER_RECORDER_ID')
  }

  /** Chunks that the recorder took, the header included; what the bytes can hold where the count is absurd. */
  get count(): number {
    const here = Math.max(1, Math.min(this.#budget, Math.ceil(this.#bytes.length / CHUNK_BYTES)))
    const taken = this.#problems.attempt('read the size', () =>
      this.#bytes.acquireU32(HEADER_CHUNKS, 'HEADER_CHUNKS'),
    )
    if (taken === undefined) return here
    if (taken >= 1 && taken <= this.#budget) return taken
    this.#problems.add('read the size', {
      offset: HEADER_CHUNKS,
      field: 'HEADER_CHUNKS',
      expected: `1 to ${this.#budget}`,
      found: `${taken}`,
    })
    return here
  }

  /** The numbers of all whole or cut chunks of this class, ascending. A chunk that is only being made is skipped. */
  ofClass(wanted: number): number[] {
    const found: number[] = []
    const end = Math.min(this.count, Math.ceil(this.#bytes.length / CHUNK_BYTES))
    for (let chunk = 1; chunk < end; chunk++) {
      this.#problems.attempt(`read chunk ${chunk}`, () => {
        if (this.#bytes.acquireU32(chunk * CHUNK_BYTES + CHUNK_CLASS, 'CHUNK_CLASS') === CLASS_NONE)
          return
        const mismatch = this.#mismatch(chunk)
        if (mismatch) this.#problems.add(`read chunk ${chunk}`, mismatch)
        else if (this.#classOf(chunk) === wanted) found.push(chunk)
      })
    }
    return found
  }

  /** Throws unless `chunk`, which was read at `offset`, is one of `wanted` class. */
  expect(chunk: number, wanted: number, offset: number, field: string): void {
    const known = chunk >= 1 && chunk < this.#budget
    const mismatch = known
      ? this.#mismatch(chunk)
      : { offset, field, expected: `a chunk of 1 to ${this.#budget - 1}`, found: `${chunk}` }
    if (mismatch) throw new ImageError(`read ${field}`, this.#bytes.source, mismatch)
    const actual = this.#classOf(chunk)
    if (actual !== wanted)
      throw new ImageError(`read ${field}`, this.#bytes.source, {
        offset,
        field,
        expected: `a chunk of class ${CLASS_NAMES[wanted]}`,
        found: `chunk ${chunk} of class ${CLASS_NAMES[actual]}`,
      })
  }

  /** The same of a chunk with a place in a table: a table that names one chunk twice would multiply what it holds. */
  expectPlaced(
    chunk: number,
    wanted: number,
    ordinal: number,
    offset: number,
    field: string,
  ): void {
    this.expect(chunk, wanted, offset, field)
    const at = chunk * CHUNK_BYTES + CHUNK_ORDINAL
    const actual = this.#bytes.u32(at, 'CHUNK_ORDINAL')
    if (actual !== ordinal)
      throw new ImageError(
        `read ${field}`,
        this.#bytes.source,
        unlike(at, 'CHUNK_ORDINAL', `${ordinal}`, `${actual}`),
      )
  }

  /** Whether it is one of this class; no problem if not. */
  is(chunk: number, wanted: number): boolean {
    const isHere =
      chunk >= 1 && chunk < this.#budget && this.#bytes.has(chunk * CHUNK_BYTES, CHUNK_HEADER_BYTES)
    return isHere && !this.#mismatch(chunk) && this.#classOf(chunk) === wanted
  }

  #classOf(chunk: number): number {
    return this.#bytes.u32(chunk * CHUNK_BYTES + CHUNK_CLASS, 'CHUNK_CLASS')
  }

  #mismatch(chunk: number): Mismatch | undefined {
    const at = chunk * CHUNK_BYTES
    const magic = this.#bytes.u32(at + CHUNK_MAGIC, 'CHUNK_MAGIC')
    if (magic !== CHUNK_MAGIC_WORD)
      return unlike(at + CHUNK_MAGIC, 'CHUNK_MAGIC', hex(CHUNK_MAGIC_WORD), hex(magic))
    const number = this.#bytes.u32(at + CHUNK_NUMBER, 'CHUNK_NUMBER')
    if (number !== chunk) return unlike(at + CHUNK_NUMBER, 'CHUNK_NUMBER', `${chunk}`, `${number}`)
    const id = this.#bytes.big64(at + CHUNK_RECORDER_ID, 'CHUNK_RECORDER_ID')
    if (id !== this.#recorderId)
      return unlike(
        at + CHUNK_RECORDER_ID,
        'CHUNK_RECORDER_ID',
        `the header's ${hex(this.#recorderId)}`,
        hex(id),
      )
    const chunkClass = this.#classOf(chunk)
    if (chunkClass > CLASS_RING)
      return unlike(at + CHUNK_CLASS, 'CHUNK_CLASS', `at most ${CLASS_RING}`, `${chunkClass}`)
    return undefined
  }
}

const unlike = (offset: number, field: string, expected: string, found: string): Mismatch => ({
  offset,
  field,
  expected,
  found,
})

const hex = (value: number | bigint) =>
  `0x${(typeof value === 'bigint' ? BigInt.asUintN(64, value) : value).toString(16)}`
