// What every decoder of one image works on.

import type { ImageBytes } from './bytes.ts'
import type { Chunks } from './chunks.ts'
import type { Problems } from './problems.ts'
import type { Strings } from './strings.ts'
import type { Threads } from './threads.ts'
import type { Verbs } from './verbs.ts'

export interface Parts {
  readonly bytes: ImageBytes
  readonly problems: Problems
  readonly chunks: Chunks
  readonly strings: Strings
  readonly threads: Threads
  readonly verbs: Verbs
  /** Address of the image's first byte where it was recorded. */
  readonly base: number
  /** The recorder's id, hexadecimal. */
  readonly run: string
  /** The bytes are memory that is still being written: nothing that changes may be remembered. */
  readonly isLive: boolean
}
