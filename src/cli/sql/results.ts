// What a statement answers, as a table, CSV, JSON or JSON lines.

import type { DuckDBResult } from '@duckdb/node-api'
import { formatTable } from '../../inspector/index.ts'

type Cell = unknown
type Write = (text: string) => void

/** A table has to be seen whole to know how wide its columns are. */
const TABLE_ROWS = 10_000
const WHOLE_NUMBERS = /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|U[A-Z]+INT)$/
const NUMBERS = /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|U[A-Z]+INT|FLOAT|DOUBLE|DECIMAL.*)$/

export const RESULT_FORMATS = ['table', 'csv', 'json', 'jsonl'] as const
export type ResultFormat = (typeof RESULT_FORMATS)[number]

export async function writeResult(
  result: DuckDBResult,
  format: ResultFormat,
  write: Write,
): Promise<void> {
  const names = result.deduplicatedColumnNames()
  if (names.length === 0) return
  const types = result.columnTypes().map(String)
  if (format === 'table') return writeTable(result, names, types, write)
  if (format === 'csv') write(`${names.map(quoted).join(',')}\r\n`)
  if (format === 'json') write('[')
  let before = '\n'
  for await (const rows of result.yieldRowsJson()) {
    for (const cells of rows) {
      if (format === 'csv') {
        write(`${cells.map((cell) => quoted(textOf(cell))).join(',')}\r\n`)
        continue
      }
      const row = Object.fromEntries(names.map((name, i) => [name, valued(cells[i], types[i])]))
      write(format === 'json' ? before + JSON.stringify(row) : `${JSON.stringify(row)}\n`)
      before = ',\n'
    }
  }
  if (format === 'json') write('\n]\n')
}

async function writeTable(
  result: DuckDBResult,
  names: readonly string[],
  types: readonly string[],
  write: Write,
): Promise<void> {
  const columns = names.map((title, i) => ({ title, right: NUMBERS.test(types[i] ?? '') }))
  const shown: string[][] = []
  let count = 0
  for await (const rows of result.yieldRowsJson())
    for (const cells of rows) if (++count <= TABLE_ROWS) shown.push(cells.map(tableText))
  write(formatTable(columns, shown))
  if (count > TABLE_ROWS)
    write(`- ${count - TABLE_ROWS} rows more; --format csv, json or jsonl has all -\n`)
  else write(`(${count} ${count === 1 ? 'row' : 'rows'})\n`)
}

const textOf = (cell: Cell): string =>
  cell === null ? '' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell)

const tableText = (cell: Cell): string => (cell === null ? 'NULL' : textOf(cell))

/** DuckDB gives whole numbers as text, for there are some that JavaScript does not have. */
const valued = (cell: Cell, type = ''): Cell =>
  typeof cell === 'string' && WHOLE_NUMBERS.test(type) && Number.isSafeInteger(Number(cell))
    ? Number(cell)
    : cell

const quoted = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
