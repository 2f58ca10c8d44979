// Numbers from outside become addresses only here: a handle may come from another thread, an old dump or thin air.

import { isLifeOf } from './control'
import {
  CHUNK_BYTES,
  CHUNK_CLASS,
  CHUNK_SHIFT,
  CLASS_HISTORIES,
  HEADER_CHUNKS,
  HISTORY_CONTROL,
  HISTORY_SHIFT,
} from './layout'
import { listOf } from './list-record'
import { look32, look64 } from './shared'

/** The history of this number and generation if it is retained in this list, else 0. */
export function resolve(list: usize, number: u32, generation: u32): usize {
  const chunk = number >> (CHUNK_SHIFT - HISTORY_SHIFT)
  if (chunk == 0 || chunk >= look32(HEADER_CHUNKS)) return 0
  if (look32(((<usize>chunk) << CHUNK_SHIFT) + CHUNK_CLASS) != CLASS_HISTORIES) return 0
  const history = (<usize>number) << HISTORY_SHIFT
  if ((history & (CHUNK_BYTES - 1)) == 0) return 0
  const control = look64(history + HISTORY_CONTROL)
  if (!isLifeOf(control, history, generation)) return 0
  return listOf(history) == list ? history : 0
}
