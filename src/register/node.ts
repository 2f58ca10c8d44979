// What is used of Node's modules, which Deno and Bun have, too. By process.getBuiltinModule, as everywhere in src/: its types are
// these, and no others of Node's reach the rest.

interface Emitter {
  on(event: string | symbol, listener: (...given: never[]) => void): unknown
  once(event: string | symbol, listener: (...given: never[]) => void): unknown
}

export interface Socket extends Emitter {
  readonly remoteAddress?: string
  readonly remotePort?: number
  readonly localPort?: number
  readonly timeout?: number
  readonly bytesRead: number
  readonly bytesWritten: number
  connect(...given: unknown[]): unknown
}

/** A request that a server gets. */
export interface IncomingMessage {
  readonly method?: string
  readonly url?: string
  readonly statusCode?: number
  readonly socket: Socket
}

export interface ServerResponse extends Emitter {
  readonly statusCode: number
  readonly writableFinished: boolean
}

export interface ClientRequest extends Emitter {
  readonly method: string
  readonly host?: string
  readonly path: string
  readonly socket: Socket | null
  readonly reusedSocket: boolean
}

export interface Worker extends Emitter {
  readonly threadId: number
}

export interface EmitterClass {
  readonly prototype: { emit(name: string, ...given: unknown[]): boolean }
}

interface Process {
  readonly argv: readonly string[]
  readonly env: Record<string, string | undefined>
  emitWarning(sentence: string, options: { type: string }): void
  getBuiltinModule(name: string): unknown
}

interface Modules {
  'node:async_hooks': {
    createHook(hooks: {
      init(id: number, type: string, trigger: number, resource: object): void
      before(id: number): void
      destroy(id: number): void
    }): { enable(): void }
  }
  'node:diagnostics_channel': {
    subscribe(name: string, listener: (message: unknown) => void): void
  }
  'node:events': { readonly errorMonitor: symbol }
  'node:http': { readonly Server: EmitterClass }
  'node:module': { readonly Module: { _load(request: string, ...more: unknown[]): unknown } }
  'node:net': {
    readonly Server: EmitterClass
    readonly Socket: { readonly prototype: { connect(...given: unknown[]): unknown } }
  }
  'node:path': { basename(path: string): string }
  'node:worker_threads': {
    readonly isMainThread: boolean
    readonly threadId: number
    readonly threadName?: string | null
    getEnvironmentData(key: string): unknown
    setEnvironmentData(key: string, value: unknown): void
  }
}

export const process: Process = processOf(globalThis as { process?: Process })

export function builtin<Name extends keyof Modules>(name: Name): Modules[Name] {
  return process.getBuiltinModule(name) as Modules[Name]
}

/** Listeners of it hear of errors without taking them on, as those of 'error' would. */
export const errorMonitor: symbol = builtin('node:events').errorMonitor

function processOf({ process }: { process?: Process }): Process {
  if (typeof process?.getBuiltinModule === 'function') return process
  throw new Error('Cannot record without a line of code: Node >= 20.16, Deno or Bun is wanted')
}
