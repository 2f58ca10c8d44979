// The compiled core. Its bytes travel inside the package, so that loading is synchronous and the same everywhere.

import { sharedCore, unsharedCore } from './wasm.ts'

let shared: WebAssembly.Module | undefined
let unshared: WebAssembly.Module | undefined

/** Compiled at the first call, once per thread. */
export function coreModule(isShared: boolean): WebAssembly.Module {
  const compiled = isShared ? shared : unshared
  if (compiled) return compiled
  const module = new WebAssembly.Module(decode(isShared ? sharedCore : unsharedCore))
  if (isShared) shared = module
  else unshared = module
  return module
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  // A plain loop: Uint8Array.fromBase64 is missing in Node 20 to 24, and Uint8Array.from is slower.
  const binary = atob(base64)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}
