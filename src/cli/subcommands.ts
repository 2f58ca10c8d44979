// shdb WORD …: what is done without a session.

import { shownMessage } from '../inspector/index.ts'
import { runCheck } from './check.ts'
import { writeError } from './output.ts'
import { messageOf } from './run.ts'

const SUBCOMMANDS: Readonly<Record<string, (argv: readonly string[]) => Promise<number>>> = {
  check: runCheck,
}

/** What a command line asks for, if it begins with the word of a subcommand. Its sentence, not our stack, when it fails. */
export function subcommand(argv: readonly string[]): (() => Promise<number>) | undefined {
  const [word = '', ...rest] = argv
  if (!Object.hasOwn(SUBCOMMANDS, word)) return undefined
  return async () => {
    try {
      return (await SUBCOMMANDS[word]?.(rest)) ?? 1
    } catch (error) {
      writeError(`shdb ${word}: ${shownMessage(messageOf(error))}\n`)
      return FAILED
    }
  }
}

/** Not 1, which says that something was found. */
const FAILED = 2
