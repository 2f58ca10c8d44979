// What an image holds, and what was lost: each counter with what it means. That nothing is lost is told, too.

import { useState } from 'preact/hooks'
import type { ImageView } from '../engine/protocol.ts'
import type { App } from '../store.ts'
import { bytesText, counted, countText, shown, wallText } from '../words.ts'
import { useAnswer } from './ask.ts'

/** Counters of evidence that is not there any more, and what each means. */
const LOST: Readonly<Record<string, string>> = {
  evictedByWindow: 'histories pushed out by the window',
  evictedByBudget: 'histories that went for want of memory',
  evictedPinned: 'histories that went though somebody held them',
  dropped: 'events for which there was no memory',
  pushesDropped: 'histories for which there was no memory',
  stale: 'events logged on handles whose history was gone',
  rejected: 'events that were refused: a wrong verb, too many',
  textsLost: 'texts for which there was no memory',
  textsCut: 'texts that were cut to maxText',
  stringsFull: 'names and formats that found no place in the table of strings',
  abandoned: 'blocks that a dead thread had taken',
  unrefsBelowZero: 'unref() calls beyond the last reference',
  threadsFull: 'threads that share the last number',
}

/** The same of a log. */
const LOST_IN_LOG: Readonly<Record<string, string>> = {
  linesMissing: 'events that no line tells of',
  historiesWithLinesMissing: 'histories that have such events',
  historiesNotWritten: 'histories that never got into the log',
  eventsNotWritten: 'events of these',
  linesContradicting: 'lines that contradict an earlier one',
  evictedByBudget: 'histories that were read and left out for want of memory',
}

const HELD: Readonly<Record<string, string>> = {
  pushed: 'histories ever pushed',
  histories: 'histories that are retained',
  logged: 'events ever logged',
  folded: 'repeats that were folded into one event',
  evicted: 'histories evicted, together',
  threads: 'threads that joined',
  lists: '',
  verbs: '',
}

export function Stats({ app }: { app: App }) {
  const images = app.images.value
  const [chosen, setChosen] = useState(0)
  const number = Math.min(chosen, Math.max(0, images.length - 1))
  const image = images[number]
  const { answer } = useAnswer(app, 'stats', image ? [number] : undefined)
  if (image === undefined) return <p class="empty">Nothing is open.</p>
  const stats = answer?.stats ?? {}
  const isLog = stats.lines !== undefined
  const losses = isLog ? LOST_IN_LOG : LOST
  const known = new Set([...Object.keys(losses), ...Object.keys(HELD)])
  const others = Object.entries(stats).filter(
    ([name]) => !known.has(name) && name !== 'bytes' && name !== 'budget',
  )
  const lost = Object.keys(losses).filter((name) => Number(stats[name] ?? 0) > 0)
  return (
    <div class="stats" role="region" aria-label="Stats" tabIndex={0}>
      <div class="tools">
        <h2>
          {shown(image.name)} <span class="dim">{shown(image.source)}</span>
        </h2>
        <span class="space" />
        {images.length > 1 && (
          <label>
            {'Image '}
            <select
              value={`${number}`}
              onChange={({ currentTarget }) => setChosen(Number(currentTarget.value))}
            >
              {images.map((each) => (
                <option key={each.number} value={`${each.number}`}>
                  {shown(each.source)}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <Identity image={image} />
      {[...image.warnings, ...image.description].map((sentence) => (
        <p class="note" key={sentence}>
          {shown(sentence)}
        </p>
      ))}
      <div class="columns">
        <section>
          <h3>What was lost</h3>
          <p class={lost.length === 0 ? 'fine' : 'note'}>
            {lost.length === 0
              ? isLog
                ? '✓ Nothing: no line is missing.'
                : '✓ Nothing: no history evicted, no event dropped.'
              : `${counted(lost.length, 'counter is', 'counters are')} not zero.`}
          </p>
          <Counters names={losses} stats={stats} isLoss />
        </section>
        <section>
          <h3>What it holds</h3>
          {!isLog && (
            <p class="note">{`${bytesText(Number(stats.bytes ?? image.size))} of ${bytesText(image.budget)} used`}</p>
          )}
          <Counters names={HELD} stats={stats} />
          <dl class="counters">
            {others.map(([name, value]) => (
              <div key={name}>
                <dt>{shown(name)}</dt>
                <dd>{typeof value === 'number' ? countText(value) : shown(`${value}`)}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
      <ListTable image={image} />
      {answer && (
        <section>
          <h3>What could not be believed</h3>
          {answer.problems.length === 0 ? (
            <p class="fine">
              {isLog
                ? '✓ Every line that was read is as it must be.'
                : '✓ Every byte that was read so far is as it must be.'}
            </p>
          ) : (
            <ul class="problems">
              {answer.problems.map(({ text, offset, field }) => (
                <li key={`${offset} ${field}`}>{shown(text)}</li>
              ))}
            </ul>
          )}
        </section>
      )}
    </div>
  )
}

function Identity({ image }: { image: ImageView }) {
  return (
    <ul class="facts">
      <li>{`pid ${image.pid}`}</li>
      <li>{`began ${wallText(image.started, 0)} UTC`}</li>
      <li>{image.coarse ? 'coarse clock: times within about a millisecond' : 'precise clock'}</li>
    </ul>
  )
}

function Counters({
  names,
  stats,
  isLoss = false,
}: {
  names: Readonly<Record<string, string>>
  stats: Readonly<Record<string, number | boolean | string>>
  isLoss?: boolean
}) {
  return (
    <dl class="counters">
      {Object.entries(names).map(([name, meaning]) => {
        const count = Number(stats[name] ?? 0)
        return (
          <div key={name} class={isLoss && count > 0 ? 'lossy' : count === 0 ? 'zero' : ''}>
            <dt>
              {name} <span class="dim">{meaning}</span>
            </dt>
            <dd>{countText(count)}</dd>
          </div>
        )
      })}
    </dl>
  )
}

function ListTable({ image }: { image: ImageView }) {
  return (
    <section>
      <h3>Lists</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" class="number">
              Histories
            </th>
            <th scope="col" class="number">
              Window
            </th>
            <th scope="col" class="number">
              Pushed
            </th>
            <th scope="col" class="number">
              Evicted
            </th>
            <th scope="col">Logging</th>
          </tr>
        </thead>
        <tbody>
          {image.lists.map((list) => (
            <tr key={list.number}>
              <th scope="row">{shown(list.name)}</th>
              <td class="number">{countText(list.histories)}</td>
              <td class="number">{list.window === 0 ? 'none' : countText(list.window)}</td>
              <td class="number">{countText(list.pushed)}</td>
              <td class="number">{countText(list.evicted)}</td>
              <td>{list.enabled ? 'on' : 'off'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
