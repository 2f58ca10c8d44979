// One build: the project is read once, each file then asked for by the bundler gets its part of the answer.

import { kindsOf, strip } from './analysis.ts'
import { Edits, type Output } from './edits.ts'
import type { Kinds } from './kinds.ts'
import { readModule } from './module.ts'
import type { Note } from './note.ts'
import { isEnabled, type PluginOptions, type Settings, settingsOf } from './options.ts'
import { isSource } from './parse.ts'
import { type Files, Project } from './project.ts'
import { addSites } from './sites.ts'

export interface Transformed extends Output {
  readonly notes: readonly Note[]
}

interface Answer {
  readonly edits: ReadonlyMap<string, Edits>
  readonly notes: readonly Note[]
}

export class Compiler {
  readonly settings: Settings
  readonly #files: (exclude: ReadonlySet<string>) => Files
  #root = ''
  #isEnabled = false
  #project: Project | undefined
  #answer: Answer | undefined
  #kinds: Kinds | undefined
  readonly #told = new Set<string>()

  constructor(options: PluginOptions | undefined, files: (exclude: ReadonlySet<string>) => Files) {
    this.settings = settingsOf(options)
    this.#files = files
  }

  /** Begins a build. `root`: the bundler's idea of the project; `define`: what it replaces. */
  begin(
    root: string,
    define: Record<string, unknown> | undefined,
    environment: Record<string, string | undefined>,
  ): void {
    this.#root = slashed(this.settings.root ?? root).replace(/\/$/, '')
    this.#isEnabled = isEnabled(this.settings, define, environment)
    this.#project = undefined
    this.#answer = undefined
    this.#kinds = undefined
    this.#told.clear()
  }

  /** The text of a file without the library, or with its call sites; undefined when nothing changes. */
  transform(text: string, id: string): Transformed | undefined {
    const file = slashed(id.replace(/[?#].*$/, ''))
    if (!isSource(file) || /[?&](raw|url|inline)\b/.test(id) || file.includes('/node_modules/'))
      return undefined
    this.#project ??= this.#newProject()
    if (this.#project.update(file, text)) {
      this.#answer = undefined
      this.#kinds = undefined
    }
    const unreadable = this.#project.unreadable.get(file)
    if (unreadable !== undefined) return this.#unreadable(text, file, unreadable)
    const edits = this.#isEnabled ? this.#sites(file) : this.#stripped(file)
    const notes = this.#isEnabled ? [] : this.#notesOf(file)
    if (edits?.isEmpty !== false) {
      return notes.length > 0 ? { ...new Edits(text).apply(file), notes } : undefined
    }
    const output = edits.apply(file)
    this.#check(file, output.code)
    return { ...output, notes }
  }

  /** A name whose declaration went while a use of it stayed would fail when the program runs: this is to fail now. */
  #check(file: string, code: string): void {
    const before = this.#project?.modules.get(file)?.bindings.free
    for (const name of readModule(file, code).bindings.free)
      if (!before?.has(name))
        throw new Error(
          `Cannot remove struct-history from ${file}: "${name}" would be used without its declaration; this is a fault of struct-history/plugin, please report it`,
        )
  }

  get isEnabled(): boolean {
    return this.#isEnabled
  }

  /** The files that change, of those that the project has now. */
  changing(): string[] {
    this.#project ??= this.#newProject()
    const { modules } = this.#project
    return [...modules.keys()].filter((file) => {
      const edits = this.#isEnabled ? this.#sites(file) : this.#stripped(file)
      return edits?.isEmpty === false
    })
  }

  #newProject(): Project {
    return new Project(this.#root, this.#files(this.settings.exclude), this.settings.library)
  }

  #stripped(file: string): Edits | undefined {
    this.#answer ??= strip(this.#project as Project, this.settings.sideEffects)
    return this.#answer.edits.get(file)
  }

  #sites(file: string): Edits | undefined {
    this.#kinds ??= kindsOf(this.#project as Project)
    const module = this.#project?.modules.get(file)
    if (!module) return undefined
    const edits = new Edits(module.text)
    addSites(module, this.#kinds, edits, this.#named(file))
    return edits
  }

  #named(file: string): string {
    return file.startsWith(`${this.#root}/`) ? file.slice(this.#root.length + 1) : file
  }

  #notesOf(file: string): Note[] {
    const found = (this.#answer?.notes ?? []).filter((note) => note.file === file)
    return found.filter((note) => this.#isNew(note)).map((note) => this.#tell(note))
  }

  #isNew({ file, line, column, about }: Note): boolean {
    const key = `${file}:${line}:${column}:${about}`
    if (this.#told.has(key)) return false
    this.#told.add(key)
    return true
  }

  #tell(note: Note): Note {
    const named = { ...note, file: this.#named(note.file) }
    this.settings.onNote?.(named)
    return named
  }

  #unreadable(text: string, file: string, why: string): Transformed | undefined {
    if (this.#isEnabled) return undefined
    const note: Note = {
      file,
      line: 1,
      column: 1,
      about: 'left',
      text: `cannot be parsed, left as it is: ${why}`,
    }
    const notes = this.#isNew(note) ? [this.#tell(note)] : []
    return { ...new Edits(text).apply(file), notes }
  }
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/')
}

/** A note as one line: `src/conn.ts:41:7: …`. */
export function noteLine({ file, line, column, text }: Note): string {
  return `${file}:${line}:${column}: struct-history: ${text}`
}
