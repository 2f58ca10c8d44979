// Whether an image begins at an address. The magic alone proves nothing: copies of it, and of whole headers, lie about in
// the heaps of whoever handled them. Header check, length and the first chunks tell.

import {
  CHUNK_BYTES,
  CHUNK_HEADER_BYTES,
  CHUNK_MAGIC,
  CHUNK_NUMBER,
  CHUNK_RECORDER_ID,
  HEADER_CLOCK,
  HEADER_MAGIC,
  HEADER_RECORDER_ID,
  HEADER_STATIC_BYTES,
  MAGIC_MASK,
  MASKED_CHUNK_MAGIC,
  MASKED_MAGIC_0,
  MASKED_MAGIC_1,
  MASKED_MAGIC_2,
  MASKED_MAGIC_3,
} from '../../assembly/layout.ts'
import { ImageError } from '../image/bytes.ts'
import { openImage } from '../image/read-image.ts'
import { type AddressSpace, mappedFrom, readableFrom } from './address-space.ts'

/** Up to here the header holds what is asked for. */
export const HEAD_BYTES = 4096
export const MAGIC_BYTES = 16
/** Of so many chunks one must be whole; a thread may have died while it made the others. */
const CHUNKS_LOOKED_AT = 8

const MAGIC = [MASKED_MAGIC_0, MASKED_MAGIC_1, MASKED_MAGIC_2, MASKED_MAGIC_3]

/** Where an image begins, and what its header says. */
export interface Head {
  readonly base: number
  /** Bytes that the recorder had taken; where their number is absurd, those that it might take. */
  readonly size: number
  /** Bytes that it might take. */
  readonly budget: number
  readonly recorderId: bigint
  readonly name: string
  readonly pid: number
  readonly started: number
  /** Microseconds on the coarse clock; a copy stands still. */
  readonly clock: bigint
}

/** Whether these bytes begin with the magic. Unmasked here, so that no heap that runs this holds it. */
export function hasMagic(view: DataView, at: number): boolean {
  if (at + MAGIC_BYTES > view.byteLength) return false
  for (let i = 0; i < MAGIC.length; i++) {
    const expected = ((MAGIC[i] as number) ^ MAGIC_MASK) >>> 0
    if (view.getUint32(at + HEADER_MAGIC + 4 * i, true) !== expected) return false
  }
  return true
}

/** The head in these bytes, which begin with one. @throws {ImageError} where they do not. */
export function headOf(bytes: Uint8Array, base: number, source: string): Head {
  const image = openImage(bytes, { source, base })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const { size, budget, name, pid, started } = image
  // The count of chunks changes all the time, so the header's check does not cover it.
  const isAbsurd = image.problems().some(({ field }) => field === 'HEADER_CHUNKS')
  return {
    base,
    size: isAbsurd ? budget : size,
    budget,
    recorderId: view.getBigUint64(HEADER_RECORDER_ID, true),
    name,
    pid,
    started,
    clock: bytes.length >= HEADER_CLOCK + 8 ? view.getBigUint64(HEADER_CLOCK, true) : 0n,
  }
}

/** The head of the image at `base`, or why there is none. The magic is there. */
export function prove(space: AddressSpace, base: number, source: string): Head | string {
  const bytes = new Uint8Array(HEAD_BYTES)
  const length = space.read(base, bytes)
  let head: Head
  try {
    head = headOf(bytes.subarray(0, Math.max(length, HEADER_STATIC_BYTES)), base, source)
  } catch (error) {
    if (error instanceof ImageError) return error.message
    throw error
  }
  if (head.size > mappedFrom(space.regions, base)) space.renew?.()
  const mapped = mappedFrom(space.regions, base)
  if (head.size > mapped)
    return `its header says ${head.size} bytes, but the memory ends after ${mapped}`
  if (!hasChunk(space, head)) return 'none of its first chunks is one of its recorder'
  return head
}

/** A header that was copied alone has something else behind it. */
function hasChunk(space: AddressSpace, { base, size, recorderId }: Head): boolean {
  const chunks = Math.min(size / CHUNK_BYTES, CHUNKS_LOOKED_AT)
  const readable = readableFrom(space.regions, base)
  const bytes = new Uint8Array(CHUNK_HEADER_BYTES)
  const view = new DataView(bytes.buffer)
  let seen = 0
  for (let chunk = 1; chunk < chunks; chunk++) {
    const at = chunk * CHUNK_BYTES
    if (at + CHUNK_HEADER_BYTES > readable) break
    bytes.fill(0)
    space.read(base + at, bytes)
    seen++
    const isOurs =
      view.getUint32(CHUNK_MAGIC, true) === (MASKED_CHUNK_MAGIC ^ MAGIC_MASK) >>> 0 &&
      view.getUint32(CHUNK_NUMBER, true) === chunk &&
      view.getBigUint64(CHUNK_RECORDER_ID, true) === recorderId
    if (isOurs) return true
  }
  // Cut off behind the header; or the first chunk was only being made.
  return seen === 0 || (seen === 1 && bytes.every((byte) => byte === 0))
}
