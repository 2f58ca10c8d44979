// set: settings, and expressions for their effect.

import { changesSomething } from '../language/evaluate.ts'
import { toInteger } from '../language/values.ts'
import { ARGUMENT_REQUIRED, CommandError, NOT_AN_ASSIGNMENT } from '../messages.ts'
import type { Session } from '../session.ts'
import { parseBoolean, SETTINGS, type Setting } from '../settings.ts'
import type { Command } from './command.ts'
import { completeExpression } from './complete.ts'

const BOOLEANS = ['off', 'on']

/** An expression that changes something; gdb warns when it does not. */
export function runAssignment(session: Session, argument: string): void {
  if (argument === '') throw new CommandError(ARGUMENT_REQUIRED)
  const tree = session.parse(argument)
  if (!changesSomething(tree)) session.warn(`warning: ${NOT_AN_ASSIGNMENT}`)
  session.evaluateTree(tree)
}

export function applySetting(session: Session, setting: Setting, argument: string): void {
  const { settings } = session
  switch (setting.kind) {
    case 'boolean':
      settings.set(setting.name, parseBoolean(argument))
      break
    case 'text':
      if (argument === '') throw new CommandError('Argument required (text to set it to).')
      settings.set(setting.name, setting.name === 'prompt' ? argument : argument.trim())
      break
    default:
      settings.set(setting.name, parseCount(session, setting, argument))
  }
  if (setting.name === 'logging enabled') logging(session)
}

function parseCount(session: Session, setting: Setting, argument: string): number {
  if (argument === '') {
    throw new CommandError(
      setting.kind === 'count'
        ? 'Argument required (integer to set it to, or "unlimited").'
        : 'Argument required (integer to set it to).',
    )
  }
  if (setting.kind === 'count' && 'unlimited'.startsWith(argument)) return 0
  const number = toInteger(session.evaluate(argument))
  if (setting.kind === 'count' && (number < 0n || number > 0x7fffffffn)) {
    throw new CommandError(`integer ${number} out of range`)
  }
  if (setting.name.endsWith('radix')) checkRadix(setting, number)
  return Number(number)
}

function checkRadix(setting: Setting, radix: bigint): void {
  if (setting.name === 'output-radix' && ![8n, 10n, 16n].includes(radix)) {
    throw new CommandError(
      `Unsupported output radix \`\`decimal ${radix}''; output radix unchanged.`,
    )
  }
  if (radix < 2n) {
    throw new CommandError(`Nonsense input radix \`\`decimal ${radix}''; input radix unchanged.`)
  }
}

function logging(session: Session): void {
  const { settings, host } = session
  if (settings.is('logging enabled') && settings.is('logging overwrite')) {
    host.writeText?.(settings.text('logging file'), '')
  }
}

const leaf = (setting: Setting, name: string): Command => ({
  name,
  group: 'support',
  line: setting.line,
  complete: (_session, text) =>
    setting.kind === 'boolean' ? BOOLEANS.filter((each) => each.startsWith(text)) : [],
  run: (session, argument) => applySetting(session, setting, argument),
})

const PREFIXES: Readonly<Record<string, string>> = {
  history: 'Generic command for setting command history parameters.',
  logging: 'Set logging options.',
  print: 'Generic command for setting how things print.',
  style: 'Style-specific settings.',
}

/** `set logging on` of old scripts. */
const oldLogging = (name: 'on' | 'off'): Command => ({
  name,
  group: 'support',
  line: `The old name of "set logging enabled ${name}".`,
  run(session) {
    session.out(
      `Warning: 'set logging ${name}', an alias for the command 'set logging enabled', is deprecated.\nUse 'set logging enabled ${name}'.\n\n`,
    )
    session.settings.set('logging enabled', name === 'on')
  },
})

/** `print elements` becomes `elements` under `print`. */
export function settingTree(make: (setting: Setting, name: string) => Command): Command[] {
  const top: Command[] = []
  const groups = new Map<string, Command[]>()
  for (const setting of SETTINGS) {
    const [first = '', second] = setting.name.split(' ')
    if (second === undefined) top.push(make(setting, first))
    else groups.set(first, [...(groups.get(first) ?? []), make(setting, second)])
  }
  for (const [name, sub] of groups) {
    const aliases = name === 'print' ? ['p', 'pr'] : []
    top.push({ name, aliases, group: 'support', line: PREFIXES[name] ?? '', sub })
  }
  return top
}

const withOldNames = (command: Command): Command =>
  command.name === 'logging'
    ? { ...command, sub: [...(command.sub ?? []), oldLogging('on'), oldLogging('off')] }
    : command

const VARIABLE: Command = {
  name: 'variable',
  aliases: ['var'],
  group: 'data',
  line: 'Evaluate expression EXP and assign the result to a variable.',
  help: 'Usage: set variable $NAME = EXP\n\nThe same as "set $NAME = EXP", for names that are settings, too.',
  complete: completeExpression,
  run: runAssignment,
}

const RADIX: Command = {
  name: 'radix',
  group: 'support',
  line: 'Set default input and output number radices.',
  run(session, argument) {
    const text = argument === '' ? '10' : argument
    for (const name of ['output-radix', 'input-radix']) {
      const setting = SETTINGS.find((each) => each.name === name)
      if (setting !== undefined) applySetting(session, setting, text)
      // The second is read in the radix that the first left.
    }
  },
}

export const SET: Command = {
  name: 'set',
  group: 'data',
  line: 'Evaluate an expression for its effect, or change a setting.',
  help: `Usage: set $NAME = EXP | set SETTING VALUE

Examples:
  set $sh = history(0x7f95acf6ea60)
  set $i = $i + 1
  set print elements 50
  set width 120`,
  sub: [...settingTree(leaf).map(withOldNames), VARIABLE, RADIX],
  complete: completeExpression,
  run: runAssignment,
}
