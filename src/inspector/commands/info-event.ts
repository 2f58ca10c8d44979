// info event: all about the current event, as gdb's "info frame" is about a frame.

import type { Event } from '../../image/image.ts'
import { wallTime } from '../../image/wall-time.ts'
import { CommandError } from '../messages.ts'
import { shownName } from '../print/name.ts'
import { countRoles, detailLines, lifeName, lossText, marksOf } from '../print/record.ts'
import type { Session } from '../session.ts'
import { threadOf } from '../threads.ts'
import type { Command } from './command.ts'
import { completeObject } from './complete.ts'
import { NO_STACK } from './event.ts'
import { eventNamed, type Named } from './objects.ts'
import { spanText } from './time.ts'

export const INFO_EVENT: Command = {
  name: 'event',
  group: 'histories',
  isNew: true,
  line: 'All about the current event, or about another.',
  help: `Usage: info event [EVENT]

EVENT is what "event" takes; it does not become the current one.

Examples:
  info event $1
  info event 0x7f95acf6ea60 2`,
  complete: completeObject,
  run: (session, argument) => show(session, eventNamed(session, argument)),
}

export const INFO_FRAME: Command = {
  name: 'frame',
  aliases: ['f'],
  group: 'histories',
  line: 'The same as "info event".',
  help: 'Usage: info frame [EVENT]',
  complete: completeObject,
  run(session, argument) {
    const { target } = session.scope
    if (target === undefined) throw new CommandError(NO_STACK)
    if (argument === '' && target.selection.place === undefined) throw new CommandError(NO_STACK)
    show(session, eventNamed(session, argument))
  },
}

function show(session: Session, { target, place }: Named): void {
  const { history, position, event } = place
  const { events, lostAtEnd } = target.life(history)
  const thread = threadOf(target, event)
  const number = thread === undefined ? '' : `thread ${thread.number}, `
  const clock = wallTime(target.image, event.t)
  const lines = [
    `Event ${event.index} of ${lifeName(history)}, actions[${position}]:`,
    ` verb = ${shownName(event.verb)} (${event.role})${marksOf(event)}; log = "${shownName(event.log)}"`,
    ` logged by ${shownName(event.thread)} (${number}pid ${event.pid}, tid ${event.tid})`,
    ...(event.site === undefined ? [] : [` at ${shownName(event.site)}`]),
    ` at t = ${event.t}${clock === '' ? '' : `, ${clock}`}; ${spanText(event.t - history.created)} after the object was pushed`,
    ` record at 0x${event.address.toString(16)}`,
    ` verbs so far: ${roles(events.slice(0, position + 1))}`,
  ]
  const before = events[position - 1]
  const after = events[position + 1] ?? lostAtEnd
  if (event.lost > 0) lines.push(` before it ${lossText(event)}`)
  lines.push(
    before === undefined ? ' first event that is left' : ` previous ${beside(before, event)}`,
  )
  if (after !== undefined && after.lost > 0) lines.push(` after it ${lossText(after)}`)
  const isNext = after !== undefined && after.verb !== ''
  lines.push(isNext ? ` next ${beside(after, event)}` : ' last event that is left')
  session.out(`${lines.join('\n')}\n`)
  session.out(detailLines(event))
}

function roles(events: readonly Event[]): string {
  const lost = events.reduce((sum, each) => sum + each.lost, 0)
  return `${countRoles(events)}${lost === 0 ? '' : `; ${lost} lost are not counted`}`
}

/** `event 4, 100 us later, by tcp worker 1: TCP_REF "connect"`. */
function beside(event: Event, from: Event): string {
  const span = event.t - from.t
  const when =
    span === 0
      ? 'at the same time'
      : `${spanText(Math.abs(span))} ${span > 0 ? 'later' : 'earlier'}`
  return `event ${event.index}, ${when}, by ${shownName(event.thread)}: ${shownName(event.verb)} "${shownName(event.log)}"${marksOf(event)}`
}
