// What each call leaves on the JavaScript heap: node --expose-gc garbage.program.mjs CALLS [CLOCK]. Prints rows of JSON.
//
// Allocated = growth of the heap + what collections freed on the way; V8 tells both. It includes what V8 itself allocates
// meanwhile (compiled code, feedback): less than a byte per call, where the smallest object is 12 bytes. The least of some
// rounds counts: a collection can throw compiled code away, and until V8 has compiled it anew, which on a busy machine takes
// a while, `arguments` is an object. What a call always leaves, every round shows.

import { setTimeout as sleep } from 'node:timers/promises'
import { GCProfiler } from 'node:v8'
import { Recorder } from '../../build/index.js'

const calls = Number(process.argv[2])
const { gc } = globalThis
if (!gc || !Number.isInteger(calls))
  throw new Error('Usage: node --expose-gc garbage.program.mjs CALLS')

/** name -> what is done `count` times. Everything that it needs stands outside. */
function bodies(clock) {
  const recorder = new Recorder({ budget: '16MiB', clock })
  const { SEND, GIVE } = recorder.verbs({ SEND: 0, GIVE: -1 })
  const list = recorder.list('TCP con', { window: 1000 })
  const off = recorder.list('off', { window: 10, enabled: false })
  const history = list.push(1)
  history.ref()
  const silent = off.push(1)
  const seen = 'sixteen letters.'
  let sum = 0
  return {
    'nothing at all': (count) => {
      for (let n = 0; n < count; n++) sum = (sum + n) | 0
    },
    'log, no argument': (count) => {
      for (let n = 0; n < count; n++) history.log(SEND, 'here')
    },
    'log, one integer': (count) => {
      for (let n = 0; n < count; n++) history.log(SEND, 'send %d', n)
    },
    'log, two integers': (count) => {
      for (let n = 0; n < count; n++) history.log(SEND, 'send %d, (%d)', n, 1)
    },
    'log, three integers': (count) => {
      for (let n = 0; n < count; n++) history.log(GIVE, '%d %d %d', n, 1, 2)
    },
    'log, a string seen before': (count) => {
      for (let n = 0; n < count; n++) history.log(SEND, 'from %s', seen)
    },
    'log, list switched off': (count) => {
      for (let n = 0; n < count; n++) silent.log(SEND, 'send %d', n)
    },
    'ref and unref': (count) => {
      for (let n = 0; n < count; n++) {
        history.ref()
        history.unref()
      }
    },
    'push and unref': (count) => {
      for (let n = 0; n < count; n++) list.push(n).unref()
    },
    'log, a float': (count) => {
      for (let n = 0; n < count; n++) history.log(SEND, 'took %f', n + 0.5)
    },
    'log, a new string': (count) => {
      for (let n = 0; n < count; n++) history.log(SEND, 'from %s', `peer ${n}`)
    },
    'reading the clock alone': (count) => {
      for (let n = 0; n < count; n++) sum += performance.now()
    },
    'making that string alone': (count) => {
      for (let n = 0; n < count; n++) sum += `peer ${n}`.length
    },
  }
}

const WARM_UP = 200_000
const ROUNDS = 8
/** In which V8 may compile. */
const PAUSE_MS = 10
for (const clock of process.argv[3] ? [process.argv[3]] : ['coarse', 'precise']) {
  const rows = Object.entries(bodies(clock))
  // All of them first: what one has taught V8 about log(), another may unteach it.
  for (let turn = 0; turn < 2; turn++) for (const [, body] of rows) body(WARM_UP)
  for (const [name, body] of rows) {
    gc()
    const rounds = []
    for (let round = 0; round < ROUNDS; round++) {
      await sleep(PAUSE_MS)
      rounds.push(measured(body))
    }
    rounds.sort((one, other) => one.bytes - other.bytes)
    console.log(JSON.stringify({ clock, name, ...rounds[0] }))
  }
}

function measured(body) {
  const profiler = new GCProfiler()
  profiler.start()
  const before = process.memoryUsage().heapUsed
  body(calls)
  const after = process.memoryUsage().heapUsed
  const { statistics } = profiler.stop()
  const freed = statistics.reduce(
    (sum, { beforeGC, afterGC }) =>
      sum + beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize,
    0,
  )
  return { bytes: (after - before + freed) / calls, collections: statistics.length }
}
