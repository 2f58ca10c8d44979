// Commands from a pipe or a here-document: line by line as they come, errors told and gone on after, as in gdb.

import { createInterface } from 'node:readline'
import type { Runner } from '../inspector/index.ts'
import { runLine } from '../prompt/run.ts'

/** `stopAtError`: with -batch a script on standard input is one script. Gives whether all (then: the last) went well. */
export async function runStandardInput(runner: Runner, stopAtError: boolean): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, terminal: false })
  const lines = reader[Symbol.asyncIterator]()
  const next = async (): Promise<string | undefined> => {
    const { value, done } = await lines.next()
    if (done) return undefined
    let line = value as string
    while (line.endsWith('\\')) {
      const more = await lines.next()
      if (more.done) break
      line = line.slice(0, -1) + (more.value as string)
    }
    return line
  }
  let well = true
  try {
    for (let line = await next(); line !== undefined; line = await next()) {
      well = await runLine(runner, line, { next })
      if (!well && stopAtError) break
    }
  } finally {
    reader.close()
    process.stdin.destroy()
  }
  return well
}
