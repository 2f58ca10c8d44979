// From the text of a pattern to its tree, by recursive descent.

import type { Bound, Matchable, Node, Operator, TallyItem, Test } from './syntax.ts'
import { PatternError } from './syntax.ts'

const TEXT_MAX = 4096
const DEPTH_MAX = 50
const COUNT_MAX = 1000

interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'sign' | 'stop'
  readonly text: string
  readonly at: number
}

const TOKEN = /\s*(?:([A-Za-z_][\w.:-]*)|"([^"]*)"|'([^']*)'|(\d+)|(<=|>=|!=|[<>=!|(){}*+?,^$@-]))/y

export interface Parsed {
  readonly isNegated: boolean
  readonly tree: Node
}

export function parsePattern(text: string): Parsed {
  if (text.length > TEXT_MAX)
    throw new PatternError(
      `Cannot read the pattern: it has ${text.length} characters, and may have ${TEXT_MAX}`,
    )
  const parser = new Parser(text)
  return parser.whole()
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  for (;;) {
    const at = TOKEN.lastIndex
    const found = TOKEN.exec(text)
    if (found === null) {
      const rest = text.slice(at).trimStart()
      if (rest !== '') throw new PatternError(`Cannot read the pattern "${text}" at "${rest}"`)
      return [...tokens, { kind: 'stop', text: 'its end', at: text.length }]
    }
    const [, name, double, single, number, sign] = found
    if (name !== undefined) tokens.push({ kind: 'name', text: name, at })
    else if (double !== undefined) tokens.push({ kind: 'text', text: double, at })
    else if (single !== undefined) tokens.push({ kind: 'text', text: single, at })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, at })
    else tokens.push({ kind: 'sign', text: sign ?? '', at })
  }
}

class Parser {
  readonly #text: string
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokensOf(text)
  }

  whole(): Parsed {
    const isNegated = this.#takes('name', 'never')
    const tree = this.#choice()
    if (this.#next.kind !== 'stop') throw this.#expected('an event, "then", "|" or the end')
    return { isNegated, tree }
  }

  #choice(): Node {
    if (++this.#depth > DEPTH_MAX)
      throw new PatternError(
        `Cannot read the pattern "${this.#text}": parentheses are nested more than ${DEPTH_MAX} deep`,
      )
    const nodes = [this.#chain()]
    while (this.#takes('sign', '|')) nodes.push(this.#chain())
    this.#depth--
    return nodes.length === 1 ? (nodes[0] as Node) : { kind: 'choice', nodes }
  }

  #chain(): Node {
    const nodes: Node[] = []
    let tally: { items: TallyItem[]; bound: Set<string>; from: number } | undefined
    const close = (): void => {
      if (tally === undefined) return
      const source = this.#text.slice(tally.from, this.#next.at).trim()
      nodes.push({ kind: 'tally', items: tally.items, source })
      tally = undefined
    }
    for (;;) {
      const isThen = nodes.length + (tally?.items.length ?? 0) > 0 && this.#takes('name', 'then')
      if (!isThen && this.#isAtEnd()) break
      const from = this.#next.at
      const atom = this.#atom()
      const bound = atom.kind === 'event' ? this.#bound(tally?.bound) : undefined
      if (bound !== undefined && atom.kind === 'event' && bound.variable !== undefined) {
        // Counts with a variable belong together, and what stands between them is not asked for.
        tally ??= { items: [], bound: new Set(), from }
        tally.bound.add(bound.variable)
        tally.items.push({ test: atom.test, bound })
        continue
      }
      close()
      if (isThen) nodes.push({ kind: 'gap' })
      nodes.push(bound === undefined ? this.#repeated(atom) : numbered(atom, bound))
    }
    close()
    if (nodes.length === 0) throw this.#expected('an event')
    return nodes.length === 1 ? (nodes[0] as Node) : { kind: 'chain', nodes }
  }

  #isAtEnd(): boolean {
    const { kind, text } = this.#next
    return kind === 'stop' || (kind === 'sign' && (text === ')' || text === '|'))
  }

  #atom(): Node {
    const { kind, text, at } = this.#next
    if (kind === 'sign' && (text === '^' || text === '$')) {
      this.#at++
      return { kind: text === '^' ? 'start' : 'stop' }
    }
    if (this.#takes('sign', '(')) {
      const inner = this.#choice()
      if (!this.#takes('sign', ')')) throw this.#expected('")"')
      return inner
    }
    const test = this.#event()
    const source = this.#text.slice(at, this.#next.at).trim()
    return { kind: 'event', test, source }
  }

  /** One event: a verb, a role, anything, or anything but that. */
  #event(): Test {
    if (this.#takes('sign', '!')) {
      const test = this.#event()
      return (event) => event.verb !== '' && !test(event)
    }
    const { kind, text } = this.#next
    if (kind !== 'name' && kind !== 'text') throw this.#expected('a verb')
    if (kind === 'name' && (text === 'then' || text === 'never')) throw this.#expected('a verb')
    this.#at++
    let test: Test = kind === 'name' && text === 'any' ? () => true : named(text)
    const said = this.#next
    // A text right behind a verb is part of what it logged.
    if (said.kind === 'text' && this.#text[said.at] === '"' && kind === 'name') {
      this.#at++
      const before = test
      test = (event) => before(event) && event.log.includes(said.text)
    }
    if (this.#takes('sign', '@')) {
      const thread = this.#next
      if (thread.kind !== 'name' && thread.kind !== 'text')
        throw this.#expected('the name of a thread')
      this.#at++
      const before = test
      test = (event) => before(event) && event.thread === thread.text
    }
    return test
  }

  /** `{…}` behind an event. */
  #bound(known: ReadonlySet<string> | undefined): Bound | undefined {
    const from = this.#at
    if (!this.#takes('sign', '{')) return undefined
    const { kind, text } = this.#next
    let operator: Operator = '='
    if (kind === 'sign' && ['<', '<=', '>', '>=', '=', '!='].includes(text)) {
      this.#at++
      operator = text as Operator
    }
    const what = this.#next
    if (what.kind === 'number') {
      // {2,} and {2,5} are no comparisons.
      const after = this.#tokens[this.#at + 1]
      if (operator === '=' && after?.kind === 'sign' && after.text === ',') {
        this.#at = from
        return undefined
      }
      const number = this.#number()
      this.#close()
      return { operator, variable: undefined, number }
    }
    if (what.kind !== 'name') throw this.#expected('a number or a variable')
    this.#at++
    const isFirst = known?.has(what.text) !== true
    if (isFirst && operator !== '=')
      throw new PatternError(
        `Cannot read the pattern "${this.#text}": ${what.text} is compared before any count bound it; wanted {${what.text}} first`,
      )
    let number = 0
    if (this.#takes('sign', '+')) number = this.#number()
    else if (this.#takes('sign', '-')) number = -this.#number()
    this.#close()
    return { operator, variable: what.text, number }
  }

  #repeated(node: Node): Node {
    if (this.#takes('sign', '*'))
      return { kind: 'repeat', node, least: 0, most: Number.POSITIVE_INFINITY }
    if (this.#takes('sign', '+'))
      return { kind: 'repeat', node, least: 1, most: Number.POSITIVE_INFINITY }
    if (this.#takes('sign', '?')) return { kind: 'repeat', node, least: 0, most: 1 }
    if (!this.#takes('sign', '{')) return node
    const least = this.#number()
    let most = least
    if (this.#takes('sign', ','))
      most = this.#next.kind === 'number' ? this.#number() : Number.POSITIVE_INFINITY
    this.#close()
    if (most < least)
      throw new PatternError(
        `Cannot read the pattern "${this.#text}": {${least},${most}} is never, wanted the smaller number first`,
      )
    return { kind: 'repeat', node, least, most }
  }

  #number(): number {
    const { kind, text } = this.#next
    if (kind !== 'number') throw this.#expected('a number')
    this.#at++
    const number = Number(text)
    if (number > COUNT_MAX)
      throw new PatternError(
        `Cannot read the pattern "${this.#text}": ${text} is too many, wanted at most ${COUNT_MAX}`,
      )
    return number
  }

  #close(): void {
    if (!this.#takes('sign', '}')) throw this.#expected('"}"')
  }

  get #next(): Token {
    return this.#tokens[this.#at] as Token
  }

  #takes(kind: Token['kind'], text: string): boolean {
    const next = this.#next
    if (next.kind !== kind || next.text !== text) return false
    this.#at++
    return true
  }

  #expected(what: string): PatternError {
    const { kind, text } = this.#next
    const found = kind === 'stop' ? 'its end' : `"${text}"`
    return new PatternError(
      `Cannot read the pattern "${this.#text}": wanted ${what}, found ${found}`,
    )
  }
}

const ROLES: Readonly<Record<string, Matchable['role']>> = {
  REF: 'ref',
  UNREF: 'unref',
  END: 'end',
}

/** A verb; REF, UNREF and END also stand for the roles of verbs with other names. */
function named(name: string): Test {
  const role = ROLES[name]
  return role === undefined
    ? (event) => event.verb === name
    : (event) => event.verb === name || (event.role === role && event.verb !== '')
}

/** `{<3}`: a run of so many. */
function numbered(node: Node, { operator, number }: Bound): Node {
  const repeat = (least: number, most: number): Node => ({ kind: 'repeat', node, least, most })
  const infinite = Number.POSITIVE_INFINITY
  switch (operator) {
    case '=':
      return repeat(number, number)
    case '<':
      return repeat(0, Math.max(0, number - 1))
    case '<=':
      return repeat(0, number)
    case '>':
      return repeat(number + 1, infinite)
    case '>=':
      return repeat(number, infinite)
    case '!=':
      return {
        kind: 'choice',
        nodes: [...(number > 0 ? [repeat(0, number - 1)] : []), repeat(number + 1, infinite)],
      }
  }
}
