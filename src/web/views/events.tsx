// The events of a life as a table: shdb's fields, a line for each loss where it happened.

import { useSignalEffect } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { App } from '../store.ts'
import { counted, countText, durationText, ROLE_SIGNS, ROLE_WORDS, shown } from '../words.ts'
import { CAUSES, type Column, type LifeModel } from './model.ts'
import { elementOf, unlessSame } from './row.ts'
import { useVirtual } from './virtual.ts'

const ROW_HEIGHT = 24

export function Events({ app, model }: { app: App; model: LifeModel }) {
  const scroller = useRef<HTMLDivElement>(null)
  const { columns, life, places } = model
  const virtual = useVirtual({ count: columns.length, height: ROW_HEIGHT, scroller })
  const current = places.get(app.selection.value?.event ?? -1) ?? -1
  const image = app.images.value[life.image]
  const hasPids = new Set(model.lanes.map(({ pid }) => pid)).size > 1

  useSignalEffect(() => {
    const at = model.places.get(app.selection.value?.event ?? -1)
    if (at !== undefined) virtual.scrollToIndex(at, { align: 'auto' })
  })

  return (
    <div
      class={`events${hasPids ? ' pids' : ''}${model.isCounted ? '' : ' uncounted'}`}
      role="grid"
      aria-label={`Events of ${shown(life.object)}`}
      aria-rowcount={columns.length + 1}
      aria-activedescendant={current < 0 ? undefined : `event-${current}`}
      tabIndex={0}
      onKeyDown={(event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
        if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return
        event.preventDefault()
        app.stepEvent(step)
      }}
    >
      <div class="row head" role="row" aria-rowindex={1}>
        {['#', 'after', 't', 'thread', 'verb', 'log', 'count'].map((title) => (
          <div
            key={title}
            role="columnheader"
            class={`cell c-${title === '#' ? 'index' : title}`}
            title={title === 't' && image ? 'microseconds since the recorder began' : undefined}
          >
            {title}
          </div>
        ))}
      </div>
      <div class="scroller" ref={scroller} role="rowgroup">
        <div class="all" role="presentation" style={{ height: `${virtual.getTotalSize()}px` }}>
          {virtual.getVirtualItems().map(({ index, start }, _, { length }) => (
            <Row
              key={elementOf(index, length)}
              app={app}
              model={model}
              column={columns[index] as Column}
              place={index}
              top={start}
              isCurrent={index === current}
              hasPids={hasPids}
            />
          ))}
        </div>
      </div>
    </div>
  )
}

interface RowOf {
  readonly app: App
  readonly model: LifeModel
  readonly column: Column
  readonly place: number
  readonly top: number
  readonly isCurrent: boolean
  readonly hasPids: boolean
}

const Row = unlessSame(function show({
  app,
  model,
  column,
  place,
  top,
  isCurrent,
  hasPids,
}: RowOf) {
  const { event, gap, proofs, sum, pause } = column
  const style = { transform: `translateY(${top}px)` }
  if (event === undefined) {
    return (
      <div class="row gap" role="row" aria-rowindex={place + 2} style={style}>
        <div role="gridcell" class="cell lost c-lost">
          {gap &&
            `- ${counted(gap.count, 'event')} lost (#${gap.from}-#${gap.to}): they ${CAUSES[gap.cause]} -`}
        </div>
      </div>
    )
  }
  const { life } = model
  const isWrong = proofs.length > 0 || event.late !== ''
  const cells: readonly (readonly [string, preact.ComponentChildren])[] = [
    [
      'index',
      <>
        {proofs.length > 0 && (
          <span class="flag" title="proves a finding">
            ⚑<span class="sr"> proves a finding, </span>
          </span>
        )}
        {event.lastIndex > event.index ? `${event.index}–${event.lastIndex}` : event.index}
      </>,
    ],
    ['after', pause > 0 ? durationText(pause) : ''],
    ['t', countText(event.t)],
    ['thread', `${shown(event.thread)}${hasPids ? ` · ${event.pid}` : ''}`],
    [
      'verb',
      <>
        <span class={`sign ${event.role}`} title={ROLE_WORDS[event.role]} aria-hidden="true">
          {ROLE_SIGNS[event.role]}
        </span>
        {shown(event.verb)}
      </>,
    ],
    [
      'log',
      <>
        <span title={shown(event.log)}>{shown(event.log)}</span>
        {event.count > 1 && <b>{` × ${countText(event.count)}`}</b>}
        {event.late !== '' && <b class="late">{` <${event.late}>`}</b>}
      </>,
    ],
    ['count', event.role === 'none' || !model.isCounted ? '' : `${sum}`.replace('-', '−')],
  ]
  return (
    <div
      id={`event-${place}`}
      class={`row${isCurrent ? ' current' : ''}${isWrong ? ' wrong' : ''}`}
      role="row"
      aria-rowindex={place + 2}
      aria-selected={isCurrent}
      style={style}
      onClick={() => app.select(life.image, life.handle, event.index)}
    >
      {cells.map(([name, content]) => (
        <div key={name} role="gridcell" class={`cell c-${name}`}>
          {content}
        </div>
      ))}
    </div>
  )
})
