// Expressions whose value is taken: in the place of the library's stands what it answers when it is off.

import { isFunction, isInType } from './bindings.ts'
import type { CallNode, FunctionNode } from './callables.ts'
import type { Cell } from './cells.ts'
import { isOurs, memberKind, offValue, UNKNOWN } from './library.ts'
import { nameOf } from './module.ts'
import { bare, childrenOf, keyName, type Node, type Of, type Placed } from './parse.ts'
import { isRemovable } from './residue.ts'
import { Part } from './strip-part.ts'

export class Values extends Part {
  value(expression: Placed): void {
    const node = expression
    if (isFunction(node)) {
      this.on.functions.function(node as FunctionNode)
      return
    }
    switch (node.type) {
      case 'Identifier':
      case 'JSXIdentifier':
        this.#name(node)
        return
      case 'ObjectExpression':
        this.#object(node)
        return
      case 'JSXOpeningElement':
        this.#element(node)
        return
      case 'ClassExpression':
        this.on.functions.class(node)
        return
      case 'TSTypeLiteral':
        this.on.functions.typeMembers(node.members as Placed[])
        return
      case 'MemberExpression':
      case 'OptionalMemberExpression':
      case 'NewExpression':
      case 'ImportExpression':
      case 'CallExpression':
      case 'OptionalCallExpression':
        if (this.#ours(node)) return
        break
      case 'AssignmentExpression': {
        const cell = this.pass.kinds.targetCell(node.left as Placed, this.module)
        this.on.statements.pattern(node.left as Placed)
        this.on.statements.stored(node.right as Placed, cell?.isKept === true && isOurs(cell.kind))
        return
      }
      case 'SequenceExpression':
        this.#sequence(node)
        return
      case 'ImportDeclaration':
      case 'ExportNamedDeclaration':
      case 'ExpressionStatement':
        this.on.statements.statement(node)
        return
    }
    const call = node.type === 'CallExpression' || node.type === 'OptionalCallExpression'
    if (call) this.#call(node as CallNode)
    else this.children(node)
  }

  children(node: Placed): void {
    for (const child of childrenOf(node)) {
      if (this.on.questions.isStatement(child)) {
        if (this.on.statements.statement(child)) this.edits.removeStatement(child)
      } else if (!this.on.questions.isKey(node, child)) this.value(child)
    }
  }

  #name(node: Placed): void {
    const binding = this.module.bindings.of.get(node)
    if (binding) {
      const isType = isInType(node, this.module.bindings.parents)
      const { kind } = this.pass.kinds.cellOf(binding)
      if (!isType && isOurs(kind) && binding.references.includes(node as never)) {
        if (offValue(kind) === undefined) this.on.remains.left(node)
        this.pass.keep(this.pass.kinds.cellOf(binding))
      }
      this.pass.use(this.module, node, isType)
    }
    for (const child of childrenOf(node)) this.value(child)
  }

  /** A member or call that is the library's, where the application takes its value; false when it is not. */
  #ours(
    node: Of<
      | 'MemberExpression'
      | 'OptionalMemberExpression'
      | 'NewExpression'
      | 'ImportExpression'
      | 'CallExpression'
      | 'OptionalCallExpression'
    >,
  ): boolean {
    const kind = this.on.questions.kindOf(node)
    if (!isOurs(kind)) return this.#foreign(node)
    const off = offValue(kind)
    const isPropertyOfApplication =
      /Member/.test(node.type) &&
      !this.residues.isOurs((node as Of<'MemberExpression'>).object) &&
      this.pass.kinds.targetCell(node, this.module) !== undefined
    if (off !== undefined && isPropertyOfApplication) {
      // The application reads a number that the library gave: it goes on doing so, of what stands for it.
      this.pass.keep(this.pass.kinds.targetCell(node, this.module) as Cell)
      return false
    }
    if (off === undefined) {
      this.on.remains.left(node)
      this.on.remains.keepAll(node)
      return true
    }
    const left = this.residues.of(node)
    if (left.length === 0) {
      this.edits.replace(node.start, node.end, off)
      return true
    }
    this.on.remains.effect(node, 'has arguments that may do something')
    if (this.pass.sideEffects === 'drop') {
      this.edits.replace(node.start, node.end, off)
      return true
    }
    let at = node.start
    for (const [place, part] of left.entries()) {
      this.edits.replace(at, part.start, place === 0 ? '(' : ', ')
      this.value(part)
      at = part.end
    }
    this.edits.replace(at, node.end, `, ${off})`)
    return true
  }

  /** `frame.history.back()` where only `conn.history` is ours: no history has a `back`. True when it is dealt with. */
  #foreign(node: Node): boolean {
    if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return false
    const object = bare(node.object)
    if (!this.residues.isOurs(object) || !this.pass.kinds.isByProperty(object, this.module))
      return false
    const kind = this.on.questions.kindOf(object)
    const name = keyName(node.property, node.computed === true)
    if (memberKind(kind, name, true) !== UNKNOWN) return false
    this.children(object)
    if (node.computed) this.value(node.property as Placed)
    return true
  }

  #call(node: CallNode): void {
    const callable = this.pass.kinds.callableOf(node.callee, this.module)
    const args = node.arguments as Placed[]
    const isGone = (argument: Placed) =>
      this.on.functions.isGoneParam(args.indexOf(argument), callable)
    this.value(node.callee as Placed)
    this.removeItems(args, isGone)
    for (const argument of args) {
      if (!isGone(argument)) {
        const cell = callable?.params[args.indexOf(argument)]
        this.on.statements.stored(argument, cell?.isKept === true && isOurs(cell.kind))
        continue
      }
      const left = this.residues.of(argument)
      if (left.length === 0 || this.pass.sideEffects === 'drop') continue
      // What the argument does cannot be done elsewhere: the parameter stays.
      this.on.remains.told(left)
      const cell = callable?.params[args.indexOf(argument)]
      if (cell) this.pass.keep(cell)
    }
    for (const child of childrenOf(node))
      if (child !== node.callee && !args.includes(child)) this.value(child)
  }

  #object(node: Of<'ObjectExpression'>): void {
    const properties = node.properties as Placed[]
    const isGone = (property: Placed) => {
      if (property.type !== 'ObjectProperty') return false
      const name = keyName(property.key, property.computed)
      if (name === undefined || this.residues.of(property.value).length > 0) return false
      if (!isRemovable(this.pass.kinds.propertyCell(name, this.module, property))) return false
      return this.residues.isOurs(property.value) || property.value.type !== 'Identifier'
    }
    this.removeItems(properties, isGone)
    for (const property of properties) {
      if (isGone(property)) continue
      if (property.type !== 'ObjectProperty') {
        this.value(property)
        continue
      }
      if (property.computed) this.value(property.key as Placed)
      const name = keyName(property.key, property.computed)
      const cell =
        name === undefined ? undefined : this.pass.kinds.propertyCell(name, this.module, property)
      const value = property.value as Placed
      const kind = this.on.questions.kindOf(value)
      if (property.shorthand && isOurs(kind) && offValue(kind) === undefined) {
        if (!cell?.isKept) this.on.remains.left(value)
        this.on.remains.keepAll(value)
      } else this.on.statements.stored(value, cell?.isKept === true && isOurs(cell.kind))
    }
  }

  #element(node: Of<'JSXOpeningElement'>): void {
    for (const child of childrenOf(node)) {
      const isAttribute = child.type === 'JSXAttribute' && child.name.type === 'JSXIdentifier'
      const cell = isAttribute
        ? this.pass.kinds.propertyCell(nameOf(child.name as Node), this.module, child)
        : undefined
      if (isRemovable(cell)) this.edits.remove(child.start - 1, child.end)
      else if (child.type === 'JSXAttribute') {
        if (child.value) this.value(child.value as Placed)
      } else this.value(child)
    }
  }

  #sequence(node: Of<'SequenceExpression'>): void {
    const parts = node.expressions as Placed[]
    const last = parts.at(-1)
    const isGone = (part: Placed) =>
      part !== last && this.on.questions.touchesOurs(part) && this.residues.of(part).length === 0
    this.removeItems(parts, isGone)
    for (const part of parts) if (!isGone(part)) this.value(part)
  }

  removeItems(items: readonly Placed[], isGone: (item: Placed) => boolean): void {
    if (items.some(isGone)) this.edits.removeItems(items, (item) => isGone(item as Placed))
  }
}
