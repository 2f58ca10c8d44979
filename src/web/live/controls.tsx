// In the bar above the views of a recorder that goes on: whether it is looked at, and what it does.

import type { LiveView } from './view.ts'

const COUNT = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

export function Controls({ view }: { view: LiveView }) {
  const { isPaused, logged, rate, seen, trouble } = view.state
  const paused = isPaused.value
  return (
    <div class="controls" role="group" aria-label="Recorder">
      {trouble.value !== '' && <span class="bad">{`⚠ ${trouble.value}`}</span>}
      {/* What was checked is counted beside it. */}
      {view.app.study.value === undefined && (
        <span class="dim">
          {`${COUNT.format(logged.value)} events, ${COUNT.format(rate.value)}/s, ${timeOf(seen.value)}`}
        </span>
      )}
      <span class="state">{paused ? '‖ paused' : '● live'}</span>
      <button type="button" onClick={() => (paused ? view.resume() : view.pause())}>
        {paused ? 'Resume' : 'Pause'}
      </button>
      {paused && (
        <button type="button" onClick={() => view.refresh()}>
          Look now
        </button>
      )}
      <button type="button" title="Pauses, and checks all lives" onClick={() => view.check()}>
        Check
      </button>
      <button
        type="button"
        title="The image that is shown, as a file for shdb"
        onClick={({ currentTarget }) => save(view, currentTarget)}
      >
        Save dump
      </button>
    </div>
  )
}

const timeOf = (milliseconds: number): string => new Date(milliseconds).toLocaleTimeString()

/** As a download: a page has no files. */
function save({ bytes, app }: LiveView, beside: HTMLElement): void {
  if (bytes === undefined) return
  const link = document.createElement('a')
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }))
  const name = (app.images.value[0]?.name ?? '').replace(/[^\w.-]+/g, '-') || 'recorder'
  link.href = url
  link.download = `${name}.shdump`
  link.hidden = true
  beside.after(link)
  link.click()
  link.remove()
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
