// A memory that is laid out by hand for the prototypes of promises.ts: histories that live, each with a block; and the floor in
// the loop that they are called from.

import { promisesBase64 } from 'bench:promises'
import {
  BLOCK_BYTES,
  CHUNK_HEADER_BYTES,
  CONTROL_GENERATION_SHIFT,
  CONTROL_LIVE,
  EVENT_STATEMENT_SHIFT,
  HISTORY_BYTES,
  HISTORY_CONTROL,
  HISTORY_GENERATION,
  HISTORY_SEED,
  HISTORY_TAIL,
  STRING_UNIT_SHIFT,
  TAIL_GENERATION_SHIFT,
} from '../../assembly/layout.ts'
import { floorExport } from './floor-instance.mjs'

export const OBJECTS = 16
export const GENERATION = 7
/** As EVENT_WHAT has it: what a recorder's first string would be. Nobody reads it. */
export const STATEMENT = (CHUNK_HEADER_BYTES >>> STRING_UNIT_SHIFT) << EVENT_STATEMENT_SHIFT
const THREAD = 1
/** What the straight ways are told. */
export const WHAT = STATEMENT | THREAD
/** Calls of one batch: the index of a life stays in what its tail allows. */
export const CALLS_MAX = 1 << 17
const HISTORIES = 1024
const BLOCKS = 262144

export function floorLoop() {
  const floor = floorExport()
  const objects = Array.from({ length: OBJECTS }, (_, n) => ({ number: n }))
  return {
    name: 'floor',
    run(from, to) {
      let refused = 0
      for (let n = from; n < to; n++)
        if (floor(objects[n & (OBJECTS - 1)].number, n) === 0) refused++
      return refused
    },
  }
}

/** -> the prototypes on a memory of their own, the addresses of its histories, and what begins these anew. */
export function bareLives() {
  const bytes = Uint8Array.from(atob(promisesBase64), (letter) => letter.charCodeAt(0))
  const memory = new WebAssembly.Memory({ initial: 8, maximum: 8, shared: true })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } })
  const words = new Uint32Array(memory.buffer)
  const lives = Array.from({ length: OBJECTS }, (_, n) => ({
    address: HISTORIES + n * HISTORY_BYTES,
  }))
  const put = (address, value) => {
    words[address >>> 2] = value
  }
  for (const [n, { address }] of lives.entries()) {
    put(address + HISTORY_GENERATION, GENERATION)
    put(address + HISTORY_SEED, 0x12345 + n)
    put(
      address + HISTORY_TAIL,
      ((GENERATION << TAIL_GENERATION_SHIFT) | (BLOCKS / BLOCK_BYTES + n)) >>> 0,
    )
  }
  const prepare = () => {
    for (const { address } of lives) {
      put(address + HISTORY_CONTROL, (GENERATION << CONTROL_GENERATION_SHIFT) | CONTROL_LIVE)
      put(address + HISTORY_CONTROL + 4, 0)
    }
  }
  return { exports, lives, prepare }
}

/**
 * A loop that calls the prototype of this name with these words of an event, told by `n`. Compiled for itself: loops that
 * share a source share what an engine has learned of their calls.
 */
export function prototypeLoop(name, words = 'n') {
  const { exports, lives, prepare } = bareLives()
  const source = `return function ${name}(from, to) {
    let refused = 0
    for (let n = from; n < to; n++) {
      const { address } = lives[n & ${OBJECTS - 1}]
      if (log(address, ${GENERATION}, ${WHAT}, ${words}) === 0) refused++
    }
    return refused
  }`
  return {
    name,
    callsMax: CALLS_MAX,
    prepare,
    run: new Function('lives', 'log', source)(lives, exports[name]),
  }
}
