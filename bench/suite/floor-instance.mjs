// The floor's Wasm on a memory of its own, as the core is on a recorder's.

import { floorBase64 } from 'bench:floor'

/** -> floor(a, b), the bare export. */
export function floorExport() {
  const bytes = Uint8Array.from(atob(floorBase64), (letter) => letter.charCodeAt(0))
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 65536, shared: true })
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports.floor
}
