// Entry 'struct-history/register': records the lives that every service has (sockets, HTTP requests, fetches, workers,
// clients of pools, timers) without a line in its code. Loading it starts it. docs/REGISTER.md.
//
//   node --import struct-history/register app.js
//   bun --preload struct-history/register app.ts
//   deno run -A --preload npm:struct-history/register app.ts

import { dumpOnFault } from '../faults/index.ts'
import { Recorder } from '../recorder/recorder.ts'
import type { Ticket } from '../recorder/ticket.ts'
import { warn } from './careful.ts'
import { recordFetches } from './fetches.ts'
import { recordRequests } from './http.ts'
import { builtin, process } from './node.ts'
import { recordPools } from './pools.ts'
import { type Settings, settingsOf } from './settings.ts'
import { recordSockets } from './sockets.ts'
import { recordTimers } from './timers.ts'
import { recordWorkers } from './workers.ts'

/** Under which the main thread leaves its ticket for the worker threads that begin after it. */
const TICKET = 'struct-history/register'
/** What Node calls a worker that was given no name. */
const UNNAMED = 'WorkerThread'
const threads = builtin('node:worker_threads')

const settings = settingsOf(process.env)

/**
 * What everything is recorded in: of this thread, and the same one in each worker thread that was started with the same
 * `--import`. An application may add lists of its own. undefined in a worker that the main thread left no ticket for.
 */
export const recorder: Recorder | undefined = threads.isMainThread ? begin(settings) : join()
if (recorder) record(recorder, settings)

function begin({ budget, directory, isDumpedAtExit, warnings }: Settings): Recorder {
  for (const warning of warnings) warn(warning)
  const name =
    builtin('node:path')
      .basename(process.argv[1] ?? 'node')
      .replace(/\.\w+$/, '') || 'node'
  const begun = new Recorder({ name: name.slice(0, 20), budget })
  dumpOnFault(begun, { directory, file: name, exitCodes: isDumpedAtExit })
  threads.setEnvironmentData(TICKET, begun.share())
  return begun
}

function join(): Recorder | undefined {
  const ticket = threads.getEnvironmentData(TICKET) as Ticket | undefined
  return ticket && Recorder.join(ticket, { thread: nameOfThread() })
}

function nameOfThread(): string {
  const { threadId, threadName } = threads
  return threadName && threadName !== UNNAMED ? threadName : `worker ${threadId}`
}

function record(to: Recorder, { kinds }: Settings): void {
  const sockets = kinds.has('sockets') ? recordSockets(to) : undefined
  if (kinds.has('http')) recordRequests(to, sockets)
  if (kinds.has('fetch')) recordFetches(to)
  if (kinds.has('workers')) recordWorkers(to)
  if (kinds.has('pools')) recordPools(to, sockets)
  if (kinds.has('timers')) recordTimers(to)
}
