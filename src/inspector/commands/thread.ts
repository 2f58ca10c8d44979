// thread: as in gdb one thread is current, and with it the last thing that it did.

import type { Thread } from '../../image/image.ts'
import { CommandError, READ_ONLY } from '../messages.ts'
import { shownName } from '../print/name.ts'
import { runningOf } from '../running.ts'
import type { Session } from '../session.ts'
import type { Target } from '../target.ts'
import { noThread, threadOf, threadsNamed } from '../threads.ts'
import type { Command } from './command.ts'
import { NOTHING_LEFT, showWithHead } from './event.ts'
import { APPLY, APPLY_HELP, chooseThread, shownThread } from './thread-apply.ts'

const NO_THREAD = 'No thread selected'

/** The thread that is current, if one is. */
export function currentThread(target: Target): Thread | undefined {
  const { chosenThread, place } = target.selection
  return chosenThread ?? (place && threadOf(target, place.event))
}

const completeThread = (session: Session, text: string): readonly string[] =>
  (session.scope.target?.image.threads() ?? [])
    .map(({ name }) => shownName(name))
    .filter((each) => each.startsWith(text))

async function switchTo(session: Session, word: string): Promise<void> {
  const { target } = session.scope
  if (target === undefined) throw noThread(word)
  const unquoted = /^"(.*)"$|^'(.*)'$/.exec(word)
  const name = unquoted?.[1] ?? unquoted?.[2]
  const text =
    name === undefined && word.startsWith('$') ? session.format(session.evaluate(word)) : word
  const [thread] = threadsNamed(target, name ?? text, name !== undefined)
  if (thread === undefined) throw noThread(text)
  await chooseThread(session, target, thread)
  session.out(`[Switching to thread ${shownThread(thread)}]\n`)
  const { place } = target.selection
  if (place === undefined) session.out(NOTHING_LEFT)
  else {
    showWithHead(session, target, place)
    target.selection.chooseThread(thread, place)
  }
}

const FIND: Command = {
  name: 'find',
  group: 'histories',
  line: 'Find threads that match a regular expression.',
  help: 'Usage: thread find REGEXP',
  run(session, argument) {
    if (argument === '') throw new CommandError('Command requires an argument.')
    let pattern: RegExp
    try {
      pattern = new RegExp(argument, 'u')
    } catch {
      throw new CommandError(`Invalid regexp: ${argument}`)
    }
    const threads = session.scope.target?.image.threads() ?? []
    const found = threads.filter(({ name }) => pattern.test(name))
    for (const { number, name } of found) {
      session.out(`Thread ${number} has name '${shownName(name)}'\n`)
    }
    if (found.length === 0) session.out(`No threads match '${argument}'\n`)
  },
}

const NAME: Command = {
  name: 'name',
  group: 'histories',
  line: "Threads are named by the recorder's user.",
  run(session) {
    throw new CommandError(session.scope.target === undefined ? NO_THREAD : READ_ONLY)
  },
}

export const THREAD: Command = {
  name: 'thread',
  aliases: ['t'],
  group: 'histories',
  line: 'Select a thread, and the last event that is left of it.',
  help: `Usage: thread [NUMBER | NAME]

NUMBER is one of "info threads".  Without argument, the current thread is named:
the one that was selected, or that of the current event; $_thread is its number.
From its last event on, "previous -thread" goes back through what it did.

Examples:
  thread main
  thread 2
  previous -thread
  p $_thread`,
  sub: [APPLY, FIND, NAME],
  complete: completeThread,
  run(session, argument) {
    if (argument !== '') return switchTo(session, argument)
    const { target } = session.scope
    const thread = target && currentThread(target)
    if (thread === undefined) throw new CommandError(NO_THREAD)
    session.out(`[Current thread is ${shownThread(thread)}]\n`)
  },
}

export const THREADS: Command = {
  name: 'threads',
  group: 'histories',
  isNew: true,
  line: 'The same as "thread"; alone, "info threads".',
  help: APPLY_HELP,
  sub: [APPLY],
  run: (session, argument) =>
    argument === '' ? runningOf(session).execute('info threads') : switchTo(session, argument),
}
