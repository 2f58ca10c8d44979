// Nothing that goes wrong here may reach the application: it is told once, and recording goes on with the next.

import { process } from './node.ts'

let isTold = false

/** The same function, which never throws. */
export function careful<Arguments extends unknown[]>(
  listener: (...given: Arguments) => void,
): (...given: Arguments) => void {
  return (...given) => {
    try {
      listener(...given)
    } catch (error) {
      if (!isTold) warn(`could not record an event, nor tell of further ones: ${reasonOf(error)}`)
      isTold = true
    }
  }
}

/** One line on standard error, as the runtime prints its own warnings. */
export function warn(sentence: string): void {
  process.emitWarning(`struct-history/register: ${sentence}`, { type: 'StructHistoryWarning' })
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
