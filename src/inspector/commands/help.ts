// help and apropos, made from what the commands declare.

import { CommandError, undefinedCommand } from '../messages.ts'
import { runningOf } from '../running.ts'
import type { Session } from '../session.ts'
import { type Command, GROUPS, type Group } from './command.ts'
import { isLeftOut } from './left-out.ts'

const APROPOS_LINES = `Type "apropos word" to search for commands related to "word".
Type "apropos -v word" for full documentation of commands related to "word".
Command name abbreviations are allowed if unambiguous.
`
const FOOTER = `Type "help" followed by command name for full documentation.\n${APROPOS_LINES}`
const ALIASES = 'aliases'
const ALIASES_LINE = 'User-defined aliases of other commands.'

function known(session: Session): readonly Command[] {
  const { table } = runningOf(session)
  const commands = new Set(table.names.map((name) => table.get(name) as Command))
  return [...commands].filter((each) => !isLeftOut(each.name) && each.line !== '').sort(byName)
}

const byName = (a: Command, b: Command): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

/** Its names, each as a title, and what it is for. */
function entry(session: Session, command: Command, prefix = ''): string {
  const { aliases } = runningOf(session)
  const own = [command.name, ...(command.aliases ?? [])]
  const users = [...aliases].filter(([, text]) => text === command.name).map(([name]) => name)
  const names = own.concat(prefix === '' ? users : [])
  return names.map((each) => session.style('title', prefix + each)).join(', ')
}

const listed = (session: Session, command: Command, prefix = ''): string =>
  `${entry(session, command, prefix)} -- ${command.line}\n`

/** What a user named with `alias` is told of with the command that it stands for. */
const isAlias = (session: Session, { name }: Command): boolean =>
  runningOf(session).aliases.has(name)

function helpAll(session: Session): void {
  const classes = [
    ...(Object.keys(GROUPS) as Group[]).map((each) => `${each} -- ${GROUPS[each]}.\n`),
    `${ALIASES} -- ${ALIASES_LINE}\n`,
  ].sort()
  session.out(
    `List of classes of commands:\n\n${classes.join('')}\nType "help" followed by a class name for a list of commands in that class.\nType "help all" for the list of all commands.\n${FOOTER}`,
  )
}

function members(session: Session, group: Group): readonly Command[] {
  return known(session).filter((each) => each.group === group && !isAlias(session, each))
}

function helpGroup(session: Session, group: Group): void {
  session.out(`${GROUPS[group]}.\n\nList of commands:\n\n`)
  for (const each of members(session, group)) session.out(listed(session, each))
  session.out(`\n${FOOTER}`)
}

function helpAliases(session: Session): void {
  session.out(`${ALIASES_LINE}\n\nList of commands:\n\n`)
  for (const [name, text] of [...runningOf(session).aliases].sort()) {
    const { command } = runningOf(session).lookUp(text)
    session.out(`${session.style('title', name)} -- ${command.line}\n`)
  }
  session.out(`\n${FOOTER}`)
}

/** Every command, class by class. */
function helpEvery(session: Session): void {
  for (const group of Object.keys(GROUPS).sort() as Group[]) {
    session.out(`\nCommand class: ${group}\n\n`)
    for (const each of members(session, group)) session.out(listed(session, each))
  }
}

function helpCommand(session: Session, command: Command, path: string): void {
  const prefix = path.slice(0, path.lastIndexOf(' ') + 1)
  const names = entry(session, command, prefix)
  if (names.includes(', ')) session.out(`${names}\n`)
  session.out(documentation(command))
  if (command.sub === undefined) return
  session.out(`\nList of ${path} subcommands:\n\n`)
  for (const each of [...command.sub].sort(byName)) {
    if (!each.yields) session.out(listed(session, each, `${path} `))
  }
  session.out(
    `\nType "help ${path}" followed by ${path} subcommand name for full documentation.\n${APROPOS_LINES}`,
  )
}

const documentation = ({ line, help = '' }: Command): string =>
  `${line}\n${help === '' ? '' : `${help}\n`}`

export const HELP: Command = {
  name: 'help',
  aliases: ['h'],
  group: 'support',
  line: 'Print list of commands, or the help of one.',
  help: 'Usage: help [CLASS | COMMAND]\n\nExamples:\n  help histories\n  help history\n  help all',
  complete(session, text) {
    const classes = [...Object.keys(GROUPS), ALIASES, 'all'].filter((each) => each.startsWith(text))
    const { start, words } = runningOf(session).complete(text)
    const commands = words.map((each) => text.slice(0, start) + each)
    return [...new Set([...commands, ...classes])].sort()
  },
  run(session, argument) {
    if (argument === '') return helpAll(session)
    if (argument === 'all') return helpEvery(session)
    if (argument === ALIASES) return helpAliases(session)
    if (Object.hasOwn(GROUPS, argument)) return helpGroup(session, argument as Group)
    const { command, path, argument: rest } = runningOf(session).lookUp(argument)
    if (command.sub !== undefined && rest !== '') {
      throw new CommandError(undefinedCommand(rest, path))
    }
    helpCommand(session, command, path)
  },
}

export const APROPOS: Command = {
  name: 'apropos',
  group: 'support',
  line: 'Search for commands matching a REGEXP.',
  help: 'Usage: apropos [-v] REGEXP\n\nFlag -v indicates to produce a verbose output, showing full documentation\nof the matching commands.\n\nExample:\n  apropos after end',
  complete: () => [],
  run(session, argument) {
    const [flag = ''] = /^-v(\s+|$)/.exec(argument) ?? []
    const wanted = argument.slice(flag.length)
    if (wanted === '') throw new CommandError('REGEXP string is empty')
    const pattern = patternOf(wanted)
    const search = (commands: readonly Command[], prefix: string): void => {
      for (const each of commands) {
        if (each.yields || each.line === '') continue
        const names = [each.name, ...(each.aliases ?? [])].map((name) => prefix + name)
        const isFound =
          names.some((name) => pattern.test(name)) || pattern.test(documentation(each))
        if (isFound && flag !== '') {
          session.out(
            `${entry(session, each, prefix)}\n${lit(session, pattern, documentation(each))}\n`,
          )
        } else if (isFound) session.out(listed(session, each, prefix))
        if (each.sub !== undefined) search([...each.sub].sort(byName), `${prefix}${each.name} `)
      }
    }
    search(
      known(session).filter((each) => !isAlias(session, each)),
      '',
    )
  },
}

const lit = (session: Session, pattern: RegExp, text: string): string =>
  text.replace(new RegExp(pattern, 'gi'), (found) => session.style('highlight', found))

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text, 'i')
  } catch {
    const why = /\[[^\]]*$/.test(text) ? 'Unmatched [ or [^' : 'Invalid regular expression'
    throw new CommandError(`Error in regular expression: ${why}`)
  }
}
