// info: what the image holds, in tables.

import type { History, Image, List } from '../../image/image.ts'
import { shownName } from '../print/name.ts'
import { loggedTo, lossSummary, stateOf } from '../print/record.ts'
import { formatTable, tableLines } from '../print/table.ts'
import type { Session } from '../session.ts'
import { noList } from '../symbols.ts'
import type { Target } from '../target.ts'
import type { Command } from './command.ts'
import { completeList } from './complete.ts'
import { QUIET_INFO } from './info-left-out.ts'

/** Runs once for each open image, with its name above where there are several. */
async function each(
  session: Session,
  show: (target: Target) => void | Promise<void>,
): Promise<void> {
  const several = session.targets.length > 1
  session.target
  for (const target of session.targets) {
    if (several) session.out(`${target.image.source}:\n`)
    await show(target)
  }
}

const size = (bytes: number): string => {
  const units = ['bytes', 'KiB', 'MiB', 'GiB']
  let amount = bytes
  let unit = 0
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024
    unit++
  }
  return `${Number.isInteger(amount) ? amount : amount.toFixed(1)} ${units[unit]}`
}

const LISTS: Command = {
  name: 'lists',
  group: 'histories',
  line: 'Lists of histories: their windows, what they retain, what is gone.',
  run: (session) =>
    each(session, (target) => {
      const lists = target.image.lists()
      if (lists.length === 0) session.out('No lists.\n')
      else session.out(listTable(session, lists))
      problems(session, target.image)
    }),
}

function listTable(session: Session, lists: readonly List[]): string {
  return formatTable(
    [
      { title: 'Num', right: true },
      { title: 'Name' },
      { title: 'Histories', right: true },
      { title: 'Window', right: true },
      { title: 'Pushed', right: true },
      { title: 'Evicted', right: true },
      { title: 'Events gone', right: true },
      { title: 'Logging' },
    ],
    lists.map((list) => [
      list.number,
      list.name,
      list.histories().length,
      list.window === 0 ? 'all' : list.window,
      list.pushed,
      list.evictedByWindow + list.evictedByBudget + list.evictedPinned,
      list.eventsGone,
      list.enabled ? (list.autoLog ? 'on, auto' : 'on') : 'off',
    ]),
    session.sheeting,
  )
}

const HISTORIES: Command = {
  name: 'histories',
  group: 'histories',
  line: 'Retained histories, oldest first: of LIST, or of all lists.',
  help: 'Usage: info histories [LIST]',
  complete: completeList,
  run: (session, argument) =>
    each(session, async (target) => {
      const lists = argument === '' ? target.image.lists() : [listNamed(target, argument)]
      const rows: (string | number)[][] = []
      for (const list of lists) {
        for (const history of list.histories()) {
          await session.breathe()
          rows.push(historyRow(history))
        }
      }
      if (rows.length === 0) session.out('No histories.\n')
      else
        for (const line of tableLines(HISTORY_COLUMNS, rows, session.sheeting)) {
          await session.breathe()
          session.out(line)
        }
      problems(session, target.image)
    }),
}

const HISTORY_COLUMNS = [
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

const historyRow = (history: History): (string | number)[] => [
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

function listNamed(target: Target, argument: string): List {
  const name = /^"(.*)"$/.exec(argument)?.[1] ?? argument
  const list = target.image.list(name)
  if (list === undefined) throw noList(target, name)
  return list
}

const THREADS: Command = {
  name: 'threads',
  group: 'status',
  line: 'Threads that joined the recorder.',
  run: (session) =>
    each(session, (target) => {
      const threads = target.image.threads()
      if (threads.length === 0) session.out('No threads.\n')
      else {
        session.out(
          formatTable(
            [
              { title: 'Id', right: true },
              { title: 'Name' },
              { title: 'Pid', right: true },
              { title: 'Tid', right: true },
              { title: 'Runtime' },
              { title: 'Joined', right: true },
            ],
            threads.map((thread) => [
              thread.number,
              thread.name,
              thread.pid,
              thread.tid,
              thread.runtime,
              thread.joined,
            ]),
            session.sheeting,
          ),
        )
      }
    }),
}

const VERBS: Command = {
  name: 'verbs',
  group: 'histories',
  line: 'Verbs and what they do to the object.',
  run: (session) =>
    each(session, (target) => {
      session.out(
        formatTable(
          [{ title: 'Num', right: true }, { title: 'Name' }, { title: 'Role' }, { title: 'Pin' }],
          target.image.verbs().map((verb) => [verb.id, verb.name, verb.role, verb.pin ? 'y' : 'n']),
          session.sheeting,
        ),
      )
    }),
}

const STATS: Command = {
  name: 'stats',
  group: 'status',
  line: 'Counters of the recorder, none hidden.',
  run: (session) =>
    each(session, (target) => {
      const rows = Object.entries(target.image.stats()).map(([name, value]) => [
        name,
        String(value),
      ])
      session.out(
        formatTable(
          [{ title: 'Counter' }, { title: 'Value', right: true }],
          rows,
          session.sheeting,
        ),
      )
    }),
}

const TARGET: Command = {
  name: 'target',
  aliases: ['files'],
  group: 'files',
  line: 'The opened images.',
  run(session) {
    if (session.targets.length === 0) session.out('No image is open.\n')
    for (const target of session.targets) {
      const { image } = target
      const mark = target === session.scope.target ? '*' : ' '
      session.out(
        [
          `${mark} ${image.source}: recorder "${shownName(image.name)}", pid ${image.pid}`,
          `    started ${time(image.started)}, format ${image.formatVersion}`,
          image.coarse
            ? `    coarse clock: times are about a millisecond old; last tick at t = ${image.lastTick}`
            : '    precise clock',
          `    ${size(image.size)} of ${size(image.budget)} used, at 0x${image.base.toString(16)}`,
          '',
        ].join('\n'),
      )
      problems(session, image)
    }
  },
}

function time(started: number): string {
  const date = new Date(started)
  return Number.isNaN(date.getTime()) ? `at ${started}` : date.toISOString()
}

/** What could not be believed is said wherever it may matter. */
function problems(session: Session, image: Image): void {
  for (const problem of image.problems()) session.out(`- ${shownName(problem.text)} -\n`)
}

export const INFO: Command = {
  name: 'info',
  aliases: ['i', 'inf'],
  group: 'status',
  line: 'Show things about the opened images.',
  sub: [LISTS, HISTORIES, THREADS, VERBS, STATS, TARGET, ...QUIET_INFO],
}
