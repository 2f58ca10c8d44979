// around: what every other history logged at about the time of one event, on one time line.

import type { Event, History } from '../../image/image.ts'
import { JsonArray, jsonText } from '../print/json.ts'
import { shownName } from '../print/name.ts'
import { counted, hiddenLine, lossText, marksOf } from '../print/record.ts'
import { type Cell, tableLines } from '../print/table.ts'
import type { Place } from '../selection.ts'
import type { Session } from '../session.ts'
import type { Target } from '../target.ts'
import { timelineOf } from '../timeline.ts'
import type { Command } from './command.ts'
import { completeObject } from './complete.ts'
import { eventHead } from './event.ts'
import { FILTERS, type Filter, filterOf, JSON_OPTION } from './filters.ts'
import { checkList, LIST_OPTION } from './find.ts'
import { eventNamed, type Named } from './objects.ts'
import { completeOptions, countOf, type Option, optionHelp, parseOptionsAround } from './options.ts'
import { eventRow } from './rows.ts'
import { spanText, withUnit } from './time.ts'

const SPAN = 1000
const SHOWN_MAX = 100
/** Places of losses that are told one by one. */
const MISSING_MAX = 20

const OPTIONS: readonly Option[] = [
  LIST_OPTION,
  ...FILTERS.filter(({ name }) => name !== 'from' && name !== 'to'),
  { name: 'max', value: 'N', line: `At most the nearest N events (${SHOWN_MAX}); 0: all.` },
  JSON_OPTION,
]

/** An event beside the one that is asked about. */
interface Neighbour {
  readonly target: Target
  readonly place: Place
  /** Microseconds after it; negative before. */
  readonly offset: number
  readonly isIt: boolean
}

/** What is missing in the same time. */
interface Missing {
  readonly target: Target
  readonly history: History
  readonly event: Event
}

interface Surroundings {
  readonly neighbours: readonly Neighbour[]
  /** Further away in time, so not among them. */
  readonly hidden: number
  readonly missing: readonly Missing[]
  /** Lists whose window has moved over that time. */
  readonly evicted: readonly string[]
}

export const AROUND: Command = {
  name: 'around',
  group: 'histories',
  isNew: true,
  line: 'Print what all histories logged at about the time of an event.',
  help: `Usage: around [OPTION]... [EVENT] [SPAN]

EVENT is $5, OBJ[INDEX], or what "event" takes; without it, the current event.
SPAN is how long before and after it: 500us, 2ms, 1.5s; 1ms if not given.  All
events of all lists stand on one time line, the event itself marked with =>;
each is a value.  The current event stays what it was or becomes EVENT.
Times of a coarse clock are about a millisecond old: look at "info target".

Options:
${optionHelp(OPTIONS)}

Examples:
  history 0x7f95acf6ea60
  around
  around $1 500us
  around 2ms $1
  around 0x7f95acf6ea60[2] -verb TCP_UNREF`,
  complete: (session, text) =>
    completeOptions(session, text, OPTIONS) ?? completeObject(session, text),
  async run(session, argument) {
    session.target
    const options = parseOptionsAround(argument, OPTIONS)
    const filter = filterOf(session, options)
    const list = options.given.get('list')?.text
    checkList(session, list)
    const { event, span } = eventAndSpan(session, options.rest)
    const asked = countOf(session, options, 'max') ?? SHOWN_MAX
    const max = asked === 0 ? Number.POSITIVE_INFINITY : asked
    const found = await surroundings(session, event, span, filter, list, max)
    if (options.given.has('json')) json(session, event, span, found)
    else await show(session, event, span, found)
  },
}

function eventAndSpan(session: Session, text: string): { event: Named; span: number } {
  const [, first = '', afterFirst = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? []
  const span = withUnit(first)
  if (span !== undefined) return { event: eventNamed(session, afterFirst), span }
  const [, beforeLast = '', last = ''] = /^(.*)\s(\S+)$/s.exec(text) ?? []
  const atEnd = withUnit(last)
  if (atEnd !== undefined) return { event: eventNamed(session, beforeLast), span: atEnd }
  return { event: eventNamed(session, text), span: SPAN }
}

async function surroundings(
  session: Session,
  { target, place }: Named,
  span: number,
  filter: Filter,
  listName: string | undefined,
  max: number,
): Promise<Surroundings> {
  const all: { target: Target; row: number; offset: number; isIt: boolean }[] = []
  const missing: Missing[] = []
  const evicted: string[] = []
  const isWanted = ({ list }: History): boolean => listName === undefined || list.name === listName
  for (const each of session.targets) {
    const timeline = await timelineOf(each, () => session.breathe())
    // Recorders begin at different times; their wall clocks tell how far apart.
    const shift = Math.round((each.image.started - target.image.started) * 1000) || 0
    const from = place.event.t - span - shift
    const to = place.event.last + span - shift
    const itself = each === target ? timeline.rowOf(place) : -1
    const wanted = filter.of(each)
    for (let row = 0; row < timeline.length; row++) {
      if (timeline.time(row) > to || timeline.last(row) < from) continue
      await session.breathe()
      const isIt = row === itself
      const { history, event } = timeline.place(row)
      if (!isIt && !(isWanted(history) && wanted(event))) continue
      all.push({ target: each, row, offset: timeline.time(row) + shift - place.event.t, isIt })
    }
    for (const { history, event, from: after, to: before } of timeline.absences) {
      await session.breathe()
      if (after > to || before < from || !isWanted(history)) continue
      missing.push({ target: each, history, event })
    }
    for (const list of each.lists) {
      const gone = list.evictedByWindow + list.evictedByBudget + list.evictedPinned
      const oldest = list.histories().find(({ pinned }) => !pinned)
      if (gone === 0 || (listName !== undefined && list.name !== listName)) continue
      if (oldest !== undefined && oldest.created <= from) continue
      const until = oldest === undefined ? '' : ` before t = ${oldest.created}`
      evicted.push(
        `${shownName(list.name)}: ${counted(gone, 'history', 'histories')} evicted, with what they logged${until}`,
      )
    }
  }
  const nearest = [...all].sort((one, other) => distance(one) - distance(other)).slice(0, max)
  nearest.sort((one, other) => one.offset - other.offset || one.row - other.row)
  const neighbours: Neighbour[] = []
  for (const { target: each, row, offset, isIt } of nearest) {
    const timeline = await timelineOf(each, () => session.breathe())
    neighbours.push({ target: each, place: timeline.place(row), offset, isIt })
  }
  return { neighbours, hidden: all.length - nearest.length, missing, evicted }
}

/** The event itself is never too far away. */
const distance = ({ offset, isIt }: { offset: number; isIt: boolean }): number =>
  isIt ? -1 : Math.abs(offset)

const COLUMNS = [
  { title: '' },
  { title: 'Value' },
  { title: 'us', right: true },
  { title: 'Thread' },
  { title: 'List' },
  { title: 'Object' },
  { title: 'Event', right: true },
  { title: 'Verb' },
  { title: 'Log' },
]

async function show(
  session: Session,
  { target, place }: Named,
  span: number,
  { neighbours, hidden, missing, evicted }: Surroundings,
): Promise<void> {
  session.out(
    `${eventHead(place)}, t = ${place.event.t}, and ${spanText(span)} before and after:\n`,
  )
  session.select(target, place)
  const several = session.targets.length > 1
  const rows = neighbours.map((each): Cell[] => {
    const { history, position, event } = each.place
    const number = session.values.record(each.target.eventValue(history, position))
    const list = several ? `${each.target.image.source}: ${history.list.name}` : history.list.name
    return [
      each.isIt ? '=>' : '',
      `$${number}`,
      each.isIt ? '0' : signed(each.offset),
      event.thread,
      list,
      history.objectText,
      event.index,
      event.verb,
      `"${shownName(event.log)}"${marksOf(event)}`,
    ]
  })
  for (const line of tableLines(COLUMNS, rows)) {
    await session.breathe()
    session.out(line)
  }
  if (hidden > 0) session.out(`${hiddenLine(counted(hidden, 'event'))}\n`)
  for (const each of missing.slice(0, MISSING_MAX)) {
    const where = `${shownName(each.history.list.name)} ${shownName(each.history.objectText)}`
    session.out(`- ${lossText(each.event)} of ${where} #${each.history.handle} -\n`)
  }
  const more = missing.length - MISSING_MAX
  if (more > 0) session.out(`- events lost at ${counted(more, 'more place')} -\n`)
  for (const each of evicted) session.out(`- ${each} -\n`)
}

const signed = (offset: number): string => (offset >= 0 ? `+${offset}` : `${offset}`)

function json(
  session: Session,
  { target, place }: Named,
  span: number,
  { neighbours, hidden, missing, evicted }: Surroundings,
): void {
  const out = (text: string): void => session.out(text)
  const event = jsonText(eventRow(target, place.history, place.event))
  out(`{"event":${event},"span":${jsonText(span)},"notShown":${hidden},"events":`)
  const events = new JsonArray(out)
  for (const { target: each, place: at, offset, isIt } of neighbours) {
    events.add({ ...eventRow(each, at.history, at.event), offset, isIt })
  }
  events.end(',"lost":')
  const lost = new JsonArray(out)
  for (const each of missing) {
    const { index, lost: count } = each.event
    lost.add({
      image: each.target.image.source,
      list: each.history.list.name,
      object: each.history.objectText,
      history: each.history.handle,
      from: index - count,
      to: index - 1,
      count,
    })
  }
  lost.end(`,"evicted":${jsonText(evicted)}}\n`)
}
