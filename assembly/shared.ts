// The only shared accesses of the core. Each is one instruction in release; in the stepped build a hook stands before
// it, so that a test can pause a writer there, run another, and open the memory as an image (test/interleave).
//
// peek / write   plain; for words that one thread owns, or that a later check verifies
// settle         plain on a machine whose stores never pass each other, else as publish: later than all stores before it
// look / publish sequentially consistent load and store
// claim          atomic add; answers the value before
// swapIf         compare-and-swap; answers whether it took place

import { HEADER_FLAG_ORDERED_STORES, HEADER_FLAGS } from './layout'

declare function step(address: usize): void

/**
 * Whether this thread may touch an address. That another one has grown the memory V8 tells it at the next call of a function
 * which calls others, and not in a loop of straight ways; where it checks bounds itself, as in Deno, it would throw.
 */
export function reaches(at: usize): bool {
  return <u32>(at >> 16) < <u32>memory.size()
}

/** For a thread whose JavaScript view does not reach yet what another thread's growth has added. */
export function readWord(at: usize): u32 {
  return load<u32>(at)
}

export function writeWord(at: usize, value: u32): void {
  store<u32>(at, value)
}

export function peek16(at: usize): u32 {
  if (isDefined(SH_STEP)) step(at)
  return load<u16>(at)
}

export function peek32(at: usize): u32 {
  if (isDefined(SH_STEP)) step(at)
  return load<u32>(at)
}

export function peek64(at: usize): u64 {
  if (isDefined(SH_STEP)) step(at)
  return load<u64>(at)
}

export function write16(at: usize, value: u32): void {
  if (isDefined(SH_STEP)) step(at)
  store<u16>(at, <u16>value)
}

export function write32(at: usize, value: u32): void {
  if (isDefined(SH_STEP)) step(at)
  store<u32>(at, value)
}

export function write64(at: usize, value: u64): void {
  if (isDefined(SH_STEP)) step(at)
  store<u64>(at, value)
}

export function look32(at: usize): u32 {
  if (isDefined(SH_STEP)) step(at)
  return atomic.load<u32>(at)
}

export function look64(at: usize): u64 {
  if (isDefined(SH_STEP)) step(at)
  return atomic.load<u64>(at)
}

export function publish32(at: usize, value: u32): void {
  if (isDefined(SH_STEP)) step(at)
  atomic.store<u32>(at, value)
}

export function publish64(at: usize, value: u64): void {
  if (isDefined(SH_STEP)) step(at)
  atomic.store<u64>(at, value)
}

/** A sequentially consistent store costs as much as a claim: here it is paid only where a plain one would not do. */
export function settle64(at: usize, value: u64): void {
  if (isDefined(SH_STEP)) step(at)
  if (isOrdered()) store<u64>(at, value)
  else atomic.store<u64>(at, value)
}

export function settle32(at: usize, value: u32): void {
  if (isDefined(SH_STEP)) step(at)
  if (isOrdered()) store<u32>(at, value)
  else atomic.store<u32>(at, value)
}

/** Whether settle stores are plain, and a plain load is earlier than all loads after it, as a look is anywhere. */
export function isOrdered(): bool {
  return (load<u32>(HEADER_FLAGS) & HEADER_FLAG_ORDERED_STORES) != 0
}

export function claim32(at: usize, amount: u32): u32 {
  if (isDefined(SH_STEP)) step(at)
  return atomic.add<u32>(at, amount)
}

export function claim64(at: usize, amount: u64): u64 {
  if (isDefined(SH_STEP)) step(at)
  return atomic.add<u64>(at, amount)
}

export function swapIf32(at: usize, expected: u32, wanted: u32): bool {
  if (isDefined(SH_STEP)) step(at)
  return atomic.cmpxchg<u32>(at, expected, wanted) == expected
}

export function swapIf64(at: usize, expected: u64, wanted: u64): bool {
  if (isDefined(SH_STEP)) step(at)
  return atomic.cmpxchg<u64>(at, expected, wanted) == expected
}

/** Loads a word that nobody changes so many times, which nobody notices. */
export function pause(loads: i32): void {
  for (let n = 0; n < loads; n++) if (atomic.load<u32>(HEADER_FLAGS) == ~0) return
}
