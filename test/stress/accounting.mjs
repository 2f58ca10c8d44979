// Compares an image with what the threads know that they recorded. Every sentence it answers is a broken promise.

import { CHATTER, LIST_NAMES, NOISE, VOLATILE } from './actor.mjs'
import {
  CHATTER_FROM,
  chatterOf,
  countInChatter,
  eventOf,
  joinName,
  NOISE_FROM,
  nextInChatter,
  operationOf,
  pusherOf,
  threadName,
  VERBS,
  whoOf,
} from './contents.mjs'
import {
  CHATTER_BEGUN,
  CHATTER_DONE,
  DONE,
  HAS_JOINED,
  JOINS,
  LOG,
  PUSH,
  REF,
  REFUSED,
  UNDER_WAY,
} from './ledger.mjs'

const FAULTS_SHOWN = 12
const SLOTS = 2 ** 24
const TEXT_LOST = ' <text lost>'

/**
 * @param image of struct-history/inspect, of a moment in which no thread wrote
 * @param threads [{ who, isDead, ledger }]
 * @param keepsAll nothing may be evicted from the lists that nobody destroys
 * -> { faults: [sentence, …], figures: { … } }
 */
export function account(image, threads, { keepsAll }) {
  return new Account(image, threads, keepsAll).judge()
}

class Account {
  constructor(image, threads, keepsAll) {
    this.image = image
    this.keepsAll = keepsAll
    this.threads = new Map(threads.map((thread) => [thread.who, thread]))
    this.lives = new Map()
    this.faults = []
    this.unshown = 0
    this.missing = new Set()
    this.refusedPushes = 0
    this.figures = {
      acknowledged: 0,
      'acknowledged by the dead': 0,
      verified: 0,
      'noise verified': 0,
      'events of all threads to the same two histories': 0,
      'whole, though not acknowledged': 0,
      lost: 0,
      fallen: 0,
      'fallen in the chatter': 0,
      'texts lost': 0,
      histories: 0,
      'events under way at death': 0,
    }
  }

  judge() {
    this.#readLives()
    for (const thread of this.threads.values()) this.#readLedger(thread)
    for (const life of this.lives.values()) this.#judgeLife(life)
    this.#judgeOrders()
    this.#judgeThreads()
    this.#judgeStats()
    for (const { text } of this.image.problems()) this.#fault(`the image has a problem: ${text}`)
    if (this.unshown > 0) this.faults.push(`and ${this.unshown} more`)
    return { faults: this.faults, figures: this.figures }
  }

  #readLives() {
    const objects = new Set()
    for (const list of this.image.lists()) {
      for (const history of list.histories()) {
        const { handle } = history
        if (this.lives.has(handle)) this.#fault(`two histories have the handle #${handle}`)
        if (list.name !== LIST_NAMES[NOISE]) {
          if (objects.has(history.objectText)) this.#fault(`${history.objectText} is there twice`)
          objects.add(history.objectText)
        }
        const logs = new Map()
        const life = { history, list, logs, underWay: [], refs: 1, unsureRefs: 0, pushed: false }
        this.lives.set(handle, life)
      }
    }
    this.figures.histories = this.lives.size
    this.chatters = [...this.lives.values()].filter(({ list }) => list.name === LIST_NAMES[CHATTER])
  }

  #readLedger({ who, ledger, isDead }) {
    const [begun, done] = [CHATTER_BEGUN, CHATTER_DONE].map((cell) => ledger.cells[cell])
    if (begun - done > (isDead ? 1 : 0))
      this.#fault(
        `of ${begun} events that thread ${who} logged in the chatter ${done} were recorded`,
      )
    if (begun > done) this.chatters[chatterOf(begun - 1)]?.underWay.push({ who, n: begun - 1 })
    for (const record of ledger.records()) {
      const { n, kind, outcome, list, handle } = record
      const isOvertime = n === ledger.capacity
      if (outcome === UNDER_WAY && !isDead) {
        this.#fault(`thread ${who} lives, and its operation ${n} has not ended`)
        continue
      }
      if (kind === LOG && outcome === UNDER_WAY) this.figures['events under way at death']++
      if (kind === LOG && outcome === DONE && !isOvertime) {
        this.figures.acknowledged++
        if (isDead) this.figures['acknowledged by the dead']++
      }
      if (kind === PUSH && outcome === REFUSED) {
        this.refusedPushes++
        if (list !== VOLATILE && this.keepsAll)
          this.#fault(`${LIST_NAMES[list]} refused push ${n} of thread ${who}`)
      }
      if (kind === PUSH && outcome !== DONE) continue
      const life = this.lives.get(handle)
      if (life) this.#enter(life, who, record, isOvertime)
      else this.#judgeAbsent(who, record)
    }
  }

  #enter(life, who, record, isOvertime) {
    const { kind, outcome, n } = record
    if (outcome === REFUSED) {
      // A life that is there now was there then: handles are not used twice.
      if (kind === LOG || kind === REF)
        this.#fault(
          `operation ${n} of thread ${who} was refused, and ${life.list.name} #${life.history.handle} is there`,
        )
      return
    }
    if (kind === LOG) {
      if (outcome === UNDER_WAY) life.underWay.push({ who, n })
      if (isOvertime) return
      const logs = life.logs.get(who)
      if (logs) logs.push(record)
      else life.logs.set(who, [record])
    } else if (kind === PUSH) {
      if (!isOvertime) life.pushed = true
    } else if (outcome === UNDER_WAY) {
      life.unsureRefs++
    } else {
      life.refs += kind === REF ? 1 : -1
    }
  }

  #judgeAbsent(who, { n, kind, outcome, list, handle }) {
    if (!this.keepsAll || list === NOISE || list === VOLATILE) return
    if (outcome !== DONE || this.missing.has(handle)) return
    this.missing.add(handle)
    const what = kind === LOG ? 'an event' : 'an operation'
    this.#fault(
      `${LIST_NAMES[list]} #${handle} is gone, with ${what} (${n}) that thread ${who} had acknowledged`,
    )
  }

  #judgeLife(life) {
    const { history, list } = life
    const name = `${list.name} #${history.handle}`
    this.#judgePush(life, name)
    const events = history.events()
    const gaps = history.gaps()
    const count = (cause) =>
      gaps.reduce((sum, gap) => sum + (gap.cause === cause ? gap.count : 0), 0)
    const lost = count('unfinished')
    const fallen = count('fallen')
    this.figures.lost += lost
    this.figures[list.name === LIST_NAMES[CHATTER] ? 'fallen in the chatter' : 'fallen'] += fallen
    if (count('damaged') > 0) this.#fault(`${name} has ${count('damaged')} damaged events`)
    const told = events.reduce((sum, event) => sum + event.lost, 0)
    if (told !== lost + fallen + count('damaged'))
      this.#fault(`${name} tells of ${told} lost events, its gaps of ${lost + fallen}`)
    const whole = events.filter(({ verb }) => verb !== '')
    if (whole.length + told !== history.len)
      this.#fault(`${name}: ${whole.length} whole and ${told} lost are not its ${history.len}`)
    const mostFallen = Math.max(0, history.len - list.maxEvents)
    if (fallen > mostFallen)
      this.#fault(`${name}: ${fallen} events fell, at most ${mostFallen} may`)
    if (lost > life.underWay.length)
      this.#fault(
        `${name}: ${lost} events are lost, and ${life.underWay.length} threads died that were logging to it`,
      )
    if (list.name === LIST_NAMES[CHATTER]) return this.#judgeChatter(life, name, whole, gaps)
    if (list.name === LIST_NAMES[NOISE]) this.#judgeNoise(life, name, whole, lost)
    else this.#judgeEvents(life, name, whole, lost, fallen)
    if (list.name !== LIST_NAMES[NOISE]) {
      const off = Math.abs(history.ref - life.refs)
      if (off > life.unsureRefs)
        this.#fault(`${name} has ${history.ref} references, ${life.refs} were acknowledged`)
    }
  }

  #judgePush(life, name) {
    const { history, list } = life
    if (list.name === LIST_NAMES[NOISE] || list.name === LIST_NAMES[CHATTER]) return
    const { who, n } = pusherOf(history.object)
    const thread = this.threads.get(who)
    if (!thread)
      return this.#fault(`${name} is of the object ${history.objectText}, which nobody pushed`)
    if (!this.#isNameOf(history.thread, who))
      this.#fault(`${name} was pushed by "${history.thread}", its object is thread ${who}'s`)
    if (life.pushed) return
    const record = thread.ledger.record(n)
    if (record?.kind !== PUSH || record.outcome !== UNDER_WAY || !thread.isDead)
      this.#fault(`${name}: nobody knows of the push of ${history.objectText}`)
  }

  /** Per thread: what it had acknowledged, in its order, each once; at the end perhaps what was under way as it died. */
  #judgeEvents(life, name, whole, lost, fallen) {
    const seen = new Map()
    let newestStart = -1
    let newestText = ''
    let missing = 0
    for (const event of whole) {
      const who = this.#whoLogged(event)
      const thread = this.threads.get(who)
      if (!thread) {
        this.#fault(`${name} has an event that nobody logged: "${shortened(event.log)}"`)
        continue
      }
      const logs = life.logs.get(who) ?? []
      let next = seen.get(who) ?? 0
      // Those before may have fallen; how many did is summed up below.
      while (next < logs.length && !this.#says(event, who, logs[next])) next++
      const record = logs[next]
      if (!record) {
        const n = operationOf(event.log)
        const how = logs.some((log) => this.#says(event, who, log))
          ? 'twice, or out of the order in which it was logged'
          : Number.isNaN(n)
            ? 'once more than it was logged'
            : 'though its thread logged no such event to it'
        this.#fault(`${name} has "${shortened(event.log)}" ${how}`)
        continue
      }
      missing += logs.slice(seen.get(who) ?? 0, next).filter(isDone).length
      seen.set(who, next + 1)
      this.#judgeEvent(name, who, record, event)
      if (record.outcome === UNDER_WAY) this.figures['whole, though not acknowledged']++
      else this.figures.verified++
      // Of a text that comes again and again, where some fell, it is not known which one this is.
      if (fallen > 0 && Number.isNaN(operationOf(event.log))) continue
      if (record.outcome !== UNDER_WAY && record.end < newestStart)
        this.#fault(
          `${name} has "${shortened(event.log)}" behind "${newestText}", which began after it had ended`,
        )
      if (record.start > newestStart) {
        newestStart = record.start
        newestText = shortened(event.log)
      }
    }
    for (const [who, logs] of life.logs)
      missing += logs.slice(seen.get(who) ?? 0).filter(isDone).length
    if (missing > fallen)
      this.#fault(
        `${name}: ${missing} acknowledged events are missing, ${fallen} fell (${lost} of others are lost)`,
      )
  }

  #judgeEvent(name, who, { n }, event) {
    const { verb } = eventOf(who, n)
    const role = VERBS[verb]?.role ?? VERBS[verb]
    const expected = { 1: 'ref', '-1': 'unref', 0: 'none', end: 'end' }[role]
    if (event.verb !== verb || event.role !== expected)
      this.#fault(
        `${name}: operation ${n} of thread ${who} logged ${verb}, ${event.verb} (${event.role}) is there`,
      )
    if (!this.#isNameOf(event.thread, who))
      this.#fault(`${name}: an event of thread ${who} stands under the name "${event.thread}"`)
  }

  /** Events that are in no ledger name the slot that they were logged to. */
  #judgeNoise(life, name, whole, lost) {
    const slot = life.history.handle % SLOTS
    const newest = new Map()
    const inLedger = []
    for (const event of whole) {
      const who = whoOf(event.log)
      const n = operationOf(event.log)
      if (event.log === `${'%d %d at %d %s'}${TEXT_LOST}`) {
        this.figures['texts lost']++
        continue
      }
      if (!(n >= NOISE_FROM)) {
        inLedger.push(event)
        continue
      }
      if (!this.threads.has(who) || eventOf(who, n, slot).text !== event.log) {
        this.#fault(`${name} has an event that nobody logged to it: "${shortened(event.log)}"`)
        continue
      }
      if ((newest.get(who) ?? -1) >= n)
        this.#fault(
          `${name} has "${shortened(event.log)}" twice, or out of the order in which it was logged`,
        )
      newest.set(who, n)
      this.#judgeEvent(name, who, { n }, event)
      this.figures['noise verified']++
    }
    this.#judgeEvents(life, name, inLedger, lost, 0)
  }

  /** As many as were acknowledged; and of what has not fallen, each thread's one after the other, none left out. */
  #judgeChatter({ history, underWay }, name, whole, gaps) {
    const slot = history.handle % SLOTS
    const chatter = this.chatters.findIndex((life) => life.history === history)
    let least = 0
    for (const { ledger } of this.threads.values())
      least += countInChatter(ledger.cells[CHATTER_DONE], chatter)
    this.figures['events of all threads to the same two histories'] += least
    if (history.len < least || history.len > least + underWay.length)
      this.#fault(
        `${name} has ${history.len} events, ${least} were acknowledged, ${underWay.length} under way`,
      )
    // In the middle that fell, single events of pinned verbs may stand.
    const fallen = gaps.filter(({ cause }) => cause === 'fallen')
    const [first, last] = [fallen[0]?.from ?? -1, fallen.at(-1)?.to ?? -1]
    let newest = new Map()
    let hasResumed = false
    for (const event of whole) {
      if (!hasResumed && event.index > last) {
        hasResumed = true
        newest = new Map()
      }
      const isInTheMiddle = event.index > first && event.index < last
      const who = whoOf(event.log)
      const n = operationOf(event.log)
      const text = this.threads.has(who) && n >= CHATTER_FROM && eventOf(who, n, slot).text
      if (text !== event.log || chatterOf(n) !== chatter) {
        this.#fault(`${name} has an event that nobody logged to it: "${shortened(event.log)}"`)
        continue
      }
      const expected = newest.has(who) ? nextInChatter(newest.get(who)) : n
      if (n !== expected && !isInTheMiddle)
        this.#fault(`${name} has operation ${n} of thread ${who} where ${expected} should be`)
      newest.set(who, n)
      this.#judgeEvent(name, who, { n }, event)
      this.figures['noise verified']++
    }
  }

  /** The pushes of one thread to one list stand in the order in which it pushed. */
  #judgeOrders() {
    for (const { who, ledger } of this.threads.values()) {
      const orders = new Map()
      for (const { n, kind, outcome, list, handle } of ledger.records()) {
        if (kind !== PUSH || outcome !== DONE || n === ledger.capacity) continue
        const life = this.lives.get(handle)
        if (!life || list === VOLATILE || life.list.name !== LIST_NAMES[list]) continue
        if (life.history.order <= (orders.get(list) ?? -1))
          this.#fault(
            `${life.list.name} #${handle}: pushed by thread ${who} after one that stands behind it`,
          )
        orders.set(list, life.history.order)
      }
    }
  }

  /** Whoever got a number from join() has its record. */
  #judgeThreads() {
    const names = new Map()
    for (const { name } of this.image.threads()) names.set(name, (names.get(name) ?? 0) + 1)
    for (const { who, ledger } of this.threads.values()) {
      const own = Atomics.load(ledger.cells, HAS_JOINED) ? [threadName(who)] : []
      const joins = Atomics.load(ledger.cells, JOINS)
      for (let n = 0; n < joins; n++) own.push(joinName(who, n))
      for (const name of own)
        if (names.get(name) !== 1)
          this.#fault(`${names.get(name) ?? 0} threads are called "${name}"`)
    }
  }

  #judgeStats() {
    const stats = this.image.stats()
    const dead = [...this.threads.values()].filter(({ isDead }) => isDead).length
    const never = ['rejected', 'threadsFull', 'unrefsBelowZero', 'retired']
    if (this.keepsAll) never.push('dropped', 'textsLost', 'stringsFull', 'evictedPinned')
    // Only a list that is being destroyed refuses, and a dead thread's push may have been.
    const off = stats.pushesDropped - this.refusedPushes
    if (this.keepsAll && (off < 0 || off > dead))
      this.#fault(`${stats.pushesDropped} pushes are dropped, ${this.refusedPushes} were refused`)
    if (this.figures['texts lost'] > stats.textsLost)
      this.#fault(`${this.figures['texts lost']} texts are lost, counted are ${stats.textsLost}`)
    for (const name of never)
      if (stats[name] !== 0) this.#fault(`stats().${name} is ${stats[name]}`)
    // Not `abandoned - returned`: a finished block waits until somebody needs memory. capacity.mjs counts what is lost.
    this.figures['blocks abandoned'] = stats.abandoned
    this.figures['blocks returned'] = stats.returned
    for (const list of this.image.lists()) {
      const evicted = list.evictedByWindow + list.evictedByBudget + list.evictedPinned
      const isKept = this.keepsAll && list.name !== LIST_NAMES[NOISE]
      if (isKept && evicted > 0) this.#fault(`${list.name} has evicted ${evicted} histories`)
    }
    for (const name of [
      'pushed',
      'logged',
      'evictedByWindow',
      'evictedByBudget',
      'evictedPinned',
      'stale',
      'dropped',
      'pushesDropped',
      'bytes',
      'lists',
      'verbs',
      'threads',
    ])
      this.figures[name] = stats[name]
  }

  /** Whether the event is what that operation logged; a text that found no memory must say so. */
  #says({ log, verb }, who, record) {
    record.event ??= eventOf(who, record.n)
    const { text, format } = record.event
    if (verb !== record.event.verb) return false
    return text === log || (log.endsWith(TEXT_LOST) && log === format + TEXT_LOST)
  }

  #whoLogged({ log, thread }) {
    if (!log.endsWith(TEXT_LOST)) return whoOf(log)
    this.figures['texts lost']++
    return Number(/^killed (\d+)/.exec(thread)?.[1])
  }

  #isNameOf(name, who) {
    return name === threadName(who) || name.startsWith(`${threadName(who)} join `)
  }

  #fault(sentence) {
    if (this.faults.length < FAULTS_SHOWN) this.faults.push(sentence)
    else this.unshown++
  }
}

const isDone = ({ outcome }) => outcome === DONE
const shortened = (text) => (text.length > 60 ? `${text.slice(0, 57)}…` : text)
