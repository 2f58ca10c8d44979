// history OBJ: the whole life of an object, event by event, each a value that can be used again.

import { counted } from '../../image/counted.ts'
import { CommandError } from '../messages.ts'
import { type Json, JsonArray } from '../print/json.ts'
import type { Session } from '../session.ts'
import type { Command } from './command.ts'
import { completeObject } from './complete.ts'
import { FILTERS, type Filter, filterOf, JSON_OPTION, LIFE_OPTION, lifePattern } from './filters.ts'
import { type Life, livesNamed } from './objects.ts'
import {
  completeBehind,
  countOf,
  type Option,
  type Options,
  optionHelp,
  parseOptionsAround,
} from './options.ts'
import { eventRow, historyRow } from './rows.ts'
import { Walk, type Way } from './walk.ts'

const OPTIONS: readonly Option[] = [
  { name: 'first', value: 'N', line: 'The first N events; "history" alone goes on.' },
  { name: 'last', value: 'N', line: 'The last N events; "history" alone goes back.' },
  { name: 'reverse', line: 'Newest first.' },
  ...FILTERS,
  { ...LIFE_OPTION, name: 'match' },
  {
    name: 'v',
    line: "Each event's number, thread, call site, repeats, stack; the sum of +1 and -1; where it was pushed.",
  },
  JSON_OPTION,
]

const walks = new WeakMap<Session, Walk>()

export const HISTORY: Command = {
  name: 'history',
  group: 'histories',
  goesOn: true,
  line: 'Print the whole life of an object.',
  help: `Usage: history [OPTION]... [OBJ | #HANDLE]

OBJ is the object as it was pushed: an address, a number, a string or an
expression; or the origin that its lives have in common in all images that it
went through, as a header carried it ("history.origin", a traceparent).  Every life that the image retains is shown, oldest first; every
event becomes a value: $1, $2 ...; the last one shown becomes the current one.
Events that are missing are counted where they are missing, those that an
option hides are counted, too; events after the end of a life are marked.
"× 40" after an event: it was logged so many times in a row, in a list made
with "coalesce".

Without OBJ, the next page of the history shown last, or the life of the
current event.

Options, also behind OBJ:
${optionHelp(OPTIONS)}

Examples:
  history 0x7f95acf6ea60
  history -last 10 0x7f95acf6ea60
  history -verb TCP_REF,TCP_UNREF -reverse 0x7f95acf6ea60
  history -thread main -from 1ms -grep "^conn" 0x7f95acf6ea60
  history -v #16777217
  history $sh`,
  complete: (session, text) => completeBehind(session, text, OPTIONS, completeObject),
  async run(session, argument) {
    const options = parseOptionsAround(argument, OPTIONS)
    const filter = filterOf(session, options)
    const { rest } = options
    const going = walks.get(session)
    if (rest === '' && options.given.size === 0 && going !== undefined && isThere(session, going)) {
      return going.show()
    }
    const way = wayOf(session, filter, options)
    const lives = matching(livesOrCurrent(session, rest), options.given.get('match')?.text)
    if (options.given.has('json')) return json(session, lives, way)
    const walk = new Walk(session, lives, way)
    walks.set(session, walk)
    await walk.show()
  },
}

/** Whether nothing else was chosen since. */
function isThere(session: Session, walk: Walk): boolean {
  const { target } = session
  const { place } = target.selection
  return place === undefined || walk.has({ target, history: place.history })
}

function wayOf(session: Session, filter: Filter, options: Options): Way {
  const first = countOf(session, options, 'first')
  const last = countOf(session, options, 'last')
  if (first !== undefined && last !== undefined) {
    throw new CommandError('history: -first and -last are mutually exclusive')
  }
  const page = first ?? last ?? Number.POSITIVE_INFINITY
  if (page === 0) throw new CommandError('integer 0 out of range')
  return {
    filter,
    isReverse: options.given.has('reverse'),
    isVerbose: options.given.has('v'),
    page,
    fromEnd: last !== undefined,
  }
}

function livesOrCurrent(session: Session, rest: string): readonly Life[] {
  if (rest !== '') return livesNamed(session, rest)
  const place = session.scope.target?.selection.place
  if (place === undefined) return livesNamed(session, '')
  return [{ target: session.target, history: place.history }]
}

function matching(lives: readonly Life[], text: string | undefined): readonly Life[] {
  const pattern = lifePattern(text)
  if (pattern === undefined) return lives
  const found = lives.filter(
    ({ target, history }) => pattern.match(target.life(history).events).isMatch,
  )
  if (found.length === 0)
    throw new CommandError(`None of ${counted(lives.length, 'life', 'lives')} matches "${text}".`)
  return found
}

/** Pages count over all lives, as they do without --json. */
async function json(session: Session, lives: readonly Life[], way: Way): Promise<void> {
  const { filter, isReverse, page, fromEnd } = way
  const array = new JsonArray((text) => session.out(text))
  const rows: Json[] = []
  let left = page
  for (const { target, history } of isReverse !== fromEnd ? [...lives].reverse() : lives) {
    await session.breathe()
    const { events, lostAtEnd } = target.life(history)
    const wanted = events.filter(filter.of(target))
    if (isReverse) wanted.reverse()
    const shown = fromEnd ? wanted.slice(-left || wanted.length) : wanted.slice(0, left)
    left -= shown.length
    const row = {
      ...historyRow(target, history),
      lostAtEnd: lostAtEnd?.lost ?? 0,
      notShown: events.length - shown.length,
      events: shown.map((event) => eventRow(target, history, event)),
    }
    if (fromEnd) rows.push(row)
    else array.add(row)
  }
  for (const row of rows.reverse()) array.add(row)
  array.end()
}
