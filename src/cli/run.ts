// Runs lines and scripts and turns errors into text and an exit code: gdb's sentences, never our stack.

import { ImageError } from '../inspect.ts'
import { CommandError, QuitRequest, type Runner } from '../inspector/index.ts'
import { readText, reason } from './files.ts'
import type { Step } from './options.ts'

/** The sentence of an error that is the user's or the image's; ours come with a request to report them. */
export function messageOf(error: unknown): string {
  if (error instanceof CommandError || error instanceof ImageError) return error.message
  const text = error instanceof Error ? error.message : String(error)
  return `Internal error: ${text.split('\n')[0]}.  Please report it.`
}

/** True when it went well. A quit goes on to whoever runs the session. */
async function guarded({ session }: Runner, run: () => Promise<void>): Promise<boolean> {
  try {
    await run()
    return true
  } catch (error) {
    if (error instanceof QuitRequest) throw error
    session.complain(`${messageOf(error)}\n`)
    return false
  }
}

export interface MoreLines {
  next(depth: number): Promise<string | undefined>
}

/** A line that was typed, with the lines of its block. */
export function runLine(runner: Runner, line: string, more: MoreLines): Promise<boolean> {
  return guarded(runner, async () => {
    const statement = await runner.reader(more).statement(line)
    if (statement !== undefined) await runner.run(statement)
  })
}

/** `-ex` and `-x`. */
export function runStep(runner: Runner, step: Step): Promise<boolean> {
  if (step.kind === 'command') return guarded(runner, () => runner.execute(step.text))
  return runFile(runner, step.text)
}

export async function runFile(runner: Runner, path: string): Promise<boolean> {
  let text: string | undefined
  try {
    text = readText(path)
  } catch (error) {
    runner.session.warn(`warning: ${path}: ${reason(error)}`)
    return true
  }
  if (text === undefined) {
    // As gdb: a script that is not there is a warning.
    runner.session.warn(`warning: ${path}: No such file or directory`)
    return true
  }
  return guarded(runner, () => runner.source(text, path))
}
