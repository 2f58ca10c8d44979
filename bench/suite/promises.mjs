// The straight way of one log with one promise dropped at a time (promises.ts), beside the floor, in the same loop.

import { promisesBase64 } from 'bench:promises'
import {
  BLOCK_BYTES,
  CONTROL_GENERATION_SHIFT,
  CONTROL_LIVE,
  HISTORY_BYTES,
  HISTORY_CONTROL,
  HISTORY_GENERATION,
  HISTORY_SEED,
  HISTORY_TAIL,
  TAIL_GENERATION_SHIFT,
} from '../../assembly/layout.ts'
import { floorExport } from './floor-instance.mjs'
import { takeTurns } from './rounds.mjs'
import { quartiles } from './statistics.mjs'
import { number, spread } from './table.mjs'

const OBJECTS = 16
const GENERATION = 7
const HISTORIES = 1024
const BLOCKS = 262144
/** Calls of one batch: the index of a life stays in what its tail allows. */
const CALLS_MAX = 1 << 17

const WITHOUT = {
  whole: 'the straight way of log(), one integer',
  withoutLife: '… not asking whose life it is: a stale handle writes into another life',
  withoutTail: '… not asking where the block is: no lists of blocks, each history a fixed ring',
  withoutEnd: '… not asking whether it ended: what is logged too late is not marked',
  withoutCheck: '… without the check: a torn or recycled record is shown as whole',
  withoutSwap: '… claiming by a plain store: two threads take one place',
  onlySwap: '… without all of these but the swap',
}

/** -> a table of nanoseconds a call, and as multiples of the floor. */
export function promises(effort) {
  const loops = [floorLoop(), ...Object.keys(WITHOUT).map(loopOf)]
  const times = takeTurns(loops, effort)
  const ratios = (name) => times[name].map((time, round) => time / times.floor[round])
  return {
    title: 'What each promise costs, where a block is there already',
    note: 'Prototypes of the core alone (bench/suite/promises.ts), called from the same loop. Each drops one thing.',
    headings: ['what', 'ns', '× the floor'],
    lines: loops.map(({ name }) => [
      WITHOUT[name] ?? 'the floor',
      spread(quartiles(times[name])),
      number(quartiles(ratios(name)).median),
    ]),
  }
}

function floorLoop() {
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

/** Compiled for itself: loops that share a source share what an engine has learned of their calls. */
function loopOf(name) {
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
  const source = `return function ${name}(from, to) {
    let refused = 0
    for (let n = from; n < to; n++) {
      const { address } = lives[n & ${OBJECTS - 1}]
      if (log(address, ${GENERATION}, 0x100001, 0x10001, n) === 0) refused++
    }
    return refused
  }`
  return {
    name,
    callsMax: CALLS_MAX,
    prepare() {
      for (const { address } of lives) {
        put(address + HISTORY_CONTROL, (GENERATION << CONTROL_GENERATION_SHIFT) | CONTROL_LIVE)
        put(address + HISTORY_CONTROL + 4, 0)
      }
    },
    run: new Function('lives', 'log', source)(lives, exports[name]),
  }
}
