// Lists: made once per name, joined by every thread; and the push that starts a life in one.

import { beginBlock } from './blocks'
import { takeBlock, takeHistoryMemory } from './budget'
import { returnChunk, takeChunks } from './chunks'
import {
  CHUNK_CLASS,
  CHUNK_SHIFT,
  CLASS_HISTORIES,
  CLASS_RING,
  CONTROL_GENERATION_SHIFT,
  CONTROL_LIVE,
  COUNTER_PUSHES_DROPPED,
  COUNTER_RETIRED,
  DIRECTORY_ENTRIES,
  EVENTS_PER_BLOCK,
  GENERATION_MAX,
  HEADER_BUDGET_CHUNKS,
  HEADER_CHUNKS,
  HEADER_CLOCK,
  HEADER_LISTS,
  HISTORIES_PER_CHUNK,
  HISTORY_BYTES,
  HISTORY_CONTROL,
  HISTORY_CREATED,
  HISTORY_FLUSH_OFFSET,
  HISTORY_GENERATION,
  HISTORY_INLINE_ENTRIES,
  HISTORY_LIST,
  HISTORY_NUMBER_BITS,
  HISTORY_OBJECT,
  HISTORY_ORDER,
  HISTORY_PUSH,
  HISTORY_SEED,
  HISTORY_SHIFT,
  HISTORY_TAIL,
  HISTORY_THREAD,
  LIST_BLOCKS,
  LIST_CREATED,
  LIST_DESTROYED,
  LIST_DIRECTORY_LEVELS,
  LIST_ENABLED,
  LIST_FIRST_BLOCKS,
  LIST_FLAGS,
  LIST_MAX_EVENTS,
  LIST_MAX_TEXT,
  LIST_NAME,
  LIST_PUSHED,
  LIST_RING_CAPACITY,
  LIST_RING_CHUNK,
  LIST_RING_INVERSE,
  LIST_STATE,
  LIST_STATE_DESTROYED,
  LIST_STATE_READY,
  LIST_TABLE,
  LIST_TURN_BLOCKS,
  LIST_TURN_INVERSE,
  LIST_WINDOW,
  LISTS_MAX,
  OBJECT_LONG_STRING,
  PUSH_KIND_MASK,
  PUSH_LENGTH_SHIFT,
  RING_ENTRIES_PER_CHUNK,
} from './layout'
import { close } from './life'
import { listNumbered, listOf, numberOf, ownerOf } from './list-record'
import { freeHistory } from './pools'
import { noTail, seedOf } from './record'
import { inverseOf } from './remainder'
import {
  claim32,
  claim64,
  look32,
  look64,
  peek32,
  settle64,
  swapIf32,
  write16,
  write32,
  write64,
} from './shared'
import { recordOf } from './spares'
import { count } from './stats'
import { enterWindow, succeed } from './window'

/** The list of this name, or 0. */
export function findList(name: u32): usize {
  for (let n: u32 = 0; n < <u32>LISTS_MAX; n++) {
    const number = look32(LIST_TABLE + n * 4)
    if (number == 0) return 0
    const list = listNumbered(number - 1)
    if (peek32(list + LIST_NAME) == name && look32(list + LIST_STATE) == LIST_STATE_READY)
      return list
  }
  return 0
}

/** Makes a list, or finds the one that another thread made meanwhile. 0 = no record or no memory for its window. */
export function createList(
  name: u32,
  window: u32,
  maxEvents: u32,
  maxText: u32,
  flags: u32,
  isOff: bool,
): usize {
  const most = peek32(HEADER_BUDGET_CHUNKS) << (CHUNK_SHIFT - 8) // half the budget in histories
  const capacity = window == 0 ? most : min(window, most)
  const number = claim32(HEADER_LISTS, 1)
  if (number >= <u32>LISTS_MAX) {
    claim32(HEADER_LISTS, -1)
    return 0
  }
  const list = listNumbered(number)
  const ring = takeChunks(CLASS_RING, number, ringChunks(capacity))
  if (ring == 0) {
    swapIf32(HEADER_LISTS, number + 1, number)
    return 0
  }
  write32(list + LIST_NAME, name)
  write32(list + LIST_RING_CHUNK, ring)
  write64(list + LIST_CREATED, look64(HEADER_CLOCK))
  write32(list + LIST_ENABLED, isOff ? 0 : 1)
  configure(list, window, maxEvents, maxText, flags)
  write32(list + LIST_RING_CAPACITY, capacity)
  write32(list + LIST_RING_INVERSE, inverseOf(capacity))
  write32(list + LIST_STATE, LIST_STATE_READY)
  return publishList(list, number, name)
}

/** Ends every life in a list, pinned ones too; its handles become stale. A list of the same name may be made anew. */
export function destroyList(list: usize, thread: u32): bool {
  if (!swapIf32(list + LIST_STATE, LIST_STATE_READY, LIST_STATE_DESTROYED)) return false
  const me = recordOf(thread)
  const chunks = look32(HEADER_CHUNKS)
  for (let chunk: u32 = 1; chunk < chunks; chunk++) {
    const base = (<usize>chunk) << CHUNK_SHIFT
    if (look32(base + CHUNK_CLASS) != CLASS_HISTORIES) continue
    for (let n: u32 = 1; n <= <u32>HISTORIES_PER_CHUNK; n++)
      closeIfOf(list, base + n * HISTORY_BYTES, me)
  }
  return true
}

/**
 * Step P1: a history's memory for an object of `bytes` (0 for a number), closed still. `what` is its kind, and the call site
 * of the push (HISTORY_PUSH). The caller writes a string's bytes
 * at HISTORY_OBJECT_STRING, or for OBJECT_LONG_STRING into the block whose address stands in HISTORY_OBJECT, then opens it.
 */
export function claimHistory(
  list: usize,
  what: u32,
  low: u32,
  high: u32,
  bytes: u32,
  thread: u32,
  time: f64,
): usize {
  return claimBy(recordOf(thread), list, what, low, high, bytes, thread, time)
}

function claimBy(
  me: usize,
  list: usize,
  what: u32,
  low: u32,
  high: u32,
  bytes: u32,
  thread: u32,
  time: f64,
): usize {
  let history: usize
  let generation: u32
  while (true) {
    history = look32(list + LIST_STATE) == LIST_STATE_READY ? memoryFor(list, me) : 0
    if (history == 0) {
      count(COUNTER_PUSHES_DROPPED)
      return 0
    }
    generation = peek32(history + HISTORY_GENERATION) + 1
    if (generation <= <u32>GENERATION_MAX) break
    count(COUNTER_RETIRED) // its handles are used up: better to lose 128 bytes than to reuse a handle
  }
  write64(history + HISTORY_TAIL, noTail(generation)) // P1, to the caller's last byte of the object
  write16(history + HISTORY_LIST, numberOf(list))
  write16(history + HISTORY_THREAD, thread)
  write32(history + HISTORY_GENERATION, generation)
  write64(history + HISTORY_OBJECT, ((<u64>high) << 32) | low)
  write64(history + HISTORY_CREATED, time < 0 ? look64(HEADER_CLOCK) : <u64>time)
  write32(history + HISTORY_PUSH, what | (bytes << PUSH_LENGTH_SHIFT))
  write32(history + HISTORY_SEED, seedOf(history, generation))
  write32(history + HISTORY_FLUSH_OFFSET, 0)
  if ((what & PUSH_KIND_MASK) != OBJECT_LONG_STRING) return history
  const block = takeBlock(history, me)
  if (block == 0) {
    freeHistory(history, me)
    count(COUNTER_PUSHES_DROPPED)
    return 0
  }
  beginBlock(block, ownerOf(history), generation, 0)
  claim32(list + LIST_BLOCKS, 1)
  write64(history + HISTORY_OBJECT, block)
  return history
}

/** That of the life which this push sends out, else any. */
function memoryFor(list: usize, me: usize): usize {
  const succeeded = succeed(list, me)
  return succeeded ? succeeded : takeHistoryMemory(me)
}

/** Steps P2 to P4: the life begins. Answers its generation. */
export function openHistory(list: usize, history: usize, thread: u32): u32 {
  return Opening.by(recordOf(thread), list, history)
}

// biome-ignore lint/complexity/noStaticOnlyClass: only methods may say that they are to be compiled into their callers
abstract class Opening {
  @inline
  static by(me: usize, list: usize, history: usize): u32 {
    const generation = peek32(history + HISTORY_GENERATION)
    const order = claim64(list + LIST_PUSHED, 1) // P2
    write64(history + HISTORY_ORDER, order)
    settle64(
      history + HISTORY_CONTROL,
      ((<u64>generation & 0xffff) << CONTROL_GENERATION_SHIFT) | CONTROL_LIVE,
    ) // P3
    enterWindow(list, history, order, me) // P4: after P3, or a push that laps it would find a life not yet begun
    if (look32(list + LIST_STATE) != LIST_STATE_READY) closeIfOf(list, history, me) // destroyed meanwhile
    return generation
  }
}

/**
 * P1 to P4 for an object that is a number. The handle, or 0: not the memory, where a next life's generation may stand by
 * the time the caller looks.
 */
export function push(list: usize, what: u32, low: u32, high: u32, thread: u32, time: f64): f64 {
  const me = recordOf(thread)
  const history = claimBy(me, list, what, low, high, 0, thread, time)
  if (history == 0) return 0
  const generation = Opening.by(me, list, history)
  return <f64>generation * <f64>(1 << HISTORY_NUMBER_BITS) + <f64>(history >> HISTORY_SHIFT)
}

function publishList(list: usize, number: u32, name: u32): usize {
  for (let n: u32 = 0; n < <u32>LISTS_MAX; n++) {
    const at = LIST_TABLE + n * 4
    let published = look32(at)
    if (published == 0) {
      if (swapIf32(at, 0, number + 1)) return list
      published = look32(at)
    }
    const other = listNumbered(published - 1)
    if (peek32(other + LIST_NAME) != name) continue
    if (look32(other + LIST_STATE) == LIST_STATE_READY) {
      undoList(list, number) // another thread made it meanwhile
      return other
    }
  }
  return 0
}

/** Gives back what a list that is never to be published has taken. */
function undoList(list: usize, number: u32): void {
  const chunks = ringChunks(peek32(list + LIST_RING_CAPACITY))
  const ring = peek32(list + LIST_RING_CHUNK)
  write32(list + LIST_RING_CAPACITY, 0) // takes no part in the budget
  for (let n: u32 = 0; n < chunks; n++) returnChunk(ring + n)
  swapIf32(HEADER_LISTS, number + 1, number)
}

function ringChunks(capacity: u32): u32 {
  return (capacity + RING_ENTRIES_PER_CHUNK - 1) / RING_ENTRIES_PER_CHUNK
}

function configure(list: usize, window: u32, maxEvents: u32, maxText: u32, flags: u32): void {
  const first = maxEvents >> 2
  const firstBlocks = (first + EVENTS_PER_BLOCK - 1) / EVENTS_PER_BLOCK
  // The last n events may begin anywhere in a block, so they touch one block more than they fill.
  const turnBlocks = (maxEvents - first + EVENTS_PER_BLOCK - 1) / EVENTS_PER_BLOCK + 1
  const blocks = firstBlocks + turnBlocks
  write32(list + LIST_WINDOW, window)
  write32(list + LIST_MAX_EVENTS, maxEvents)
  write32(list + LIST_MAX_TEXT, maxText)
  write32(list + LIST_FLAGS, flags)
  write32(list + LIST_FIRST_BLOCKS, firstBlocks)
  write32(list + LIST_TURN_BLOCKS, turnBlocks)
  write32(list + LIST_TURN_INVERSE, inverseOf(turnBlocks))
  let levels: u32 = 0
  if (blocks > <u32>HISTORY_INLINE_ENTRIES)
    levels = blocks > <u32>(HISTORY_INLINE_ENTRIES + DIRECTORY_ENTRIES) ? 2 : 1
  write32(list + LIST_DIRECTORY_LEVELS, levels)
}

function closeIfOf(list: usize, history: usize, me: usize): void {
  while (true) {
    const control = look64(history + HISTORY_CONTROL)
    if ((control & CONTROL_LIVE) == 0 || listOf(history) != list) return
    if (!close(history, control, me)) continue
    claim64(list + LIST_DESTROYED, 1)
    return
  }
}
