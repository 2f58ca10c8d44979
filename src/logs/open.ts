// A log that is there whole, opened at once; and how a log is told from other files.

import type { Image } from '../image/image.ts'
import { MARK } from '../line/parse.ts'
import { LogReading, type ReadingOptions } from './reading.ts'

/** What openLog() made of a log. */
export interface OpenedLog {
  /** One for each run of a recorder, the one that began first is first. None where no line tells of a history. */
  readonly images: readonly Image[]
  /** What could not be read, a sentence each. What no line tells of is in the `problems()` of each image. */
  readonly warnings: readonly string[]
}

/** How openLog() reads. */
export interface OpenLogOptions extends ReadingOptions {
  /** What warnings call the log; default 'log'. */
  readonly source?: string
}

/**
 * The recorders that the lines of a log tell of: what the sinks and `shdb export --format syslog` wrote, whatever stands between
 * (docs/LOGGING.md has the formats). A log in parts may be cut anywhere, and rotated files in any order are one log:
 * lines that come twice or out of order are one event each. Never throws for what stands in a log: lines that are cut or
 * garbled are counted in `warnings`. The images hold what was read, and nothing of the log itself; they have no bytes.
 */
export function openLog(
  log: string | Uint8Array | Iterable<string | Uint8Array>,
  options: OpenLogOptions = {},
): OpenedLog {
  const reading = new LogReading(options)
  const source = reading.begin(options.source ?? 'log')
  const encoder = new TextEncoder()
  const parts = typeof log === 'string' || log instanceof Uint8Array ? [log] : log
  for (const part of parts) source.push(typeof part === 'string' ? encoder.encode(part) : part)
  source.end()
  return { images: reading.images(), warnings: reading.warnings() }
}

/** So much of the beginning of a file tells whether it is a log. */
export const LOG_HEAD_BYTES = 1 << 16
const ELF_FIRST_BYTE = 0x7f

/** Whether a file that begins so is a log with histories in it. */
export const isLog = (head: Uint8Array): boolean =>
  head[0] !== ELF_FIRST_BYTE && latin.decode(head).includes(MARK)

/** Every byte is a letter. */
const latin = new TextDecoder('latin1')
