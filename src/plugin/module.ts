// One file of the project: its tree, its names, what it takes from and gives to other files.

import { type Binding, type Bindings, bindingsOf } from './bindings.ts'
import { type Node, type Placed, parseSource } from './parse.ts'

/** What an export stands for. */
export type Export =
  | { readonly binding: Binding }
  /** `export default expression` */
  | { readonly expression: Placed }
  /** `export { name } from 'source'`; name '*' for a whole module. */
  | { readonly from: string; readonly name: string }

export interface Module {
  readonly file: string
  readonly text: string
  readonly program: Placed & { type: 'Program' }
  readonly bindings: Bindings
  readonly exports: ReadonlyMap<string, Export>
  /** `export * from` these. */
  readonly stars: readonly string[]
  /** Every specifier of an import, a re-export, require() or import(). */
  readonly sources: readonly string[]
}

/** @throws {SyntaxError} When it is no JavaScript or TypeScript that the parser knows. */
export function readModule(file: string, text: string): Module {
  const program = parseSource(text, file).program as Module['program']
  const bindings = bindingsOf(program)
  const exports = new Map<string, Export>()
  const stars: string[] = []
  const sources = new Set<string>()
  for (const statement of program.body) {
    if ('source' in statement && statement.source) {
      const { source } = statement
      if (typeof source === 'object' && 'value' in source) sources.add(`${source.value}`)
    }
    addExports(statement as Placed, bindings, exports, stars)
  }
  for (const node of bindings.parents.keys()) {
    const specifier = requested(node, bindings)
    if (specifier !== undefined) sources.add(specifier)
  }
  return { file, text, program, bindings, exports, stars, sources: [...sources] }
}

/** What a call of require(), or import() as a function, asks for; undefined for any other node. */
export function requested(node: Node, bindings: Bindings): string | undefined {
  if (node.type === 'ImportExpression')
    return node.source.type === 'StringLiteral' ? node.source.value : undefined
  if (node.type === 'TSExternalModuleReference') return node.expression.value
  if (node.type !== 'CallExpression') return undefined
  const { callee } = node
  const [first] = node.arguments
  const isRequire =
    callee.type === 'Identifier' && callee.name === 'require' && !bindings.of.has(callee)
  return isRequire && first?.type === 'StringLiteral' ? first.value : undefined
}

function addExports(
  statement: Placed,
  bindings: Bindings,
  exports: Map<string, Export>,
  stars: string[],
): void {
  if (statement.type === 'ExportAllDeclaration') stars.push(statement.source.value)
  if (statement.type === 'ExportDefaultDeclaration') {
    const declared = statement.declaration as Placed
    const id = 'id' in declared ? (declared.id as Node | null) : null
    const binding = id ? bindings.of.get(id) : undefined
    const named = declared.type === 'Identifier' ? bindings.of.get(declared) : undefined
    if (binding ?? named) exports.set('default', { binding: (binding ?? named) as Binding })
    else exports.set('default', { expression: declared })
  }
  if (statement.type !== 'ExportNamedDeclaration') return
  const { declaration, source } = statement
  for (const specifier of statement.specifiers) {
    const name = nameOf(specifier.exported)
    if (specifier.type === 'ExportNamespaceSpecifier' && source)
      exports.set(name, { from: source.value, name: '*' })
    if (specifier.type !== 'ExportSpecifier') continue
    if (source) exports.set(name, { from: source.value, name: nameOf(specifier.local) })
    else {
      const binding = bindings.of.get(specifier.local)
      if (binding) exports.set(name, { binding })
    }
  }
  if (!declaration) return
  const ids = declaration.type === 'VariableDeclaration' ? [] : [(declaration as { id?: Node }).id]
  if (declaration.type === 'VariableDeclaration')
    for (const { id } of declaration.declarations) collectNames(id as Placed, ids)
  for (const id of ids) {
    const binding = id ? bindings.of.get(id) : undefined
    if (binding) exports.set(binding.name, { binding })
  }
}

/** The names that a pattern binds. */
export function collectNames(pattern: Placed, into: (Node | undefined)[] = []) {
  if (pattern.type === 'Identifier') into.push(pattern)
  if (pattern.type === 'AssignmentPattern') collectNames(pattern.left as Placed, into)
  if (pattern.type === 'RestElement') collectNames(pattern.argument as Placed, into)
  if (pattern.type === 'TSParameterProperty') collectNames(pattern.parameter as Placed, into)
  if (pattern.type === 'ArrayPattern')
    for (const element of pattern.elements) if (element) collectNames(element as Placed, into)
  if (pattern.type === 'ObjectPattern')
    for (const property of pattern.properties)
      collectNames((property.type === 'ObjectProperty' ? property.value : property) as Placed, into)
  return into as Node[]
}

export function nameOf(node: Node): string {
  return node.type === 'StringLiteral' ? node.value : (node as { name: string }).name
}
