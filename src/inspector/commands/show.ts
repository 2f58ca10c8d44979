// show: settings as gdb words them, and what the session remembers.

import { listing } from '../language/script.ts'
import { toInteger } from '../language/values.ts'
import { CommandError, undefinedCommand } from '../messages.ts'
import { shownName } from '../print/name.ts'
import { runningOf } from '../running.ts'
import type { Session } from '../session.ts'
import { SETTINGS, type Setting } from '../settings.ts'
import { VERSION } from '../version.ts'
import type { Command } from './command.ts'
import { settingTree } from './set.ts'

const leaf = (setting: Setting, name: string): Command => ({
  name,
  group: 'support',
  line: setting.line.replace(/^Set|^Enable/, 'Show'),
  run: (session) => session.out(`${session.settings.sentence(setting)}\n`),
})

/** All settings below a prefix, each with its name before it. */
function showAll(prefix: string): (session: Session, argument: string) => void {
  return (session, argument) => {
    if (argument !== '') {
      throw new CommandError(undefinedCommand(argument, `show ${prefix}`.trim()))
    }
    for (const setting of SETTINGS) {
      if (!setting.name.startsWith(prefix)) continue
      session.out(`${setting.name}:  ${session.settings.sentence(setting)}\n`)
    }
  }
}

function withAll(command: Command, prefix: string): Command {
  if (command.sub === undefined) return command
  const path = `${prefix}${command.name} `
  return { ...command, sub: command.sub.map((each) => withAll(each, path)), run: showAll(path) }
}

const VALUES_SHOWN = 10
const nextValues = new WeakMap<Session, number>()

const VALUES: Command = {
  name: 'values',
  group: 'data',
  line: 'Show the value history: the last ten, ten around N, or the next ten with "+".',
  run(session, argument) {
    const { values } = session
    let first = values.length - VALUES_SHOWN + 1
    if (argument === '+') first = nextValues.get(session) ?? first
    else if (argument !== '') first = Number(toInteger(session.evaluate(argument))) - 5
    first = Math.max(1, first)
    const last = Math.min(values.length, first + VALUES_SHOWN - 1)
    for (let number = first; number <= last; number++) {
      session.show(values.at(number), session.printOptions(), `$${number} = `, '\n')
    }
    nextValues.set(session, last + 1)
  },
}

const CONVENIENCE: Command = {
  name: 'convenience',
  aliases: ['conv'],
  group: 'data',
  line: 'Show convenience variables and functions.',
  run(session) {
    for (const [name, value] of session.scope.variables) {
      session.show(value, session.printOptions(), `$${name} = `, '\n')
    }
    for (const name of session.scope.functionNames) {
      session.out(`${name} = <internal function ${name.slice(1)}>\n`)
    }
  },
}

const USER: Command = {
  name: 'user',
  group: 'support',
  line: 'Show definitions of user-defined commands.',
  run(session, argument) {
    const { definitions, lookUp } = runningOf(session)
    const show = (name: string): void => {
      const definition = definitions.get(name)
      if (definition === undefined) return
      const { body } = definition
      session.out(`User command "${name}":\n${body.length > 0 ? `${listing(body)}\n` : ''}`)
    }
    if (argument === '') {
      for (const name of [...definitions.keys()].sort()) show(name)
      return
    }
    const name = definitions.has(argument)
      ? argument
      : lookUp.call(runningOf(session), argument).command.name
    if (!definitions.has(name)) throw new CommandError('Not a user command.')
    show(name)
  },
}

const nextTyped = new WeakMap<Session, number>()

const COMMANDS: Command = {
  name: 'commands',
  group: 'status',
  line: 'Show the history of commands you typed.',
  help: 'You can supply a command number to start with, or a "+" to start after\nthe previous command number shown.',
  run(session, argument) {
    const { lines, dropped } = session.host.typed?.() ?? { lines: [], dropped: 0 }
    const end = dropped + lines.length
    let first = end - VALUES_SHOWN + 1
    if (argument === '+') first = nextTyped.get(session) ?? first
    else if (argument !== '') first = Number(toInteger(session.evaluate(argument))) - 5
    first = Math.max(dropped + 1, Math.min(first, end - VALUES_SHOWN + 1))
    const last = Math.min(end, first + VALUES_SHOWN - 1)
    for (let number = first; number <= last; number++) {
      const line = shownName(lines[number - dropped - 1] ?? '')
      session.out(`${String(number).padStart(5)}  ${line}\n`)
    }
    nextTyped.set(session, last + 1)
  },
}

/** gdb 13 has the command and says nothing in a script. */
const RADIX: Command = {
  name: 'radix',
  group: 'support',
  line: 'Show the default input and output number radices.',
  run(session) {
    if (!session.interactive) return
    const { settings } = session
    const [output, input] = [settings.number('output-radix'), settings.number('input-radix')]
    const worded = (radix: number): string =>
      `decimal ${radix}, hex ${radix.toString(16)}, octal ${radix.toString(8)}`
    session.out(
      output === input
        ? `Input and output radices set to ${worded(input)}.\n`
        : `Input radix set to ${worded(input)}.\nOutput radix set to ${worded(output)}.\n`,
    )
  },
}

const CONFIGURATION: Command = {
  name: 'configuration',
  group: 'status',
  line: 'Show how shdb was made.',
  run: (session) => session.out(`shdb ${VERSION}: no configuration; it reads image format 1.\n`),
}

const SHOW_VERSION: Command = {
  name: 'version',
  group: 'status',
  line: 'Show what version of shdb this is.',
  run: (session) => session.out(`shdb (struct-history) ${VERSION}\n`),
}

export const SHOW: Command = {
  name: 'show',
  group: 'status',
  line: 'Show settings and what the session remembers.',
  help: 'Usage: show [NAME]\n\nExamples:\n  show print elements\n  show values\n  show convenience',
  sub: [
    ...settingTree(leaf).map((each) => withAll(each, '')),
    VALUES,
    CONVENIENCE,
    USER,
    COMMANDS,
    SHOW_VERSION,
    CONFIGURATION,
    RADIX,
  ],
  run: showAll(''),
}
