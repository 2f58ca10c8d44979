// What is in a file or a pipe from its start, or from where it is, part by part.

import { readSync } from 'node:fs'

const PART_BYTES = 1 << 20
const RETRY_MILLISECONDS = 2
const sleeper = new Int32Array(new SharedArrayBuffer(4))

export function* partsOf(file: number): Generator<Uint8Array, void, undefined> {
  // A pipe gives 64 KiB at a time: a new buffer for each would cost more than what is in it.
  const buffer = new Uint8Array(PART_BYTES)
  for (;;) {
    const read = readSome(file, buffer)
    if (read === 0) return
    yield buffer.slice(0, read)
  }
}

/** Standard input may be one that does not wait. */
function readSome(file: number, into: Uint8Array): number {
  for (;;) {
    try {
      return readSync(file, into, 0, into.length, null)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw error
      Atomics.wait(sleeper, 0, 0, RETRY_MILLISECONDS)
    }
  }
}
