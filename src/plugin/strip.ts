// Removes the library's statements from one module. A statement goes when all that it does is the library's; in the place
// of a value stands what the library answers when it is switched off; where neither will do, the use stays, with all that
// it needs, and is told.

import { isFunction, isInType } from './bindings.ts'
import type { Edits } from './edits.ts'
import type { Callable, CallNode, Cell, FunctionNode } from './kinds.ts'
import { functionAround } from './kinds.ts'
import { described, isOurs, memberKind, offValue, UNKNOWN } from './library.ts'
import { collectNames, type Module, nameOf } from './module.ts'
import { bare, childrenOf, keyName, type Node, type Placed } from './parse.ts'
import type { Pass } from './pass.ts'
import { isRemovable, Residues } from './residue.ts'

type Of<Type extends Node['type']> = Extract<Node, { type: Type }> & Placed

/** Those who call a function and do not look at what it answers. */
const IGNORES_ANSWERS =
  /^(on|once|off|addListener|prependListener|addEventListener|setTimeout|setInterval|setImmediate|queueMicrotask|nextTick|forEach|finally)$/

export class Stripper {
  readonly #module: Module
  readonly #pass: Pass
  readonly #edits: Edits
  readonly #residues: Residues

  constructor(module: Module, pass: Pass, edits: Edits) {
    this.#module = module
    this.#pass = pass
    this.#edits = edits
    this.#residues = new Residues(pass.kinds, module, pass.silentBefore)
  }

  run(): void {
    const { program } = this.#module
    this.#keepExports()
    const body = program.body as Placed[]
    const left = body.filter((statement) => !this.#list([statement]))
    if (left.every((statement) => this.#isSilent(statement)))
      this.#pass.silent.add(this.#module.file)
  }

  /** What an import may take that is not followed has to stay. */
  #keepExports(): void {
    const { kinds } = this.#pass
    const found = kinds.maybeImported.get(this.#module)
    for (const name of found ? this.#module.exports.keys() : []) {
      const cell = kinds.exportCell(this.#module, name)
      if (!cell || !(isOurs(cell.kind) || kinds.callables.has(cell))) continue
      const { by, source } = found as { by: Module; source: string }
      if (isOurs(cell.kind))
        this.#pass.note(
          this.#module,
          this.#module.program,
          'left',
          `may be what "${source}" means (${by.file}), an import that is not followed: its exports are left as they are, with all that they need`,
        )
      this.#pass.keep(cell)
    }
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Statements

  /** Whether all of them are gone. */
  #list(statements: readonly Placed[]): boolean {
    let areAllGone = true
    for (const statement of statements) {
      if (this.#statement(statement)) this.#edits.removeStatement(statement)
      else areAllGone = false
    }
    return areAllGone
  }

  /** Whether nothing of it is left. */
  #statement(node: Placed): boolean {
    switch (node.type) {
      case 'ExpressionStatement':
        return this.#discard(node, node.expression as Placed)
      case 'VariableDeclaration':
        return this.#variables(node)
      case 'FunctionDeclaration':
        return this.#declared(node, () => this.#function(node as FunctionNode))
      case 'ClassDeclaration':
        return this.#declared(node, () => this.#class(node))
      case 'BlockStatement':
        return this.#block(node)
      case 'IfStatement':
        return this.#if(node)
      case 'ForStatement':
        return this.#for(node)
      case 'ForOfStatement':
      case 'ForInStatement':
        return this.#forOf(node)
      case 'WhileStatement':
      case 'DoWhileStatement':
        this.#value(node.test as Placed)
        this.#body(node.body as Placed)
        return false
      case 'LabeledStatement':
        return this.#statement(node.body as Placed)
      case 'TryStatement':
        return this.#try(node)
      case 'SwitchStatement':
        this.#value(node.discriminant as Placed)
        for (const one of node.cases) {
          if (one.test) this.#value(one.test as Placed)
          this.#list(one.consequent as Placed[])
        }
        return false
      case 'ReturnStatement':
        return this.#return(node)
      case 'ImportDeclaration':
        return this.#import(node)
      case 'ExportNamedDeclaration':
        return this.#export(node)
      case 'ExportDefaultDeclaration':
        return this.#exportDefault(node)
      case 'ExportAllDeclaration':
        return this.#isBlank(node.source.value)
      case 'TSImportEqualsDeclaration': {
        const binding = this.#module.bindings.of.get(node.id)
        return binding !== undefined && isRemovable(this.#pass.kinds.cellOf(binding))
      }
      case 'TSInterfaceDeclaration':
        this.#typeMembers(node.body.body as Placed[])
        return false
      default:
        this.#children(node)
        return false
    }
  }

  /** A statement whose value nobody takes. */
  #discard(statement: Placed, expression: Placed): boolean {
    if (!this.#touchesOurs(expression)) {
      this.#written(expression)
      return false
    }
    const left = this.#residues.of(expression)
    if (left.length === 1 && left[0] === bare(expression)) {
      this.#value(expression)
      return false
    }
    return this.#leave(statement, left)
  }

  /** An assignment to a variable does not make it read. */
  #written(expression: Placed): void {
    const node = bare(expression)
    const target = 'left' in node ? node.left : 'argument' in node ? node.argument : undefined
    const isWrite = node.type === 'AssignmentExpression' || node.type === 'UpdateExpression'
    const right = node.type === 'AssignmentExpression' ? node.right : undefined
    if (!isWrite || (target as Node).type !== 'Identifier' || this.#residues.of(right).length > 0)
      this.#value(expression)
    else {
      this.#pass.write(this.#module, target as Node)
      if (right) this.#value(right as Placed)
    }
  }

  /** Replaces a node by what must still run of it; true when that is nothing. */
  #leave(whole: Placed, left: readonly Placed[]): boolean {
    if (left.length === 0) return true
    for (const part of left.filter((one) => !this.#isInSequence(one)))
      this.#pass.note(
        this.#module,
        part,
        'effect',
        `\`${this.#short(part)}\` may do something and was an argument of the library: ${this.#pass.sideEffects === 'keep' ? 'kept' : 'dropped'}`,
      )
    const kept = left.filter((part) => this.#isInSequence(part))
    if (this.#pass.sideEffects === 'drop') return this.#leaveAll(whole, kept)
    return this.#leaveAll(whole, left)
  }

  #leaveAll(whole: Placed, left: readonly Placed[]): boolean {
    if (left.length === 0) return true
    const { text } = this.#module
    let at = whole.start
    for (const [place, part] of left.entries()) {
      const isFirst = place === 0
      const opener = /^[([`/+-]/.test(text.slice(part.start)) && isFirst ? ';' : ''
      this.#edits.replace(at, part.start, isFirst ? opener : '; ')
      this.#written(part)
      at = part.end
    }
    this.#edits.replace(at, whole.end, text[whole.end - 1] === ';' ? ';' : '')
    return false
  }

  /** `app(), history.log(…)`: what stands beside the library is no argument of it. */
  #isInSequence(node: Placed): boolean {
    return this.#module.bindings.parents.get(node)?.type === 'SequenceExpression'
  }

  #variables(node: Of<'VariableDeclaration'>): boolean {
    const { parents } = this.#module.bindings
    const isHead = /^For/.test(parents.get(node)?.type ?? '')
    const declarators = node.declarations as Of<'VariableDeclarator'>[]
    const gone = new Set<Placed>()
    const left: Placed[] = []
    for (const declarator of declarators) {
      if (!isHead && this.#isGonePattern(declarator.id as Placed, declarator.init)) {
        gone.add(declarator)
        left.push(...this.#residues.of(declarator.init))
      }
    }
    for (const declarator of declarators) if (!gone.has(declarator)) this.#declarator(declarator)
    if (gone.size === declarators.length) return this.#leave(node, left)
    if (left.length > 0) for (const part of left) this.#value(part)
    this.#edits.removeItems(declarators, (item) => gone.has(item as Placed))
    return false
  }

  #declarator(node: Of<'VariableDeclarator'>): void {
    this.#pattern(node.id as Placed)
    if (!node.init) return
    const names = collectNames(node.id as Placed).map((id) => this.#cellOfName(id))
    const isNeeded = names.some((cell) => cell && isOurs(cell.kind) && cell.isKept)
    this.#stored(node.init as Placed, isNeeded)
  }

  /** What is written to a place that stays. */
  #stored(value: Placed, isNeeded: boolean): void {
    const kind = this.#kindOf(value)
    if (isNeeded && isOurs(kind) && offValue(kind) === undefined) this.#keepAll(value)
    else this.#value(value)
  }

  #isGonePattern(pattern: Placed, init: Node | null | undefined): boolean {
    const ids = collectNames(pattern)
    if (ids.length === 0) return false
    const areGone = ids.every((id) => isRemovable(this.#cellOfName(id)))
    if (!areGone) return false
    return pattern.type === 'Identifier' || !init || this.#isPlainPattern(pattern)
  }

  /** A pattern that runs nothing: no defaults that do something. */
  #isPlainPattern(pattern: Placed): boolean {
    if (pattern.type === 'AssignmentPattern') return this.#residues.of(pattern.right).length === 0
    return childrenOf(pattern).every((child) => this.#isPlainPattern(child))
  }

  #pattern(pattern: Placed): void {
    if (pattern.type === 'ObjectPattern') {
      const properties = pattern.properties as Placed[]
      const isGone = (property: Placed) =>
        property.type === 'ObjectProperty' &&
        !pattern.properties.some(({ type }) => type === 'RestElement') &&
        this.#isGonePattern(property.value as Placed, undefined) &&
        this.#isPlainPattern(property.value as Placed)
      this.#removeItems(properties, isGone)
      for (const property of properties) {
        if (isGone(property) || property.type !== 'ObjectProperty') continue
        this.#taken(property)
        if (property.computed) this.#value(property.key as Placed)
        this.#pattern(property.value as Placed)
      }
    } else if (pattern.type === 'AssignmentPattern') {
      this.#pattern(pattern.left as Placed)
      this.#value(pattern.right as Placed)
    } else if (pattern.type === 'Identifier') {
      for (const child of childrenOf(pattern)) this.#value(child)
    } else if (pattern.type === 'MemberExpression') this.#value(pattern)
    else for (const child of childrenOf(pattern)) this.#pattern(child)
  }

  /** What a pattern that stays takes out of an object must go on being put into it. */
  #taken(property: Of<'ObjectProperty'>): void {
    const ids = collectNames(property.value as Placed)
    const holdsOurs = ids.some((id) => isOurs(this.#cellOfName(id)?.kind ?? UNKNOWN))
    const cell = holdsOurs ? this.#keyCell(property) : undefined
    if (cell && isOurs(cell.kind)) this.#pass.keep(cell)
  }

  #declared(node: Of<'FunctionDeclaration' | 'ClassDeclaration'>, visit: () => void): boolean {
    const cell = node.id ? this.#cellOfName(node.id) : undefined
    if (isRemovable(cell)) return true
    visit()
    return false
  }

  #block(node: Of<'BlockStatement' | 'StaticBlock'>): boolean {
    const body = node.body as Placed[]
    const isGone = this.#list(body) && body.length > 0
    if (isGone) this.#edits.emptyBlock(node, body)
    return isGone
  }

  /** The body of a loop or branch that itself stays; true when it is empty now. */
  #body(node: Placed): boolean {
    const isGone = this.#statement(node)
    if (isGone && node.type !== 'BlockStatement') this.#edits.replace(node.start, node.end, '{}')
    return isGone
  }

  #if(node: Of<'IfStatement'>): boolean {
    const consequent = node.consequent as Placed
    const alternate = node.alternate as Placed | null | undefined
    const isGone = this.#isAllGone(consequent)
    const isElseGone = !alternate || this.#isAllGone(alternate)
    if (isGone && isElseGone) {
      const left = this.#residues.of(node.test)
      if (left.length === 1 && left[0] === bare(node.test)) {
        this.#edits.replace(node.start, left[0].start, '')
        this.#value(left[0])
        this.#edits.replace(left[0].end, node.end, this.#semicolon())
        this.#told(left)
        return this.#pass.sideEffects === 'drop'
      }
      return this.#leave(node, left)
    }
    this.#value(node.test as Placed)
    this.#body(consequent)
    if (!alternate) return false
    if (isElseGone) this.#removeElse(consequent, node)
    else this.#statement(alternate)
    return false
  }

  /** Its semicolon stays where the branch before it has none. */
  #removeElse(consequent: Placed, whole: Placed): void {
    const { text } = this.#module
    const isOpen = !/[;}]/.test(text[consequent.end - 1] as string) && text[whole.end - 1] === ';'
    this.#edits.remove(consequent.end, whole.end - (isOpen ? 1 : 0))
  }

  #told(left: readonly Placed[]): void {
    for (const part of left)
      this.#pass.note(
        this.#module,
        part,
        'effect',
        `\`${this.#short(part)}\` may do something and decided about the library alone: ${this.#pass.sideEffects === 'keep' ? 'kept' : 'dropped'}`,
      )
  }

  /** As statements of this file end. */
  #semicolon(): string {
    return /;[ \t]*\r?\n/.test(this.#module.text) ? ';' : ''
  }

  /** Whether it would be gone, found out without an edit. */
  #isAllGone(node: Placed): boolean {
    switch (node.type) {
      case 'BlockStatement':
        return node.body.length > 0 && node.body.every((part) => this.#isAllGone(part as Placed))
      case 'ExpressionStatement':
        return (
          this.#touchesOurs(node.expression as Placed) &&
          (this.#residues.of(node.expression).length === 0 ||
            (this.#pass.sideEffects === 'drop' &&
              this.#residues.of(node.expression)[0] !== bare(node.expression)))
        )
      case 'VariableDeclaration':
        return node.declarations.every(
          ({ id, init }) =>
            this.#isGonePattern(id as Placed, init) && this.#residues.of(init).length === 0,
        )
      case 'IfStatement':
        return (
          this.#isAllGone(node.consequent as Placed) &&
          (!node.alternate || this.#isAllGone(node.alternate as Placed)) &&
          this.#residues.of(node.test).length === 0
        )
      case 'ForOfStatement':
        return this.#isOurLoop(node) || this.#isIdle(node)
      case 'ForStatement':
        return this.#isIdleFor(node)
      case 'TryStatement':
        return this.#isAllGone(node.block as Placed) && this.#isFinallyGone(node)
      case 'FunctionDeclaration':
        return isRemovable(node.id ? this.#cellOfName(node.id) : undefined)
      default:
        return false
    }
  }

  #isFinallyGone({ finalizer }: Of<'TryStatement'>): boolean {
    return !finalizer || finalizer.body.length === 0 || this.#isAllGone(finalizer as Placed)
  }

  #try(node: Of<'TryStatement'>): boolean {
    if (this.#isAllGone(node.block as Placed) && this.#isFinallyGone(node)) return true
    this.#block(node.block as Of<'BlockStatement'>)
    if (node.handler) this.#block(node.handler.body as Of<'BlockStatement'>)
    if (node.finalizer) this.#block(node.finalizer as Of<'BlockStatement'>)
    return false
  }

  #for(node: Of<'ForStatement'>): boolean {
    if (this.#isIdleFor(node)) return true
    for (const part of [node.init, node.test, node.update])
      if (part?.type === 'VariableDeclaration') this.#variables(part as Of<'VariableDeclaration'>)
      else if (part) this.#value(part as Placed)
    this.#body(node.body as Placed)
    return false
  }

  /** A counting loop of which nothing is left but the counting. */
  #isIdleFor(node: Of<'ForStatement'>): boolean {
    if (!this.#isAllGone(node.body as Placed) || node.init?.type !== 'VariableDeclaration')
      return false
    const own = new Set(node.init.declarations.flatMap(({ id }) => collectNames(id as Placed)))
    const bindings = [...own].map((id) => this.#module.bindings.of.get(id))
    const { update } = node
    const counted = update?.type === 'UpdateExpression' ? update.argument : undefined
    const isCounting = counted && bindings.includes(this.#module.bindings.of.get(counted))
    const isPure = node.init.declarations.every(({ init }) => this.#residues.of(init).length === 0)
    return isCounting === true && isPure && this.#residues.of(node.test).length === 0
  }

  #isOurLoop(node: Of<'ForOfStatement' | 'ForInStatement'>): boolean {
    return this.#residues.isOurs(node.right) && this.#isAllGone(node.body as Placed)
  }

  /** Going through something of the application for nothing; it may be a generator, so only when that may be dropped. */
  #isIdle(node: Of<'ForOfStatement' | 'ForInStatement'>): boolean {
    return this.#pass.sideEffects === 'drop' && this.#isAllGone(node.body as Placed)
  }

  #forOf(node: Of<'ForOfStatement' | 'ForInStatement'>): boolean {
    if (this.#isOurLoop(node)) return this.#leave(node, this.#residues.of(node.right))
    if (this.#isAllGone(node.body as Placed)) this.#told([node.right as Placed])
    if (this.#isIdle(node)) return true
    if (node.left.type === 'VariableDeclaration')
      this.#pattern((node.left.declarations[0] as Of<'VariableDeclarator'>).id as Placed)
    else this.#value(node.left as Placed)
    this.#value(node.right as Placed)
    this.#body(node.body as Placed)
    return false
  }

  #return(node: Of<'ReturnStatement'>): boolean {
    const around = functionAround(node, this.#module)
    const cell = around && this.#pass.kinds.returnCell(around)
    const value = node.argument as Placed | null | undefined
    if (!value) return false
    if (!cell || !isRemovable(cell) || !this.#residues.isOurs(value)) {
      this.#stored(value, cell?.isKept === true)
      return false
    }
    const left = this.#residues.of(value)
    const body = (around as FunctionNode).body
    const isLast = body.type === 'BlockStatement' && body.body.at(-1) === (node as Node)
    if (isLast || left.length > 0) return this.#leave(node, left)
    this.#edits.replace(value.start - 1, value.end, '')
    return false
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Imports and exports

  #import(node: Of<'ImportDeclaration'>): boolean {
    const specifiers = node.specifiers as Placed[]
    const source = node.source.value
    const isLibrary = this.#pass.kinds.project.isLibrary(source)
    if (specifiers.length === 0) return isLibrary || this.#isBlank(source)
    const goes = (specifier: Placed) => this.#isGoneImport(specifier, isLibrary)
    if (!specifiers.every(goes)) {
      this.#removeItems(specifiers, goes)
      this.#asTypes(node, isLibrary)
      return false
    }
    const isBuiltin = source.startsWith('node:')
    if (isLibrary || node.importKind === 'type' || isBuiltin || this.#isSilentSource(source))
      return true
    this.#pass.note(
      this.#module,
      node,
      'effect',
      `"${source}" was imported for the library's arguments alone and may do something when it is loaded: ${this.#pass.sideEffects === 'keep' ? 'the import stays' : 'dropped'}`,
    )
    if (this.#pass.sideEffects === 'drop') return true
    this.#edits.remove((specifiers[0] as Placed).start, node.source.start as number)
    const open = this.#module.text.slice(node.start + 6, (specifiers[0] as Placed).start)
    this.#edits.replace(node.start + 6, node.start + 6 + open.length, ' ')
    return false
  }

  #isGoneImport(specifier: Placed, isLibrary: boolean): boolean {
    const binding = this.#module.bindings.of.get((specifier as Of<'ImportSpecifier'>).local)
    if (!binding) return false
    const cell = this.#pass.kinds.cellOf(binding)
    const alive = this.#pass.usesOf(binding)
    if (isLibrary) return alive.values + alive.types === 0 && !(cell.isKept && isOurs(cell.kind))
    if (isRemovable(cell)) return true
    return binding.references.length > 0 && alive.values + alive.types === 0
  }

  /** What stays for its types alone must not be loaded. */
  #asTypes(node: Of<'ImportDeclaration'>, isLibrary: boolean): void {
    if (!isLibrary || node.importKind === 'type' || !/\.[cm]?tsx?$/.test(this.#module.file)) return
    const values = node.specifiers.some((specifier) => {
      const binding = this.#module.bindings.of.get(specifier.local)
      return binding && this.#pass.usesOf(binding).values > 0
    })
    if (values) return
    this.#edits.insert(node.start + 'import'.length, ' type')
    for (const specifier of node.specifiers) {
      if (specifier.type !== 'ImportSpecifier' || specifier.importKind !== 'type') continue
      this.#edits.remove(specifier.start as number, specifier.imported.start as number)
    }
  }

  #export(node: Of<'ExportNamedDeclaration'>): boolean {
    if (node.declaration) return this.#statement(node.declaration as Placed)
    const specifiers = node.specifiers as Placed[]
    const isGone = (specifier: Placed) => this.#isGoneExport(node, specifier)
    if (specifiers.length > 0 && specifiers.every(isGone)) {
      const source = node.source?.value
      return (
        source === undefined ||
        this.#pass.kinds.project.isLibrary(source) ||
        this.#isSilentSource(source)
      )
    }
    this.#removeItems(specifiers, isGone)
    for (const specifier of specifiers)
      if (!isGone(specifier) && !node.source && specifier.type === 'ExportSpecifier')
        this.#pass.use(this.#module, specifier.local, false)
    return false
  }

  #isGoneExport(node: Of<'ExportNamedDeclaration'>, specifier: Placed): boolean {
    const source = node.source?.value
    if (specifier.type === 'ExportNamespaceSpecifier') return this.#isBlank(source as string)
    if (specifier.type !== 'ExportSpecifier') return false
    if (source === undefined) return isRemovable(this.#cellOfName(specifier.local))
    const name = nameOf(specifier.exported)
    if (this.#pass.kinds.project.isLibrary(source)) return !this.#isReexportUsed(name)
    const cell = this.#pass.kinds.project.target(this.#module, source)
    const found = cell && this.#pass.kinds.exportCell(cell, nameOf(specifier.local))
    return isRemovable(found)
  }

  /** Whether some module still takes a thing of the library by way of this one. */
  #isReexportUsed(name: string): boolean {
    const { kinds } = this.#pass
    for (const module of kinds.project.modules.values()) {
      for (const binding of module.bindings.all) {
        const statement = module.bindings.parents.get(binding.declaration)
        if (statement?.type !== 'ImportDeclaration' || !kinds.cellOf(binding).isKept) continue
        const { declaration } = binding
        const imported = declaration.type === 'ImportSpecifier' ? nameOf(declaration.imported) : '*'
        const target = kinds.project.target(module, statement.source.value)
        if (target === this.#module && (imported === name || imported === '*')) return true
      }
    }
    return false
  }

  #exportDefault(node: Of<'ExportDefaultDeclaration'>): boolean {
    const declared = node.declaration as Placed
    if (declared.type === 'FunctionDeclaration' || declared.type === 'ClassDeclaration')
      return this.#statement(declared)
    const cell = this.#pass.kinds.exportCell(this.#module, 'default')
    if (isRemovable(cell)) return this.#leave(node, this.#residues.of(declared))
    this.#stored(declared, cell?.isKept === true && isOurs(cell.kind))
    return false
  }

  /** A module of which nothing is left to load, or to take. */
  #isBlank(source: string): boolean {
    const { project, exportCell } = {
      project: this.#pass.kinds.project,
      exportCell: this.#pass.kinds.exportCell.bind(this.#pass.kinds),
    }
    if (project.isLibrary(source)) {
      // `export * from 'struct-history'`: taken by name elsewhere.
      return ![...project.modules.values()].some((module) =>
        module.bindings.all.some(
          (binding) =>
            binding.how === 'import' &&
            this.#pass.kinds.cellOf(binding).isKept &&
            isOurs(this.#pass.kinds.cellOf(binding).kind),
        ),
      )
    }
    const target = project.target(this.#module, source)
    if (!target || !this.#pass.silentBefore.has(target.file)) return false
    return [...target.exports.keys()].every((name) => isRemovable(exportCell(target, name)))
  }

  #isSilentSource(source: string): boolean {
    const target = this.#pass.kinds.project.target(this.#module, source)
    return target !== undefined && this.#pass.silentBefore.has(target.file)
  }

  /** A statement that is there, and does nothing when the module is loaded. */
  #isSilent(node: Placed): boolean {
    switch (node.type) {
      case 'ImportDeclaration':
        return (
          node.importKind === 'type' ||
          node.source.value.startsWith('node:') ||
          this.#isSilentSource(node.source.value)
        )
      case 'ExportNamedDeclaration':
        if (node.declaration) return this.#isSilent(node.declaration as Placed)
        return !node.source || this.#isSilentSource(node.source.value)
      case 'ExportAllDeclaration':
        return this.#isSilentSource(node.source.value)
      case 'ExportDefaultDeclaration':
        return this.#residues.of(node.declaration).length === 0
      case 'VariableDeclaration':
        return node.declarations.every(({ init }) => this.#residues.of(init).length === 0)
      case 'ClassDeclaration':
        return this.#residues.of({ ...node, type: 'ClassExpression' } as Node).length === 0
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
      /^(?:module\.)?exports\b/.test(
        this.#module.text.slice(node.start, node.left.end as number),
      ) &&
      this.#residues.of(node.right).length === 0
    )
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Functions and classes

  #function(node: FunctionNode | Of<'ClassMethod' | 'ClassPrivateMethod' | 'ObjectMethod'>): void {
    const callable = this.#pass.kinds.functions.get(node)
    this.#params(node.params as Placed[], callable)
    for (const part of [node.returnType, node.typeParameters]) if (part) this.#value(part as Placed)
    const { body } = node
    const isGone =
      body.type === 'BlockStatement'
        ? this.#block(body as Of<'BlockStatement'>)
        : this.#answer(node, body as Placed, callable)
    if (!isGone || !callable || callable.isEmptied) return
    callable.isEmptied = true
    this.#pass.hasEmptied = true
  }

  /** The body of an arrow that is an expression; true when it is gone. */
  #answer(node: Node, body: Placed, callable: Callable | undefined): boolean {
    const isIgnored = this.#isAnswerIgnored(node) || (callable && isRemovable(callable.returned))
    const isOurCall = this.#touchesOurs(body) && isIgnored
    const left = isOurCall ? this.#residues.of(body) : [body]
    const isWhole = left.length === 1 && left[0] === bare(body)
    if (!isOurCall || isWhole || (left.length > 0 && this.#pass.sideEffects === 'keep')) {
      if (left.length > 0 && !isWhole) this.#told(left)
      this.#stored(body, callable?.returned.isKept === true)
      return false
    }
    const open = this.#module.text.lastIndexOf('=>', body.start) + 2
    const { end } = node as Placed
    this.#edits.replace(open, end, ' {}')
    return true
  }

  #isAnswerIgnored(node: Node): boolean {
    const parent = this.#module.bindings.parents.get(node)
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
    const isGone = (param: Placed) => this.#isGoneParam(params.indexOf(param), callable)
    this.#removeItems(params, isGone)
    for (const param of params) {
      if (isGone(param)) continue
      if (param.type === 'TSParameterProperty') this.#children(param)
      else this.#pattern(param)
    }
  }

  /** Only where every call of the function is known. */
  #isGoneParam(place: number, callable: Callable | undefined): boolean {
    const cell = callable?.params[place]
    if (!callable?.isClosed || !cell || !isRemovable(cell)) return false
    const param = callable.node.params[place]
    if (param?.type === 'AssignmentPattern' && this.#residues.of(param.right).length > 0)
      return false
    return true
  }

  #class(node: Of<'ClassDeclaration' | 'ClassExpression'>): void {
    if (node.superClass) this.#value(node.superClass as Placed)
    for (const decorator of node.decorators ?? []) this.#value(decorator as Placed)
    for (const part of [node.typeParameters, ...(node.implements ?? [])])
      if (part) this.#value(part as Placed)
    let isApart = true
    for (const member of node.body.body as Placed[]) {
      if (this.#member(member, !node.superClass)) this.#edits.removeStatement(member, isApart)
      // A field without a semicolon would go on with what begins with a bracket.
      else isApart = !this.#isField(member)
    }
    if (node.body.body.every((member) => this.#isGoneMember(member as Placed)))
      this.#edits.emptyBlock(node.body as Placed, node.body.body as Placed[])
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
    return name === undefined
      ? undefined
      : this.#pass.kinds.propertyCell(name, this.#module, member)
  }

  #member(member: Placed, isBase: boolean): boolean {
    if (this.#isField(member)) {
      const cell = this.#fieldCell(member)
      const isPlain = !('decorators' in member) || !member.decorators?.length
      if (isRemovable(cell) && isPlain && this.#residues.of(member.value).length === 0) return true
      for (const child of childrenOf(member)) {
        if (child === member.key && !('computed' in member && member.computed)) continue
        if (child === member.value) this.#stored(child, cell?.isKept === true && isOurs(cell.kind))
        else this.#value(child)
      }
      return false
    }
    if (member.type === 'StaticBlock') return this.#block(member)
    if (member.type === 'ClassMethod' || member.type === 'ClassPrivateMethod') {
      if (member.type === 'ClassMethod' && member.computed) this.#value(member.key as Placed)
      for (const decorator of member.decorators ?? []) this.#value(decorator as Placed)
      const isConstructor = member.kind === 'constructor' && isBase
      const isPlain = member.params.every(({ type }) => type === 'Identifier')
      if (isConstructor && isPlain && this.#isAllGone(member.body as Placed)) return true
      this.#function(member)
      return false
    }
    this.#children(member)
    return false
  }

  #typeMembers(members: readonly Placed[]): void {
    for (const member of members) {
      const isSignature = member.type === 'TSPropertySignature'
      const name = isSignature ? keyName(member.key, member.computed === true) : undefined
      const cell = name && this.#pass.kinds.propertyCell(name, this.#module, member)
      if (cell && isRemovable(cell)) this.#edits.removeStatement(member)
      else this.#value(member)
    }
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Expressions whose value is taken

  #value(expression: Placed): void {
    const node = expression
    if (isFunction(node)) {
      this.#function(node as FunctionNode)
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
        this.#class(node)
        return
      case 'TSTypeLiteral':
        this.#typeMembers(node.members as Placed[])
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
        const cell = this.#pass.kinds.targetCell(node.left as Placed, this.#module)
        this.#pattern(node.left as Placed)
        this.#stored(node.right as Placed, cell?.isKept === true && isOurs(cell.kind))
        return
      }
      case 'SequenceExpression':
        this.#sequence(node)
        return
      case 'ImportDeclaration':
      case 'ExportNamedDeclaration':
      case 'ExpressionStatement':
        this.#statement(node)
        return
    }
    const call = node.type === 'CallExpression' || node.type === 'OptionalCallExpression'
    if (call) this.#call(node as CallNode)
    else this.#children(node)
  }

  #children(node: Placed): void {
    for (const child of childrenOf(node)) {
      if (this.#isStatement(child)) {
        if (this.#statement(child)) this.#edits.removeStatement(child)
      } else if (!this.#isKey(node, child)) this.#value(child)
    }
  }

  #isStatement(node: Placed): boolean {
    return /(?:Statement|^VariableDeclaration|^FunctionDeclaration|^ClassDeclaration)$/.test(
      node.type,
    )
  }

  /** The name of a property is no variable. */
  #isKey(parent: Placed, child: Placed): boolean {
    if (child.type !== 'Identifier') return false
    const isComputed = 'computed' in parent && parent.computed === true
    if ('property' in parent && parent.property === child) return !isComputed
    return 'key' in parent && parent.key === child && !isComputed
  }

  #name(node: Placed): void {
    const binding = this.#module.bindings.of.get(node)
    if (binding) {
      const isType = isInType(node, this.#module.bindings.parents)
      const { kind } = this.#pass.kinds.cellOf(binding)
      if (!isType && isOurs(kind) && binding.references.includes(node as never)) {
        if (offValue(kind) === undefined) this.#left(node)
        this.#pass.keep(this.#pass.kinds.cellOf(binding))
      }
      this.#pass.use(this.#module, node, isType)
    }
    for (const child of childrenOf(node)) this.#value(child)
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
    const kind = this.#kindOf(node)
    if (!isOurs(kind)) return this.#foreign(node)
    const off = offValue(kind)
    const isPropertyOfApplication =
      /Member/.test(node.type) &&
      !this.#residues.isOurs((node as Of<'MemberExpression'>).object) &&
      this.#pass.kinds.targetCell(node, this.#module) !== undefined
    if (off !== undefined && isPropertyOfApplication) {
      // The application reads a number that the library gave: it goes on doing so, of what stands for it.
      this.#pass.keep(this.#pass.kinds.targetCell(node, this.#module) as Cell)
      return false
    }
    if (off === undefined) {
      this.#left(node)
      this.#keepAll(node)
      return true
    }
    const left = this.#residues.of(node)
    if (left.length === 0) {
      this.#edits.replace(node.start, node.end, off)
      return true
    }
    this.#pass.note(
      this.#module,
      node,
      'effect',
      `\`${this.#short(node)}\` has arguments that may do something: ${this.#pass.sideEffects === 'keep' ? 'kept' : 'dropped'}`,
    )
    if (this.#pass.sideEffects === 'drop') {
      this.#edits.replace(node.start, node.end, off)
      return true
    }
    let at = node.start
    for (const [place, part] of left.entries()) {
      this.#edits.replace(at, part.start, place === 0 ? '(' : ', ')
      this.#value(part)
      at = part.end
    }
    this.#edits.replace(at, node.end, `, ${off})`)
    return true
  }

  /** `frame.history.back()` where only `conn.history` is ours: no history has a `back`. True when it is dealt with. */
  #foreign(node: Node): boolean {
    if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return false
    const object = bare(node.object)
    if (!this.#residues.isOurs(object) || !this.#pass.kinds.isByProperty(object, this.#module))
      return false
    const kind = this.#kindOf(object)
    const name = keyName(node.property, node.computed === true)
    if (memberKind(kind, name, true) !== UNKNOWN) return false
    this.#children(object)
    if (node.computed) this.#value(node.property as Placed)
    return true
  }

  #call(node: CallNode): void {
    const callable = this.#pass.kinds.callableOf(node.callee, this.#module)
    const args = node.arguments as Placed[]
    const isGone = (argument: Placed) => this.#isGoneParam(args.indexOf(argument), callable)
    this.#value(node.callee as Placed)
    this.#removeItems(args, isGone)
    for (const argument of args) {
      if (!isGone(argument)) {
        const cell = callable?.params[args.indexOf(argument)]
        this.#stored(argument, cell?.isKept === true && isOurs(cell.kind))
        continue
      }
      const left = this.#residues.of(argument)
      if (left.length === 0 || this.#pass.sideEffects === 'drop') continue
      // What the argument does cannot be done elsewhere: the parameter stays.
      this.#told(left)
      const cell = callable?.params[args.indexOf(argument)]
      if (cell) this.#pass.keep(cell)
    }
    for (const child of childrenOf(node))
      if (child !== node.callee && !args.includes(child)) this.#value(child)
  }

  #object(node: Of<'ObjectExpression'>): void {
    const properties = node.properties as Placed[]
    const isGone = (property: Placed) => {
      if (property.type !== 'ObjectProperty') return false
      const name = keyName(property.key, property.computed)
      if (name === undefined || this.#residues.of(property.value).length > 0) return false
      if (!isRemovable(this.#pass.kinds.propertyCell(name, this.#module, property))) return false
      return this.#residues.isOurs(property.value) || property.value.type !== 'Identifier'
    }
    this.#removeItems(properties, isGone)
    for (const property of properties) {
      if (isGone(property)) continue
      if (property.type !== 'ObjectProperty') {
        this.#value(property)
        continue
      }
      if (property.computed) this.#value(property.key as Placed)
      const name = keyName(property.key, property.computed)
      const cell =
        name === undefined ? undefined : this.#pass.kinds.propertyCell(name, this.#module, property)
      const value = property.value as Placed
      const kind = this.#kindOf(value)
      if (property.shorthand && isOurs(kind) && offValue(kind) === undefined) {
        if (!cell?.isKept) this.#left(value)
        this.#keepAll(value)
      } else this.#stored(value, cell?.isKept === true && isOurs(cell.kind))
    }
  }

  #element(node: Of<'JSXOpeningElement'>): void {
    for (const child of childrenOf(node)) {
      const isAttribute = child.type === 'JSXAttribute' && child.name.type === 'JSXIdentifier'
      const cell = isAttribute
        ? this.#pass.kinds.propertyCell(nameOf(child.name as Node), this.#module, child)
        : undefined
      if (isRemovable(cell)) this.#edits.remove(child.start - 1, child.end)
      else if (child.type === 'JSXAttribute') {
        if (child.value) this.#value(child.value as Placed)
      } else this.#value(child)
    }
  }

  #sequence(node: Of<'SequenceExpression'>): void {
    const parts = node.expressions as Placed[]
    const last = parts.at(-1)
    const isGone = (part: Placed) =>
      part !== last && this.#touchesOurs(part) && this.#residues.of(part).length === 0
    this.#removeItems(parts, isGone)
    for (const part of parts) if (!isGone(part)) this.#value(part)
  }

  /** Leaves a use of the library as it is, with all that it needs. */
  #keepAll(node: Placed): void {
    const binding = this.#module.bindings.of.get(node)
    if (binding && (node.type === 'Identifier' || node.type === 'JSXIdentifier')) {
      const cell = this.#pass.kinds.cellOf(binding)
      if (isOurs(cell.kind)) this.#pass.keep(cell)
      this.#pass.use(this.#module, node, isInType(node, this.#module.bindings.parents))
    }
    if (node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression') {
      const cell = this.#pass.kinds.targetCell(node, this.#module)
      if (cell && isOurs(cell.kind)) this.#pass.keep(cell)
    }
    const callable =
      node.type === 'CallExpression' || node.type === 'OptionalCallExpression'
        ? this.#pass.kinds.callableOf(node.callee, this.#module)
        : undefined
    if (callable && isOurs(callable.returned.kind)) this.#pass.keep(callable.returned)
    for (const child of childrenOf(node)) if (!this.#isKey(node, child)) this.#keepAll(child)
  }

  #left(node: Placed): void {
    const { parents } = this.#module.bindings
    const parent = parents.get(node)
    const to =
      parent?.type === 'CallExpression' && parent.callee !== node
        ? ` is passed to \`${this.#short(bare(parent.callee))}()\``
        : parent?.type === 'AssignmentExpression' && parent.right === node
          ? ` is stored in \`${this.#short(parent.left as Placed)}\`${this.#conflict(parent.left as Placed)}`
          : parent?.type === 'ObjectProperty' && parent.value === node
            ? ` is stored under \`${this.#short(parent.key as Placed)}\`${this.#conflictOf(this.#keyCell(parent as Of<'ObjectProperty'>))}`
            : ' is used as a value'
    this.#pass.note(
      this.#module,
      node,
      'left',
      `\`${this.#short(node)}\`, ${described(this.#kindOf(node))},${to}: left as it is, with all that it needs`,
    )
  }

  /** Why a property is not the library's alone. */
  #conflict(target: Placed): string {
    return this.#conflictOf(this.#pass.kinds.targetCell(target, this.#module))
  }

  #keyCell(property: Of<'ObjectProperty'>): Cell | undefined {
    const name = keyName(property.key, property.computed)
    return name === undefined
      ? undefined
      : this.#pass.kinds.propertyCell(name, this.#module, property)
  }

  #conflictOf(cell: Cell | undefined): string {
    const other = cell?.writes.find((write) => !isOurs(write.kind()) && write.kind() !== 'nothing')
    if (!cell?.isProperty || !other) return ''
    return `, and "${cell.name}" holds other things too (${other.module.file}:${other.node.loc?.start.line})`
  }

  // -------------------------------------------------------------------------------------------------------------------

  /** Whether the library has a part in it, the insides of functions aside. */
  #touchesOurs(node: Placed): boolean {
    const inner = bare(node)
    if (isOurs(this.#kindOf(inner)) || this.#residues.isOurCall(inner)) return true
    if (inner.type === 'Identifier') return this.#cellOfName(inner)?.isOrphan === true
    if (inner.type === 'AssignmentExpression' && this.#residues.isGoneTarget(inner.left as Placed))
      return true
    if (isFunction(inner)) return false
    return childrenOf(inner).some((child) => !this.#isKey(inner, child) && this.#touchesOurs(child))
  }

  #removeItems(items: readonly Placed[], isGone: (item: Placed) => boolean): void {
    if (items.some(isGone)) this.#edits.removeItems(items, (item) => isGone(item as Placed))
  }

  #kindOf(node: Placed): string {
    return this.#pass.kinds.kindOf(node, this.#module)
  }

  #cellOfName(id: Node): Cell | undefined {
    const binding = this.#module.bindings.of.get(id)
    return binding && this.#pass.kinds.cellOf(binding)
  }

  #short(node: Placed): string {
    const text = this.#module.text.slice(node.start, node.end).replace(/\s+/g, ' ')
    return text.length > 60 ? `${text.slice(0, 57)}…` : text
  }
}
