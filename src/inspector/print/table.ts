// Tables like those of `info breakpoints`: a head, columns as wide as what they hold, numbers to the right.

export type Cell = string | number | bigint

export interface Column {
  readonly title: string
  readonly right?: boolean
}

export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): string {
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...rows.map((row) => String(row[index] ?? '').length)),
  )
  const line = (cells: readonly Cell[]): string =>
    columns
      .map((column, index) => {
        const text = String(cells[index] ?? '')
        const width = widths[index] as number
        return column.right ? text.padStart(width) : text.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  return [columns.map((each) => each.title), ...rows].map((row) => `${line(row)}\n`).join('')
}
