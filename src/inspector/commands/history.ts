// history OBJ: the whole life of an object, event by event, each a value that can be used again.

import type { Event, History } from '../../image/image.ts'
import { toInteger, Value } from '../language/values.ts'
import { CommandError } from '../messages.ts'
import { headLine, lossLine, marksOf, whereLines } from '../print/record.ts'
import type { Session } from '../session.ts'
import { livesOf, noHandle, noHistory, objectOf } from '../symbols.ts'
import type { Target } from '../target.ts'
import type { Command } from './command.ts'
import { completeObject } from './complete.ts'

export interface Life {
  readonly target: Target
  readonly history: History
}

/** The lives that an argument names: `#HANDLE`, a string object as it is, or an expression. Oldest first. */
export function livesNamed(session: Session, argument: string): readonly Life[] {
  const text = argument.trim()
  if (text === '') throw new CommandError('Argument required (an object, or #HANDLE).')
  if (session.targets.length === 0) session.target
  if (text.startsWith('#')) return [byHandle(session, text.slice(1))]
  const literal = everywhere(session, text)
  if (literal.length > 0) return literal
  const value = evaluated(session, text)
  const { type } = value
  if (type.kind === 'pointer' && type.target.kind === 'struct') {
    const history = session.target.historyAt(toInteger(value))
    if (history !== undefined) return [{ target: session.target, history }]
  }
  const object = objectOf(value, session.target)
  const found = everywhere(session, object)
  if (found.length > 0) return found
  const sources = session.targets.map((each) => each.image.source).join(', ')
  throw noHistory(object, sources)
}

/** A word that is no expression can only be a string object that is not there. */
function evaluated(session: Session, text: string): Value {
  try {
    return session.evaluate(text)
  } catch (error) {
    if (!(error instanceof CommandError) || /^[$"(*&]|^\d+$/.test(text)) throw error
    throw noHistory(text, session.targets.map((each) => each.image.source).join(', '))
  }
}

function everywhere(session: Session, object: number | bigint | string): readonly Life[] {
  return session.targets.flatMap((target) =>
    livesOf(target, object).map((history) => ({ target, history })),
  )
}

function byHandle(session: Session, text: string): Life {
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(text)) {
    throw new CommandError(`Not a handle: "#${text}".  A handle is a number, such as #16777217.`)
  }
  for (const target of session.targets) {
    const history = target.image.history(Number(text))
    if (history !== undefined) return { target, history }
  }
  throw noHandle(session.target, Number(text))
}

/** The value of one event: it stands in memory, so `p &$1` and `p $1.log` work on it. */
export function actionValue(target: Target, history: History, index: number): Value {
  const type = target.structures.action
  const origin = target.actionsOf(history)
  const address = origin + BigInt(index * type.size)
  return new Value(type, undefined, { kind: 'memory', memory: target, address, origin })
}

export async function showLife(
  session: Session,
  { target, history }: Life,
  wanted: (event: Event) => boolean = () => true,
  isVerbose = false,
): Promise<number> {
  const { events } = target.life(history)
  session.out(`${headLine(history, events)}\n`)
  const all = history.events()
  let index = 0
  let shown = 0
  for (const event of all) {
    await session.breathe()
    if (event.lost > 0) session.out(`${lossLine(event)}\n`)
    if (event.verb === '') continue
    if (wanted(event)) {
      shown++
      const value = actionValue(target, history, index)
      session.record(value, session.printOptions(), `${marksOf(event)}\n`)
      if (isVerbose) session.out(whereLines(event))
    }
    index++
  }
  return shown
}

export const HISTORY: Command = {
  name: 'history',
  group: 'histories',
  line: 'Print the whole life of an object.',
  help: `Usage: history [-v] OBJ | history [-v] #HANDLE

OBJ is the object as it was pushed: an address, a number, a string or an
expression.  Every life that the image retains is shown, oldest first; every
event becomes a value: $1, $2 ...  Events that are missing are counted where
they are missing; events after the end of a life are marked.  "× 40" after an
event: it was logged so many times in a row, in a list made with "coalesce".

Examples:
  history 0x7f95acf6ea60
  history #16777217
  history $sh

With -v, each event also tells its thread's name, the times of the first and
the last of its repeats, and its stack where the list was made with "backtrace".`,
  complete: completeObject,
  async run(session, argument) {
    const [, verbose, named] = /^\s*(-v\s+)?([\s\S]*)$/.exec(argument) ?? []
    for (const life of livesNamed(session, named ?? '')) {
      session.scope.target = life.target
      await showLife(session, life, undefined, verbose !== undefined)
    }
  },
}
