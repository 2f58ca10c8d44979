// Who writes: a worker of its own where the runtime has threads and the target can travel, else this thread, when it is idle.

import { host } from '../runtime/host.ts'
import { builtin, hostProcess } from './builtin.ts'
import type { Handover } from './handover.ts'
import { opened, openTarget } from './open.ts'
import type { Output, Target, WriteLines } from './target.ts'
import type { WorkerWork } from './worker.ts'
import { HistoryWriter, type WriterSettings } from './writer.ts'

export interface Started {
  readonly thread: 'worker' | 'idle'
  /** Something was put: for one that looks only when it is told. */
  wake(): void
  /** At the end of the process. */
  endSynchronously(milliseconds: number): void
}

interface WorkerThread {
  unref(): void
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'exit', listener: (code: number) => void): unknown
}

interface Threads {
  readonly Worker: new (source: URL, options: { workerData: WorkerWork }) => WorkerThread
}

/** An idle thread works so many milliseconds at a stretch, a worker until it has enough. */
const IDLE_SLICE_MS = 4
const WORKER_SLICE_MS = 50

export interface Start {
  readonly handover: Handover
  readonly memory: WebAssembly.Memory
  readonly target: Target | WriteLines
  readonly interval: number
  readonly settings: Omit<WriterSettings, 'slice'>
}

export function startWorker(start: Start): Started {
  const { handover, memory, target, interval, settings } = start
  const { Worker } = builtin<Threads>('node:worker_threads', 'start a thread that writes')
  // Beside this file, in src/ and in build/; it is an entry of its own there.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const source = new URL(`./worker.${extension}`, import.meta.url)
  let instead: Started | undefined
  const failed = (error: string) => {
    if (instead || handover.mustEnd) return
    // Of what it had taken, nobody knows what became.
    handover.count('unsent', handover.held)
    handover.count('unsentEvents', handover.counted('heldEvents'))
    handover.count('heldEvents', -handover.counted('heldEvents'))
    handover.settleAllTaken()
    host.warn(`The thread that writes histories to the log ended: ${error}; this one writes them`)
    instead = startIdle(start)
    instead.wake()
  }
  const work: WorkerWork = {
    buffer: handover.buffer as SharedArrayBuffer,
    memory,
    target: target as Target,
    interval,
    settings: { ...settings, slice: WORKER_SLICE_MS },
  }
  const worker = new Worker(source, { workerData: work })
  worker.unref()
  worker.on('error', (error) => failed(error?.message ?? String(error)))
  worker.on('exit', (code) => failed(`exit status ${code}`))
  return {
    get thread() {
      return instead?.thread ?? 'worker'
    },
    wake: () => instead?.wake(),
    endSynchronously: (milliseconds) =>
      instead ? instead.endSynchronously(milliseconds) : handover.end(milliseconds),
  }
}

export function startIdle({ handover, memory, target, interval, settings }: Start): Started {
  const opening: Output | Promise<Output> =
    typeof target !== 'function' && target.kind === 'module' ? openTarget(target) : opened(target)
  if (opening instanceof Promise) opening.catch(() => {})
  const writer = new HistoryWriter(handover, memory, { ...settings, slice: IDLE_SLICE_MS }, opening)
  let timer: unknown
  let isOver = false
  const turn = () => {
    timer = undefined
    writer.turn()
    if (handover.waiting > 0) wake()
  }
  const wake = () => {
    if (isOver || timer !== undefined) return
    timer = setTimeout(turn, interval)
    const { unref } = timer as { unref?(): void }
    unref?.call(timer)
  }
  // Other threads cannot wake this one.
  if (handover.isShared) host.every(interval, () => handover.waiting > 0 && wake())
  const end = () => {
    if (isOver || handover.waiting === 0) return
    isOver = true
    void writer.end()
  }
  hostProcess()?.on('beforeExit', end)
  const page = globalThis as { document?: unknown } & Pick<EventTarget, 'addEventListener'>
  if (page.document !== undefined) page.addEventListener('pagehide', () => writer.turn())
  return {
    thread: 'idle',
    wake,
    endSynchronously() {
      isOver = true
      writer.endSynchronously()
    },
  }
}
