// Formats, names and call sites as numbers. Those written down in the program are looked up once in each instance.

import { STRING_BYTES_MAX, STRING_DATA } from '../layout'
import { beginAt, bytesOf, finish, putString } from './bytes'
import { claimString, commitString } from './struct-history'

const SLOTS: u32 = 1024
const PROBES: u32 = 8
/** Fibonacci hashing: the lowest bits of addresses are alike. */
const SPREAD: u32 = 0x9e3779b1

/** Upper half: address of a literal; lower half: its id. */
let known: StaticArray<u64> = changetype<StaticArray<u64>>(<usize>0)

/** The id of a string; 0 where it is empty, or the string area full, which is counted. */
export function idOf(text: string): u32 {
  if (text.length == 0) return 0
  return isLiteral(text) ? idOfLiteral(text) : intern(text)
}

/** Other strings may be gone tomorrow, and another one at their address. */
export function isLiteral(text: string): bool {
  return changetype<usize>(text) < __heap_base
}

function idOfLiteral(text: string): u32 {
  if (changetype<usize>(known) == 0) known = new StaticArray<u64>(SLOTS)
  const address = <u32>changetype<usize>(text)
  const first = (address * SPREAD) >> 22
  for (let n: u32 = 0; n < PROBES; n++) {
    const slot = (first + n) & (SLOTS - 1)
    const entry = unchecked(known[slot])
    if (<u32>(entry >> 32) == address) return <u32>entry
    if (entry != 0) continue
    const id = intern(text)
    store<u64>(changetype<usize>(known) + slot * 8, ((<u64>address) << 32) | id)
    return id
  }
  return intern(text)
}

function intern(text: string): u32 {
  const bytes = bytesOf(text, STRING_BYTES_MAX)
  const at = claimString(bytes, 0)
  if (at == 0) return 0
  beginAt(at + STRING_DATA)
  putString(text, bytes)
  finish()
  return commitString(at)
}
