// Histories for LogTape: any of its sinks, or a logger of the application's, gets a record for each line. Types alone are known
// of it here, and only what is needed of them; nothing is imported.

import type { LineRecord } from '../line/record.ts'
import type { WriteLines } from './target.ts'

/** Of LogTape's LogRecord, what its sinks read. */
export interface LogTapeRecord {
  readonly category: readonly string[]
  readonly level: 'trace' | 'debug' | 'info' | 'warning' | 'error' | 'fatal'
  readonly message: readonly unknown[]
  readonly rawMessage: string
  readonly timestamp: number
  readonly properties: Record<string, unknown>
}

type LogTapeSink = (record: LogTapeRecord) => void

interface LogTapeLogger {
  emit(record: Omit<LogTapeRecord, 'category'>): void
}

export interface LogTapeOptions {
  /** Of a sink; a logger has its own. Default: ['struct-history']. */
  readonly category?: readonly string[]
  /** Of events and headers; that something was lost is a 'warning'. Default: 'info'. */
  readonly level?: LogTapeRecord['level']
  /** 'line' (default): the message is the line in its plain form, which shdb reads back; 'text': the event's text alone. */
  readonly message?: 'line' | 'text'
}

/** Attributes are named as in `shdb export --format otlp`. */
const PREFIX = 'struct_history.'

/**
 * A target for a sink, or a logger, of LogTape: its file, console, OpenTelemetry, Sentry, …. The columns are the record's
 * properties. What a sink throws is counted as not written; of what a logger does with its sinks' errors nothing is known
 * here.
 *
 * @example
 * historyLog(logTape(getOpenTelemetrySink({ loggerProvider })))
 * historyLog(logTape(getLogger(['proxy', 'histories'])))
 */
export function logTape(to: LogTapeSink | LogTapeLogger, options: LogTapeOptions = {}): WriteLines {
  const { category = ['struct-history'], level = 'info', message = 'line' } = options
  const emit: LogTapeSink = typeof to === 'function' ? to : (record) => to.emit(record)
  return (lines, records) => {
    for (const [at, record] of records.entries()) {
      const line = message === 'line' ? (lines[at] as string) : record.text
      emit({
        category,
        level: record.element === 'struct-history-lost' ? 'warning' : level,
        message: [line],
        rawMessage: line,
        timestamp: timestampOf(record),
        properties: propertiesOf(record),
      })
    }
  }
}

const timestampOf = ({ time }: LineRecord): number =>
  time === '' ? Date.now() : Date.parse(time.replace(/\d{3}Z$/, 'Z'))

function propertiesOf({ element, host, pid, data }: LineRecord): Record<string, unknown> {
  const properties: Record<string, unknown> = {
    [`${PREFIX}element`]: element,
    'host.name': host,
    'process.pid': pid,
  }
  for (const [name, value] of Object.entries(data)) properties[PREFIX + name] = value
  return properties
}
