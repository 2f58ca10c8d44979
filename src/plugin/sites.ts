// Where each log and push stands, filled in at build time. `'connect, (%d)'` becomes `'connect, (%d)\0src/conn.ts:41:accept'`,
// one interned string as any other; readers part the two at the NUL. A push gets its place as a second argument. A call
// costs what it did.

import { isFunction } from './bindings.ts'
import type { CallNode } from './callables.ts'
import type { Edits } from './edits.ts'
import type { Kinds } from './kinds.ts'
import { HISTORY, type Kind, LIST } from './library.ts'
import type { Module } from './module.ts'
import { bare, childrenOf, keyName, type Node, type Placed } from './parse.ts'

/** Adds its place to each push, and to each format that is written down; `name` is the file's, as users know it. */
export function addSites(module: Module, kinds: Kinds, edits: Edits, name: string): void {
  const visit = (node: Placed): void => {
    if (node.type === 'CallExpression' || node.type === 'OptionalCallExpression')
      addSite(node, module, kinds, edits, name)
    for (const child of childrenOf(node)) visit(child)
  }
  visit(module.program)
}

function addSite(node: CallNode, module: Module, kinds: Kinds, edits: Edits, name: string): void {
  const method = bare(node.callee as Placed)
  if (method.type !== 'MemberExpression' && method.type !== 'OptionalMemberExpression') return
  const called = keyName(method.property, method.computed === true)
  const is = (word: string, kind: Kind) =>
    called === word && kinds.kindOf(method.object as Placed, module) === kind
  if (!is('log', HISTORY) && !is('push', LIST)) return
  const within = functionName(node, module)
  const site = `${name}:${node.loc?.start.line}${within ? `:${within}` : ''}`
  if (called === 'log') addToFormat(node, module, edits, site)
  else addToPush(node, module, edits, site)
}

function addToPush(node: CallNode, module: Module, edits: Edits, site: string): void {
  const [object, ...more] = node.arguments
  if (!object || object.type === 'SpreadElement' || more.length > 0) return
  edits.insert(endOf(object as Placed, node, module), `, '${escaped(site, "'")}'`)
}

function addToFormat(node: CallNode, module: Module, edits: Edits, site: string): void {
  const [verb, format] = node.arguments
  if (!verb || verb.type === 'SpreadElement') return
  if (!format) {
    edits.insert(endOf(verb as Placed, node, module), `, '\\x00${escaped(site, "'")}'`)
    return
  }
  const isPlainTemplate = format.type === 'TemplateLiteral' && format.expressions.length === 0
  if (format.type !== 'StringLiteral' && !isPlainTemplate) return
  const end = format.end as number
  if (module.text.slice(format.start as number, end).includes('\\x00')) return
  edits.insert(end - 1, `\\x00${escaped(site, module.text[end - 1] as string)}`)
}

/** The end of a call's last argument, with the brackets around it. */
function endOf({ end }: Placed, call: CallNode, { text }: Module): number {
  const behind = text
    .slice(end, call.end - 1)
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, (comment) => ' '.repeat(comment.length))
  return end + behind.lastIndexOf(')') + 1
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
