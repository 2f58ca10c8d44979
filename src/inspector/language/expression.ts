// C expressions as gdb parses them: by precedence, loosest first, types known by name.

import { CommandError, JUNK, TOO_DEEP, TYPE_AS_EXPRESSION } from '../messages.ts'
import { type Cursor, parseTypeName, startsType } from './declaration.ts'
import { Lexer, type Token, unexpected } from './lexer.ts'
import type { Binary, Expression, Names, Unary } from './syntax.ts'

/** Binary operators, tightest last. gdb's own `@` stands between the shifts and the sums. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['@'],
  ['+', '-'],
  ['*', '/', '%'],
]
const PRECEDENCE = new Map(LEVELS.flatMap((level, index) => level.map((each) => [each, index])))
const ASSIGNMENTS = new Set(['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>='])
const UNARY = new Set(['-', '+', '!', '~', '*', '&', '++', '--'])

/** Deeper nesting is a mistake or an attack; the JavaScript stack must not end first. */
const DEPTH_MAX = 500

class Parser implements Cursor {
  readonly names: Names
  readonly #lexer: Lexer
  token: Token
  #depth = 0

  constructor(text: string, names: Names, radix: number) {
    this.names = names
    this.#lexer = new Lexer(text, radix)
    this.token = this.#lexer.next()
  }

  advance(): void {
    this.token = this.#lexer.next()
  }
  is(text: string): boolean {
    return this.token.kind === 'punctuation' && this.token.text === text
  }
  accept(text: string): boolean {
    const found = this.is(text)
    if (found) this.advance()
    return found
  }
  expect(text: string): void {
    if (!this.accept(text)) throw this.unexpected()
  }
  unexpected(): CommandError {
    return unexpected(this.#lexer, this.token)
  }

  /** `stopAtComma` serves the arguments of printf. Gives also where the expression ended. */
  whole(stopAtComma: boolean): { expression: Expression; end: number } {
    const expression = this.#typeOr(() => (stopAtComma ? this.#assignment() : this.comma()))
    if (this.token.kind !== 'end' && !(stopAtComma && this.is(','))) {
      throw this.is(')') || this.is(']') ? new CommandError(JUNK) : this.unexpected()
    }
    return { expression, end: this.token.at }
  }

  #typeOr(parse: () => Expression): Expression {
    if (!startsType(this.token, this.names)) return parse()
    return { kind: 'type', type: parseTypeName(this) }
  }

  comma(): Expression {
    let left = this.#assignment()
    while (this.accept(',')) left = { kind: 'comma', left, right: this.#assignment() }
    return left
  }

  #assignment(): Expression {
    const left = this.#choice()
    const { token } = this
    if (token.kind !== 'punctuation' || !ASSIGNMENTS.has(token.text)) return left
    this.advance()
    const operator = token.text === '=' ? undefined : (token.text.slice(0, -1) as Binary)
    return { kind: 'assign', operator, left, right: this.#nested(() => this.#assignment()) }
  }

  #choice(): Expression {
    const condition = this.#binary(0)
    if (!this.accept('?')) return condition
    const yes = this.#nested(() => this.#assignment())
    this.expect(':')
    return { kind: 'choice', condition, yes, no: this.#nested(() => this.#choice()) }
  }

  #binary(least: number): Expression {
    let left = this.#unary()
    for (;;) {
      const { token } = this
      const level = token.kind === 'punctuation' ? PRECEDENCE.get(token.text) : undefined
      if (level === undefined || (level as number) < least) return left
      const { text } = token as { text: string }
      this.advance()
      const right = this.#binary((level as number) + 1)
      left =
        text === '&&' || text === '||'
          ? { kind: 'logic', operator: text, left, right }
          : { kind: 'binary', operator: text as Binary, left, right }
    }
  }

  #nested<T>(parse: () => T): T {
    if (++this.#depth > DEPTH_MAX) throw new CommandError(TOO_DEEP)
    const result = parse()
    this.#depth--
    return result
  }

  #unary(): Expression {
    const { token } = this
    if (token.kind === 'punctuation' && UNARY.has(token.text)) {
      this.advance()
      const operand = this.#nested(() => this.#unary())
      return { kind: 'unary', operator: token.text as Unary, operand }
    }
    if (token.kind === 'name' && token.text === 'sizeof') return this.#sizeof()
    if (token.kind === 'name' && (token.text === '_Alignof' || token.text === 'alignof')) {
      if (token.text === '_Alignof') {
        this.advance()
        this.expect('(')
        const type = parseTypeName(this)
        this.expect(')')
        return { kind: 'alignof', type }
      }
    }
    if (this.is('(')) return this.#nested(() => this.#parenthesis())
    if (this.is('{')) return this.#nested(() => this.#brace())
    return this.#postfix(this.#primary())
  }

  #sizeof(): Expression {
    this.advance()
    if (this.accept('(')) {
      if (startsType(this.token, this.names)) {
        const type = parseTypeName(this)
        this.expect(')')
        return { kind: 'sizeof', operand: { kind: 'type', type } }
      }
      const inner = this.comma()
      this.expect(')')
      return { kind: 'sizeof', operand: this.#postfix(inner) }
    }
    return { kind: 'sizeof', operand: this.#nested(() => this.#unary()) }
  }

  #parenthesis(): Expression {
    this.advance()
    if (startsType(this.token, this.names)) {
      const type = parseTypeName(this)
      this.expect(')')
      return { kind: 'cast', type, operand: this.#unary() }
    }
    const inner = this.comma()
    this.expect(')')
    return this.#postfix(inner)
  }

  #brace(): Expression {
    this.advance()
    if (startsType(this.token, this.names)) {
      const type = parseTypeName(this)
      this.expect('}')
      return { kind: 'memory', type, address: this.#unary() }
    }
    const elements: Expression[] = []
    if (!this.is('}')) {
      // gdb's grammar lets a list begin with a comma.
      this.accept(',')
      do elements.push(this.#assignment())
      while (this.accept(','))
    }
    this.expect('}')
    return this.#postfix({ kind: 'array', elements })
  }

  #primary(): Expression {
    const { token } = this
    switch (token.kind) {
      case 'integer':
        this.advance()
        return { kind: 'integer', value: token.value, type: token.type }
      case 'float':
        this.advance()
        return { kind: 'float', value: token.value, type: token.type }
      case 'character':
        this.advance()
        return { kind: 'character', value: token.value }
      case 'string':
        return this.#strings()
      case 'variable':
        this.advance()
        return { kind: 'variable', name: token.text.slice(1) }
      case 'name':
        if (startsType(token, this.names)) throw this.unexpected()
        this.names.checkSymbol(token.text)
        this.advance()
        return { kind: 'name', name: token.text }
      default:
        if (!this.accept('::') || this.token.kind !== 'name') throw this.unexpected()
        return this.#primary()
    }
  }

  /** Adjacent strings are one, as in C. */
  #strings(): Expression {
    const bytes: number[] = []
    while (this.token.kind === 'string') {
      bytes.push(...this.token.bytes)
      this.advance()
    }
    return { kind: 'string', bytes: Uint8Array.from(bytes) }
  }

  #postfix(start: Expression): Expression {
    let left = start
    for (;;) {
      if (this.accept('[')) {
        const index = this.#nested(() => this.comma())
        this.expect(']')
        left = { kind: 'index', operand: left, index }
      } else if (this.accept('(')) left = this.#call(left)
      else if (this.accept('++')) left = { kind: 'postfix', operator: '++', operand: left }
      else if (this.accept('--')) left = { kind: 'postfix', operator: '--', operand: left }
      else if (this.is('.') || this.is('->')) {
        const kind = this.is('.') ? 'member' : 'arrow'
        this.advance()
        if (this.token.kind !== 'name') throw this.unexpected()
        left = { kind, operand: left, name: this.token.text }
        this.advance()
      } else return left
    }
  }

  #call(callee: Expression): Expression {
    const parameters: Expression[] = []
    if (!this.is(')')) {
      do parameters.push(this.#nested(() => this.#assignment()))
      while (this.accept(','))
    }
    this.expect(')')
    return { kind: 'call', callee, parameters }
  }
}

/** Parses all of `text` as one expression. */
export function parseExpression(text: string, names: Names, radix = 10): Expression {
  const { expression } = new Parser(text, names, radix).whole(false)
  if (expression.kind === 'type') throw new CommandError(TYPE_AS_EXPRESSION)
  return expression
}

/** For ptype, whatis and sizeof: a type is welcome too. */
export function parseExpressionOrType(text: string, names: Names, radix = 10): Expression {
  return new Parser(text, names, radix).whole(false).expression
}

/** The arguments of printf and eval, cut at top-level commas. */
export function parseList(text: string, names: Names, radix = 10): Expression[] {
  const list: Expression[] = []
  let rest = text
  while (rest.trim() !== '') {
    const { expression, end } = new Parser(rest, names, radix).whole(true)
    list.push(expression)
    rest = rest.slice(end + 1)
  }
  return list
}
