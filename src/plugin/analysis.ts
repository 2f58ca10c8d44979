// From the files of a project to what each becomes without the library.

import type { Binding } from './bindings.ts'
import type { Cell } from './cells.ts'
import { Edits } from './edits.ts'
import { Kinds } from './kinds.ts'
import { isOurs } from './library.ts'
import type { Module } from './module.ts'
import type { Note } from './note.ts'
import type { Placed } from './parse.ts'
import { Pass } from './pass.ts'
import type { Project } from './project.ts'
import { Residues } from './residue.ts'
import { Stripper } from './strip.ts'

/** Each walk removes something or keeps something more; a program that needs more walks than this is left to its author. */
const WALKS_MAX = 1000

export interface Stripped {
  readonly edits: ReadonlyMap<string, Edits>
  readonly notes: readonly Note[]
}

/** What every place of the project holds, the files that only name one of the library's properties taken in. */
export function kindsOf(project: Project): Kinds {
  for (;;) {
    const kinds = new Kinds(project)
    if (!project.widen(kinds.propertyNames())) return kinds
  }
}

/** Removes the library from all modules together. */
export function strip(project: Project, sideEffects: 'keep' | 'drop'): Stripped {
  const kinds = kindsOf(project)
  const modules = [...project.modules.values()]
  let before: Pass | undefined
  for (let walk = 0; walk < WALKS_MAX; walk++) {
    const pass = new Pass(kinds, sideEffects, before)
    const edits = new Map<string, Edits>()
    for (const module of modules) {
      const own = new Edits(module.text)
      edits.set(module.file, own)
      new Stripper(module, pass, own).run()
    }
    if (pass.hasKept) {
      // What was concluded from its going is not true any more.
      for (const { cell } of cellsOf(kinds, modules)) cell.isOrphan = false
      for (const callable of kinds.callables.values()) callable.isEmptied = false
      before = undefined
    } else if (!orphan(kinds, modules, pass) && pass.isSettled) {
      return { edits, notes: [...pass.notes.values()] }
    } else before = pass
  }
  throw new Error(
    'Cannot remove struct-history: the analysis of the project does not come to an end',
  )
}

function* cellsOf(
  kinds: Kinds,
  modules: readonly Module[],
): Generator<{ cell: Cell; binding: Binding; module: Module }> {
  for (const module of modules)
    for (const binding of module.bindings.all)
      yield { cell: kinds.cellOf(binding), binding, module }
}

/** Marks what only the removed statements used; true when there is more of it than before. */
function orphan(kinds: Kinds, modules: readonly Module[], pass: Pass): boolean {
  const references = new Map<Cell, number>()
  for (const { cell, binding } of cellsOf(kinds, modules))
    references.set(cell, (references.get(cell) ?? 0) + binding.references.length)
  let isMore = false
  for (const { cell, binding, module } of cellsOf(kinds, modules)) {
    if (cell.isOrphan || cell.isKept || isOurs(cell.kind)) continue
    const removed = (references.get(cell) ?? 0) - (pass.written.get(cell) ?? 0)
    if (removed < 1 || pass.live.has(cell)) continue
    if (!canGo(kinds, module, binding, pass)) continue
    cell.isOrphan = true
    isMore = true
  }
  return isMore
}

function canGo(kinds: Kinds, module: Module, binding: Binding, pass: Pass): boolean {
  const { declaration, how } = binding
  const callable = kinds.callables.get(kinds.cellOf(binding))
  const isExported = [...module.exports.values()].some(
    (exported) => 'binding' in exported && exported.binding === binding,
  )
  if (isExported && !callable?.isEmptied) return false
  const residues = new Residues(kinds, module, pass.silentBefore)
  switch (how) {
    case 'function':
      return true
    case 'class':
      return residues.of({ ...declaration, type: 'ClassExpression' } as Placed).length === 0
    case 'variable': {
      if (declaration.type !== 'VariableDeclarator') return false
      const list = module.bindings.parents.get(declaration) as Placed
      if (list.type !== 'VariableDeclaration' || /using/.test(list.kind)) return false
      if (/^For/.test(module.bindings.parents.get(list)?.type ?? '')) return false
      return isIdle(residues.of(declaration.init), module, binding, pass)
    }
    case 'parameter': {
      const owner = kinds.functions.get(declaration)
      return owner?.isClosed === true && owner.params.includes(kinds.cellOf(binding))
    }
    default:
      return false
  }
}

/** Whether setting a variable that only the library used does nothing else, or may be dropped. */
function isIdle(left: readonly Placed[], module: Module, binding: Binding, pass: Pass): boolean {
  if (left.length === 0 || pass.sideEffects === 'drop') return true
  pass.note(
    module,
    left[0] as Placed,
    'effect',
    `\`${binding.name}\` was used by the library alone, and what it is set to may do something: kept`,
  )
  return false
}
