// info object: what became of an object, each of its lives in a few lines.

import { counted } from '../../image/counted.ts'
import type { Event, History, List } from '../../image/image.ts'
import { JsonArray } from '../print/json.ts'
import { shownName } from '../print/name.ts'
import { countRoles, headLine, lossLine, marksOf, siteOf, stateOf } from '../print/record.ts'
import type { Session } from '../session.ts'
import type { Command } from './command.ts'
import { completeObject } from './complete.ts'
import { JSON_OPTION } from './filters.ts'
import { type Life, livesNamed } from './objects.ts'
import { completeBehind, optionHelp, parseOptionsAround } from './options.ts'
import { eventRow, historyRow } from './rows.ts'
import { spanText } from './time.ts'

const OPTIONS = [JSON_OPTION]

export const OBJECT: Command = {
  name: 'object',
  group: 'histories',
  isNew: true,
  line: 'What became of an object: first and last event, end, threads, neighbours.',
  help: `Usage: info object [OPTION] [OBJ | #HANDLE]

Every life that is retained, oldest first; without OBJ, that of the current event.
"ref" in the head counts the holders of the history; what its verbs did to the
object's own count is told by "verbs".

Options:
${optionHelp(OPTIONS)}

Examples:
  info object 0x7f95acf6ea60
  info object #16777217`,
  complete: (session, text) => completeBehind(session, text, OPTIONS, completeObject),
  async run(session, argument) {
    const { given, rest } = parseOptionsAround(argument, OPTIONS)
    const place = session.target.selection.place
    const lives =
      rest === '' && place !== undefined
        ? [{ target: session.target, history: place.history }]
        : livesNamed(session, rest)
    if (given.has('json')) return json(session, lives)
    const neighbours = new Neighbours()
    for (const [at, life] of lives.entries()) {
      await session.breathe()
      show(session, life, lives.length > 1 ? `${at + 1} of ${lives.length}` : '', neighbours)
    }
  },
}

interface Summary {
  readonly events: readonly Event[]
  readonly first: Event | undefined
  readonly last: Event | undefined
  /** What ended it. */
  readonly end: Event | undefined
  readonly afterEnd: readonly Event[]
  /** Thread name and its events, busiest first. */
  readonly threads: readonly (readonly [string, number])[]
  readonly before: History | undefined
  readonly after: History | undefined
}

/** Where histories stand in their lists; looked up once for all lives of an object. */
class Neighbours {
  readonly #lists = new Map<List, { all: readonly History[]; at: ReadonlyMap<number, number> }>()

  of({ list, handle }: History): { before: History | undefined; after: History | undefined } {
    let known = this.#lists.get(list)
    if (known === undefined) {
      const all = list.histories()
      known = { all, at: new Map(all.map((each, at) => [each.handle, at])) }
      this.#lists.set(list, known)
    }
    const at = known.at.get(handle)
    if (at === undefined) return { before: undefined, after: undefined }
    return { before: known.all[at - 1], after: known.all[at + 1] }
  }
}

function summaryOf({ target, history }: Life, neighbours: Neighbours): Summary {
  const { events } = target.life(history)
  const threads = new Map<string, number>()
  for (const { thread, count } of events) threads.set(thread, (threads.get(thread) ?? 0) + count)
  return {
    events,
    first: events[0],
    last: events.at(-1),
    end: events.find(({ role }) => role === 'end'),
    afterEnd: events.filter(({ late }) => late !== ''),
    threads: [...threads].sort(([, one], [, other]) => other - one),
    ...neighbours.of(history),
  }
}

function show(session: Session, life: Life, which: string, neighbours: Neighbours): void {
  const { target, history } = life
  const { events, first, last, end, afterEnd, threads, before, after } = summaryOf(life, neighbours)
  const lines: (readonly [string, string])[] = []
  if (which !== '') lines.push(['life', which])
  lines.push([
    'created',
    `t = ${history.created}, by ${shownName(history.thread)}${siteOf(history)}`,
  ])
  if (first !== undefined) lines.push(['first', eventText(first)])
  if (last !== undefined && last !== first) lines.push(['last', eventText(last)])
  if (end !== undefined) lines.push(['ended', end === last ? 'by its last event' : eventText(end)])
  const [late] = afterEnd
  if (late !== undefined) {
    lines.push(['late', `${counted(afterEnd.length, 'event')}, the first: ${eventText(late)}`])
  }
  if (last !== undefined) lines.push(['span', spanText(last.last - history.created)])
  lines.push(['verbs', countRoles(events)])
  lines.push([
    'threads',
    threads.map(([name, count]) => `${shownName(name)} (${count})`).join(', '),
  ])
  lines.push(['before', neighbour(before)], ['after', neighbour(after)])
  session.out(`${headLine(history, events)}\n`)
  for (const [name, text] of lines) session.out(`  ${name.padEnd(8)} ${text}\n`)
  for (const event of [...events, target.life(history).lostAtEnd]) {
    if (event !== undefined && event.lost > 0) session.out(`${lossLine(event)}\n`)
  }
}

const eventText = (event: Event): string =>
  `event ${event.index}, t = ${event.t}, ${shownName(event.verb)} "${shownName(event.log)}", by ${shownName(event.thread)}${marksOf(event)}`

const neighbour = (history: History | undefined): string =>
  history === undefined
    ? 'none in its list'
    : `${shownName(history.objectText)} #${history.handle}: ${stateOf(history)}, ref ${history.ref}, created t = ${history.created}`

async function json(session: Session, lives: readonly Life[]): Promise<void> {
  const array = new JsonArray((text) => session.out(text))
  const neighbours = new Neighbours()
  for (const life of lives) {
    const { target, history } = life
    await session.breathe()
    const { events, first, last, end, afterEnd, threads, before, after } = summaryOf(
      life,
      neighbours,
    )
    const row = (event: Event | undefined) =>
      event === undefined ? null : eventRow(target, history, event)
    array.add({
      ...historyRow(target, history),
      events: events.length,
      first: row(first),
      last: row(last),
      end: row(end),
      late: afterEnd.map(({ index }) => index),
      span: last === undefined ? 0 : last.last - history.created,
      threads: threads.map(([thread, count]) => ({ thread, events: count })),
      before: before?.handle ?? null,
      after: after?.handle ?? null,
    })
  }
  array.end()
}
