// The sink that a recorder is given: hands over, and returns. What becomes of it is counted.

import { isShared } from '../core/instance.ts'
import type { Event, History, Stats } from '../image/image.ts'
import { show } from '../recorder/given.ts'
import type { LaterSink, Sink } from '../recorder/options.ts'
import type { Ticket } from '../recorder/ticket.ts'
import { builtin, type Files, hostProcess } from './builtin.ts'
import { Handover } from './handover.ts'
import { type LogOptions, logSettings } from './options.ts'
import { type Started, startIdle, startWorker } from './start.ts'
import type { Target, WriteLines } from './target.ts'

/** Of flush(): looked at so often. */
const LOOK_MS = 10
/** What the writer may need to say that it has ended. */
const ANSWER_MS = 250

/** What another thread's recorder needs to write to the same log: post it with the recorder's own ticket. */
export interface LogTicket {
  readonly structHistory: 'log ticket'
  readonly buffer: SharedArrayBuffer
}

/** A sink that only hands over. See historyLog(). */
export interface HistoryLog extends Sink {
  readonly later: LaterSink
  /**
   * Waits until all that was flushed before is written, or dropped, or the time (milliseconds, 2000 if not given) is over:
   * then false. Keeps the program alive meanwhile. Any thread.
   */
  flush(within?: number): Promise<boolean>
  /** Counters; recorder.stats() has them, too. */
  stats(): Stats
  /** @throws {Error} Where memory cannot be shared. */
  share(): LogTicket
}

/**
 * A sink for `new Recorder({ sinks: [log] })`: flush(), autoLog, list.flush() and triggers hand histories over, in well
 * under a microsecond, and another thread reads them out of the recorder and writes them, whole ones in batches. Where it
 * does not get on, whole histories are dropped and counted, in recorder.stats() and in the log; a thread that logs never
 * waits. At the process's end it is given `endWithin` milliseconds, and then says on stderr what it could not write.
 *
 * The target is that of syslog(), file(), post(), toConsole(), inWorker() or logTape(), or a function that gets lines.
 * A function cannot travel: it is called in this thread, at idle moments.
 *
 * @throws {TypeError | RangeError} For an option that is unknown, of the wrong type or out of range.
 * @example
 * const log = historyLog(syslog({ transport: 'tcp', host: 'logs.example', port: 601 }))
 * const recorder = new Recorder({ name: 'proxy', sinks: [log] })
 */
export function historyLog(target: Target | WriteLines, options: LogOptions = {}): HistoryLog {
  const settings = logSettings(target, options)
  const handover = Handover.of(settings.queue)
  let begun: WebAssembly.Memory | undefined
  let started: Started | undefined

  const begin = ({ memory }: Pick<Ticket, 'memory'>) => {
    if (begun === memory) return
    if (begun)
      throw new Error(
        'Cannot give a log to two recorders: it reads the memory of one; make another',
      )
    begun = memory
    const start = { ...settings, handover, memory, target }
    const process = hostProcess()
    const canTravel = typeof target !== 'function'
    const isThreaded = process !== undefined && isShared(memory) && handover.isShared
    started =
      isThreaded && canTravel && settings.thread === 'worker'
        ? startWorker(start)
        : startIdle(start)
    const within = settings.settings.endWithin + settings.interval + ANSWER_MS
    process?.on('exit', () => end(started as Started, handover, within))
  }
  return sinkOf(handover, begin, () => started)
}

/**
 * The log of another thread, for this thread's recorder: `Recorder.join(ticket, { sinks: [joinLog(logTicket)] })`.
 * @throws {TypeError} For anything that is not a ticket of log.share().
 */
export function joinLog(ticket: LogTicket): HistoryLog {
  if (ticket?.structHistory !== 'log ticket')
    throw new TypeError(`Cannot join a log: expected a ticket of log.share(), got ${show(ticket)}`)
  return sinkOf(
    new Handover(ticket.buffer),
    () => {},
    () => undefined,
  )
}

function sinkOf(
  handover: Handover,
  begin: LaterSink['begin'],
  started: () => Started | undefined,
): HistoryLog {
  const take = (handle: number, from: number, to: number) => {
    const isTaken = handover.put(handle, from, to)
    started()?.wake()
    return isTaken
  }
  const stats = () => statsOf(handover, started()?.thread)
  const sink = (history: History, events: readonly Event[]) => {
    const [first] = events
    const last = events.at(-1)
    if (first && last) take(history.handle, first.index, last.lastIndex + 1)
  }
  return Object.assign(sink, {
    later: { begin, take, stats },
    stats,
    async flush(within = 2000) {
      const { tail } = handover
      const until = performance.now() + within
      started()?.wake()
      while (!handover.isSettled(tail)) {
        if (performance.now() > until) return false
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
      }
      return true
    },
    share(): LogTicket {
      if (!handover.isShared)
        throw new Error('Cannot share a log: memory cannot be shared between threads here')
      return { structHistory: 'log ticket', buffer: handover.buffer as SharedArrayBuffer }
    },
  })
}

function statsOf(handover: Handover, thread: 'worker' | 'idle' | undefined): Stats {
  const counted = (...counters: Parameters<Handover['counted']>[0][]) =>
    counters.reduce((sum, counter) => sum + handover.counted(counter), 0)
  return {
    historiesWritten: counted('written'),
    historiesNotWritten: counted('full', 'evicted', 'unfinished', 'refused', 'unsent'),
    historiesWaiting: handover.waiting,
    eventsWritten: counted('eventsWritten'),
    eventsNotWritten: counted('fullEvents', 'evictedEvents', 'refusedEvents', 'unsentEvents'),
    linesWritten: counted('lines'),
    bytesWritten: counted('bytes'),
    writesFailed: counted('failures'),
    ...(handover.message === '' ? {} : { lastWriteFailure: handover.message }),
    ...(thread === undefined ? {} : { writtenBy: thread }),
  }
}

function end(started: Started, handover: Handover, within: number): void {
  started.endSynchronously(within)
  const { historiesNotWritten, eventsNotWritten } = statsOf(handover, undefined)
  // Where the writer did not answer, what it holds is lost, too.
  const histories = Number(historiesNotWritten) - handover.counted('told') + handover.held
  if (histories <= 0) return
  const events =
    Number(eventsNotWritten) - handover.counted('toldEvents') + handover.counted('heldEvents')
  const why = handover.message === '' ? '' : `: ${handover.message}`
  const sentence = `struct-history: ${histories} histories with ${events} events were not written to the log${why}`
  try {
    builtin<Files>('node:fs', 'write').writeSync(2, `${sentence.replaceAll('\n', ' ')}\n`)
  } catch {
    // Without standard error nobody is there to be told.
  }
}
