// Tables like those of `info breakpoints`: a head, columns as wide as what they hold, numbers to the right. Where the
// terminal is narrower, the widest columns of words give way.

import { shownCell } from './name.ts'
import { plain, type Style } from './style.ts'
import { fitted, widthOf } from './width.ts'

export type Cell = string | number | bigint

export interface Column {
  readonly title: string
  /** Numbers: to the right, and never cut. */
  readonly right?: boolean
}

export interface Sheeting {
  /** Columns of the terminal; without one, tables are as wide as they need. */
  readonly width?: number
  readonly style?: Style
}

const GAP = '  '
/** No column of words is cut to less. */
const NARROWEST = 8

export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  sheeting: Sheeting = {},
): string {
  return [...tableLines(columns, rows, sheeting)].join('')
}

/** Line by line: the table of a large image's histories is too long for one string. */
export function* tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { width = Number.POSITIVE_INFINITY, style = plain }: Sheeting = {},
): Generator<string> {
  const wanted = columns.map((column) => column.title.length)
  for (const row of rows)
    for (const [index, cell] of row.entries())
      wanted[index] = Math.max(wanted[index] ?? 0, widthOf(shownCell(String(cell))))
  const widths = narrowed(columns, wanted, width)
  const line = (cells: readonly Cell[]): string =>
    columns
      .map((column, index) => {
        const place = widths[index] as number
        const whole = shownCell(String(cells[index] ?? ''))
        const text = column.right ? whole : fitted(whole, place)
        const padding = ' '.repeat(Math.max(0, place - widthOf(text)))
        return column.right ? padding + text : text + padding
      })
      .join(GAP)
      .trimEnd()
  yield `${style('title', line(columns.map((each) => each.title)))}\n`
  for (const row of rows) yield `${line(row)}\n`
}

/** Takes what is too much from the widest column of words, again and again. */
function narrowed(columns: readonly Column[], wanted: readonly number[], width: number): number[] {
  const widths = [...wanted]
  let excess = widths.reduce((sum, each) => sum + each + GAP.length, -GAP.length) - width
  while (excess > 0) {
    let widest = -1
    let next = NARROWEST
    for (const [index, each] of widths.entries()) {
      if (columns[index]?.right || each <= NARROWEST) continue
      if (widest < 0 || each > (widths[widest] as number)) {
        next = widest < 0 ? NARROWEST : (widths[widest] as number)
        widest = index
      } else next = Math.max(next, each)
    }
    if (widest < 0) return widths
    const spare = (widths[widest] as number) - next
    const taken = Math.min(excess, Math.max(1, spare))
    widths[widest] = (widths[widest] as number) - taken
    excess -= taken
  }
  return widths
}
