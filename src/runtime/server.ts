// Node, Deno and Bun: all three know Node's builtins, and process.getBuiltinModule hands them out synchronously, so that
// no import of 'node:…' stands in the way of a bundler for browsers.

import { RUNTIME_BUN, RUNTIME_DENO, RUNTIME_NODE } from '../../assembly/layout.ts'
import { startCopier } from './copier.ts'
import { type FileSystem, filesOf } from './files.ts'
import type { Host } from './host.ts'
import { mappableFiles } from './mappable-files.ts'

interface Process {
  readonly pid: number
  readonly arch: string
  readonly platform: string
  readonly versions: Record<string, string | undefined>
  cwd(): string
  kill(pid: number, signal: number): unknown
  on(event: 'exit', listener: () => void): unknown
  emitWarning(sentence: string, options: { type: string }): void
  getBuiltinModule(name: string): unknown
}

interface Deno {
  unrefTimer?(timer: number): void
  readonly permissions: {
    querySync(what: { name: 'sys'; kind: 'hostname' }): { readonly state: string }
  }
}

/** Node refuses to write 2 GiB at once, which is just the length of the largest image. */
const WRITE_BYTES_MAX = 2 ** 30

interface WorkerThreads {
  readonly threadId: number
  readonly isMainThread: boolean
}

export function serverHost(): Host | undefined {
  const scope = globalThis as { process?: Process; Deno?: Deno; Bun?: unknown }
  const process = scope.process
  if (typeof process?.getBuiltinModule !== 'function' || !process.versions?.node) return undefined
  const threads = process.getBuiltinModule('node:worker_threads') as WorkerThreads
  // A web worker of Deno or Bun is no thread of node:worker_threads there, and must not pass for the main one.
  const isWebWorker =
    typeof (globalThis as { WorkerGlobalScope?: unknown }).WorkerGlobalScope === 'function'
  const isUnnumbered = isWebWorker && threads.isMainThread && scope.Deno !== undefined
  const fileSystem = () => process.getBuiltinModule('node:fs') as FileSystem
  return {
    runtime: scope.Deno ? RUNTIME_DENO : scope.Bun ? RUNTIME_BUN : RUNTIME_NODE,
    pid: process.pid,
    tid: isUnnumbered ? undefined : threads.threadId,
    isMainThread: threads.isMainThread && !isUnnumbered,
    machine() {
      // Deno would stop the program and ask its user.
      const query = scope.Deno?.permissions.querySync({ name: 'sys', kind: 'hostname' })
      if (query !== undefined && query.state !== 'granted') return ''
      return (process.getBuiltinModule('node:os') as { hostname(): string }).hostname()
    },
    ordersStores: process.arch === 'x64',
    every(milliseconds, callback) {
      const timer = setInterval(callback, milliseconds) as unknown as { unref?(): void } & number
      if (typeof timer.unref === 'function') timer.unref()
      else scope.Deno?.unrefTimer?.(timer)
      return () => clearInterval(timer)
    },
    writeNewFile(path, bytes) {
      const files = fileSystem()
      const file = files.openSync(path, 'wx', 0o600)
      try {
        let written = 0
        while (written < bytes.length) {
          const length = Math.min(WRITE_BYTES_MAX, bytes.length - written)
          written += files.writeSync(file, bytes, written, length)
        }
      } finally {
        files.closeSync(file)
      }
    },
    files: () => filesOf(fileSystem(), process),
    mappableFiles: () => mappableFiles(process, fileSystem(), filesOf(fileSystem(), process)),
    startCopier: (work, copyAll) => startCopier(process, work, copyAll),
    warn: (sentence) => process.emitWarning(sentence, { type: 'StructHistoryWarning' }),
  }
}
