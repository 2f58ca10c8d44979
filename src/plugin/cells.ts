// The places of the program that hold values. A local is a place of its own; all properties of one name are one place,
// whatever object they are of (a private name: of its class). A name that is imported is the place that it means elsewhere.

import type { Binding } from './bindings.ts'
import { exportKind, isOurs, type Kind, MODULE, NAMESPACE, OTHER, UNKNOWN } from './library.ts'
import { type Module, requested } from './module.ts'
import { bare, keyName, type Node, type Placed } from './parse.ts'
import type { Project, Resolved } from './project.ts'

/** A place that holds values. */
export interface Cell {
  readonly name: string
  kind: Kind
  /** Said by a type or an import: what is written does not change it. */
  isFixed: boolean
  readonly writes: Write[]
  readonly isProperty: boolean
  /** What the application uses it for could not be removed: it stays, and so does all that is written to it. */
  isKept: boolean
  /** Nothing that stays reads it. */
  isOrphan: boolean
}

export interface Write {
  readonly module: Module
  readonly node: Placed
  readonly kind: () => Kind
}

export class Cells {
  /** In the order in which they came up. */
  readonly all: Cell[] = []
  readonly properties = new Map<string, Cell>()
  readonly #project: Project
  readonly #kindOf: (expression: Placed, module: Module) => Kind
  readonly #modules = new Map<Binding, Module>()
  readonly #ofBindings = new Map<Binding, Cell>()
  readonly #ofDefaults = new Map<Node, Cell>()

  /** `kindOf`: what an expression is, of what these cells hold; not asked before all of them are made. */
  constructor(project: Project, kindOf: (expression: Placed, module: Module) => Kind) {
    this.#project = project
    this.#kindOf = kindOf
    const modules = [...project.modules.values()]
    for (const module of modules)
      for (const binding of module.bindings.all) this.#modules.set(binding, module)
    for (const { bindings } of modules) for (const binding of bindings.all) this.of(binding)
  }

  /** Those that some module imports. */
  imported(): Set<Cell> {
    const imports = [...this.#ofBindings].filter(([{ how }]) => how === 'import')
    return new Set(imports.map(([, cell]) => cell))
  }

  of(binding: Binding): Cell {
    const known = this.#ofBindings.get(binding)
    if (known) return known
    const resolved = binding.how === 'import' ? this.importOf(binding) : undefined
    const cell = this.#cellOfImport(binding, resolved)
    this.#ofBindings.set(binding, cell)
    return cell
  }

  /** What an imported name stands for. */
  importOf(binding: Binding): Resolved | undefined {
    const module = this.#modules.get(binding) as Module
    const specifier = binding.declaration
    const statement = module.bindings.parents.get(specifier)
    if (specifier.type === 'TSImportEqualsDeclaration') {
      const source = requested(specifier.moduleReference, module.bindings)
      return source === undefined ? undefined : this.#project.resolve(module, source, '*')
    }
    if (statement?.type !== 'ImportDeclaration') return undefined
    const from = statement.source.value
    if (specifier.type === 'ImportNamespaceSpecifier')
      return this.#project.resolve(module, from, '*')
    if (specifier.type === 'ImportDefaultSpecifier')
      return this.#project.resolve(module, from, 'default')
    if (specifier.type !== 'ImportSpecifier') return undefined
    const { imported } = specifier
    const name = imported.type === 'StringLiteral' ? imported.value : imported.name
    return this.#project.resolve(module, from, name)
  }

  /** The property of this name; a private one belongs to its class. */
  ofProperty(name: string, module: Module, at: Node): Cell {
    const key = name.startsWith('#') ? `${name} ${module.file} ${classAround(at, module)}` : name
    let cell = this.properties.get(key)
    if (!cell) {
      cell = this.add(name, true)
      this.properties.set(key, cell)
    }
    return cell
  }

  /** Where an assignment writes to; undefined for what has no name. */
  ofTarget(target: Placed, module: Module): Cell | undefined {
    const to = bare(target)
    if (to.type === 'Identifier') {
      const binding = module.bindings.of.get(to)
      return binding && this.of(binding)
    }
    if (to.type !== 'MemberExpression' && to.type !== 'OptionalMemberExpression') return undefined
    const name = keyName(to.property, to.computed === true)
    if (name === undefined || isOurs(this.#kindOf(to.object as Placed, module))) return undefined
    return this.ofProperty(name, module, to)
  }

  ofExport(module: Module, name: string): Cell | undefined {
    const exported = module.exports.get(name)
    return exported && this.ofResolved({ kind: 'export', module, exported })
  }

  ofResolved(resolved: Resolved): Cell | undefined {
    if (resolved.kind !== 'export') return undefined
    const { exported, module } = resolved
    if ('binding' in exported) return this.of(exported.binding)
    if (!('expression' in exported)) return undefined
    const { expression } = exported
    let cell = this.#ofDefaults.get(expression)
    if (!cell) {
      cell = this.add('default', false)
      this.#ofDefaults.set(expression, cell)
      this.write(cell, module, expression, () => this.#kindOf(expression, module))
    }
    return cell
  }

  add(name: string, isProperty: boolean, kind?: Kind): Cell {
    const cell: Cell = {
      name,
      kind: kind ?? UNKNOWN,
      isFixed: kind !== undefined,
      writes: [],
      isProperty,
      isKept: false,
      isOrphan: false,
    }
    this.all.push(cell)
    return cell
  }

  write(cell: Cell | undefined, module: Module, node: Placed, kind: () => Kind): void {
    cell?.writes.push({ module, node, kind })
  }

  #cellOfImport(binding: Binding, resolved: Resolved | undefined): Cell {
    const resolvedCell = resolved && this.ofResolved(resolved)
    if (resolvedCell) return resolvedCell
    if (resolved?.kind === 'library') {
      const kind = resolved.name === '*' ? NAMESPACE : exportKind(resolved.name)
      return this.add(binding.name, false, resolved.name === 'default' ? NAMESPACE : kind)
    }
    if (resolved?.kind === 'module')
      return this.add(binding.name, false, MODULE + resolved.module.file)
    const isForeign = binding.how === 'import' || binding.isRepeated
    return this.add(binding.name, false, isForeign ? OTHER : undefined)
  }
}

function classAround(node: Node, module: Module): number {
  let at = module.bindings.parents.get(node)
  while (at && at.type !== 'ClassDeclaration' && at.type !== 'ClassExpression')
    at = module.bindings.parents.get(at)
  return at?.start ?? -1
}
