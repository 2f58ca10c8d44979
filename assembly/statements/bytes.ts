// Strings as UTF-8, word by word into the recorder's memory, which is not this module's own.

import {
  BLOCK_BYTES,
  BLOCK_DATA_BYTES,
  BLOCK_HEADER_BYTES,
  BLOCK_NEXT,
  BLOCK_SHIFT,
} from '../layout'
import { readWord, writeWord } from './struct-history'

const NO_END: usize = <usize>-1
const REPLACEMENT: i32 = 0xfffd

// Globals are an instance's, and so a thread's own.
let at: usize = 0
let end: usize = NO_END
let word: u32 = 0
let shift: u32 = 0

/** Begins to write at an address. */
export function beginAt(address: usize): void {
  at = address
  end = NO_END
  word = 0
  shift = 0
}

/** The same for a text, which goes on in the block that BLOCK_NEXT names. */
export function beginText(address: usize): void {
  beginAt(address)
  end = (address & ~(<usize>BLOCK_BYTES - 1)) + BLOCK_BYTES
}

export function putByte(byte: u32): void {
  word |= byte << shift
  shift += 8
  if (shift == 32) flush()
}

export function putWord(value: u32): void {
  for (let n: u32 = 0; n < 32; n += 8) putByte((value >> n) & 0xff)
}

export function putDouble(bits: u64): void {
  putWord(<u32>bits)
  putWord(<u32>(bits >> 32))
}

/** The first `bytes` bytes of a string, which end on a character's boundary. */
export function putString(text: string, bytes: u32): void {
  let left = bytes
  for (let n = 0; left > 0; ) {
    const point = text.codePointAt(n)
    const size = sizeOf(point)
    const shown = isLone(point) ? REPLACEMENT : point
    if (size == 1) putByte(shown)
    else {
      putByte(((0xf00 >> size) & 0xff) | (shown >> (6 * (size - 1))))
      for (let k = <i32>size - 2; k >= 0; k--) putByte(0x80 | ((shown >> (6 * k)) & 0x3f))
    }
    left -= size
    n += point > 0xffff ? 2 : 1
  }
}

/** Zeroes up to the word, as the core sums words. */
export function finish(): void {
  if (shift > 0) flush()
}

/** UTF-8 bytes of a string, as many as `most` holds whole characters of. */
export function bytesOf(text: string, most: u32): u32 {
  let bytes: u32 = 0
  const length = text.length
  for (let n = 0; n < length; ) {
    const point = text.codePointAt(n)
    const size = sizeOf(point)
    if (bytes + size > most) return bytes
    bytes += size
    n += point > 0xffff ? 2 : 1
  }
  return bytes
}

function sizeOf(point: i32): u32 {
  if (point < 0x80) return 1
  return point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
}

function isLone(point: i32): bool {
  return point >= 0xd800 && point < 0xe000
}

function flush(): void {
  if (at == end) {
    at = ((<usize>readWord(end - BLOCK_BYTES + BLOCK_NEXT)) << BLOCK_SHIFT) + BLOCK_HEADER_BYTES
    end = at + BLOCK_DATA_BYTES
  }
  writeWord(at, word)
  at += 4
  word = 0
  shift = 0
}
