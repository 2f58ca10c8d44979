// A recorder that only lines tell of, as an image: the inspector, the check and every export take it for one. It has no
// bytes; addresses are given so that expressions find their way.

import { counted } from '../image/counted.ts'
import type {
  Event,
  Gap,
  History,
  Image,
  List,
  Problem,
  Stats,
  Thread,
  Verb,
} from '../image/image.ts'
import { isSameObject, type ObjectId, textOfObject } from '../image/objects.ts'
import { type Decoded, decoded, EVENT_STRIDE, type GrowingLife, type SettledLife } from './life.ts'
import type { Run, RunList } from './run.ts'

/** Of a structure, as far as an expression may look into it. */
const RECORD_STRIDE = 64
const FIRST_ADDRESS = 0x1000
const COARSE_MICROS = 2000

export class LogImage implements Image {
  /** Set where two would be called the same. */
  source: string
  readonly run: string
  readonly host: string
  readonly name: string
  readonly pid: number
  readonly started: number
  readonly hostClock = undefined
  /** No line tells of the clock: it is taken for the usual one. */
  readonly uncertainty = COARSE_MICROS
  readonly formatVersion = 0
  readonly coarse = true
  readonly lastTick: number
  readonly base = 0
  readonly size: number
  readonly budget: number
  readonly #run: Run
  readonly #lists: LogList[] = []
  readonly #byHandle = new Map<number, LogHistory>()
  #byObject: Map<string, LogHistory[]> | undefined
  #missing: { readonly events: number; readonly histories: number } | undefined

  constructor(run: Run, source: string) {
    this.#run = run
    this.source = source
    this.run = run.run
    this.host = run.host
    this.name = run.name
    this.pid = run.pid
    this.started = run.started
    this.lastTick = run.latest
    let address = FIRST_ADDRESS
    for (const told of run.lists) {
      const list = new LogList(told, address)
      address += RECORD_STRIDE
      for (const life of inOrder(told)) {
        const settled = run.settling(life, () => life.settled(run))
        const history = new LogHistory(run, list, life, settled, address, list.all.length)
        list.all.push(history)
        this.#byHandle.set(history.handle, history)
        address += RECORD_STRIDE + (settled.rows.rows + 1) * EVENT_STRIDE
      }
      this.#lists.push(list)
    }
    this.size = address
    this.budget = address
  }

  lists(): List[] {
    return [...this.#lists]
  }

  list(name: string): List | undefined {
    return this.#lists.find((list) => list.name === name)
  }

  threads(): Thread[] {
    return this.#run.threads.map(({ pid, tid, thread }, number) => ({
      number,
      name: thread,
      pid,
      tid,
      runtime: 'unknown',
      joined: 0,
    }))
  }

  verbs(): Verb[] {
    return [...this.#run.verbs].map(([name, role], id) => ({
      id,
      name,
      role,
      pin: false,
      enabled: true,
    }))
  }

  stats(): Stats {
    const { lines, twice, reordered, contradicting, notWritten, lists } = this.#run
    const all = this.#lists.flatMap((list) => list.all)
    const sum = (of: (list: RunList) => number) =>
      lists.reduce((total, list) => total + of(list), 0)
    const missing = this.#countMissing()
    return {
      pushed: sum(({ evicted }) => evicted) + all.length,
      logged: sum(({ eventsGone }) => eventsGone) + all.reduce((total, { len }) => total + len, 0),
      histories: all.length,
      lines,
      linesTwice: twice,
      linesReordered: reordered,
      linesContradicting: contradicting,
      linesMissing: missing.events,
      historiesWithLinesMissing: missing.histories,
      historiesNotWritten: notWritten.histories,
      eventsNotWritten: notWritten.events,
      evictedByBudget: sum(({ evicted }) => evicted),
      threads: this.#run.threads.length,
      lists: lists.length,
      verbs: this.#run.verbs.size,
    }
  }

  history(handle: number): History | undefined {
    return this.#byHandle.get(handle)
  }

  find(object: ObjectId): History[] {
    if (this.#byObject === undefined) {
      this.#byObject = new Map()
      for (const history of this.#byHandle.values()) {
        const others = this.#byObject.get(history.objectText)
        if (others === undefined) this.#byObject.set(history.objectText, [history])
        else others.push(history)
      }
    }
    const found = this.#byObject.get(textOfObject(Object.is(object, -0) ? 0 : object)) ?? []
    return found
      .filter((history) => isSameObject(history.object, object))
      .sort((one, other) => one.created - other.created)
  }

  problems(): readonly Problem[] {
    const { contradicting, contradicted, notWritten } = this.#run
    const problems = contradicted.map((where) =>
      problem(`Two lines tell of ${where} in ${this.source}, and not the same: the first is shown`),
    )
    if (contradicting > contradicted.length)
      problems.push(
        problem(
          `${contradicting - contradicted.length} more lines in ${this.source} contradict an earlier one`,
        ),
      )
    const { events, histories } = this.#countMissing()
    if (events > 0)
      problems.push(
        problem(
          `${counted(events, 'event')} of ${counted(histories, 'life', 'lives')} in ${this.source}: no line tells of ${events === 1 ? 'it' : 'them'}`,
        ),
      )
    if (notWritten.histories > 0)
      problems.push(
        problem(
          `${counted(notWritten.histories, 'history', 'histories')} with ${counted(notWritten.events, 'event')} of ${this.source} never got into the log: ${[...notWritten.reasons].join('; ')}`,
        ),
      )
    return problems
  }

  bytes(): Uint8Array {
    return new Uint8Array(0)
  }

  /** Of all lives; they are walked through once. */
  #countMissing() {
    if (this.#missing !== undefined) return this.#missing
    let [events, histories] = [0, 0]
    for (const history of this.#byHandle.values()) {
      const count = history
        .gaps()
        .reduce((sum, gap) => (gap.cause === 'in the log' ? sum + gap.count : sum), 0)
      events += count
      if (count > 0) histories++
    }
    this.#missing = { events, histories }
    return this.#missing
  }
}

class LogList implements List {
  readonly name: string
  readonly number: number
  readonly address: number
  // No line tells of these.
  readonly window = 0
  readonly maxEvents = 0
  readonly maxText = 0
  readonly enabled = true
  readonly autoLog = false
  readonly sample = 1
  readonly evictedByWindow = 0
  readonly evictedPinned = 0
  readonly coalesce: boolean
  readonly evictedByBudget: number
  readonly eventsGone: number
  readonly all: LogHistory[] = []

  constructor({ name, number, evicted, eventsGone, coalesce }: RunList, address: number) {
    this.name = name
    this.number = number
    this.address = address
    this.coalesce = coalesce
    this.evictedByBudget = evicted
    this.eventsGone = eventsGone
  }

  get pushed(): number {
    return this.all.length + this.evictedByBudget
  }

  histories(): History[] {
    return [...this.all]
  }
}

class LogHistory implements History {
  readonly list: List
  readonly handle: number
  readonly object: ObjectId
  readonly objectText: string
  readonly created: number
  readonly thread: string
  readonly order: number
  readonly ref: number
  readonly ended: boolean
  readonly pinned: boolean
  readonly flushOffset: number
  readonly address: number
  readonly #run: Run
  readonly #life: SettledLife
  #len: number | undefined

  constructor(
    run: Run,
    list: List,
    life: GrowingLife,
    settled: SettledLife,
    address: number,
    place: number,
  ) {
    const { handle, object, head, hasEnd } = life
    this.#run = run
    this.#life = settled
    this.list = list
    this.handle = handle
    this.objectText = object
    this.object = objectOf(object)
    this.created = createdAt(life)
    this.thread = life.thread
    this.order = Number.isNaN(life.order) ? place : life.order
    this.ended = hasEnd || (head?.ended ?? false)
    this.ref = head?.ref ?? (this.ended ? 0 : 1)
    this.pinned = head?.pinned ?? false
    this.flushOffset = head?.written ?? 0
    this.address = address
  }

  get len(): number {
    this.#len ??= this.#decoded().len
    return this.#len
  }

  events(): Event[] {
    return this.#decoded().events
  }

  gaps(): Gap[] {
    return this.#decoded().gaps
  }

  #decoded(): Decoded {
    const { sorts, threads } = this.#run
    return decoded(this.#life, sorts, threads, this.address + RECORD_STRIDE)
  }
}

/** As they were pushed, as far as headers tell; else by their times and numbers. */
function inOrder({ lives }: RunList): GrowingLife[] {
  return [...lives.values()].sort(
    (one, other) =>
      one.order - other.order ||
      createdAt(one) - createdAt(other) ||
      one.handle - other.handle ||
      one.met - other.met,
  )
}

const createdAt = ({ created, first, latest }: GrowingLife): number =>
  Number.isNaN(created) ? Math.min(first, latest) : created

/** What the text of an object was made of. A string that looks like an address is taken for one. */
function objectOf(text: string): ObjectId {
  if (/^0x(?:0|[1-9a-f][0-9a-f]{0,15})$/.test(text)) return small(BigInt(text))
  if (/^-[1-9]\d{0,18}$/.test(text)) return small(BigInt(text))
  if (/^-?\d+\.\d+(?:e[+-]?\d+)?$/.test(text) && `${Number(text)}` === text) return Number(text)
  return text
}

const small = (integer: bigint): ObjectId =>
  Number.isSafeInteger(Number(integer)) ? Number(integer) : integer

const problem = (text: string): Problem => ({
  offset: 0,
  field: 'lines',
  expected: 'each event once',
  found: text,
  text,
})
