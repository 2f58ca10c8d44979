// Before anything is open: what to do; and after something could not be opened: what it was, and what to do.

import type { Trouble } from '../engine/protocol.ts'
import type { App } from '../store.ts'
import { shown } from '../words.ts'
import { percent } from './ask.ts'
import { openPicker } from './picker.ts'

export function Welcome({ app }: { app: App }) {
  const awaited = app.awaited.value
  return (
    <main class="welcome">
      <div class="drop">
        <Emblem />
        <h2>Drop a dump here</h2>
        <p>
          One file or several: a dump (<code>.shdump</code>), an ELF core, a piece of memory, a log
          with histories in it; also as <code>.gz</code> or <code>.zst</code>.
        </p>
        <p>
          <button type="button" class="main" onClick={(event) => openPicker(event.currentTarget)}>
            Choose files <kbd>o</kbd>
          </button>
        </p>
        {awaited.length > 0 && (
          <p class="awaited">
            {'The link was made for '}
            {awaited.map((name, i) => (
              <>
                {i > 0 && ', '}
                <code>{shown(name)}</code>
              </>
            ))}
            {': drop the same here, and you see what its sender saw.'}
          </p>
        )}
        <p class="dim">
          Nothing leaves this computer: it is read here, in this page, and works offline.
        </p>
      </div>
      <Troubles app={app} />
    </main>
  )
}

/** Three lanes, and a step that comes too late. */
function Emblem() {
  return (
    <svg width="176" height="62" viewBox="0 0 176 62" aria-hidden="true">
      <g class="lane">
        <path d="M0 11h176M0 31h176M0 51h176" />
      </g>
      <path class="path" d="M16 11h26c14 0 6 20 20 20h26c14 0 6 20 20 20h20c14 0 4-40 18-40h14" />
      <path class="ref" d="M16 5l6 10H10z" />
      <path class="ref" d="M78 25l6 10H72z" />
      <path class="unref" d="M116 57l-6-10h12z" />
      <circle class="bad" cx="160" cy="11" r="5" />
    </svg>
  )
}

export function Troubles({ app }: { app: App }) {
  const troubles = app.troubles.value
  const failure = app.failure.value
  if (troubles.length === 0 && failure === '') return null
  return (
    <div class="troubles" role="alert">
      {failure !== '' && (
        <article>
          <h2>Something went wrong in this page</h2>
          <p>{shown(failure)}</p>
          <p class="dim">
            Please report it, with the dump if it may be passed on. Reload the page to go on.
          </p>
        </article>
      )}
      {troubles.map((trouble) => (
        <Told key={trouble.file} trouble={trouble} />
      ))}
      {troubles.length > 0 && (
        <button
          type="button"
          onClick={() => {
            app.troubles.value = []
          }}
        >
          Understood
        </button>
      )}
    </div>
  )
}

function Told({ trouble: { file, what, advice, detail } }: { trouble: Trouble }) {
  return (
    <article>
      <h2>
        <code>{shown(file)}</code> was not opened
      </h2>
      <p>{shown(what)}</p>
      <ul>
        {advice.map((sentence) => (
          <li key={sentence}>{shown(sentence)}</li>
        ))}
      </ul>
      <details>
        <summary>What the reader says</summary>
        <pre>{detail.split('\n').map(shown).join('\n')}</pre>
      </details>
    </article>
  )
}

/** Something that takes long, and how to end it. */
export function Waiting({ app }: { app: App }) {
  const task = app.task.value
  if (task === undefined) return null
  const { what, done, total } = task.progress
  return (
    <div class="waiting" role="status">
      <p>{`${shown(what)} ${percent(task.progress)}`}</p>
      <progress {...(total > 0 ? { value: done, max: total } : {})} aria-label={shown(what)} />
      <button type="button" onClick={() => task.giveUp()}>
        Cancel
      </button>
    </div>
  )
}
