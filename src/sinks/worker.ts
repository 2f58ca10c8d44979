// The thread that writes, in runtimes that have such. Started by start.ts; joins the recorder's memory, never its hot path.

import { Handover } from './handover.ts'
import { openTarget } from './open.ts'
import type { Target } from './target.ts'
import { HistoryWriter, type WriterSettings } from './writer.ts'

export interface WorkerWork {
  readonly buffer: SharedArrayBuffer
  readonly memory: WebAssembly.Memory
  readonly target: Target
  readonly interval: number
  readonly settings: WriterSettings
}

interface Threads {
  readonly workerData: WorkerWork
}

interface Host {
  getBuiltinModule(name: string): unknown
}

const { process } = globalThis as unknown as { process: Host }
const { workerData } = process.getBuiltinModule('node:worker_threads') as Threads
const handover = new Handover(workerData.buffer)
const { memory, target, interval, settings } = workerData
const writer = new HistoryWriter(handover, memory, settings, openTarget(target))
const timer = setInterval(() => {
  if (!handover.mustEnd) return writer.turn()
  clearInterval(timer)
  void writer.end().then(() => handover.ended())
}, interval)
