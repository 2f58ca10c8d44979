// What a control word says. Nothing else decides whether a life stands.

import {
  CONTROL_GENERATION_SHIFT,
  CONTROL_LIVE,
  CONTROL_REFS_MAX,
  CONTROL_REFS_SHIFT,
  HISTORY_CONTROL,
  HISTORY_GENERATION,
} from './layout'
import { look64, peek32 } from './shared'

const LIFE_MASK: u32 = (0xffff << CONTROL_GENERATION_SHIFT) | CONTROL_LIVE

/** Whether a control word is that of the life that a handle names. */
export function isLifeOf(control: u64, history: usize, generation: u32): bool {
  const wanted = (generation << CONTROL_GENERATION_SHIFT) | CONTROL_LIVE
  const differs = (<u32>control & LIFE_MASK) ^ wanted
  return (differs | (peek32(history + HISTORY_GENERATION) ^ generation)) == 0
}

/** Whether the life stands now: what was read of its history before is then of this life, or left over from earlier. */
export function stands(history: usize, generation: u32): bool {
  return isLifeOf(look64(history + HISTORY_CONTROL), history, generation)
}

export function refsOf(control: u64): u32 {
  return <u32>(control >> CONTROL_REFS_SHIFT) & CONTROL_REFS_MAX
}
