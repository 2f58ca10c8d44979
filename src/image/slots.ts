// Slots of histories: found by one cheap pass over their control words, so that an image of 100,000 lives opens in the
// time that it takes to read three words of each.

import {
  CHUNK_BYTES,
  CLASS_HISTORIES,
  CONTROL_LIVE,
  HISTORIES_PER_CHUNK,
  HISTORY_BYTES,
  HISTORY_CONTROL,
  HISTORY_LIST,
  HISTORY_NUMBER_BITS,
  HISTORY_ORDER,
  LISTS_MAX,
} from '../../assembly/layout.ts'
import type { Parts } from './parts.ts'

const FIRST_SLOT = CHUNK_BYTES - HISTORIES_PER_CHUNK * HISTORY_BYTES

/** Offsets of the slots of one list that hold a life. */
export class Slots {
  /** As they lie in the image. */
  readonly all: number[] = []
  readonly #orders: number[] = []
  #isAscending = true
  #last = -1
  #inOrder: readonly number[] | undefined

  add(slot: number, order: number): void {
    this.all.push(slot)
    this.#orders.push(order)
    this.#isAscending &&= order > this.#last
    this.#last = order
  }

  /** In the order of their pushes. */
  inOrder(): readonly number[] {
    // A list that never ran full has them so already.
    this.#inOrder ??= this.#isAscending ? this.all : this.#sorted()
    return this.#inOrder
  }

  #sorted(): number[] {
    const slots = this.all
    const orders = this.#orders
    const count = slots.length
    const least = orders.reduce((a, b) => Math.min(a, b))
    const most = orders.reduce((a, b) => Math.max(a, b))
    const isExact = (most - least + 1) * count <= Number.MAX_SAFE_INTEGER
    // Order and place in one number: numbers are sorted ten times as fast as anything that is compared by a function.
    const keys = Float64Array.from(orders, (order, at) =>
      isExact ? (order - least) * count + at : at,
    )
    if (isExact) keys.sort()
    else keys.sort((one, other) => (orders[one] as number) - (orders[other] as number))
    return Array.from(keys, (key) => slots[key % count] as number)
  }
}

/** By the number of their list. */
export function liveSlots({ bytes, chunks, problems }: Parts): Map<number, Slots> {
  const byList = new Map<number, Slots>()
  for (const chunk of chunks.ofClass(CLASS_HISTORIES)) {
    const end = (chunk + 1) * CHUNK_BYTES
    problems.attempt(`read the histories of chunk ${chunk}`, () => {
      for (let slot = chunk * CHUNK_BYTES + FIRST_SLOT; slot < end; slot += HISTORY_BYTES) {
        const state = bytes.acquireU32(slot + HISTORY_CONTROL, 'HISTORY_CONTROL')
        if ((state & CONTROL_LIVE) === 0) continue
        const list = bytes.u16(slot + HISTORY_LIST, 'HISTORY_LIST')
        if (list < LISTS_MAX) {
          const order = bytes.u64(slot + HISTORY_ORDER, 'HISTORY_ORDER')
          const found = byList.get(list) ?? new Slots()
          if (found.all.length === 0) byList.set(list, found)
          found.add(slot, order)
        } else
          problems.add('read a history', {
            offset: slot + HISTORY_LIST,
            field: 'HISTORY_LIST',
            expected: `below ${LISTS_MAX}`,
            found: `${list}`,
          })
      }
    })
  }
  return byList
}

/** The slot that a handle names, or undefined; whether its life is still there is another question. */
export function slotOf({ bytes, chunks }: Parts, handle: number) {
  const number = handle % 2 ** HISTORY_NUMBER_BITS
  const slot = number * HISTORY_BYTES
  const chunk = Math.floor(slot / CHUNK_BYTES)
  if (slot % CHUNK_BYTES < FIRST_SLOT || !bytes.has(slot, HISTORY_BYTES)) return undefined
  if (!chunks.is(chunk, CLASS_HISTORIES)) return undefined
  return { slot, generation: Math.floor(handle / 2 ** HISTORY_NUMBER_BITS) }
}
