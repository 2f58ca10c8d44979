// Uses that stay: kept with all that they need, and told.

import { isInType } from './bindings.ts'
import type { Cell } from './cells.ts'
import { described, isOurs } from './library.ts'
import { bare, childrenOf, type Of, type Placed } from './parse.ts'
import { Part } from './strip-part.ts'

export class Remains extends Part {
  told(left: readonly Placed[]): void {
    for (const part of left)
      this.effect(part, 'may do something and decided about the library alone')
  }

  /** Tells what may do something, and what becomes of it. */
  effect(node: Placed, why: string): void {
    const fate = this.pass.sideEffects === 'keep' ? 'kept' : 'dropped'
    const text = `\`${this.on.questions.short(node)}\` ${why}: ${fate}`
    this.pass.note(this.module, node, 'effect', text)
  }

  /** Leaves a use of the library as it is, with all that it needs. */
  keepAll(node: Placed): void {
    const binding = this.module.bindings.of.get(node)
    if (binding && (node.type === 'Identifier' || node.type === 'JSXIdentifier')) {
      const cell = this.pass.kinds.cellOf(binding)
      if (isOurs(cell.kind)) this.pass.keep(cell)
      this.pass.use(this.module, node, isInType(node, this.module.bindings.parents))
    }
    if (node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression') {
      const cell = this.pass.kinds.targetCell(node, this.module)
      if (cell && isOurs(cell.kind)) this.pass.keep(cell)
    }
    const callable =
      node.type === 'CallExpression' || node.type === 'OptionalCallExpression'
        ? this.pass.kinds.callableOf(node.callee, this.module)
        : undefined
    if (callable && isOurs(callable.returned.kind)) this.pass.keep(callable.returned)
    for (const child of childrenOf(node))
      if (!this.on.questions.isKey(node, child)) this.keepAll(child)
  }

  left(node: Placed): void {
    const { parents } = this.module.bindings
    const parent = parents.get(node)
    const to =
      parent?.type === 'CallExpression' && parent.callee !== node
        ? ` is passed to \`${this.on.questions.short(bare(parent.callee))}()\``
        : parent?.type === 'AssignmentExpression' && parent.right === node
          ? ` is stored in \`${this.on.questions.short(parent.left as Placed)}\`${this.#conflict(parent.left as Placed)}`
          : parent?.type === 'ObjectProperty' && parent.value === node
            ? ` is stored under \`${this.on.questions.short(parent.key as Placed)}\`${this.#conflictOf(this.on.questions.keyCell(parent as Of<'ObjectProperty'>))}`
            : ' is used as a value'
    this.pass.note(
      this.module,
      node,
      'left',
      `\`${this.on.questions.short(node)}\`, ${described(this.on.questions.kindOf(node))},${to}: left as it is, with all that it needs`,
    )
  }

  /** Why a property is not the library's alone. */
  #conflict(target: Placed): string {
    return this.#conflictOf(this.pass.kinds.targetCell(target, this.module))
  }

  #conflictOf(cell: Cell | undefined): string {
    const other = cell?.writes.find((write) => !isOurs(write.kind()) && write.kind() !== 'nothing')
    if (!cell?.isProperty || !other) return ''
    return `, and "${cell.name}" holds other things too (${other.module.file}:${other.node.loc?.start.line})`
  }
}
