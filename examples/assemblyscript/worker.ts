// Its thread: the same recorder, and the Wasm module with imports of it.

import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { Recorder } from 'struct-history'

const recorder = Recorder.join(workerData.ticket, { thread: 'decoder' })
const env = {
  abort(): void {
    throw new Error('the decoder aborted')
  },
}
const bytes = readFileSync(new URL('./frames.wasm', import.meta.url))
const module = new WebAssembly.Module(bytes)
const { exports } = new WebAssembly.Instance(module, { env, ...recorder.imports() })
const { decode } = exports as { decode(handle: number, length: number): number }

parentPort?.on('message', ({ id, handle, length }) => {
  parentPort?.postMessage({ id, sum: decode(handle, length) })
})
