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
  parts(origins: readonly Origin[]): Iterable<Part>
}

export interface FolderFormat extends Named {
  readonly kind: 'folder'
  files(origins: readonly Origin[]): Iterable<FileOfFolder>
}

export type Format = StreamFormat | FolderFormat
