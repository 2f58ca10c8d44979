// The lists of all images, with their counts: choosing one narrows the table.

import type { App } from '../store.ts'
import { countText, shown } from '../words.ts'

export function Lists({ app }: { app: App }) {
  const images = app.images.value
  const chosen = app.list.value
  const total = app.rows.value?.count ?? 0
  const names = new Map<string, number>()
  for (const { lists } of images)
    for (const { name, histories } of lists) names.set(name, (names.get(name) ?? 0) + histories)
  const wrong = new Map<string, Set<number>>()
  for (const { list, row } of app.study.value?.findings ?? []) {
    const rows = wrong.get(list) ?? new Set()
    wrong.set(list, rows.add(row))
  }
  const entries = names.size > 1 ? [['', total] as const, ...names] : [...names]
  return (
    <nav class="lists" aria-label="Lists">
      {entries.map(([name, histories]) => (
        <button
          type="button"
          key={name}
          aria-pressed={name === chosen || (names.size === 1 && chosen === '')}
          onClick={() => {
            app.list.value = name === chosen || names.size === 1 ? '' : name
          }}
        >
          <span class="name" title={shown(name)}>
            {name === '' ? 'All lists' : shown(name)}
          </span>
          <Wrong count={name === '' ? app.wrong.value : (wrong.get(name)?.size ?? 0)} />
          <span class="count">
            {countText(histories)}
            <span class="sr"> histories</span>
          </span>
        </button>
      ))}
    </nav>
  )
}

function Wrong({ count }: { count: number }) {
  if (count === 0) return null
  return (
    <span class="wrong">
      <span aria-hidden="true">⚑ </span>
      {countText(count)}
      <span class="sr"> with findings, </span>
    </span>
  )
}
