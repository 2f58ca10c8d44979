// A target, opened in the thread that writes.

import { datagramOutput } from './datagrams.ts'
import { fileOutput } from './file.ts'
import { postOutput } from './post.ts'
import { streamOutput } from './stream.ts'
import { type Output, PLAIN, Refused, type Target, type WriteLines } from './target.ts'

export async function openTarget(target: Target | WriteLines): Promise<Output> {
  if (typeof target === 'function' || target.kind !== 'module') return opened(target)
  const { default: inner } = await import(/* @vite-ignore */ /* webpackIgnore: true */ target.url)
  if (typeof inner !== 'function' && typeof inner?.kind !== 'string')
    throw new Error(`${target.url} has no target as its default export`)
  return openTarget(inner)
}

export function opened(target: Exclude<Target, { kind: 'module' }> | WriteLines): Output {
  if (typeof target === 'function') return functionOutput(target)
  switch (target.kind) {
    case 'syslog':
      return target.transport === 'udp' ? datagramOutput(target) : streamOutput(target)
    case 'file':
      return fileOutput(target)
    case 'post':
      return postOutput(target)
    case 'console':
      return functionOutput((lines) => {
        for (const line of lines) console.info(line)
      })
  }
}

/** What an application's own function has thrown it would throw again. */
function functionOutput(write: WriteLines): Output {
  return {
    form: PLAIN,
    isSynchronous: true,
    write(lines, records) {
      const refuse = (error: unknown): never => {
        throw new Refused(error instanceof Error ? error.message : String(error))
      }
      try {
        // Whatever else it answers is of no interest.
        const answer: unknown = write(lines, records)
        return answer instanceof Promise ? answer.catch(refuse) : undefined
      } catch (error) {
        refuse(error)
      }
    },
    close() {},
  }
}
