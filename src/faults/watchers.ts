// Where faults show. Each watcher only watches: what would have ended the process without it still does, in the same way,
// with the same exit status. Each answers how to stop.

import type { Dumper } from './dumper.ts'
import type { Emitter, Host, Listener } from './host.ts'

type Stop = () => void

const HEAP_PERIOD_MS = 250
/** Below the limit by so much, the heap counts as recovered. */
const HEAP_RECOVERY = 0.1

/** The monitor sees what ends the process without keeping it alive, as a listener of 'uncaughtException' would. */
export function watchUncaught(process: Host, dumper: Dumper): Stop {
  // Unhandled rejections come here as well, and so do errors of workers that nobody listens to.
  const onUncaught: Listener = (error: unknown, origin?: string) => {
    dumper.ending(
      origin === 'unhandledRejection' ? 'unhandled rejection' : `uncaught ${nameOf(error)}`,
      error,
    )
  }
  process.on('uncaughtExceptionMonitor', onUncaught)
  const stops = [() => process.off('uncaughtExceptionMonitor', onUncaught)]
  if ('Deno' in globalThis) stops.push(watchDeno(dumper))
  if ('Bun' in globalThis) stops.push(watchBun(process, dumper))
  return () => stops.forEach((stop) => void stop())
}

/** Deno has its own events for the same faults; a listener that does not prevent the default does not mask them. */
function watchDeno(dumper: Dumper): Stop {
  const onError = (event: Event) => {
    const { error } = event as ErrorEvent
    dumper.ending(`uncaught ${nameOf(error)}`, error)
  }
  const onRejection = () => dumper.ending('unhandled rejection')
  globalThis.addEventListener('error', onError)
  globalThis.addEventListener('unhandledrejection', onRejection)
  return () => {
    globalThis.removeEventListener('error', onError)
    globalThis.removeEventListener('unhandledrejection', onRejection)
  }
}

/** Bun's monitor does not see unhandled rejections; a listener must end the process itself, with the same error. */
function watchBun(process: Host, dumper: Dumper): Stop {
  const onRejection: Listener = (reason: unknown) => {
    // Somebody else listens: then a rejection is no end.
    if (process.listenerCount('unhandledRejection') > 1) return
    dumper.ending('unhandled rejection')
    throw reason
  }
  process.on('unhandledRejection', onRejection)
  return () => process.off('unhandledRejection', onRejection)
}

export function watchSignal(process: Host, signal: string, dumper: Dumper): Stop {
  const onSignal: Listener = () => {
    // Others that listen decide what the signal does. Without them it ends the process, and must still do so.
    if (process.listenerCount(signal) > 1) {
      dumper.survived(signal)
      return
    }
    dumper.ending(signal)
    process.off(signal, onSignal)
    process.kill(process.pid, signal)
  }
  // First, so that a listener that exits the process finds the dump written.
  process.prependListener(signal, onSignal)
  return () => process.off(signal, onSignal)
}

export function watchExit(
  process: Host,
  isWatched: (code: number) => boolean,
  dumper: Dumper,
): Stop {
  const onExit: Listener = (code: number) => {
    if (isWatched(code)) dumper.ending(`exit with status ${code}`)
  }
  process.prependListener('exit', onExit)
  return () => process.off('exit', onExit)
}

interface HeapStatistics {
  getHeapStatistics(): { used_heap_size: number; heap_size_limit: number }
}

const MEBIBYTE = 2 ** 20

/** What of the limit is for young objects, three semi-spaces: V8 gives up when the rest is full. Of V8 11 to 15. */
function youngBytes(v8: string | undefined): number {
  const major = Number.parseInt(v8 ?? '', 10)
  if (major < 13) return 48 * MEBIBYTE
  return (major === 13 ? 192 : 96) * MEBIBYTE
}

/** V8 has no hook for the end of its heap, and aborts; all that can be had is a look now and then, while there is time. */
export function watchHeap(process: Host, share: number, dumper: Dumper): Stop {
  if ('Bun' in globalThis) return () => {}
  const v8 = process.getBuiltinModule('node:v8') as HeapStatistics
  const young = youngBytes(process.versions.v8)
  let isArmed = true
  const look = () => {
    // Young garbage counts as used: of a small heap, this is early rather than late.
    const { used_heap_size: used, heap_size_limit: limit } = v8.getHeapStatistics()
    const fill = used / Math.max(limit - young, limit / 4)
    if (isArmed && fill >= share)
      dumper.survived(`${Math.round(fill * 100)} % of the heap limit in use`)
    isArmed = fill < (isArmed ? share : share - HEAP_RECOVERY)
  }
  const timer = setInterval(look, HEAP_PERIOD_MS) as unknown as { unref?(): void }
  timer.unref?.()
  return () => clearInterval(timer as never)
}

/** Errors of worker threads, also those that the application handles. */
export function watchWorkers(
  process: Host,
  dumper: Dumper,
): { watch(worker: object): void; stop: Stop } {
  const { errorMonitor } = process.getBuiltinModule('node:events') as { errorMonitor: symbol }
  const stops: Stop[] = []
  const watch = (worker: object) => {
    stops.push(watchWorker(worker, errorMonitor, dumper))
  }
  // Node tells of each worker that begins; of others one must be told.
  const onWorker: Listener = (worker: object) => watch(worker)
  process.on('worker', onWorker)
  stops.push(() => process.off('worker', onWorker))
  return { watch, stop: () => stops.splice(0).forEach((stop) => void stop()) }
}

/** A Worker of node:worker_threads, or of the web. */
export function watchWorker(
  worker: object,
  errorMonitor: symbol | undefined,
  dumper: Dumper,
): Stop {
  const told = (error: unknown) => dumper.survived(`error of a worker, ${nameOf(error)}`, error)
  const emitter = worker as Partial<Emitter>
  if (errorMonitor && typeof emitter.on === 'function') {
    const onError: Listener = (error: unknown) => void told(error)
    emitter.on(errorMonitor, onError)
    return () => void emitter.off?.(errorMonitor, onError)
  }
  if (!(worker instanceof EventTarget))
    throw new TypeError('Cannot watch for faults: expected a Worker')
  const onError = (event: Event) => void told((event as ErrorEvent).error ?? event)
  worker.addEventListener('error', onError)
  return () => worker.removeEventListener('error', onError)
}

/** `TypeError`; also of an error of another realm, which is no instance of this one's Error. */
export function nameOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error
  const { name } = error as { name?: unknown }
  return typeof name === 'string' && /^\w{1,64}$/.test(name) ? name : 'object'
}
