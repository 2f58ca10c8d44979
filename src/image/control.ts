// What a control word says of the life in a slot.

import {
  CONTROL_CLAIMED_SHIFT,
  CONTROL_GENERATION_SHIFT,
  CONTROL_LIVE,
  CONTROL_REFS_MAX,
  CONTROL_REFS_SHIFT,
  HISTORY_CONTROL,
  HISTORY_GENERATION,
} from '../../assembly/layout.ts'
import type { ImageBytes } from './bytes.ts'

/** References of ref(): the pusher's own is none of them. `state`: the lower half of the word. */
export const refsOf = (state: number): number => (state >>> CONTROL_REFS_SHIFT) & CONTROL_REFS_MAX

/** Whether a life is there, of a generation that ends with the same 16 bits: the lower half has no more of it. */
export const holdsLife = (state: number, generation: number): boolean =>
  (state & CONTROL_LIVE) !== 0 && state >>> CONTROL_GENERATION_SHIFT === (generation & 0xffff)

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
): boolean {
  return (
    holdsLife(state, generation) &&
    bytes.u32(history + HISTORY_GENERATION, 'HISTORY_GENERATION') === generation
  )
}
