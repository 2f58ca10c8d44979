// What an expression is, as far as the library is concerned: of what its places hold.

import type { Callables, CallNode } from './callables.ts'
import type { Cells } from './cells.ts'
import {
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
  UNKNOWN,
} from './library.ts'
import { type Module, requested } from './module.ts'
import { bare, keyName, type Node, type Placed } from './parse.ts'
import type { Project } from './project.ts'

/** Hands of the runtime: a `history` of these is the browser's. */
const GLOBAL_OBJECTS = new Set(
  'window self globalThis document location process console navigator Deno Bun'.split(' '),
)

export class ValueKinds {
  readonly #project: Project
  readonly #cells: Cells
  readonly #callables: Callables

  constructor(project: Project, cells: Cells, callables: Callables) {
    this.#project = project
    this.#cells = cells
    this.#callables = callables
  }

  of(expression: Placed, module: Module): Kind {
    const node = bare(expression)
    switch (node.type) {
      case 'Identifier': {
        const binding = module.bindings.of.get(node)
        if (binding) return this.#cells.of(binding).kind
        return node.name === 'undefined' ? NOTHING : OTHER
      }
      case 'NullLiteral':
        return NOTHING
      case 'UnaryExpression':
        return node.operator === 'void' ? NOTHING : OTHER
      case 'AwaitExpression': {
        const kind = this.of(node.argument as Placed, module)
        return isOurs(kind) || kind === UNKNOWN || kind.startsWith(MODULE) ? kind : OTHER
      }
      case 'ImportExpression':
        return this.#requestedKind(node, module)
      case 'CallExpression':
      case 'OptionalCallExpression':
        return this.#callKind(node as CallNode, module)
      case 'NewExpression': {
        const kind = this.of(node.callee as Placed, module)
        if (kind === UNKNOWN) return UNKNOWN
        return isOurs(kind) ? instanceKind(kind) : OTHER
      }
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        return this.#memberKind(node, module)
      case 'ConditionalExpression':
        return joined(
          this.of(node.consequent as Placed, module),
          this.of(node.alternate as Placed, module),
        )
      case 'LogicalExpression': {
        const right = this.of(node.right as Placed, module)
        // `a && list.push()` is what is pushed, or what passes for nothing.
        if (node.operator === '&&') return isOurs(right) ? right : OTHER
        return joined(this.of(node.left as Placed, module), right)
      }
      case 'AssignmentExpression':
        return node.operator === '=' ? this.of(node.right as Placed, module) : OTHER
      case 'SequenceExpression':
        return this.of(node.expressions.at(-1) as Placed, module)
      default:
        return OTHER
    }
  }

  /** What `{ name }` takes out of a value of this kind. */
  partOf(kind: Kind, name: string | undefined, module: Module, at: Placed): Kind {
    if (kind === UNKNOWN) return UNKNOWN
    if (isOurs(kind)) return memberKind(kind, name, false)
    if (kind.startsWith(MODULE)) return this.#memberOfModule(kind, name)
    const cell = name === undefined ? undefined : this.#cells.ofProperty(name, module, at)
    return cell && cell.writes.length > 0 ? cell.kind : OTHER
  }

  /** Whether this is known to be ours by a property's name alone. */
  isByProperty(expression: Placed, module: Module): boolean {
    const node = bare(expression)
    if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return false
    if (node.property.type === 'PrivateName') return false
    return !isOurs(this.of(node.object as Placed, module))
  }

  #memberKind(
    node: Extract<Node, { type: 'MemberExpression' | 'OptionalMemberExpression' }>,
    module: Module,
  ): Kind {
    const object = bare(node.object as Placed)
    const kind = this.of(object, module)
    const name = keyName(node.property, node.computed === true)
    if (kind === UNKNOWN) return UNKNOWN
    if (isOurs(kind)) {
      const member = memberKind(kind, name, this.isByProperty(object, module))
      return member === UNKNOWN ? OTHER : member
    }
    if (kind.startsWith(MODULE)) return this.#memberOfModule(kind, name)
    if (name === undefined || this.#isGlobal(object, module)) return OTHER
    const cell = this.#cells.ofProperty(name, module, node)
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
    const module = this.#project.modules.get(kind.slice(MODULE.length))
    if (!module || name === undefined) return OTHER
    const cell = this.#cells.ofExport(module, name)
    if (cell) return cell.kind
    const exported = module.exports.get(name)
    if (exported && 'from' in exported) {
      const found = this.#project.resolve(module, exported.from, exported.name)
      if (found.kind === 'library') return found.name === '*' ? NAMESPACE : exportKind(found.name)
      return this.#cells.ofResolved(found)?.kind ?? OTHER
    }
    // What `module.exports = { name }` writes is a property of that name.
    return module.exports.size === 0 ? (this.#cells.properties.get(name)?.kind ?? OTHER) : OTHER
  }

  #callKind(node: CallNode, module: Module): Kind {
    const asked = this.#requestedKind(node, module)
    if (asked !== OTHER) return asked
    const callable = this.#callables.called(node.callee, module)
    if (callable) return callable.returned.kind
    const kind = this.of(node.callee as Placed, module)
    if (kind === UNKNOWN) return UNKNOWN
    return isOurs(kind) ? resultKind(kind) : OTHER
  }

  #requestedKind(node: Node, module: Module): Kind {
    const specifier = requested(node, module.bindings)
    if (specifier === undefined) return OTHER
    if (this.#project.isLibrary(specifier)) return NAMESPACE
    const target = this.#project.target(module, specifier)
    return target ? MODULE + target.file : OTHER
  }
}
