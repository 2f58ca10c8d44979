// Source text to a tree. Babel's, as it knows every syntax that bundlers take, TypeScript and decorators among it, and is
// plain JavaScript, so that it is bundled with the plugin and nothing is installed for it.

import { type ParserPlugin, parse } from '@babel/parser'
import type { File, Node } from '@babel/types'

export type { Node }
/** A node that the parser has placed in a text. */
export type Placed = Node & { start: number; end: number }
/** A placed node of one type. */
export type Of<Type extends Node['type']> = Extract<Node, { type: Type }> & Placed

const ALWAYS: readonly ParserPlugin[] = ['decorators', 'decoratorAutoAccessors']

/** Whether this is a file whose statements can be removed. */
export function isSource(file: string): boolean {
  return /\.(?:[cm]?[jt]s|[jt]sx)$/.test(file) && !/\.d\.[cm]?ts$/.test(file)
}

/** @throws {SyntaxError} Of the parser, with its place. */
export function parseSource(text: string, file: string): File {
  const isTypeScript = /\.[cm]?tsx?$/.test(file)
  // In .ts `<T>value` is a cast, in all others `<T>` is an element.
  const hasElements = !/\.[cm]?ts$/.test(file)
  return parse(text, {
    sourceType: /\.(?:cjs|cts)$/.test(file) ? 'script' : 'unambiguous',
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
    allowUndeclaredExports: true,
    attachComment: false,
    plugins: [
      ...ALWAYS,
      ...(isTypeScript ? (['typescript'] as const) : []),
      ...(hasElements ? (['jsx'] as const) : []),
    ],
  })
}

const NOT_CHILDREN = new Set(['type', 'start', 'end', 'loc', 'extra', 'range', 'errors'])

/** A tree is gone through many times, and its keys are slow to ask for: each node keeps its children. */
const CHILDREN = Symbol('children')

/** The nodes right below this one, in the order of the text where the tree has it. */
export function childrenOf(node: Node): readonly Placed[] {
  const keeper = node as Node & { [CHILDREN]?: readonly Placed[] }
  keeper[CHILDREN] ??= childrenIn(node)
  return keeper[CHILDREN]
}

function childrenIn(node: Node): Placed[] {
  const children: Placed[] = []
  for (const [key, value] of Object.entries(node)) {
    if (NOT_CHILDREN.has(key) || key.endsWith('Comments')) continue
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) children.push(item)
    } else if (isNode(value)) children.push(value)
  }
  return children
}

function isNode(value: unknown): value is Placed {
  const node = value as Partial<Placed> | null
  return typeof node === 'object' && node !== null && typeof node.type === 'string'
}

/** Without what TypeScript writes around an expression, and what is no more than parentheses. */
export function bare(node: Node): Placed {
  let inner = node
  while (
    inner.type === 'TSAsExpression' ||
    inner.type === 'TSNonNullExpression' ||
    inner.type === 'TSSatisfiesExpression' ||
    inner.type === 'TSTypeAssertion' ||
    inner.type === 'TSInstantiationExpression' ||
    inner.type === 'ParenthesizedExpression'
  )
    inner = inner.expression
  return inner as Placed
}

/** The name of a property or member, where it is written down. */
export function keyName(key: Node, isComputed: boolean): string | undefined {
  if (key.type === 'PrivateName') return `#${key.id.name}`
  if (key.type === 'StringLiteral') return key.value
  if (isComputed) return undefined
  if (key.type === 'Identifier') return key.name
  return key.type === 'NumericLiteral' ? `${key.value}` : undefined
}
