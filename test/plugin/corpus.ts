// Programs twice: with statements of the library, and the same written without.

import { readdirSync, readFileSync } from 'node:fs'

export interface Program {
  readonly name: string
  /** What it shows. */
  readonly title: string
  readonly entry: string
  readonly withStatements: ReadonlyMap<string, string>
  readonly without: ReadonlyMap<string, string>
}

/** Reads a file of corpus/: a line of title, then `--- with FILE` and `--- without FILE` with a file's text each. */
export function corpus(folder = new URL('./corpus/', import.meta.url)): Program[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .map((file) => programOf(file, readFileSync(new URL(file, folder), 'utf8')))
}

function programOf(file: string, text: string): Program {
  const [title = '', ...parts] = text.split(/^--- /m)
  const withStatements = new Map<string, string>()
  const without = new Map<string, string>()
  for (const part of parts) {
    const [head = '', ...lines] = part.split('\n')
    const [which, name = ''] = head.split(' ')
    if (which !== 'with' && which !== 'without')
      throw new Error(`${file}: expected "with" or "without", got "${which}"`)
    const files = which === 'with' ? withStatements : without
    files.set(name, lines.join('\n'))
  }
  const [entry] = withStatements.keys()
  if (!entry) throw new Error(`${file}: no program`)
  return { name: file.replace(/\.txt$/, ''), title: title.trim(), entry, withStatements, without }
}
