// CSV as of RFC 4180, with a line of names. Texts stand as they were logged: a spreadsheet may take one that begins with
// `=` for a formula.

import type { StreamFormat } from './format.ts'
import { COLUMNS, rowsOf } from './row.ts'

const LINE_END = '\r\n'

export const CSV: StreamFormat = {
  name: 'csv',
  kind: 'text',
  extension: 'csv',
  about: 'one line a row, RFC 4180; spreadsheets, SQL engines',
  *parts(origins) {
    yield COLUMNS.join(',') + LINE_END
    for (const row of rowsOf(origins))
      yield COLUMNS.map((column) => quoted(String(row[column]))).join(',') + LINE_END
  },
}

const quoted = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
