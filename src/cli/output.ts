// Writing to the terminal or the pipe: in order with what child processes write, and quietly gone when the reader is gone.

import { writeSync } from 'node:fs'

const encoder = new TextEncoder()
const RETRY_MILLISECONDS = 2
const sleeper = new Int32Array(new SharedArrayBuffer(4))

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

/** Writes all of it. A pipe that is full is waited for; one that is closed ends the program, as SIGPIPE would. */
function writeAll(descriptor: number, given: Uint8Array): void {
  let bytes = given
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(descriptor, bytes))
    } catch (error) {
      if (codeOf(error) === 'EPIPE') process.exit(0)
      if (codeOf(error) !== 'EAGAIN') throw error
      Atomics.wait(sleeper, 0, 0, RETRY_MILLISECONDS)
    }
  }
}

export const writeOut = (text: string): void => writeAll(1, encoder.encode(text))
export const writeError = (text: string): void => writeAll(2, encoder.encode(text))
export const writeBytes = (bytes: Uint8Array): void => writeAll(1, bytes)
