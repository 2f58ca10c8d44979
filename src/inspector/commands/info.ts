// info: what the image holds, in tables.

import type { Image, List } from '../../image/image.ts'
import { wallTime } from '../../image/wall-time.ts'
import { type Json, JsonArray } from '../print/json.ts'
import { shownName } from '../print/name.ts'
import { formatTable } from '../print/table.ts'
import type { Session } from '../session.ts'
import type { Target } from '../target.ts'
import { ANOMALIES } from './check.ts'
import type { Command } from './command.ts'
import { JSON_OPTION } from './filters.ts'
import { eachTarget, tellProblems } from './images.ts'
import { INFO_EVENT, INFO_FRAME } from './info-event.ts'
import { HISTORIES } from './info-histories.ts'
import { QUIET_INFO } from './info-left-out.ts'
import { OBJECT } from './info-object.ts'
import { completeOptions, optionHelp, parseOptions } from './options.ts'
import { PATHS } from './paths.ts'
import { listRow, threadRow, verbRow } from './rows.ts'
import { currentThread } from './thread.ts'
import { hostClockText } from './time.ts'

const JSON_HELP = `Options:
${optionHelp([JSON_OPTION])}`

/** One that takes no argument but --json, which is an array over all images. */
const reporting = (
  command: Omit<Command, 'run' | 'help' | 'complete'>,
  show: (session: Session, target: Target) => void,
  rows: (target: Target) => readonly Json[],
): Command => ({
  ...command,
  help: `Usage: info ${command.name} [OPTION]\n\n${JSON_HELP}`,
  complete: (session, text) => completeOptions(session, text, [JSON_OPTION]) ?? [],
  async run(session, argument) {
    const { given } = parseOptions(argument, [JSON_OPTION])
    if (!given.has('json')) return eachTarget(session, (target) => show(session, target))
    session.target
    const array = new JsonArray((text) => session.out(text))
    for (const target of session.targets) for (const row of rows(target)) array.add(row)
    array.end()
  },
})

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

const LISTS = reporting(
  {
    name: 'lists',
    group: 'histories',
    line: 'Lists of histories: their windows, what they retain, what is gone.',
  },
  (session, target) => {
    if (target.lists.length === 0) session.out('No lists.\n')
    else session.out(listTable(session, target.lists))
    tellProblems(session, target.image)
  },
  (target) => target.lists.map((each) => listRow(target, each)),
)

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
      loggingOf(list),
    ]),
    session.sheeting,
  )
}

/** `on`, `on, auto`, `on, 1%`: of the objects. */
function loggingOf({ enabled, autoLog, sample }: List): string {
  if (!enabled) return 'off'
  const share = sample < 1 ? `, ${Number((sample * 100).toPrecision(3))}%` : ''
  return `on${autoLog ? ', auto' : ''}${share}`
}

const THREAD_COLUMNS = [
  { title: 'Id', right: true },
  { title: 'Name' },
  { title: 'Pid', right: true },
  { title: 'Tid', right: true },
  { title: 'Runtime' },
  { title: 'Joined', right: true },
]

const THREADS = reporting(
  {
    name: 'threads',
    group: 'status',
    line: 'Threads that joined the recorder; * marks the current.',
  },
  (session, target) => {
    const threads = target.image.threads()
    if (threads.length === 0) return session.out('No threads.\n')
    const current = currentThread(target)?.number
    const rows = threads.map((thread) => [
      thread.number === current ? `* ${thread.number}` : thread.number,
      thread.name,
      thread.pid,
      thread.tid,
      thread.runtime,
      thread.joined,
    ])
    session.out(formatTable(THREAD_COLUMNS, rows, session.sheeting))
  },
  (target) => target.image.threads().map((each) => threadRow(target, each)),
)

const VERBS = reporting(
  { name: 'verbs', group: 'histories', line: 'Verbs and what they do to the object.' },
  (session, target) =>
    session.out(
      formatTable(
        [
          { title: 'Num', right: true },
          { title: 'Name' },
          { title: 'Role' },
          { title: 'Pin' },
          { title: 'Logging' },
        ],
        target.image
          .verbs()
          .map(({ id, name, role, pin, enabled }) => [
            id,
            name,
            role,
            pin ? 'y' : 'n',
            enabled ? 'on' : 'off',
          ]),
        session.sheeting,
      ),
    ),
  (target) => target.image.verbs().map((each) => verbRow(target, each)),
)

const STATS = reporting(
  { name: 'stats', group: 'status', line: 'Counters of the recorder, none hidden.' },
  (session, target) => {
    const rows = Object.entries(target.image.stats()).map(([name, value]) => [name, String(value)])
    session.out(
      formatTable([{ title: 'Counter' }, { title: 'Value', right: true }], rows, session.sheeting),
    )
  },
  (target) => [{ image: target.image.source, ...target.image.stats() }],
)

const TARGET: Command = {
  name: 'target',
  aliases: ['files'],
  group: 'files',
  line: 'The opened images.',
  help: `Usage: info target [OPTION]\n\n${JSON_HELP}`,
  complete: (session, text) => completeOptions(session, text, [JSON_OPTION]) ?? [],
  run(session, argument) {
    const { given } = parseOptions(argument, [JSON_OPTION])
    if (given.has('json')) {
      const array = new JsonArray((text) => session.out(text))
      for (const each of session.targets) array.add(targetRow(session, each))
      return array.end()
    }
    if (session.targets.length === 0) session.out('No image is open.\n')
    for (const target of session.targets) {
      const { image } = target
      const mark = target === session.scope.target ? '*' : ' '
      session.out(
        [
          `${mark} ${image.source}: recorder "${shownName(image.name)}", pid ${image.pid}`,
          `    started ${time(image.started)}${image.host === '' ? '' : ` on ${shownName(image.host)}`}, ${isOutOfLog(image) ? 'out of a log' : `format ${image.formatVersion}`}`,
          ...(image.hostClock === undefined ? [] : [`    ${hostClockText(image.hostClock)}`]),
          image.coarse && !isOutOfLog(image)
            ? `    coarse clock: times are about a millisecond old; last tick at t = ${image.lastTick}`
            : isOutOfLog(image)
              ? `    its clock may be a coarse one; last heard of at t = ${image.lastTick}`
              : '    precise clock',
          ...(target.found?.description ?? []).map((each) => `    ${shownName(each)}`),
          ...(isOutOfLog(image)
            ? []
            : [
                `    ${size(image.size)} of ${size(image.budget)} used, at 0x${image.base.toString(16)}`,
              ]),
          '',
        ].join('\n'),
      )
      for (const each of target.found?.warnings ?? []) session.out(`- ${shownName(each)} -\n`)
      tellProblems(session, image)
    }
  },
}

/** No format: it was read out of lines, and has no bytes. */
const isOutOfLog = ({ formatVersion }: Image): boolean => formatVersion === 0

const targetRow = (session: Session, target: Target): Json => {
  const { image } = target
  return {
    image: image.source,
    current: target === session.scope.target,
    recorder: image.name,
    pid: image.pid,
    host: image.host,
    started: wallTime(image, 0) || null,
    format: image.formatVersion,
    hostClock: image.hostClock ? { ...image.hostClock } : null,
    uncertainty: image.uncertainty,
    coarse: image.coarse,
    lastTick: image.lastTick,
    base: `0x${image.base.toString(16)}`,
    size: image.size,
    budget: image.budget,
    ...(target.found !== undefined && {
      description: [...target.found.description],
      warnings: [...target.found.warnings],
    }),
    problems: image.problems().map(({ text }) => text),
  }
}

function time(started: number): string {
  const date = new Date(started)
  return Number.isNaN(date.getTime()) ? `at ${started}` : date.toISOString()
}

export const INFO: Command = {
  name: 'info',
  aliases: ['i', 'inf'],
  group: 'status',
  line: 'Show things about the opened images.',
  sub: [
    LISTS,
    HISTORIES,
    THREADS,
    VERBS,
    STATS,
    TARGET,
    OBJECT,
    ANOMALIES,
    PATHS,
    INFO_EVENT,
    INFO_FRAME,
    ...QUIET_INFO,
  ],
}
