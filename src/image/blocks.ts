// Which block holds which events of a life. An entry says which, and by which mark they are committed; whose block it is, the
// block's own header says.

import {
  BLOCK_BYTES,
  BLOCK_GENERATION,
  BLOCK_HEADER_BYTES,
  BLOCK_NEXT,
  BLOCK_ORDINAL,
  BLOCK_OWNER,
  BLOCK_PARITY_SHIFT,
  BLOCK_STATE,
  CHUNK_BYTES,
  DIRECTORY_ENTRIES,
  ENTRY_BLOCK_MASK,
  ENTRY_ORDINAL_SHIFT,
  ENTRY_PARITY_SHIFT,
  ENTRY_TAKEN_MASK,
  ENTRY_TAKEN_SHIFT,
  EVENT_COMMITTED_EVEN,
  EVENT_COMMITTED_ODD,
  EVENTS_PER_BLOCK,
  HISTORY_DIRECTORY,
  HISTORY_ENTRIES,
  HISTORY_INLINE_ENTRIES,
  HISTORY_KEPT,
  HISTORY_NUMBER_BITS,
} from '../../assembly/layout.ts'
import type { ImageBytes } from './bytes.ts'
import type { Life } from './life.ts'

const ENTRY_BYTES = 8
const HALF_BYTES = 4
/** BLOCK_STATE's upper half: how often it was taken. */
const TAKEN = BLOCK_STATE + HALF_BYTES
/** In the upper half of an entry, which ends with the ordinal: what is before and what is behind shows in its sign. */
const ORDINAL_SHIFT = ENTRY_ORDINAL_SHIFT - 32
/** Looks at an entry that another thread is moving on. */
const LOOKS_MAX = 8

export type Absence = 'unfinished' | 'fallen' | 'damaged'

/** Why a block is not there, and of how many in a row from it that is already known. */
export interface Missing {
  readonly absence: Absence
  readonly blocks: number
}

const UNFINISHED: Missing = { absence: 'unfinished', blocks: 1 }
const FALLEN: Missing = { absence: 'fallen', blocks: 1 }
const DAMAGED: Missing = { absence: 'damaged', blocks: 1 }

export function ownerOf(life: Life): number {
  return life.geometry.list * 2 ** HISTORY_NUMBER_BITS + life.number
}

export function belongsTo(bytes: ImageBytes, block: number, life: Life): boolean {
  return (
    bytes.u32(block + BLOCK_OWNER, 'BLOCK_OWNER') === ownerOf(life) &&
    bytes.u32(block + BLOCK_GENERATION, 'BLOCK_GENERATION') === life.generation
  )
}

/** A block of events. */
export interface EventBlock {
  readonly block: number
  /** The flag that its events have since they are committed: what an earlier turn has left in there has the other one. */
  readonly mark: number
  /** It holds the events from EVENTS_PER_BLOCK times this on. */
  readonly ordinal: number
}

/** Where event block `ordinal` stands, or why it does not. Throws where the image ends before it. */
export function eventBlock(bytes: ImageBytes, life: Life, ordinal: number): EventBlock | Missing {
  const at = entryOffset(bytes, life, ordinal)
  if (typeof at === 'object') return at
  const found = follow(bytes, life, at, ordinal)
  if (found === undefined || found.ordinal < ordinal) return UNFINISHED
  return found.ordinal > ordinal ? FALLEN : found
}

const markOf = (isOdd: number) => (isOdd === 0 ? EVENT_COMMITTED_EVEN : EVENT_COMMITTED_ODD)

function entryOffset(bytes: ImageBytes, life: Life, ordinal: number): number | Missing {
  const { firstBlocks, turnBlocks, directoryLevels } = life.geometry
  if (ordinal >= firstBlocks && turnBlocks === 0) return DAMAGED
  let k = ordinal < firstBlocks ? ordinal : firstBlocks + ((ordinal - firstBlocks) % turnBlocks)
  // As many further blocks have their entries next to one another, here or in a directory.
  const untilTurn = k < firstBlocks ? firstBlocks - k : firstBlocks + turnBlocks - k
  if (k < HISTORY_INLINE_ENTRIES) return life.offset + HISTORY_ENTRIES + k * ENTRY_BYTES
  k -= HISTORY_INLINE_ENTRIES
  let directory = follow(bytes, life, life.offset + HISTORY_DIRECTORY, 0)?.block
  if (directory === undefined) return { absence: 'unfinished', blocks: untilTurn }
  if (directoryLevels === 2) {
    const upper = Math.floor(k / DIRECTORY_ENTRIES)
    if (upper >= DIRECTORY_ENTRIES) return { absence: 'damaged', blocks: untilTurn }
    directory = follow(bytes, life, slotOf(directory, upper), 0)?.block
    k %= DIRECTORY_ENTRIES
    if (directory === undefined)
      return { absence: 'unfinished', blocks: Math.min(untilTurn, DIRECTORY_ENTRIES - k) }
  }
  return k < DIRECTORY_ENTRIES ? slotOf(directory, k) : { absence: 'damaged', blocks: untilTurn }
}

const slotOf = (directory: number, k: number) => directory + BLOCK_HEADER_BYTES + k * ENTRY_BYTES

/**
 * What an ENTRY names, if it is the life's, and still the taking that was named. Of the ordinals that it may mean, the one next to
 * `near`.
 */
function follow(bytes: ImageBytes, life: Life, at: number, near: number): EventBlock | undefined {
  let low: number
  let high: number
  let looks = 0
  // In living memory one half may be of before and one of after a swap, which changes both.
  do {
    low = bytes.acquireU32(at, 'ENTRY')
    high = bytes.acquireU32(at + HALF_BYTES, 'ENTRY')
  } while (bytes.acquireU32(at, 'ENTRY') !== low && ++looks < LOOKS_MAX)
  const block = (low & ENTRY_BLOCK_MASK) * BLOCK_BYTES
  if (block < CHUNK_BYTES) return
  const named =
    ((low >>> ENTRY_TAKEN_SHIFT) | (high << (32 - ENTRY_TAKEN_SHIFT))) & ENTRY_TAKEN_MASK
  const taken = bytes.acquireU32(block + TAKEN, 'BLOCK_STATE') & ENTRY_TAKEN_MASK
  if (taken !== named || !belongsTo(bytes, block, life)) return
  const further = (high - (near << ORDINAL_SHIFT)) >> ORDINAL_SHIFT
  return { block, mark: markOf((low >>> ENTRY_PARITY_SHIFT) & 1), ordinal: near + further }
}

/** The blocks kept for their pinned verbs, newest first. What the entries of others tell, the headers of these do. */
export function* keptBlocks(bytes: ImageBytes, life: Life): Generator<EventBlock> {
  const visited = new Set<number>()
  let block = follow(bytes, life, life.offset + HISTORY_KEPT, 0)?.block ?? 0
  while (block >= CHUNK_BYTES && !visited.has(block) && belongsTo(bytes, block, life)) {
    visited.add(block)
    const isOdd = (bytes.u32(block + BLOCK_STATE, 'BLOCK_STATE') >>> BLOCK_PARITY_SHIFT) & 1
    yield { block, mark: markOf(isOdd), ordinal: bytes.u32(block + BLOCK_ORDINAL, 'BLOCK_ORDINAL') }
    block = bytes.u32(block + BLOCK_NEXT, 'BLOCK_NEXT') * BLOCK_BYTES
  }
}

export interface BlockOfLife extends EventBlock {
  readonly isDirectory: boolean
  /** Where the ENTRY stands that names it. */
  readonly entry: number
}

/** Every block that a life's entries name, once: its directories and its event blocks, but not the kept ones and those of texts. */
export function* blocksOf(bytes: ImageBytes, life: Life): Generator<BlockOfLife> {
  const visited = new Set<number>()
  const { directoryLevels, firstBlocks } = life.geometry
  const newest = Math.floor(life.claimed / EVENTS_PER_BLOCK)
  /** `k`: which of the life's entries. Those of the first quarter never turn. */
  const named = (entry: number, k: number): EventBlock | undefined => {
    const at = (bytes.u32(entry, 'ENTRY') & ENTRY_BLOCK_MASK) * BLOCK_BYTES
    if (!bytes.has(at, BLOCK_BYTES)) return
    const found = follow(bytes, life, entry, newest)
    if (found === undefined || visited.has(found.block)) return
    visited.add(found.block)
    return k < firstBlocks ? { ...found, ordinal: k } : found
  }
  for (let k = 0; k < HISTORY_INLINE_ENTRIES; k++) {
    const entry = life.offset + HISTORY_ENTRIES + k * ENTRY_BYTES
    const found = named(entry, k)
    if (found !== undefined) yield { ...found, isDirectory: false, entry }
  }
  const first = HISTORY_INLINE_ENTRIES
  const top = { entry: life.offset + HISTORY_DIRECTORY, level: directoryLevels, first }
  const directories = directoryLevels > 0 ? [{ ...top, found: named(top.entry, first) }] : []
  for (const { found: directory, entry: own, level, first } of directories) {
    if (directory === undefined) continue
    yield { ...directory, isDirectory: true, entry: own }
    for (let n = 0; n < DIRECTORY_ENTRIES; n++) {
      const entry = slotOf(directory.block, n)
      const k = first + n * (level > 1 ? DIRECTORY_ENTRIES : 1)
      const found = named(entry, k)
      if (found === undefined) continue
      if (level > 1) directories.push({ found, entry, level: level - 1, first: k })
      else yield { ...found, isDirectory: false, entry }
    }
  }
}
