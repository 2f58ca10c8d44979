// Entry 'struct-history/sinks': histories as lines of logs, written by another thread than the one that records.

export type { LineRecord } from '../line/record.ts'
export { type HistoryLog, historyLog, joinLog, type LogTicket } from './log.ts'
export { type LogTapeOptions, type LogTapeRecord, logTape } from './logtape.ts'
export {
  file,
  inWorker,
  type LogOptions,
  post,
  type SyslogOptions,
  syslog,
  toConsole,
} from './options.ts'
export {
  type ConsoleTarget,
  type FileTarget,
  type ModuleTarget,
  type PostTarget,
  Refused,
  type SyslogTarget,
  type Target,
  type WriteLines,
} from './target.ts'
