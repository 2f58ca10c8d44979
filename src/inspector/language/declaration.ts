// Type names inside expressions: `unsigned long`, `const char *`, `int (*[3])(char)`, `struct struct_hist *`.

import type { Token } from './lexer.ts'
import type { Names } from './syntax.ts'
import {
  arrayOf,
  CHAR,
  DOUBLE,
  FLOAT,
  INT,
  type IntegerType,
  LONG,
  LONG_DOUBLE,
  LONG_LONG,
  pointerTo,
  SHORT,
  SIGNED_CHAR,
  type Type,
  UNSIGNED_CHAR,
  UNSIGNED_INT,
  UNSIGNED_LONG,
  UNSIGNED_LONG_LONG,
  UNSIGNED_SHORT,
  VOID,
} from './types.ts'

/** What a declaration needs of the parser around it. */
export interface Cursor {
  readonly token: Token
  readonly names: Names
  advance(): void
  accept(punctuation: string): boolean
  expect(punctuation: string): void
  unexpected(): Error
}

const WORDS = new Set([
  'char',
  'short',
  'int',
  'long',
  'signed',
  'unsigned',
  'float',
  'double',
  'void',
])
const QUALIFIERS = new Set(['const', 'volatile'])
const TAGGED = new Set(['struct', 'union', 'enum'])

export function startsType(token: Token, names: Names): boolean {
  if (token.kind !== 'name') return false
  const { text } = token
  return (
    WORDS.has(text) || QUALIFIERS.has(text) || TAGGED.has(text) || names.typedef(text) !== undefined
  )
}

/** A whole type name: specifiers and what stands around the missing variable. */
export function parseTypeName(cursor: Cursor): Type {
  const base = specifiers(cursor)
  return abstractDeclarator(cursor)(base)
}

const word = (cursor: Cursor): string => (cursor.token.kind === 'name' ? cursor.token.text : '')

function specifiers(cursor: Cursor): Type {
  const seen = { const: false, volatile: false }
  qualify(cursor, seen)
  const type = baseType(cursor)
  qualify(cursor, seen)
  return withQualifiers(type, seen)
}

function qualify(cursor: Cursor, seen: { const: boolean; volatile: boolean }): void {
  for (let text = word(cursor); QUALIFIERS.has(text); text = word(cursor)) {
    if (text === 'const') seen.const = true
    else seen.volatile = true
    cursor.advance()
  }
}

function withQualifiers(type: Type, seen: { const: boolean; volatile: boolean }): Type {
  if (!seen.const && !seen.volatile) return type
  return { ...type, ...(seen.const && { const: true }), ...(seen.volatile && { volatile: true }) }
}

function baseType(cursor: Cursor): Type {
  const first = word(cursor)
  if (TAGGED.has(first)) {
    cursor.advance()
    const tag = word(cursor)
    if (tag === '') throw cursor.unexpected()
    const type = cursor.names.tagged(first, tag)
    cursor.advance()
    return type
  }
  const typedef = WORDS.has(first) ? undefined : cursor.names.typedef(first)
  if (typedef !== undefined) {
    cursor.advance()
    return typedef
  }
  if (!WORDS.has(first)) throw cursor.unexpected()
  return arithmeticType(cursor)
}

/** Which word may follow which: `int long` and `unsigned float` are no types. */
function arithmeticType(cursor: Cursor): Type {
  const words: string[] = []
  for (let text = word(cursor); WORDS.has(text); text = word(cursor)) {
    if (!mayFollow(words, text)) throw cursor.unexpected()
    words.push(text)
    cursor.advance()
  }
  const unsigned = words.includes('unsigned')
  const longs = words.filter((each) => each === 'long').length
  const pick = (signed: IntegerType, other: IntegerType): IntegerType => (unsigned ? other : signed)
  if (words.includes('void')) return VOID
  if (words.includes('float')) return FLOAT
  if (words.includes('double')) return longs > 0 ? LONG_DOUBLE : DOUBLE
  if (words.includes('char')) {
    return unsigned ? UNSIGNED_CHAR : words.includes('signed') ? SIGNED_CHAR : CHAR
  }
  if (words.includes('short')) return pick(SHORT, UNSIGNED_SHORT)
  if (longs === 2) return pick(LONG_LONG, UNSIGNED_LONG_LONG)
  if (longs === 1) return pick(LONG, UNSIGNED_LONG)
  return pick(INT, UNSIGNED_INT)
}

function mayFollow(words: readonly string[], next: string): boolean {
  if (words.length === 0) return true
  if (words.some((each) => ['int', 'char', 'float', 'double', 'void'].includes(each))) return false
  const sign = words.includes('signed') || words.includes('unsigned')
  const longs = words.filter((each) => each === 'long').length
  const short = words.includes('short')
  switch (next) {
    case 'int':
      return true
    case 'long':
      return !short && longs < 2
    case 'short':
      return !short && longs === 0
    case 'char':
      return !short && longs === 0
    case 'double':
      return longs === 1 && !sign
    case 'signed':
    case 'unsigned':
      return !sign
    default:
      return false
  }
}

/** Pointers bind looser than `[]` and `()`, and a parenthesis turns that round: so it is a function of the base. */
function abstractDeclarator(cursor: Cursor): (base: Type) => Type {
  const pointers: ((base: Type) => Type)[] = []
  while (cursor.accept('*')) {
    const seen = { const: false, volatile: false }
    qualify(cursor, seen)
    pointers.push((base) => withQualifiers(pointerTo(base), seen))
  }
  let inner: ((base: Type) => Type) | undefined
  const suffixes: ((base: Type) => Type)[] = []
  while (is(cursor, '(') || is(cursor, '[')) {
    if (cursor.accept('[')) {
      const { token } = cursor
      if (token.kind === 'integer') cursor.advance()
      cursor.expect(']')
      const count = token.kind === 'integer' ? Number(token.value) : undefined
      suffixes.push((base) => arrayOf(base, count))
      continue
    }
    cursor.advance()
    if (inner === undefined && suffixes.length === 0 && (is(cursor, '*') || is(cursor, '('))) {
      inner = abstractDeclarator(cursor)
      cursor.expect(')')
    } else suffixes.push(parameters(cursor))
  }
  return (base) => {
    let type = base
    for (const each of pointers) type = each(type)
    for (const each of suffixes.reverse()) type = each(type)
    return inner === undefined ? type : inner(type)
  }
}

const is = (cursor: Cursor, text: string): boolean =>
  cursor.token.kind === 'punctuation' && cursor.token.text === text

function parameters(cursor: Cursor): (base: Type) => Type {
  const list: Type[] = []
  if (!cursor.accept(')')) {
    do list.push(parseTypeName(cursor))
    while (cursor.accept(','))
    cursor.expect(')')
  }
  const [only] = list
  const prototyped = list.length > 0
  const none = list.length === 1 && only?.kind === 'void'
  return (result) => ({ kind: 'function', result, parameters: none ? [] : list, prototyped })
}
