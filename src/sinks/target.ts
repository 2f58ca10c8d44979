// Where lines go. A target is data, so that it can travel to the worker that writes; what it opens does the writing.

import type { LineForm } from '../line/line.ts'
import type { LineRecord } from '../line/record.ts'

/** Writes a batch: lines without their ends, and what they say. What it throws, or rejects with, is counted as not written. */
export type WriteLines = (
  lines: readonly string[],
  records: readonly LineRecord[],
) => void | Promise<void>

/** How one speaks to a syslog server, over which way: see syslog(). */
export interface SyslogTarget {
  readonly kind: 'syslog'
  readonly transport: 'udp' | 'tcp' | 'tls' | 'unix'
  readonly host: string
  readonly port: number
  readonly path: string
  readonly framing: 'octets' | 'lines'
  readonly priority: number
  readonly structured: boolean
  readonly most: number
  readonly timeout: number
  readonly tls: {
    readonly ca?: string | readonly string[]
    readonly cert?: string
    readonly key?: string
    readonly servername?: string
  }
}

export interface FileTarget {
  readonly kind: 'file'
  readonly path: string
}

export interface PostTarget {
  readonly kind: 'post'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly timeout: number
}

export interface ConsoleTarget {
  readonly kind: 'console'
}

/** A module whose default export is another target, or a function. */
export interface ModuleTarget {
  readonly kind: 'module'
  readonly url: string
}

export type Target = SyslogTarget | FileTarget | PostTarget | ConsoleTarget | ModuleTarget

/** A target, opened. */
export interface Output {
  readonly form: LineForm
  /** Settles when all are written; rejects when it cannot be said of each, and then all are written again. */
  write(lines: readonly string[], records: readonly LineRecord[]): void | Promise<void>
  /** Whether write() is over when it returns. */
  readonly isSynchronous: boolean
  close(): void
}

/** It would be refused again: not to be repeated. */
export class Refused extends Error {}

/** rsyslog cuts what is longer, in the middle of a letter, if it is not told otherwise. */
export const LINE_BYTES = 8096
/** For files and functions, which have no limit of their own. */
export const PLAIN: LineForm = { priority: undefined, structured: false, most: 65_536 }
