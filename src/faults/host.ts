// The few members of the host that the fault hook needs. Asked for at run time, never imported: a page may load this
// module, it only cannot use it.

export type Listener = (...args: never[]) => void

export interface FileSystem {
  mkdirSync(path: string, options: { recursive: true }): void
  mkdtempSync(prefix: string): string
  chmodSync(path: string, mode: number): void
  linkSync(from: string, to: string): void
  renameSync(from: string, to: string): void
  openSync(path: string, flags: string, mode: number): number
  closeSync(descriptor: number): void
  rmSync(path: string, options: { recursive: true; force: true }): void
  statSync(path: string): { readonly size: number; readonly mtimeMs: number }
  readdirSync(path: string): string[]
  writeSync(descriptor: number, text: string): number
}

export interface Emitter {
  on(event: string | symbol, listener: Listener): unknown
  off(event: string | symbol, listener: Listener): unknown
}

export interface Host extends Emitter {
  readonly versions: Record<string, string | undefined>
  readonly pid: number
  readonly execPath: string
  readonly env: Record<string, string | undefined>
  prependListener(event: string, listener: Listener): unknown
  listenerCount(event: string): number
  kill(pid: number, signal: string): unknown
  getBuiltinModule(name: string): unknown
}

/** The running process and its files; undefined where there are none. */
export function findHost():
  | { process: Host; files: FileSystem; isMainThread: boolean }
  | undefined {
  const process = (globalThis as unknown as { process?: Host }).process
  const files = process?.getBuiltinModule?.('node:fs') as FileSystem | undefined
  if (!process || !files) return undefined
  const { isMainThread } = process.getBuiltinModule('node:worker_threads') as {
    isMainThread: boolean
  }
  return { process, files, isMainThread }
}

/** Synchronous, since nothing later will be: console may write when the process is gone. */
export function tellOn(files: FileSystem): (sentence: string) => void {
  return (sentence) => {
    try {
      files.writeSync(2, `${sentence}\n`)
    } catch {
      console.error(sentence)
    }
  }
}
