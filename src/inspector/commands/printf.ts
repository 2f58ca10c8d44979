// printf, eval and echo: text of one's own.

import { unescapeEcho } from '../language/escapes.ts'
import type { Value } from '../language/values.ts'
import { CommandError } from '../messages.ts'
import { parseFormatString, printFormatted, splitFormatString } from '../print/c-printf.ts'
import { runningOf } from '../running.ts'
import type { Session } from '../session.ts'
import type { Command } from './command.ts'
import { completeExpression } from './complete.ts'

const REQUIRED = 'Argument required (format-control string and values to print).'

function formatted(session: Session, argument: string, write: (text: string) => void): void {
  if (argument === '') throw new CommandError(REQUIRED)
  const { format, rest } = splitFormatString(argument)
  const pieces = parseFormatString(format)
  const values = session.evaluateList(rest)
  const stringAt = (pointer: Value): string =>
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(session.stringAt(pointer))
  printFormatted(pieces, values, stringAt, write)
}

export const PRINTF: Command = {
  name: 'printf',
  group: 'data',
  line: 'Print values as C\'s "printf" does.',
  help: `Usage: printf "format string", ARG1, ARG2, ARG3, ..., ARGN

Example:
  printf "%s has %d events\\n", $sh->obj_name, $sh->len`,
  complete: completeExpression,
  run(session, argument) {
    formatted(session, argument, (text) => session.out(text))
  },
}

export const EVAL: Command = {
  name: 'eval',
  group: 'support',
  line: 'Make a command line as printf would, and run it.',
  help: 'Usage: eval "format string", ARG1, ARG2, ARG3, ..., ARGN\n\nExample:\n  eval "p $arg%d", $i',
  async run(session, argument) {
    let line = ''
    formatted(session, argument, (text) => {
      line += text
    })
    await runningOf(session).evaluated(line)
  },
}

export const ECHO: Command = {
  name: 'echo',
  group: 'support',
  line: 'Print a constant text.',
  help: `Usage: echo TEXT

\\n is a new line; a backslash also keeps a blank at either end of the text.
No new line is added.`,
  run(session, argument) {
    session.out(unescapeEcho(argument))
  },
}
