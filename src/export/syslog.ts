// Lines of RFC 5424, one a row, the columns as structured data: what a syslog server takes in, and shdb --syslog reads.

import type { StreamFormat } from './format.ts'
import { COLUMNS, type Row, rowsOf } from './row.ts'

/** local0.info */
const PRIORITY = 134
/** 32473 is the number that RFC 5612 sets apart for those without one of their own. */
const STRUCTURE = 'struct-history@32473'
const NIL = '-'
/** What the header says already. */
const IN_HEADER: readonly (keyof Row)[] = ['host', 'pid', 'time', 'log']
const HOST_MAX = 255
const NAME_MAX = 48
const MESSAGE_ID_MAX = 32

export const SYSLOG: StreamFormat = {
  name: 'syslog',
  kind: 'text',
  extension: 'log',
  about: 'one line a row, RFC 5424 with structured data; rsyslog, syslog-ng, journald',
  *parts(origins) {
    for (const origin of origins) {
      const application = word(origin.image.name, NAME_MAX)
      for (const row of rowsOf([origin])) yield line(row, application)
    }
  },
}

function line(row: Row, application: string): string {
  const data = COLUMNS.filter((column) => !IN_HEADER.includes(column))
    .map((column) => `${column}="${quoted(String(row[column]))}"`)
    .join(' ')
  const head = [
    `<${PRIORITY}>1`,
    row.time || NIL,
    word(row.host, HOST_MAX),
    application,
    row.pid,
    word(row.verb, MESSAGE_ID_MAX),
  ].join(' ')
  // A message in UTF-8 begins with a byte order mark; one line is one row, whatever was logged.
  return `${head} [${STRUCTURE} ${data}] \ufeff${oneLine(row.log)}\n`
}

/** Names of the header are printable ASCII without spaces. */
const word = (text: string, most: number): string =>
  text.replace(/[^\x21-\x7e]/g, '_').slice(0, most) || NIL

const quoted = (text: string): string => oneLine(text).replace(/[\\"\]]/g, '\\$&')

const oneLine = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what would end or garble a line
  text.replace(/[\x00-\x1f\x7f]/g, (letter) =>
    letter === '\n' ? '\\n' : `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
