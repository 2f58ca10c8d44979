// What commands such as `source`, `eval` and `help` need of the runner that runs them.

import type { Command } from './commands/command.ts'
import type { CommandTable, Found } from './commands/lookup.ts'
import type { Statement } from './language/script.ts'
import type { Session } from './session.ts'

/** Thrown by `quit`; whoever runs the session ends it with this code. */
export class QuitRequest extends Error {
  override readonly name = 'QuitRequest'
  readonly code: number
  constructor(code: number) {
    super(`quit ${code}`)
    this.code = code
  }
}

/** A command that the user defined. */
export interface Definition {
  readonly name: string
  readonly body: readonly Statement[]
  documentation: string
}

export interface Running {
  readonly table: CommandTable
  /** What `alias` has named, and for what. */
  readonly aliases: ReadonlyMap<string, string>
  readonly definitions: ReadonlyMap<string, Definition>
  source(text: string, name: string): Promise<void>
  execute(line: string): Promise<void>
  /** Runs a line that `eval` made, in the definition around it. */
  evaluated(line: string): Promise<void>
  lookUp(line: string): Found
  /** An abbreviation is not offered by Tab. */
  addAlias(name: string, text: string, target: Command, isAbbreviation: boolean): void
  ask(question: string): Promise<boolean>
  complete(line: string): { start: number; words: readonly string[] }
}

const running = new WeakMap<Session, Running>()

export function setRunning(session: Session, runner: Running): void {
  running.set(session, runner)
}

export function runningOf(session: Session): Running {
  const runner = running.get(session)
  if (runner === undefined) throw new TypeError('Cannot run a command: the session has no runner')
  return runner
}
