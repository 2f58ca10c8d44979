import type { App } from '../store.ts'

export function Life({ app }: { app: App }) {
  const life = app.life.value
  if (life === undefined) return <p class="empty">Choose a history.</p>
  return (
    <ol>
      {life.events.map((event) => (
        <li key={event.index}>{`${event.verb} ${event.log}`}</li>
      ))}
    </ol>
  )
}
