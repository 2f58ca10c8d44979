// around: what every other history logged at about the time of one event, on one time line.

import { counted } from '../../image/counted.ts'
import { JsonArray, jsonText } from '../print/json.ts'
import { shownName } from '../print/name.ts'
import { hiddenLine, lifeName, lossText, marksOf } from '../print/record.ts'
import { type Cell, tableLines } from '../print/table.ts'
import type { Session } from '../session.ts'
import type { Command } from './command.ts'
import { completeObject } from './complete.ts'
import { eventHead } from './event.ts'
import { FILTERS_BUT_TIMES, filterOf, JSON_OPTION } from './filters.ts'
import { checkList, LIST_OPTION } from './find.ts'
import { eventNamed, type Named } from './objects.ts'
import { completeBehind, countOf, type Option, optionHelp, parseOptionsAround } from './options.ts'
import { eventRow } from './rows.ts'
import { type Surroundings, surroundings } from './surroundings.ts'
import { spanText, withUnit } from './time.ts'

const SPAN = 1000
const SHOWN_MAX = 100
/** Places of losses that are told one by one. */
const MISSING_MAX = 20

const OPTIONS: readonly Option[] = [
  LIST_OPTION,
  ...FILTERS_BUT_TIMES,
  { name: 'max', value: 'N', line: `At most the nearest N events (${SHOWN_MAX}); 0: all.` },
  JSON_OPTION,
]

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
  complete: (session, text) => completeBehind(session, text, OPTIONS, completeObject),
  async run(session, argument) {
    session.target
    const options = parseOptionsAround(argument, OPTIONS)
    const filter = filterOf(session, options)
    const list = options.given.get('list')?.text
    checkList(session, list)
    const { event, span } = eventAndSpan(session, options.rest)
    const asked = countOf(session, options, 'max') ?? SHOWN_MAX
    const max = asked === 0 ? Number.POSITIVE_INFINITY : asked
    const found = await surroundings(session, event, { span, filter, list, max })
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
  for (const line of tableLines(COLUMNS, rows, { style: session.style })) {
    await session.breathe()
    session.out(line)
  }
  if (hidden > 0) session.out(`${hiddenLine(counted(hidden, 'event'))}\n`)
  for (const each of missing.slice(0, MISSING_MAX)) {
    session.out(`- ${lossText(each.event)} of ${lifeName(each.history)} -\n`)
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
