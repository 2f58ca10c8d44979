// Where each log call stands, filled in at build time: `'connect, (%d)'` becomes `'connect, (%d)\0src/conn.ts:41:accept'`,
// one interned string as any other. A call costs what it did; readers part the two at the NUL.

import { isFunction } from './bindings.ts'
import type { Edits } from './edits.ts'
import type { Kinds } from './kinds.ts'
import { HISTORY } from './library.ts'
import type { Module } from './module.ts'
import { bare, childrenOf, keyName, type Node, type Placed } from './parse.ts'

/** Adds its place to each format that is written down; `name` is the file's, as users know it. */
export function addSites(module: Module, kinds: Kinds, edits: Edits, name: string): void {
  const visit = (node: Placed): void => {
    if (node.type === 'CallExpression' || node.type === 'OptionalCallExpression')
      if (isLog(node.callee as Placed, module, kinds)) addSite(node, module, edits, name)
    for (const child of childrenOf(node)) visit(child)
  }
  visit(module.program)
}

function isLog(callee: Placed, module: Module, kinds: Kinds): boolean {
  const method = bare(callee)
  if (method.type !== 'MemberExpression' && method.type !== 'OptionalMemberExpression') return false
  return (
    keyName(method.property, method.computed === true) === 'log' &&
    kinds.kindOf(method.object as Placed, module) === HISTORY
  )
}

function addSite(
  node: Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' }> & Placed,
  module: Module,
  edits: Edits,
  name: string,
): void {
  const [verb, format] = node.arguments
  if (!verb || verb.type === 'SpreadElement') return
  const within = functionName(node, module)
  const site = `${name}:${node.loc?.start.line}${within ? `:${within}` : ''}`
  if (!format) {
    edits.insert(verb.end as number, `, '\\x00${escaped(site, "'")}'`)
    return
  }
  const isPlainTemplate = format.type === 'TemplateLiteral' && format.expressions.length === 0
  if (format.type !== 'StringLiteral' && !isPlainTemplate) return
  const end = format.end as number
  if (module.text.slice(format.start as number, end).includes('\\x00')) return
  edits.insert(end - 1, `\\x00${escaped(site, module.text[end - 1] as string)}`)
}

function escaped(text: string, quote: string): string {
  const safe = text.replace(/[\\\n\r\u2028\u2029]/g, (one) => (one === '\\' ? '\\\\' : '?'))
  return safe.replaceAll(quote, `\\${quote}`).replaceAll('${', '$\\{')
}

/** The function that a node stands in, with its class; of one without a name, the one around it. */
function functionName(node: Node, module: Module): string | undefined {
  const { parents } = module.bindings
  for (let at = parents.get(node); at; at = parents.get(at)) {
    if (!isFunction(at)) continue
    const name = ownName(at, parents.get(at))
    if (name !== undefined) return name
  }
  return undefined
}

function ownName(node: Placed, parent: Placed | undefined): string | undefined {
  if ('id' in node && node.id?.type === 'Identifier') return node.id.name
  if (node.type === 'ClassMethod' || node.type === 'ClassPrivateMethod') {
    return keyName(node.key, 'computed' in node && node.computed === true)
  }
  if (node.type === 'ObjectMethod') return keyName(node.key, node.computed)
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier')
    return parent.id.name
  if (parent?.type === 'ObjectProperty' || /^Class.*Property$/.test(parent?.type ?? '')) {
    const { key } = parent as Extract<Node, { type: 'ObjectProperty' }>
    return keyName(
      key,
      'computed' in (parent as object) && (parent as { computed?: boolean }).computed === true,
    )
  }
  if (parent?.type === 'AssignmentExpression') {
    const left = bare(parent.left)
    if (left.type === 'Identifier') return left.name
    if (left.type === 'MemberExpression') return keyName(left.property, left.computed)
  }
  return undefined
}
