// What each key does, and what the signs mean.

import { useEffect, useRef } from 'preact/hooks'
import { KEYS } from '../keys.ts'
import { panels } from '../panels.ts'
import type { App } from '../store.ts'

export function Help({ app }: { app: App }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  const close = (): void => {
    app.isHelpShown.value = false
  }
  return (
    <dialog ref={dialog} class="help" aria-label="Help" onClose={close} onCancel={close}>
      <div class="tools">
        <h2>Keys and signs</h2>
        <span class="space" />
        <button type="button" onClick={close}>
          Close
        </button>
      </div>
      <div class="columns">
        <dl>
          {KEYS.map(({ shown, line }) => (
            <div key={shown}>
              <dt>
                <kbd>{shown}</kbd>
              </dt>
              <dd>{line}</dd>
            </div>
          ))}
        </dl>
        <div>
          <dl>
            {panels().map(({ id, key, title, line }) => (
              <div key={id}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>
                  <b>{title}.</b> {line}
                </dd>
              </div>
            ))}
          </dl>
          <h3>Signs of events</h3>
          <dl class="signs">
            <div>
              <dt class="ref">▲</dt>
              <dd>takes a reference (+1)</dd>
            </div>
            <div>
              <dt class="unref">▼</dt>
              <dd>gives one back (−1)</dd>
            </div>
            <div>
              <dt class="end">■</dt>
              <dd>ends the object</dd>
            </div>
            <div>
              <dt class="none">●</dt>
              <dd>anything else</dd>
            </div>
            <div>
              <dt class="bad">⚑</dt>
              <dd>proves a finding of the check: the first is where it went wrong</dd>
            </div>
            <div>
              <dt class="bad">◎</dt>
              <dd>logged after the end, or after the last reference</dd>
            </div>
            <div>
              <dt class="unref">▨</dt>
              <dd>events are lost here</dd>
            </div>
          </dl>
          <p class="dim">
            The address holds everything that is chosen. Whoever opens it with the same file sees
            the same.
          </p>
        </div>
      </div>
    </dialog>
  )
}
