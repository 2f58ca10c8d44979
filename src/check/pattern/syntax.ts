// What a pattern is made of. docs/CHECK.md has the grammar.

import type { Event } from '../../image/image.ts'

/** As much of an event as patterns look at. */
export type Matchable = Pick<Event, 'verb' | 'role' | 'log' | 'thread' | 'count' | 'lost' | 'index'>

export type Test = (event: Matchable) => boolean

export type Operator = '=' | '<' | '<=' | '>' | '>=' | '!='

/** How often: compared with a number, or with the count that bound a variable, plus a number. */
export interface Bound {
  readonly operator: Operator
  readonly variable: string | undefined
  readonly number: number
}

export type Node =
  | { readonly kind: 'event'; readonly test: Test; readonly source: string }
  | { readonly kind: 'gap' }
  | { readonly kind: 'start' | 'stop' }
  | { readonly kind: 'chain'; readonly nodes: readonly Node[] }
  | { readonly kind: 'choice'; readonly nodes: readonly Node[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly least: number; readonly most: number }
  | { readonly kind: 'tally'; readonly items: readonly TallyItem[]; readonly source: string }

/** One verb of a tally: they are counted in any order. */
export interface TallyItem {
  readonly test: Test
  readonly bound: Bound
}

/** A pattern that says something else than it means to: what was done, what was given, what is wanted. */
export class PatternError extends SyntaxError {
  override readonly name = 'PatternError'
}
