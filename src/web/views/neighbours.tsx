// Events of many lives in one table, by time.

import { useEffect, useRef } from 'preact/hooks'
import type { Neighbour } from '../engine/protocol.ts'
import type { App } from '../store.ts'
import { offsetText, ROLE_SIGNS, ROLE_WORDS, shown } from '../words.ts'
import { elementOf } from './row.ts'
import { useVirtual } from './virtual.ts'

const ROW_HEIGHT = 24

interface Props {
  readonly app: App
  readonly events: readonly Neighbour[]
  readonly label: string
  /** The event that offsets are measured from. */
  readonly center?: { readonly handle: number; readonly index: number } | undefined
  onChoose(neighbour: Neighbour): void
}

const TITLES = ['offset', 'thread', 'list', 'object', 'index', 'verb', 'log'] as const

export function Neighbours({ app, events, label, center, onChoose }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtual({ count: events.length, height: ROW_HEIGHT, scroller })
  const at = app.selection.value
  const isIt = ({ image, handle, event }: Neighbour): boolean =>
    at?.image === image && at.handle === handle && at.event === event.index
  const current = events.findIndex(isIt)
  const isCenter = ({ handle, event }: Neighbour): boolean =>
    handle === center?.handle && event.index === center.index
  const seen = useRef<readonly Neighbour[]>([])
  useEffect(() => {
    const to = current >= 0 ? current : events.findIndex(isCenter)
    const align = seen.current === events ? 'auto' : 'center'
    seen.current = events
    if (to >= 0) virtual.scrollToIndex(to, { align })
  }, [events, current])

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 }[event.key]
    if (step === undefined || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    const to = events[Math.max(0, Math.min(events.length - 1, current + step))]
    if (to !== undefined) onChoose(to)
  }
  return (
    <div
      class="neighbours"
      role="grid"
      aria-label={label}
      aria-rowcount={events.length + 1}
      aria-activedescendant={current < 0 ? undefined : `near-${current}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div class="row head" role="row" aria-rowindex={1}>
        {TITLES.map((title) => (
          <div key={title} role="columnheader" class={`cell c-${title}`}>
            {title === 'index' ? '#' : title === 'offset' ? 'when' : title}
          </div>
        ))}
      </div>
      <div class="scroller" ref={scroller} role="rowgroup">
        <div class="all" role="presentation" style={{ height: `${virtual.getTotalSize()}px` }}>
          {virtual.getVirtualItems().map(({ index, start }, _, { length }) => {
            const each = events[index] as Neighbour
            const { event, list, object, offset, handle } = each
            const classes = [
              index === current ? 'current' : '',
              isCenter(each) ? 'center' : '',
              handle === at?.handle ? 'same' : '',
              event.late === '' ? '' : 'wrong',
            ]
            return (
              <div
                key={elementOf(index, length)}
                id={`near-${index}`}
                class={`row ${classes.join(' ')}`}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={index === current}
                style={{ transform: `translateY(${start}px)` }}
                onClick={() => onChoose(each)}
              >
                <Cell name="offset">{isCenter(each) ? '⇒ 0' : offsetText(offset)}</Cell>
                <Cell name="thread">{shown(event.thread)}</Cell>
                <Cell name="list">{shown(list)}</Cell>
                <Cell name="object">{shown(object)}</Cell>
                <Cell name="index">{event.index}</Cell>
                <Cell name="verb">
                  <span
                    class={`sign ${event.role}`}
                    title={ROLE_WORDS[event.role]}
                    aria-hidden="true"
                  >
                    {ROLE_SIGNS[event.role]}
                  </span>
                  {shown(event.verb)}
                </Cell>
                <Cell name="log">
                  {shown(event.log)}
                  {event.count > 1 && <b>{` × ${event.count}`}</b>}
                  {event.late !== '' && <b class="late">{` <${event.late}>`}</b>}
                </Cell>
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

function Cell({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div role="gridcell" class={`cell c-${name}`}>
      {children}
    </div>
  )
}
