// source, define, document, if, while, alias, with: commands about commands. Blocks are read by language/script.ts; what
// stands here is what help shows of them.

import { CommandError, TOP_LEVEL_ONLY, undefinedCommand } from '../messages.ts'
import { runningOf } from '../running.ts'
import { SETTINGS, type Setting } from '../settings.ts'
import type { Command } from './command.ts'
import { completeFile } from './complete.ts'
import { applySetting, runAssignment } from './set.ts'

export const SOURCE: Command = {
  name: 'source',
  group: 'support',
  line: 'Read commands from a file.',
  help: `Usage: source [-s] [-v] FILE

Stops at the first error.
-v shows each command before it runs, as "set trace-commands on" does; -s, which
looks for FILE along gdb's paths, changes nothing.`,
  complete: completeFile,
  async run(session, argument) {
    const [flags = ''] = /^(?:-[vs]\s+)*/.exec(argument) ?? []
    const name = argument.slice(flags.length)
    if (name === '') throw new CommandError('source command requires file name of file to source.')
    const text = session.host.readText?.(name)
    if (text === undefined) {
      if (session.interactive) throw new CommandError(`${name}: No such file or directory.`)
      // In a script, gdb goes on without it.
      session.warn(`warning: ${name}: No such file or directory`)
      return
    }
    const { settings } = session
    const isTraced = settings.is('trace-commands')
    if (flags.includes('v')) settings.set('trace-commands', true)
    try {
      await runningOf(session).source(text, name)
    } finally {
      if (flags.includes('v')) settings.set('trace-commands', isTraced)
    }
  },
}

/** The reader of scripts takes these before any command is looked up. */
const block = (name: string, line: string, help: string): Command => ({
  name,
  group: 'support',
  line,
  help,
  run() {
    throw new CommandError(TOP_LEVEL_ONLY)
  },
})

export const BLOCKS: readonly Command[] = [
  block(
    'if',
    'Run commands when an expression is not zero.',
    'if EXP\n  commands\nelse\n  commands\nend',
  ),
  block(
    'while',
    'Run commands as long as an expression is not zero.',
    `while EXP
  commands
end

loop_break leaves the loop, loop_continue begins its next round.

Example:
  set $sh = history(0x7f95acf6ea60)
  set $i = 0
  while $i < $sh->len
    p $sh->actions[$i]
    set $i = $i + 1
  end`,
  ),
  block('end', 'End a block of commands.', 'Ends if, while, define and document.'),
  block(
    'define',
    'Define a command of your own.',
    `define NAME
  commands
end

$arg0, $arg1 ... are what follows NAME when it is called; $argc counts them.
A command named hook-X runs before each X, hookpost-X after it.

Example:
  define last
    set $h = history($arg0)
    p $h->actions[$h->len - 1]
  end`,
  ),
  block('document', 'Write the help of a command of your own.', 'document NAME\n  text\nend'),
]

export const ALIAS: Command = {
  name: 'alias',
  group: 'support',
  line: 'Give a command another name.',
  help: 'Usage: alias [-a] [--] ALIAS = COMMAND [DEFAULT-ARGS...]\n\nExample:\n  alias px = print/x',
  run(session, argument) {
    const running = runningOf(session)
    const [, options = '', name = '', text = ''] =
      /^((?:-a\s+)?(?:--\s+)?)([\w.-]+)\s*=\s*(.+)$/s.exec(argument) ?? []
    if (name === '' || text === '') {
      throw new CommandError('Usage: alias [-a] [--] ALIAS = COMMAND [DEFAULT-ARGS...]')
    }
    if (running.aliases.has(name)) throw new CommandError(`Alias already exists: ${name}`)
    if (running.table.get(name) !== undefined) {
      throw new CommandError(`Alias ${name} is the name of an existing command`)
    }
    const { command } = running.lookUp(text)
    running.addAlias(name, text, command, options.includes('-a'))
  },
}

/** The setting that the words before `--` name, and its value. `whole`: what gdb's complaint quotes of. */
function settingNamed(text: string, whole: string): { setting: Setting; value: string } {
  const words = text.trim().split(/\s+/)
  for (const count of [2, 1]) {
    const key = words.slice(0, count).join(' ')
    const found = SETTINGS.filter((each) => matches(each.name, key))
    const setting =
      found.find((each) => each.name === key) ?? (found.length === 1 ? found[0] : undefined)
    if (setting !== undefined) return { setting, value: words.slice(count).join(' ') }
  }
  const prefix = words[0] ?? ''
  if (SETTINGS.some((each) => each.name.startsWith(`${prefix} `))) {
    throw new CommandError(undefinedCommand(whole.slice(prefix.length).trim(), `set ${prefix}`))
  }
  throw new CommandError(undefinedCommand(prefix, 'set'))
}

function matches(name: string, key: string): boolean {
  const names = name.split(' ')
  const keys = key.split(' ')
  return (
    names.length === keys.length &&
    names.every((each, index) => each.startsWith(keys[index] ?? ' '))
  )
}

export const WITH: Command = {
  name: 'with',
  aliases: ['w'],
  group: 'support',
  line: 'Run a command with a setting changed for it alone.',
  help: 'Usage: with SETTING [VALUE] -- COMMAND\n\nExample:\n  with print pretty on -- p *$sh',
  complete(session, text) {
    const [before = ''] = /^.*?\s--\s+/s.exec(text) ?? []
    const { start, words } = runningOf(session).complete(
      before === '' ? `set ${text}` : text.slice(before.length),
    )
    const at = before === '' ? start - 'set '.length : before.length + start
    return words.map((each) => text.slice(0, Math.max(0, at)) + each)
  },
  async run(session, argument) {
    if (argument === '') throw new CommandError('Missing arguments.')
    const end = argument.indexOf('--')
    if (end === 0) throw new CommandError("Missing setting before '--' delimiter")
    const command = end < 0 ? '' : argument.slice(end + 2).trimStart()
    if (command === '') throw new CommandError('No previous command to relaunch')
    const { setting, value } = settingNamed(argument.slice(0, end), argument)
    const old = session.settings.worded(setting)
    applySetting(session, setting, value)
    try {
      await runningOf(session).execute(command)
    } finally {
      applySetting(session, setting, old)
    }
  },
}

export const INIT_IF_UNDEFINED: Command = {
  name: 'init-if-undefined',
  group: 'data',
  line: 'Set a convenience variable that has no value yet.',
  help: 'Usage: init-if-undefined $VARIABLE = EXP',
  run(session, argument) {
    const tree = session.parse(argument)
    if (tree.kind !== 'assign' || tree.operator !== undefined) {
      throw new CommandError('Init-if-undefined requires an assignment expression.')
    }
    if (tree.left.kind !== 'variable') {
      throw new CommandError('The first parameter to init-if-undefined should be a GDB variable.')
    }
    if (session.scope.variable(tree.left.name).type.kind === 'void')
      runAssignment(session, argument)
  },
}

export const DONT_REPEAT: Command = {
  name: 'dont-repeat',
  group: 'support',
  line: 'Do not repeat this command when an empty line is typed.',
  run() {},
}

export const COMPLETE: Command = {
  name: 'complete',
  group: 'support',
  line: 'List the completions for the rest of the line as a command.',
  help: 'Usage: complete TEXT\n\nExample:\n  complete info l',
  run(session, argument) {
    const most = session.settings.number('max-completions')
    if (most === 0) {
      session.out('max-completions is zero, completion is disabled.\n')
      return
    }
    const { start, words } = runningOf(session).complete(argument)
    const before = argument.slice(0, start)
    const shown = most < 0 ? words : words.slice(0, most)
    for (const word of shown) session.out(`${before}${word}\n`)
    if (shown.length < words.length) {
      session.out(`${before} *** List may be truncated, max-completions reached. ***\n`)
    }
  },
}
