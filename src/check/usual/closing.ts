// When a life of this list is over, how long lives last, and how many younger ones overtake them.

import type { Family, Life } from '../lives.ts'
import type { Counts } from './counts.ts'

export interface Closing {
  /** How its lives end; undefined where most do not. */
  readonly by: 'end' | 'release' | 'count' | 'verb' | undefined
  /** By place in family.lives. */
  readonly isClosed: Uint8Array
  readonly closed: number
  /** Microseconds from push to end: of 99 in 100, and of all that are closed. */
  readonly usualSpan: number
  readonly longestSpan: number
  /** Longest pause between two events of a closed life. */
  readonly longestPause: number
  /** Keys of the first events of closed lives; and, by key, how many closed lives have it. */
  readonly beginnings: ReadonlySet<number>
  readonly withKey: Uint32Array
  /** Most younger lives that began and ended while a closed one went on. */
  readonly mostOvertakers: number
  /** Closed lives that began later than this one did its last. */
  overtakersOf(life: Life): number
}

const MOST = 0.5
/** Verbs that end a life without having the role for it stand last, nearly always. */
const TERMINAL = 0.95
const TERMINAL_LEAST = 0.02
const LIVES_MIN = 3

export function learnClosing(family: Family, counts: Counts): Closing {
  const { lives } = family
  const isClosed = new Uint8Array(lives.length)
  let closed = 0
  const close = (test: (life: Life) => boolean): number => {
    closed = 0
    for (const [at, life] of lives.entries()) {
      isClosed[at] = test(life) ? 1 : 0
      closed += isClosed[at]
    }
    return closed
  }
  const isMost = (): boolean => closed >= LIVES_MIN && closed >= lives.length * MOST
  const by = ((): Closing['by'] => {
    const ended = close(({ end, history }) => end >= 0 || history.ended)
    if (ended > 0) return isMost() ? 'end' : undefined
    if (family.keys.some(({ role }) => role === 'end')) return undefined
    close(({ history }) => history.ref === 0)
    if (isMost()) return 'release'
    if (counts.counted) {
      close((life) => isBalanced(life, counts))
      if (isMost()) return 'count'
    }
    const verbs = terminalVerbs(family)
    close(({ from, to }) => to > from && verbs.has(family.verbOf(to - 1)))
    return isMost() ? 'verb' : undefined
  })()
  if (by === undefined) {
    isClosed.fill(0)
    closed = 0
  }
  return { by, isClosed, closed, ...spans(family, isClosed) }
}

/** Siblings that came and went since its last event show that no more will come, where the clock does not. */
const PASSED_MIN = 5

/** Whether what usually follows an end has had its time. */
export function isSettled(life: Life, closing: Closing): boolean {
  const idle = life.source.now - lastAt(life)
  if (idle > Math.max(closing.usualSpan, closing.longestPause)) return true
  return closing.overtakersOf(life) > Math.max(PASSED_MIN, closing.mostOvertakers)
}

/** Down at the count with which lives end, after it had been above. */
function isBalanced({ family, from, to }: Life, { atEnd }: Counts): boolean {
  let sum = 0
  let wasAbove = false
  for (let at = from; at < to; at++) {
    sum += family.change(at)
    if (sum > atEnd) wasAbove = true
  }
  return sum === atEnd && (wasAbove || atEnd < 0)
}

function terminalVerbs(family: Family): Set<number> {
  const inAll = new Uint32Array(family.verbs.length)
  const last = new Uint32Array(family.verbs.length)
  for (const { from, to } of family.lives) {
    for (let at = from; at < to; at++) inAll[family.verbOf(at)]++
    if (to > from) last[family.verbOf(to - 1)]++
  }
  const found = new Set<number>()
  for (let verb = 0; verb < last.length; verb++) {
    const ends = last[verb]
    const isOften = ends >= Math.max(LIVES_MIN, family.lives.length * TERMINAL_LEAST)
    if (isOften && ends >= inAll[verb] * TERMINAL) found.add(verb)
  }
  return found
}

/** When it was over: at its end, else at its last event. */
const overAt = ({ family, history, end, from, to }: Life): number =>
  end >= 0 ? family.t[end] : to > from ? family.t[to - 1] : history.created

export const lastAt = ({ family, history, from, to }: Life): number =>
  to > from ? family.t[to - 1] : history.created

function spans(family: Family, isClosed: Uint8Array) {
  const { lives } = family
  const closed = lives.filter((_, at) => isClosed[at] === 1)
  const lengths = closed
    .map((life) => Math.max(0, overAt(life) - life.history.created))
    .sort(ascending)
  let longestPause = 0
  for (const { from, end, to, history } of closed) {
    let before = history.created
    for (let at = from; at < (end < 0 ? to : end + 1); at++) {
      longestPause = Math.max(longestPause, family.t[at] - before)
      before = family.t[at]
    }
  }
  // Lives are numbered in the order of their push, within an image.
  const bySource = new Map<unknown, Life[]>()
  for (const life of closed) {
    const same = bySource.get(life.source) ?? []
    same.push(life)
    bySource.set(life.source, same)
  }
  let mostOvertakers = 0
  for (const same of bySource.values()) mostOvertakers = Math.max(mostOvertakers, overtaking(same))
  const withKey = new Uint32Array(family.keys.length)
  for (const { from, to } of closed)
    for (const key of new Set(family.key.subarray(from, to))) withKey[key]++
  const begun = closed.filter(({ from, to }) => to > from)
  return {
    beginnings: new Set(begun.map(({ from }) => family.key[from])),
    withKey,
    usualSpan: lengths[Math.floor(lengths.length * 0.99)] ?? 0,
    longestSpan: lengths.at(-1) ?? 0,
    longestPause,
    mostOvertakers,
    overtakersOf: (life: Life) => {
      const since = lastAt(life)
      // In order of push, so in order of time.
      const same = bySource.get(life.source) ?? []
      let [low, high] = [0, same.length]
      while (low < high) {
        const middle = (low + high) >>> 1
        const { history } = same[middle]
        const isLater = history.created >= since && history.order > life.history.order
        if (isLater) high = middle
        else low = middle + 1
      }
      return same.length - low
    },
  }
}

/** The most lives that began after, and were over before, one of these: counted by a tree of sums over the ranks. */
function overtaking(lives: readonly Life[]): number {
  const byEnd = lives.map((life, rank) => ({ rank, over: overAt(life) }))
  byEnd.sort((one, other) => one.over - other.over || one.rank - other.rank)
  const tree = new Uint32Array(lives.length + 1)
  let most = 0
  for (const [done, { rank }] of byEnd.entries()) {
    let older = 0
    for (let at = rank + 1; at > 0; at -= at & -at) older += tree[at]
    most = Math.max(most, done - older)
    for (let at = rank + 1; at <= lives.length; at += at & -at) tree[at]++
  }
  return most
}

const ascending = (one: number, other: number): number => one - other
