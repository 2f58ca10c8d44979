// What is asked of a node before anything of it is changed.

import { isFunction } from './bindings.ts'
import type { Cell } from './cells.ts'
import { isOurs } from './library.ts'
import { collectNames } from './module.ts'
import { bare, childrenOf, keyName, type Node, type Of, type Placed } from './parse.ts'
import { isRemovable } from './residue.ts'
import { Part } from './strip-part.ts'

export class Questions extends Part {
  isGonePattern(pattern: Placed, init: Node | null | undefined): boolean {
    const ids = collectNames(pattern)
    if (ids.length === 0) return false
    const areGone = ids.every((id) => isRemovable(this.cellOfName(id)))
    if (!areGone) return false
    return pattern.type === 'Identifier' || !init || this.isPlainPattern(pattern)
  }

  /** A pattern that runs nothing: no defaults that do something. */
  isPlainPattern(pattern: Placed): boolean {
    if (pattern.type === 'AssignmentPattern') return this.residues.of(pattern.right).length === 0
    return childrenOf(pattern).every((child) => this.isPlainPattern(child))
  }

  /** Whether it would be gone, found out without an edit. */
  isAllGone(node: Placed): boolean {
    switch (node.type) {
      case 'BlockStatement':
        return node.body.length > 0 && node.body.every((part) => this.isAllGone(part as Placed))
      case 'ExpressionStatement':
        return (
          this.touchesOurs(node.expression as Placed) &&
          (this.residues.of(node.expression).length === 0 ||
            (this.pass.sideEffects === 'drop' &&
              this.residues.of(node.expression)[0] !== bare(node.expression)))
        )
      case 'VariableDeclaration':
        return node.declarations.every(
          ({ id, init }) =>
            this.isGonePattern(id as Placed, init) && this.residues.of(init).length === 0,
        )
      case 'IfStatement':
        return (
          this.isAllGone(node.consequent as Placed) &&
          (!node.alternate || this.isAllGone(node.alternate as Placed)) &&
          this.residues.of(node.test).length === 0
        )
      case 'ForOfStatement':
        return this.isOurLoop(node) || this.isIdle(node)
      case 'ForStatement':
        return this.isIdleFor(node)
      case 'TryStatement':
        return this.isAllGone(node.block as Placed) && this.isFinallyGone(node)
      case 'FunctionDeclaration':
        return isRemovable(node.id ? this.cellOfName(node.id) : undefined)
      default:
        return false
    }
  }

  isFinallyGone({ finalizer }: Of<'TryStatement'>): boolean {
    return !finalizer || finalizer.body.length === 0 || this.isAllGone(finalizer as Placed)
  }

  /** A counting loop of which nothing is left but the counting. */
  isIdleFor(node: Of<'ForStatement'>): boolean {
    if (!this.isAllGone(node.body as Placed) || node.init?.type !== 'VariableDeclaration')
      return false
    const own = new Set(node.init.declarations.flatMap(({ id }) => collectNames(id as Placed)))
    const bindings = [...own].map((id) => this.module.bindings.of.get(id))
    const { update } = node
    const counted = update?.type === 'UpdateExpression' ? update.argument : undefined
    const isCounting = counted && bindings.includes(this.module.bindings.of.get(counted))
    const isPure = node.init.declarations.every(({ init }) => this.residues.of(init).length === 0)
    return isCounting === true && isPure && this.residues.of(node.test).length === 0
  }

  isOurLoop(node: Of<'ForOfStatement' | 'ForInStatement'>): boolean {
    return this.residues.isOurs(node.right) && this.isAllGone(node.body as Placed)
  }

  /** Going through something of the application for nothing; it may be a generator, so only when that may be dropped. */
  isIdle(node: Of<'ForOfStatement' | 'ForInStatement'>): boolean {
    return this.pass.sideEffects === 'drop' && this.isAllGone(node.body as Placed)
  }

  isStatement(node: Placed): boolean {
    return /(?:Statement|^VariableDeclaration|^FunctionDeclaration|^ClassDeclaration)$/.test(
      node.type,
    )
  }

  /** The name of a property is no variable. */
  isKey(parent: Placed, child: Placed): boolean {
    if (child.type !== 'Identifier') return false
    const isComputed = 'computed' in parent && parent.computed === true
    if ('property' in parent && parent.property === child) return !isComputed
    return 'key' in parent && parent.key === child && !isComputed
  }

  keyCell(property: Of<'ObjectProperty'>): Cell | undefined {
    const name = keyName(property.key, property.computed)
    return name === undefined
      ? undefined
      : this.pass.kinds.propertyCell(name, this.module, property)
  }

  /** Whether the library has a part in it, the insides of functions aside. */
  touchesOurs(node: Placed): boolean {
    const inner = bare(node)
    if (isOurs(this.kindOf(inner)) || this.residues.isOurCall(inner)) return true
    if (inner.type === 'Identifier') return this.cellOfName(inner)?.isOrphan === true
    if (inner.type === 'AssignmentExpression' && this.residues.isGoneTarget(inner.left as Placed))
      return true
    if (isFunction(inner)) return false
    return childrenOf(inner).some((child) => !this.isKey(inner, child) && this.touchesOurs(child))
  }

  kindOf(node: Placed): string {
    return this.pass.kinds.kindOf(node, this.module)
  }

  cellOfName(id: Node): Cell | undefined {
    const binding = this.module.bindings.of.get(id)
    return binding && this.pass.kinds.cellOf(binding)
  }

  short(node: Placed): string {
    const text = this.module.text.slice(node.start, node.end).replace(/\s+/g, ' ')
    return text.length > 60 ? `${text.slice(0, 57)}…` : text
  }
}
