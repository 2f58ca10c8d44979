// What the recorder asks of the place it runs in. Two adapters hand it over; nothing else asks where it is.

import { browserHost } from './browser.ts'
import type { Copier, CopierWork } from './copier.ts'
import type { Files } from './files.ts'
import type { MappableFiles } from './mappable-files.ts'
import type { PageCopier, PageCopierWork } from './page-copier.ts'
import { serverHost } from './server.ts'

export interface Host {
  /** RUNTIME_… of the format. */
  readonly runtime: number
  /** 0 where there are no processes. */
  readonly pid: number
  /** The runtime's own number of this thread, or undefined where it has none. */
  readonly tid: number | undefined
  readonly isMainThread: boolean
  /** The machine's name; '' where the runtime does not tell it, or would have to ask somebody. */
  machine(): string
  /** Whether the machine makes stores visible in their order: known of x86-64; where in doubt, false. */
  readonly ordersStores: boolean
  /** Calls back about every so many milliseconds without keeping the program alive; answers how to stop it. */
  every(milliseconds: number, callback: () => void): () => void
  /** Writes a new file, only its owner may read it. Throws when there is one of that name, or no files at all. */
  writeNewFile(path: string, bytes: Uint8Array): void
  /** Throws where there are none. */
  files(): Files
  /** Copies a memory into a file from now on; `copyAll` copies for the last time where the copier cannot. Throws without files. */
  startCopier(work: CopierWork, copyAll: () => void): Copier
  /** The same in a page, which has files of its own only; undefined elsewhere. Throws where a page has none. */
  readonly startPageCopier?: (work: PageCopierWork) => PageCopier
  /** One line to the developer, which does not disturb the program. */
  warn(sentence: string): void
  /** Files that can lie under a memory. Throws where there are none; the message says what would help. */
  mappableFiles(): MappableFiles
}

export const host: Host = serverHost() ?? browserHost()
