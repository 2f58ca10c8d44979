// The tree that the parser grows and the evaluator walks.

import type { Type } from './types.ts'

export type Unary = '-' | '+' | '!' | '~' | '*' | '&' | '++' | '--'
export type Binary =
  | '+' | '-' | '*' | '/' | '%' | '<<' | '>>' | '&' | '|' | '^'
  | '<' | '>' | '<=' | '>=' | '==' | '!=' | '@' // biome-ignore format: by precedence

export type Expression =
  | { readonly kind: 'integer'; readonly value: bigint; readonly type: Type }
  | { readonly kind: 'float'; readonly value: number; readonly type: Type }
  | { readonly kind: 'character'; readonly value: number }
  | { readonly kind: 'string'; readonly bytes: Uint8Array }
  | { readonly kind: 'array'; readonly elements: readonly Expression[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'type'; readonly type: Type }
  | { readonly kind: 'unary'; readonly operator: Unary; readonly operand: Expression }
  | { readonly kind: 'postfix'; readonly operator: '++' | '--'; readonly operand: Expression }
  | {
      readonly kind: 'binary'
      readonly operator: Binary
      readonly left: Expression
      readonly right: Expression
    }
  | {
      readonly kind: 'logic'
      readonly operator: '&&' | '||'
      readonly left: Expression
      readonly right: Expression
    }
  | {
      readonly kind: 'assign'
      /** The operator of `+=`; undefined for `=`. */
      readonly operator: Binary | undefined
      readonly left: Expression
      readonly right: Expression
    }
  | {
      readonly kind: 'choice'
      readonly condition: Expression
      readonly yes: Expression
      readonly no: Expression
    }
  | { readonly kind: 'comma'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'cast'; readonly type: Type; readonly operand: Expression }
  | { readonly kind: 'sizeof'; readonly operand: Expression }
  | { readonly kind: 'alignof'; readonly type: Type }
  /** `{int} 16`: what stands in memory there. */
  | { readonly kind: 'memory'; readonly type: Type; readonly address: Expression }
  | { readonly kind: 'member'; readonly operand: Expression; readonly name: string }
  | { readonly kind: 'arrow'; readonly operand: Expression; readonly name: string }
  | { readonly kind: 'index'; readonly operand: Expression; readonly index: Expression }
  | {
      readonly kind: 'call'
      readonly callee: Expression
      readonly parameters: readonly Expression[]
    }

/** What names mean while parsing: C cannot be parsed without knowing the types. */
export interface Names {
  /** The type of `struct tag` or `enum tag`; throws gdb's sentence where there is none. */
  tagged(keyword: string, tag: string): Type
  /** A typedef, or undefined. */
  typedef(name: string): Type | undefined
  /** Throws gdb's sentence for a name that is nothing. */
  checkSymbol(name: string): void
}

/** True where the expression changes something; `set var` warns when it does not. */
export function changesSomething(node: Expression): boolean {
  switch (node.kind) {
    case 'assign':
    case 'postfix':
    case 'call':
      return true
    case 'unary':
      return node.operator === '++' || node.operator === '--'
    case 'comma':
      return changesSomething(node.left) || changesSomething(node.right)
    default:
      return false
  }
}
