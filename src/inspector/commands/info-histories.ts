// info histories: which objects there are, filtered, sorted, and no more of them than are asked for.

import { counted } from '../../image/counted.ts'
import type { History, List } from '../../image/image.ts'
import { toInteger } from '../language/values.ts'
import { CommandError } from '../messages.ts'
import { JsonArray } from '../print/json.ts'
import { hiddenLine, loggedTo, lossSummary, stateOf } from '../print/record.ts'
import { tableLines } from '../print/table.ts'
import type { Session } from '../session.ts'
import { noList } from '../symbols.ts'
import type { Target } from '../target.ts'
import type { Command } from './command.ts'
import { completeList } from './complete.ts'
import { JSON_OPTION, LIFE_OPTION, lifePattern } from './filters.ts'
import { eachTarget, tellProblems } from './images.ts'
import {
  completeBehind,
  countOf,
  type Option,
  type Options,
  optionHelp,
  parseOptionsAround,
} from './options.ts'
import { historyRow } from './rows.ts'

const ORDERS = ['age', 'events', 'last', 'object', 'refs'] as const
type Order = (typeof ORDERS)[number]

const OPTIONS: readonly Option[] = [
  { name: 'live', line: 'Only those that have refs and have not ended.' },
  { name: 'ended', line: 'Only those that have ended.' },
  { name: 'released', line: 'Only those without refs that have not ended.' },
  { name: 'pinned', line: 'Only those that refs hold beyond the window.' },
  { name: 'lost', line: 'Only those of which events are lost.' },
  LIFE_OPTION,
  {
    name: 'object',
    value: 'RANGE',
    line: 'Only objects of this range: A-B, both included, or A,+N.',
  },
  {
    name: 'by',
    value: 'ORDER',
    line: 'events, refs: most first; age: oldest first; last: latest first; object.',
    offers: () => ORDERS,
  },
  { name: 'reverse', line: 'The other way round.' },
  { name: 'max', value: 'N', line: 'At most N.' },
  JSON_OPTION,
]

const COLUMNS = [
  { title: 'Handle', right: true },
  { title: 'Object' },
  { title: 'Events', right: true },
  { title: 'Ref', right: true },
  { title: 'State' },
  { title: 'Lost' },
  { title: 'Created', right: true },
  { title: 'Thread' },
  { title: 'List' },
]

const cells = (history: History): (string | number)[] => [
  `#${history.handle}`,
  history.objectText,
  loggedTo(history),
  history.ref,
  stateOf(history),
  lossSummary(history).replace('nothing lost', '-'),
  history.created,
  history.thread,
  history.list.name,
]

export const HISTORIES: Command = {
  name: 'histories',
  group: 'histories',
  line: 'Retained histories, oldest first: of LIST, or of all lists.',
  help: `Usage: info histories [OPTION]... [LIST]

Of -live, -ended and -released, one must be true; every other option besides.

Options, also behind LIST:
${optionHelp(OPTIONS)}

Examples:
  info histories TCP con
  info histories -live -by refs -max 10
  info histories -ended -by last TCP con
  info histories -object 0x7f95acf6ea00-0x7f95acf6eaff`,
  complete: (session, text) => completeBehind(session, text, OPTIONS, completeList),
  async run(session, argument) {
    session.target
    const options = parseOptionsAround(argument, OPTIONS)
    const list = listsNamed(session, options.rest)
    const wanted = filterOf(session, options)
    const compare = orderOf(options)
    const max = countOf(session, options, 'max') ?? Number.POSITIVE_INFINITY
    const array = options.given.has('json') && new JsonArray((text) => session.out(text))
    const show = async (target: Target): Promise<void> => {
      const chosen = await choose(session, list(target), wanted)
      const sorted = await compare(session, chosen)
      const shown = sorted.slice(0, max)
      if (array) for (const each of shown) array.add(historyRow(target, each))
      else await table(session, target, shown, sorted.length)
    }
    if (array) for (const each of session.targets) await show(each)
    else await eachTarget(session, show)
    if (array) array.end()
  },
}

async function table(
  session: Session,
  target: Target,
  shown: readonly History[],
  count: number,
): Promise<void> {
  const rows: (string | number)[][] = []
  for (const history of shown) {
    await session.breathe()
    rows.push(cells(history))
  }
  if (count === 0) session.out('No histories.\n')
  if (rows.length > 0) {
    for (const line of tableLines(COLUMNS, rows, session.sheeting)) {
      await session.breathe()
      session.out(line)
    }
  }
  const hidden = count - shown.length
  if (hidden > 0) session.out(`${hiddenLine(counted(hidden, 'history', 'histories'))}\n`)
  tellProblems(session, target.image)
}

/** A list that no open image has is a mistake; one that only some have is none. */
function listsNamed(session: Session, argument: string): (target: Target) => readonly List[] {
  if (argument === '') return (target) => target.lists
  const name = /^"(.*)"$/.exec(argument)?.[1] ?? argument
  const found = (target: Target): readonly List[] =>
    target.lists.filter((each) => each.name === name)
  if (session.targets.every((each) => found(each).length === 0)) throw noList(session.target, name)
  return found
}

async function choose(
  session: Session,
  lists: readonly List[],
  wanted: (history: History) => boolean,
): Promise<History[]> {
  const chosen: History[] = []
  for (const list of lists) {
    for (const history of list.histories()) {
      await session.breathe()
      if (wanted(history)) chosen.push(history)
    }
  }
  return chosen
}

function filterOf(session: Session, { given }: Options): (history: History) => boolean {
  const states = ['live', 'ended', 'released'].filter((each) => given.has(each))
  const range = given.get('object')
  const life = lifePattern(given.get('life')?.text)
  const isInRange = range === undefined ? () => true : rangeOf(session, range.text)
  return (history) =>
    (states.length === 0 || states.includes(stateOf(history).replace(', pinned', ''))) &&
    (!given.has('pinned') || history.pinned) &&
    isInRange(history.object) &&
    (!given.has('lost') || history.gaps().length > 0) &&
    (life === undefined || life.match(history.events()).isMatch)
}

const NUMBERS = /^(0x[0-9a-f]+|\d+)-(0x[0-9a-f]+|\d+)$/i

/** `A-B`, `A,B`, `A,+N` and `A` alone. Strings are in no range. */
function rangeOf(session: Session, text: string): (object: History['object']) => boolean {
  const number = (word: string): bigint => toInteger(session.evaluate(word))
  const [, first, last] = NUMBERS.exec(text) ?? /^(.*?),(.+)$/s.exec(text) ?? [text, text, text]
  const from = number(first as string)
  const end = number((last as string).replace(/^\+/, ''))
  const to = last?.startsWith('+') ? from + end - 1n : end
  return (object) => typeof object !== 'string' && from <= object && object <= to
}

type Sorted = (session: Session, histories: readonly History[]) => Promise<readonly History[]>

function orderOf({ given }: Options): Sorted {
  const isReverse = given.has('reverse')
  const order = given.get('by')?.text
  const found = ORDERS.filter((each) => order !== undefined && each.startsWith(order))
  if (order !== undefined && found.length !== 1) {
    throw new CommandError(
      found.length === 0 || order === ''
        ? `Undefined item: "${order}".`
        : `Ambiguous item "${order}".`,
    )
  }
  const [by] = found
  return async (session, histories) => {
    const keyed: { history: History; key: number | bigint | string }[] = []
    for (const history of histories) {
      await session.breathe()
      keyed.push({ history, key: by === undefined ? 0 : keyOf(history, by) })
    }
    if (by !== undefined) keyed.sort((one, other) => compared(one.key, other.key))
    const sorted = keyed.map(({ history }) => history)
    return isReverse ? sorted.reverse() : sorted
  }
}

/** What comes first has the least key. */
function keyOf(history: History, by: Order): number | bigint | string {
  switch (by) {
    case 'age':
      return history.created
    case 'events':
      return -loggedTo(history)
    case 'last':
      return -(history.events().at(-1)?.last ?? history.created)
    case 'object':
      return history.object
    case 'refs':
      return -history.ref
  }
}

/** Numbers first, then strings. */
function compared(one: number | bigint | string, other: number | bigint | string): number {
  const isText = typeof one === 'string'
  if (isText !== (typeof other === 'string')) return isText ? 1 : -1
  return one < other ? -1 : one > other ? 1 : 0
}
