import type { App } from '../store.ts'

export function Histories({ app }: { app: App }) {
  const rows = app.rows.value
  if (rows === undefined) return null
  const shown = [...Array(Math.min(rows.count, 50)).keys()]
  return (
    <ol class="histories">
      {shown.map((row) => (
        <li key={row}>
          <button
            type="button"
            onClick={() => app.select(rows.image[row] ?? 0, rows.handle[row] ?? 0)}
          >
            {rows.object[row]}
          </button>
        </li>
      ))}
    </ol>
  )
}
