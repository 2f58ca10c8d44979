// The compiled core. Its bytes travel inside the package, so that loading is synchronous and the same everywhere.

import { core, memoryFlagsAt } from './wasm.ts'

/** Of a memory that cannot be shared, but has a maximum; instructions are the same on either. */
const PLAIN = 1

let shared: WebAssembly.Module | undefined
let plain: WebAssembly.Module | undefined

/** Compiled at the first call, once per thread: for a shared memory, or for that of a page without SharedArrayBuffer. */
export function coreModule(isShared: boolean): WebAssembly.Module {
  if (isShared) {
    shared ??= new WebAssembly.Module(decode(core))
    return shared
  }
  if (plain) return plain
  const bytes = decode(core)
  bytes[memoryFlagsAt] = PLAIN
  plain = new WebAssembly.Module(bytes)
  return plain
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  // A plain loop: Uint8Array.fromBase64 is missing in Node 20 to 24, and Uint8Array.from is slower.
  const binary = atob(base64)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}
