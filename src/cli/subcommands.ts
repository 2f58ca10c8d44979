// shdb WORD …: what is done without a session.

import { shownMessage } from '../inspector/index.ts'
import { runCoreHandler } from './core-handler.ts'
import { runDoctor } from './doctor.ts'
import { runMerge } from './merge.ts'
import { writeError } from './output.ts'
import { messageOf } from './run.ts'
import { runSnapshot } from './snapshot.ts'

const SUBCOMMANDS: Readonly<Record<string, (argv: readonly string[]) => Promise<number>>> = {
  'core-handler': runCoreHandler,
  doctor: runDoctor,
  merge: runMerge,
  snapshot: runSnapshot,
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
      return 1
    }
  }
}
