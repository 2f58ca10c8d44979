// Interned strings by their id. Append-only in the recorder, so what was read once stays true.

import {
  CHUNK_HEADER_BYTES,
  CHUNK_SHIFT,
  CLASS_STRINGS,
  STRING_BYTES_MAX,
  STRING_CHECK,
  STRING_CHUNKS,
  STRING_CHUNKS_MAX,
  STRING_DATA,
  STRING_ID_CHUNK_SHIFT,
  STRING_LENGTH,
  STRING_UNIT_SHIFT,
} from '../../assembly/layout.ts'
import { decode, type ImageBytes, ImageError } from './bytes.ts'
import { bytesCheck } from './check.ts'
import type { Chunks } from './chunks.ts'
import type { Problems } from './problems.ts'

const WORD = Uint32Array.BYTES_PER_ELEMENT
const OFFSET_MASK = (1 << STRING_ID_CHUNK_SHIFT) - 1
/** Strings do not overlap, so all of them together are no longer than the image; with room for damaged ones. */
const READ_MOST = 2

export class Strings {
  readonly #bytes: ImageBytes
  readonly #chunks: Chunks
  readonly #problems: Problems
  readonly #known = new Map<number, string>([[0, '']])
  readonly #wrong = new Set<number>()
  /** Bytes read so far: a forged image can begin a string at every eighth byte, each of them as long as can be. */
  #read = 0

  constructor(bytes: ImageBytes, chunks: Chunks, problems: Problems) {
    this.#bytes = bytes
    this.#chunks = chunks
    this.#problems = problems
  }

  /** The string with this id, or undefined (and a problem told) where the bytes hold none. */
  get(id: number): string | undefined {
    const known = this.#known.get(id)
    if (known !== undefined || this.#wrong.has(id)) return known
    const text = this.#problems.attempt(`read string ${id}`, () => this.#decode(id))
    if (text === undefined) this.#wrong.add(id)
    else this.#known.set(id, text)
    return text
  }

  #decode(id: number): string {
    const bytes = this.#bytes
    const ordinal = id >>> STRING_ID_CHUNK_SHIFT
    const table = STRING_CHUNKS + ordinal * WORD
    if (ordinal >= STRING_CHUNKS_MAX)
      throw this.#refuse(id, table, 'string id', 'one of a string chunk', `${id}`)
    const chunk = bytes.u32(table, 'STRING_CHUNKS')
    this.#chunks.expectPlaced(chunk, CLASS_STRINGS, ordinal, table, 'STRING_CHUNKS')

    const chunkOffset = (id & OFFSET_MASK) << STRING_UNIT_SHIFT
    const offset = chunk * 2 ** CHUNK_SHIFT + chunkOffset
    if (chunkOffset < CHUNK_HEADER_BYTES)
      throw this.#refuse(id, offset, 'string id', 'an offset behind the chunk header', `${id}`)
    const check = bytes.acquireU32(offset + STRING_CHECK, 'STRING_CHECK')
    const length = bytes.u32(offset + STRING_LENGTH, 'STRING_LENGTH')
    const most = Math.min(STRING_BYTES_MAX, 2 ** CHUNK_SHIFT - chunkOffset - STRING_DATA)
    if (length > most)
      throw this.#refuse(
        id,
        offset + STRING_LENGTH,
        'STRING_LENGTH',
        `at most ${most}`,
        `${length}`,
      )
    this.#read += length
    if (this.#read > READ_MOST * bytes.length)
      throw this.#refuse(
        id,
        offset,
        'string',
        'one that overlaps no other',
        `one of ${length} bytes more`,
      )
    const data = bytes.copy(offset + STRING_DATA, length, 'STRING_DATA')
    const sum = bytesCheck(data, 0)
    if (sum !== check)
      throw this.#refuse(id, offset + STRING_CHECK, 'STRING_CHECK', `${sum}`, `${check}`)
    return decode(data)
  }

  #refuse(id: number, offset: number, field: string, expected: string, found: string): ImageError {
    return new ImageError(`read string ${id}`, this.#bytes.source, {
      offset,
      field,
      expected,
      found,
    })
  }
}
