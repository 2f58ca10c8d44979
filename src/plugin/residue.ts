// What is left of an expression whose value nobody takes, once the library is gone: the parts of the application that may
// do something. Reading a property is taken for doing nothing, as bundlers take it.

import type { Cell } from './cells.ts'
import type { Kinds } from './kinds.ts'
import { isOurs } from './library.ts'
import { type Module, requested } from './module.ts'
import { bare, type Node, type Of, type Placed } from './parse.ts'

/** Functions of the language that do nothing but answer. */
const PURE = new Set([
  'String',
  'Number',
  'Boolean',
  'BigInt',
  'Symbol',
  'parseInt',
  'parseFloat',
  'isNaN',
  'isFinite',
  'encodeURIComponent',
  'performance.now',
  'Date.now',
  'Object.keys',
  'Object.values',
  'Object.entries',
  'Object.freeze',
  'Array.isArray',
  'String.fromCharCode',
  'process.uptime',
  'process.memoryUsage',
  'structuredClone',
])
const PURE_OBJECTS = new Set(['Math', 'Number', 'BigInt'])
const PURE_CLASSES = new Set(
  'Map Set WeakMap WeakSet Array Object Date Error TypeError RangeError Uint8Array Int32Array Float64Array ArrayBuffer SharedArrayBuffer URL'.split(
    ' ',
  ),
)

export function isRemovable(cell: Cell | undefined): boolean {
  return cell !== undefined && (cell.isOrphan || (isOurs(cell.kind) && !cell.isKept))
}

export class Residues {
  readonly #kinds: Kinds
  readonly #module: Module
  /** Modules that do nothing when they are loaded. */
  readonly #silent: ReadonlySet<string>
  /** Functions that are being looked at: one may call itself. */
  readonly #entered = new Set<Node>()

  constructor(kinds: Kinds, module: Module, silent: ReadonlySet<string>) {
    this.#kinds = kinds
    this.#module = module
    this.#silent = silent
  }

  /** The nodes that must still run, in their order; the expression itself when it cannot be taken apart. */
  of(expression: Node | null | undefined): Placed[] {
    if (!expression) return []
    const node = bare(expression)
    switch (node.type) {
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        return [...this.of(node.object), ...(node.computed ? this.of(node.property) : [])]
      case 'UnaryExpression':
        return node.operator === 'delete' ? this.#deleted(node) : this.of(node.argument)
      case 'BinaryExpression':
        return [...this.of(node.left), ...this.of(node.right)]
      case 'LogicalExpression':
        return this.of(node.right).length === 0 ? this.of(node.left) : [node]
      case 'ConditionalExpression':
        return this.of(node.consequent).length + this.of(node.alternate).length === 0
          ? this.of(node.test)
          : [node]
      case 'SequenceExpression':
      case 'TemplateLiteral':
        return node.expressions.flatMap((part) => this.of(part))
      case 'ArrayExpression':
        return node.elements.flatMap((element) => this.of(element))
      case 'SpreadElement':
        return this.of(node.argument)
      case 'ObjectExpression':
        return node.properties.flatMap((property) => this.#ofProperty(property))
      case 'AssignmentExpression':
        return this.#assigned(node)
      case 'UpdateExpression':
        return this.isGoneTarget(node.argument as Placed) ? [] : [node]
      case 'AwaitExpression':
        return this.isOurs(node.argument) ? this.of(node.argument) : [node]
      case 'CallExpression':
      case 'OptionalCallExpression':
      case 'NewExpression':
        return this.#called(node)
      case 'ImportExpression':
        return this.isOurs(node) || this.#isSilent(node) ? [] : [node]
      case 'ClassExpression':
        return node.superClass ||
          node.body.body.some((member) => 'static' in member && member.static)
          ? [node]
          : []
      case 'YieldExpression':
      case 'TaggedTemplateExpression':
      case 'JSXElement':
      case 'JSXFragment':
        return [node]
      default:
        return []
    }
  }

  isOurs(expression: Node): boolean {
    return isOurs(this.#kinds.kindOf(expression as Placed, this.#module))
  }

  /** Whether nothing is left to write to. */
  isGoneTarget(target: Placed): boolean {
    const to = bare(target)
    const isMember = to.type === 'MemberExpression' || to.type === 'OptionalMemberExpression'
    if (isMember && this.isOurs(to.object)) return true
    return isRemovable(this.#kinds.targetCell(to, this.#module))
  }

  /** A call of the library, or of a function that did nothing but call it. */
  isOurCall(node: Placed): boolean {
    if (node.type === 'NewExpression') return this.isOurs(node.callee)
    if (node.type !== 'CallExpression' && node.type !== 'OptionalCallExpression') return false
    if (this.#kinds.callableOf(node.callee, this.#module)?.isEmptied) return true
    return this.isOurs(node.callee) || this.#isSilent(node) || this.#isRequireOfOurs(node)
  }

  #isRequireOfOurs(node: Node): boolean {
    const specifier = requested(node, this.#module.bindings)
    return specifier !== undefined && this.#kinds.project.isLibrary(specifier)
  }

  #isSilent(node: Node): boolean {
    const specifier = requested(node, this.#module.bindings)
    const target = specifier && this.#kinds.project.target(this.#module, specifier)
    return target ? this.#silent.has(target.file) : specifier?.startsWith('node:') === true
  }

  #ofProperty(property: Node): Placed[] {
    if (property.type !== 'ObjectProperty') return this.of(property)
    return [...(property.computed ? this.of(property.key) : []), ...this.of(property.value)]
  }

  #deleted(node: Of<'UnaryExpression'>): Placed[] {
    const target = bare(node.argument)
    const isMember = target.type === 'MemberExpression'
    return isMember && this.isGoneTarget(target) ? this.of(target.object) : [node]
  }

  #assigned(node: Of<'AssignmentExpression'>): Placed[] {
    const target = bare(node.left)
    if (!this.isGoneTarget(target)) return [node]
    const object = target.type === 'MemberExpression' ? this.of(target.object) : []
    return [...object, ...this.of(node.right)]
  }

  #called(node: Of<'CallExpression' | 'OptionalCallExpression' | 'NewExpression'>): Placed[] {
    const parts = () => node.arguments.flatMap((argument) => this.of(argument))
    if (this.isOurCall(node)) {
      const callee = bare(node.callee)
      return [...(callee.type === 'Import' ? [] : this.of(callee)), ...parts()]
    }
    return this.#isPure(node) ? parts() : [node]
  }

  #isPure(node: { type: string; callee: Node; start: number }): boolean {
    const before = this.#module.text.slice(Math.max(0, node.start - 40), node.start)
    if (/\/\*\s*[@#]__PURE__\s*\*\/\s*$/.test(before)) return true
    if (node.type !== 'NewExpression' && this.#onlyAnswers(node.callee)) return true
    const name = this.#globalName(bare(node.callee))
    if (name === undefined) return false
    if (node.type === 'NewExpression') return PURE_CLASSES.has(name)
    const [object] = name.split('.')
    return PURE.has(name) || (name.includes('.') && PURE_OBJECTS.has(object as string))
  }

  /** A function of the application that does nothing but answer. */
  #onlyAnswers(callee: Node): boolean {
    const callable = this.#kinds.callableOf(callee, this.#module)
    if (!callable || callable.node.async || callable.node.generator) return false
    if (callable.module !== this.#module || this.#entered.has(callable.node)) return false
    const { body, params } = callable.node
    const only = body.type === 'BlockStatement' ? body.body : undefined
    const returned = only?.length === 1 && only[0]?.type === 'ReturnStatement' ? only[0] : undefined
    const answer = only ? returned?.argument : body
    if (!answer || params.some(({ type }) => type !== 'Identifier')) return false
    this.#entered.add(callable.node)
    const isPure = this.of(answer).length === 0
    this.#entered.delete(callable.node)
    return isPure
  }

  #globalName(callee: Placed): string | undefined {
    if (callee.type === 'Identifier')
      return this.#module.bindings.of.has(callee) ? undefined : callee.name
    if (callee.type !== 'MemberExpression' || callee.computed) return undefined
    const object = this.#globalName(callee.object as Placed)
    return object === undefined || callee.property.type !== 'Identifier'
      ? undefined
      : `${object}.${callee.property.name}`
  }
}
