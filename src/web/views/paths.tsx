// The distinct lives of a list as a tree: what most do stands first, what few do is worth a look.

import { useState } from 'preact/hooks'
import type { Step } from '../engine/protocol.ts'
import type { App } from '../store.ts'
import { counted, countText, shown } from '../words.ts'
import { percent, useAnswer } from './ask.ts'

export function Paths({ app }: { app: App }) {
  const lists = [
    ...new Set(app.images.value.flatMap((image) => image.lists.map(({ name }) => name))),
  ]
  const [chosen, setChosen] = useState('')
  const largest = [...app.images.value.flatMap(({ lists }) => lists)].sort(
    (one, other) => other.histories - one.histories,
  )[0]
  const list = [chosen, app.list.value, app.life.value?.list, largest?.name].find(
    (name) => name !== undefined && lists.includes(name),
  )
  const { answer, progress } = useAnswer(app, 'paths', list === undefined ? undefined : [list])
  if (answer === undefined) {
    return <p class="empty">{progress ? `${progress.what}: ${percent(progress)}` : 'Looking…'}</p>
  }
  const { lives, distinct, notWhole, leftOut, root } = answer
  return (
    <div class="paths">
      <div class="tools">
        <h2>{`${counted(distinct, 'distinct life', 'distinct lives')} of ${countText(lives)}`}</h2>
        <span class="space" />
        {lists.length > 1 && (
          <label>
            {'List '}
            <select value={list} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
              {lists.map((name) => (
                <option key={name} value={name}>
                  {shown(name)}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {(notWhole > 0 || leftOut > 0) && (
        <p class="note lost">
          {notWhole > 0 &&
            `${counted(notWhole, 'life', 'lives')} with lost events: their path is not known. `}
          {leftOut > 0 && `${counted(leftOut, 'life', 'lives')} more found no place in the tree.`}
        </p>
      )}
      <div class="tree">
        <Branch app={app} step={root} total={lives} depth={0} />
      </div>
    </div>
  )
}

const OPEN_DEPTH = 3

function Branch({
  app,
  step,
  total,
  depth,
}: {
  app: App
  step: Step
  total: number
  depth: number
}) {
  const [isOpen, setOpen] = useState(depth < OPEN_DEPTH)
  const { names, lives, ends, example, next, more } = step
  const share = total === 0 ? 0 : lives / total
  const isLeaf = next.length === 0 && more === 0
  const selected = app.selection.value
  const isIt = example !== undefined && selected?.handle === example.handle
  return (
    <div class="branch">
      {names.length > 0 && (
        <div class={`step${isIt ? ' current' : ''}`}>
          {isLeaf ? (
            <span class="twist" />
          ) : (
            <button
              type="button"
              class="twist"
              aria-expanded={isOpen}
              aria-label={`${isOpen ? 'Close' : 'Open'}: what ${counted(lives, 'life', 'lives')} did next`}
              onClick={() => setOpen(!isOpen)}
            >
              {isOpen ? '▾' : '▸'}
            </button>
          )}
          <span class="count">{countText(lives)}</span>
          <span class="bar" aria-hidden="true">
            <span style={{ width: `${Math.max(1, share * 100)}%` }} />
          </span>
          <span class="share dim">{shareText(share)}</span>
          <span class="names">
            {names.map((name, i) => (
              <span key={i}>
                {i > 0 && <i aria-hidden="true"> → </i>}
                {shown(name)}
              </span>
            ))}
          </span>
          {ends > 0 && example && (
            <button
              type="button"
              class="link"
              onClick={() => app.select(example.image, example.handle)}
            >
              {ends === lives && isLeaf
                ? lives === 1
                  ? 'this one'
                  : 'one of them'
                : `${countText(ends)} end here: one of them`}
            </button>
          )}
        </div>
      )}
      {isOpen && (
        <div class={names.length > 0 ? 'next' : ''}>
          {next.map((each) => (
            <Branch
              key={each.names.join(' ')}
              app={app}
              step={each}
              total={total}
              depth={depth + 1}
            />
          ))}
          {more > 0 && (
            <p class="note">{`${counted(more, 'life', 'lives')} on rarer paths are not drawn`}</p>
          )}
        </div>
      )}
    </div>
  )
}

function shareText(share: number): string {
  const value = share * 100
  if (value === 0) return '0 %'
  return value < 0.1 ? '<0.1 %' : value < 10 ? `${value.toFixed(1)} %` : `${Math.round(value)} %`
}
