// The functions that are known by name, and their calls.

import { type Binding, isFunction } from './bindings.ts'
import type { Cell, Cells } from './cells.ts'
import type { Module } from './module.ts'
import { bare, childrenOf, type Node, type Of, type Placed } from './parse.ts'

/** A function that is known by name wherever it is called. */
export interface Callable {
  readonly module: Module
  readonly node: FunctionNode
  readonly cell: Cell
  readonly returned: Cell
  readonly params: (Cell | undefined)[]
  readonly calls: { module: Module; call: CallNode }[]
  /** Every use of it is a call whose arguments are all written down. */
  isClosed: boolean
  /** All that it did is removed. */
  isEmptied: boolean
}

export type FunctionNode = Of<
  'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression'
>
export type CallNode = Of<'CallExpression' | 'OptionalCallExpression'>

export class Callables {
  readonly byCell = new Map<Cell, Callable>()
  readonly byNode = new Map<Node, Callable>()
  readonly #cells: Cells
  readonly #returns = new Map<Node, Cell>()

  /** `maybeImported`: modules whose exports may be taken by who is not seen. */
  constructor(modules: readonly Module[], cells: Cells, maybeImported: Iterable<Module>) {
    this.#cells = cells
    for (const module of modules) this.#find(module)
    const imported = cells.imported()
    for (const module of modules) this.#close(module, imported)
    for (const module of maybeImported) this.#openAll(module)
  }

  /** The one that a call calls. */
  called(callee: Node, module: Module): Callable | undefined {
    const inner = bare(callee)
    const binding = inner.type === 'Identifier' ? module.bindings.of.get(inner) : undefined
    return binding && this.byCell.get(this.#cells.of(binding))
  }

  /** The one whose code this is. */
  declared(node: FunctionNode, module: Module): Callable | undefined {
    const binding = callableBinding(node, module)
    return binding && this.byCell.get(this.#cells.of(binding))
  }

  /** What a function answers. */
  returnCell(node: Node): Cell | undefined {
    return this.#returns.get(node)
  }

  #find(module: Module): void {
    for (const binding of module.bindings.all) {
      const node = functionOf(binding)
      if (!node || binding.isRepeated) continue
      const cell = this.#cells.of(binding)
      const returned = this.#cells.add(`${binding.name}()`, false)
      this.#returns.set(node, returned)
      const callable: Callable = {
        module,
        node,
        cell,
        returned,
        params: node.params.map((param) => {
          const name = param.type === 'AssignmentPattern' ? param.left : param
          const bound = name.type === 'Identifier' ? module.bindings.of.get(name) : undefined
          return bound && this.#cells.of(bound)
        }),
        calls: [],
        isClosed: !usesArguments(node),
        isEmptied: false,
      }
      this.byCell.set(cell, callable)
      this.byNode.set(node, callable)
    }
  }

  /** A function that is passed on, or called with a list of unknown length, may be called by anyone with anything. */
  #close(module: Module, imported: ReadonlySet<Cell>): void {
    for (const binding of module.bindings.all) {
      const callable = this.byCell.get(this.#cells.of(binding))
      if (!callable) continue
      for (const reference of binding.references) {
        const parent = module.bindings.parents.get(reference) as Placed
        const isCall =
          (parent.type === 'CallExpression' || parent.type === 'OptionalCallExpression') &&
          parent.callee === reference
        if (isCall && !parent.arguments.some(({ type }) => type === 'SpreadElement'))
          callable.calls.push({ module, call: parent as CallNode })
        else if (parent.type !== 'ExportSpecifier') callable.isClosed = false
      }
    }
    // Whoever takes a module as a whole may call any function of it.
    for (const binding of module.bindings.all) {
      const taken = binding.how === 'import' ? this.#cells.importOf(binding) : undefined
      if (taken?.kind !== 'module') continue
      this.#openAll(taken.module)
    }
    // What is exported and called nowhere in the project is there for others.
    for (const exported of module.exports.values()) {
      if (!('binding' in exported)) continue
      const callable = this.byCell.get(this.#cells.of(exported.binding))
      if (!callable) continue
      if (!imported.has(callable.cell)) callable.isClosed = false
    }
  }

  /** Any function of it may be called by anyone. */
  #openAll(module: Module): void {
    for (const name of module.exports.keys()) {
      const cell = this.#cells.ofExport(module, name)
      const callable = cell && this.byCell.get(cell)
      if (callable) callable.isClosed = false
    }
  }
}

function functionOf(binding: Binding): FunctionNode | undefined {
  const { declaration, how } = binding
  if (how === 'function' && declaration.type === 'FunctionDeclaration')
    return declaration as FunctionNode
  if (how !== 'variable' || declaration.type !== 'VariableDeclarator') return undefined
  const { id, init } = declaration
  if (id.type !== 'Identifier' || !init) return undefined
  const value = bare(init)
  const isOne = value.type === 'ArrowFunctionExpression' || value.type === 'FunctionExpression'
  return isOne ? (value as FunctionNode) : undefined
}

function callableBinding(node: FunctionNode, module: Module): Binding | undefined {
  if (node.type === 'FunctionDeclaration')
    return node.id ? module.bindings.of.get(node.id) : undefined
  const parent = module.bindings.parents.get(node)
  if (parent?.type !== 'VariableDeclarator' || parent.id.type !== 'Identifier') return undefined
  return module.bindings.of.get(parent.id)
}

function usesArguments(node: Placed): boolean {
  if (node.type === 'Identifier' && node.name === 'arguments') return true
  return childrenOf(node).some(usesArguments)
}

export function functionAround(node: Node, module: Module): Placed | undefined {
  let at = module.bindings.parents.get(node)
  while (at && !isFunction(at)) at = module.bindings.parents.get(at)
  return at
}
