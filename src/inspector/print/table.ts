// Tables like those of `info breakpoints`: a head, columns as wide as what they hold, numbers to the right.

import { shownCell } from './name.ts'

export type Cell = string | number | bigint

export interface Column {
  readonly title: string
  readonly right?: boolean
}

export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): string {
  return [...tableLines(columns, rows)].join('')
}

/** Line by line: the table of a large image's histories is too long for one string. */
export function* tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): Generator<string> {
  const widths = columns.map((column) => column.title.length)
  for (const row of rows)
    for (const [index, cell] of row.entries())
      widths[index] = Math.max(widths[index] ?? 0, shownCell(String(cell)).length)
  const line = (cells: readonly Cell[]): string =>
    columns
      .map((column, index) => {
        const text = shownCell(String(cells[index] ?? ''))
        const width = widths[index] as number
        return column.right ? text.padStart(width) : text.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  yield `${line(columns.map((each) => each.title))}\n`
  for (const row of rows) yield `${line(row)}\n`
}
