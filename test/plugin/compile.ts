// The plugin's transform over a project that is only in memory.

import { Compiler } from '../../src/plugin/compiler.ts'
import type { Note } from '../../src/plugin/note.ts'
import type { PluginOptions } from '../../src/plugin/options.ts'

export interface Compiled {
  readonly files: ReadonlyMap<string, string>
  readonly notes: readonly Note[]
  readonly maps: ReadonlyMap<string, object>
}

/** What each file becomes; names are relative to the project. */
export function compile(
  given: ReadonlyMap<string, string> | Record<string, string>,
  options: PluginOptions = {},
  environment: Record<string, string> = {},
  define: Record<string, unknown> = {},
): Compiled {
  const texts = new Map(given instanceof Map ? given : Object.entries(given as object))
  const paths = [...texts.keys()].map((name) => `/project/${name}`)
  const compiler = new Compiler(options, () => ({
    list: () => paths,
    read: (file) => texts.get(file.slice('/project/'.length)),
  }))
  compiler.begin('/project', define, environment)
  const files = new Map<string, string>()
  const maps = new Map<string, object>()
  const notes: Note[] = []
  for (const [name, text] of texts) {
    const done = compiler.transform(text, `/project/${name}`)
    files.set(name, done?.code ?? text)
    if (done) maps.set(name, done.map)
    notes.push(...(done?.notes ?? []))
  }
  return { files, notes, maps }
}
