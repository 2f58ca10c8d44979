// gdb's `info` words that an image has no use for, answered as gdb does when there is no program.

import { CommandError, NO_SYMBOL_TABLE } from '../messages.ts'
import type { Command } from './command.ts'

/** Answers that are no errors. */
const ANSWERS: Readonly<Record<string, string>> = {
  breakpoints: 'No breakpoints or watchpoints.',
  checkpoints: 'No checkpoints.',
  display: 'There are no auto-display expressions now.',
  functions: 'All defined functions:',
  line: 'No line number information available.',
  program: 'The program being debugged is not being run.',
  sharedlibrary: 'No shared libraries loaded at this time.',
  source: 'No current source file.',
  types: 'All defined types:',
  variables: 'All defined variables:',
  watchpoints: 'No watchpoints.',
}
const ERRORS: Readonly<Record<string, string>> = {
  'all-registers': 'The program has no registers now.',
  args: 'No frame selected.',
  auxv: 'The program has no auxiliary information now.',
  locals: 'No frame selected.',
  registers: 'The program has no registers now.',
  scope: NO_SYMBOL_TABLE,
  sources: NO_SYMBOL_TABLE,
  stack: 'No stack.',
}
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  breakpoints: ['b'],
  registers: ['r'],
  sharedlibrary: ['dll'],
  stack: ['s'],
}

const command = (name: string, answer: string, fails: boolean): Command => ({
  name,
  aliases: ALIASES[name] ?? [],
  group: 'status',
  yields: true,
  line: `Not in shdb: ${answer}`,
  run(session, argument) {
    if (name === 'line' && argument !== '') throw new CommandError(NO_SYMBOL_TABLE)
    if (fails) throw new CommandError(answer)
    session.out(`${answer}\n`)
  },
})

export const QUIET_INFO: readonly Command[] = [
  ...Object.entries(ANSWERS).map(([name, answer]) => command(name, answer, false)),
  ...Object.entries(ERRORS).map(([name, answer]) => command(name, answer, true)),
]
