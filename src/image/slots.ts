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

/** Offsets of the slots that hold a life, by the number of their list; those of a list in the order of their pushes. */
export function liveSlots({ bytes, chunks, problems }: Parts): Map<number, number[]> {
  const byList = new Map<number, Array<{ slot: number; order: number }>>()
  for (const chunk of chunks.ofClass(CLASS_HISTORIES)) {
    const end = (chunk + 1) * CHUNK_BYTES
    problems.attempt(`read the histories of chunk ${chunk}`, () => {
      for (let slot = chunk * CHUNK_BYTES + FIRST_SLOT; slot < end; slot += HISTORY_BYTES) {
        const state = bytes.acquireU32(slot + HISTORY_CONTROL, 'HISTORY_CONTROL')
        if ((state & CONTROL_LIVE) === 0) continue
        const list = bytes.u16(slot + HISTORY_LIST, 'HISTORY_LIST')
        const order = bytes.u64(slot + HISTORY_ORDER, 'HISTORY_ORDER')
        const known = byList.get(list)
        if (known) known.push({ slot, order })
        else if (list < LISTS_MAX) byList.set(list, [{ slot, order }])
        else
          problems.add('read a history', {
            offset: slot + HISTORY_LIST,
            field: 'HISTORY_LIST',
            expected: `below ${LISTS_MAX}`,
            found: `${list}`,
          })
      }
    })
  }
  const slots = new Map<number, number[]>()
  for (const [list, found] of byList) {
    found.sort((one, other) => one.order - other.order)
    slots.set(
      list,
      found.map(({ slot }) => slot),
    )
  }
  return slots
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
