// The ground that the thread tests stand on: real workers, shared memory, and no way to hang.

import { describe, expect, inject, test } from 'vitest'
import { isBrowser, runtime, spawnWorker } from '../support/platform.ts'

const file = new URL('./platform.worker.mjs', import.meta.url)

test('the suite runs in the runtime that the table of results names', () => {
  // A run by hand claims nothing.
  const claimed = inject('claimedRuntime') || engine()
  expect(engine()).toBe(claimed)
})

/** In the words of that table. */
function engine(): string {
  if (runtime === 'node') return `node${process.versions.node.split('.')[0]}`
  if (runtime !== 'browser') return runtime
  return (
    /Firefox|Chrom/.exec(navigator.userAgent)?.[0].replace('Chrom', 'chromium').toLowerCase() ??
    'webkit'
  )
}

describe('spawnWorker()', () => {
  test('two workers add to one shared memory and lose no addition', async () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
    const workers = await Promise.all([spawnWorker(file, memory), spawnWorker(file, memory)])
    const added = await Promise.all(workers.map((worker) => worker.call<number>('add', 50_000)))
    expect(added).toEqual([50_000, 50_000])
    expect(new Int32Array(memory.buffer)[0]).toBe(100_000)
    await Promise.all(workers.map((worker) => worker.terminate()))
  })

  test('a worker can load the library', async () => {
    const worker = await spawnWorker(file)
    expect(await worker.call('exportsOfTheLibrary')).toContain('Recorder')
    await worker.terminate()
  })

  test('what a worker throws rejects the call, and the worker goes on', async () => {
    const worker = await spawnWorker(file)
    await expect(worker.call('fail')).rejects.toThrow('RangeError: as asked')
    await worker.call('tell', 'still here')
    expect(await worker.received(1)).toEqual(['still here'])
    await worker.terminate()
  })

  test('a worker that is terminated rejects the calls it has not answered', async () => {
    const worker = await spawnWorker(file)
    const answer = worker.call('never')
    const rejected = expect(answer).rejects.toThrow('was terminated')
    await worker.terminate()
    await rejected
  })

  test('a worker that does not answer in time rejects', async () => {
    const worker = await spawnWorker(file)
    worker.deadlineMs = 200
    await expect(worker.call('never')).rejects.toThrow('nothing for 200 ms')
    worker.deadlineMs = 45_000
    await worker.terminate()
  })

  // Deno now and then reports such a worker as an unhandled error as well, after terminate(), whatever was prevented.
  test.skipIf(runtime === 'deno')('a worker file that is not there rejects', async () => {
    const missing = new URL('./no-such.worker.mjs', import.meta.url)
    await expect(spawnWorker(missing)).rejects.toThrow('no-such.worker.mjs')
  })

  test('threads share memory in this runtime, so no test was skipped for the lack of it', () => {
    if (isBrowser) expect(crossOriginIsolated).toBe(true)
    expect(typeof SharedArrayBuffer).toBe('function')
  })
})
