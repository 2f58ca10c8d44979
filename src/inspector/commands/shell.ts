// shell, pipe, cd, pwd: the world outside.

import { integerValue } from '../language/values.ts'
import { CommandError } from '../messages.ts'
import { runningOf } from '../running.ts'
import type { Session } from '../session.ts'
import type { Command } from './command.ts'

function runShell(session: Session, command: string, input?: string): void {
  const { host, scope } = session
  if (host.shell === undefined) throw new CommandError('There is no shell here.')
  const { code } = host.shell(command, input)
  scope.setVariable('_shell_exitcode', integerValue(BigInt(code)))
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
    const [, option, given] = /^(-d\s+(\S+)\s*)/.exec(argument) ?? []
    const delimiter = given ?? '|'
    const text = argument.slice(option?.length ?? 0)
    if (text === '') throw new CommandError('Missing COMMAND')
    const at = text.indexOf(delimiter)
    if (at < 0) throw new CommandError('Missing delimiter before SHELL_COMMAND')
    const command = text.slice(0, at).trim()
    const shell = text.slice(at + delimiter.length).trim()
    if (command === '') throw new CommandError('Missing COMMAND')
    if (shell === '') throw new CommandError('Missing SHELL_COMMAND')
    const output = await session.capture(() => runningOf(session).execute(command))
    runShell(session, shell, output)
  },
}

export const CD: Command = {
  name: 'cd',
  group: 'files',
  line: 'Change the working directory.',
  run(session, argument) {
    const { host } = session
    const now = host.changeDirectory?.(argument === '' ? '~' : argument)
    if (now === undefined) throw new CommandError(`${argument}: No such file or directory.`)
    session.out(`Working directory ${now}.\n`)
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
