// Imports, exports, and whether a module does anything when it is loaded.

import { isOurs } from './library.ts'
import { nameOf } from './module.ts'
import type { Node, Of, Placed } from './parse.ts'
import { isRemovable } from './residue.ts'
import { Part } from './strip-part.ts'

export class ModuleParts extends Part {
  import(node: Of<'ImportDeclaration'>): boolean {
    const specifiers = node.specifiers as Placed[]
    const source = node.source.value
    const isLibrary = this.pass.kinds.project.isLibrary(source)
    if (specifiers.length === 0) return isLibrary || this.isBlank(source)
    const goes = (specifier: Placed) => this.#isGoneImport(specifier, isLibrary)
    if (!specifiers.every(goes)) {
      this.on.values.removeItems(specifiers, goes)
      this.#asTypes(node, isLibrary)
      return false
    }
    const isBuiltin = source.startsWith('node:')
    if (isLibrary || node.importKind === 'type' || isBuiltin || this.#isSilentSource(source))
      return true
    this.pass.note(
      this.module,
      node,
      'effect',
      `"${source}" was imported for the library's arguments alone and may do something when it is loaded: ${this.pass.sideEffects === 'keep' ? 'the import stays' : 'dropped'}`,
    )
    if (this.pass.sideEffects === 'drop') return true
    this.edits.remove((specifiers[0] as Placed).start, node.source.start as number)
    const open = this.module.text.slice(node.start + 6, (specifiers[0] as Placed).start)
    this.edits.replace(node.start + 6, node.start + 6 + open.length, ' ')
    return false
  }

  #isGoneImport(specifier: Placed, isLibrary: boolean): boolean {
    const binding = this.module.bindings.of.get((specifier as Of<'ImportSpecifier'>).local)
    if (!binding) return false
    const cell = this.pass.kinds.cellOf(binding)
    const alive = this.pass.usesOf(binding)
    if (isLibrary) return alive.values + alive.types === 0 && !(cell.isKept && isOurs(cell.kind))
    if (isRemovable(cell)) return true
    return binding.references.length > 0 && alive.values + alive.types === 0
  }

  /** What stays for its types alone must not be loaded. */
  #asTypes(node: Of<'ImportDeclaration'>, isLibrary: boolean): void {
    if (!isLibrary || node.importKind === 'type' || !/\.[cm]?tsx?$/.test(this.module.file)) return
    const values = node.specifiers.some((specifier) => {
      const binding = this.module.bindings.of.get(specifier.local)
      return binding && this.pass.usesOf(binding).values > 0
    })
    if (values) return
    this.edits.insert(node.start + 'import'.length, ' type')
    for (const specifier of node.specifiers) {
      if (specifier.type !== 'ImportSpecifier' || specifier.importKind !== 'type') continue
      this.edits.remove(specifier.start as number, specifier.imported.start as number)
    }
  }

  export(node: Of<'ExportNamedDeclaration'>): boolean {
    if (node.declaration) return this.on.statements.statement(node.declaration as Placed)
    const specifiers = node.specifiers as Placed[]
    const isGone = (specifier: Placed) => this.#isGoneExport(node, specifier)
    if (specifiers.length > 0 && specifiers.every(isGone)) {
      const source = node.source?.value
      return (
        source === undefined ||
        this.pass.kinds.project.isLibrary(source) ||
        this.#isSilentSource(source)
      )
    }
    this.on.values.removeItems(specifiers, isGone)
    for (const specifier of specifiers)
      if (!isGone(specifier) && !node.source && specifier.type === 'ExportSpecifier')
        this.pass.use(this.module, specifier.local, false)
    return false
  }

  #isGoneExport(node: Of<'ExportNamedDeclaration'>, specifier: Placed): boolean {
    const source = node.source?.value
    if (specifier.type === 'ExportNamespaceSpecifier') return this.isBlank(source as string)
    if (specifier.type !== 'ExportSpecifier') return false
    if (source === undefined) return isRemovable(this.on.questions.cellOfName(specifier.local))
    const name = nameOf(specifier.exported)
    if (this.pass.kinds.project.isLibrary(source)) return !this.#isReexportUsed(name)
    const cell = this.pass.kinds.project.target(this.module, source)
    const found = cell && this.pass.kinds.exportCell(cell, nameOf(specifier.local))
    return isRemovable(found)
  }

  /** Whether some module still takes a thing of the library by way of this one. */
  #isReexportUsed(name: string): boolean {
    const { kinds } = this.pass
    for (const module of kinds.project.modules.values()) {
      for (const binding of module.bindings.all) {
        const statement = module.bindings.parents.get(binding.declaration)
        if (statement?.type !== 'ImportDeclaration' || !kinds.cellOf(binding).isKept) continue
        const { declaration } = binding
        const imported = declaration.type === 'ImportSpecifier' ? nameOf(declaration.imported) : '*'
        const target = kinds.project.target(module, statement.source.value)
        if (target === this.module && (imported === name || imported === '*')) return true
      }
    }
    return false
  }

  exportDefault(node: Of<'ExportDefaultDeclaration'>): boolean {
    const declared = node.declaration as Placed
    if (declared.type === 'FunctionDeclaration' || declared.type === 'ClassDeclaration')
      return this.on.statements.statement(declared)
    const cell = this.pass.kinds.exportCell(this.module, 'default')
    if (isRemovable(cell)) return this.on.statements.leave(node, this.residues.of(declared))
    this.on.statements.stored(declared, cell?.isKept === true && isOurs(cell.kind))
    return false
  }

  /** A module of which nothing is left to load, or to take. */
  isBlank(source: string): boolean {
    const { kinds } = this.pass
    const { project } = kinds
    if (project.isLibrary(source)) {
      // `export * from 'struct-history'`: taken by name elsewhere.
      return ![...project.modules.values()].some((module) =>
        module.bindings.all.some(
          (binding) =>
            binding.how === 'import' &&
            kinds.cellOf(binding).isKept &&
            isOurs(kinds.cellOf(binding).kind),
        ),
      )
    }
    const target = project.target(this.module, source)
    if (!target || !this.pass.silentBefore.has(target.file)) return false
    return [...target.exports.keys()].every((name) => isRemovable(kinds.exportCell(target, name)))
  }

  #isSilentSource(source: string): boolean {
    const target = this.pass.kinds.project.target(this.module, source)
    return target !== undefined && this.pass.silentBefore.has(target.file)
  }

  /** A statement that is there, and does nothing when the module is loaded. */
  isSilent(node: Placed): boolean {
    switch (node.type) {
      case 'ImportDeclaration':
        return (
          node.importKind === 'type' ||
          node.source.value.startsWith('node:') ||
          this.#isSilentSource(node.source.value)
        )
      case 'ExportNamedDeclaration':
        if (node.declaration) return this.isSilent(node.declaration as Placed)
        return !node.source || this.#isSilentSource(node.source.value)
      case 'ExportAllDeclaration':
        return this.#isSilentSource(node.source.value)
      case 'ExportDefaultDeclaration':
        return this.residues.of(node.declaration).length === 0
      case 'VariableDeclaration':
        return node.declarations.every(({ init }) => this.residues.of(init).length === 0)
      case 'ClassDeclaration':
        return this.residues.of({ ...node, type: 'ClassExpression' } as Node).length === 0
      case 'ExpressionStatement':
        return this.#isExport(node.expression as Placed)
      case 'FunctionDeclaration':
      case 'TSInterfaceDeclaration':
      case 'TSTypeAliasDeclaration':
      case 'EmptyStatement':
        return true
      default:
        return false
    }
  }

  /** `module.exports = …`, `exports.name = …` */
  #isExport(node: Placed): boolean {
    return (
      node.type === 'AssignmentExpression' &&
      /^(?:module\.)?exports\b/.test(this.module.text.slice(node.start, node.left.end as number)) &&
      this.residues.of(node.right).length === 0
    )
  }
}
