// find TEXT: events by what they say, in all histories.

import type { Pattern } from '../../check/pattern/match.ts'
import { counted } from '../../image/counted.ts'
import type { Event } from '../../image/image.ts'
import { CommandError } from '../messages.ts'
import { JsonArray } from '../print/json.ts'
import { headLine, hiddenLine, marksOf, whereLines } from '../print/record.ts'
import type { Place } from '../selection.ts'
import type { Session } from '../session.ts'
import { noList } from '../symbols.ts'
import type { Target } from '../target.ts'
import type { Command } from './command.ts'
import {
  byPattern,
  FILTERS,
  type Filter,
  filterOf,
  JSON_OPTION,
  LIFE_OPTION,
  lifePattern,
} from './filters.ts'
import { completeOptions, countOf, type Option, optionHelp, parseOptions } from './options.ts'
import { eventRow } from './rows.ts'

export const LIST_OPTION: Option = {
  name: 'list',
  value: 'LIST',
  line: 'Only in this list.',
  offers: (session) => session.scope.target?.lists.map(({ name }) => name) ?? [],
}

const OPTIONS: readonly Option[] = [
  LIST_OPTION,
  LIFE_OPTION,
  ...FILTERS,
  { name: 'max', value: 'N', line: 'At most N events; "find" alone goes on.' },
  { name: 'v', line: "Each event's number, thread, call site, repeats and stack." },
  JSON_OPTION,
]

interface Search {
  readonly list: string | undefined
  readonly filter: Filter
  readonly matches: (event: Event) => boolean
  /** Lives that are wanted; undefined: all. */
  readonly life: Pattern | undefined
  /** Of those only the event that completes the pattern. */
  readonly isLifeAlone: boolean
  readonly max: number
  readonly isVerbose: boolean
  /** Events that were shown before. */
  skipped: number
}

const searches = new WeakMap<Session, Search>()

export const FIND: Command = {
  name: 'find',
  group: 'histories',
  goesOn: true,
  line: 'Find events by verb or text, in all histories.',
  help: `Usage: find [OPTION]... [--] TEXT | find [OPTION]... [--] /REGEXP/

TEXT is looked for in the text of each event, in the name of its verb and in
its call site; with an option that selects events, it may be left out.  With
-life alone, the event that completes the pattern is shown of each life.  Every
event found becomes a value; the last one shown becomes the current one.  Without any argument, the
search goes on where -max ended it.  Unlike gdb's "find", which searches memory.

Options:
${optionHelp(OPTIONS)}

Examples:
  find tcp_conn_get
  find /send [0-9]+, \\(0\\)/
  find -thread main -max 10 UNREF
  find -list "TCP con" -from 2ms -to 1.5s -verb TCP_DESTROY
  find -life "END then any"`,
  complete: (session, text) => completeOptions(session, text, OPTIONS) ?? [],
  async run(session, argument) {
    const options = parseOptions(argument, OPTIONS)
    const { given, rest } = options
    const going = searches.get(session)
    if (argument === '' && going !== undefined) return show(session, going)
    const filter = filterOf(session, options)
    const list = given.get('list')?.text
    const life = lifePattern(given.get('life')?.text)
    if (rest === '' && filter.isIdle && list === undefined && life === undefined) {
      throw new CommandError('Argument required (text to find in events).')
    }
    checkList(session, list)
    const search: Search = {
      list,
      filter,
      matches: matcher(rest),
      life,
      isLifeAlone: life !== undefined && rest === '' && filter.isIdle,
      max: countOf(session, options, 'max') ?? Number.POSITIVE_INFINITY,
      isVerbose: given.has('v'),
      skipped: 0,
    }
    if (given.has('json')) return json(session, search)
    searches.set(session, search)
    await show(session, search)
  },
}

function matcher(text: string): (event: Event) => boolean {
  const pattern = /^\/(.+)\/$/s.exec(text)?.[1]
  if (pattern !== undefined) return byPattern(pattern)
  return (event) =>
    event.log.includes(text) || event.verb.includes(text) || event.site?.includes(text) === true
}

/** A list that no open image has is a mistake; one that only some have is none. */
export function checkList(session: Session, name: string | undefined): void {
  const { target } = session
  if (name === undefined) return
  if (session.targets.every(({ image }) => image.list(name) === undefined)) {
    throw noList(target, name)
  }
}

/** Every event that is searched for; nothing is kept of the others. */
async function* found(session: Session, search: Search): AsyncGenerator<[Target, Place]> {
  for (const target of session.targets) {
    const wanted = search.filter.of(target)
    for (const list of target.lists) {
      if (search.list !== undefined && list.name !== search.list) continue
      for (const history of list.histories()) {
        await session.breathe()
        const events = history.events()
        const match = search.life?.match(events)
        if (match !== undefined && !match.isMatch) continue
        for (const [position, event] of events.entries()) {
          if (search.isLifeAlone && position !== Math.max(0, (match?.place ?? 0) - 1)) continue
          if (event.verb === '' || !wanted(event) || !search.matches(event)) continue
          yield [target, { history, position, event }]
        }
      }
    }
  }
}

async function show(session: Session, search: Search): Promise<void> {
  const { skipped, max } = search
  let count = 0
  let shown = 0
  let headed: unknown
  for await (const [target, place] of found(session, search)) {
    count++
    if (count <= skipped || shown >= max) continue
    shown++
    const { history, position, event } = place
    if (headed !== history) session.out(`${headLine(history, target.life(history).events)}\n`)
    headed = history
    await session.breathe()
    session.select(target, place)
    session.record(
      target.eventValue(history, position),
      session.printOptions(),
      `${marksOf(event)}\n`,
    )
    if (search.isVerbose) session.out(whereLines(event))
    search.skipped = count
  }
  const left = count - skipped - shown
  if (count > 0 && shown === 0 && left === 0) {
    throw new CommandError(`No more events: all ${count} that were found are shown.`)
  }
  if (left > 0) session.out(`${hiddenLine(counted(left, 'event'))}\n`)
  session.out(count === 0 ? 'Pattern not found.\n' : `${counted(count, 'event')} found.\n`)
}

async function json(session: Session, search: Search): Promise<void> {
  const array = new JsonArray((text) => session.out(text))
  let shown = 0
  for await (const [target, { history, event }] of found(session, search)) {
    if (shown++ >= search.max) break
    array.add(eventRow(target, history, event))
  }
  array.end()
}
