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

/** Of one list, as they are found. */
class Found {
  readonly slots: number[] = []
  readonly orders: number[] = []
  #isAscending = true
  #last = -1

  add(slot: number, order: number): void {
    this.slots.push(slot)
    this.orders.push(order)
    this.#isAscending &&= order > this.#last
    this.#last = order
  }

  /** In the order of their pushes. A list that never ran full has them so already. */
  inOrder(): number[] {
    const { slots, orders } = this
    if (this.#isAscending) return slots
    const places = Float64Array.from(slots.keys())
    places.sort((one, other) => (orders[one] as number) - (orders[other] as number))
    return Array.from(places, (place) => slots[place] as number)
  }
}

/** Offsets of the slots that hold a life, by the number of their list; those of a list in the order of their pushes. */
export function liveSlots({ bytes, chunks, problems }: Parts): Map<number, number[]> {
  const byList = new Map<number, Found>()
  for (const chunk of chunks.ofClass(CLASS_HISTORIES)) {
    const end = (chunk + 1) * CHUNK_BYTES
    problems.attempt(`read the histories of chunk ${chunk}`, () => {
      for (let slot = chunk * CHUNK_BYTES + FIRST_SLOT; slot < end; slot += HISTORY_BYTES) {
        const state = bytes.acquireU32(slot + HISTORY_CONTROL, 'HISTORY_CONTROL')
        if ((state & CONTROL_LIVE) === 0) continue
        const list = bytes.u16(slot + HISTORY_LIST, 'HISTORY_LIST')
        if (list < LISTS_MAX) {
          const order = bytes.u64(slot + HISTORY_ORDER, 'HISTORY_ORDER')
          const found = byList.get(list) ?? new Found()
          byList.set(list, found)
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
  return new Map(Array.from(byList, ([list, found]) => [list, found.inOrder()]))
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
