// The faults of a page: it lives on after most of them, and what it saves is there at its next visit.

import type { FaultHook } from './dump-on-fault.ts'
import { Dumper, TRIGGER } from './dumper.ts'
import type { Settings } from './options.ts'
import { openForLeaving, saveDump } from './page-store.ts'
import { nameOf, watchWorker } from './watchers.ts'
import { type Dumpable, timeStamp, type Written } from './write-dump.ts'

export function dumpOnPageFault(recorder: Dumpable, settings: Settings): FaultHook {
  const { place, interval, pagehide } = settings
  const tell = (sentence: string) => console.warn(sentence)
  let isLeaving = false
  let saveAtOnce: Awaited<ReturnType<typeof openForLeaving>> | undefined
  const write = (reason: string): Written => {
    const bytes = recorder.snapshot?.()
    if (!bytes) throw new Error('what is watched has no snapshot()')
    const name = `${place.base}-${timeStamp()}.shdump`
    const about = { name, reason, time: new Date(), size: bytes.length }
    const written = { path: name, size: bytes.length, hint: 'savedDumps() has it' }
    if (isLeaving) {
      saveAtOnce?.(about, bytes)
      return written
    }
    saveDump(about, bytes, place.limit).catch((error) =>
      tell(`struct-history: ${reason}: no dump: ${error instanceof Error ? error.message : error}`),
    )
    return written
  }
  const dumper = new Dumper(recorder, write, tell, interval)
  const stops: (() => void)[] = []
  const listen = (event: string, listener: (event: Event) => void) => {
    globalThis.addEventListener(event, listener)
    stops.push(() => globalThis.removeEventListener(event, listener))
  }
  listen('error', (event) => {
    const { error, message } = event as ErrorEvent
    // An engine may keep the error of some scripts to itself, and tell its message at most.
    const name = error ? nameOf(error) : (/\b\w*Error\b/.exec(message)?.[0] ?? 'error')
    dumper.survived(`uncaught ${name}`, error)
  })
  listen('unhandledrejection', (event) => {
    const { reason } = event as PromiseRejectionEvent
    dumper.survived('unhandled rejection', reason)
  })
  if (pagehide) {
    openForLeaving(place.limit).then(
      (save) => {
        saveAtOnce = save
      },
      (error) => tell(`struct-history: nothing can be saved here: ${error}`),
    )
    // Not once for all: a page may come back out of the browser's cache.
    listen('pagehide', () => {
      isLeaving = true
      dumper.leaving('the page was left')
      isLeaving = false
    })
  }
  const stopTriggers = recorder.onTrigger?.((reason) => dumper.survived(TRIGGER + reason))
  if (stopTriggers) stops.push(stopTriggers)
  return {
    get dumped() {
      return dumper.dumped
    },
    watch(worker) {
      stops.push(watchWorker(worker, undefined, dumper))
    },
    remove() {
      for (const stop of stops.splice(0)) stop()
    },
  }
}
