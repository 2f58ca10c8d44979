// A million mutated images, as far as the time goes: the reader and shdb with counted edges in a thread of their own, whose
// heap is small and whose silence is noticed.

import { rmSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { countedBundle } from '../support/hostile/counted-bundle.mjs'

export const title = 'Hostile images'
export const promise =
  'SPEC: an image is untrusted input: none crashes, hangs or exhausts the reader or shdb; it names what is wrong and shows the rest'

/** The images have about half a mebibyte; the reader, shdb, V8 and their garbage must do with this. */
const HEAP_MEGABYTES = 192
/** Silence for so long is a hang: an image takes milliseconds. */
const SILENCE_MILLISECONDS = 60_000

export async function verify({ minutes, seed, say, guided = true }) {
  const { folder, workbench, edges } = await countedBundle()
  const heartbeat = new SharedArrayBuffer(4)
  const started = Date.now()
  const worker = new Worker(new URL('../support/hostile/fuzz.worker.mjs', import.meta.url), {
    workerData: { workbench, edges, seed, until: started + minutes * 60_000, guided, heartbeat },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
  })
  try {
    const { faults, figures, covered, paths } = await outcome(worker, heartbeat, seed, say)
    const seconds = (Date.now() - started) / 1000
    return {
      figures: [
        ['images', figures.images],
        ['images per second', Math.round(figures.images / seconds)],
        ['refused by name', figures.refused],
        ['looked at in shdb, too', figures.sittings],
        ['problems named', figures.problems],
        ['branches covered', `${covered} of ${edges}`],
        ['branches, by how often they were taken', paths],
        ['images kept for what they covered', figures.kept],
        ['most steps per byte of one image', Number(figures.stepsPerByte.toFixed(1))],
        ['heap, MiB at most', HEAP_MEGABYTES],
        ['seed', seed],
      ],
      faults,
    }
  } finally {
    await worker.terminate()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What the worker reports at its end; a fault where it dies or falls silent. */
function outcome(worker, heartbeat, seed, say) {
  const beat = new Int32Array(heartbeat)
  let last = { round: -1, at: Date.now(), figures: undefined }
  return new Promise((resolve) => {
    const fail = (sentence) =>
      resolve({
        faults: [`round ${Atomics.load(beat, 0)} of seed ${seed}: ${sentence}`],
        figures: {
          images: 0,
          refused: 0,
          sittings: 0,
          problems: 0,
          kept: 0,
          stepsPerByte: 0,
          ...last.figures,
        },
        covered: 0,
        paths: 0,
      })
    const watch = setInterval(() => {
      const round = Atomics.load(beat, 0)
      if (round !== last.round) last = { ...last, round, at: Date.now() }
      else if (Date.now() - last.at > SILENCE_MILLISECONDS) fail('the reader hangs')
    }, 1000)
    worker.on('message', ({ progress, done }) => {
      if (progress) {
        last.figures = progress
        say(`${progress.images} images, ${progress.kept} kept`)
      } else resolve(done)
    })
    worker.on('error', (error) => fail(`the thread died: ${error.message}`))
    worker.on('exit', () => clearInterval(watch))
  })
}
