// Runs what is typed and turns errors into text: gdb's sentences, never our stack.

import { ImageError } from '../image/bytes.ts'
import { CommandError, QuitRequest, type Runner } from '../inspector/index.ts'

/** The sentence of an error that is the user's or the image's; ours come with a request to report them. */
export function messageOf(error: unknown): string {
  if (error instanceof CommandError || error instanceof ImageError) return error.message
  const text = error instanceof Error ? error.message : String(error)
  return `Internal error: ${text.split('\n')[0]}.  Please report it.`
}

/** True when it went well. A quit goes on to whoever runs the session. */
export async function guarded({ session }: Runner, run: () => Promise<void>): Promise<boolean> {
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
