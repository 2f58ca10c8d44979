// Statements: which go whole, and what is left in the place of others.

import { type FunctionNode, functionAround } from './callables.ts'
import { isOurs, offValue, UNKNOWN } from './library.ts'
import { collectNames } from './module.ts'
import { bare, childrenOf, type Node, type Of, type Placed } from './parse.ts'
import { isRemovable } from './residue.ts'
import { Part } from './strip-part.ts'

export class Statements extends Part {
  /** Whether all of them are gone. */
  list(statements: readonly Placed[]): boolean {
    let areAllGone = true
    for (const statement of statements) {
      if (this.statement(statement)) this.edits.removeStatement(statement)
      else areAllGone = false
    }
    return areAllGone
  }

  /** Whether nothing of it is left. */
  statement(node: Placed): boolean {
    switch (node.type) {
      case 'ExpressionStatement':
        return this.#discard(node, node.expression as Placed)
      case 'VariableDeclaration':
        return this.#variables(node)
      case 'FunctionDeclaration':
        return this.#declared(node, () => this.on.functions.function(node as FunctionNode))
      case 'ClassDeclaration':
        return this.#declared(node, () => this.on.functions.class(node))
      case 'BlockStatement':
        return this.block(node)
      case 'IfStatement':
        return this.#if(node)
      case 'ForStatement':
        return this.#for(node)
      case 'ForOfStatement':
      case 'ForInStatement':
        return this.#forOf(node)
      case 'WhileStatement':
      case 'DoWhileStatement':
        this.on.values.value(node.test as Placed)
        this.#body(node.body as Placed)
        return false
      case 'LabeledStatement':
        return this.statement(node.body as Placed)
      case 'TryStatement':
        return this.#try(node)
      case 'SwitchStatement':
        this.on.values.value(node.discriminant as Placed)
        for (const one of node.cases) {
          if (one.test) this.on.values.value(one.test as Placed)
          this.list(one.consequent as Placed[])
        }
        return false
      case 'ReturnStatement':
        return this.#return(node)
      case 'ImportDeclaration':
        return this.on.imports.import(node)
      case 'ExportNamedDeclaration':
        return this.on.imports.export(node)
      case 'ExportDefaultDeclaration':
        return this.on.imports.exportDefault(node)
      case 'ExportAllDeclaration':
        return this.on.imports.isBlank(node.source.value)
      case 'TSImportEqualsDeclaration': {
        const binding = this.module.bindings.of.get(node.id)
        return binding !== undefined && isRemovable(this.pass.kinds.cellOf(binding))
      }
      case 'TSInterfaceDeclaration':
        this.on.functions.typeMembers(node.body.body as Placed[])
        return false
      default:
        this.on.values.children(node)
        return false
    }
  }

  /** A statement whose value nobody takes. */
  #discard(statement: Placed, expression: Placed): boolean {
    if (!this.on.questions.touchesOurs(expression)) {
      this.#written(expression)
      return false
    }
    const left = this.residues.of(expression)
    if (left.length === 1 && left[0] === bare(expression)) {
      this.on.values.value(expression)
      return false
    }
    return this.leave(statement, left)
  }

  /** An assignment to a variable does not make it read. */
  #written(expression: Placed): void {
    const node = bare(expression)
    const target = 'left' in node ? node.left : 'argument' in node ? node.argument : undefined
    const isWrite = node.type === 'AssignmentExpression' || node.type === 'UpdateExpression'
    const right = node.type === 'AssignmentExpression' ? node.right : undefined
    if (!isWrite || (target as Node).type !== 'Identifier' || this.residues.of(right).length > 0)
      this.on.values.value(expression)
    else {
      this.pass.write(this.module, target as Node)
      if (right) this.on.values.value(right as Placed)
    }
  }

  /** Replaces a node by what must still run of it; true when that is nothing. */
  leave(whole: Placed, left: readonly Placed[]): boolean {
    if (left.length === 0) return true
    for (const part of left.filter((one) => !this.#isInSequence(one)))
      this.on.remains.effect(part, 'may do something and was an argument of the library')
    const kept = left.filter((part) => this.#isInSequence(part))
    if (this.pass.sideEffects === 'drop') return this.#leaveAll(whole, kept)
    return this.#leaveAll(whole, left)
  }

  #leaveAll(whole: Placed, left: readonly Placed[]): boolean {
    if (left.length === 0) return true
    const { text } = this.module
    let at = whole.start
    for (const [place, part] of left.entries()) {
      const isFirst = place === 0
      const opener = /^[([`/+-]/.test(text.slice(part.start)) && isFirst ? ';' : ''
      this.edits.replace(at, part.start, isFirst ? opener : '; ')
      this.#written(part)
      at = part.end
    }
    this.edits.replace(at, whole.end, text[whole.end - 1] === ';' ? ';' : '')
    return false
  }

  /** `app(), history.log(…)`: what stands beside the library is no argument of it. */
  #isInSequence(node: Placed): boolean {
    return this.module.bindings.parents.get(node)?.type === 'SequenceExpression'
  }

  #variables(node: Of<'VariableDeclaration'>): boolean {
    const { parents } = this.module.bindings
    const isHead = /^For/.test(parents.get(node)?.type ?? '')
    const declarators = node.declarations as Of<'VariableDeclarator'>[]
    const gone = new Set<Placed>()
    const left: Placed[] = []
    for (const declarator of declarators) {
      if (!isHead && this.on.questions.isGonePattern(declarator.id as Placed, declarator.init)) {
        gone.add(declarator)
        left.push(...this.residues.of(declarator.init))
      }
    }
    for (const declarator of declarators) if (!gone.has(declarator)) this.#declarator(declarator)
    if (gone.size === declarators.length) return this.leave(node, left)
    if (left.length > 0) for (const part of left) this.on.values.value(part)
    this.edits.removeItems(declarators, (item) => gone.has(item as Placed))
    return false
  }

  #declarator(node: Of<'VariableDeclarator'>): void {
    this.pattern(node.id as Placed)
    if (!node.init) return
    const names = collectNames(node.id as Placed).map((id) => this.on.questions.cellOfName(id))
    const isNeeded = names.some((cell) => cell && isOurs(cell.kind) && cell.isKept)
    this.stored(node.init as Placed, isNeeded)
  }

  /** What is written to a place that stays. */
  stored(value: Placed, isNeeded: boolean): void {
    const kind = this.on.questions.kindOf(value)
    if (isNeeded && isOurs(kind) && offValue(kind) === undefined) this.on.remains.keepAll(value)
    else this.on.values.value(value)
  }

  pattern(pattern: Placed): void {
    if (pattern.type === 'ObjectPattern') {
      const properties = pattern.properties as Placed[]
      const isGone = (property: Placed) =>
        property.type === 'ObjectProperty' &&
        !pattern.properties.some(({ type }) => type === 'RestElement') &&
        this.on.questions.isGonePattern(property.value as Placed, undefined) &&
        this.on.questions.isPlainPattern(property.value as Placed)
      this.on.values.removeItems(properties, isGone)
      for (const property of properties) {
        if (isGone(property) || property.type !== 'ObjectProperty') continue
        this.#taken(property)
        if (property.computed) this.on.values.value(property.key as Placed)
        this.pattern(property.value as Placed)
      }
    } else if (pattern.type === 'AssignmentPattern') {
      this.pattern(pattern.left as Placed)
      this.on.values.value(pattern.right as Placed)
    } else if (pattern.type === 'Identifier') {
      for (const child of childrenOf(pattern)) this.on.values.value(child)
    } else if (pattern.type === 'MemberExpression') this.on.values.value(pattern)
    else for (const child of childrenOf(pattern)) this.pattern(child)
  }

  /** What a pattern that stays takes out of an object must go on being put into it. */
  #taken(property: Of<'ObjectProperty'>): void {
    const ids = collectNames(property.value as Placed)
    const holdsOurs = ids.some((id) => isOurs(this.on.questions.cellOfName(id)?.kind ?? UNKNOWN))
    const cell = holdsOurs ? this.on.questions.keyCell(property) : undefined
    if (cell && isOurs(cell.kind)) this.pass.keep(cell)
  }

  #declared(node: Of<'FunctionDeclaration' | 'ClassDeclaration'>, visit: () => void): boolean {
    const cell = node.id ? this.on.questions.cellOfName(node.id) : undefined
    if (isRemovable(cell)) return true
    visit()
    return false
  }

  block(node: Of<'BlockStatement' | 'StaticBlock'>): boolean {
    const body = node.body as Placed[]
    const isGone = this.list(body) && body.length > 0
    if (isGone) this.edits.emptyBlock(node, body)
    return isGone
  }

  /** The body of a loop or branch that itself stays; true when it is empty now. */
  #body(node: Placed): boolean {
    const isGone = this.statement(node)
    if (isGone && node.type !== 'BlockStatement') this.edits.replace(node.start, node.end, '{}')
    return isGone
  }

  #if(node: Of<'IfStatement'>): boolean {
    const consequent = node.consequent as Placed
    const alternate = node.alternate as Placed | null | undefined
    const isGone = this.on.questions.isAllGone(consequent)
    const isElseGone = !alternate || this.on.questions.isAllGone(alternate)
    if (isGone && isElseGone) {
      const left = this.residues.of(node.test)
      if (left.length === 1 && left[0] === bare(node.test)) {
        this.edits.replace(node.start, left[0].start, '')
        this.on.values.value(left[0])
        this.edits.replace(left[0].end, node.end, this.#semicolon())
        this.on.remains.told(left)
        return this.pass.sideEffects === 'drop'
      }
      return this.leave(node, left)
    }
    this.on.values.value(node.test as Placed)
    this.#body(consequent)
    if (!alternate) return false
    if (isElseGone) this.#removeElse(consequent, node)
    else this.statement(alternate)
    return false
  }

  /** Its semicolon stays where the branch before it has none. */
  #removeElse(consequent: Placed, whole: Placed): void {
    const { text } = this.module
    const isOpen = !/[;}]/.test(text[consequent.end - 1] as string) && text[whole.end - 1] === ';'
    this.edits.remove(consequent.end, whole.end - (isOpen ? 1 : 0))
  }

  /** As statements of this file end. */
  #semicolon(): string {
    return /;[ \t]*\r?\n/.test(this.module.text) ? ';' : ''
  }

  #try(node: Of<'TryStatement'>): boolean {
    if (this.on.questions.isAllGone(node.block as Placed) && this.on.questions.isFinallyGone(node))
      return true
    this.block(node.block as Of<'BlockStatement'>)
    if (node.handler) this.block(node.handler.body as Of<'BlockStatement'>)
    if (node.finalizer) this.block(node.finalizer as Of<'BlockStatement'>)
    return false
  }

  #for(node: Of<'ForStatement'>): boolean {
    if (this.on.questions.isIdleFor(node)) return true
    for (const part of [node.init, node.test, node.update])
      if (part?.type === 'VariableDeclaration') this.#variables(part as Of<'VariableDeclaration'>)
      else if (part) this.on.values.value(part as Placed)
    this.#body(node.body as Placed)
    return false
  }

  #forOf(node: Of<'ForOfStatement' | 'ForInStatement'>): boolean {
    if (this.on.questions.isOurLoop(node)) return this.leave(node, this.residues.of(node.right))
    if (this.on.questions.isAllGone(node.body as Placed))
      this.on.remains.told([node.right as Placed])
    if (this.on.questions.isIdle(node)) return true
    if (node.left.type === 'VariableDeclaration')
      this.pattern((node.left.declarations[0] as Of<'VariableDeclarator'>).id as Placed)
    else this.on.values.value(node.left as Placed)
    this.on.values.value(node.right as Placed)
    this.#body(node.body as Placed)
    return false
  }

  #return(node: Of<'ReturnStatement'>): boolean {
    const around = functionAround(node, this.module)
    const cell = around && this.pass.kinds.returnCell(around)
    const value = node.argument as Placed | null | undefined
    if (!value) return false
    if (!cell || !isRemovable(cell) || !this.residues.isOurs(value)) {
      this.stored(value, cell?.isKept === true)
      return false
    }
    const left = this.residues.of(value)
    const body = (around as FunctionNode).body
    const isLast = body.type === 'BlockStatement' && body.body.at(-1) === (node as Node)
    if (isLast || left.length > 0) return this.leave(node, left)
    this.edits.replace(value.start - 1, value.end, '')
    return false
  }
}
