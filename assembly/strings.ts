// Interned strings: names, formats, call sites. Append-only; equal strings become one id through a shared index, so
// that a thousand workers that join with the same formats add nothing.
//
//   claimString -> the caller writes the bytes -> commitString -> id

import { bringChunk } from './chunks'
import {
  CHECK_BYTES,
  CHUNK_BYTES,
  CHUNK_HEADER_BYTES,
  CHUNK_SHIFT,
  CLASS_STRING_INDEX,
  CLASS_STRINGS,
  COUNTER_STRINGS_FULL,
  HEADER_STRING_CURSOR,
  HEADER_STRING_INDEX,
  STRING_BYTES_MAX,
  STRING_CHECK,
  STRING_CHUNKS,
  STRING_CHUNKS_MAX,
  STRING_DATA,
  STRING_ID_CHUNK_SHIFT,
  STRING_INDEX_PROBES,
  STRING_INDEX_SLOTS,
  STRING_LENGTH,
  STRING_UNIT_SHIFT,
} from './layout'
import { look32, look64, peek32, swapIf32, swapIf64, write32 } from './shared'
import { count } from './stats'

/**
 * Room for a string of so many bytes that leaves `spared` bytes of its chunk to others; 0 = the string area is full or the
 * string too long.
 */
export function claimString(bytes: u32, spared: u32): usize {
  if (bytes > <u32>STRING_BYTES_MAX) return 0
  const size = sizeOf(bytes)
  while (true) {
    const cursor = look64(HEADER_STRING_CURSOR)
    const ordinal = <u32>(cursor >> 32)
    const next = <u32>cursor
    if (next != 0 && next + size + spared <= <u32>CHUNK_BYTES) {
      if (!swapIf64(HEADER_STRING_CURSOR, cursor, cursor + size)) continue
      const at = ((<usize>look32(STRING_CHUNKS + ordinal * 4)) << CHUNK_SHIFT) + next
      write32(at + STRING_LENGTH, bytes)
      return at
    }
    const fresh: u32 = next == 0 ? 0 : ordinal + 1
    if (
      fresh == STRING_CHUNKS_MAX ||
      !bringChunk(STRING_CHUNKS + fresh * 4, CLASS_STRINGS, fresh)
    ) {
      count(COUNTER_STRINGS_FULL)
      return 0
    }
    swapIf64(HEADER_STRING_CURSOR, cursor, ((<u64>fresh) << 32) | CHUNK_HEADER_BYTES)
  }
}

/** The id of a written string: its own, or that of an equal one, whose memory the new one then gives back. */
export function commitString(at: usize): u32 {
  const length = peek32(at + STRING_LENGTH)
  const check = stringCheck(at, length)
  write32(at + STRING_CHECK, check)
  const own = idOf(at)
  const index = stringIndex()
  if (index == 0) return own
  let slot = check % STRING_INDEX_SLOTS
  for (let n: u32 = 0; n < <u32>STRING_INDEX_PROBES; n++) {
    const word = index + CHUNK_HEADER_BYTES + slot * 4
    let id = look32(word)
    if (id == 0) {
      if (swapIf32(word, 0, own)) return own
      id = look32(word)
    }
    const other = stringAt(id)
    if (peek32(other + STRING_CHECK) == check && equal(at, other, length)) {
      // Undone only if nothing was claimed since; otherwise these few bytes are lost.
      const end =
        ((<u64>(own >> STRING_ID_CHUNK_SHIFT)) << 32) |
        <u64>((at & (CHUNK_BYTES - 1)) + sizeOf(length))
      swapIf64(HEADER_STRING_CURSOR, end, end - sizeOf(length))
      return id
    }
    if (++slot == STRING_INDEX_SLOTS) slot = 0
  }
  return own
}

export function stringAt(id: u32): usize {
  const chunk = look32(STRING_CHUNKS + (id >> STRING_ID_CHUNK_SHIFT) * 4)
  const offset = (id & ((1 << STRING_ID_CHUNK_SHIFT) - 1)) << STRING_UNIT_SHIFT
  return ((<usize>chunk) << CHUNK_SHIFT) + offset
}

function idOf(at: usize): u32 {
  const chunk = <u32>(at >> CHUNK_SHIFT)
  let ordinal: u32 = 0
  while (look32(STRING_CHUNKS + ordinal * 4) != chunk) ordinal++
  return (ordinal << STRING_ID_CHUNK_SHIFT) | ((<u32>at & (CHUNK_BYTES - 1)) >> STRING_UNIT_SHIFT)
}

function stringIndex(): usize {
  if (!bringChunk(HEADER_STRING_INDEX, CLASS_STRING_INDEX, 0)) return 0
  return (<usize>look32(HEADER_STRING_INDEX)) << CHUNK_SHIFT
}

function stringCheck(at: usize, length: u32): u32 {
  let check: u32 = 0
  const words = (length + 3) >> 2
  for (let n: u32 = 0; n < words; n++)
    check += peek32(at + STRING_DATA + n * 4) * (CHECK_BYTES + 2 * n)
  return check == 0 ? 1 : check
}

function equal(a: usize, b: usize, length: u32): bool {
  if (peek32(b + STRING_LENGTH) != length) return false
  const words = (length + 3) >> 2
  for (let n: u32 = 0; n < words; n++) {
    if (peek32(a + STRING_DATA + n * 4) != peek32(b + STRING_DATA + n * 4)) return false
  }
  return true
}

function sizeOf(bytes: u32): u32 {
  return (STRING_DATA + bytes + 7) & ~7
}
