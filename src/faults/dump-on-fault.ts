// Watches for the end of the process and dumps the recorder once. It only watches: what would have ended the process
// without it still does, in the same way, with the same exit status.

import { type FileSystem, findHost, type Host, type Listener } from './host.ts'
import { type Dumpable, type Place, writeDump } from './write-dump.ts'

export interface DumpOnFaultOptions {
  /** How dump names begin, perhaps with folders: `dumps/proxy` gives `dumps/proxy-TIME-PID.shdump`. Default `struct-history`. */
  readonly file?: string
  /** Folder of the dumps, made when missing. Default: that of `file`, or the current one. */
  readonly directory?: string
  /** Signals that also dump, then act as if nobody had listened: `['SIGTERM']`. Default none. */
  readonly signals?: readonly string[]
}

/** What dumpOnFault returns. */
export interface FaultHook {
  /** Path of the dump that was written, if one was. */
  readonly dumped: string | undefined
  /** Stops watching. */
  remove(): void
}

const OPTIONS = ['file', 'directory', 'signals']

/**
 * Writes a dump of the recorder when the process is about to die of an uncaught error, an unhandled rejection (where the
 * runtime ends for it), an error that a worker thread did not catch, or a chosen signal. Synchronously, at most once,
 * under a name with time and pid that no dump had before; says so in one line on stderr. Never masks the fault: a
 * failure to dump is told in that line, and the process dies as it would have.
 *
 * Call it in the main thread; the faults of workers arrive there.
 *
 * @throws TypeError for an unknown option or one of a wrong type
 * @throws Error in a runtime without processes (a browser)
 * @example
 * const hook = dumpOnFault(recorder, { directory: '/var/crash', signals: ['SIGTERM'] })
 */
export function dumpOnFault(recorder: Dumpable, options: DumpOnFaultOptions = {}): FaultHook {
  const place = placeOf(options)
  const signals = signalsOf(options)
  const { process, files } = findHost()
  const undo: (() => void)[] = []
  let tried = false
  let dumped: string | undefined

  const dump = (reason: string) => {
    if (tried) return
    tried = true
    try {
      const { path, size } = writeDump(recorder, files, place, process.pid)
      dumped = path
      tell(
        files,
        `struct-history: ${reason}: dumped ${mebibytes(size)} to ${path}; npx shdb ${path}`,
      )
    } catch (error) {
      tell(files, `struct-history: ${reason}: no dump: ${textOf(error)}`)
    }
  }

  // The monitor sees what ends the process without keeping it alive, as a listener of 'uncaughtException' would.
  // Unhandled rejections come here as well, and so do errors of workers that nobody listens to.
  const onUncaught: Listener = (error: unknown, origin?: string) => {
    dump(origin === 'unhandledRejection' ? 'unhandled rejection' : `uncaught ${nameOf(error)}`)
  }
  process.on('uncaughtExceptionMonitor', onUncaught)
  undo.push(() => process.off('uncaughtExceptionMonitor', onUncaught))
  if ('Deno' in globalThis) undo.push(watchDeno(dump))
  if ('Bun' in globalThis) undo.push(watchBun(process, dump))

  for (const signal of signals) {
    const onSignal: Listener = () => {
      dump(signal)
      // Others that listen decide what the signal does. Without them it ends the process, and must still do so.
      if (process.listenerCount(signal) > 1) return
      process.off(signal, onSignal)
      process.kill(process.pid, signal)
    }
    // First, so that a listener that exits the process finds the dump written.
    process.prependListener(signal, onSignal)
    undo.push(() => process.off(signal, onSignal))
  }

  return {
    get dumped() {
      return dumped
    },
    remove() {
      for (const step of undo.splice(0)) step()
    },
  }
}

/** Deno has its own events for the same faults; a listener that does not prevent the default does not mask them. */
function watchDeno(dump: (reason: string) => void) {
  const onError = (event: Event) => dump(`uncaught ${nameOf((event as ErrorEvent).error)}`)
  const onRejection = () => dump('unhandled rejection')
  globalThis.addEventListener('error', onError)
  globalThis.addEventListener('unhandledrejection', onRejection)
  return () => {
    globalThis.removeEventListener('error', onError)
    globalThis.removeEventListener('unhandledrejection', onRejection)
  }
}

/** Bun's monitor does not see unhandled rejections; a listener must end the process itself, with the same error. */
function watchBun(process: Host, dump: (reason: string) => void) {
  const onRejection: Listener = (reason: unknown) => {
    // Somebody else listens: then a rejection is no end.
    if (process.listenerCount('unhandledRejection') > 1) return
    dump('unhandled rejection')
    throw reason
  }
  process.on('unhandledRejection', onRejection)
  return () => process.off('unhandledRejection', onRejection)
}

function placeOf({ file = 'struct-history', directory }: DumpOnFaultOptions): Place {
  requireString('file', file)
  if (directory !== undefined) requireString('directory', directory)
  const [, folder = '', base = ''] = /^(.*[/\\])?([^/\\]*)$/.exec(file) ?? []
  const name = base.replace(/\.shdump$/, '')
  if (name === '') throw new TypeError(`Cannot dump on fault: file must name a file, got "${file}"`)
  const trimmed = folder.length > 1 ? folder.slice(0, -1) : folder
  if (directory === undefined) return { directory: trimmed || '.', base: name }
  return { directory: trimmed ? `${directory}/${trimmed}` : directory, base: name }
}

function signalsOf(options: DumpOnFaultOptions) {
  for (const key of Object.keys(options)) {
    if (OPTIONS.includes(key)) continue
    throw new TypeError(
      `Cannot dump on fault: unknown option "${key}", expected ${OPTIONS.join(', ')}`,
    )
  }
  const { signals = [] } = options
  if (Array.isArray(signals) && signals.every((signal) => /^SIG[A-Z0-9]+$/.test(String(signal)))) {
    return signals as readonly string[]
  }
  throw new TypeError(
    `Cannot dump on fault: signals must be an array of names as "SIGTERM", got ${JSON.stringify(signals)}`,
  )
}

function requireString(option: string, value: unknown) {
  if (typeof value === 'string' && value !== '') return
  throw new TypeError(
    `Cannot dump on fault: ${option} must be a string with something in it, got ${JSON.stringify(value)}`,
  )
}

/** Synchronous, since nothing later will be: console may write when the process is gone. */
function tell(files: FileSystem, line: string) {
  try {
    files.writeSync(2, `${line}\n`)
  } catch {
    console.error(line)
  }
}

function mebibytes(size: number) {
  return `${(size / 1024 / 1024).toFixed(1)} MiB`
}

function nameOf(error: unknown) {
  return error instanceof Error ? error.name : typeof error
}

function textOf(error: unknown) {
  return error instanceof Error ? error.message : String(error)
}
