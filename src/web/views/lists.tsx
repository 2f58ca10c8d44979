// The lists of all images, with their counts: choosing one narrows the table.

import type { App } from '../store.ts'

export function Lists({ app }: { app: App }) {
  const images = app.images.value
  const chosen = app.list.value
  const total = app.rows.value?.count ?? 0
  const names = new Map<string, number>()
  for (const { lists } of images)
    for (const { name, histories } of lists) names.set(name, (names.get(name) ?? 0) + histories)
  const entries = [['', total] as const, ...names]
  return (
    <nav class="lists" aria-label="Lists">
      {entries.map(([name, histories]) => (
        <button
          type="button"
          key={name}
          aria-pressed={name === chosen}
          onClick={() => {
            app.list.value = name
          }}
        >
          <span class="name">{name === '' ? 'All lists' : name}</span>
          <span class="count">{histories.toLocaleString('en')}</span>
        </button>
      ))}
    </nav>
  )
}
