// Matching, in time that grows with events times pattern: all ways through the pattern are followed at once, as Thompson
// did it, so that none is ever tried again.

import { type Parsed, parsePattern } from './parse.ts'
import {
  type Bound,
  type Matchable,
  type Node,
  PatternError,
  type TallyItem,
  type Test,
} from './syntax.ts'

/** A pattern that asks for more is told to ask for less. */
const STATES_MAX = 20_000
/** Of equal events in a row that were folded into one, so many are looked at. */
const FOLDED_MAX = 2000

type State =
  | { readonly kind: 'event'; readonly test: Test; readonly source: string; next: number }
  | { readonly kind: 'split'; readonly nexts: number[] }
  | { readonly kind: 'start' | 'stop'; next: number }
  | {
      readonly kind: 'tally'
      readonly items: readonly TallyItem[]
      readonly source: string
      next: number
    }
  | { readonly kind: 'done' }

export interface Match {
  readonly isMatch: boolean
  /** Of a match, the place behind its last event; else of the event at which the best attempt stopped. */
  readonly place: number
  /** What was wanted there, as the pattern says it. */
  readonly wanted: readonly string[]
}

/** A pattern over verbs, as docs/CHECK.md describes the notation; matched in one pass, whatever the life. */
export class Pattern {
  readonly source: string
  readonly #parsed: Parsed
  readonly #states: State[] = []
  readonly #first: number

  /** @throws {PatternError} when the text is no pattern. */
  constructor(source: string) {
    this.source = source
    this.#parsed = parsePattern(source)
    this.#first = this.#compile(this.#parsed.tree, this.#add({ kind: 'done' }))
  }

  /** Whether the life of these events, in their order, is one that the pattern describes. */
  test(events: Iterable<Matchable>): boolean {
    return this.match([...events]).isMatch
  }

  /** The same, and where it stopped. */
  match(events: readonly Matchable[]): Match {
    const found = new Run(this.#states, this.#first).over(events)
    return this.#parsed.isNegated ? { ...found, isMatch: !found.isMatch, wanted: [] } : found
  }

  /** The state at which a node begins that goes on to `next`. */
  #compile(node: Node, next: number): number {
    switch (node.kind) {
      case 'event':
        return this.#add({ kind: 'event', test: node.test, source: node.source, next })
      case 'gap': {
        const split: State = { kind: 'split', nexts: [next] }
        const state = this.#add(split)
        split.nexts.push(this.#add({ kind: 'event', test: () => true, source: '', next: state }))
        return state
      }
      case 'start':
      case 'stop':
        return this.#add({ kind: node.kind, next })
      case 'chain':
        return node.nodes.reduceRight((behind, each) => this.#compile(each, behind), next)
      case 'choice':
        return this.#add({
          kind: 'split',
          nexts: node.nodes.map((each) => this.#compile(each, next)),
        })
      case 'tally':
        return this.#add({ kind: 'tally', items: node.items, source: node.source, next })
      case 'repeat':
        return this.#repeat(node.node, node.least, node.most, next)
    }
  }

  #repeat(node: Node, least: number, most: number, next: number): number {
    let at = next
    if (most === Number.POSITIVE_INFINITY) {
      const split: State = { kind: 'split', nexts: [next] }
      at = this.#add(split)
      split.nexts.unshift(this.#compile(node, at))
    } else {
      for (let more = least; more < most; more++)
        at = this.#add({ kind: 'split', nexts: [this.#compile(node, at), next] })
    }
    for (let times = 0; times < least; times++) at = this.#compile(node, at)
    return at
  }

  #add(state: State): number {
    if (this.#states.length >= STATES_MAX)
      throw new PatternError(
        `Cannot use the pattern "${this.source}": its counts make it too large; wanted smaller ones`,
      )
    return this.#states.push(state) - 1
  }
}

/** Once through the events. */
class Run {
  readonly #states: readonly State[]
  readonly #first: number
  /** States that wait for the event at this place; a set that keeps their order. */
  #here = new Set<number>()
  readonly #tallies = new Map<number, number[]>()
  /** Those behind the event that was taken last. */
  #arrived: number[] = []
  #isDone = false
  #isStart = false
  #isStop = false
  #place = 0
  #furthest = Number.POSITIVE_INFINITY
  #best: Match = { isMatch: false, place: 0, wanted: [] }

  constructor(states: readonly State[], first: number) {
    this.#states = states
    this.#first = first
  }

  over(events: readonly Matchable[]): Match {
    const steps = stepsOf(events)
    for (let at = 0; ; at++) {
      const step = steps[at]
      this.#isStart = at === 0
      this.#isStop = step === undefined
      this.#place = step?.place ?? events.length
      // A match may begin anywhere.
      for (const number of [...this.#arrived, this.#first]) this.#enter(number)
      if (this.#isDone) {
        const before = steps[at - 1]
        return { isMatch: true, place: before === undefined ? 0 : before.place + 1, wanted: [] }
      }
      this.#note()
      if (step === undefined) return this.#best
      this.#take(step.event)
    }
  }

  #take(event: Matchable): void {
    this.#arrived = []
    for (const number of this.#here) {
      const state = this.#states[number] as State
      if (state.kind === 'event' && state.test(event)) this.#arrived.push(state.next)
    }
    this.#here = new Set()
    for (const [number, counts] of [...this.#tallies]) this.#count(number, counts, event)
  }

  #count(number: number, counts: number[], event: Matchable): void {
    const state = this.#states[number] as State & { kind: 'tally' }
    let isCounted = false
    for (const [i, { test }] of state.items.entries()) {
      if (event.verb === '' || !test(event)) continue
      counts[i] = (counts[i] ?? 0) + 1
      isCounted = true
    }
    // What an object's references were, is told when it ends.
    if (!isCounted && event.role === 'end') this.#tallies.delete(number)
    else if (isRight(state.items, counts)) this.#arrived.push(state.next)
  }

  /** Into a state, and through all that take no event. */
  #enter(first: number): void {
    const waiting = [first]
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      if (this.#here.has(number)) continue
      const state = this.#states[number] as State
      switch (state.kind) {
        case 'done':
          this.#isDone = true
          break
        case 'event':
          this.#here.add(number)
          break
        case 'split':
          this.#here.add(number)
          waiting.push(...state.nexts)
          break
        case 'start':
          if (this.#isStart) waiting.push(state.next)
          break
        case 'stop':
          if (this.#isStop) waiting.push(state.next)
          break
        case 'tally':
          // From the first place where it may begin: from any later one it would only see less.
          if (this.#tallies.has(number)) break
          this.#tallies.set(
            number,
            state.items.map(() => 0),
          )
          if (isRight(state.items, this.#tallies.get(number) as number[])) waiting.push(state.next)
      }
    }
  }

  /** The attempt that came furthest: states are numbered from the end of the pattern to its beginning. */
  #note(): void {
    let least = Number.POSITIVE_INFINITY
    for (const number of this.#here) {
      const state = this.#states[number] as State
      if (state.kind === 'event' && state.source !== '') least = Math.min(least, number)
    }
    for (const number of this.#tallies.keys()) least = Math.min(least, number)
    if (least > this.#furthest) return
    this.#furthest = least
    const wanted = new Set<string>()
    for (const number of [...this.#here, ...this.#tallies.keys()]) {
      const state = this.#states[number] as State
      const isWanted = (state.kind === 'event' || state.kind === 'tally') && state.source !== ''
      if (isWanted && number <= least) wanted.add(state.source)
    }
    this.#best = { isMatch: false, place: this.#place, wanted: [...wanted] }
  }
}

interface Step {
  readonly event: Matchable
  /** Which of the events it is. */
  readonly place: number
}

/** The events as they were logged: repeats one by one, and one for all that are missing at a place. */
function stepsOf(events: readonly Matchable[]): Step[] {
  const steps: Step[] = []
  for (const [place, event] of events.entries()) {
    if (event.lost > 0) steps.push({ event: LOST, place })
    if (event.verb === '') continue
    for (let times = Math.min(event.count, FOLDED_MAX); times > 0; times--)
      steps.push({ event, place })
  }
  return steps
}

/** Events that are missing: only a gap, or `any`, is one of them. */
const LOST: Matchable = {
  verb: '',
  role: 'none',
  log: '',
  thread: '',
  count: 1,
  lost: 0,
  index: -1,
}

function isRight(items: readonly TallyItem[], counts: readonly number[]): boolean {
  const variables = new Map<string, number>()
  for (const [i, { bound }] of items.entries()) {
    const count = counts[i] ?? 0
    const { variable } = bound
    if (variable !== undefined && !variables.has(variable)) {
      // The one that binds it: at least one, or there is nothing to compare with.
      variables.set(variable, count - bound.number)
      if (count === 0) return false
    } else if (!isBound(count, bound, variables)) return false
  }
  return true
}

function isBound(
  count: number,
  { operator, variable, number }: Bound,
  variables: ReadonlyMap<string, number>,
): boolean {
  const other = (variable === undefined ? 0 : (variables.get(variable) ?? 0)) + number
  switch (operator) {
    case '=':
      return count === other
    case '<':
      return count < other
    case '<=':
      return count <= other
    case '>':
      return count > other
    case '>=':
      return count >= other
    case '!=':
      return count !== other
  }
}

const KEPT_MAX = 200
const kept = new Map<string, Pattern>()

/** The pattern of a text; of one that was used before, the same. */
export function patternOf(source: string): Pattern {
  let pattern = kept.get(source)
  if (pattern === undefined) {
    pattern = new Pattern(source)
    if (kept.size >= KEPT_MAX) kept.clear()
    kept.set(source, pattern)
  }
  return pattern
}

/**
 * A function that tells whether the events of a life are as the pattern says: for filters and triggers.
 *
 * @throws {PatternError} when the text is no pattern.
 *
 * @example
 * const isUsedAfterEnd = matches('END then any')
 * isUsedAfterEnd(history.events())
 */
export function matches(source: string): (events: Iterable<Matchable>) => boolean {
  const pattern = patternOf(source)
  return (events) => pattern.test(events)
}
