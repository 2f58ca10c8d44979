// event: one event is current, as one frame is in gdb; this chooses it.

import type { Event } from '../../image/image.ts'
import { CommandError } from '../messages.ts'
import { shownName } from '../print/name.ts'
import { lifeName, marksOf } from '../print/record.ts'
import type { Place } from '../selection.ts'
import type { Session } from '../session.ts'
import type { Target } from '../target.ts'
import type { Command } from './command.ts'
import { completeObject } from './complete.ts'
import { eventNamed } from './objects.ts'

/** Shows an event as a value and makes it the current one. */
export function showEvent(session: Session, target: Target, place: Place): void {
  const { history, position, event } = place
  const value = target.eventValue(history, position)
  session.select(target, place)
  session.record(value, session.printOptions(), `${marksOf(event)}\n`)
}

/** `Event 4 of TCP con 0x10 #33554434, by tcp worker 1`. */
export function showWithHead(session: Session, target: Target, place: Place): void {
  session.out(`${eventHead(place)}\n`)
  showEvent(session, target, place)
}

export const eventHead = ({ history, event }: Place): string =>
  `Event ${event.index} of ${lifeName(history)}, by ${shownThread(event)}`

const shownThread = ({ thread }: Event): string => shownName(thread)

/** Of a thread that was chosen. It is no error: "thread apply all event" goes on to the next. */
export const NOTHING_LEFT = 'Nothing is left of what this thread logged.\n'

export const EVENT: Command = {
  name: 'event',
  group: 'histories',
  isNew: true,
  line: 'Select and print an event, as "frame" does a stack frame.',
  help: `Usage: event [INDEX | OBJ [INDEX] | #HANDLE [INDEX] | EXP]

Without argument, the current event.  INDEX is an event of the current life, by
its number: the one that "- 37 events lost (#1-#37) -" and "history -v" tell;
a negative one counts from the end.  OBJ alone is the last event of its latest
life.  EXP is an event: $5, $sh->actions[2].

The current event is $_event, its life $_history, its list $_list, its thread
$_thread; its fields and those of its life need no name before them: "p log",
"p t", "p ref".  A verb or a function of that name comes first.

Examples:
  event 0x7f95acf6ea60 2
  event 0
  event -1
  event $1
  p log
  p $_history->len`,
  complete: completeObject,
  run(session, argument) {
    const { chosenThread, place: current } = session.target.selection
    if (argument === '' && chosenThread !== undefined && current === undefined) {
      session.out(NOTHING_LEFT)
      return
    }
    const { target, place } = eventNamed(session, argument)
    showWithHead(session, target, place)
  },
}

/** gdb's word for it; what gdb says where there is no program is said where no event is selected. */
export const FRAME: Command = {
  name: 'frame',
  aliases: ['f'],
  group: 'histories',
  line: 'The same as "event".',
  help: 'Usage: frame [INDEX | OBJ [INDEX] | #HANDLE [INDEX] | EXP]',
  complete: completeObject,
  run(session, argument) {
    const place = session.scope.target?.selection.place
    if (place === undefined && argument === '') throw new CommandError(NO_STACK)
    if (session.scope.target === undefined) throw new CommandError(NO_STACK)
    return EVENT.run?.(session, argument)
  },
}

export const NO_STACK = 'No stack.'

export const BACKTRACE: Command = {
  name: 'backtrace',
  aliases: ['bt', 'where'],
  group: 'histories',
  line: 'Print the stack that logged the current event.',
  help: `Usage: backtrace

A list made with "backtrace" keeps a stack for each event.`,
  run(session) {
    const { backtrace } = session.scope.target?.selection.place?.event ?? {}
    if (backtrace === undefined) throw new CommandError(NO_STACK)
    for (const [level, line] of backtrace.split('\n').entries()) {
      session.out(`#${String(level).padEnd(2)} ${shownName(line.replace(/^\s*at /, ''))}\n`)
    }
  },
}
