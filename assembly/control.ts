// What a control word says. Nothing else decides whether a life stands.

import {
  CONTROL_ENDED,
  CONTROL_GENERATION_SHIFT,
  CONTROL_LIVE,
  CONTROL_OUT,
  CONTROL_REFS_MAX,
  CONTROL_REFS_SHIFT,
  CONTROL_RELEASED,
  HISTORY_CONTROL,
  HISTORY_GENERATION,
} from './layout'
import { look64, peek32 } from './shared'

const LIFE_MASK: u32 = (0xffff << CONTROL_GENERATION_SHIFT) | CONTROL_LIVE
const LATE_MASK: u32 = CONTROL_ENDED | CONTROL_RELEASED

/** Whether a control word is that of the life that a handle names. */
export function isLifeOf(control: u64, history: usize, generation: u32): bool {
  return isThat(<u32>control & LIFE_MASK, history, generation)
}

/** As isLifeOf, and neither its end nor its last release has come. */
export function isUnderWay(control: u64, history: usize, generation: u32): bool {
  return isThat(<u32>control & (LIFE_MASK | LATE_MASK), history, generation)
}

function isThat(bits: u32, history: usize, generation: u32): bool {
  const differs = bits ^ ((generation << CONTROL_GENERATION_SHIFT) | CONTROL_LIVE)
  return (differs | (peek32(history + HISTORY_GENERATION) ^ generation)) == 0
}

/** Whether the life stands now: what was read of its history before is then of this life, or left over from earlier. */
export function stands(history: usize, generation: u32): bool {
  return isLifeOf(look64(history + HISTORY_CONTROL), history, generation)
}

export function refsOf(control: u64): u32 {
  return <u32>(control >> CONTROL_REFS_SHIFT) & CONTROL_REFS_MAX
}

/** Whether a reference more is no more than a number: the count is not full. */
export function mayRef(control: u64): bool {
  return refsOf(control) != CONTROL_REFS_MAX
}

/** Whether a reference less is no more than a number: it is not the pusher's own, and no life ends with it. */
export function mayUnref(control: u64): bool {
  const refs = refsOf(control)
  return refs > ((control & CONTROL_OUT) != 0 ? 1 : 0) && refs != CONTROL_REFS_MAX
}
