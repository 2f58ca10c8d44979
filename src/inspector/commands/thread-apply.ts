// thread apply: a command for each thread, with the last that it did.

import type { Thread } from '../../image/image.ts'
import { CommandError, Interrupted } from '../messages.ts'
import { shownName } from '../print/name.ts'
import { runningOf } from '../running.ts'
import type { Session } from '../session.ts'
import type { Target } from '../target.ts'
import { threadKey } from '../threads.ts'
import { timelineOf } from '../timeline.ts'
import type { Command } from './command.ts'

/** Makes a thread current, with the last event that is left of it. */
export async function chooseThread(
  session: Session,
  target: Target,
  thread: Thread,
): Promise<void> {
  const timeline = await timelineOf(target, () => session.breathe())
  const row = timeline.ofThread(firstOfItsKind(target, thread).number).at(-1)
  target.selection.chooseThread(thread, row === undefined ? undefined : timeline.place(row))
}

/** A thread that joined twice is two records that no event tells apart. */
function firstOfItsKind(target: Target, thread: Thread): Thread {
  return target.image.threads().find((each) => threadKey(each) === threadKey(thread)) ?? thread
}

export const shownThread = ({ number, name }: Thread): string => `${number} (${shownName(name)})`

interface Flags {
  readonly isQuiet: boolean
  readonly goesOn: boolean
  readonly isSilent: boolean
  readonly isAscending: boolean
  readonly command: string
}

function flagsOf(text: string, name: string): Flags {
  let command = text
  const seen = new Set<string>()
  for (;;) {
    const [whole, letter, long] = /^-(?:([qcs])|(a[scending]*))(?=\s|$)\s*/.exec(command) ?? []
    if (whole === undefined) break
    if (long !== undefined && !'ascending'.startsWith(long)) break
    seen.add(letter ?? 'a')
    command = command.slice(whole.length)
  }
  if (seen.has('c') && seen.has('s')) {
    throw new CommandError(`${name}: -c and -s are mutually exclusive`)
  }
  return {
    isQuiet: seen.has('q'),
    goesOn: seen.has('c'),
    isSilent: seen.has('s'),
    isAscending: seen.has('a'),
    command,
  }
}

async function applyTo(session: Session, threads: readonly Thread[], flags: Flags): Promise<void> {
  const { target } = session
  const restore = target.selection.save()
  try {
    for (const thread of threads) {
      await chooseThread(session, target, thread)
      await applyOnce(session, `\nThread ${shownThread(thread)}:\n`, flags)
    }
  } finally {
    session.scope.target = target
    restore()
  }
}

async function applyOnce(session: Session, head: string, flags: Flags): Promise<void> {
  const run = () => runningOf(session).execute(flags.command)
  const shownHead = flags.isQuiet ? '' : head
  if (!flags.isSilent) session.out(shownHead)
  try {
    if (!flags.isSilent) return await run()
    const text = await session.capture(run)
    if (text !== '') session.out(shownHead + text)
  } catch (error) {
    if (!(error instanceof CommandError) || error instanceof Interrupted) throw error
    if (flags.goesOn) session.out(`${error.message}\n`)
    else if (!flags.isSilent) throw error
  }
}

async function applyAll(session: Session, text: string, name = 'thread apply all'): Promise<void> {
  const flags = flagsOf(text, name)
  if (flags.command === '') {
    throw new CommandError(`Please specify a command at the end of '${name}'`)
  }
  const { target } = session.scope
  if (target === undefined) return
  const threads = [...target.image.threads()]
  await applyTo(session, flags.isAscending ? threads : threads.reverse(), flags)
}

async function apply(session: Session, argument: string): Promise<void> {
  if (argument === '') throw new CommandError('Please specify a thread ID list')
  const all = /^all(?=\s|$)\s*/.exec(argument)
  if (all !== null) return applyAll(session, argument.slice(all[0].length))
  const { threads, rest } = idList(session, argument)
  const flags = flagsOf(rest, 'thread apply')
  if (flags.command === '') {
    throw new CommandError('Please specify a command following the thread ID list')
  }
  if (session.scope.target !== undefined) await applyTo(session, threads, flags)
}

/** `1 3-5 "tcp worker 2" $_thread`, up to the first word that is none of these. */
function idList(session: Session, text: string): { threads: Thread[]; rest: string } {
  const known = session.scope.target?.image.threads() ?? []
  const threads: Thread[] = []
  let rest = text
  for (;;) {
    const [whole, name, variable, first, last] =
      /^(?:"([^"]*)"|(\$\w+)|(\d+)(?:-(\d+))?)(?=\s|$)\s*/.exec(rest) ?? []
    if (whole === undefined) break
    rest = rest.slice(whole.length)
    const word = variable === undefined ? first : session.format(session.evaluate(variable))
    const from = Number(word)
    const to = Number(last ?? word)
    if (to < from) throw new CommandError('inverted range')
    const found =
      name === undefined
        ? known.filter(({ number }) => from <= number && number <= to)
        : known.filter((each) => each.name === name)
    if (found.length === 0) session.warn(`warning: Unknown thread ${name ?? whole.trim()}`)
    threads.push(...found)
  }
  if (rest === text) {
    const [word = ''] = /^\S+/.exec(text) ?? []
    throw new CommandError(/^\d+-/.test(word) ? 'inverted range' : `Invalid thread ID: ${text}`)
  }
  return { threads, rest }
}

export const APPLY_HELP = `Usage: thread apply ID... [FLAG]... COMMAND
       thread apply all [-ascending] [FLAG]... COMMAND

ID is a number of "info threads", a range 2-4, or a name in quotes.  In COMMAND,
$_thread is the thread's number, and the current event the last that is left of
what it logged.  Threads take turns from the last to the first.

FLAG is -q (without the line that names the thread), -c (errors are printed, and
the next thread follows), -s (errors and threads without output are silent).

Examples:
  thread apply all event
  thread apply all -q p $_event.t
  thread apply 0-1 find -thread $_thread -max 2 -verb TCP_REF
  threads apply all -s history -thread $_thread 0x7f95acf6ea60`

export const APPLY: Command = {
  name: 'apply',
  group: 'histories',
  line: 'Apply a command to a list of threads.',
  help: APPLY_HELP,
  run: apply,
}

export const TAAS: Command = {
  name: 'taas',
  group: 'histories',
  line: 'Apply a command to all threads, silent where it fails or says nothing.',
  help: 'Usage: taas COMMAND\n\nThe same as "thread apply all -s COMMAND".',
  async run(session, argument) {
    if (argument === '') throw new CommandError('Please specify a command to apply on all threads')
    await applyAll(session, `-s ${argument}`)
  },
}
