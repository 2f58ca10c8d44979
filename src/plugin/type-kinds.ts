// What a type annotation says, null and undefined aside.

import type { Cells } from './cells.ts'
import { joined, type Kind, NAMESPACE, NOTHING, OTHER, typeKind, UNKNOWN } from './library.ts'
import type { Module } from './module.ts'
import type { Node } from './parse.ts'

export function typeKindOf(type: Node, module: Module, cells: Cells): Kind {
  switch (type.type) {
    case 'TSTypeAnnotation':
      return typeKindOf(type.typeAnnotation, module, cells)
    case 'TSUndefinedKeyword':
    case 'TSNullKeyword':
    case 'TSVoidKeyword':
      return NOTHING
    case 'TSParenthesizedType':
      return typeKindOf(type.typeAnnotation, module, cells)
    case 'TSUnionType':
      return type.types.reduce(
        (kind, member) => joined(kind, typeKindOf(member, module, cells)),
        UNKNOWN,
      )
    case 'TSTypeReference': {
      const name = type.typeName
      if (name.type === 'Identifier') return namedType(name, name.name, module, cells)
      if (name.type !== 'TSQualifiedName' || name.left.type !== 'Identifier') return OTHER
      const binding = module.bindings.of.get(name.left)
      const isSpace = binding && cells.of(binding).kind === NAMESPACE
      return isSpace ? typeKind(name.right.name) : OTHER
    }
    default:
      return OTHER
  }
}

function namedType(id: Node, name: string, module: Module, cells: Cells): Kind {
  const binding = module.bindings.of.get(id)
  if (!binding) return OTHER
  const resolved = binding.how === 'import' ? cells.importOf(binding) : undefined
  if (resolved?.kind === 'library') return typeKind(resolved.name)
  const declaration = binding.declaration
  if (declaration.type === 'TSTypeAliasDeclaration' && binding.name === name)
    return typeKindOf(declaration.typeAnnotation, module, cells)
  return OTHER
}
