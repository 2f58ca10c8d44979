// Which thread: an event carries its thread's name, pid and tid; `info threads` numbers the records that joined.

import type { Event, Thread } from '../image/image.ts'
import { CommandError } from './messages.ts'
import type { Target } from './target.ts'

/** Equal for an event and the thread that logged it. */
export const threadKey = (of: Event | Thread): string =>
  `${of.pid} ${of.tid} ${'thread' in of ? of.thread : of.name}`

/** The record of the thread that logged; undefined where a thread died while it joined. */
export function threadOf(target: Target, event: Event): Thread | undefined {
  const { pid, tid, thread } = event
  return target.image
    .threads()
    .find((each) => each.tid === tid && each.pid === pid && each.name === thread)
}

/** Threads that a word names: by number, or all of that name. A quoted word is a name. */
export function threadsNamed(target: Target, word: string, quoted: boolean): readonly Thread[] {
  const threads = target.image.threads()
  if (!quoted && /^\d+$/.test(word)) return threads.filter(({ number }) => number === Number(word))
  return threads.filter(({ name }) => name === word)
}

/** gdb's sentences for a thread that is not there. */
export const noThread = (word: string): CommandError =>
  new CommandError(/^\d+$/.test(word) ? `Unknown thread ${word}.` : `Invalid thread ID: ${word}`)
