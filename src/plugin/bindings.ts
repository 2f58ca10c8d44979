// Which declaration each name of a module means.

import { childrenOf, type Node, type Of, type Placed } from './parse.ts'

type Identifier = Of<'Identifier' | 'JSXIdentifier'>

export interface Binding {
  readonly name: string
  /** What declares it: a declarator, a function, a class, a specifier, a parameter's function, a type. */
  readonly declaration: Placed
  readonly how: 'import' | 'variable' | 'function' | 'class' | 'parameter' | 'type' | 'other'
  readonly references: Identifier[]
  /** Declared more than once (`var` twice, merged declarations). */
  isRepeated: boolean
}

export interface Bindings {
  /** Of a name where it is used, or declared. */
  readonly of: ReadonlyMap<Node, Binding>
  readonly parents: ReadonlyMap<Node, Placed>
  readonly top: ReadonlyMap<string, Binding>
  readonly all: readonly Binding[]
  /** Names that the module uses and does not declare: those of the runtime. */
  readonly free: ReadonlySet<string>
}

class Scope {
  readonly names = new Map<string, Binding>()
  readonly parent: Scope | undefined
  /** Where `var` goes. */
  readonly isFunction: boolean

  constructor(parent: Scope | undefined, isFunction: boolean) {
    this.parent = parent
    this.isFunction = isFunction
  }

  find(name: string): Binding | undefined {
    return this.names.get(name) ?? this.parent?.find(name)
  }

  forVar(): Scope {
    return this.isFunction || !this.parent ? this : this.parent.forVar()
  }
}

const FUNCTIONS = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ObjectMethod',
  'ClassMethod',
  'ClassPrivateMethod',
  'TSDeclareFunction',
  'TSDeclareMethod',
])
const BLOCKS = new Set([
  'BlockStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'CatchClause',
  'SwitchStatement',
  'ClassDeclaration',
  'ClassExpression',
  'TSModuleBlock',
])

export function isFunction(node: Node): boolean {
  return FUNCTIONS.has(node.type)
}

export function bindingsOf(program: Placed): Bindings {
  const binder = new Binder()
  binder.declareAll(program, binder.top)
  binder.resolveAll(program, binder.top)
  const { of, parents, all, free } = binder
  return { of, parents, top: binder.top.names, all, free }
}

class Binder {
  readonly of = new Map<Node, Binding>()
  readonly parents = new Map<Node, Placed>()
  readonly all: Binding[] = []
  readonly free = new Set<string>()
  readonly top = new Scope(undefined, true)
  readonly #scopes = new Map<Node, Scope>()

  declareAll(node: Placed, scope: Scope): void {
    const inner = this.#scopeOf(node, scope)
    switch (node.type) {
      case 'ImportDeclaration':
        for (const specifier of node.specifiers)
          this.#declare(specifier.local, scope, specifier as Placed, 'import')
        break
      case 'TSImportEqualsDeclaration':
        this.#declare(node.id, scope, node, 'import')
        break
      case 'VariableDeclaration':
        for (const declarator of node.declarations)
          this.#declarePattern(
            declarator.id as Placed,
            node.kind === 'var' ? scope.forVar() : scope,
            declarator as Placed,
            'variable',
          )
        break
      case 'FunctionDeclaration':
      case 'TSDeclareFunction':
        if (node.id) this.#declare(node.id, scope, node, 'function')
        break
      case 'ClassDeclaration':
        if (node.id) this.#declare(node.id, scope, node, 'class')
        break
      case 'FunctionExpression':
      case 'ClassExpression':
        if (node.id) this.#declare(node.id, inner, node, 'other')
        break
      case 'CatchClause':
        if (node.param) this.#declarePattern(node.param as Placed, inner, node, 'other')
        break
      case 'TSEnumDeclaration':
      case 'TSModuleDeclaration':
        if (node.id.type === 'Identifier') this.#declare(node.id, scope, node, 'other')
        break
      case 'TSInterfaceDeclaration':
      case 'TSTypeAliasDeclaration':
        this.#declare(node.id, scope, node, 'type')
        break
    }
    if (isFunction(node)) {
      const { params } = node as Extract<Node, { type: 'FunctionDeclaration' }>
      for (const param of params) this.#declarePattern(param as Placed, inner, node, 'parameter')
    }
    for (const child of childrenOf(node)) {
      this.parents.set(child, node)
      this.declareAll(child, inner)
    }
  }

  /** The body of a function shares the scope of its parameters. */
  #scopeOf(node: Placed, scope: Scope): Scope {
    const isBody = node.type === 'BlockStatement' && isFunction(this.parents.get(node) ?? node)
    const opens = isFunction(node) || (BLOCKS.has(node.type) && !isBody) || isVarScope(node)
    if (!opens) return scope
    const inner = new Scope(scope, isFunction(node) || isVarScope(node))
    this.#scopes.set(node, inner)
    return inner
  }

  #declarePattern(
    pattern: Placed,
    scope: Scope,
    declaration: Placed,
    how: Binding['how'],
    depth = 0,
  ): void {
    switch (pattern.type) {
      case 'Identifier':
        this.#declare(pattern, scope, declaration, how)
        break
      case 'AssignmentPattern':
        this.#declarePattern(pattern.left as Placed, scope, declaration, how, depth + 1)
        break
      case 'RestElement':
        this.#declarePattern(pattern.argument as Placed, scope, declaration, how, depth + 1)
        break
      case 'TSParameterProperty':
        this.#declarePattern(pattern.parameter as Placed, scope, declaration, how, depth + 1)
        break
      case 'ArrayPattern':
        for (const element of pattern.elements)
          if (element) this.#declarePattern(element as Placed, scope, declaration, how, depth + 1)
        break
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          const target = property.type === 'ObjectProperty' ? property.value : property
          this.#declarePattern(target as Placed, scope, declaration, how, depth + 1)
        }
    }
  }

  #declare(id: Node, scope: Scope, declaration: Placed, how: Binding['how']): void {
    if (id.type !== 'Identifier') return
    const known = scope.names.get(id.name)
    if (known) {
      // Overloads and merged types are one name, and no certain one.
      known.isRepeated = true
      this.of.set(id, known)
      return
    }
    const binding: Binding = {
      name: id.name,
      declaration,
      how,
      references: [],
      isRepeated: false,
    }
    scope.names.set(id.name, binding)
    this.of.set(id, binding)
    this.all.push(binding)
  }

  resolveAll(node: Placed, scope: Scope): void {
    const inner = this.#scopes.get(node) ?? scope
    if (node.type === 'Identifier' || node.type === 'JSXIdentifier') {
      if (!this.of.has(node) && this.#isReference(node)) {
        const binding = inner.find(node.name)
        if (binding) {
          binding.references.push(node)
          this.of.set(node, binding)
        } else this.free.add(node.name)
      }
    }
    for (const child of childrenOf(node)) this.resolveAll(child, inner)
  }

  /** Whether this name means a variable: it may also be the name of a property, a label, or of a parameter in a type. */
  #isReference(node: Identifier): boolean {
    const parent = this.parents.get(node) as Placed
    switch (parent.type) {
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        return parent.object === node || parent.computed
      case 'ObjectProperty':
      case 'ClassProperty':
      case 'ClassAccessorProperty':
      case 'ObjectMethod':
      case 'ClassMethod':
      case 'TSDeclareMethod':
      case 'TSPropertySignature':
      case 'TSMethodSignature':
        return parent.key !== node || ('computed' in parent && parent.computed === true)
      case 'ImportSpecifier':
      case 'ImportDefaultSpecifier':
      case 'ImportNamespaceSpecifier':
      case 'ImportAttribute':
      case 'ExportNamespaceSpecifier':
      case 'PrivateName':
      case 'MetaProperty':
      case 'LabeledStatement':
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'TSEnumMember':
      case 'TSNamedTupleMember':
      case 'TSTypeParameter':
      case 'JSXAttribute':
      case 'JSXClosingElement':
        return false
      case 'ExportSpecifier': {
        const statement = this.parents.get(parent)
        const isFrom = statement?.type === 'ExportNamedDeclaration' && statement.source
        return parent.local === node && !isFrom
      }
      case 'TSQualifiedName':
        return parent.left === node
      case 'TSFunctionType':
      case 'TSConstructorType':
      case 'TSCallSignatureDeclaration':
      case 'TSConstructSignatureDeclaration':
        return false
      case 'JSXMemberExpression':
        return parent.object === node
      case 'JSXOpeningElement':
        return /^[A-Z_$]/.test(node.name)
      default:
        return true
    }
  }
}

function isVarScope(node: Node): boolean {
  return node.type === 'StaticBlock' || node.type === 'TSModuleBlock'
}

/** A place where a name stands for a type, and is gone when the program runs. */
export function isInType(node: Node, parents: ReadonlyMap<Node, Placed>): boolean {
  for (let at = parents.get(node); at; at = parents.get(at)) {
    if (/^TS(?:Type|Qualified|Expression|Interface|Class)/.test(at.type)) {
      if (at.type !== 'TSTypeAssertion') return true
    }
    if (at.type.endsWith('Statement') || at.type.endsWith('Declaration')) return false
    if (at.type.endsWith('Expression')) return false
  }
  return false
}
