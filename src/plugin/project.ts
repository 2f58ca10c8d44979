// The files of the project that have to do with the library: a handle made in one file is used in another, so what may
// be removed here depends on what is written there. Files that name neither the library nor a thing of it are not parsed.

import { isLibrary } from './library.ts'
import { type Export, type Module, readModule } from './module.ts'
import { isSource } from './parse.ts'

/** What the plugin needs of a file system; a test gives it texts. */
export interface Files {
  /** Every file below the root that may be a source, as absolute paths with `/`. */
  list(root: string): readonly string[]
  read(file: string): string | undefined
}

/** What an import stands for, followed through re-exports. */
export type Resolved =
  | { readonly kind: 'library'; readonly name: string }
  | { readonly kind: 'module'; readonly module: Module }
  | { readonly kind: 'export'; readonly module: Module; readonly exported: Export }
  | { readonly kind: 'foreign' }

const FOREIGN: Resolved = { kind: 'foreign' }
/** Longer lines than anyone writes are another tool's output. */
const CHARACTERS_MAX = 2_000_000
const SUFFIXES = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs']

export class Project {
  readonly modules = new Map<string, Module>()
  readonly aliases: readonly string[]
  /** Files that name the library and that the parser does not know, and why. */
  readonly unreadable = new Map<string, string>()
  readonly #texts = new Map<string, string>()
  readonly #files: Files
  readonly #root: string
  #properties: ReadonlySet<string> = new Set()

  constructor(root: string, files: Files, aliases: readonly string[]) {
    this.#root = root
    this.#files = files
    this.aliases = aliases
    this.scan()
  }

  /** Reads the project anew. */
  scan(): void {
    this.modules.clear()
    this.#texts.clear()
    this.unreadable.clear()
    this.#properties = new Set()
    for (const file of this.#files.list(this.#root)) {
      if (!isSource(file)) continue
      const text = this.#files.read(file)
      if (text !== undefined && text.length <= CHARACTERS_MAX) this.#texts.set(file, text)
    }
    this.#parseWhatMatters()
  }

  /** Takes in the files that name one of these properties; true when there are any. */
  widen(properties: ReadonlySet<string>): boolean {
    const before = this.modules.size
    this.#properties = properties
    this.#parseWhatMatters()
    return this.modules.size > before
  }

  /** The module of a file that a bundler hands over; true when it is other than what was known. */
  update(file: string, text: string): boolean {
    if (this.modules.get(file)?.text === text) return false
    if (this.#texts.get(file) === text) return false
    this.#texts.set(file, text)
    this.modules.delete(file)
    this.#parseWhatMatters()
    return this.modules.has(file)
  }

  isLibrary(specifier: string): boolean {
    return isLibrary(specifier, this.aliases)
  }

  /** The module of the project that a specifier means. */
  target(from: Module, specifier: string): Module | undefined {
    const file = this.#fileOf(from.file, specifier)
    return file === undefined ? undefined : this.modules.get(file)
  }

  /** What `name` of the specifier is; '*' for all of it. */
  resolve(from: Module, specifier: string, name: string, seen = new Set<string>()): Resolved {
    if (this.isLibrary(specifier)) return { kind: 'library', name }
    const module = this.target(from, specifier)
    if (!module) return FOREIGN
    if (name === '*') return { kind: 'module', module }
    return this.#exportOf(module, name, seen)
  }

  /** Modules that an import may mean which is not followed (`@/histories`, by its last name), and where it stands. */
  maybeImported(): Map<Module, { readonly by: Module; readonly source: string }> {
    const found = new Map<Module, { readonly by: Module; readonly source: string }>()
    const byName = new Map<string, Module[]>()
    for (const module of this.modules.values())
      for (const name of namesOf(module.file))
        byName.set(name, [...(byName.get(name) ?? []), module])
    for (const by of this.modules.values()) {
      for (const source of by.sources) {
        if (source.startsWith('node:') || this.isLibrary(source) || this.target(by, source))
          continue
        const name = withoutExtension(source.split('/').at(-1) as string)
        // A package's name is one word, or a scope and a word.
        if (/^(?:@[^/]+\/)?[^/@#~.][^/]*$/.test(source) && !source.startsWith('@/')) continue
        for (const module of byName.get(name) ?? []) found.set(module, { by, source })
      }
    }
    return found
  }

  #exportOf(module: Module, name: string, seen: Set<string>): Resolved {
    const key = `${module.file}\0${name}`
    if (seen.has(key)) return FOREIGN
    seen.add(key)
    const exported = module.exports.get(name)
    if (exported && 'from' in exported)
      return this.resolve(module, exported.from, exported.name, seen)
    if (exported) return { kind: 'export', module, exported }
    for (const star of name === 'default' ? [] : module.stars) {
      const found = this.resolve(module, star, name, seen)
      if (found.kind === 'library' && !/^[A-Z]|^dumpOnFault$/.test(name)) continue
      if (found.kind !== 'foreign') return found
    }
    return FOREIGN
  }

  #parseWhatMatters(): void {
    for (let found = true; found; ) {
      found = false
      const words = this.#words()
      for (const [file, text] of this.#texts) {
        if (this.modules.has(file) || this.unreadable.has(file) || !words.test(text)) continue
        found = this.#parse(file, text) || found
      }
    }
  }

  #parse(file: string, text: string): boolean {
    try {
      this.modules.set(file, readModule(file, text))
      return true
    } catch (error) {
      this.unreadable.set(file, error instanceof Error ? error.message : String(error))
      return false
    }
  }

  /** What a file that matters names: the library, a file that matters, or a property that may hold a thing of it. */
  #words(): RegExp {
    const words = new Set<string>(['struct-history', ...this.aliases, ...this.#properties])
    for (const module of this.modules.values()) {
      for (const name of namesOf(module.file)) words.add(name)
    }
    const escaped = [...words].map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    return new RegExp(`(?<![\\w$-])(?:${escaped.join('|')})(?![\\w$-])`)
  }

  #fileOf(from: string, specifier: string): string | undefined {
    if (!/^\.{0,2}\//.test(specifier)) return undefined
    const path = specifier.startsWith('/') ? specifier : joined(from, specifier)
    const bare = path.replace(/\.([cm]?)jsx?$/, '.$1ts')
    for (const base of [path, bare, bare.replace(/\.ts$/, '.tsx')])
      for (const suffix of SUFFIXES) if (this.#texts.has(base + suffix)) return base + suffix
    for (const suffix of SUFFIXES.slice(1))
      if (this.#texts.has(`${path}/index${suffix}`)) return `${path}/index${suffix}`
    return undefined
  }
}

/** What imports call a file: by its name, or by its folder's. */
function namesOf(file: string): string[] {
  const [folder, name] = file.split('/').slice(-2) as [string, string]
  const own = withoutExtension(name)
  return own === 'index' && folder ? [own, folder] : [own]
}

const withoutExtension = (name: string) => name.replace(/\.[cm]?[jt]sx?$/, '')

function joined(from: string, specifier: string): string {
  const parts = from.split('/').slice(0, -1)
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}
