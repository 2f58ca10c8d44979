// Runs the steps of a command line, commands and scripts, and answers whether they went well.

import type { Runner } from '../inspector/index.ts'
import { guarded } from '../prompt/run.ts'
import { readText, reason } from './files.ts'
import type { Step } from './options.ts'

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
