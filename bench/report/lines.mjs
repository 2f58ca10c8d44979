// Tables of text cells: on a terminal in columns, in a document as Markdown.

export function columns(lines) {
  const widths = lines[0].map((_, at) =>
    Math.max(...lines.map((cells) => (cells[at] ?? '').length)),
  )
  return lines
    .map((cells) =>
      cells
        .map((cell, at) => pad(cell, widths[at], at))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export function markdown([headings, ...lines]) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const rule = headings.map((_, at) => (at === 0 ? '---' : '---:'))
  return [line(headings), `|${rule.join('|')}|`, ...lines.map(line)].join('\n')
}

/** Figures to the right, what they are of and what is said of them to the left. */
function pad(cell, width, at) {
  return at > 0 && /^[\d≥≤-]/.test(cell) ? cell.padStart(width) : cell.padEnd(width)
}
