// Threads: how much each did, to how many objects; and what one of them did, around the selected event.

import { useEffect, useState } from 'preact/hooks'
import type { ThreadView } from '../engine/protocol.ts'
import type { App } from '../store.ts'
import { counted, countText, durationText, shown } from '../words.ts'
import { percent, useAnswer } from './ask.ts'
import { Neighbours } from './neighbours.tsx'

const EVENTS_MAX = 1000

export function Threads({ app }: { app: App }) {
  const { answer: threads, progress } = useAnswer(app, 'threads', [])
  const [chosen, setChosen] = useState(-1)
  const at = app.selection.value
  const event = app.life.value?.events.find(({ index }) => index === at?.event)
  const ofEvent = threads?.find(
    ({ image, pid, tid, name }) =>
      image === at?.image && pid === event?.pid && tid === event.tid && name === event.thread,
  )
  useEffect(() => {
    if (ofEvent) setChosen(ofEvent.number)
  }, [ofEvent?.number])
  const [center, setCenter] = useState<number | undefined>(undefined)
  // The time of an event that was selected elsewhere; within, the picture stays where it is.
  useEffect(() => {
    if (event && ofEvent?.number !== undefined && center === undefined) setCenter(event.t)
  }, [event, ofEvent?.number])
  const wish =
    chosen < 0
      ? undefined
      : { thread: chosen, max: EVENTS_MAX, ...(center !== undefined && { at: center }) }
  const { answer: doings } = useAnswer(app, 'threadEvents', wish && [wish])
  if (threads === undefined)
    return <p class="empty">{progress ? `${progress.what}: ${percent(progress)}` : 'Looking…'}</p>
  const most = Math.max(1, ...threads.map(({ events }) => events))
  const one = threads.find(({ number }) => number === chosen)
  return (
    <div class="threads">
      <div class="tools">
        <h2>{counted(threads.length, 'thread')}</h2>
      </div>
      <div class="table" role="region" aria-label="Threads" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Thread</th>
              {app.images.value.length > 1 && <th scope="col">Image</th>}
              <th scope="col" class="number">
                pid
              </th>
              <th scope="col" class="number">
                tid
              </th>
              <th scope="col">Runtime</th>
              <th scope="col" class="number">
                Lives
              </th>
              <th scope="col" class="number">
                Events
              </th>
              <th scope="col" class="wide">
                <span class="sr">Share</span>
              </th>
              <th scope="col" class="number">
                First
              </th>
              <th scope="col" class="number">
                Last
              </th>
            </tr>
          </thead>
          <tbody>
            {threads.map((thread) => (
              <tr
                key={`${thread.image} ${thread.pid} ${thread.tid} ${thread.name}`}
                class={thread.number === chosen && chosen >= 0 ? 'current' : ''}
              >
                <th scope="row">
                  <ThreadName
                    thread={thread}
                    onChoose={() => {
                      setChosen(thread.number)
                      setCenter(event?.t)
                    }}
                  />
                </th>
                {app.images.value.length > 1 && (
                  <td>{shown(app.images.value[thread.image]?.source ?? '')}</td>
                )}
                <td class="number">{thread.pid}</td>
                <td class="number">{thread.tid}</td>
                <td>{thread.runtime}</td>
                <td class="number">{countText(thread.lives)}</td>
                <td class="number">{countText(thread.events)}</td>
                <td class="wide">
                  <span class="bar" aria-hidden="true">
                    <span style={{ width: `${(100 * thread.events) / most}%` }} />
                  </span>
                </td>
                <td class="number">{durationText(thread.first)}</td>
                <td class="number">{durationText(thread.last)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {one && doings && (
        <>
          <p class="note">
            {`What ${shown(one.name)} did${center === undefined ? ', its last events' : ' around the selected event'}`}
            {doings.hidden > 0 && `; ${counted(doings.hidden, 'event')} further away are not shown`}
          </p>
          <Neighbours
            app={app}
            events={doings.events}
            label={`Events of ${shown(one.name)}`}
            onChoose={({ image, handle, event: { index } }) => app.select(image, handle, index)}
          />
        </>
      )}
    </div>
  )
}

function ThreadName({ thread, onChoose }: { thread: ThreadView; onChoose(): void }) {
  if (thread.number < 0) {
    return (
      <span class="dim" title="It joined, and logged nothing that is left.">
        {shown(thread.name)}
      </span>
    )
  }
  return (
    <button type="button" class="link" onClick={onChoose}>
      {shown(thread.name)}
    </button>
  )
}
