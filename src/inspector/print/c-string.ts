// Reads the text that a char pointer points to, up to its zero, a limit, or the end of readable memory.

import type { Memory } from '../language/values.ts'
import { CommandError } from '../messages.ts'

/** `more`: it goes on beyond the limit. `error`: memory ended first. */
export interface CText {
  readonly bytes: Uint8Array
  readonly more: boolean
  readonly error?: string
}

export function readCString(
  memory: Memory,
  address: bigint,
  limit: number,
  origin?: bigint,
): CText {
  const out: number[] = []
  const at = (index: number): number =>
    memory.read(BigInt.asUintN(64, address + BigInt(index)), 1, origin)[0] as number
  try {
    while (out.length < limit) {
      const byte = at(out.length)
      if (byte === 0) return { bytes: Uint8Array.from(out), more: false }
      out.push(byte)
    }
    return { bytes: Uint8Array.from(out), more: at(out.length) !== 0 }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return { bytes: Uint8Array.from(out), more: false, error: error.message }
  }
}
