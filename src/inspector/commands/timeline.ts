// timeline: what all open images logged, of several processes and hosts, in one order by the wall clock.

import { counted } from '../../image/counted.ts'
import type { History } from '../../image/image.ts'
import { wallTime } from '../../image/wall-time.ts'
import { JsonArray } from '../print/json.ts'
import { shownName } from '../print/name.ts'
import { hiddenLine, lossText, marksOf } from '../print/record.ts'
import { type Cell, tableLines } from '../print/table.ts'
import type { Session } from '../session.ts'
import type { Target } from '../target.ts'
import type { Command } from './command.ts'
import { completeObject } from './complete.ts'
import { FILTERS_BUT_TIMES, type Filter, filterOf, JSON_OPTION } from './filters.ts'
import { checkList, LIST_OPTION } from './find.ts'
import { livesNamed } from './objects.ts'
import { completeBehind, countOf, type Option, optionHelp, parseOptionsAround } from './options.ts'
import { eventRow } from './rows.ts'
import { hostClockText, spanText } from './time.ts'

const SHOWN_MAX = 1000

const OPTIONS: readonly Option[] = [
  LIST_OPTION,
  ...FILTERS_BUT_TIMES,
  { name: 'max', value: 'N', line: `The last N events (${SHOWN_MAX}); 0: all.` },
  JSON_OPTION,
]

interface Row {
  readonly target: Target
  readonly history: History
  readonly position: number
  /** Microseconds since 1970. */
  readonly wall: number
}

export const TIMELINE: Command = {
  name: 'timeline',
  group: 'histories',
  isNew: true,
  line: 'Print the events of all images in one order, by the wall clock.',
  help: `Usage: timeline [OPTION]... [OBJ]

Of all images that are open, or of a file that "shdb merge" wrote: each event
with its image, process and thread.  Without OBJ, those of all objects.  Every
event is a value.  Events of one image stand in their order; how far the order
between images can be trusted is said above.

Options, also behind OBJ:
${optionHelp(OPTIONS)}

Examples:
  timeline 0x7f95acf6ea60
  timeline -verb TCP_REF,TCP_UNREF -max 0`,
  complete: (session, text) => completeBehind(session, text, OPTIONS, completeObject),
  async run(session, argument) {
    session.target
    const options = parseOptionsAround(argument, OPTIONS)
    const list = options.given.get('list')?.text
    checkList(session, list)
    const asked = countOf(session, options, 'max') ?? SHOWN_MAX
    const max = asked === 0 ? Number.POSITIVE_INFINITY : asked
    const rows = await collected(session, options.rest, filterOf(session, options), list)
    const shown = rows.length > max ? rows.slice(rows.length - max) : rows
    if (options.given.has('json')) return json(session, shown)
    for (const line of clockLines(session.targets)) session.out(`${line}\n`)
    const hidden = rows.length - shown.length
    if (hidden > 0) session.out(`${hiddenLine(counted(hidden, 'earlier event'))}\n`)
    await show(session, shown)
  },
}

async function collected(
  session: Session,
  object: string,
  filter: Filter,
  list: string | undefined,
): Promise<Row[]> {
  const rows: Row[] = []
  for (const { target, history } of lives(session, object)) {
    await session.breathe()
    if (list !== undefined && history.list.name !== list) continue
    const wanted = filter.of(target)
    const started = Math.round(target.image.started * 1000)
    for (const [position, event] of target.life(history).events.entries()) {
      if (wanted(event)) rows.push({ target, history, position, wall: started + event.t })
    }
  }
  // Stable: of equal times, what stands in one history stays in its order.
  return rows.sort((one, other) => one.wall - other.wall)
}

function* lives(session: Session, object: string): Generator<{ target: Target; history: History }> {
  if (object !== '') return yield* livesNamed(session, object)
  for (const target of session.targets) {
    for (const list of target.lists) {
      for (const history of list.histories()) yield { target, history }
    }
  }
}

/** How far the times can be trusted. */
function clockLines(targets: readonly Target[]): readonly string[] {
  const lines = targets.map(({ image }) => {
    const on = ['', image.source].includes(image.host) ? '' : `, on ${shownName(image.host)}`
    const who = `${shownName(image.source)} (recorder "${shownName(image.name)}", pid ${image.pid}${on})`
    const clock = image.coarse ? 'coarse' : 'precise'
    const known = image.hostClock ? `; ${hostClockText(image.hostClock)}` : ''
    return `${who}: ${clock} clock, within about ${spanText(image.uncertainty)}${known}`
  })
  return targets.length > 1 ? [...lines, ...betweenHosts(targets)] : lines
}

/** What comes on top of what each image knows of itself. */
function betweenHosts(targets: readonly Target[]): readonly string[] {
  const unknown = targets.filter(({ image }) => image.hostClock === undefined)
  const hosts = hostsOf(unknown)
  if (hosts.length === 1 && hosts[0] !== '' && hostsOf(targets).length === 1)
    return [`All are of host ${shownName(hosts[0] as string)}: one clock.`]
  if (unknown.length === 0) return []
  const named = hosts.filter((host) => host !== '').map(shownName)
  return [
    'Of images of different hosts, the difference of their clocks comes on top of that.',
    ...(named.length === 0
      ? []
      : [`"shdb merge --clock" takes what is known of the clocks of ${named.join(', ')}.`]),
  ]
}

const hostsOf = (targets: readonly Target[]): readonly string[] => [
  ...new Set(targets.map(({ image }) => image.host)),
]

const COLUMNS = [
  { title: 'Time' },
  { title: 'Value' },
  { title: 'Host' },
  { title: 'Image' },
  { title: 'Pid', right: true },
  { title: 'Thread' },
  { title: 'List' },
  { title: 'Object' },
  { title: 'Event', right: true },
  { title: 'Verb' },
  { title: 'Log' },
]

async function show(session: Session, rows: readonly Row[]): Promise<void> {
  const cells: Cell[][] = []
  const isOfHosts =
    hostsOf(session.targets).length > 1 &&
    session.targets.some(({ image }) => image.host !== image.source)
  const columns = isOfHosts ? COLUMNS : COLUMNS.filter(({ title }) => title !== 'Host')
  for (const { target, history, position } of rows) {
    await session.breathe()
    const event = target.life(history).events[position]
    if (event === undefined) continue
    const number = session.values.record(target.eventValue(history, position))
    const lost = event.lost > 0 ? ` - ${lossText(event)} before -` : ''
    cells.push([
      wallTime(target.image, event.t) || `t = ${event.t}`,
      `$${number}`,
      ...(isOfHosts ? [target.image.host] : []),
      target.image.source,
      event.pid,
      event.thread,
      history.list.name,
      history.objectText,
      event.index,
      event.verb,
      `"${shownName(event.log)}"${marksOf(event)}${lost}`,
    ])
  }
  if (cells.length === 0) return session.out('No event matches.\n')
  for (const line of tableLines(columns, cells, { style: session.style })) {
    await session.breathe()
    session.out(line)
  }
}

async function json(session: Session, rows: readonly Row[]): Promise<void> {
  const array = new JsonArray((text) => session.out(text))
  for (const { target, history, position } of rows) {
    await session.breathe()
    const event = target.life(history).events[position]
    if (event === undefined) continue
    const { name, uncertainty } = target.image
    array.add({
      ...eventRow(target, history, event),
      recorder: name,
      uncertainty,
    })
  }
  array.end()
}
