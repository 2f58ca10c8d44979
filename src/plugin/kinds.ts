// What each place of the program holds: flow is not looked at, a place holds what is ever written to it. A place to which
// anything else is written as well is nobody's: nothing is removed on its account.

import type { Binding } from './bindings.ts'
import { type Callable, Callables } from './callables.ts'
import { type Cell, Cells } from './cells.ts'
import { isOurs, joined, type Kind } from './library.ts'
import type { Module } from './module.ts'
import type { Node, Placed } from './parse.ts'
import type { Project } from './project.ts'
import { ValueKinds } from './value-kinds.ts'
import { Writes } from './writes.ts'

export class Kinds {
  readonly project: Project
  /** Modules whose exports may be taken by who is not seen. */
  readonly maybeImported: ReadonlyMap<Module, { readonly by: Module; readonly source: string }>
  readonly #cells: Cells
  readonly #callables: Callables
  readonly #values: ValueKinds

  constructor(project: Project) {
    this.project = project
    this.maybeImported = project.maybeImported()
    const modules = [...project.modules.values()]
    this.#cells = new Cells(project, (expression, module) => this.kindOf(expression, module))
    this.#callables = new Callables(modules, this.#cells, this.maybeImported.keys())
    this.#values = new ValueKinds(project, this.#cells, this.#callables)
    const writes = new Writes(this.#cells, this.#callables, this.#values)
    for (const module of modules) writes.collect(module, module.program)
    this.#settle()
  }

  get callables(): ReadonlyMap<Cell, Callable> {
    return this.#callables.byCell
  }

  /** The same by the function's node. */
  get functions(): ReadonlyMap<Node, Callable> {
    return this.#callables.byNode
  }

  /** Properties that hold what the library hands out. */
  propertyNames(): Set<string> {
    const names = [...this.#cells.properties.values()].filter((cell) => cell.writes.length > 0)
    return new Set(
      names
        .filter((cell) => cell.writes.some((write) => isOurs(write.kind())))
        .map((cell) => cell.name)
        .filter((name) => !name.startsWith('#')),
    )
  }

  cellOf(binding: Binding): Cell {
    return this.#cells.of(binding)
  }

  /** The property of this name; a private one belongs to its class. */
  propertyCell(name: string, module: Module, at: Node): Cell {
    return this.#cells.ofProperty(name, module, at)
  }

  /** Where an assignment writes to; undefined for what has no name. */
  targetCell(target: Placed, module: Module): Cell | undefined {
    return this.#cells.ofTarget(target, module)
  }

  exportCell(module: Module, name: string): Cell | undefined {
    return this.#cells.ofExport(module, name)
  }

  callableOf(callee: Node, module: Module): Callable | undefined {
    return this.#callables.called(callee, module)
  }

  /** What a function answers. */
  returnCell(node: Node): Cell | undefined {
    return this.#callables.returnCell(node)
  }

  kindOf(expression: Placed, module: Module): Kind {
    return this.#values.of(expression, module)
  }

  /** Whether this is known to be ours by a property's name alone. */
  isByProperty(expression: Placed, module: Module): boolean {
    return this.#values.isByProperty(expression, module)
  }

  #settle(): void {
    for (let changed = true; changed; ) {
      changed = false
      for (const cell of this.#cells.all) {
        if (cell.isFixed) continue
        let { kind } = cell
        for (const write of cell.writes) kind = joined(kind, write.kind())
        changed ||= kind !== cell.kind
        cell.kind = kind
      }
    }
  }
}
