// Watches for faults and dumps the recorder.

import { Dumper, TRIGGER } from './dumper.ts'
import { findHost, tellOn } from './host.ts'
import { type DumpOnFaultOptions, settingsOf } from './options.ts'
import { dumpOnPageFault } from './page.ts'
import { shipperOf } from './ship.ts'
import { watchExit, watchHeap, watchSignal, watchUncaught, watchWorkers } from './watchers.ts'
import { type Dumpable, unshipped, writeDump } from './write-dump.ts'

const LIMIT = 20
const LIMIT_IN_PAGE = 4

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
 * In a page: at uncaught errors, unhandled rejections, triggers, errors of watched workers and, with `pagehide`, when it is
 * left; into IndexedDB, where savedDumps() finds it at the next visit.
 *
 * @throws {TypeError} For an unknown option or one of a wrong type.
 * @throws {Error} In a runtime with neither a process nor IndexedDB.
 * @example
 * const hook = dumpOnFault(recorder, { directory: '/var/crash', signals: ['SIGTERM'], exitCodes: 'nonzero' })
 */
export function dumpOnFault(recorder: Dumpable, options: DumpOnFaultOptions = {}): FaultHook {
  const host = findHost()
  const settings = settingsOf(options, host ? LIMIT : LIMIT_IN_PAGE)
  if (!host) {
    if (typeof indexedDB === 'undefined')
      throw new Error(
        'Cannot dump on fault: this runtime has no process and no files (Node >= 20.16, Deno, Bun or a page wanted)',
      )
    if (settings.ship !== undefined)
      throw new TypeError('Cannot dump on fault: a page has no process to ship its dumps')
    return dumpOnPageFault(recorder, settings)
  }
  const { place, signals, isWatchedExit, heapLimit, interval } = settings
  const { process, files, isMainThread } = host
  const shipper = settings.ship && shipperOf(settings.ship, process, files)
  const write = () => {
    const written = writeDump(recorder, files, place, process.pid)
    if (shipper === undefined) return written
    return { ...written, hint: `${written.hint}; ${shipper.ship([written.path])}` }
  }
  const dumper = new Dumper(recorder, write, tellOn(files), interval)
  const workers = watchWorkers(process, dumper)
  const stops = [workers.stop]
  const stopTriggers = recorder.onTrigger?.((reason) => dumper.survived(TRIGGER + reason))
  if (stopTriggers) stops.push(stopTriggers)
  if (isMainThread) {
    stops.push(watchUncaught(process, dumper), watchExit(process, isWatchedExit, dumper))
    stops.push(...signals.map((signal) => watchSignal(process, signal, dumper)))
  }
  // What a process could not ship that was killed with all that it had started.
  const left = shipper !== undefined && isMainThread ? unshipped(files, place) : []
  if (left.length > 0) shipper?.ship(left)
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
