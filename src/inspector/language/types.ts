// C's types as an x86-64 gdb knows them: widths, names, and the declarations that ptype writes.

export interface Qualifiers {
  readonly const?: boolean
  readonly volatile?: boolean
}
export interface IntegerType extends Qualifiers {
  readonly kind: 'integer'
  readonly name: string
  readonly size: 1 | 2 | 4 | 8
  readonly signed: boolean
  readonly text: boolean
}
export interface FloatType extends Qualifiers {
  readonly kind: 'float'
  readonly name: string
  readonly size: 4 | 8 | 16
}
export interface VoidType extends Qualifiers {
  readonly kind: 'void'
}
export interface PointerType extends Qualifiers {
  readonly kind: 'pointer'
  readonly target: Type
}
export interface ArrayType extends Qualifiers {
  readonly kind: 'array'
  readonly element: Type
  /** Undefined in `int []`. */
  readonly count: number | undefined
}
export interface Field {
  readonly name: string
  readonly type: Type
  readonly offset: number
}
export interface StructType extends Qualifiers {
  readonly kind: 'struct'
  readonly tag: string
  readonly size: number
  readonly fields: readonly Field[]
}
export interface EnumType extends Qualifiers {
  readonly kind: 'enum'
  readonly tag: string
  readonly members: ReadonlyMap<string, number>
}
export interface FunctionType extends Qualifiers {
  readonly kind: 'function'
  readonly result: Type
  readonly parameters: readonly Type[]
  /** `(void)` as against `()`. */
  readonly prototyped: boolean
}
/** What `$_strlen` without parentheses is. */
export interface InternalType extends Qualifiers {
  readonly kind: 'internal'
  readonly name: string
}
export type Type =
  | IntegerType
  | FloatType
  | VoidType
  | PointerType
  | ArrayType
  | StructType
  | EnumType
  | FunctionType
  | InternalType

const integer = (
  name: string,
  size: 1 | 2 | 4 | 8,
  signed: boolean,
  text = false,
): IntegerType => ({ kind: 'integer', name, size, signed, text })

export const CHAR = integer('char', 1, true, true)
export const SIGNED_CHAR = integer('signed char', 1, true, true)
export const UNSIGNED_CHAR = integer('unsigned char', 1, false, true)
export const SHORT = integer('short', 2, true)
export const UNSIGNED_SHORT = integer('unsigned short', 2, false)
export const INT = integer('int', 4, true)
export const UNSIGNED_INT = integer('unsigned int', 4, false)
export const LONG = integer('long', 8, true)
export const UNSIGNED_LONG = integer('unsigned long', 8, false)
export const LONG_LONG = integer('long long', 8, true)
export const UNSIGNED_LONG_LONG = integer('unsigned long long', 8, false)
export const FLOAT: FloatType = { kind: 'float', name: 'float', size: 4 }
export const DOUBLE: FloatType = { kind: 'float', name: 'double', size: 8 }
export const LONG_DOUBLE: FloatType = { kind: 'float', name: 'long double', size: 16 }
export const VOID: VoidType = { kind: 'void' }

export const pointerTo = (target: Type): PointerType => ({ kind: 'pointer', target })
export const arrayOf = (element: Type, count: number | undefined): ArrayType => ({
  kind: 'array',
  element,
  count,
})
export const CHAR_POINTER = pointerTo(CHAR)
export const VOID_POINTER = pointerTo(VOID)

export function sizeOf(type: Type): number {
  switch (type.kind) {
    case 'integer':
    case 'float':
    case 'struct':
      return type.size
    case 'pointer':
      return 8
    case 'enum':
      return 4
    case 'array':
      return (type.count ?? 0) * sizeOf(type.element)
    case 'void':
    case 'function':
    case 'internal':
      return 1
  }
}

/** The widest member decides, as in the x86-64 ABI. */
export function alignOf(type: Type): number {
  if (type.kind === 'array') return alignOf(type.element)
  if (type.kind === 'struct') return Math.max(1, ...type.fields.map((each) => alignOf(each.type)))
  return sizeOf(type)
}

/** Lays fields out as a C compiler does. */
export function structure(tag: string, members: readonly (readonly [string, Type])[]): StructType {
  let end = 0
  let alignment = 1
  const fields = members.map(([name, type]) => {
    const own = alignOf(type)
    const offset = Math.ceil(end / own) * own
    end = offset + sizeOf(type)
    alignment = Math.max(alignment, own)
    return { name, type, offset }
  })
  return { kind: 'struct', tag, size: Math.ceil(end / alignment) * alignment, fields }
}

/** The same type without its outermost const and volatile. */
export function unqualified(type: Type): Type {
  if (!type.const && !type.volatile) return type
  const { const: _const, volatile: _volatile, ...rest } = type
  return rest as Type
}

export function sameType(left: Type, right: Type): boolean {
  return typeName(unqualified(left)) === typeName(unqualified(right))
}

/** Integers, chars and enums: what arithmetic calls integral. */
export const isIntegral = (type: Type): type is IntegerType | EnumType =>
  type.kind === 'integer' || type.kind === 'enum'
export const isScalarNumber = (type: Type): boolean => isIntegral(type) || type.kind === 'float'
export const isText = (type: Type): boolean => type.kind === 'integer' && type.text
export const isSigned = (type: Type): boolean => type.kind === 'integer' && type.signed

const qualifiers = (type: Type): string =>
  `${type.const ? 'const ' : ''}${type.volatile ? 'volatile ' : ''}`

function baseName(type: Type): string {
  switch (type.kind) {
    case 'integer':
    case 'float':
      return qualifiers(type) + type.name
    case 'struct':
      return `${qualifiers(type)}struct ${type.tag}`
    case 'enum':
      return `${qualifiers(type)}enum ${type.tag}`
    case 'internal':
      return '<internal function>'
    default:
      return `${qualifiers(type)}void`
  }
}

/** `char *`, `int (*)[3]`: the C name; `base` replaces the innermost name, as ptype needs for a struct's body. */
export function typeName(
  type: Type,
  variable = '',
  base: (type: Type) => string = baseName,
): string {
  // What stands around the name of a declared thing grows from the inside out.
  let before = ''
  let after = ''
  let current = type
  let previous: Type['kind'] | '' = ''
  for (;;) {
    if (current.kind === 'pointer') {
      const own = `*${current.const ? ' const' : ''}${current.volatile ? ' volatile' : ''}`
      const gap =
        (current.const || current.volatile) && (before !== '' || variable !== '') ? ' ' : ''
      before = own + gap + before
      previous = 'pointer'
      current = current.target
    } else if (current.kind === 'array') {
      if (previous === 'pointer') {
        before = `(${before}`
        after = `${after})`
      }
      after = `${after}[${current.count ?? ''}]`
      previous = 'array'
      current = current.element
    } else if (current.kind === 'function') {
      if (previous === 'pointer') {
        before = `(${before}`
        after = `${after})`
      }
      const list = current.parameters.map((each) => typeName(each)).join(', ')
      after = `${after}(${list === '' && current.prototyped ? 'void' : list})`
      previous = 'function'
      current = current.result
    } else break
  }
  const declarator = before + variable + after
  const name = base(current)
  return declarator === '' ? name : `${name} ${declarator}`
}

/** What ptype prints: a struct with its fields, an enum with its members. */
export function typeDefinition(type: Type): string {
  return typeName(type, '', (base) => {
    if (base.kind === 'struct') {
      const fields = base.fields.map((each) => `    ${typeName(each.type, each.name)};\n`).join('')
      return `${baseName(base)} {\n${fields}}`
    }
    if (base.kind === 'enum') {
      let expected = 0
      const members = [...base.members].map(([name, number]) => {
        const text = number === expected ? name : `${name} = ${number}`
        expected = number + 1
        return text
      })
      return `${baseName(base)} {${members.join(', ')}}`
    }
    return baseName(base)
  })
}
