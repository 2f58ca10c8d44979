// set: settings, and expressions for their effect.

import { changesSomething } from '../language/syntax.ts'
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
    case 'choice':
      settings.set(setting.name, chosen(setting, argument.trim()))
      break
    case 'text':
      // No file: the command history is not saved.
      if (argument === '' && setting.name === 'history filename') {
        settings.set(setting.name, '')
        break
      }
      if (argument === '') throw new CommandError(`Argument required (${needed(setting)}).`)
      settings.set(setting.name, setting.name === 'prompt' ? argument : argument.trim())
      break
    default:
      settings.set(setting.name, parseCount(session, setting, argument))
  }
  if (setting.name.startsWith('logging ')) logging(session, setting)
}

const needed = ({ name }: Setting): string =>
  name === 'logging file' ? 'filename to set it to.' : 'text to set it to'

function chosen({ choices = [] }: Setting, argument: string): string {
  if (argument === '') {
    throw new CommandError(`Requires an argument. Valid arguments are ${choices.join(', ')}.`)
  }
  const found = choices.filter((each) => each.startsWith(argument))
  const [only] = choices.includes(argument) ? [argument] : found
  if (only === undefined) throw new CommandError(`Undefined item: "${argument}".`)
  if (found.length > 1 && only !== argument) {
    throw new CommandError(`Ambiguous item "${argument}".`)
  }
  return only
}

function parseCount(session: Session, setting: Setting, argument: string): number {
  if (argument === '') {
    throw new CommandError(
      setting.kind === 'count' || setting.kind === 'size'
        ? 'Argument required (integer to set it to, or "unlimited").'
        : 'Argument required (integer to set it to).',
    )
  }
  const isSize = setting.kind === 'size'
  if (isSize && 'unlimited'.startsWith(argument)) return -1
  if (setting.kind === 'count' && 'unlimited'.startsWith(argument)) return 0
  const number = toInteger(session.evaluate(argument))
  if (setting.kind === 'count' && (number < 0n || number > 0x7fffffffn)) {
    throw new CommandError(`integer ${number} out of range`)
  }
  if (isSize && number < -1n) {
    throw new CommandError('only -1 is allowed to set as unlimited')
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

/** Begins or ends the log; what else is set of it waits until it begins anew, as in gdb. */
function logging(session: Session, setting: Setting): void {
  const { settings, host, log } = session
  if (setting.name === 'logging overwrite' || setting.name.endsWith('redirect')) {
    if (log === undefined) return
    session.warn(
      `warning: Currently logging to ${log.file}.  Turn the logging off and on to make the new setting effective.`,
    )
  }
  if (setting.name !== 'logging enabled') return
  if (!settings.is('logging enabled')) {
    session.log = undefined
    if (log !== undefined && session.interactive) session.out(`Done logging to ${log.file}.\n`)
    return
  }
  if (log !== undefined) {
    session.out(`Already logging to ${log.file}.\n`)
    return
  }
  const file = settings.text('logging file')
  const redirect = settings.is('logging redirect')
  try {
    if (settings.is('logging overwrite')) host.writeText?.(file, '')
    else host.appendText?.(file, '')
  } catch (error) {
    settings.set('logging enabled', false)
    throw error
  }
  if (session.interactive) {
    session.out(`${redirect ? 'Redirecting' : 'Copying'} output to ${file}.\n`)
    const isApart = settings.is('logging debugredirect')
    session.out(`${isApart ? 'Redirecting' : 'Copying'} debug output to ${file}.\n`)
  }
  session.log = { file, redirect }
}

const leaf = (setting: Setting, name: string): Command => ({
  name,
  group: 'support',
  line: setting.line,
  complete: (_session, text) =>
    (setting.kind === 'boolean' ? BOOLEANS : (setting.choices ?? [])).filter((each) =>
      each.startsWith(text),
    ),
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
  yields: true,
  line: `The old name of "set logging enabled ${name}".`,
  run(session) {
    session.out(
      `Warning: 'set logging ${name}', an alias for the command 'set logging enabled', is deprecated.\nUse 'set logging enabled ${name}'.\n\n`,
    )
    const setting = SETTINGS.find((each) => each.name === 'logging enabled')
    if (setting !== undefined) applySetting(session, setting, name)
  },
})

/** `print elements` becomes `elements` under `print`; likewise what stands below `style address`. */
export function settingTree(make: (setting: Setting, name: string) => Command): Command[] {
  return branch('', SETTINGS, make)
}

function branch(
  prefix: string,
  settings: readonly Setting[],
  make: (setting: Setting, name: string) => Command,
): Command[] {
  const found: Command[] = []
  const groups = new Map<string, Setting[]>()
  for (const setting of settings) {
    const [first = '', ...more] = setting.name.slice(prefix.length).split(' ')
    if (more.length === 0) found.push(make(setting, first))
    else groups.set(first, [...(groups.get(first) ?? []), setting])
  }
  for (const [name, members] of groups) {
    const path = `${prefix}${name}`
    found.push({
      name,
      aliases: path === 'print' ? ['p', 'pr'] : [],
      group: 'support',
      line: PREFIXES[path] ?? `${name[0]?.toUpperCase()}${name.slice(1)} display styling.`,
      sub: branch(`${path} `, members, make),
    })
  }
  return found
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
