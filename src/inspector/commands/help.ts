// help and apropos, made from what the commands declare.

import { CommandError, undefinedCommand } from '../messages.ts'
import { runningOf } from '../running.ts'
import type { Session } from '../session.ts'
import { type Command, GROUPS, type Group } from './command.ts'
import { isLeftOut } from './left-out.ts'

const FOOTER = `Type "help" followed by command name for full documentation.
Type "apropos word" to search for commands related to "word".
Command name abbreviations are allowed if unambiguous.
`

function known(session: Session): readonly Command[] {
  const { table } = runningOf(session)
  const commands = new Set(table.names.map((name) => table.get(name) as Command))
  return [...commands].filter((each) => !isLeftOut(each.name)).sort(byName)
}

const byName = (a: Command, b: Command): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

function helpAll(session: Session): void {
  const groups = (Object.keys(GROUPS) as Group[]).sort()
  const lines = groups.map((each) => `${each} -- ${GROUPS[each]}.\n`)
  session.out(
    `List of classes of commands:\n\n${lines.join('')}\nType "help" followed by a class name for a list of commands in that class.\nType "help all" for the list of all commands.\n${FOOTER}`,
  )
}

function helpGroup(session: Session, group: Group): void {
  const members = known(session).filter((each) => each.group === group)
  const lines = members.map((each) => `${names(each)} -- ${each.line}\n`)
  session.out(`${GROUPS[group]}.\n\nList of commands:\n\n${lines.join('')}\n${FOOTER}`)
}

const names = (command: Command): string => [command.name, ...(command.aliases ?? [])].join(', ')

function helpCommand(session: Session, command: Command, path: string): void {
  const prefix = path.slice(0, path.lastIndexOf(' ') + 1)
  if ((command.aliases ?? []).length > 0) {
    session.out(
      `${[command.name, ...(command.aliases ?? [])].map((each) => prefix + each).join(', ')}\n`,
    )
  }
  const text = command.help === undefined || command.help === '' ? '' : `${command.help}\n`
  session.out(`${command.line}\n${text}`)
  if (command.sub !== undefined) {
    const lines = [...command.sub]
      .sort(byName)
      .map((each) => `${path} ${each.name} -- ${each.line}\n`)
    session.out(`\nList of ${path} subcommands:\n\n${lines.join('')}`)
  }
}

export const HELP: Command = {
  name: 'help',
  aliases: ['h'],
  group: 'support',
  line: 'Print list of commands, or the help of one.',
  help: 'Usage: help [CLASS | COMMAND]',
  complete: (session, text) => runningOf(session).complete(text).words,
  run(session, argument) {
    if (argument === '') return helpAll(session)
    if (argument === 'all') {
      for (const group of Object.keys(GROUPS).sort() as Group[]) helpGroup(session, group)
      return
    }
    if (Object.hasOwn(GROUPS, argument)) return helpGroup(session, argument as Group)
    const { command, path, argument: rest } = runningOf(session).lookUp(argument)
    if (command.sub !== undefined && command.run === undefined && rest !== '') {
      throw new CommandError(undefinedCommand(rest, path))
    }
    helpCommand(session, command, path)
  },
}

export const APROPOS: Command = {
  name: 'apropos',
  group: 'support',
  line: 'Search for commands by a word of their help.',
  help: 'Usage: apropos REGEXP',
  run(session, argument) {
    if (argument === '') throw new CommandError('REGEXP string is empty')
    let pattern: RegExp
    try {
      pattern = new RegExp(argument, 'i')
    } catch {
      throw new CommandError(`Error in regular expression: ${argument}`)
    }
    const search = (commands: readonly Command[], prefix: string): void => {
      for (const each of commands) {
        const text = `${prefix}${each.name} ${each.line} ${each.help ?? ''}`
        if (pattern.test(text)) session.out(`${prefix}${names(each)} -- ${each.line}\n`)
        if (each.sub !== undefined) search([...each.sub].sort(byName), `${prefix}${each.name} `)
      }
    }
    search(known(session), '')
  },
}
