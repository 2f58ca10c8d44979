// What one log is made of: the same event logged by less and less of the way from the application's call to the record.

import { coreBase64 } from 'bench:core'
import { Recorder } from 'struct-history'
import {
  ARGUMENT_INT32,
  HEADER_FLAG_ORDERED_STORES,
  HISTORY_NUMBER_BITS,
  HISTORY_SHIFT,
  OBJECT_INTEGER,
  PACKED_THREAD_SHIFT,
} from '../../assembly/layout.ts'
import { STATEMENT } from './bare-lives.mjs'
import { floorExport } from './floor-instance.mjs'
import { takeTurns } from './rounds.mjs'
import { quartiles } from './statistics.mjs'
import { spread } from './table.mjs'

const OBJECTS = 16
const COARSE = -1

/** -> a table of nanoseconds a call. */
export function parts(effort) {
  const loops = [nothing(), floorCall(), refused(), straight(), long(), whole()]
  const times = takeTurns(loops, effort)
  return {
    title: 'One log, part by part',
    note: `log(verb, 'send %d', n) to ${OBJECTS} histories in turn, in one realm; each row is a loop of its own, the rows take turns.`,
    headings: ['what a turn of the loop does', 'ns'],
    lines: loops.map(({ name }) => [name, spread(quartiles(times[name]))]),
  }
}

/** A history is picked, and nothing called. */
function nothing() {
  const picks = Array.from({ length: OBJECTS }, (_, n) => ({ n }))
  let sum = 0
  return {
    name: 'picks a history, calls nothing',
    run(from, to) {
      for (let n = from; n < to; n++) sum = (sum + picks[n & (OBJECTS - 1)].n) | 0
      return sum < 0 ? -1 : 0
    },
  }
}

function floorCall() {
  const floor = floorExport()
  return {
    name: 'the floor',
    run(from, to) {
      let refused = 0
      for (let n = from; n < to; n++) if (floor(n, n) === 0) refused++
      return refused
    },
  }
}

function refused() {
  const { log1, lives, what } = bareCore()
  return {
    name: 'calls the core, which finds the life gone',
    isRefused: true,
    run(from, to) {
      let refused = 0
      for (let n = from; n < to; n++) {
        const { address, generation } = lives[n & (OBJECTS - 1)]
        if (log1(address, generation + 1, what, n) === 0) refused++
      }
      return refused
    },
  }
}

function straight() {
  const { log1, log, lives, what, packed } = bareCore()
  return {
    name: 'calls the core, which records: straight, and the long way where a block begins',
    run(from, to) {
      let refused = 0
      for (let n = from; n < to; n++) {
        const { address, generation } = lives[n & (OBJECTS - 1)]
        if (log1(address, generation, what, n) !== 0) continue
        if (log(address, generation, what, packed, n, 0, 0, COARSE) === 0) refused++
      }
      return refused
    },
  }
}

function long() {
  const { log, lives, what, packed } = bareCore()
  return {
    name: 'the same, always the long way',
    run(from, to) {
      let refused = 0
      for (let n = from; n < to; n++) {
        const { address, generation } = lives[n & (OBJECTS - 1)]
        if (log(address, generation, what, packed, n, 0, 0, COARSE) === 0) refused++
      }
      return refused
    },
  }
}

function whole() {
  const recorder = new Recorder({ name: 'bench', budget: '64MiB' })
  const { SENT } = recorder.verbs({ SENT: 0 })
  const list = recorder.list('parts')
  const histories = Array.from({ length: OBJECTS }, (_, n) => list.push(0x1000 + n))
  return {
    name: 'history.log()',
    run(from, to) {
      let refused = 0
      for (let n = from; n < to; n++)
        if (!histories[n & (OBJECTS - 1)].log(SENT, 'send %d', n)) refused++
      return refused
    },
  }
}

/** The core alone, on a memory of its own; the numbers stand for names that nobody reads. */
function bareCore() {
  const bytes = Uint8Array.from(atob(coreBase64), (letter) => letter.charCodeAt(0))
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1024, shared: true })
  const { exports: core } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: { memory },
  })
  core.begin(1024, HEADER_FLAG_ORDERED_STORES, 1n, 1e12, 1, 0)
  const thread = core.joinThread(1, 1, 1, 1, 1)
  const list = core.createList(1, 10_000, 300, 128, 0, 0)
  const lives = Array.from({ length: OBJECTS }, (_, n) => {
    const handle = core.push(list, OBJECT_INTEGER, n + 1, 0, thread, COARSE)
    const number = handle % 2 ** HISTORY_NUMBER_BITS
    return {
      address: number << HISTORY_SHIFT,
      generation: Math.floor(handle / 2 ** HISTORY_NUMBER_BITS),
    }
  })
  const packed = (thread << PACKED_THREAD_SHIFT) | ARGUMENT_INT32
  return { log1: core.log1, log: core.log, lives, what: STATEMENT | thread, packed }
}
