// next, previous, step: from the current event to another, along its life or along its thread.

import type { Event } from '../../image/image.ts'
import { toInteger } from '../language/values.ts'
import { CommandError, NOT_RUNNING } from '../messages.ts'
import { shownName } from '../print/name.ts'
import { lifeName, lossLine } from '../print/record.ts'
import type { Place } from '../selection.ts'
import type { Session } from '../session.ts'
import type { Target } from '../target.ts'
import { threadOf } from '../threads.ts'
import { timelineOf } from '../timeline.ts'
import type { Command } from './command.ts'
import { showEvent, showWithHead } from './event.ts'
import { FILTERS, filterOf } from './filters.ts'
import { completeOptions, type Option, optionHelp, parseOptions } from './options.ts'

const THREAD_FLAG: Option = { name: 'thread', line: 'Of this thread, in whatever history.' }
const STEP_OPTIONS: readonly Option[] = [
  THREAD_FLAG,
  ...FILTERS.filter(({ name }) => name === 'verb' || name === 'grep'),
]

interface Direction {
  readonly isAfter: boolean
  /** What gdb says where no program runs. */
  readonly refusal: string
  readonly isThread: boolean
}

const NO_REVERSE = 'Target None does not support this command.'

async function go(session: Session, argument: string, direction: Direction): Promise<void> {
  const { target } = session.scope
  if (target === undefined) throw new CommandError(direction.refusal)
  const { given, rest } = parseOptions(argument, STEP_OPTIONS)
  const count = rest === '' ? 1 : Number(toInteger(session.evaluate(rest)))
  if (count === 0) return
  const isThread = direction.isThread || given.has('thread')
  const chosen = new Map([...given].filter(([name]) => name !== 'thread'))
  const filter = filterOf(session, { given: chosen })
  const steps = {
    target,
    place: target.selection.event,
    count: Math.abs(count),
    isAfter: direction.isAfter === count > 0,
    wanted: filter.of(target),
    isFiltered: !filter.isIdle,
  }
  if (isThread) await alongThread(session, steps)
  else await alongLife(session, steps)
}

interface Steps {
  readonly target: Target
  readonly place: Place
  readonly count: number
  readonly isAfter: boolean
  readonly wanted: (event: Event) => boolean
  readonly isFiltered: boolean
}

/** As gdb's "up 100": as far as there is something, and an error only where there is nothing at all. */
async function alongLife(session: Session, steps: Steps): Promise<void> {
  const { target, place, isAfter, wanted } = steps
  const { history } = place
  const { events, lostAtEnd } = target.life(history)
  const losses: string[] = []
  let left = steps.count
  let found: Place | undefined
  let { position } = place
  while (left > 0) {
    await session.breathe()
    const leaving = events[position]
    position += isAfter ? 1 : -1
    const event = events[position]
    const across = isAfter ? (event ?? lostAtEnd) : leaving
    if (across !== undefined && across.lost > 0) losses.push(`${lossLine(across)}\n`)
    if (event === undefined) break
    if (!wanted(event)) continue
    left--
    found = { history, position, event }
  }
  session.out(losses.join(''))
  if (found === undefined) throw noFurther(steps, lifeName(history), laterLife(steps))
  showEvent(session, target, found)
}

/** The object's next life, or the one before. */
function laterLife({ target, place: { history }, isAfter }: Steps): string {
  const lives = target.image.find(history.object)
  const at = lives.findIndex(({ handle }) => handle === history.handle)
  const other = lives[isAfter ? at + 1 : at - 1]
  if (at < 0 || other === undefined) return ''
  return `  ${isAfter ? 'A later' : 'An earlier'} life is #${other.handle}.`
}

async function alongThread(session: Session, steps: Steps): Promise<void> {
  const { target, place, isAfter, wanted } = steps
  const number = target.selection.chosenThread?.number ?? threadOf(target, place.event)?.number
  if (number === undefined) throw new CommandError('No thread selected')
  const timeline = await timelineOf(target, () => session.breathe())
  const rows = timeline.ofThread(number)
  let at = rows.indexOf(timeline.rowOf(place))
  let left = steps.count
  let found: Place | undefined
  while (left > 0) {
    await session.breathe()
    at += isAfter ? 1 : -1
    const row = rows[at]
    if (row === undefined) break
    const next = timeline.place(row)
    if (!wanted(next.event)) continue
    left--
    found = next
  }
  const name = shownName(place.event.thread)
  if (found === undefined) throw noFurther(steps, `thread ${number} (${name})`, '')
  if (found.history.handle === place.history.handle) showEvent(session, target, found)
  else showWithHead(session, target, found)
  target.selection.chooseThread(
    target.selection.chosenThread ?? threadOf(target, found.event),
    found,
  )
}

function noFurther({ isAfter, isFiltered }: Steps, name: string, hint: string): CommandError {
  const way = isAfter ? 'next' : 'previous'
  if (isFiltered) return new CommandError(`No ${way} event of ${name} matches.${hint}`)
  const which = isAfter ? 'Last' : 'First'
  return new CommandError(
    `${which} event of ${name} selected; you cannot go to a ${way} one.${hint}`,
  )
}

const stepHelp = (name: string, way: string): string => `Usage: ${name} [OPTION]... [N]

${way}
As it is shown, it becomes the current event.  N goes on N times, or as far as
there are events.

Options:
${optionHelp(STEP_OPTIONS)}

Examples:
  event 0x7f95acf6ea60 0`

const complete = (session: Session, text: string): readonly string[] =>
  completeOptions(session, text, STEP_OPTIONS) ?? []

export const NEXT: Command = {
  name: 'next',
  aliases: ['n'],
  group: 'histories',
  line: 'Select and print the next event of this object, or of this thread.',
  help: `${stepHelp('next', 'The event after the current one in its life; with -thread, the one that the same\nthread logged next, in whatever history.')}
  next
  next -verb TCP_UNREF
  next -thread`,
  complete,
  run: (session, argument) =>
    go(session, argument, { isAfter: true, isThread: false, refusal: NOT_RUNNING }),
}

export const PREVIOUS: Command = {
  name: 'previous',
  group: 'histories',
  isNew: true,
  line: 'Select and print the previous event of this object, or of this thread.',
  help: `${stepHelp('previous', 'The event before the current one in its life; with -thread, the one that the same\nthread logged before, in whatever history.')}
  next 4
  previous
  previous -thread`,
  complete,
  run: (session, argument) =>
    go(session, argument, { isAfter: false, isThread: false, refusal: NO_REVERSE }),
}

const alias = (name: string, short: string, line: string, direction: Direction): Command => ({
  name,
  aliases: [short],
  group: 'histories',
  line,
  help: `Usage: ${name} [OPTION]... [N]`,
  complete,
  run: (session, argument) => go(session, argument, direction),
})

/** gdb's words for the same ways: "next" stays in this object, "step" follows the thread into the others. */
export const STEPS: readonly Command[] = [
  alias('step', 's', 'The same as "next -thread".', {
    isAfter: true,
    isThread: true,
    refusal: NOT_RUNNING,
  }),
  alias('reverse-next', 'rn', 'The same as "previous".', {
    isAfter: false,
    isThread: false,
    refusal: NO_REVERSE,
  }),
  alias('reverse-step', 'rs', 'The same as "previous -thread".', {
    isAfter: false,
    isThread: true,
    refusal: NO_REVERSE,
  }),
]
