// shdb WORD …: what is done without a session.

import { shownMessage } from '../inspector/index.ts'
import { messageOf } from '../prompt/run.ts'
import { runCheck } from './check.ts'
import { runCoreHandler } from './core-handler.ts'
import { runDoctor } from './doctor.ts'
import { runMerge } from './merge.ts'
import { writeError } from './output.ts'
import { runRedact } from './redact.ts'
import { runSnapshot } from './snapshot.ts'

type Run = (argv: readonly string[]) => Promise<number>

const SUBCOMMANDS: Readonly<Record<string, Run>> = {
  check: runCheck,
  'core-handler': runCoreHandler,
  doctor: runDoctor,
  // The writer of Parquet is loaded when it is asked for.
  export: async (argv) => (await import('./export.ts')).runExport(argv),
  merge: runMerge,
  redact: runRedact,
  ship: async (argv) => (await import('./ship/ship.ts')).runShip(argv),
  snapshot: runSnapshot,
  sql: async (argv) => (await import('./sql/sql.ts')).runSql(argv),
  // So is the server.
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
      return run === runCheck ? CHECK_FAILED : FAILED
    }
  }
}
