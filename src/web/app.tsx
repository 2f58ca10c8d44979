// The shell: the bar, the lists and histories at the left, the panels at the right.

import { render } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { type Panel, panels, registerPanel } from './panels.ts'
import type { App } from './store.ts'
import { Histories } from './views/histories.tsx'
import { Life } from './views/life.tsx'
import { Lists } from './views/lists.tsx'

registerPanel({
  id: 'life',
  title: 'Life',
  key: '1',
  line: 'The life of the chosen history: its threads, its references, its events.',
  component: Life,
})

/** Shows an app in an element; gives back how to take it away. */
export function mountApp(element: Element | ShadowRoot, app: App): () => void {
  render(<Shell app={app} />, element as Element)
  return () => {
    render(null, element as Element)
    app.close()
  }
}

function Shell({ app }: { app: App }) {
  return (
    <div class="shdb">
      <Opener app={app} />
      <div class="body">
        <aside>
          <Lists app={app} />
          <Histories app={app} />
        </aside>
        <main>
          <Tabs app={app} />
        </main>
      </div>
    </div>
  )
}

function Opener({ app }: { app: App }) {
  return (
    <label>
      Open
      <input
        type="file"
        multiple
        onChange={({ currentTarget }) => app.open([...(currentTarget.files ?? [])])}
      />
    </label>
  )
}

function Tabs({ app }: { app: App }) {
  const current = app.panel.value
  return (
    <>
      <div role="tablist" aria-label="Views">
        {panels().map(({ id, title }) => (
          <button
            key={id}
            type="button"
            role="tab"
            aria-selected={id === current}
            onClick={() => {
              app.panel.value = id
            }}
          >
            {title}
          </button>
        ))}
      </div>
      {panels().map((panel) => (
        <section
          key={panel.id}
          role="tabpanel"
          aria-label={panel.title}
          hidden={panel.id !== current}
        >
          {panel.component ? (
            panel.id === current && <panel.component app={app} />
          ) : (
            <Mounted app={app} panel={panel} />
          )}
        </section>
      ))}
    </>
  )
}

/** A panel that fills an element by itself, from when it is first shown. */
function Mounted({ app, panel }: { app: App; panel: Panel }) {
  const element = useRef<HTMLDivElement>(null)
  const end = useRef<(() => void) | undefined>(undefined)
  const isShown = app.panel.value === panel.id
  useEffect(() => {
    if (isShown && element.current !== null) end.current ??= panel.mount?.(element.current, app)
  }, [isShown, app, panel])
  useEffect(() => () => end.current?.(), [])
  return <div class="mounted" ref={element} />
}
