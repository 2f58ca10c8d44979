// shell, pipe, cd, pwd: the world outside.

import { integerValue, VOID_VALUE } from '../language/values.ts'
import { CommandError } from '../messages.ts'
import { runningOf } from '../running.ts'
import type { Session } from '../session.ts'
import type { Command } from './command.ts'
import { completeFile } from './complete.ts'

function runShell(session: Session, command: string, input?: string): void {
  const { host } = session
  if (host.shell === undefined) throw new CommandError('There is no shell here.')
  const { code, signal } = host.shell(command, input)
  setOrVoid(session, '_shell_exitcode', code)
  setOrVoid(session, '_shell_exitsignal', code === undefined ? signal : undefined)
}

/** One of the two says how it ended, as in gdb; the other is void. */
function setOrVoid({ scope }: Session, name: string, value: number | undefined): void {
  scope.setVariable(name, value === undefined ? VOID_VALUE : integerValue(BigInt(value)))
}

export const SHELL: Command = {
  name: 'shell',
  aliases: ['!'],
  group: 'support',
  line: 'Run a shell command.',
  help: 'Usage: shell COMMAND | !COMMAND\n\nIts exit code is then in $_shell_exitcode.',
  run: (session, argument) => runShell(session, argument),
}

export const PIPE: Command = {
  name: 'pipe',
  aliases: ['|'],
  group: 'support',
  line: 'Send the output of a command to a shell command.',
  help: `Usage: pipe COMMAND | SHELL_COMMAND
       | -d DELIMITER COMMAND DELIMITER SHELL_COMMAND

Example:
  | history 0x7f95acf6ea60 | grep UNREF`,
  async run(session, argument) {
    if (argument === '') throw new CommandError('Missing COMMAND')
    const [option = '', given] = /^-d(?:\s+(\S+)\s*|\s*$)/.exec(argument) ?? []
    if (option !== '' && given === undefined) throw new CommandError('-d requires an argument')
    const delimiter = given ?? '|'
    const text = argument.slice(option.length)
    const at = text.indexOf(delimiter)
    if (at < 0) throw new CommandError('Missing delimiter before SHELL_COMMAND')
    const command = text.slice(0, at).trim()
    const shell = text.slice(at + delimiter.length).trim()
    if (shell === '') throw new CommandError('Missing SHELL_COMMAND')
    // With none before the delimiter, gdb would run the last command again.
    if (command === '') throw new CommandError('No previous command to relaunch')
    const output = await session.capture(() => runningOf(session).execute(command))
    runShell(session, shell, output)
  },
}

export const CD: Command = {
  name: 'cd',
  group: 'files',
  line: 'Change the working directory.',
  help: 'Usage: cd [FOLDER]',
  complete: (session, text) => completeFile(session, text).filter((each) => each.endsWith('/')),
  run(session, argument) {
    const { host } = session
    const now = host.changeDirectory?.(argument === '' ? '~' : argument)
    if (now === undefined) throw new CommandError(`${argument}: No such file or directory.`)
    if (session.interactive) session.out(`Working directory ${now}.\n`)
  },
}

export const PWD: Command = {
  name: 'pwd',
  group: 'files',
  line: 'Print the working directory.',
  run(session, argument) {
    if (argument !== '') {
      throw new CommandError(`The "pwd" command does not take an argument: ${argument}`)
    }
    session.out(`Working directory ${session.host.directory?.() ?? '/'}.\n`)
  },
}
