// Watches for faults and dumps the recorder.

import { Dumper, TRIGGER } from './dumper.ts'
import { findHost } from './host.ts'
import { type DumpOnFaultOptions, settingsOf } from './options.ts'
import { watchExit, watchHeap, watchSignal, watchUncaught, watchWorkers } from './watchers.ts'
import type { Dumpable } from './write-dump.ts'

/** What dumpOnFault returns. */
export interface FaultHook {
  /** Path of the dump that was written last, if one was. */
  readonly dumped: string | undefined
  /**
   * Also dumps at the errors of this worker, those too that the application handles. Node tells of each worker that
   * begins after dumpOnFault(); in Deno and Bun, name them here.
   */
  watch(worker: object): void
  /** Stops watching. */
  remove(): void
}

/**
 * Writes a dump of the recorder when the process is about to die of an uncaught error, an unhandled rejection (where the
 * runtime ends for it), an error that a worker thread did not catch, a chosen signal or exit status; and, at most once
 * per `interval`, when recorder.trigger() is called, a worker fails, or the heap is nearly full. Synchronously, once per fault,
 * under a name with time and pid that no dump had before; says so in one line on stderr. Never masks the fault: a
 * failure to dump is told in that line, and the process dies as it would have.
 *
 * Call it in the main thread; the faults of workers arrive there. In a worker, on the recorder it has joined, it serves
 * that worker's trigger() alone.
 *
 * @throws TypeError for an unknown option or one of a wrong type
 * @throws Error in a runtime without processes (a browser)
 * @example
 * const hook = dumpOnFault(recorder, { directory: '/var/crash', signals: ['SIGTERM'], exitCodes: 'nonzero' })
 */
export function dumpOnFault(recorder: Dumpable, options: DumpOnFaultOptions = {}): FaultHook {
  const { place, signals, isWatchedExit, heapLimit, interval } = settingsOf(options)
  const { process, files, isMainThread } = findHost()
  const dumper = new Dumper(recorder, files, process.pid, place, interval)
  const workers = watchWorkers(process, dumper)
  const stops = [workers.stop]
  const stopTriggers = recorder.onTrigger?.((reason) => dumper.survived(TRIGGER + reason))
  if (stopTriggers) stops.push(stopTriggers)
  if (isMainThread) {
    stops.push(watchUncaught(process, dumper), watchExit(process, isWatchedExit, dumper))
    stops.push(...signals.map((signal) => watchSignal(process, signal, dumper)))
  }
  if (heapLimit !== undefined) stops.push(watchHeap(process, heapLimit, dumper))
  return {
    get dumped() {
      return dumper.dumped
    },
    watch: workers.watch,
    remove() {
      for (const stop of stops.splice(0)) stop()
    },
  }
}
