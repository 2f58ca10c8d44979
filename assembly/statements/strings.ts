// Verbs with formats, names and call sites as numbers. Those written down in the program are looked up once in each instance.

import {
  STATEMENT_DIGIT,
  STATEMENT_DIGIT_BITS,
  STATEMENT_DIGITS,
  STRING_BYTES_MAX,
  STRING_DATA,
} from '../layout'
import { beginAt, bytesOf, finish, putByte, putString } from './bytes'
import { claimString, commitString } from './struct-history'

const SLOTS: u32 = 1024
const PROBES: u32 = 8
/** Fibonacci hashing: the lowest bits of addresses are alike. */
const SPREAD: u32 = 0x9e3779b1

const ID_BITS: u32 = 20
const ID_MASK: u32 = (1 << ID_BITS) - 1
/** No verb's number. */
const NO_VERB: u32 = 0xfff

/** Upper half: address of a literal; lower half: the verb, and its id with that. */
let known: StaticArray<u64> = changetype<StaticArray<u64>>(<usize>0)

/** The id of a string; 0 where it is empty, or the string area full, which is counted. */
export function idOf(text: string): u32 {
  return idWith(NO_VERB, text)
}

/** The id of a statement; 0 where it has no format, or the string area is full, which is counted. */
export function statementOf(verb: u32, format: string): u32 {
  return idWith(verb, format)
}

function idWith(verb: u32, text: string): u32 {
  if (text.length == 0) return 0
  return isLiteral(text) ? idOfLiteral(verb, text) : intern(verb, text)
}

/** Other strings may be gone tomorrow, and another one at their address. */
export function isLiteral(text: string): bool {
  return changetype<usize>(text) < __heap_base
}

function idOfLiteral(verb: u32, text: string): u32 {
  if (changetype<usize>(known) == 0) known = new StaticArray<u64>(SLOTS)
  const address = <u32>changetype<usize>(text)
  const first = ((address + verb) * SPREAD) >> 22
  for (let n: u32 = 0; n < PROBES; n++) {
    const slot = (first + n) & (SLOTS - 1)
    const entry = unchecked(known[slot])
    if (<u32>(entry >> 32) == address && <u32>entry >> ID_BITS == verb) return <u32>entry & ID_MASK
    if (entry != 0) continue
    const id = intern(verb, text)
    const told = (verb << ID_BITS) | id
    store<u64>(changetype<usize>(known) + slot * 8, ((<u64>address) << 32) | told)
    return id
  }
  return intern(verb, text)
}

function intern(verb: u32, text: string): u32 {
  const digits = verb == NO_VERB ? 0 : STATEMENT_DIGITS
  const bytes = bytesOf(text, STRING_BYTES_MAX - digits)
  const at = claimString(digits + bytes, 0)
  if (at == 0) return 0
  beginAt(at + STRING_DATA)
  if (digits) {
    putByte(STATEMENT_DIGIT + (verb >> STATEMENT_DIGIT_BITS))
    putByte(STATEMENT_DIGIT + (verb & ((1 << STATEMENT_DIGIT_BITS) - 1)))
  }
  putString(text, bytes)
  finish()
  return commitString(at)
}
