// The main thread: takes frames in, has a worker decode them in Wasm, and sends the sums out. One history for each frame,
// which both threads, and both languages, log into.

import { Worker } from 'node:worker_threads'
import { type History, Recorder } from 'struct-history'

const recorder = new Recorder({ name: 'decoder' })
const FRAME = recorder.verbs({ FRAME_IN: +1, FRAME_SENT: -1, FRAME_DROP: 'end' })
const frames = recorder.list('frame', { window: 1000 })

interface Frame {
  readonly length: number
  readonly history: History
}
const pending = new Map<number, Frame>()
const lengths = [64, 128, 66, 256]

const worker = new Worker(new URL('./worker.js', import.meta.url), {
  workerData: { ticket: recorder.share() },
})
for (const [id, length] of lengths.entries()) {
  const frame: Frame = { length, history: frames.push(id) }
  frame.history.log(FRAME.FRAME_IN, 'in, %d bytes', length)
  pending.set(id, frame)
  worker.postMessage({ id, handle: frame.history.handle, length })
}

worker.on('message', ({ id, sum }) => {
  const frame = pending.get(id)
  if (sum < 0) frame?.history.log(FRAME.FRAME_DROP, 'dropped')
  else frame?.history.log(FRAME.FRAME_SENT, 'sent, sum %d', sum)
  pending.delete(id)
  console.log(`frame ${id}, ${frame?.length} bytes: ${sum < 0 ? 'dropped' : `sum ${sum}`}`)
  if (pending.size > 0) return
  const [, , dump] = process.argv
  if (dump !== undefined) recorder.dumpSync(dump)
  void worker.terminate()
})
