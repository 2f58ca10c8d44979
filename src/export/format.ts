// What every format is: a stream of parts, or a folder of such streams. Nothing is held but what is being made.

import type { Origin } from './row.ts'

export type Part = string | Uint8Array

export interface FileOfFolder {
  readonly name: string
  readonly parts: Iterable<Part>
}

interface Named {
  /** What `--format` calls it. */
  readonly name: string
  /** Ending of a file's name. */
  readonly extension: string
  /** In a line: what it is, and what opens it. */
  readonly about: string
}

export interface StreamFormat extends Named {
  readonly kind: 'text' | 'binary'
  /** Goes through the origins once, each as it comes: one that is opened as late may be gone again before the next. */
  parts(origins: Iterable<Origin>): Iterable<Part>
}

export interface FolderFormat extends Named {
  readonly kind: 'folder'
  /** Each file's parts are to be taken before the next file is asked for. May go through the origins twice. */
  files(origins: Iterable<Origin>): Iterable<FileOfFolder>
}

export type Format = StreamFormat | FolderFormat
