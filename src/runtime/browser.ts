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
    ordersStores: isX64(),
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

/**
 * The NaN that x86 makes has its sign set, that of ARM has not, whatever the browser says it runs on; and what it says must
 * not leave open whether it is one of 32 bits, as on Windows: that takes a word of 64 in two pieces.
 */
function isX64(): boolean {
  const says = globalThis.navigator?.userAgent ?? ''
  if (!/Linux x86_64|Intel Mac OS X/.test(says)) return false
  const float = new Float32Array([Infinity])
  float[0] = (float[0] as number) - (float[0] as number)
  return (new Uint8Array(float.buffer)[3] as number) === 0xff
}

const warn = (sentence: string) => console.warn(sentence)

function noFiles(): never {
  throw new Error('there are no files here')
}
