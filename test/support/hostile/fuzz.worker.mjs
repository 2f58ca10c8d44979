// Mutates so many images, or until the time is up, and keeps those that took the reader where none was before.

import { parentPort, workerData } from 'node:worker_threads'

const { workbench: file, edges: edgeCount, seed, rounds, until, guided, heartbeat } = workerData
const edges = new Uint32Array(edgeCount)
globalThis.__edges = edges
/** Arrays lie outside of the heap that is bounded: none that is made at once may be larger than an image may claim. */
const ARRAY_BYTES_MOST = 4 << 20
let tooLarge = 0
globalThis.Uint8Array = new Proxy(Uint8Array, {
  construct(target, [first, ...rest]) {
    if (typeof first === 'number' && first > ARRAY_BYTES_MOST) tooLarge = Math.max(tooLarge, first)
    return Reflect.construct(target, [first, ...rest])
  },
})
const { Random, Workbench } = await import(file)

const workbench = new Workbench()
/** Of each edge, how often it was taken in one round: 1, 2, 3, 4-7, 8-15 …, a bit each. */
const seen = new Uint8Array(edgeCount)
const pool = []
const POOL_MOST = 3000
const POOL_BYTES_MOST = 128 << 20
let poolBytes = 0
/** Branches taken to read all of an image, by its bytes: what takes more is a way to hang a reader with a larger one. */
const STEPS_PER_BYTE_MOST = 64
const faults = []
const figures = {
  images: 0,
  refused: 0,
  sittings: 0,
  kept: 0,
  problems: 0,
  steps: 0,
  stepsPerByte: 0,
}
// Thousands of errors a second are made only to be caught.
Error.stackTraceLimit = 0
const beat = new Int32Array(heartbeat)

const bucketOf = (count) =>
  count < 4
    ? 1 << (count - 1)
    : count < 8
      ? 8
      : count < 16
        ? 16
        : count < 128
          ? 32
          : count < 2048
            ? 64
            : 128

/** What the last round did for the first time; and its steps. */
function novelty() {
  let fresh = 0
  let steps = 0
  for (let i = 0; i < edgeCount; i++) {
    const count = edges[i]
    if (count === 0) continue
    steps += count
    const bucket = bucketOf(count)
    if ((seen[i] & bucket) !== 0) continue
    seen[i] |= bucket
    fresh++
  }
  return { fresh, steps }
}

/** The same once more, for the place where it was thrown. */
async function again(sample, isSeenInShdb, first) {
  Error.stackTraceLimit = 12
  try {
    await workbench.look(sample, isSeenInShdb)
    return `${first.name}: ${first.message} (only the first time)`
  } catch (error) {
    return error.stack
  } finally {
    Error.stackTraceLimit = 0
  }
}

for (let round = 0; round < rounds && Date.now() < until && faults.length < 20; round++) {
  Atomics.store(beat, 0, round)
  const random = new Random(Math.imul(seed, 0x9e3779b1) + round)
  const from = guided && pool.length > 0 && !random.once(4) ? random.pick(pool) : undefined
  const isSeenInShdb = random.once(40)
  const sample = workbench.change(random, from)
  edges.fill(0)
  try {
    const { bytes, walked } = await workbench.look(sample, isSeenInShdb)
    figures.images++
    if (isSeenInShdb) figures.sittings++
    if (walked === undefined) figures.refused++
    else figures.problems += walked.problems
    const { fresh, steps } = novelty()
    figures.steps += steps
    const perByte = isSeenInShdb ? 0 : steps / Math.max(bytes, 1 << 16)
    figures.stepsPerByte = Math.max(figures.stepsPerByte, perByte)
    if (tooLarge > 0) faults.push(`round ${round} of seed ${seed}: an array of ${tooLarge} bytes`)
    tooLarge = 0
    if (perByte > STEPS_PER_BYTE_MOST)
      faults.push(`round ${round} of seed ${seed}: ${steps} steps for ${bytes} bytes`)
    const difference = workbench.canvas(sample).difference()
    const size = difference.pages.size * 512
    if (fresh > 0 && poolBytes + size < POOL_BYTES_MOST && pool.length < POOL_MOST) {
      pool.push({ sample, difference })
      poolBytes += size
      figures.kept++
    }
  } catch (error) {
    figures.images++
    const told = await again(sample, isSeenInShdb, error)
    faults.push(`round ${round} of seed ${seed} (${workbench.samples[sample].name}): ${told}`)
  }
  if (round % 1000 === 0) parentPort.postMessage({ progress: { ...figures } })
}
parentPort.postMessage({ done: { faults, figures, seen } })
