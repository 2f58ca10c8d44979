// The bar above everything: what is open, how far the check is, and the few things that one can do anywhere.

import type { App, Theme } from '../store.ts'
import { bytesText, counted, shown } from '../words.ts'
import { percent } from './ask.ts'
import { openPicker } from './picker.ts'

const SIGNS: Readonly<Record<Theme, string>> = { auto: '◐', dark: '●', light: '○' }

export function Bar({ app }: { app: App }) {
  const images = app.images.value
  const theme = app.theme.value
  const Controls = app.controls
  return (
    <header class="bar">
      {app.isEmbedded ? <span class="brand">shdb</span> : <h1 class="brand">shdb</h1>}
      <ul class="open" aria-label="Open images">
        {images.map(({ number, source, name, pid, size, warnings }) => (
          <li
            key={number}
            title={`${shown(source)}: recorder "${shown(name)}", pid ${pid}, ${bytesText(size)}`}
          >
            <b>{shown(source)}</b>
            <span class="dim">{` ${shown(name)} · pid ${pid}`}</span>
            {warnings.length > 0 && (
              <span class="lost" title={warnings.map(shown).join('\n')}>
                {` ⚠ ${counted(warnings.length, 'warning')}`}
              </span>
            )}
          </li>
        ))}
      </ul>
      <span class="space" />
      <Checking app={app} />
      {Controls && <Controls />}
      {!app.isEmbedded && (
        <>
          <button
            type="button"
            aria-keyshortcuts="o"
            onClick={(event) => openPicker(event.currentTarget)}
          >
            Open…
          </button>
          {images.length > 0 && (
            <button type="button" title="Close all files" onClick={() => app.forget()}>
              Close
            </button>
          )}
        </>
      )}
      <button
        type="button"
        class="icon"
        aria-label={`Colors: ${theme}`}
        title={`Colors: ${theme} (t)`}
        aria-keyshortcuts="t"
        onClick={() => app.turnTheme()}
      >
        {SIGNS[theme]}
      </button>
      <button
        type="button"
        class="icon"
        aria-label="Help"
        title="Help (?)"
        aria-keyshortcuts="?"
        onClick={() => {
          app.isHelpShown.value = true
        }}
      >
        ?
      </button>
    </header>
  )
}

function Checking({ app }: { app: App }) {
  const progress = app.studying.value
  const study = app.study.value
  if (progress !== undefined) {
    return (
      <span class="checking">
        {`${progress.what} ${percent(progress)}`}
        <progress
          {...(progress.total > 0 ? { value: progress.done, max: progress.total } : {})}
          aria-label={progress.what}
        />
      </span>
    )
  }
  if (study === undefined) return null
  const wrong = app.wrong.value
  return (
    <span class="checking">
      {`${counted(study.lives, 'life', 'lives')}, ${counted(study.events, 'event')}: `}
      {wrong === 0 ? (
        <span class="fine">✓ nothing found wrong</span>
      ) : (
        <button type="button" class="link bad" onClick={() => app.stepFinding(1)}>
          {`⚑ ${counted(wrong, 'life', 'lives')} with findings`}
        </button>
      )}
      {study.notRead + study.notTold > 0 && (
        <span class="lost">{` ${counted(study.notRead, 'life', 'lives')} not read, ${counted(study.notTold, 'finding')} not told`}</span>
      )}
    </span>
  )
}
