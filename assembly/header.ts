// The first chunk: begun once, by the thread that makes the recorder; version last, so that a header with a version is whole.

import {
  CHECK_BYTES,
  FORMAT_VERSION,
  HEADER_BUDGET_CHUNKS,
  HEADER_CHECK,
  HEADER_CHUNKS,
  HEADER_CLOCK,
  HEADER_FLAGS,
  HEADER_MAGIC,
  HEADER_NAME_LENGTH,
  HEADER_PID,
  HEADER_RECORDER_ID,
  HEADER_STARTED,
  HEADER_STATIC_BYTES,
  HEADER_VERSION,
  MAGIC_MASK,
  MASKED_MAGIC_0,
  MASKED_MAGIC_1,
  MASKED_MAGIC_2,
  MASKED_MAGIC_3,
} from './layout'
import { look64, peek32, publish32, swapIf64, write32, write64 } from './shared'

/** Writes the header; the caller has put the name's bytes at HEADER_NAME. */
export function begin(
  budgetChunks: u32,
  flags: u32,
  id: u64,
  started: f64,
  pid: u32,
  nameBytes: u32,
): void {
  write32(HEADER_BUDGET_CHUNKS, budgetChunks)
  write32(HEADER_FLAGS, flags)
  write64(HEADER_RECORDER_ID, id)
  write64(HEADER_STARTED, reinterpret<u64>(started))
  write32(HEADER_PID, pid)
  write32(HEADER_NAME_LENGTH, nameBytes)
  write32(HEADER_CHUNKS, 1)
  write32(HEADER_MAGIC, unmasked(MASKED_MAGIC_0))
  write32(HEADER_MAGIC + 4, unmasked(MASKED_MAGIC_1))
  write32(HEADER_MAGIC + 8, unmasked(MASKED_MAGIC_2))
  write32(HEADER_MAGIC + 12, unmasked(MASKED_MAGIC_3))
  write32(HEADER_CHECK, headerCheck())
  publish32(HEADER_VERSION, FORMAT_VERSION)
}

/** Moves the coarse clock forward; a thread that is behind changes nothing. */
export function setClock(micros: f64): void {
  const now = <u64>micros
  const shown = look64(HEADER_CLOCK)
  if (now > shown) swapIf64(HEADER_CLOCK, shown, now)
}

/** Through memory, or the optimizer would leave the magic in the module's code, where a core would show it again. */
function unmasked(word: u32): u32 {
  write32(HEADER_CHECK, MAGIC_MASK)
  return word ^ peek32(HEADER_CHECK)
}

function headerCheck(): u32 {
  let check: u32 = 0
  for (let at: usize = 0; at < <usize>HEADER_STATIC_BYTES; at += 4) {
    const word = at == HEADER_CHECK || at == HEADER_VERSION ? 0 : peek32(at)
    check += word * (CHECK_BYTES + 2 * (<u32>at >> 2))
  }
  return check == 0 ? 1 : check
}
