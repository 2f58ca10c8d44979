// One life as its lines tell of it: events, headers, and what was said to be lost.

import type { Event, Gap } from '../image/image.ts'
import { Rows, rowsIn, type Settled, type Tally } from './rows.ts'

/** What the newest header says. */
export interface Head {
  readonly ref: number
  readonly ended: boolean
  readonly pinned: boolean
  /** Places that the life had taken by then. */
  readonly len: number
  /** Places before it were written by then. */
  readonly written: number
}

/** Places from `from` up to `to` that the recorder itself had lost when their history was written. */
export interface Claim {
  readonly from: number
  readonly to: number
  readonly cause: Gap['cause']
}

/** What many events of a recorder have in common: its lines repeat it. */
export type Sort = Pick<Event, 'verb' | 'role' | 'late' | 'site' | 'backtrace'>

export type LineThread = Pick<Event, 'pid' | 'tid' | 'thread'>

/** A guess at what it takes besides its rows. */
const LIFE_BYTES = 1024
const CLAIM_BYTES = 64
const CLAIMS_AT_ONCE = 4096

/** A life that lines are still added to. */
export class GrowingLife {
  readonly handle: number
  /** In the order in which lives were first met. */
  readonly met: number
  readonly rows = new Rows()
  /** When a line told of it last, as lines are counted. */
  touched = 0
  /** The longest that a line has named: one that did not fit has its end cut. */
  object: string
  /** NaN where no header was read. */
  created = Number.NaN
  /** Place among the histories of its list; NaN where no header was read. */
  order = Number.NaN
  /** That pushed. */
  thread = ''
  head: Head | undefined
  /** Of a loss that no event follows. */
  len = 0
  hasEnd = false
  /** t of the earliest and the latest event. */
  first = Number.POSITIVE_INFINITY
  latest = 0
  #claims: Claim[] = []

  constructor(handle: number, object: string, met: number) {
    this.handle = handle
    this.object = object
    this.met = met
  }

  /** Bytes that it takes, about. */
  get size(): number {
    return LIFE_BYTES + this.rows.size + this.#claims.length * CLAIM_BYTES
  }

  claim(claim: Claim): void {
    this.#claims.push(claim)
    if (this.#claims.length % CLAIMS_AT_ONCE === 0) this.#claims = merged(this.#claims)
  }

  settled(tally: Tally): SettledLife {
    this.#claims = merged(this.#claims)
    return {
      rows: this.rows.settled(tally),
      claims: this.#claims,
      len: Math.max(this.len, this.head?.len ?? 0),
    }
  }
}

/** What is known of it at one moment. Does not change. */
export interface SettledLife {
  readonly rows: Settled
  readonly claims: readonly Claim[]
  /** Places that it had taken at least. */
  readonly len: number
}

export interface Decoded {
  readonly events: Event[]
  readonly gaps: Gap[]
  readonly len: number
}

/** `address`: of its first event; the others follow. */
export function decoded(
  life: SettledLife,
  sorts: readonly Sort[],
  threads: readonly LineThread[],
  address: number,
): Decoded {
  const events: Event[] = []
  const gaps = new Gaps(life.claims)
  let t = 0
  const rows = [...rowsIn(life.rows)]
  for (const [place, row] of rows.entries()) {
    const next = rows[place + 1]?.index ?? Math.max(life.len, row.index + (row.count > 1 ? 2 : 1))
    // A run of equal events takes two places, unless its first is lost.
    const isPair = row.count > 1 && next > row.index + 1 && !gaps.isClaimed(row.index + 1)
    const lost = gaps.upTo(row.index)
    t = Math.max(t, row.t)
    const last = Math.max(t, row.last)
    const { site, backtrace, ...sort } = sorts[row.sort] as Sort
    events.push({
      index: row.index,
      lastIndex: row.index + (isPair ? 1 : 0),
      count: row.count,
      ...sort,
      t,
      last,
      ...(threads[row.thread] as LineThread),
      log: row.text,
      lost,
      address: address + place * EVENT_STRIDE,
      ...(site !== undefined && { site }),
      ...(backtrace !== undefined && { backtrace }),
    })
    gaps.skip(row.index + (isPair ? 2 : 1))
    t = last
  }
  const len = Math.max(life.len, gaps.at)
  const lost = gaps.upTo(len)
  if (lost > 0) events.push(lossAtEnd(len, t, lost, address + rows.length * EVENT_STRIDE))
  return { events, gaps: gaps.all, len }
}

/** Addresses that an event is apart from the one before. */
export const EVENT_STRIDE = 32

const lossAtEnd = (index: number, t: number, lost: number, address: number): Event => ({
  index,
  lastIndex: index,
  count: 0,
  verb: '',
  role: 'none',
  t,
  last: t,
  pid: 0,
  tid: 0,
  thread: '',
  log: '',
  lost,
  late: '',
  address,
})

/** Goes along a life once and tells what is missing, and whether its lines or the events themselves were lost. */
class Gaps {
  readonly all: Gap[] = []
  /** The place that comes next. */
  at = 0
  readonly #claims: readonly Claim[]
  /** The first claim that is not wholly behind `at`. */
  #next = 0

  constructor(claims: readonly Claim[]) {
    this.#claims = claims
  }

  isClaimed(place: number): boolean {
    for (let n = this.#next; n < this.#claims.length; n++) {
      const { from, to } = this.#claims[n] as Claim
      if (place < from) return false
      if (place < to) return true
    }
    return false
  }

  skip(to: number): void {
    this.at = Math.max(this.at, to)
  }

  /** How many places are missing before this one. */
  upTo(end: number): number {
    const begin = this.at
    while (this.at < end) {
      const claim = this.#claims[this.#next]
      if (claim !== undefined && claim.to <= this.at) this.#next++
      else if (claim === undefined || claim.from >= end) this.#add(end, 'in the log')
      else if (claim.from > this.at) this.#add(claim.from, 'in the log')
      else this.#add(Math.min(end, claim.to), claim.cause)
    }
    return Math.max(0, end - begin)
  }

  #add(to: number, cause: Gap['cause']): void {
    const before = this.all.at(-1)
    if (before !== undefined && before.cause === cause && before.to === this.at - 1)
      this.all[this.all.length - 1] = { ...before, to: to - 1, count: to - before.from }
    else this.all.push({ from: this.at, to: to - 1, count: to - this.at, cause })
    this.at = to
  }
}

/** In their order, none over another: of two that overlap the first one's cause counts. */
function merged(claims: readonly Claim[]): Claim[] {
  const sorted = [...claims].sort((one, other) => one.from - other.from || other.to - one.to)
  const out: Claim[] = []
  for (const claim of sorted) {
    const before = out.at(-1)
    const from = Math.max(claim.from, before?.to ?? 0)
    if (from >= claim.to) continue
    if (before?.cause === claim.cause && before.to === from)
      out[out.length - 1] = { ...before, to: claim.to }
    else out.push({ ...claim, from })
  }
  return out
}
