// What one thread did, told in memory that outlives it: each operation is entered before it begins and marked after it has
// answered, so that even of a thread that was killed it is known what it had got acknowledged, and what was under way.

/** Cells of a ledger's head. */
export const BEAT = 0
export const STOP = 1
export const PHASE = 2
export const COUNT = 3
export const JOINS_BEGUN = 4
export const JOINS = 5
export const OVERTIME = 6
export const HAS_JOINED = 7
export const CHATTER_BEGUN = 8
export const CHATTER_DONE = 9
const HEAD = 16

/** Values of PHASE. */
export const LOADED = 1
export const JOINED = 2
export const ENDED = 3
export const STOPPED_AT_A_STEP = 4
export const FAILED = 5

/** Kinds of operation. */
export const LOG = 1
export const PUSH = 2
export const REF = 3
export const UNREF = 4

/** Outcomes. */
export const UNDER_WAY = 0
export const DONE = 1
export const REFUSED = 2

/** Words of a record. */
const KIND = 0
const LIST = 1
const SLOT = 2
const GENERATION = 3
const OUTCOME = 4
const START = 5
const END = 6
const WORDS = 8

const SLOTS = 2 ** 24

export class Ledger {
  /** @param cells Int32Array on a SharedArrayBuffer: Ledger.cells(). */
  constructor(who, cells, now) {
    this.who = who
    this.cells = cells
    this.capacity = (cells.length - HEAD) / WORDS - 1
    /** One cell that all threads count up: the order of beginnings and ends. */
    this.now = now
  }

  static cells(capacity) {
    return new Int32Array(new SharedArrayBuffer((HEAD + (capacity + 1) * WORDS) * 4))
  }

  get count() {
    return Math.min(Atomics.load(this.cells, COUNT), this.capacity)
  }

  get isFull() {
    return Atomics.load(this.cells, COUNT) >= this.capacity
  }

  /** The number that the next operation will have. */
  get next() {
    return Atomics.load(this.cells, COUNT)
  }

  /** Enters an operation. A full ledger has one place more, which is used over and over. */
  begin(kind, list, handle) {
    const { cells } = this
    const n = Atomics.load(cells, COUNT)
    const at = HEAD + n * WORDS
    Atomics.store(cells, at + OUTCOME, UNDER_WAY)
    cells[at + KIND] = kind
    cells[at + LIST] = list
    cells[at + SLOT] = handle % SLOTS
    cells[at + GENERATION] = Math.floor(handle / SLOTS)
    cells[at + END] = 0
    cells[at + START] = Atomics.add(this.now, 0, 1)
    if (n < this.capacity) Atomics.store(cells, COUNT, n + 1)
    Atomics.add(cells, BEAT, 1)
    return n
  }

  end(n, isDone, handle) {
    const { cells } = this
    const at = HEAD + n * WORDS
    if (handle !== undefined) {
      cells[at + SLOT] = handle % SLOTS
      cells[at + GENERATION] = Math.floor(handle / SLOTS)
    }
    cells[at + END] = Atomics.add(this.now, 0, 1)
    Atomics.store(cells, at + OUTCOME, isDone ? DONE : REFUSED)
  }

  /** -> { n, kind, list, handle, outcome, start, end }, oldest first; the last place of a full ledger included. */
  *records() {
    const { cells } = this
    const count = this.count + (this.isFull ? 1 : 0)
    for (let n = 0; n < count; n++) {
      if (cells[HEAD + n * WORDS + KIND] !== 0) yield this.record(n)
    }
  }

  record(n) {
    const { cells } = this
    const at = HEAD + n * WORDS
    return {
      n,
      kind: cells[at + KIND],
      list: cells[at + LIST],
      handle: cells[at + GENERATION] * SLOTS + cells[at + SLOT],
      outcome: Atomics.load(cells, at + OUTCOME),
      start: cells[at + START],
      end: cells[at + END],
    }
  }
}
