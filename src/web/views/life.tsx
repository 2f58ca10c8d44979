// One life: what it is, what went wrong with it, its picture, its events.

import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Finding } from '../../check/finding.ts'
import type { LifeView } from '../engine/protocol.ts'
import type { App } from '../store.ts'
import { counted, durationText, shown, sureText, wallText } from '../words.ts'
import { Events } from './events.tsx'
import { type CAUSES, modelOf } from './model.ts'
import { Timeline } from './timeline.tsx'

export function Life({ app }: { app: App }) {
  const life = app.life.value
  const findings = app.findings.value
  const model = useMemo(() => life && modelOf(life, findings), [life, findings])
  if (life === undefined || model === undefined) {
    return (
      <p class="empty">
        {app.selection.value === undefined
          ? 'Choose a history at the left: with the mouse, or with j and k.'
          : 'This history is not in these files. It may have been evicted, or the link was made for another dump.'}
      </p>
    )
  }
  return (
    <div class="life">
      <Head app={app} life={life} />
      <Verdict app={app} life={life} findings={findings} />
      <Timeline app={app} model={model} />
      <Events app={app} model={model} />
    </div>
  )
}

function Head({ app, life }: { app: App; life: LifeView }) {
  const image = app.images.value[life.image]
  const events = life.events.filter(({ verb }) => verb !== '')
  const last = events.at(-1)
  const state = life.ended ? 'ended' : life.ref === 0 ? 'released' : 'live'
  const place = life.lives.indexOf(life.handle)
  const facts = [
    state,
    ...(life.pinned ? ['pinned beyond the window'] : []),
    `ref ${life.ref}`,
    counted(events.length, 'event'),
    lossText(life),
    ...(last ? [`lasted ${durationText(last.last - life.created)}`] : []),
  ]
  return (
    <header>
      <h2>
        <span class="dim">{shown(life.list)}</span> <code>{shown(life.object)}</code>
      </h2>
      <ul class="facts">
        {facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      {life.lives.length > 1 && (
        <span class="lives">
          <button
            type="button"
            aria-label="The life before, of the same object"
            disabled={place <= 0}
            onClick={() => app.select(life.image, life.lives[place - 1] ?? life.handle)}
          >
            ‹
          </button>
          {`life ${place + 1} of ${life.lives.length}`}
          <button
            type="button"
            aria-label="The life after, of the same object"
            disabled={place >= life.lives.length - 1}
            onClick={() => app.select(life.image, life.lives[place + 1] ?? life.handle)}
          >
            ›
          </button>
        </span>
      )}
      <p class="born dim">
        {image && `pushed ${wallText(image.started, life.created)} UTC by ${shown(life.thread)}`}
        {app.images.value.length > 1 && image ? `, in ${shown(image.source)}` : ''}
        {`, handle #${life.handle}`}
      </p>
    </header>
  )
}

/** What is gone from it, and why; that nothing is gone is said, too. */
function lossText({ gaps }: LifeView): string {
  if (gaps.length === 0) return 'nothing lost'
  const counts = new Map<keyof typeof CAUSES, number>()
  for (const { cause, count } of gaps) counts.set(cause, (counts.get(cause) ?? 0) + count)
  return [...counts].map(([cause, count]) => `${count} lost (${cause})`).join(', ')
}

function Verdict({
  app,
  life,
  findings,
}: {
  app: App
  life: LifeView
  findings: readonly Finding[]
}) {
  const [why, setWhy] = useState<{ handle: number; text: string } | undefined>(undefined)
  useEffect(() => setWhy(undefined), [life.image, life.handle])
  const ask = async (): Promise<void> => {
    setWhy({ handle: life.handle, text: '' })
    const text = await app.client.call('why', [life.image, life.handle]).catch(() => '')
    setWhy({ handle: life.handle, text })
  }
  if (app.study.value === undefined) return null
  const [first, ...rest] = findings
  return (
    <section class={`verdict${first ? ' bad' : ''}`} aria-label="Verdict">
      {first ? (
        <Told app={app} life={life} finding={first} />
      ) : (
        <p class="fine">
          <span aria-hidden="true">✓ </span>Nothing is found wrong with it.
        </p>
      )}
      {rest.length > 0 && (
        <details>
          <summary>{`${counted(rest.length, 'consequence')}: ${[...new Set(rest.map(({ kind }) => kind))].join(', ')}`}</summary>
          {rest.map((finding) => (
            <Told
              key={`${finding.kind} ${finding.events}`}
              app={app}
              life={life}
              finding={finding}
            />
          ))}
        </details>
      )}
      {why === undefined ? (
        <button type="button" class="link" onClick={ask}>
          Compare it with its siblings
        </button>
      ) : (
        <p class="why" aria-live="polite">
          {why.text === '' ? 'Comparing…' : shown(why.text)}
        </p>
      )}
    </section>
  )
}

function Told({ app, life, finding }: { app: App; life: LifeView; finding: Finding }) {
  const { kind, confidence, text, events, threads } = finding
  return (
    <div class="told">
      <p class="kind">
        <span class="flag" aria-hidden="true">
          ⚑
        </span>
        <b>{kind}</b>
        <span class="dim">{` ${sureText(confidence)}`}</span>
        {threads.length > 0 && <span class="dim">{` · ${threads.map(shown).join(', ')}`}</span>}
        <span class="proofs">
          {events.map((index) => (
            <button
              type="button"
              key={index}
              aria-label={`Go to event ${index}`}
              onClick={() => app.select(life.image, life.handle, index)}
            >
              {`#${index}`}
            </button>
          ))}
        </span>
      </p>
      <p>{shown(text)}</p>
    </div>
  )
}
