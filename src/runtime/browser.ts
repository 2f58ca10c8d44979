// Browsers, and whatever else has no process: no files, no numbers.

import { RUNTIME_BROWSER, RUNTIME_UNKNOWN } from '../../assembly/layout.ts'
import type { Host } from './host.ts'
import { startPageCopier } from './page-copier.ts'

export function browserHost(): Host {
  const scope = globalThis as { document?: unknown; WorkerGlobalScope?: unknown }
  const isPage = scope.document !== undefined
  const isBrowser = isPage || scope.WorkerGlobalScope !== undefined
  return {
    runtime: isBrowser ? RUNTIME_BROWSER : RUNTIME_UNKNOWN,
    pid: 0,
    tid: undefined,
    isMainThread: isPage,
    machine: () => '',
    ordersStores: false,
    every(milliseconds, callback) {
      const timer = setInterval(callback, milliseconds)
      return () => clearInterval(timer)
    },
    writeNewFile(path) {
      throw new Error(
        `Cannot write "${path}": there are no files here; use snapshot() and offer its bytes for download`,
      )
    },
    files: noFiles,
    mappableFiles: noFiles,
    startCopier: noFiles,
    startPageCopier: (work) => startPageCopier(work, warn),
    warn,
  }
}

const warn = (sentence: string) => console.warn(sentence)

function noFiles(): never {
  throw new Error('there are no files here')
}
