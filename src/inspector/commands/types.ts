// whatis and ptype: what an expression is.

import { typeDefinition, typeName } from '../language/types.ts'
import type { Session } from '../session.ts'
import type { Command } from './command.ts'
import { completeExpression } from './complete.ts'

/** Flags such as /o change how gdb lays out a struct; here they are taken and change nothing. */
const withoutFlags = (argument: string): string => argument.replace(/^\/\S*\s*/, '')

function typeOf(session: Session, argument: string): ReturnType<Session['typeOf']> {
  const text = withoutFlags(argument)
  if (text === '') return { value: session.values.back(0), named: false }
  return session.typeOf(text)
}

export const WHATIS: Command = {
  name: 'whatis',
  group: 'data',
  line: 'Print data type of expression EXP.',
  help: 'Usage: whatis EXP\n\nOnly the name is shown; "ptype" shows what stands behind it.',
  complete: completeExpression,
  run(session, argument) {
    session.out(`type = ${typeName(typeOf(session, argument).value.type)}\n`)
  },
}

export const PTYPE: Command = {
  name: 'ptype',
  group: 'data',
  line: 'Print definition of type TYPE.',
  help: 'Usage: ptype TYPE | EXP\n\nExamples:\n  ptype struct struct_hist\n  ptype history(0x7f95acf6ea60)->actions',
  complete: completeExpression,
  run(session, argument) {
    session.out(`type = ${typeDefinition(typeOf(session, argument).value.type)}\n`)
  },
}
