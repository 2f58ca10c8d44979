// A few functions of the C library, through the runtime's own foreign function interface. Addresses and lengths are bigint
// on both sides: it is what all four interfaces take and give.

/** Only what maps files. Names, order and meaning as in their manual pages; -1 says refused, errno is not told. */
export interface Libc {
  open(path: bigint, flags: number, mode: number): number
  close(file: number): number
  flock(file: number, operation: number): number
  /** Answers the errno itself. */
  posix_fallocate(file: number, offset: bigint, length: bigint): number
  pread(file: number, into: bigint, length: bigint, offset: bigint): bigint
  mmap(
    address: bigint,
    length: bigint,
    protection: number,
    flags: number,
    file: number,
    offset: bigint,
  ): bigint
}

export interface ForeignFunctions {
  readonly libc: Libc
  /** Where the bytes lie. Not of small arrays without a buffer of their own: engines move those. */
  addressOf(bytes: Uint8Array): bigint
  /** The engine writes into memories that it frees, so one that is a file must never be freed. */
  readonly writesFreedMemory: boolean
}

type Type = 'i32' | 'i64' | 'u64'
type Functions = Record<string, (...values: never[]) => unknown>

const SIGNATURES: Record<keyof Libc, readonly [readonly Type[], Type]> = {
  open: [['u64', 'i32', 'i32'], 'i32'],
  close: [['i32'], 'i32'],
  flock: [['i32', 'i32'], 'i32'],
  posix_fallocate: [['i32', 'i64', 'i64'], 'i32'],
  pread: [['i32', 'u64', 'u64', 'i64'], 'i64'],
  mmap: [['u64', 'u64', 'i32', 'i32', 'i32', 'i64'], 'u64'],
}
/** glibc, then musl. */
const MUSL_NAMES: Record<string, string> = { x64: 'x86_64', arm64: 'aarch64' }

interface Process {
  readonly platform: string
  readonly arch: string
  cwd(): string
  getBuiltinModule(name: string): unknown
}

interface DenoForeign {
  dlopen(library: string, symbols: object): { readonly symbols: Functions }
  readonly UnsafePointer: { of(bytes: Uint8Array): unknown; value(pointer: unknown): bigint }
}

interface NodeForeign {
  dlopen(library: string, symbols: object): { readonly functions: Functions }
  getRawPointer(bytes: Uint8Array): bigint
}

interface BunForeign {
  dlopen(library: string, symbols: object): { readonly symbols: Functions }
  ptr(bytes: Uint8Array): number
}

type KoffiFunction = (...values: unknown[]) => number | bigint

interface Koffi {
  load(library: string): {
    func(name: string, result: string, parameters: readonly string[]): KoffiFunction
  }
}

/**
 * The C library of this process.
 * @throws {Error} Where it cannot be called; its message says what would help.
 */
export function foreignFunctions(process: Process): ForeignFunctions {
  if (process.platform !== 'linux')
    throw new Error(`files are mapped on Linux only, this is ${process.platform}`)
  const musl = `libc.musl-${MUSL_NAMES[process.arch] ?? process.arch}.so.1`
  const open = opener(process)
  try {
    return open('libc.so.6')
  } catch (error) {
    try {
      return open(musl)
    } catch {
      throw error
    }
  }
}

function opener(process: Process): (library: string) => ForeignFunctions {
  const scope = globalThis as { Deno?: DenoForeign; Bun?: unknown }
  if (scope.Deno) return denoOpener(scope.Deno)
  const bun = scope.Bun ? process.getBuiltinModule('bun:ffi') : undefined
  if (bun) {
    const { isMainThread } = process.getBuiltinModule('node:worker_threads') as {
      isMainThread: boolean
    }
    // With a worker, Bun frees what only the worker holds.
    if (!isMainThread)
      throw new Error('Bun maps files in its main thread only; share() its recorder with workers')
    return bunOpener(bun as BunForeign)
  }
  const node = process.getBuiltinModule('node:ffi')
  return node ? nodeOpener(node as NodeForeign) : koffiOpener(koffiOf(process))
}

const denoOpener = (deno: DenoForeign) => (library: string) => {
  try {
    const { symbols } = deno.dlopen(library, signatures('parameters', 'result'))
    const { UnsafePointer } = deno
    const addressOf = (bytes: Uint8Array) => UnsafePointer.value(UnsafePointer.of(bytes))
    return { libc: symbols as unknown as Libc, addressOf, writesFreedMemory: false }
  } catch (error) {
    if (!/NotCapable|PermissionDenied/.test((error as Error).name)) throw error
    throw new Error('Deno maps files with --allow-ffi only', { cause: error })
  }
}

const bunOpener = (bun: BunForeign) => (library: string) => {
  const { symbols } = bun.dlopen(library, signatures('args', 'returns'))
  return {
    libc: symbols as unknown as Libc,
    addressOf: (bytes: Uint8Array) => BigInt(bun.ptr(bytes)),
    // JavaScriptCore's allocator threads its free list through them.
    writesFreedMemory: true,
  }
}

const nodeOpener = (node: NodeForeign) => (library: string) => {
  // Both spellings exist across 26.x.
  const wanted = signatures('parameters', 'result')
  const earlier = signatures('arguments', 'return')
  for (const [name, signature] of Object.entries(earlier))
    Object.assign(wanted[name] ?? {}, signature)
  const { functions } = node.dlopen(library, wanted)
  return {
    libc: functions as unknown as Libc,
    addressOf: node.getRawPointer,
    writesFreedMemory: false,
  }
}

const KOFFI_TYPES: Record<Type, string> = { i32: 'int', i64: 'int64', u64: 'uint64' }

const koffiOpener = (koffi: Koffi) => (library: string) => {
  const loaded = koffi.load(library)
  const functions: Functions = {}
  for (const [name, [parameters, result]] of Object.entries(SIGNATURES)) {
    const types = parameters.map((type) => KOFFI_TYPES[type])
    const call = loaded.func(name, KOFFI_TYPES[result], types)
    // koffi answers a number wherever that holds the value.
    functions[name] = result === 'i32' ? call : (...values: unknown[]) => BigInt(call(...values))
  }
  // koffi has no name for the address of bytes; a function that answers its argument tells it.
  const same = loaded.func('memmove', 'uint64', ['void *', 'void *', 'size_t'])
  const addressOf = (bytes: Uint8Array) => BigInt(same(bytes, bytes, 0))
  return { libc: functions as unknown as Libc, addressOf, writesFreedMemory: false }
}

function koffiOf(process: Process): Koffi {
  const { createRequire } = process.getBuiltinModule('node:module') as {
    createRequire(from: string): (name: string) => unknown
  }
  // Beside this library, where npm puts a peer; or of the program, into which a bundler may have put the library.
  let cause: unknown
  for (const from of [import.meta.url, `${process.cwd()}/`]) {
    try {
      return createRequire(from)('koffi') as Koffi
    } catch (error) {
      cause = error
    }
  }
  throw new Error(
    'Node maps files from version 26 on, earlier ones with the package koffi: npm install koffi',
    { cause },
  )
}

function signatures(parameters: string, result: string): Record<string, object> {
  const entries = Object.entries(SIGNATURES)
  return Object.fromEntries(
    entries.map(([name, [types, type]]) => [name, { [parameters]: types, [result]: type }]),
  )
}
