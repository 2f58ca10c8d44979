// Node's builtins, in whichever runtime has them, without an import that a bundler for browsers would stumble over.

export interface Socket {
  on(event: string, listener: (...args: never[]) => void): Socket
  end(bytes: Uint8Array): unknown
  destroy(): unknown
  resume(): unknown
  setTimeout(milliseconds: number): unknown
  setNoDelay?(): unknown
  unref(): unknown
}

export interface Net {
  connect(options: object): Socket
}

export interface Datagrams {
  createSocket(kind: 'udp4' | 'udp6'): DatagramSocket
}

export interface DatagramSocket {
  on(event: 'error', listener: (error: Error) => void): unknown
  connect(port: number, host: string, done: () => void): void
  send(bytes: Uint8Array, done: (error: Error | null) => void): void
  close(): void
  unref(): void
}

export interface Files {
  openSync(path: string, flags: string, mode: number): number
  fstatSync(file: number): { readonly size: number }
  writeSync(file: number, bytes: Uint8Array, offset: number, length: number): number
  writeSync(file: number, text: string): number
  ftruncateSync(file: number, length: number): void
  closeSync(file: number): void
}

export interface Process {
  readonly pid: number
  on(event: 'exit' | 'beforeExit', listener: () => void): unknown
  off(event: 'exit' | 'beforeExit', listener: () => void): unknown
  getBuiltinModule(name: string): unknown
}

export function hostProcess(): Process | undefined {
  const { process } = globalThis as unknown as { process?: Process & { versions?: object } }
  return typeof process?.getBuiltinModule === 'function' && process.versions ? process : undefined
}

/** @throws {Error} In a browser; says what cannot be done there. */
export function builtin<Module>(name: string, action: string): Module {
  const found = hostProcess()?.getBuiltinModule(name)
  if (!found) throw new Error(`Cannot ${action}: this runtime has no ${name}`)
  return found as Module
}
