// The strings of the rewritten image: those that something still names stay where they were, new ones stand in chunks of
// their own behind all others, and of the rest nothing is left.

import {
  CHUNK_BYTES,
  CHUNK_CLASS,
  CHUNK_HEADER_BYTES,
  CHUNK_MAGIC,
  CHUNK_NUMBER,
  CHUNK_ORDINAL,
  CHUNK_RECORDER_ID,
  CHUNK_SHIFT,
  CLASS_STRINGS,
  HEADER_RECORDER_ID,
  MAGIC_MASK,
  MASKED_CHUNK_MAGIC,
  STRING_BYTES_MAX,
  STRING_CHECK,
  STRING_CHUNKS,
  STRING_CHUNKS_MAX,
  STRING_DATA,
  STRING_ID_CHUNK_SHIFT,
  STRING_LENGTH,
  STRING_UNIT_SHIFT,
} from '../../assembly/layout.ts'
import { bytesCheck } from '../image/check.ts'
import type { Parts } from '../image/parts.ts'
import type { Privacy } from '../privacy/formats.ts'
import type { Rewritten } from './rewritten.ts'
import type { Words } from './words.ts'

const WORD = 4
const UNIT = 1 << STRING_UNIT_SHIFT
const OFFSET_MASK = (1 << STRING_ID_CHUNK_SHIFT) - 1
/** What cannot be read in the image that is rewritten. */
const LOST = '<lost>'
const encoder = new TextEncoder()

export class StringArea {
  readonly #parts: Parts
  readonly #to: Rewritten
  readonly #words: Words
  /** By level: what became of which string. */
  readonly #known = new Map<Privacy, Map<number, number>>()
  readonly #added = new Map<string, number>()
  #ordinal: number
  /** Of the newest chunk of new strings. */
  #chunk = 0
  #next = CHUNK_BYTES

  constructor(parts: Parts, to: Rewritten, words: Words) {
    this.#parts = parts
    this.#to = to
    this.#words = words
    const { bytes, chunks } = parts
    let ordinal = 0
    for (; ordinal < STRING_CHUNKS_MAX; ordinal++) {
      const chunk = bytes.u32(STRING_CHUNKS + ordinal * WORD, 'STRING_CHUNKS')
      if (!chunks.is(chunk, CLASS_STRINGS)) break
      to.u32(STRING_CHUNKS + ordinal * WORD, chunk)
    }
    this.#ordinal = ordinal
  }

  /** The id, in the rewritten image, of what a string of the image becomes. */
  of(id: number, level: Privacy, where: string): number {
    if (id === 0) return 0
    let known = this.#known.get(level)
    if (known === undefined) {
      known = new Map()
      this.#known.set(level, known)
    }
    let own = known.get(id)
    if (own === undefined) {
      const text = this.#parts.strings.get(id)
      const replaced = text === undefined ? LOST : this.#words.of(text, level, where)
      own = replaced === undefined ? this.#copy(id) : this.add(replaced)
      known.set(id, own)
    }
    return own
  }

  /** As of(), of a string that is known to be public, and to hold nothing that matches. */
  keep(id: number): number {
    return this.#parts.strings.get(id) === undefined ? this.add(LOST) : this.#copy(id)
  }

  /** The id of a text. @throws {RangeError} Where no more strings can be. */
  add(text: string): number {
    if (text === '') return 0
    const known = this.#added.get(text)
    if (known !== undefined) return known
    const whole = encoder.encode(text)
    const bytes = whole.length <= STRING_BYTES_MAX ? whole : cut(whole)
    const size = Math.ceil((STRING_DATA + bytes.length) / UNIT) * UNIT
    if (this.#next + size > CHUNK_BYTES) this.#begin()
    const at = this.#chunk * CHUNK_BYTES + this.#next
    const to = this.#to
    to.u32(at + STRING_CHECK, bytesCheck(bytes, 0))
    to.u32(at + STRING_LENGTH, bytes.length)
    to.put(at + STRING_DATA, bytes)
    const id = ((this.#ordinal - 1) << STRING_ID_CHUNK_SHIFT) | (this.#next >>> STRING_UNIT_SHIFT)
    this.#next += size
    this.#added.set(text, id)
    return id
  }

  #begin(): void {
    if (this.#ordinal === STRING_CHUNKS_MAX)
      throw new RangeError(
        'there is no room for so many different pseudonyms; make some of it secret instead',
      )
    const { bytes } = this.#parts
    this.#chunk = this.#to.newChunk()
    const at = this.#chunk * CHUNK_BYTES
    this.#to.u32(at + CHUNK_MAGIC, (MASKED_CHUNK_MAGIC ^ MAGIC_MASK) >>> 0)
    this.#to.u32(at + CHUNK_NUMBER, this.#chunk)
    this.#to.u32(at + CHUNK_CLASS, CLASS_STRINGS)
    this.#to.u32(at + CHUNK_ORDINAL, this.#ordinal)
    this.#to.put(at + CHUNK_RECORDER_ID, bytes.copy(HEADER_RECORDER_ID, 8, 'HEADER_RECORDER_ID'))
    this.#to.u32(STRING_CHUNKS + this.#ordinal * WORD, this.#chunk)
    this.#ordinal++
    this.#next = CHUNK_HEADER_BYTES
  }

  /** One whose check was found right. */
  #copy(id: number): number {
    const { bytes } = this.#parts
    const table = STRING_CHUNKS + (id >>> STRING_ID_CHUNK_SHIFT) * WORD
    const chunk = bytes.u32(table, 'STRING_CHUNKS') * 2 ** CHUNK_SHIFT
    const at = chunk + ((id & OFFSET_MASK) << STRING_UNIT_SHIFT)
    const length = bytes.u32(at + STRING_LENGTH, 'STRING_LENGTH')
    this.#to.put(at, bytes.copy(at, STRING_DATA + length, 'a string'))
    return id
  }
}

/** On a character's boundary. */
function cut(bytes: Uint8Array): Uint8Array {
  let end = STRING_BYTES_MAX
  while (((bytes[end] as number) & 0xc0) === 0x80) end--
  return bytes.subarray(0, end)
}
