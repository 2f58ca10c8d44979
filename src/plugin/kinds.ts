// What each place of the program holds: flow is not looked at, a place holds what is ever written to it. A local is a
// place of its own; all properties of one name are one place, whatever object they are of (a private name: of its class).
// A place to which anything else is written as well is nobody's: nothing is removed on its account.

import { type Binding, isFunction } from './bindings.ts'
import {
  elementKind,
  exportKind,
  instanceKind,
  isOurs,
  joined,
  type Kind,
  MODULE,
  memberKind,
  NAMESPACE,
  NOTHING,
  OTHER,
  resultKind,
  typeKind,
  UNKNOWN,
} from './library.ts'
import { collectNames, type Module, requested } from './module.ts'
import { bare, childrenOf, keyName, type Node, type Placed } from './parse.ts'
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

export type FunctionNode = Extract<
  Node,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
> &
  Placed
export type CallNode = Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' }> & Placed

/** Hands of the runtime: a `history` of these is the browser's. */
const GLOBAL_OBJECTS = new Set(
  'window self globalThis document location process console navigator Deno Bun'.split(' '),
)

export class Kinds {
  readonly project: Project
  readonly properties = new Map<string, Cell>()
  readonly callables = new Map<Cell, Callable>()
  /** The same by the function's node. */
  readonly functions = new Map<Node, Callable>()
  /** Modules whose exports may be taken by who is not seen. */
  readonly maybeImported: ReadonlyMap<Module, { readonly by: Module; readonly source: string }>
  readonly #cells = new Map<Binding, Cell>()
  readonly #defaults = new Map<Node, Cell>()
  readonly #returns = new Map<Node, Cell>()
  readonly #all: Cell[] = []
  readonly #modules = new Map<Binding, Module>()

  constructor(project: Project) {
    this.project = project
    const modules = [...project.modules.values()]
    for (const module of modules)
      for (const binding of module.bindings.all) this.#modules.set(binding, module)
    for (const { bindings } of modules) for (const binding of bindings.all) this.cellOf(binding)
    for (const module of modules) this.#findCallables(module)
    const imported = new Set(
      [...this.#cells].filter(([{ how }]) => how === 'import').map(([, cell]) => cell),
    )
    for (const module of modules) this.#close(module, imported)
    this.maybeImported = project.maybeImported()
    for (const module of modules) if (this.maybeImported.has(module)) this.#openAll(module)
    for (const module of modules) this.#collect(module, module.program)
    this.#settle()
  }

  /** Properties that hold what the library hands out. */
  propertyNames(): Set<string> {
    const names = [...this.properties.values()].filter((cell) => cell.writes.length > 0)
    return new Set(
      names
        .filter((cell) => cell.writes.some((write) => isOurs(write.kind())))
        .map((cell) => cell.name)
        .filter((name) => !name.startsWith('#')),
    )
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Places

  cellOf(binding: Binding): Cell {
    const known = this.#cells.get(binding)
    if (known) return known
    const resolved = binding.how === 'import' ? this.importOf(binding) : undefined
    const cell = this.#cellOfImport(binding, resolved)
    this.#cells.set(binding, cell)
    return cell
  }

  /** What an imported name stands for. */
  importOf(binding: Binding): Resolved | undefined {
    const module = this.#modules.get(binding) as Module
    const specifier = binding.declaration
    const statement = module.bindings.parents.get(specifier)
    if (specifier.type === 'TSImportEqualsDeclaration') {
      const source = requested(specifier.moduleReference, module.bindings)
      return source === undefined ? undefined : this.project.resolve(module, source, '*')
    }
    if (statement?.type !== 'ImportDeclaration') return undefined
    const from = statement.source.value
    if (specifier.type === 'ImportNamespaceSpecifier')
      return this.project.resolve(module, from, '*')
    if (specifier.type === 'ImportDefaultSpecifier')
      return this.project.resolve(module, from, 'default')
    if (specifier.type !== 'ImportSpecifier') return undefined
    const { imported } = specifier
    const name = imported.type === 'StringLiteral' ? imported.value : imported.name
    return this.project.resolve(module, from, name)
  }

  /** The property of this name; a private one belongs to its class. */
  propertyCell(name: string, module: Module, at: Node): Cell {
    const key = name.startsWith('#') ? `${name} ${module.file} ${classAround(at, module)}` : name
    let cell = this.properties.get(key)
    if (!cell) {
      cell = this.#newCell(name, true)
      this.properties.set(key, cell)
    }
    return cell
  }

  /** Where an assignment writes to; undefined for what has no name. */
  targetCell(target: Placed, module: Module): Cell | undefined {
    const to = bare(target)
    if (to.type === 'Identifier') {
      const binding = module.bindings.of.get(to)
      return binding && this.cellOf(binding)
    }
    if (to.type !== 'MemberExpression' && to.type !== 'OptionalMemberExpression') return undefined
    const name = keyName(to.property, to.computed === true)
    if (name === undefined || isOurs(this.kindOf(to.object as Placed, module))) return undefined
    return this.propertyCell(name, module, to)
  }

  exportCell(module: Module, name: string): Cell | undefined {
    const exported = module.exports.get(name)
    return exported && this.#cellOfResolved({ kind: 'export', module, exported })
  }

  callableOf(callee: Node, module: Module): Callable | undefined {
    const inner = bare(callee)
    const binding = inner.type === 'Identifier' ? module.bindings.of.get(inner) : undefined
    return binding && this.callables.get(this.cellOf(binding))
  }

  returnCell(node: Node): Cell | undefined {
    return this.#returns.get(node)
  }

  #newCell(name: string, isProperty: boolean, kind?: Kind): Cell {
    const cell: Cell = {
      name,
      kind: kind ?? UNKNOWN,
      isFixed: kind !== undefined,
      writes: [],
      isProperty,
      isKept: false,
      isOrphan: false,
    }
    this.#all.push(cell)
    return cell
  }

  #cellOfImport(binding: Binding, resolved: Resolved | undefined): Cell {
    const resolvedCell = resolved && this.#cellOfResolved(resolved)
    if (resolvedCell) return resolvedCell
    if (resolved?.kind === 'library') {
      const kind = resolved.name === '*' ? NAMESPACE : exportKind(resolved.name)
      return this.#newCell(binding.name, false, resolved.name === 'default' ? NAMESPACE : kind)
    }
    if (resolved?.kind === 'module')
      return this.#newCell(binding.name, false, MODULE + resolved.module.file)
    const isForeign = binding.how === 'import' || binding.isRepeated
    return this.#newCell(binding.name, false, isForeign ? OTHER : undefined)
  }

  #cellOfResolved(resolved: Resolved): Cell | undefined {
    if (resolved.kind !== 'export') return undefined
    const { exported, module } = resolved
    if ('binding' in exported) return this.cellOf(exported.binding)
    if (!('expression' in exported)) return undefined
    const { expression } = exported
    let cell = this.#defaults.get(expression)
    if (!cell) {
      cell = this.#newCell('default', false)
      this.#defaults.set(expression, cell)
      this.#write(cell, module, expression, () => this.kindOf(expression, module))
    }
    return cell
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Functions

  #findCallables(module: Module): void {
    for (const binding of module.bindings.all) {
      const node = functionOf(binding)
      if (!node || binding.isRepeated) continue
      const cell = this.cellOf(binding)
      const returned = this.#newCell(`${binding.name}()`, false)
      this.#returns.set(node, returned)
      const callable: Callable = {
        module,
        node,
        cell,
        returned,
        params: node.params.map((param) => {
          const name = param.type === 'AssignmentPattern' ? param.left : param
          const bound = name.type === 'Identifier' ? module.bindings.of.get(name) : undefined
          return bound && this.cellOf(bound)
        }),
        calls: [],
        isClosed: !usesArguments(node),
        isEmptied: false,
      }
      this.callables.set(cell, callable)
      this.functions.set(node, callable)
    }
  }

  /** A function that is passed on, or called with a list of unknown length, may be called by anyone with anything. */
  #close(module: Module, imported: ReadonlySet<Cell>): void {
    for (const binding of module.bindings.all) {
      const callable = this.callables.get(this.cellOf(binding))
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
      const taken = binding.how === 'import' ? this.importOf(binding) : undefined
      if (taken?.kind !== 'module') continue
      this.#openAll(taken.module)
    }
    // What is exported and called nowhere in the project is there for others.
    for (const exported of module.exports.values()) {
      if (!('binding' in exported)) continue
      const callable = this.callables.get(this.cellOf(exported.binding))
      if (!callable) continue
      if (!imported.has(callable.cell)) callable.isClosed = false
    }
  }

  /** Any function of it may be called by anyone. */
  #openAll(module: Module): void {
    for (const name of module.exports.keys()) {
      const cell = this.exportCell(module, name)
      const callable = cell && this.callables.get(cell)
      if (callable) callable.isClosed = false
    }
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Writes

  #write(cell: Cell | undefined, module: Module, node: Placed, kind: () => Kind): void {
    cell?.writes.push({ module, node, kind })
  }

  #collect(module: Module, node: Placed): void {
    this.#collectFrom(module, node)
    for (const child of childrenOf(node)) this.#collect(module, child)
  }

  #collectFrom(module: Module, node: Placed): void {
    const kindOf = (of: Node | null | undefined) => () =>
      of ? this.kindOf(of as Placed, module) : NOTHING
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
        this.#write(this.targetCell(node.argument as Placed, module), module, node, () => OTHER)
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
          this.#write(
            this.propertyCell(name.name, module, node),
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
        const cell = this.#returns.get(functionAround(node, module) as Node)
        this.#write(cell, module, node, kindOf(node.argument))
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
          if (binding) this.#property(module, id, false, node, () => this.cellOf(binding).kind)
        }
    }
    if (isFunction(node)) this.#function(module, node as FunctionNode)
  }

  #names(module: Module, ids: Node[], node: Placed): void {
    for (const id of ids) {
      const binding = module.bindings.of.get(id)
      if (binding) this.#write(this.cellOf(binding), module, node, () => OTHER)
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
        const kind = this.kindOf(loop.right as Placed, module)
        if (kind === UNKNOWN) return UNKNOWN
        return loop.type === 'ForOfStatement' && isOurs(kind) ? elementKind(kind) : OTHER
      },
      loop as Placed,
    )
  }

  #property(module: Module, key: Node, isComputed: boolean, node: Placed, kind: () => Kind): void {
    const name = keyName(key, isComputed)
    if (name !== undefined) this.#write(this.propertyCell(name, module, node), module, node, kind)
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
        const cell = this.targetCell(target, module)
        if (cell && isOurs(said)) this.#fix(cell, said)
        this.#write(cell, module, at, kind)
        break
      }
      case 'AssignmentPattern':
        this.#pattern(
          module,
          target.left as Placed,
          () => joined(kind(), this.kindOf(target.right as Placed, module)),
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
            () => this.partOf(kind(), name, module, property as Placed),
            at,
          )
        }
    }
  }

  /** What `{ name }` takes out of a value of this kind. */
  partOf(kind: Kind, name: string | undefined, module: Module, at: Placed): Kind {
    if (kind === UNKNOWN) return UNKNOWN
    if (isOurs(kind)) return memberKind(kind, name, false)
    if (kind.startsWith(MODULE)) return this.#memberOfModule(kind, name)
    const cell = name === undefined ? undefined : this.propertyCell(name, module, at)
    return cell && cell.writes.length > 0 ? cell.kind : OTHER
  }

  #function(module: Module, node: FunctionNode): void {
    const binding = callableBinding(node, module)
    const callable = binding && this.callables.get(this.cellOf(binding))
    if (callable) this.#write(callable.cell, module, node, () => OTHER)
    node.params.forEach((param, place) => {
      const calls = callable?.isClosed ? callable.calls : undefined
      this.#pattern(module, param as Placed, () => this.#argumentKind(calls, place), node)
    })
    const { body } = node
    const returned = this.#returns.get(node)
    if (!returned) return
    if (node.async || node.generator) this.#fix(returned, OTHER)
    else if (body.type !== 'BlockStatement')
      this.#write(returned, module, node, () => this.kindOf(body as Placed, module))
    else this.#write(returned, module, node, () => NOTHING)
  }

  #argumentKind(calls: Callable['calls'] | undefined, place: number): Kind {
    if (!calls) return OTHER
    let kind: Kind = UNKNOWN
    for (const { module, call } of calls) {
      const argument = call.arguments[place]
      kind = joined(kind, argument ? this.kindOf(argument as Placed, module) : NOTHING)
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
    return () => this.typeKindOf(annotation, module)
  }

  typeKindOf(type: Node, module: Module): Kind {
    switch (type.type) {
      case 'TSTypeAnnotation':
        return this.typeKindOf(type.typeAnnotation, module)
      case 'TSUndefinedKeyword':
      case 'TSNullKeyword':
      case 'TSVoidKeyword':
        return NOTHING
      case 'TSParenthesizedType':
        return this.typeKindOf(type.typeAnnotation, module)
      case 'TSUnionType':
        return type.types.reduce(
          (kind, member) => joined(kind, this.typeKindOf(member, module)),
          UNKNOWN,
        )
      case 'TSTypeReference': {
        const name = type.typeName
        if (name.type === 'Identifier') return this.#namedType(name, name.name, module)
        if (name.type !== 'TSQualifiedName' || name.left.type !== 'Identifier') return OTHER
        const binding = module.bindings.of.get(name.left)
        const isSpace = binding && this.cellOf(binding).kind === NAMESPACE
        return isSpace ? typeKind(name.right.name) : OTHER
      }
      default:
        return OTHER
    }
  }

  #namedType(id: Node, name: string, module: Module): Kind {
    const binding = module.bindings.of.get(id)
    if (!binding) return OTHER
    const resolved = binding.how === 'import' ? this.importOf(binding) : undefined
    if (resolved?.kind === 'library') return typeKind(resolved.name)
    const declaration = binding.declaration
    if (declaration.type === 'TSTypeAliasDeclaration' && binding.name === name)
      return this.typeKindOf(declaration.typeAnnotation, module)
    return OTHER
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Values

  kindOf(expression: Placed, module: Module): Kind {
    const node = bare(expression)
    switch (node.type) {
      case 'Identifier': {
        const binding = module.bindings.of.get(node)
        if (binding) return this.cellOf(binding).kind
        return node.name === 'undefined' ? NOTHING : OTHER
      }
      case 'NullLiteral':
        return NOTHING
      case 'UnaryExpression':
        return node.operator === 'void' ? NOTHING : OTHER
      case 'AwaitExpression': {
        const kind = this.kindOf(node.argument as Placed, module)
        return isOurs(kind) || kind === UNKNOWN || kind.startsWith(MODULE) ? kind : OTHER
      }
      case 'ImportExpression':
        return this.#requestedKind(node, module)
      case 'CallExpression':
      case 'OptionalCallExpression':
        return this.#callKind(node as CallNode, module)
      case 'NewExpression': {
        const kind = this.kindOf(node.callee as Placed, module)
        if (kind === UNKNOWN) return UNKNOWN
        return isOurs(kind) ? instanceKind(kind) : OTHER
      }
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        return this.#memberKind(node, module)
      case 'ConditionalExpression':
        return joined(
          this.kindOf(node.consequent as Placed, module),
          this.kindOf(node.alternate as Placed, module),
        )
      case 'LogicalExpression': {
        const right = this.kindOf(node.right as Placed, module)
        // `a && list.push()` is what is pushed, or what passes for nothing.
        if (node.operator === '&&') return isOurs(right) ? right : OTHER
        return joined(this.kindOf(node.left as Placed, module), right)
      }
      case 'AssignmentExpression':
        return node.operator === '=' ? this.kindOf(node.right as Placed, module) : OTHER
      case 'SequenceExpression':
        return this.kindOf(node.expressions.at(-1) as Placed, module)
      default:
        return OTHER
    }
  }

  /** Whether this is known to be ours by a property's name alone. */
  isByProperty(expression: Placed, module: Module): boolean {
    const node = bare(expression)
    if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return false
    if (node.property.type === 'PrivateName') return false
    return !isOurs(this.kindOf(node.object as Placed, module))
  }

  #memberKind(
    node: Extract<Node, { type: 'MemberExpression' | 'OptionalMemberExpression' }>,
    module: Module,
  ): Kind {
    const object = bare(node.object as Placed)
    const kind = this.kindOf(object, module)
    const name = keyName(node.property, node.computed === true)
    if (kind === UNKNOWN) return UNKNOWN
    if (isOurs(kind)) {
      const member = memberKind(kind, name, this.isByProperty(object, module))
      return member === UNKNOWN ? OTHER : member
    }
    if (kind.startsWith(MODULE)) return this.#memberOfModule(kind, name)
    if (name === undefined || this.#isGlobal(object, module)) return OTHER
    const cell = this.propertyCell(name, module, node)
    // Written by nobody whom we see: it comes from elsewhere.
    return cell.writes.length === 0 ? OTHER : cell.kind
  }

  #isGlobal(object: Placed, module: Module): boolean {
    return (
      object.type === 'Identifier' &&
      GLOBAL_OBJECTS.has(object.name) &&
      !module.bindings.of.has(object)
    )
  }

  #memberOfModule(kind: Kind, name: string | undefined): Kind {
    const module = this.project.modules.get(kind.slice(MODULE.length))
    if (!module || name === undefined) return OTHER
    const cell = this.exportCell(module, name)
    if (cell) return cell.kind
    const exported = module.exports.get(name)
    if (exported && 'from' in exported) {
      const found = this.project.resolve(module, exported.from, exported.name)
      if (found.kind === 'library') return found.name === '*' ? NAMESPACE : exportKind(found.name)
      return this.#cellOfResolved(found)?.kind ?? OTHER
    }
    // What `module.exports = { name }` writes is a property of that name.
    return module.exports.size === 0 ? (this.properties.get(name)?.kind ?? OTHER) : OTHER
  }

  #callKind(node: CallNode, module: Module): Kind {
    const asked = this.#requestedKind(node, module)
    if (asked !== OTHER) return asked
    const callable = this.callableOf(node.callee, module)
    if (callable) return callable.returned.kind
    const kind = this.kindOf(node.callee as Placed, module)
    if (kind === UNKNOWN) return UNKNOWN
    return isOurs(kind) ? resultKind(kind) : OTHER
  }

  #requestedKind(node: Node, module: Module): Kind {
    const specifier = requested(node, module.bindings)
    if (specifier === undefined) return OTHER
    if (this.project.isLibrary(specifier)) return NAMESPACE
    const target = this.project.target(module, specifier)
    return target ? MODULE + target.file : OTHER
  }

  #settle(): void {
    for (let changed = true; changed; ) {
      changed = false
      for (const cell of this.#all) {
        if (cell.isFixed) continue
        let { kind } = cell
        for (const write of cell.writes) kind = joined(kind, write.kind())
        changed ||= kind !== cell.kind
        cell.kind = kind
      }
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

function classAround(node: Node, module: Module): number {
  let at = module.bindings.parents.get(node)
  while (at && at.type !== 'ClassDeclaration' && at.type !== 'ClassExpression')
    at = module.bindings.parents.get(at)
  return at?.start ?? -1
}
