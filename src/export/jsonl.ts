// JSON lines: one object a row, for jq, ClickHouse, DuckDB and every log shipper.

import type { StreamFormat } from './format.ts'
import { rowsOf } from './row.ts'

export const JSONL: StreamFormat = {
  name: 'jsonl',
  kind: 'text',
  extension: 'jsonl',
  about: 'one JSON object a row; jq, DuckDB, ClickHouse',
  *parts(origins) {
    for (const row of rowsOf(origins)) yield `${JSON.stringify(row)}\n`
  },
}
