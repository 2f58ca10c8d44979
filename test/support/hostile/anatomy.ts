// Where the structures of a sample stand, so that mutations hit what means something. Only what the format tells; of the
// sample, which is whole, so nothing here need be careful.

import * as at from '../../../assembly/layout.ts'
import { ImageBytes } from '../../../src/image/bytes.ts'
import { eventCheck } from '../../../src/image/check.ts'

export interface Anatomy {
  /** Numbers of the chunks of each class. */
  readonly chunks: ReadonlyMap<number, readonly number[]>
  readonly lists: readonly number[]
  /** Slots of histories that hold a life, and a free one. */
  readonly histories: readonly number[]
  /** Blocks that were taken: of events, texts, directories. */
  readonly blocks: readonly number[]
  readonly directories: readonly number[]
  readonly events: readonly EventPlace[]
  /** Offsets of interned strings. */
  readonly strings: readonly number[]
  readonly stringIds: readonly number[]
  readonly threads: readonly number[]
  readonly verbs: readonly number[]
  readonly texts: readonly TextPlace[]
}

export interface EventPlace {
  readonly offset: number
  readonly index: number
  readonly history: number
  readonly generation: number
}

export interface TextPlace {
  readonly address: number
  readonly index: number
}

export function anatomyOf(bytes: Uint8Array): Anatomy {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const u32 = (offset: number) => view.getUint32(offset, true)
  const whole = new ImageBytes(bytes, 'sample')
  const chunks = new Map<number, number[]>()
  for (let chunk = 1; chunk < bytes.length / at.CHUNK_BYTES; chunk++) {
    const chunkClass = u32(chunk * at.CHUNK_BYTES + at.CHUNK_CLASS)
    chunks.set(chunkClass, [...(chunks.get(chunkClass) ?? []), chunk])
  }
  const items = (chunkClass: number, size: number, count: number): number[] =>
    (chunks.get(chunkClass) ?? []).flatMap((chunk) =>
      Array.from({ length: count }, (_, i) => (chunk + 1) * at.CHUNK_BYTES - (count - i) * size),
    )

  const slots = items(at.CLASS_HISTORIES, at.HISTORY_BYTES, at.HISTORIES_PER_CHUNK)
  const isLive = (slot: number) => (u32(slot + at.HISTORY_CONTROL) & at.CONTROL_LIVE) !== 0
  const free = slots.filter((slot) => !isLive(slot)).slice(0, 1)
  const isTaken = (block: number) => u32(block + at.BLOCK_STATE + 4) !== 0
  const blocks = items(at.CLASS_BLOCKS, at.BLOCK_BYTES, at.BLOCKS_PER_CHUNK).filter(isTaken)
  const strings = stringsOf(bytes, chunks.get(at.CLASS_STRINGS) ?? [])
  const events = blocks.flatMap((block) => eventsOf(whole, block))
  return {
    chunks,
    lists: inUse(at.LIST_RECORDS, at.LIST_BYTES, at.LISTS_MAX, (record) =>
      u32(record + at.LIST_STATE),
    ),
    histories: [...slots.filter(isLive), ...free],
    blocks,
    directories: items(at.CLASS_DIRECTORIES, at.BLOCK_BYTES, at.BLOCKS_PER_CHUNK).filter(isTaken),
    events,
    strings,
    stringIds: strings.map((offset) => {
      const chunk = Math.floor(offset / at.CHUNK_BYTES)
      const ordinal = u32(chunk * at.CHUNK_BYTES + at.CHUNK_ORDINAL)
      const inChunk = (offset % at.CHUNK_BYTES) >> at.STRING_UNIT_SHIFT
      return (ordinal << at.STRING_ID_CHUNK_SHIFT) | inChunk
    }),
    threads: (chunks.get(at.CLASS_THREADS) ?? []).flatMap((chunk) =>
      inUse(
        chunk * at.CHUNK_BYTES + at.CHUNK_HEADER_BYTES,
        at.THREAD_BYTES,
        at.THREADS_PER_CHUNK,
        (record) => u32(record + at.THREAD_NUMBER),
      ),
    ),
    verbs: inUse(at.VERB_TABLE, at.VERB_BYTES, at.VERBS_MAX, (verb) => u32(verb + 4)),
    texts: events
      .filter(({ offset }) => isText(u32, offset))
      .map(({ offset, index }) => ({ address: u32(offset + at.EVENT_WORDS), index })),
  }
}

/** The records of a table up to the first that is not in use, and that one. */
function inUse(
  start: number,
  size: number,
  most: number,
  state: (record: number) => number,
): number[] {
  const records: number[] = []
  for (let i = 0; i < most; i++) {
    records.push(start + i * size)
    if (state(start + i * size) === 0) break
  }
  return records
}

function isText(u32: (offset: number) => number, event: number): boolean {
  const tags = u32(event + at.EVENT_WHAT) & at.EVENT_TAGS_MASK
  return tags === at.TAGS_TEXT && u32(event + at.EVENT_WORDS) !== 0
}

/** No life of the samples has more. */
const EVENTS_MOST = 1000

/** What is an event: a block of texts has none, whatever stands in it. */
function eventsOf(bytes: ImageBytes, block: number): EventPlace[] {
  const u32 = (offset: number) => bytes.u32(offset, 'the sample')
  const places: EventPlace[] = []
  const history = u32(block + at.BLOCK_OWNER) % 2 ** at.HISTORY_NUMBER_BITS
  const generation = u32(block + at.BLOCK_GENERATION)
  for (let place = 0; place < at.EVENTS_PER_BLOCK; place++) {
    const offset = block + at.BLOCK_HEADER_BYTES + place * at.EVENT_BYTES
    const check = u32(offset + at.EVENT_CHECK)
    if (check === 0) continue
    // Which event of its history it is, only its check knows here.
    for (let index = place; index < EVENTS_MOST; index += at.EVENTS_PER_BLOCK)
      if (check === eventCheck(bytes, offset, index, history, generation))
        places.push({ offset, index, history, generation })
  }
  return places
}

function stringsOf(bytes: Uint8Array, chunks: readonly number[]): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const offsets: number[] = []
  for (const chunk of chunks) {
    const end = (chunk + 1) * at.CHUNK_BYTES
    for (let offset = chunk * at.CHUNK_BYTES + at.CHUNK_HEADER_BYTES; offset + 8 < end; ) {
      const length = view.getUint32(offset + at.STRING_LENGTH, true)
      if (view.getUint32(offset + at.STRING_CHECK, true) === 0) break
      offsets.push(offset)
      offset += Math.ceil((at.STRING_DATA + length) / 8) * 8
    }
  }
  return offsets
}
