// The shell: the bar, the lists and histories at the left, the panels at the right.

import { render } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { followKeys } from './keys.ts'
import { type Panel, panels, registerPanel } from './panels.ts'
import type { App } from './store.ts'
import { Around } from './views/around.tsx'
import { Bar } from './views/bar.tsx'
import { Help } from './views/help.tsx'
import { Histories } from './views/histories.tsx'
import { Life } from './views/life.tsx'
import { Lists } from './views/lists.tsx'
import { Paths } from './views/paths.tsx'
import { Stats } from './views/stats.tsx'
import { Threads } from './views/threads.tsx'
import { Troubles, Waiting, Welcome } from './views/welcome.tsx'

registerPanel({
  id: 'life',
  title: 'Life',
  key: '1',
  line: 'The life of the selected history: its threads, its references, its events.',
  component: Life,
})
registerPanel({
  id: 'around',
  title: 'Around',
  key: '2',
  line: 'What all lives did at about the time of the selected event.',
  component: Around,
})
registerPanel({
  id: 'paths',
  title: 'Paths',
  key: '3',
  line: 'The distinct lives of a list as a tree, with counts.',
  component: Paths,
})
registerPanel({
  id: 'threads',
  title: 'Threads',
  key: '4',
  line: 'What each thread did.',
  component: Threads,
})
registerPanel({
  id: 'stats',
  title: 'Stats',
  key: '5',
  line: 'What the image holds, and what was lost.',
  component: Stats,
})

/** Shows an app in an element, or in the shadow of one; gives back how to take it away. */
export function mountApp(element: Element | ShadowRoot, app: App): () => void {
  const root = (): Element | null => element.querySelector('.shdb')
  render(<Shell app={app} />, element as Element)
  const end = followKeys(
    app.isEmbedded ? (element as HTMLElement) : element.ownerDocument,
    root,
    app,
  )
  return () => {
    end()
    render(null, element as Element)
    app.close()
  }
}

function Shell({ app }: { app: App }) {
  const isOpen = app.images.value.length > 0
  const [isOver, setOver] = useState(false)
  const accepts = !app.isEmbedded
  return (
    <div
      class={`shdb${isOver ? ' over' : ''}`}
      data-theme={app.theme.value}
      onDragOver={(event) => {
        if (!accepts || !event.dataTransfer?.types.includes('Files')) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={(event) => {
        if (event.relatedTarget === null) setOver(false)
      }}
      onDrop={(event) => {
        if (!accepts) return
        event.preventDefault()
        setOver(false)
        app.open([...(event.dataTransfer?.files ?? [])])
      }}
    >
      <Bar app={app} />
      {accepts && (
        <input
          type="file"
          multiple
          hidden
          data-files
          aria-label="Files to open"
          onChange={({ currentTarget }) => {
            app.open([...(currentTarget.files ?? [])])
            // The same file again is a change, too.
            currentTarget.value = ''
          }}
        />
      )}
      {isOpen ? (
        <div class="body">
          <aside>
            <Lists app={app} />
            <Histories app={app} />
          </aside>
          <main>
            <Troubles app={app} />
            <Tabs app={app} />
          </main>
        </div>
      ) : (
        !app.isEmbedded && <Welcome app={app} />
      )}
      <Waiting app={app} />
      {isOver && <div class="dropping">Drop to open beside what is open</div>}
      {app.isHelpShown.value && <Help app={app} />}
      <p class="sr" role="status">
        {app.said.value}
      </p>
    </div>
  )
}

function Tabs({ app }: { app: App }) {
  const all = panels()
  const current = all.some(({ id }) => id === app.panel.value) ? app.panel.value : 'life'
  const choose = (id: string): void => {
    app.panel.value = id
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    event.stopPropagation()
    const at = all.findIndex(({ id }) => id === current)
    const next = all[(at + step + all.length) % all.length]
    if (next === undefined) return
    choose(next.id)
    const tabs = event.currentTarget as HTMLElement
    tabs.querySelector<HTMLElement>(`#tab-${next.id}`)?.focus()
  }
  return (
    <>
      <div class="tabs" role="tablist" aria-label="Views" onKeyDown={onKeyDown}>
        {all.map(({ id, title, key }) => (
          <button
            key={id}
            id={`tab-${id}`}
            type="button"
            role="tab"
            aria-selected={id === current}
            aria-controls={`panel-${id}`}
            aria-keyshortcuts={key}
            tabIndex={id === current ? 0 : -1}
            onClick={() => choose(id)}
          >
            {title}
            <span class="kbd" aria-hidden="true">
              {key}
            </span>
          </button>
        ))}
      </div>
      {all.map((panel) => (
        <section
          key={panel.id}
          id={`panel-${panel.id}`}
          role="tabpanel"
          aria-labelledby={`tab-${panel.id}`}
          hidden={panel.id !== current}
        >
          {panel.component ? (
            panel.id === current && <panel.component app={app} />
          ) : (
            <Mounted app={app} panel={panel} isShown={panel.id === current} />
          )}
        </section>
      ))}
    </>
  )
}

/** A panel that fills an element by itself, from when it is first shown. */
function Mounted({ app, panel, isShown }: { app: App; panel: Panel; isShown: boolean }) {
  const element = useRef<HTMLDivElement>(null)
  const end = useRef<(() => void) | undefined>(undefined)
  useEffect(() => {
    if (isShown && element.current !== null) end.current ??= panel.mount?.(element.current, app)
  }, [isShown, app, panel])
  useEffect(() => () => end.current?.(), [])
  return <div class="mounted" ref={element} />
}
