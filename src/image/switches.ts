// The switches of lists and verbs in living memory: the only bytes that a reader may change, and how.

import {
  HEADER_VERB_SWITCHES,
  LIST_ENABLED,
  VERB_BYTES,
  VERB_FLAG_OFF,
  VERB_FLAG_PIN,
  VERB_FLAGS_SHIFT,
  VERB_TABLE,
} from '../../assembly/layout.ts'
import type { Image, List, Verb } from './image.ts'

/** Bytes to be written at an address, each entry in one piece, in this order. */
export type Change = readonly [address: number, bytes: Uint8Array]

const BYTE_BITS = 8
/**
 * Threads compare HEADER_VERB_SWITCHES with what they saw last. Whoever writes it from outside cannot add atomically: a
 * step as wide as this meets no number that a thread may just be writing.
 */
const STEP = 0x10001

/** Its threads see it at their next push or log. */
export function listSwitch({ address }: List, isOn: boolean): readonly Change[] {
  return [[address + LIST_ENABLED, Uint8Array.of(isOn ? 1 : 0, 0, 0, 0)]]
}

/** Its threads see it when they look at the clock next. `image`: as it is now. */
export function verbSwitch(image: Image, { id, pin }: Verb, isOn: boolean): readonly Change[] {
  const flags = (pin ? VERB_FLAG_PIN : 0) | (isOn ? 0 : VERB_FLAG_OFF)
  const counter = image.base + HEADER_VERB_SWITCHES
  const before = image.bytes(counter, Uint32Array.BYTES_PER_ELEMENT)
  const after = new Uint8Array(before)
  const view = new DataView(after.buffer)
  view.setUint32(0, (view.getUint32(0, true) + STEP) >>> 0, true)
  return [
    // The flags alone: a byte of their own beside name and role.
    [
      image.base + VERB_TABLE + id * VERB_BYTES + VERB_FLAGS_SHIFT / BYTE_BITS,
      Uint8Array.of(flags),
    ],
    [counter, after],
  ]
}
