// A million mutated images: the reader and shdb with counted edges in threads of their own, whose heaps are small and whose
// silence is noticed. Images are counted, not minutes, so that the same seed is the same run.

import { rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { countedBundle } from '../support/hostile/counted-bundle.mjs'

export const title = 'Hostile images'
export const promise =
  'SPEC: an image is untrusted input: none crashes, hangs or exhausts the reader or shdb; it names what is wrong and shows the rest'
/** A million images, on two cores with nothing else to do. */
export const minutes = 20
const IMAGES_PER_MINUTE = 50_000
/** So many times the time it should take, on cores that others use; then what is missing is a fault. */
const PATIENCE = 3.9

/** The images have about half a mebibyte; the reader, shdb, V8 and their garbage must do with this. */
const HEAP_MEGABYTES = 192
/** Silence for so long is a hang: an image takes milliseconds. */
const SILENCE_MILLISECONDS = 60_000

export async function verify({ minutes, seed, say, guided = true }) {
  const { folder, workbench, edges } = await countedBundle()
  const started = Date.now()
  const until = started + minutes * 60_000 * PATIENCE
  const wanted = Math.ceil(minutes * IMAGES_PER_MINUTE)
  const threads = availableParallelism()
  const rounds = Math.ceil(wanted / threads)
  try {
    const attack = (_, n) =>
      attacked({ workbench, edges, seed: seed + n, rounds, until, guided }, say)
    const ends = await Promise.all(Array.from({ length: threads }, attack))
    const seconds = (Date.now() - started) / 1000
    const sum = (name) => ends.reduce((total, { figures }) => total + figures[name], 0)
    const most = Math.max(...ends.map(({ figures }) => figures.stepsPerByte))
    const { covered, paths } = coverage(ends, edges)
    const faults = ends.flatMap((end) => end.faults)
    if (faults.length === 0 && sum('images') < wanted)
      faults.push(`only ${sum('images')} of ${wanted} images in ${Math.round(seconds)} s`)
    return {
      figures: [
        ['images', sum('images')],
        ['images per second', Math.round(sum('images') / seconds)],
        ['refused by name', sum('refused')],
        ['looked at in shdb, too', sum('sittings')],
        ['problems named', sum('problems')],
        ['branches covered', `${covered} of ${edges}`],
        ['branches, by how often they were taken', paths],
        ['images kept for what they covered', sum('kept')],
        ['most steps per byte of one image', Number(most.toFixed(1))],
        ['threads, each with a heap of MiB at most', `${ends.length}, ${HEAP_MEGABYTES}`],
        ['seed', seed],
      ],
      faults,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** One thread from its start to what it reports at its end; a fault where it dies or falls silent. */
async function attacked(work, say) {
  const heartbeat = new SharedArrayBuffer(4)
  const worker = new Worker(new URL('../support/hostile/fuzz.worker.mjs', import.meta.url), {
    workerData: { ...work, heartbeat },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
  })
  try {
    return await outcome(worker, new Int32Array(heartbeat), work, say)
  } finally {
    await worker.terminate()
  }
}

const NOTHING = { images: 0, refused: 0, sittings: 0, problems: 0, kept: 0, stepsPerByte: 0 }

function outcome(worker, beat, { seed, edges }, say) {
  let last = { round: -1, at: Date.now() }
  let figures = NOTHING
  return new Promise((resolve) => {
    const fail = (sentence) =>
      resolve({
        faults: [`round ${Atomics.load(beat, 0)} of seed ${seed}: ${sentence}`],
        figures,
        seen: new Uint8Array(edges),
      })
    const watch = setInterval(() => {
      const round = Atomics.load(beat, 0)
      if (round !== last.round) last = { round, at: Date.now() }
      else if (Date.now() - last.at > SILENCE_MILLISECONDS) fail('the reader hangs')
    }, 1000)
    worker.on('message', ({ progress, done }) => {
      if (done) return resolve(done)
      figures = progress
      say(`seed ${seed}: ${figures.images} images, ${figures.kept} kept`)
    })
    worker.on('error', (error) => fail(`the thread died: ${error.message}`))
    worker.on('exit', () => clearInterval(watch))
  })
}

/** Of all threads: branches taken, and in how many orders of magnitude each. */
function coverage(ends, edges) {
  let covered = 0
  let paths = 0
  for (let i = 0; i < edges; i++) {
    const bits = ends.reduce((all, { seen }) => all | seen[i], 0)
    if (bits !== 0) covered++
    for (let bit = bits; bit !== 0; bit &= bit - 1) paths++
  }
  return { covered, paths }
}
