// One life as its slot and its list tell it: the numbers that every record of it must agree with.

import {
  CONTROL_CLAIMED_SHIFT,
  CONTROL_GENERATION_SHIFT,
  CONTROL_LIVE,
  HISTORY_CONTROL,
  HISTORY_GENERATION,
} from '../../assembly/layout.ts'
import type { ImageBytes } from './bytes.ts'

/** How the events of a list's histories are laid out; from the list record, limits checked. */
export interface Geometry {
  readonly list: number
  readonly maxEvents: number
  readonly maxText: number
  readonly firstBlocks: number
  readonly turnBlocks: number
  readonly directoryLevels: number
}

export interface Life {
  /** Slot number: address / 128. */
  readonly number: number
  readonly offset: number
  readonly generation: number
  /** Events ever claimed. */
  readonly claimed: number
  readonly geometry: Geometry
  /** For messages. */
  readonly name: () => string
}

/** HISTORY_CONTROL taken apart. */
export interface Control {
  /** The lower half: flags, refs, generation low. */
  readonly state: number
  readonly claimed: number
}

const UPPER_WORD = CONTROL_CLAIMED_SHIFT / 8

/** Both halves of one moment, as near as 32-bit reads of living memory come: the state is read again behind the count. */
export function readControl(bytes: ImageBytes, history: number): Control {
  const at = history + HISTORY_CONTROL
  for (let attempt = 0; ; attempt++) {
    const state = bytes.acquireU32(at, 'HISTORY_CONTROL')
    const claimed = bytes.acquireU32(at + UPPER_WORD, 'HISTORY_CONTROL')
    const after = bytes.acquireU32(at, 'HISTORY_CONTROL')
    if (after === state || attempt > 0) return { state: after, claimed }
  }
}

/** Whether the slot holds a life of this generation. */
export function isLifeOf(
  bytes: ImageBytes,
  history: number,
  { state }: Control,
  generation: number,
) {
  return (
    (state & CONTROL_LIVE) !== 0 &&
    state >>> CONTROL_GENERATION_SHIFT === (generation & 0xffff) &&
    bytes.u32(history + HISTORY_GENERATION, 'HISTORY_GENERATION') === generation
  )
}
