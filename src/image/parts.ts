// What every decoder of one image works on.

import type { ImageBytes } from './bytes.ts'
import { Chunks } from './chunks.ts'
import { Problems } from './problems.ts'
import { Statements } from './statements.ts'
import { Strings } from './strings.ts'
import { Threads } from './threads.ts'
import { Verbs } from './verbs.ts'

export interface Parts {
  readonly bytes: ImageBytes
  readonly problems: Problems
  readonly chunks: Chunks
  readonly strings: Strings
  readonly threads: Threads
  readonly verbs: Verbs
  readonly statements: Statements
  /** Address of the image's first byte where it was recorded. */
  readonly base: number
  /** The recorder's id, hexadecimal. */
  readonly run: string
  /** The bytes are memory that is still being written: nothing that changes may be remembered. */
  readonly isLive: boolean
}

/** What the header tells the decoders. */
export interface Bounds extends Pick<Parts, 'base' | 'run' | 'isLive'> {
  readonly budgetChunks: number
  readonly pid: number
}

export function partsOf(
  bytes: ImageBytes,
  { budgetChunks, pid, base, run, isLive }: Bounds,
): Parts {
  const problems = new Problems(bytes.source)
  const chunks = new Chunks(bytes, problems, budgetChunks)
  const strings = new Strings(bytes, chunks, problems)
  const threads = new Threads(bytes, chunks, strings, problems, pid)
  const verbs = new Verbs(bytes, strings, problems)
  const statements = new Statements(strings, problems)
  return { bytes, problems, chunks, strings, threads, verbs, statements, base, run, isLive }
}
