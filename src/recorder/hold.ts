/// <reference lib="esnext.disposable" preserve="true" />
// Holds: references with an owner, as Linux's ref_tracker and ZFS's tags. To the recorder they are events like any other,
// of three verbs; what pairs them is the number in their text (docs/HOLDS.md).

import { HISTORY_CONTROL } from '../../assembly/layout.ts'
import { refsOf } from '../image/control.ts'
import { HOLD_FORMAT, HOLD_START } from '../privacy/formats.ts'
import { show } from './given.ts'
import type { History } from './history.ts'
import type { Verb, VerbDefinition } from './verbs.ts'
import type { Writer } from './writer.ts'

type HoldVerb = 'HOLD' | 'RELEASE' | 'TRANSFER'
type HoldVerbs = Readonly<Record<HoldVerb, Verb>>

/** `pin`: a leak is found long after its hold, which must not be what fell from the middle of a long life. */
const VERBS = {
  HOLD: { role: 1, pin: true },
  RELEASE: { role: -1, pin: true },
  TRANSFER: { role: 0, pin: true },
} as const satisfies Record<HoldVerb, VerbDefinition>

/** A hold's number: that of the thread that took it, and a count of the thread's own. Both print, `thread.count`. */
const COUNTS = 2 ** 31
const NUMBERS = 2 ** 47
/** Owners that one thread keeps in formats of their own, which makes the event one without a text; and how long they may be. */
const OWNERS_MAX = 256
const OWNER_LENGTH_MAX = 64
/** Power of two: of the owners that are found without a look into the map, told by their length. */
const PLACES = 16

/** The holds of one recorder in one thread. */
export class Holds {
  declare private readonly writer: Writer
  readonly #define: (definitions: typeof VERBS) => HoldVerbs
  readonly #formats = new Map<string, string>()
  private readonly lastOwners: string[] = new Array<string>(PLACES).fill('')
  private readonly lastFormats: string[] = new Array<string>(PLACES).fill(HOLD_START)
  /** Undefined where there are none to be had. */
  private verbs: HoldVerbs | undefined = undefined
  private taken = 0

  constructor(writer: Writer, define: (definitions: typeof VERBS) => HoldVerbs) {
    this.writer = writer
    this.#define = define
    makeDisposable()
  }

  take(history: History, owner: string): Hold {
    this.taken = this.taken === COUNTS - 1 ? 1 : this.taken + 1
    const hold = new Hold(this, history, this.writer.thread, this.taken, owner)
    const verb = this.defined()?.HOLD
    if (!this.logAndRef(hold, verb, 1)) {
      if (!this.log(hold, verb)) return new Hold(this, history, 0, 0, owner)
      history.ref()
    }
    return hold
  }

  at(history: History, number: number, owner: string): Hold {
    const isNumber = Number.isSafeInteger(number) && number >= 0 && number < NUMBERS
    if (!isNumber) this.writer.reject()
    const thread = isNumber ? Math.floor(number / COUNTS) : 0
    return new Hold(this, history, thread, isNumber ? number - thread * COUNTS : 0, owner)
  }

  /** `pins`: whether it has a reference still. */
  release(hold: Hold, pins: boolean): boolean {
    const verb = this.defined()?.RELEASE
    if (pins && this.logAndRef(hold, verb, -1)) return true
    const isRecorded = this.log(hold, verb)
    if (pins) this.#unpin(hold.history)
    return isRecorded
  }

  transfer(hold: Hold): void {
    this.log(hold, this.defined()?.TRANSFER)
  }

  /** Never of the pusher's own reference: a second RELEASE must not mark all that follows. */
  #unpin(history: History): void {
    const control = this.writer.instance.word(history.address + HISTORY_CONTROL)
    if (refsOf(control) > 0) history.unref()
  }

  /**
   * The event and its reference in one call of the core, as log() goes straight. False: neither; log(), ref() and unref() must
   * decide.
   */
  private logAndRef(hold: Hold, verb: Verb | undefined, refs: 1 | -1): boolean {
    const { history, thread, count } = hold
    const { list, address, generation } = history
    const plain = list.plainWriter as Writer
    if (verb === undefined || verb.straightWriter !== plain || list.switched[0] === 0) return false
    // Who wants to know of each unref() is told of it there.
    if (list.onUnref !== undefined) return false
    const format = this.formatOf(hold.owner)
    if (format !== verb.lastFormat && !verb.recalls(format)) return false
    if (--plain.left <= 0) plain.lookAtClock()
    return plain.core.log2AndRef(address, generation, verb.lastWhat, thread, count, refs) !== 0
  }

  private log({ history, thread, count, owner }: Hold, verb: Verb | undefined): boolean {
    if (verb === undefined) return this.writer.reject()
    const format = this.formatOf(owner)
    return format === undefined
      ? history.log(verb, HOLD_FORMAT, thread, count, owner)
      : history.log(verb, format, thread, count)
  }

  private defined(): HoldVerbs | undefined {
    return this.verbs ?? this.define()
  }

  private define(): HoldVerbs | undefined {
    try {
      this.verbs = this.#define(VERBS)
    } catch {
      // The application has a verb of that name with another role, or all the verbs that there can be.
    }
    return this.verbs
  }

  private formatOf(owner: string): string | undefined {
    // A format is stored as it is; an owner that may hold what is to be redacted goes as an argument.
    if (this.writer.redacts) return
    const place = owner.length & (PLACES - 1)
    if (this.lastOwners[place] === owner) return this.lastFormats[place]
    const format = this.#formats.get(owner) ?? this.#newFormat(owner)
    if (format === undefined) return
    this.lastOwners[place] = owner
    this.lastFormats[place] = format
    return format
  }

  #newFormat(owner: string): string | undefined {
    if (this.#formats.size >= OWNERS_MAX || owner.length > OWNER_LENGTH_MAX) return
    const format = asConstant(`${HOLD_START}${owner.replaceAll('%', '%%')}`)
    this.#formats.set(owner, format)
    return format
  }
}

/**
 * The same string as engines keep those of a program's text, each once: two of these they compare by their addresses, and one of
 * another kind that log() has seen would make them look into every format from then on.
 */
function asConstant(text: string): string {
  return Object.keys({ [text]: true })[0] ?? text
}

/**
 * A reference with an owner, taken by history.hold(). Until it is released, the history is pinned beyond the window.
 * Any thread. Never waits. Never throws.
 *
 * @example
 * const hold = history.hold('tcp reader')
 * hold.release()
 */
export class Hold {
  /** The life that is held. */
  declare readonly history: History
  /** Releases the hold at the end of a `using` block, unless it was released or transferred before. */
  declare readonly [Symbol.dispose]: () => void
  declare private readonly holds: Holds
  /** @internal Of its number, as `count`. Both 0 when nothing was recorded, so nothing will be. */
  declare readonly thread: number
  /** @internal */
  declare readonly count: number
  declare private ownedBy: string
  private isReleased = false
  private isOurs = true

  /** @internal */
  constructor(holds: Holds, history: History, thread: number, count: number, owner: string) {
    this.holds = holds
    this.history = history
    this.thread = thread
    this.count = count
    this.ownedBy = owner
  }

  /**
   * Names this hold in every thread: history.holdAt(number). An integer below 2^47; 0 when the hold was not recorded (the
   * list is switched off, the history gone): then the release is not recorded either.
   */
  get number(): number {
    return this.thread * COUNTS + this.count
  }

  /** Who holds, as far as this handle was told. */
  get owner(): string {
    return this.ownedBy
  }

  /**
   * Records that another owns it from now on, and answers the hold's number, for that owner to come by it:
   * `history.holdAt(number, owner)`, on any thread. A `using` block leaves it alone from then on.
   */
  transfer(owner: string): number {
    this.ownedBy = ownerName(owner)
    this.isOurs = false
    if (this.number !== 0) this.holds.transfer(this)
    return this.number
  }

  /**
   * Lets go; true when that was recorded. Once more is recorded once more, by whomever: two releases of one number are
   * what names the bug.
   */
  release(): boolean {
    const { history, isReleased } = this
    this.isReleased = true
    const isRecorded = this.number !== 0 && this.holds.release(this, !isReleased)
    if (isReleased && isRecorded) history.list.live?.found('double-release', history)
    return isRecorded
  }

  /** @internal */
  dispose(): void {
    if (this.isOurs && !this.isReleased) this.release()
  }
}

/** An owner that is no string is told as what it is: hold() never throws. */
export function ownerName(owner: unknown): string {
  return typeof owner === 'string' ? owner : show(owner)
}

/** Where there is no Symbol.dispose, compilers ask for Symbol.for('Symbol.dispose'); and it may be patched in after this module. */
function makeDisposable(): void {
  const key = Symbol.dispose ?? Symbol.for('Symbol.dispose')
  if (key in Hold.prototype) return
  Object.defineProperty(Hold.prototype, key, { value: Hold.prototype.dispose, configurable: true })
}
