// A thread of test/plugin/assembly.test.ts: its own instance of a module in AssemblyScript, on the recorder of all.

import { workerData } from 'node:worker_threads'
import { Recorder } from '../../build/index.js'

const { ticket, module, handle, number, each } = workerData
const recorder = Recorder.join(ticket, { thread: `wasm ${number}` })
const env = {
  abort() {
    throw new Error('abort')
  },
}
const { exports } = new WebAssembly.Instance(module, { env, ...recorder.imports() })
for (let n = 0; n < each; n++) exports.read(handle, n)
