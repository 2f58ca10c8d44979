// Which block holds which events of a life. An entry only points; whose block it is, and which turn, the block's own
// header says.

import {
  BLOCK_BYTES,
  BLOCK_GENERATION,
  BLOCK_HEADER_BYTES,
  BLOCK_NEXT,
  BLOCK_ORDINAL,
  BLOCK_OWNER,
  BLOCK_STATE,
  CHUNK_BYTES,
  DIRECTORY_ENTRIES,
  ENTRY_BLOCK,
  ENTRY_INCARNATION,
  EVENT_PARITY,
  EVENT_PARITY_SHIFT,
  HISTORY_DIRECTORY,
  HISTORY_ENTRIES,
  HISTORY_INLINE_ENTRIES,
  HISTORY_KEPT,
  HISTORY_NUMBER_BITS,
} from '../../assembly/layout.ts'
import type { ImageBytes } from './bytes.ts'
import type { Life } from './life.ts'

const ENTRY_BYTES = 8
/** BLOCK_STATE's upper half. */
const INCARNATION = BLOCK_STATE + 4

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

/**
 * Whether an event of a block says by its EVENT_CHECK that it was committed since the block was taken: what an earlier taking
 * has left has the other parity. That it is whole, its check must show.
 */
export function isCommitted(bytes: ImageBytes, block: number, check: number): boolean {
  const taken = bytes.u32(block + INCARNATION, 'BLOCK_STATE')
  return (check & EVENT_PARITY) >>> EVENT_PARITY_SHIFT === (taken & 1) && check !== 0
}

/** Where event block `ordinal` stands, or why it does not. Throws where the image ends before it. */
export function eventBlock(bytes: ImageBytes, life: Life, ordinal: number): number | Missing {
  const entry = entryOffset(bytes, life, ordinal)
  if (typeof entry === 'object') return entry
  const block = follow(bytes, entry)
  if (block === 0 || !belongsTo(bytes, block, life)) return UNFINISHED
  const holds = bytes.u32(block + BLOCK_ORDINAL, 'BLOCK_ORDINAL')
  if (holds === ordinal) return block
  return holds > ordinal ? FALLEN : UNFINISHED
}

function entryOffset(bytes: ImageBytes, life: Life, ordinal: number): number | Missing {
  const { firstBlocks, turnBlocks, directoryLevels } = life.geometry
  if (ordinal >= firstBlocks && turnBlocks === 0) return DAMAGED
  let k = ordinal < firstBlocks ? ordinal : firstBlocks + ((ordinal - firstBlocks) % turnBlocks)
  // As many further blocks have their entries next to one another, here or in a directory.
  const untilTurn = k < firstBlocks ? firstBlocks - k : firstBlocks + turnBlocks - k
  if (k < HISTORY_INLINE_ENTRIES) return life.offset + HISTORY_ENTRIES + k * ENTRY_BYTES
  k -= HISTORY_INLINE_ENTRIES
  let directory = follow(bytes, life.offset + HISTORY_DIRECTORY)
  if (directory === 0 || !belongsTo(bytes, directory, life))
    return { absence: 'unfinished', blocks: untilTurn }
  if (directoryLevels === 2) {
    const upper = Math.floor(k / DIRECTORY_ENTRIES)
    if (upper >= DIRECTORY_ENTRIES) return { absence: 'damaged', blocks: untilTurn }
    directory = follow(bytes, slotOf(directory, upper))
    k %= DIRECTORY_ENTRIES
    if (directory === 0 || !belongsTo(bytes, directory, life))
      return { absence: 'unfinished', blocks: Math.min(untilTurn, DIRECTORY_ENTRIES - k) }
  }
  return k < DIRECTORY_ENTRIES ? slotOf(directory, k) : { absence: 'damaged', blocks: untilTurn }
}

const slotOf = (directory: number, k: number) => directory + BLOCK_HEADER_BYTES + k * ENTRY_BYTES

/** The block that an ENTRY names, if it is still the taking that it named; else 0. */
function follow(bytes: ImageBytes, entry: number): number {
  const block = bytes.acquireU32(entry + ENTRY_BLOCK, 'ENTRY') * BLOCK_BYTES
  if (block < CHUNK_BYTES) return 0
  const incarnation = bytes.u32(entry + ENTRY_INCARNATION, 'ENTRY')
  return bytes.acquireU32(block + INCARNATION, 'BLOCK_STATE') === incarnation ? block : 0
}

/** The blocks kept for their pinned verbs, newest first. */
export function* keptBlocks(bytes: ImageBytes, life: Life): Generator<number> {
  const visited = new Set<number>()
  let block = follow(bytes, life.offset + HISTORY_KEPT)
  while (block >= CHUNK_BYTES && !visited.has(block) && belongsTo(bytes, block, life)) {
    visited.add(block)
    yield block
    block = bytes.u32(block + BLOCK_NEXT, 'BLOCK_NEXT') * BLOCK_BYTES
  }
}

export interface BlockOfLife {
  readonly block: number
  readonly isDirectory: boolean
  /** Where the ENTRY stands that names it. */
  readonly entry: number
}

/** Every block that a life's entries name, once: its directories and its event blocks, but not the kept ones and those of texts. */
export function* blocksOf(bytes: ImageBytes, life: Life): Generator<BlockOfLife> {
  const visited = new Set<number>()
  const named = (entry: number) => {
    const at = bytes.u32(entry + ENTRY_BLOCK, 'ENTRY') * BLOCK_BYTES
    const block = bytes.has(at, BLOCK_BYTES) ? follow(bytes, entry) : 0
    if (block === 0 || visited.has(block) || !belongsTo(bytes, block, life)) return 0
    visited.add(block)
    return block
  }
  for (let k = 0; k < HISTORY_INLINE_ENTRIES; k++) {
    const entry = life.offset + HISTORY_ENTRIES + k * ENTRY_BYTES
    const block = named(entry)
    if (block !== 0) yield { block, isDirectory: false, entry }
  }
  const { directoryLevels } = life.geometry
  const top = { entry: life.offset + HISTORY_DIRECTORY, level: directoryLevels }
  const directories = directoryLevels > 0 ? [{ ...top, block: named(top.entry) }] : []
  for (const { block: directory, entry: own, level } of directories) {
    if (directory === 0) continue
    yield { block: directory, isDirectory: true, entry: own }
    for (let k = 0; k < DIRECTORY_ENTRIES; k++) {
      const entry = slotOf(directory, k)
      const block = named(entry)
      if (block === 0) continue
      if (level > 1) directories.push({ block, entry, level: level - 1 })
      else yield { block, isDirectory: false, entry }
    }
  }
}
