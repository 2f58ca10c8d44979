// What all that rewrite one image work with.

import { BLOCK_HEADER_BYTES, BLOCK_NEXT } from '../../assembly/layout.ts'
import type { Parts } from '../image/parts.ts'
import type { Report } from './report.ts'
import type { Rewritten } from './rewritten.ts'
import type { Rules } from './rules.ts'
import type { StringArea } from './string-area.ts'
import type { Words } from './words.ts'

const WORD = 4

export interface Workshop {
  readonly parts: Parts
  readonly to: Rewritten
  readonly rules: Rules
  readonly words: Words
  readonly strings: StringArea
  /** Is counted up. */
  readonly report: Report
}

/** Bytes that are numbers. */
export function copyBytes({ parts, to }: Workshop, at: number, length: number): void {
  to.put(at, parts.bytes.copy(at, length, 'what is copied'))
}

/** The header of a block, but for the next one, which may be anything. */
export function copyHead(shop: Workshop, block: number): void {
  copyBytes(shop, block, BLOCK_NEXT)
  copyBytes(shop, block + BLOCK_NEXT + WORD, BLOCK_HEADER_BYTES - BLOCK_NEXT - WORD)
}

/** Undefined for what no recorder writes: ImageErrors are RangeErrors. */
export function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
