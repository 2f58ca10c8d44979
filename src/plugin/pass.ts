// One walk over all modules: what is alive, what had to be left and why. Walks are repeated until nothing changes.

import type { Binding } from './bindings.ts'
import type { Cell } from './cells.ts'
import type { Kinds } from './kinds.ts'
import type { Module } from './module.ts'
import type { Note } from './note.ts'
import type { Node, Placed } from './parse.ts'

const NONE: ReadonlySet<string> = new Set()
const NO_USE = { values: 0, types: 0 }
/** Not known yet. */
const MANY_USES = { values: 1, types: 1 }

/** What a walk finds out; shared by the strippers of all modules. */
export class Pass {
  readonly kinds: Kinds
  readonly sideEffects: 'keep' | 'drop'
  /** The walk before: imports stand above what uses them. */
  readonly before: Pass | undefined
  readonly silent = new Set<string>()
  readonly notes = new Map<string, Note>()
  /** Uses that stay. */
  readonly live = new Map<Cell, number>()
  /** Assignments that stay and that alone read nothing. */
  readonly written = new Map<Cell, number>()
  readonly liveBindings = new Map<Binding, { values: number; types: number }>()
  /** A new thing must stay: all that it needs is not known yet. */
  hasKept = false
  hasEmptied = false

  constructor(kinds: Kinds, sideEffects: 'keep' | 'drop', before: Pass | undefined) {
    this.kinds = kinds
    this.sideEffects = sideEffects
    this.before = before
  }

  /** Modules that did nothing when they are loaded, as far as the walk before knew. */
  get silentBefore(): ReadonlySet<string> {
    return this.before?.silent ?? NONE
  }

  /** How often a name is used as a value or a type. */
  usesOf(binding: Binding): { readonly values: number; readonly types: number } {
    const uses = this.before?.liveBindings
    return uses ? (uses.get(binding) ?? NO_USE) : MANY_USES
  }

  keep(cell: Cell): void {
    if (cell.isKept) return
    cell.isKept = true
    this.hasKept = true
  }

  use(module: Module, id: Node, isType: boolean): void {
    const binding = module.bindings.of.get(id)
    if (!binding) return
    const counts = this.liveBindings.get(binding) ?? { values: 0, types: 0 }
    this.liveBindings.set(binding, counts)
    if (isType) counts.types++
    else counts.values++
    const cell = this.kinds.cellOf(binding)
    this.live.set(cell, (this.live.get(cell) ?? 0) + 1)
  }

  write(module: Module, id: Node): void {
    const binding = module.bindings.of.get(id)
    const cell = binding && this.kinds.cellOf(binding)
    if (cell) this.written.set(cell, (this.written.get(cell) ?? 0) + 1)
  }

  /** Whether this walk found what the one before did. */
  get isSettled(): boolean {
    const { before } = this
    if (!before || this.hasEmptied || this.silent.size !== before.silent.size) return false
    if (this.liveBindings.size !== before.liveBindings.size) return false
    for (const [binding, { values, types }] of this.liveBindings) {
      const uses = before.liveBindings.get(binding)
      if (uses?.values !== values || uses.types !== types) return false
    }
    return true
  }

  note(module: Module, node: Placed, about: Note['about'], text: string): void {
    const { loc } = node
    const line = loc?.start.line ?? 1
    const column = (loc?.start.column ?? 0) + 1
    const key = `${module.file}:${line}:${column}:${about}`
    if (!this.notes.has(key)) this.notes.set(key, { file: module.file, line, column, text, about })
  }
}
