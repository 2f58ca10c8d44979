// What is written to which place, and where.

import { isFunction } from './bindings.ts'
import { type Callable, type Callables, type FunctionNode, functionAround } from './callables.ts'
import type { Cell, Cells } from './cells.ts'
import { elementKind, isOurs, joined, type Kind, NOTHING, OTHER, UNKNOWN } from './library.ts'
import { collectNames, type Module } from './module.ts'
import { bare, childrenOf, keyName, type Node, type Placed } from './parse.ts'
import { typeKindOf } from './type-kinds.ts'
import type { ValueKinds } from './value-kinds.ts'

export class Writes {
  readonly #cells: Cells
  readonly #callables: Callables
  readonly #values: ValueKinds

  constructor(cells: Cells, callables: Callables, values: ValueKinds) {
    this.#cells = cells
    this.#callables = callables
    this.#values = values
  }

  /** All that a node and what is in it writes. */
  collect(module: Module, node: Placed): void {
    this.#collectFrom(module, node)
    for (const child of childrenOf(node)) this.collect(module, child)
  }

  #collectFrom(module: Module, node: Placed): void {
    const kindOf = (of: Node | null | undefined) => () =>
      of ? this.#values.of(of as Placed, module) : NOTHING
    switch (node.type) {
      case 'VariableDeclarator': {
        const parent = module.bindings.parents.get(node)
        const loop = parent && module.bindings.parents.get(parent)
        const isLoop = loop?.type === 'ForOfStatement' || loop?.type === 'ForInStatement'
        if (isLoop && loop.left === parent) this.#writeElement(module, node.id as Placed, loop)
        else this.#pattern(module, node.id as Placed, kindOf(node.init), node)
        break
      }
      case 'ForOfStatement':
      case 'ForInStatement':
        if (node.left.type !== 'VariableDeclaration')
          this.#writeElement(module, node.left as Placed, node)
        break
      case 'AssignmentExpression': {
        const isPlain = /^(?:|\?\?|\|\||&&)=$/.test(node.operator)
        const kind = isPlain ? kindOf(node.right) : () => OTHER
        this.#pattern(module, node.left as Placed, kind, node)
        break
      }
      case 'UpdateExpression':
        this.#cells.write(
          this.#cells.ofTarget(node.argument as Placed, module),
          module,
          node,
          () => OTHER,
        )
        break
      case 'ObjectProperty':
        if (module.bindings.parents.get(node)?.type === 'ObjectExpression')
          this.#property(module, node.key, node.computed, node, kindOf(node.value))
        break
      case 'ClassProperty':
      case 'ClassAccessorProperty':
      case 'ClassPrivateProperty': {
        const type = 'typeAnnotation' in node ? node.typeAnnotation : undefined
        const computed = 'computed' in node && node.computed === true
        const kind = node.value ? kindOf(node.value) : this.#typed(type as Node, module, NOTHING)
        this.#property(module, node.key, computed, node, kind)
        break
      }
      case 'TSPropertySignature':
        this.#property(
          module,
          node.key,
          node.computed === true,
          node,
          this.#typed(node.typeAnnotation, module, NOTHING),
        )
        break
      case 'ObjectMethod':
      case 'ClassMethod':
      case 'ClassPrivateMethod':
      case 'TSDeclareMethod':
      case 'TSMethodSignature':
        if (node.type !== 'ClassMethod' || node.kind !== 'constructor')
          this.#property(module, node.key, 'computed' in node && !!node.computed, node, () => OTHER)
        break
      case 'JSXAttribute': {
        const { name, value } = node
        const held = value?.type === 'JSXExpressionContainer' ? value.expression : value
        if (name.type === 'JSXIdentifier')
          this.#cells.write(
            this.#cells.ofProperty(name.name, module, node),
            module,
            node,
            held ? kindOf(held) : () => OTHER,
          )
        break
      }
      case 'CatchClause':
        if (node.param) this.#pattern(module, node.param as Placed, () => OTHER, node)
        break
      case 'ReturnStatement': {
        const cell = this.#callables.returnCell(functionAround(node, module) as Node)
        this.#cells.write(cell, module, node, kindOf(node.argument))
        break
      }
      case 'ClassDeclaration':
      case 'TSEnumDeclaration':
      case 'TSModuleDeclaration':
        this.#names(module, node.id ? [node.id] : [], node)
        break
      case 'TSParameterProperty':
        for (const id of collectNames(node.parameter as Placed)) {
          const binding = module.bindings.of.get(id)
          if (binding) this.#property(module, id, false, node, () => this.#cells.of(binding).kind)
        }
    }
    if (isFunction(node)) this.#function(module, node as FunctionNode)
  }

  #names(module: Module, ids: Node[], node: Placed): void {
    for (const id of ids) {
      const binding = module.bindings.of.get(id)
      if (binding) this.#cells.write(this.#cells.of(binding), module, node, () => OTHER)
    }
  }

  #writeElement(
    module: Module,
    target: Placed,
    loop: Extract<Node, { type: 'ForOfStatement' | 'ForInStatement' }>,
  ): void {
    this.#pattern(
      module,
      target,
      () => {
        const kind = this.#values.of(loop.right as Placed, module)
        if (kind === UNKNOWN) return UNKNOWN
        return loop.type === 'ForOfStatement' && isOurs(kind) ? elementKind(kind) : OTHER
      },
      loop as Placed,
    )
  }

  #property(module: Module, key: Node, isComputed: boolean, node: Placed, kind: () => Kind): void {
    const name = keyName(key, isComputed)
    if (name !== undefined)
      this.#cells.write(this.#cells.ofProperty(name, module, node), module, node, kind)
  }

  /** What a pattern takes out of a value. */
  #pattern(module: Module, pattern: Placed, kind: () => Kind, at: Placed): void {
    const target = bare(pattern)
    const type = 'typeAnnotation' in target ? (target.typeAnnotation as Node | null) : null
    const said = type ? this.#typed(type, module, UNKNOWN)() : UNKNOWN
    switch (target.type) {
      case 'Identifier':
      case 'MemberExpression':
      case 'OptionalMemberExpression': {
        const cell = this.#cells.ofTarget(target, module)
        if (cell && isOurs(said)) this.#fix(cell, said)
        this.#cells.write(cell, module, at, kind)
        break
      }
      case 'AssignmentPattern':
        this.#pattern(
          module,
          target.left as Placed,
          () => joined(kind(), this.#values.of(target.right as Placed, module)),
          at,
        )
        break
      case 'TSParameterProperty':
        this.#pattern(module, target.parameter as Placed, kind, at)
        break
      case 'RestElement':
        this.#pattern(module, target.argument as Placed, () => OTHER, at)
        break
      case 'ArrayPattern':
        for (const element of target.elements)
          if (element) this.#pattern(module, element as Placed, () => OTHER, at)
        break
      case 'ObjectPattern':
        for (const property of target.properties) {
          if (property.type !== 'ObjectProperty') {
            this.#pattern(module, property as Placed, () => OTHER, at)
            continue
          }
          const name = keyName(property.key, property.computed === true)
          this.#pattern(
            module,
            property.value as Placed,
            () => this.#values.partOf(kind(), name, module, property as Placed),
            at,
          )
        }
    }
  }

  #function(module: Module, node: FunctionNode): void {
    const callable = this.#callables.declared(node, module)
    if (callable) this.#cells.write(callable.cell, module, node, () => OTHER)
    node.params.forEach((param, place) => {
      const calls = callable?.isClosed ? callable.calls : undefined
      this.#pattern(module, param as Placed, () => this.#argumentKind(calls, place), node)
    })
    const { body } = node
    const returned = this.#callables.returnCell(node)
    if (!returned) return
    if (node.async || node.generator) this.#fix(returned, OTHER)
    else if (body.type !== 'BlockStatement')
      this.#cells.write(returned, module, node, () => this.#values.of(body as Placed, module))
    else this.#cells.write(returned, module, node, () => NOTHING)
  }

  #argumentKind(calls: Callable['calls'] | undefined, place: number): Kind {
    if (!calls) return OTHER
    let kind: Kind = UNKNOWN
    for (const { module, call } of calls) {
      const argument = call.arguments[place]
      kind = joined(kind, argument ? this.#values.of(argument as Placed, module) : NOTHING)
    }
    return kind
  }

  #fix(cell: Cell, kind: Kind): void {
    if (cell.isFixed) return
    cell.kind = kind
    cell.isFixed = true
  }

  /** What a type annotation says, null and undefined aside; `otherwise` when there is none. */
  #typed(annotation: Node | null | undefined, module: Module, otherwise: Kind): () => Kind {
    if (!annotation) return () => otherwise
    return () => typeKindOf(annotation, module, this.#cells)
  }
}
