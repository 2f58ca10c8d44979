// Verbs and threads: small tables at low offsets, each record published by one store.

import { bringChunk } from './chunks'
import {
  CLASS_THREADS,
  COUNTER_THREADS_FULL,
  HEADER_PINNED_VERBS,
  HEADER_THREADS,
  THREAD_CHUNKS,
  THREAD_JOINED,
  THREAD_NAME,
  THREAD_NUMBER,
  THREAD_PID,
  THREAD_RUNTIME,
  THREAD_TID,
  THREADS_MAX,
  THREADS_PER_CHUNK,
  VERB_BYTES,
  VERB_DEFINED_SHIFT,
  VERB_FLAG_PIN,
  VERB_FLAGS_SHIFT,
  VERB_ROLE_SHIFT,
  VERB_TABLE,
  VERBS_MAX,
} from './layout'
import { claim32, look64, publish32, swapIf64, write32, write64 } from './shared'
import { recordOf } from './spares'
import { count } from './stats'

const VERB_DEFINED: u64 = (<u64>1) << VERB_DEFINED_SHIFT
/** A runtime that does not number its threads: the recorder's own number serves. */
const UNKNOWN_TID: u32 = 0xffffffff

/** The id of the verb of this name: defined now, or before by any thread. -1 = the table is full. */
export function defineVerb(name: u32, role: u32, flags: u32): i32 {
  const wanted =
    VERB_DEFINED | ((<u64>flags) << VERB_FLAGS_SHIFT) | ((<u64>role) << VERB_ROLE_SHIFT) | name
  for (let id: i32 = 0; id < VERBS_MAX; id++) {
    const at = VERB_TABLE + id * VERB_BYTES
    let verb = look64(at)
    if (verb == 0) {
      // Counted first: whoever finds the verb in the table may log it, and lap it, at once.
      if (flags & VERB_FLAG_PIN) claim32(HEADER_PINNED_VERBS, 1)
      if (swapIf64(at, 0, wanted)) return id
      if (flags & VERB_FLAG_PIN) claim32(HEADER_PINNED_VERBS, -1)
      verb = look64(at)
    }
    if (<u32>verb == name) return id
  }
  return -1
}

/** A number for the calling thread, never given twice. Beyond THREADS_MAX, or without memory, the nameless last one. */
export function joinThread(pid: u32, tid: u32, name: u32, runtime: u32, micros: f64): u32 {
  const number = claim32(HEADER_THREADS, 1)
  const ordinal = number / THREADS_PER_CHUNK
  if (
    number >= <u32>THREADS_MAX ||
    !bringChunk(THREAD_CHUNKS + ordinal * 4, CLASS_THREADS, ordinal)
  ) {
    count(COUNTER_THREADS_FULL)
    return THREADS_MAX
  }
  const at = recordOf(number)
  write32(at + THREAD_PID, pid)
  write32(at + THREAD_TID, tid == UNKNOWN_TID ? number : tid)
  write32(at + THREAD_NAME, name)
  write64(at + THREAD_JOINED, <u64>micros)
  write32(at + THREAD_RUNTIME, runtime)
  publish32(at + THREAD_NUMBER, number + 1)
  return number
}
