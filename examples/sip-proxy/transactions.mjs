// Transactions: a request that was passed on, until its last reply is beyond doubt. The table holds a cell (so that
// replies, ACKs and retransmissions find it), its timer does while it runs, and each thread at work on it has a reference.

import { Cells, OWN } from './cells.mjs'

export const STATE = OWN
export const TIMER = OWN + 1
export const DEADLINE = OWN + 2
/** Milliseconds between two retransmissions, and when there is no further one. */
export const INTERVAL = OWN + 3
export const UNTIL = OWN + 4
export const FLAGS = OWN + 5
export const SOURCE_HOST = OWN + 6
export const SOURCE_PORT = OWN + 7
export const TARGET_HOST = OWN + 8
export const TARGET_PORT = OWN + 9
const CONNECTION = OWN + 10
const DIALOG = OWN + 14
const LENGTHS = OWN + 18
/** Numbers of holds, two words each. */
const TIMER_HOLD = OWN + 20
const TABLE_HOLD = OWN + 22

export const TRYING = 0
/** A final reply that is no 2xx was sent, and of an INVITE the ACK is awaited. */
export const COMPLETED = 1
/** The ACK came. */
export const CONFIRMED = 2
/** A 2xx went through: what comes of the INVITE again is not a new call (RFC 6026). */
export const ANSWERED = 3

export const TIMER_OFF = 0
export const TIMER_REQUEST = 1
export const TIMER_NO_ANSWER = 2
export const TIMER_FINAL = 3
export const TIMER_WAIT = 4

export const IS_INVITE = 1
export const IS_INITIAL = 2
export const IS_BYE = 4
export const BY_TCP = 8
const HOLDS_CONNECTION = 16
const HOLDS_DIALOG = 32

const MESSAGE_BYTES = 2048
const REQUEST = 0
const REPLY = 1

/** @typedef {import('./cells.mjs').Ref} Ref */

export class Transactions extends Cells {
  #bytes
  #now
  #connections
  #dialogs

  /** @param {number} slots */
  static allocate(slots) {
    return {
      ...Cells.allocate(slots),
      bytes: new SharedArrayBuffer(slots * 2 * MESSAGE_BYTES),
    }
  }

  /**
   * @param {ReturnType<typeof Transactions.allocate>} memory
   * @param {import('./histories.mjs').Histories} histories
   * @param {{ connections: Cells, dialogs: Cells, now: () => number }} others
   */
  constructor(memory, { transactions, verbs }, { connections, dialogs, now }) {
    super(memory, {
      name: 'transaction',
      address: 0x7f95b1000000,
      list: transactions,
      verbs,
      onDestroy: (slot) => this.#release(slot),
    })
    this.#bytes = Buffer.from(memory.bytes)
    this.#now = now
    this.#connections = connections
    this.#dialogs = dialogs
  }

  /**
   * @param {Ref} ref
   * @param {number} field
   */
  get({ slot }, field) {
    return Atomics.load(this.words, this.at(slot, field))
  }

  /**
   * From one state to another; false when another thread was faster.
   * @param {Ref} ref
   * @param {number} from
   * @param {number} to
   */
  swapState(ref, from, to) {
    this.lock(ref)
    const at = this.at(ref.slot, STATE)
    const isOurs = this.words[at] === from
    if (isOurs) {
      this.words[at] = to
      ref.history?.log(this.verbs.STATE, '%d to %d', from, to)
    }
    this.unlock(ref)
    return isOurs
  }

  /**
   * Starts the timer, or sets the one that runs to something else, as long as the transaction is in this state. A running
   * timer holds the transaction.
   * @param {Ref} ref
   * @param {number} kind
   * @param {number} milliseconds
   * @param {number} state
   */
  start(ref, kind, milliseconds, state) {
    this.lock(ref)
    if (this.words[this.at(ref.slot, STATE)] === state) {
      if (this.words[this.at(ref.slot, TIMER)] === TIMER_OFF) this.#holdByTimer(ref)
      this.#set(ref, kind, milliseconds)
    }
    this.unlock(ref)
  }

  /**
   * The same timer once more, after it was due; unless another was started meanwhile.
   * @param {Ref} ref
   * @param {number} kind
   * @param {number} milliseconds
   * @param {number} state
   */
  again(ref, kind, milliseconds, state) {
    this.lock(ref)
    const isOff = this.words[this.at(ref.slot, TIMER)] === TIMER_OFF
    if (isOff && this.words[this.at(ref.slot, STATE)] === state) {
      this.#holdByTimer(ref)
      this.#set(ref, kind, milliseconds)
    }
    this.unlock(ref)
  }

  /**
   * Sets the timer that runs to something else, without a look at whether it still does.
   * @param {Ref} ref
   * @param {number} kind
   * @param {number} milliseconds
   */
  restart(ref, kind, milliseconds) {
    this.lock(ref)
    this.#set(ref, kind, milliseconds)
    this.unlock(ref)
  }

  /**
   * Stops the timer, if the transaction is in this state. The caller releases the hold of this number;
   * undefined: none ran.
   * @param {Ref} ref
   * @param {number} state
   */
  stop(ref, state) {
    this.lock(ref)
    const isInState = this.words[this.at(ref.slot, STATE)] === state
    const hold = isInState ? this.timerHold(ref) : undefined
    if (hold !== undefined) this.words[this.at(ref.slot, TIMER)] = TIMER_OFF
    this.unlock(ref)
    return hold
  }

  /**
   * The number of the hold of the timer that runs; undefined: none runs. (It is 0 where nothing is recorded.)
   * @param {Ref} ref
   */
  timerHold({ slot }) {
    if (this.words[this.at(slot, TIMER)] === TIMER_OFF) return
    return this.#number(slot, TIMER_HOLD)
  }

  /**
   * Stops a timer that is due; `pass` takes over its hold, or else it runs on.
   * @param {number} slot
   * @param {number} time
   * @param {(ref: Ref, kind: number, hold: number) => boolean} pass
   */
  fire(slot, time, pass) {
    const ref = this.lockUsed(slot)
    if (!ref) return
    const at = this.at(slot, TIMER)
    const kind = this.words[at]
    const isDue = kind !== TIMER_OFF && this.words[this.at(slot, DEADLINE)] <= time
    if (isDue && pass(ref, kind, this.#number(slot, TIMER_HOLD))) this.words[at] = TIMER_OFF
    this.unlock(ref)
  }

  /**
   * From now on it can be found.
   * @param {Ref} ref
   */
  enterTable(ref) {
    this.lock(ref)
    this.#setNumber(ref.slot, TABLE_HOLD, this.holdLocked(ref, 'table'))
    this.unlock(ref)
  }

  /**
   * No longer to be found by anybody, and let go by the table.
   * @param {Ref} ref
   * @param {string} by whom
   */
  remove(ref, by) {
    if (this.leave(ref)) this.release(ref, this.#number(ref.slot, TABLE_HOLD), by)
  }

  /**
   * @param {Ref} ref
   * @param {Ref | undefined} connection
   */
  holdConnection({ slot }, connection) {
    if (!connection) return
    this.#connections.ref(connection, 'transaction, (%d)')
    Atomics.or(this.words, this.at(slot, FLAGS), HOLDS_CONNECTION)
  }

  /**
   * @param {Ref} ref
   * @param {Ref | undefined} dialog
   */
  holdDialog({ slot }, dialog) {
    if (!dialog) return
    this.#dialogs.ref(dialog, 'transaction, (%d)')
    Atomics.or(this.words, this.at(slot, FLAGS), HOLDS_DIALOG)
  }

  /**
   * What was held of a connection is let go: nothing more is sent on it.
   * @param {Ref} ref
   */
  letConnectionGo(ref) {
    const connection = this.connection(ref)
    if (connection && this.#clear(ref, HOLDS_CONNECTION))
      this.#connections.unref(connection, 'transaction done, (%d)')
  }

  /**
   * What was held of a dialog is let go: the last reply was sent.
   * @param {Ref} ref
   */
  letDialogGo(ref) {
    const dialog = this.dialog(ref)
    if (dialog && this.#clear(ref, HOLDS_DIALOG))
      this.#dialogs.unref(dialog, 'transaction done, (%d)')
  }

  /** @param {Ref} ref @param {Ref | undefined} connection */
  setConnection({ slot }, connection) {
    this.#setLink(slot, CONNECTION, connection)
  }

  /** @param {Ref} ref @param {Ref | undefined} dialog */
  setDialog({ slot }, dialog) {
    this.#setLink(slot, DIALOG, dialog)
  }

  /** The connection that the request came by. @param {Ref} ref */
  connection({ slot }) {
    return this.#link(slot, CONNECTION, this.#connections)
  }

  /** The dialog of the request. @param {Ref} ref */
  dialog({ slot }) {
    return this.#link(slot, DIALOG, this.#dialogs)
  }

  /** The request as it was passed on. @param {Ref} ref */
  request(ref) {
    return this.#text(ref.slot, REQUEST)
  }

  /** The last reply that was sent, or ''. @param {Ref} ref */
  reply(ref) {
    return this.#text(ref.slot, REPLY)
  }

  /** @param {Ref} ref @param {string} text */
  keepRequest(ref, text) {
    this.#keep(ref.slot, REQUEST, text)
  }

  /** @param {Ref} ref @param {string} text */
  keepReply(ref, text) {
    this.#keep(ref.slot, REPLY, text)
  }

  #set({ slot }, kind, milliseconds) {
    const { words } = this
    words[this.at(slot, DEADLINE)] = this.#now() + milliseconds
    words[this.at(slot, TIMER)] = kind
  }

  #holdByTimer(ref) {
    this.#setNumber(ref.slot, TIMER_HOLD, this.holdLocked(ref, 'timer'))
  }

  #number(slot, field) {
    const at = this.at(slot, field)
    return (this.words[at + 1] >>> 0) * 2 ** 32 + (this.words[at] >>> 0)
  }

  #setNumber(slot, field, number) {
    const at = this.at(slot, field)
    this.words[at] = (number % 2 ** 32) | 0
    this.words[at + 1] = number / 2 ** 32
  }

  #keep(slot, which, text) {
    const from = (slot * 2 + which) * MESSAGE_BYTES
    const length = Math.min(text.length, MESSAGE_BYTES)
    this.#bytes.latin1Write(text, from, length)
    this.words[this.at(slot, LENGTHS + which)] = length
  }

  #text(slot, which) {
    const from = (slot * 2 + which) * MESSAGE_BYTES
    return this.#bytes.latin1Slice(from, from + this.words[this.at(slot, LENGTHS + which)])
  }

  #clear({ slot }, flag) {
    return (Atomics.and(this.words, this.at(slot, FLAGS), ~flag) & flag) !== 0
  }

  #setLink(slot, field, to) {
    if (!to) return
    const at = this.at(slot, field)
    this.words[at] = to.slot + 1
    this.words[at + 1] = to.id
    this.#setNumber(slot, field + 2, to.handle)
  }

  #link(slot, field, cells) {
    const { words } = this
    const at = this.at(slot, field)
    if (words[at] === 0) return
    const handle = this.#number(slot, field + 2)
    return { slot: words[at] - 1, id: words[at + 1], handle, history: cells.list.at(handle) }
  }

  #release(slot) {
    const ref = /** @type {Ref} */ ({ slot })
    this.letConnectionGo(ref)
    this.letDialogGo(ref)
  }
}
