// shdb WORD …: what is done without a session.

import { shownMessage } from '../inspector/index.ts'
import { messageOf } from '../prompt/run.ts'
import { writeError } from './output.ts'

type Run = (argv: readonly string[]) => Promise<number>

/** Each is loaded when it is asked for: most who start shdb want a session. */
const SUBCOMMANDS: Readonly<Record<string, Run>> = {
  check: async (argv) => (await import('./check.ts')).runCheck(argv),
  'core-handler': async (argv) => (await import('./core-handler.ts')).runCoreHandler(argv),
  doctor: async (argv) => (await import('./doctor.ts')).runDoctor(argv),
  export: async (argv) => (await import('./export.ts')).runExport(argv),
  merge: async (argv) => (await import('./merge.ts')).runMerge(argv),
  redact: async (argv) => (await import('./redact.ts')).runRedact(argv),
  ship: async (argv) => (await import('./ship/ship.ts')).runShip(argv),
  snapshot: async (argv) => (await import('./snapshot.ts')).runSnapshot(argv),
  sql: async (argv) => (await import('./sql/sql.ts')).runSql(argv),
  web: async (argv) => (await import('./web.ts')).runWeb(argv),
}

/** Of check, 1 says that something was found. */
const FAILED = 1
const CHECK_FAILED = 2

/** What a command line asks for, if it begins with the word of a subcommand. Its sentence, not our stack, when it fails. */
export function subcommand(argv: readonly string[]): (() => Promise<number>) | undefined {
  const [word = '', ...rest] = argv
  const run = Object.hasOwn(SUBCOMMANDS, word) ? SUBCOMMANDS[word] : undefined
  if (run === undefined) return undefined
  return async () => {
    try {
      return await run(rest)
    } catch (error) {
      writeError(`shdb ${word}: ${shownMessage(messageOf(error))}\n`)
      return word === 'check' ? CHECK_FAILED : FAILED
    }
  }
}
