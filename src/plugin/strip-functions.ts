// Functions, their parameters and answers, and classes with their members.

import type { Callable, FunctionNode } from './callables.ts'
import type { Cell } from './cells.ts'
import { isOurs } from './library.ts'
import { bare, childrenOf, keyName, type Node, type Of, type Placed } from './parse.ts'
import { isRemovable } from './residue.ts'
import { Part } from './strip-part.ts'

/** Those who call a function and do not look at what it answers. */
const IGNORES_ANSWERS =
  /^(on|once|off|addListener|prependListener|addEventListener|setTimeout|setInterval|setImmediate|queueMicrotask|nextTick|forEach|finally)$/

export class Functions extends Part {
  function(node: FunctionNode | Of<'ClassMethod' | 'ClassPrivateMethod' | 'ObjectMethod'>): void {
    const callable = this.pass.kinds.functions.get(node)
    this.#params(node.params as Placed[], callable)
    for (const part of [node.returnType, node.typeParameters])
      if (part) this.on.values.value(part as Placed)
    const { body } = node
    const isGone =
      body.type === 'BlockStatement'
        ? this.on.statements.block(body as Of<'BlockStatement'>)
        : this.#answer(node, body as Placed, callable)
    if (!isGone || !callable || callable.isEmptied) return
    callable.isEmptied = true
    this.pass.hasEmptied = true
  }

  /** The body of an arrow that is an expression; true when it is gone. */
  #answer(node: Node, body: Placed, callable: Callable | undefined): boolean {
    const isIgnored = this.#isAnswerIgnored(node) || (callable && isRemovable(callable.returned))
    const isOurCall = this.on.questions.touchesOurs(body) && isIgnored
    const left = isOurCall ? this.residues.of(body) : [body]
    const isWhole = left.length === 1 && left[0] === bare(body)
    if (!isOurCall || isWhole || (left.length > 0 && this.pass.sideEffects === 'keep')) {
      if (left.length > 0 && !isWhole) this.on.remains.told(left)
      this.on.statements.stored(body, callable?.returned.isKept === true)
      return false
    }
    const open = this.module.text.lastIndexOf('=>', body.start) + 2
    const { end } = node as Placed
    this.edits.replace(open, end, ' {}')
    return true
  }

  #isAnswerIgnored(node: Node): boolean {
    const parent = this.module.bindings.parents.get(node)
    if (parent?.type !== 'CallExpression' && parent?.type !== 'OptionalCallExpression') return false
    const callee = bare(parent.callee)
    if (callee === node) return false
    const name =
      callee.type === 'Identifier'
        ? callee.name
        : callee.type === 'MemberExpression' || callee.type === 'OptionalMemberExpression'
          ? keyName(callee.property, callee.computed === true)
          : undefined
    return name !== undefined && IGNORES_ANSWERS.test(name)
  }

  #params(params: readonly Placed[], callable: Callable | undefined): void {
    const isGone = (param: Placed) => this.isGoneParam(params.indexOf(param), callable)
    this.on.values.removeItems(params, isGone)
    for (const param of params) {
      if (isGone(param)) continue
      if (param.type === 'TSParameterProperty') this.on.values.children(param)
      else this.on.statements.pattern(param)
    }
  }

  /** Only where every call of the function is known. */
  isGoneParam(place: number, callable: Callable | undefined): boolean {
    const cell = callable?.params[place]
    if (!callable?.isClosed || !cell || !isRemovable(cell)) return false
    const param = callable.node.params[place]
    if (param?.type === 'AssignmentPattern' && this.residues.of(param.right).length > 0)
      return false
    return true
  }

  class(node: Of<'ClassDeclaration' | 'ClassExpression'>): void {
    if (node.superClass) this.on.values.value(node.superClass as Placed)
    for (const decorator of node.decorators ?? []) this.on.values.value(decorator as Placed)
    for (const part of [node.typeParameters, ...(node.implements ?? [])])
      if (part) this.on.values.value(part as Placed)
    let isApart = true
    for (const member of node.body.body as Placed[]) {
      if (this.#member(member, !node.superClass)) this.edits.removeStatement(member, isApart)
      // A field without a semicolon would go on with what begins with a bracket.
      else isApart = !this.#isField(member)
    }
    if (node.body.body.every((member) => this.#isGoneMember(member as Placed)))
      this.edits.emptyBlock(node.body as Placed, node.body.body as Placed[])
  }

  #isGoneMember(member: Placed): boolean {
    return this.#isField(member) && isRemovable(this.#fieldCell(member))
  }

  #isField(
    member: Placed,
  ): member is Of<'ClassProperty' | 'ClassAccessorProperty' | 'ClassPrivateProperty'> {
    return /^Class(Accessor|Private)?Property$/.test(member.type)
  }

  #fieldCell(
    member: Of<'ClassProperty' | 'ClassAccessorProperty' | 'ClassPrivateProperty'>,
  ): Cell | undefined {
    const name = keyName(member.key, 'computed' in member && member.computed === true)
    return name === undefined ? undefined : this.pass.kinds.propertyCell(name, this.module, member)
  }

  #member(member: Placed, isBase: boolean): boolean {
    if (this.#isField(member)) {
      const cell = this.#fieldCell(member)
      const isPlain = !('decorators' in member) || !member.decorators?.length
      if (isRemovable(cell) && isPlain && this.residues.of(member.value).length === 0) return true
      for (const child of childrenOf(member)) {
        if (child === member.key && !('computed' in member && member.computed)) continue
        if (child === member.value)
          this.on.statements.stored(child, cell?.isKept === true && isOurs(cell.kind))
        else this.on.values.value(child)
      }
      return false
    }
    if (member.type === 'StaticBlock') return this.on.statements.block(member)
    if (member.type === 'ClassMethod' || member.type === 'ClassPrivateMethod') {
      if (member.type === 'ClassMethod' && member.computed)
        this.on.values.value(member.key as Placed)
      for (const decorator of member.decorators ?? []) this.on.values.value(decorator as Placed)
      const isConstructor = member.kind === 'constructor' && isBase
      const isPlain = member.params.every(({ type }) => type === 'Identifier')
      if (isConstructor && isPlain && this.on.questions.isAllGone(member.body as Placed))
        return true
      this.function(member)
      return false
    }
    this.on.values.children(member)
    return false
  }

  typeMembers(members: readonly Placed[]): void {
    for (const member of members) {
      const isSignature = member.type === 'TSPropertySignature'
      const name = isSignature ? keyName(member.key, member.computed === true) : undefined
      const cell = name && this.pass.kinds.propertyCell(name, this.module, member)
      if (cell && isRemovable(cell)) this.edits.removeStatement(member)
      else this.on.values.value(member)
    }
  }
}
