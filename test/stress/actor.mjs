// One thread at work on a recorder that others work on too: each step is one random operation, told to its ledger.

import {
  CHATTER_FROM,
  CHATTERS,
  chatterOf,
  eventOf,
  MAX_TEXT,
  NOISE_FROM,
  objectOf,
  VERBS,
} from './contents.mjs'
import { CHATTER_BEGUN, CHATTER_DONE, LOG, OVERTIME, PUSH, REF, UNREF } from './ledger.mjs'

/** What lists there are, by their number in a ledger. */
export const CONNECTIONS = 0
export const DIALOGS = 1
export const NOISE = 2
export const VOLATILE = 3
export const EXTRA = 4
export const CHATTER = 5
export const LIST_NAMES = ['connections', 'dialogs', 'noise', 'volatile', 'extra', 'chatter']
const CHATTER_AT_ONCE = 16

/** Handles that threads pass to each other: list, slot, generation. */
const BOARD_PLACES = 192
/** Places that change only when their history is gone, and that all look at, at the same time: those become long. */
const HOT_PLACES = 8
/** So many bits of the common counter of beginnings and ends. */
const TICKETS_A_PLACE = 9
const COLD_PLACES = BOARD_PLACES - HOT_PLACES
const BOARD_WORDS = 3
const SLOTS = 2 ** 24
const OWN_MAX = 8
/** Most that a dead thread can leave pinned. */
export const HELD_MAX = 3

/** How often a thread does what. */
const WEIGHTS = {
  log: 700,
  push: 90,
  ref: 50,
  unref: 50,
  unrefOwn: 30,
  noise: 15,
  volatile: 30,
  destroy: 4,
  extra: 4,
  defineVerb: 5,
  stale: 15,
  readOne: 6,
  stats: 1,
}
const WEIGHTS_TOTAL = Object.values(WEIGHTS).reduce((sum, weight) => sum + weight, 0)

/** Operations in which a thread may be stopped, the frequent ones more often. */
export const STOPPABLE = ['log', 'log', 'log', 'push', 'push', 'ref', 'unref', 'noise', 'noise']
export const STOPPABLE_TOO = ['volatile', 'destroy', 'extra', 'defineVerb']

/** Cells of what all threads share. */
export const LISTS_LEFT = 0
export const VERBS_LEFT = 1

/** Memory that all threads of one campaign share, besides the recorder. */
export function commons({ lists = 0, verbs = 0 } = {}) {
  const shared = {
    board: new Int32Array(new SharedArrayBuffer(BOARD_PLACES * BOARD_WORDS * 4)),
    quotas: new Int32Array(new SharedArrayBuffer(8)),
    now: new Int32Array(new SharedArrayBuffer(4)),
  }
  shared.quotas[LISTS_LEFT] = lists
  shared.quotas[VERBS_LEFT] = verbs
  return shared
}

export const CHATTER_OPTIONS = { window: 4, maxEvents: 300, maxText: MAX_TEXT }

/** The histories that all threads log to; pinned, so that they stay. */
export function chattersOf(recorder) {
  const list = recorder.list(LIST_NAMES[CHATTER], CHATTER_OPTIONS)
  return Array.from({ length: CHATTERS }, (_, n) => {
    const history = list.push(`chatter ${n}`)
    history.ref()
    return history.handle
  })
}

export class Actor {
  constructor({ recorder, listOptions, ledger, board, quotas, random, prefers, chatters }) {
    this.prefers = prefers
    this.recorder = recorder
    this.who = ledger.who
    this.ledger = ledger
    this.board = board
    this.quotas = quotas
    this.random = random
    this.listOptions = listOptions
    this.verbs = recorder.verbs(VERBS)
    this.lists = LIST_NAMES.slice(0, EXTRA).map((name) =>
      name in listOptions ? recorder.list(name, listOptions[name]) : undefined,
    )
    this.chatters = chatters.map((handle) => recorder.list(LIST_NAMES[CHATTER]).at(handle))
    this.own = []
    this.held = []
    /** The operation under way. */
    this.doing = undefined
  }

  #operations = {
    log: () => this.#log(),
    push: () => this.#push(this.random() < 0.7 ? CONNECTIONS : DIALOGS),
    ref: () => this.#ref(),
    unref: () => this.#unref(),
    unrefOwn: () => this.#unrefOwn(),
    noise: () => this.#some(NOISE),
    volatile: () => this.#some(VOLATILE),
    destroy: () => this.#destroy(),
    extra: () => this.#extra(),
    defineVerb: () => this.#defineVerb(),
    stale: () => this.#stale(),
    readOne: () => this.#readOne(),
    stats: () => this.recorder.stats(),
  }

  step() {
    if (this.ledger.isFull) return this.#overtime()
    if (this.#below(16) === 0) this.#chatter()
    const isPreferred = this.prefers !== undefined && this.random() < 0.2
    this.doing = isPreferred ? this.prefers : this.#anyOperation()
    this.#operations[this.doing]()
    this.doing = undefined
  }

  /** So many histories of one event each. */
  fill(histories) {
    for (let n = 0; n < histories; n++) {
      const target = this.#push(CONNECTIONS)
      if (target) this.#logTo(target)
    }
  }

  #anyOperation() {
    let dice = this.#below(WEIGHTS_TOTAL)
    for (const [name, weight] of Object.entries(WEIGHTS)) {
      dice -= weight
      if (dice < 0) return name
    }
    throw new Error('unreachable')
  }

  #log() {
    const target = this.random() < 0.25 ? this.#ownHistory() : this.#othersHistory()
    if (!target) return this.#push(CONNECTIONS)
    for (let i = this.#below(8); i >= 0; i--) this.#logTo(target)
  }

  #logTo({ list, history }) {
    const { handle } = history
    if (handle === 0 || this.ledger.isFull) return
    const n = this.ledger.begin(LOG, list, handle)
    const { verb, format, args } = eventOf(this.who, n)
    this.ledger.end(n, history.log(this.verbs[verb], format, ...args))
  }

  #push(list) {
    if (this.ledger.isFull) return undefined
    const n = this.ledger.begin(PUSH, list, 0)
    const history = this.#listOf(list).push(objectOf(this.who, n))
    this.ledger.end(n, history.handle !== 0, history.handle)
    if (history.handle === 0) return undefined
    const target = { list, history }
    this.own.push(target)
    if (this.own.length > OWN_MAX) this.own.shift()
    if (list !== NOISE && this.random() < 0.5) this.#post(target)
    return target
  }

  #ref() {
    const target = this.#othersHistory()
    if (!target || this.held.length >= HELD_MAX) return this.#unref()
    if (this.ledger.isFull) return
    const n = this.ledger.begin(REF, target.list, target.history.handle)
    const isDone = target.history.ref()
    this.ledger.end(n, isDone)
    if (isDone) this.held.push(target)
  }

  #unref() {
    const target = this.held.shift()
    if (target) this.#unrefOf(target)
  }

  /** The pusher's own reference: only the first time, or it would be one of another thread's. */
  #unrefOwn() {
    const target = this.own.shift()
    if (target) this.#unrefOf(target)
  }

  #unrefOf({ list, history }) {
    if (this.ledger.isFull) return
    const n = this.ledger.begin(UNREF, list, history.handle)
    this.ledger.end(n, history.unref())
  }

  /** A life of its own in a list whose histories go: by its window, or because somebody destroys it. */
  #some(list) {
    if (!this.lists[list]) return
    const target = this.#push(list)
    for (let i = this.#below(8); target && i > 0; i--) this.#logTo(target)
  }

  #destroy() {
    const name = LIST_NAMES[VOLATILE]
    if (!this.lists[VOLATILE] || !this.#quota(LISTS_LEFT)) return
    this.lists[VOLATILE].destroy()
    this.lists[VOLATILE] = this.recorder.list(name, this.listOptions[name])
    this.#some(VOLATILE)
  }

  #extra() {
    if (!this.#quota(LISTS_LEFT)) return
    const name = `extra ${this.who} ${this.ledger.next}`
    const list = this.recorder.list(name, { window: 100, maxText: MAX_TEXT })
    const n = this.ledger.begin(PUSH, EXTRA, 0)
    const history = list.push(objectOf(this.who, n))
    this.ledger.end(n, history.handle !== 0, history.handle)
    this.#logTo({ list: EXTRA, history })
  }

  #defineVerb() {
    if (this.#quota(VERBS_LEFT)) this.recorder.verbs({ [`V${this.who}_${this.ledger.next}`]: +1 })
    this.recorder.verbs(VERBS)
  }

  /** A handle of a life that never was, or is over. */
  #stale() {
    const target = this.#ownHistory()
    if (!target) return
    const list = this.#listOf(target.list)
    list.at(target.history.handle + 1000 * SLOTS)?.ref()
    list.at(this.#below(2 ** 30))
  }

  #readOne() {
    const target = this.#ownHistory()
    if (target) target.history.events()
  }

  /** What no ledger has room for: in a list of its own, each event says which slot it was logged to. */
  #overtime() {
    if (this.random() < 0.5) return this.#chatter()
    const { ledger, own } = this
    let target = own.at(-1)
    if (target?.list !== NOISE || this.#below(12) === 0) {
      ledger.begin(PUSH, NOISE, 0)
      const history = this.lists[NOISE].push(this.#below(2 ** 30))
      ledger.end(ledger.capacity, history.handle !== 0, history.handle)
      target = { list: NOISE, history }
      own.length = 0
      own.push(target)
    }
    const { handle } = target.history
    if (handle === 0) return
    ledger.begin(LOG, NOISE, handle)
    const n = NOISE_FROM + Atomics.add(ledger.cells, OVERTIME, 1)
    const { verb, format, args } = eventOf(this.who, n, handle % SLOTS)
    ledger.end(ledger.capacity, target.history.log(this.verbs[verb], format, ...args))
  }

  /** What no ledger has room for and yet is accounted for: the n-th of a thread goes where every n-th goes. */
  #chatter() {
    const { cells } = this.ledger
    this.doing = 'log'
    for (let i = 0; i < CHATTER_AT_ONCE; i++) {
      const n = CHATTER_FROM + Atomics.add(cells, CHATTER_BEGUN, 1)
      const history = this.chatters[chatterOf(n)]
      const { verb, format, args } = eventOf(this.who, n, history.handle % SLOTS)
      if (history.log(this.verbs[verb], format, ...args)) Atomics.add(cells, CHATTER_DONE, 1)
    }
  }

  #ownHistory() {
    return this.own[this.#below(this.own.length)]
  }

  /** More often than not the one that all threads have in their hands just now. */
  #othersHistory() {
    if (this.random() < 0.6) {
      const place = (Atomics.load(this.ledger.now, 0) >>> TICKETS_A_PLACE) % HOT_PLACES
      return this.#posted(place) ?? this.#replaced(place)
    }
    const place = HOT_PLACES + this.#below(COLD_PLACES)
    return this.#posted(place)
  }

  #posted(place) {
    const at = place * BOARD_WORDS
    const list = this.board[at]
    const handle = this.board[at + 2] * SLOTS + this.board[at + 1]
    const history = handle === 0 ? undefined : this.#listOf(list)?.at(handle)
    return history && { list, history }
  }

  #replaced(place) {
    const target = this.#push(this.random() < 0.5 ? CONNECTIONS : DIALOGS)
    if (target) this.#post(target, place)
    return target
  }

  #post({ list, history }, place = HOT_PLACES + this.#below(COLD_PLACES)) {
    const at = place * BOARD_WORDS
    this.board[at] = list
    this.board[at + 1] = history.handle % SLOTS
    this.board[at + 2] = Math.floor(history.handle / SLOTS)
  }

  #listOf(list) {
    return this.lists[list]
  }

  #quota(cell) {
    return Atomics.sub(this.quotas, cell, 1) > 0
  }

  #below(limit) {
    return Math.floor(this.random() * limit)
  }
}
