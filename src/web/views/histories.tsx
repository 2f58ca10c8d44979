// The table of all histories: what is wrong stands first.

import { useSignalEffect } from '@preact/signals'
import { useMemo, useRef } from 'preact/hooks'
import type { Rows, Study } from '../engine/protocol.ts'
import type { App } from '../store.ts'
import { counted, countText, durationText, shown, sureText } from '../words.ts'
import { orderOf, SORTS, type Sort, stateOf } from './order.ts'
import { elementOf, unlessSame } from './row.ts'
import { SCROLLED_PIXELS_MAX, useVirtual } from './virtual.ts'

const ROW_HEIGHT = 26
const PAGE_ROWS = 20

const TITLES: Readonly<Record<Sort, string>> = {
  finding: 'Finding',
  object: 'Object',
  events: 'Events',
  ref: 'Ref',
  state: 'State',
  lasted: 'Lasted',
  created: 'Created',
}

export function Histories({ app }: { app: App }) {
  const order = useMemo(() => orderOf(app), [app])
  const scroller = useRef<HTMLDivElement>(null)
  const shownRows = order.value
  const rows = app.rows.value
  const virtual = useVirtual({ count: shownRows.length, height: ROW_HEIGHT, scroller })
  const current = app.row.value

  // What is selected elsewhere comes into sight here.
  useSignalEffect(() => {
    const row = app.row.value
    const at = row < 0 ? -1 : order.value.indexOf(row)
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' })
  })
  if (rows === undefined) return null

  const choose = (at: number): void => {
    const row = shownRows[Math.max(0, Math.min(shownRows.length - 1, at))]
    if (row !== undefined) app.selectRow(row)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = current < 0 ? -1 : shownRows.indexOf(current)
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + PAGE_ROWS,
      PageUp: at - PAGE_ROWS,
      Home: 0,
      End: shownRows.length - 1,
    }[event.key]
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    choose(to)
  }
  const beyond = shownRows.length - Math.floor(SCROLLED_PIXELS_MAX / ROW_HEIGHT)
  return (
    <section class="histories" aria-label="Histories">
      <Search app={app} shownCount={shownRows.length} total={rows.count} />
      <div
        class="grid"
        role="grid"
        aria-label="Histories"
        aria-rowcount={shownRows.length + 1}
        aria-activedescendant={current < 0 ? undefined : `row-${current}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <div class="row head" role="row" aria-rowindex={1}>
          {SORTS.map((sort) => (
            <Title key={sort} app={app} sort={sort} />
          ))}
        </div>
        <div class="scroller" ref={scroller} role="rowgroup">
          <div class="all" role="presentation" style={{ height: `${virtual.getTotalSize()}px` }}>
            {virtual.getVirtualItems().map(({ index, start }, _, { length }) => (
              <Row
                key={elementOf(index, length)}
                app={app}
                rows={rows}
                study={app.study.value}
                row={shownRows[index] as number}
                place={index}
                top={start}
                isCurrent={shownRows[index] === current}
              />
            ))}
          </div>
        </div>
      </div>
      {shownRows.length === 0 && <NoneShown app={app} />}
      {beyond > 0 && (
        <p class="note">{`${counted(beyond, 'more history', 'more histories')}: narrow the filter to reach them.`}</p>
      )}
    </section>
  )
}

function NoneShown({ app }: { app: App }) {
  if (app.rows.value?.count === 0) {
    return (
      <p class="note">
        No history is left in what is open. Nothing was pushed, all were evicted, or the dump is
        cut: Stats (5) tells which.
      </p>
    )
  }
  return (
    <p class="note">
      No history matches.{' '}
      <button
        type="button"
        class="link"
        onClick={() => {
          app.find.value = ''
          app.list.value = ''
        }}
      >
        Show all
      </button>
    </p>
  )
}

function Search({ app, shownCount, total }: { app: App; shownCount: number; total: number }) {
  const find = app.find.value
  const wrong = app.wrong.value
  const words = find.split(/\s+/)
  const isNarrowed = words.includes('is:finding')
  const toggle = (): void => {
    const rest = words.filter((word) => word !== '' && word !== 'is:finding')
    app.find.value = (isNarrowed ? rest : [...rest, 'is:finding']).join(' ')
  }
  return (
    <div class="search">
      <input
        type="search"
        data-search
        placeholder="Object, thread, kind of finding"
        aria-label="Filter histories: object, thread, kind of finding, is:live, is:ended, is:lost, is:finding"
        aria-keyshortcuts="/"
        spellcheck={false}
        value={find}
        onInput={({ currentTarget }) => {
          app.find.value = currentTarget.value
        }}
      />
      {wrong > 0 && (
        <button type="button" class="chip bad" aria-pressed={isNarrowed} onClick={toggle}>
          <span aria-hidden="true">⚑ </span>
          {countText(wrong)}
          <span class="sr"> with findings: show these alone</span>
        </button>
      )}
      <output class="dim" aria-live="polite">
        {shownCount === total
          ? countText(total)
          : `${countText(shownCount)} of ${countText(total)}`}
      </output>
    </div>
  )
}

function Title({ app, sort }: { app: App; sort: Sort }) {
  const chosen = app.sort.value
  const isIt = chosen === sort || chosen === `-${sort}`
  const isReversed = chosen === `-${sort}`
  return (
    <div
      role="columnheader"
      class={`cell c-${sort}`}
      aria-sort={isIt ? (isReversed ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        onClick={() => {
          app.sort.value = isIt && !isReversed ? `-${sort}` : sort
        }}
      >
        {TITLES[sort]}
        <span class="arrow" aria-hidden="true">
          {isIt ? (isReversed ? '↑' : '↓') : ''}
        </span>
      </button>
    </div>
  )
}

interface RowOf {
  readonly app: App
  readonly rows: Rows
  readonly study: Study | undefined
  readonly row: number
  readonly place: number
  readonly top: number
  readonly isCurrent: boolean
}

const Row = unlessSame(function show({ app, rows, study, row, place, top, isCurrent }: RowOf) {
  const finding = study?.findings[study.finding[row] ?? -1]
  const lost = study?.lost[row] ?? 0
  const state = stateOf(rows.flags[row] as number)
  return (
    <div
      id={`row-${row}`}
      class={`row${isCurrent ? ' current' : ''}${finding ? ' wrong' : ''}`}
      role="row"
      aria-rowindex={place + 2}
      aria-selected={isCurrent}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => app.selectRow(row)}
    >
      <Cell name="finding">
        {finding && (
          <span title={`${finding.kind}, ${sureText(finding.confidence)}`}>
            <span class="flag" aria-hidden="true">
              ⚑
            </span>
            {finding.kind}
          </span>
        )}
      </Cell>
      <Cell name="object">
        <span title={shown(rows.object[row] as string)}>{shown(rows.object[row] as string)}</span>
      </Cell>
      <Cell name="events">
        {lost > 0 && (
          <span class="lost" title={counted(lost, 'event lost', 'events lost')}>
            <span aria-hidden="true">▨ </span>
            <span class="sr">{counted(lost, 'event lost', 'events lost')} of </span>
          </span>
        )}
        {countText(rows.events[row] as number)}
      </Cell>
      <Cell name="ref">{rows.ref[row]}</Cell>
      <Cell name="state">{state}</Cell>
      <Cell name="lasted">{study ? durationText(study.lasted[row] as number) : ''}</Cell>
      <Cell name="created">{durationText(rows.created[row] as number)}</Cell>
    </div>
  )
})

function Cell({ name, children }: { name: Sort; children: preact.ComponentChildren }) {
  return (
    <div role="gridcell" class={`cell c-${name}`}>
      {children}
    </div>
  )
}
