// find TEXT: events by what they say.

import type { Event } from '../../image/image.ts'
import { CommandError } from '../messages.ts'
import { headLine, marksOf } from '../print/record.ts'
import type { Session } from '../session.ts'
import type { Target } from '../target.ts'
import type { Command } from './command.ts'
import { actionValue } from './history.ts'

async function findIn(
  session: Session,
  target: Target,
  matches: (event: Event) => boolean,
): Promise<number> {
  let found = 0
  for (const list of target.image.lists()) {
    for (const history of list.histories()) {
      await session.breathe()
      let index = -1
      let first = true
      for (const event of history.events()) {
        if (event.verb === '') continue
        index++
        if (!matches(event)) continue
        found++
        if (first) session.out(`${headLine(history, target.life(history).events)}\n`)
        first = false
        const value = actionValue(target, history, index)
        session.record(value, session.printOptions(), `${marksOf(event)}\n`)
      }
    }
  }
  return found
}

export const FIND: Command = {
  name: 'find',
  group: 'histories',
  line: 'Find events by verb or text, in all histories.',
  help: `Usage: find TEXT | find /REGEXP/

TEXT is looked for in the text of each event and in the name of its verb.
Unlike gdb's "find", which searches memory.

Examples:
  find tcp_conn_get
  find /send [0-9]+, \\(0\\)/`,
  async run(session, argument) {
    if (argument === '') throw new CommandError('Argument required (text to find in events).')
    const pattern = /^\/(.+)\/$/s.exec(argument)?.[1]
    const matches = pattern === undefined ? byText(argument) : byPattern(pattern)
    let found = 0
    session.target
    for (const target of session.targets) {
      session.scope.target = target
      found += await findIn(session, target, matches)
    }
    if (found === 0) session.out('Pattern not found.\n')
    else session.out(`${found} event${found === 1 ? '' : 's'} found.\n`)
  },
}

const byText =
  (text: string) =>
  (event: Event): boolean =>
    event.log.includes(text) || event.verb.includes(text)

function byPattern(pattern: string): (event: Event) => boolean {
  try {
    const expression = new RegExp(pattern, 'u')
    return (event) => expression.test(event.log) || expression.test(event.verb)
  } catch {
    throw new CommandError(`Invalid regexp: ${pattern}`)
  }
}
