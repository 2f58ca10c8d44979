// One recorder as its lines tell of it: what each line says is checked, and kept with the life that it is about.

import { LISTS_MAX, THREADS_MAX, VERBS_MAX } from '../../assembly/layout.ts'
import type { Gap, Role } from '../image/image.ts'
import type { ParsedLine, Sender } from '../line/parse.ts'
import { GrowingLife, type LineThread, type Sort } from './life.ts'
import type { Tally } from './rows.ts'

const U32_MAX = 0xffffffff
const ROLES: readonly string[] = ['ref', 'unref', 'none', 'end'] satisfies Role[]
const CAUSES: readonly string[] = [
  'fallen',
  'unfinished',
  'damaged',
  'before the log',
  'in the log',
] satisfies Gap['cause'][]
const LATE: readonly string[] = ['', 'after end', 'after last unref']
const MILLISECOND = 1000
/** A guess at what a name or a sort takes besides its letters. */
const ENTRY_BYTES = 200
const CONTRADICTIONS_NAMED = 100
/** Loss lines that are known again when they come twice. */
const LOSSES_KEPT = 10_000
const CUT_MARK = '…'
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** A copy that does not hold the whole part of the file that it was cut out of. */
const kept = (text: string): string => decoder.decode(encoder.encode(text))

export class RunList {
  readonly name: string
  readonly number: number
  readonly lives = new Map<number, GrowingLife>()
  /** Lives that were forgotten to keep within the memory, and their events. */
  evicted = 0
  eventsGone = 0
  coalesce = false

  constructor(name: string, number: number) {
    this.name = name
    this.number = number
  }
}

/** A line that cannot be believed. */
class Refusal extends Error {}

export class Run implements Tally {
  readonly run: string
  host = ''
  name = ''
  pid = 0
  /** Wall clock of t = 0, milliseconds since 1970; NaN: no line has told. */
  started = Number.NaN
  readonly lists: RunList[] = []
  readonly verbs = new Map<string, Role>()
  readonly threads: LineThread[] = []
  readonly sorts: Sort[] = []
  lines = 0
  twice = 0
  reordered = 0
  contradicting = 0
  /** `history 0x10 [3]`, the first few. */
  readonly contradicted: string[] = []
  /** By the sinks: histories that they dropped, their events, and why. */
  readonly notWritten = { histories: 0, events: 0, reasons: new Set<string>() }
  /** The latest t of any line. */
  latest = 0
  /** Bytes that it takes, about. */
  size = 0
  readonly #listsByName = new Map<string, RunList>()
  readonly #sortsByKey = new Map<string, number>()
  /** By the verb alone: those that have nothing else to tell. Nearly all have not. */
  readonly #plainSorts = new Map<string, number>()
  readonly #threadsByKey = new Map<string, number>()
  #hasHead = false
  #hasFirst = false
  #met = 0
  readonly #losses = new Set<string>()
  #settling: GrowingLife | undefined

  constructor(run: string) {
    this.run = kept(run)
  }

  /** What is wrong with the line; undefined where it was taken. `count`: lines so far, of all recorders. */
  take(line: ParsedLine, sender: Sender | undefined, count: number): string | undefined {
    try {
      if (line.element === 'struct-history-lost') this.#takeLoss(line, sender)
      else if (line.element === 'struct-history-life') this.#takeHead(line, sender, count)
      else this.#takeEvent(line, sender, count)
      this.lines++
      return undefined
    } catch (error) {
      if (error instanceof Refusal) return error.message
      throw error
    }
  }

  /** Gives how many bytes that frees. */
  forget(list: RunList, life: GrowingLife): number {
    list.lives.delete(life.handle)
    list.evicted++
    list.eventsGone += life.rows.count
    this.size -= life.size
    return life.size
  }

  /** While this life is put into order: see Tally. */
  settling<T>(life: GrowingLife, settle: () => T): T {
    this.#settling = life
    const before = life.size
    const settled = settle()
    this.size += life.size - before
    return settled
  }

  contradicts(index: number): void {
    this.contradicting++
    if (this.contradicted.length < CONTRADICTIONS_NAMED)
      this.contradicted.push(`${this.#settling?.object} #${this.#settling?.handle} [${index}]`)
  }

  #takeHead({ values }: ParsedLine, sender: Sender | undefined, count: number): void {
    const created = integer(values, 'created', Number.MAX_SAFE_INTEGER)
    const len = integer(values, 'len', U32_MAX)
    const events = integer(values, 'events', U32_MAX)
    const written = events === 0 ? 0 : integer(values, 'to', U32_MAX) + 1
    const ref = integer(values, 'ref', U32_MAX)
    const order = values.has('order')
      ? integer(values, 'order', Number.MAX_SAFE_INTEGER)
      : Number.NaN
    const head = {
      ref,
      ended: values.get('ended') === 'true',
      pinned: values.get('pinned') === 'true',
      len: Math.max(len, written),
      written,
    }
    const life = this.#lifeOf(values, count)
    life.created = created
    life.order = order
    if (life.thread === '') life.thread = kept(values.get('thread') ?? '')
    const before = life.head
    // Of two the later one counts: more had happened by then, or it had ended.
    if (before === undefined || head.len > before.len || (head.len === before.len && !before.ended))
      life.head = head
    this.latest = Math.max(this.latest, created)
    if (this.#hasHead) return
    this.#hasHead = true
    this.host = kept(values.get('host') ?? sender?.host ?? '')
    this.name = kept(values.get('name') ?? '')
    this.pid = number(values.get('pid') ?? sender?.pid)
    const started = wallMilliseconds(values.get('started'))
    if (!Number.isNaN(started)) this.started = started
  }

  #takeEvent({ values, text }: ParsedLine, sender: Sender | undefined, count: number): void {
    const index = integer(values, 'index', U32_MAX)
    const lost = integer(values, 'lost', U32_MAX)
    const t = integer(values, 't', Number.MAX_SAFE_INTEGER)
    const verb = required(values, 'verb')
    if (lost > index) throw new Refusal(`its lost is ${lost}, expected at most its index, ${index}`)
    if (!this.#hasFirst && !this.#hasHead) this.#takeFirst(values, sender, t)
    if (verb === '') {
      const life = this.#lifeOf(values, count)
      claimLoss(life, index, lost, values.get('gaps'))
      life.len = Math.max(life.len, index)
      this.latest = Math.max(this.latest, t)
      return
    }
    const role = oneOf(values, 'role', ROLES) as Role
    const late = values.has('late') ? oneOf(values, 'late', LATE) : ''
    const counted = values.has('count') ? Math.max(1, integer(values, 'count', U32_MAX)) : 1
    const last = values.has('last') ? integer(values, 'last', Number.MAX_SAFE_INTEGER) : t
    const sort = this.#sortOf(verb, role, late as Sort['late'], values)
    const thread = this.#threadOf(values, sender)
    const cut = values.has('cut') ? integer(values, 'cut', Number.MAX_SAFE_INTEGER) : 0
    const life = this.#lifeOf(values, count)
    const size = life.size
    if (lost > 0) claimLoss(life, index, lost, values.get('gaps'))
    const row = { index, count: counted, sort, thread, t, last, text }
    life.rows.add(cut > 0 ? { ...row, text: `${text}${CUT_MARK}+${cut}B` } : row, this)
    this.size += life.size - size
    if (role === 'end') life.hasEnd = true
    if (counted > 1) this.#listOf(required(values, 'list')).coalesce = true
    life.first = Math.min(life.first, t)
    life.latest = Math.max(life.latest, last)
    this.latest = Math.max(this.latest, last)
  }

  /** Until a header tells better. */
  #takeFirst(values: ParsedLine['values'], sender: Sender | undefined, t: number): void {
    this.#hasFirst = true
    this.host = kept(values.get('host') ?? sender?.host ?? '')
    this.name = kept(values.get('name') ?? sender?.name ?? '')
    this.pid = number(values.get('pid') ?? sender?.pid)
    this.started = wallMilliseconds(values.get('time') ?? sender?.time) - t / MILLISECOND
  }

  #takeLoss({ values }: ParsedLine, sender: Sender | undefined): void {
    const histories = integer(values, 'histories', Number.MAX_SAFE_INTEGER)
    const events = integer(values, 'events', Number.MAX_SAFE_INTEGER)
    const which =
      values.get('number') ?? `${values.get('time') ?? sender?.time} ${histories} ${events}`
    if (this.#losses.has(which)) {
      this.twice++
      return
    }
    if (this.#losses.size < LOSSES_KEPT) this.#losses.add(which)
    const { notWritten } = this
    notWritten.histories += histories
    notWritten.events += events
    if (notWritten.reasons.size < CONTRADICTIONS_NAMED)
      notWritten.reasons.add(kept(values.get('reason') ?? ''))
  }

  #lifeOf(values: ParsedLine['values'], count: number): GrowingLife {
    const handle = integer(values, 'history', Number.MAX_SAFE_INTEGER)
    const object = required(values, 'object')
    const list = this.#listOf(required(values, 'list'))
    const known = list.lives.get(handle)
    if (known !== undefined) {
      if (known.object !== object) known.object = this.#longerOf(known, object)
      known.touched = count
      return known
    }
    const other = this.lists.find(({ lives }) => lives.has(handle))
    if (other !== undefined)
      throw new Refusal(`its history ${handle} is of the list "${other.name}", not "${list.name}"`)
    const life = new GrowingLife(handle, kept(object), this.#met++)
    life.touched = count
    list.lives.set(handle, life)
    this.size += life.size
    return life
  }

  /** A line that did not fit has the ends of its values cut. */
  #longerOf({ object: one, handle }: GrowingLife, other: string): string {
    const isCutOf = (cut: string, whole: string): boolean =>
      cut.endsWith(CUT_MARK) && whole.startsWith(cut.slice(0, -CUT_MARK.length))
    if (isCutOf(other, one)) return one
    if (isCutOf(one, other)) return kept(other)
    throw new Refusal(`its history ${handle} is of the object ${one}, not ${other}`)
  }

  #listOf(name: string): RunList {
    const known = this.#listsByName.get(name)
    if (known !== undefined) return known
    if (this.lists.length === LISTS_MAX)
      throw new Refusal(`no recorder has more than ${LISTS_MAX} lists`)
    const list = new RunList(kept(name), this.lists.length)
    this.lists.push(list)
    this.#listsByName.set(list.name, list)
    this.size += ENTRY_BYTES + name.length
    return list
  }

  #sortOf(verb: string, role: Role, late: Sort['late'], values: ParsedLine['values']): number {
    const site = values.get('site') ?? ''
    const backtrace = values.get('backtrace')
    const isPlain = late === '' && site === '' && backtrace === undefined
    const usual = isPlain ? this.#plainSorts.get(verb) : undefined
    if (usual !== undefined && this.sorts[usual]?.role === role) return usual
    const key = `${verb}\0${role}\0${late}\0${site}\0${backtrace ?? '\0'}`
    const known = this.#sortsByKey.get(key)
    if (known !== undefined) return known
    if (!this.verbs.has(verb)) {
      if (this.verbs.size === VERBS_MAX)
        throw new Refusal(`no recorder has more than ${VERBS_MAX} verbs`)
      this.verbs.set(kept(verb), role)
    }
    const sort: Sort = {
      verb: kept(verb),
      role,
      late,
      ...(site !== '' && { site: kept(site) }),
      ...(backtrace !== undefined && { backtrace: kept(backtrace) }),
    }
    const number = this.sorts.push(sort) - 1
    this.#sortsByKey.set(kept(key), number)
    if (isPlain && usual === undefined) this.#plainSorts.set(sort.verb, number)
    this.size += ENTRY_BYTES + key.length * 4
    return number
  }

  #threadOf(values: ParsedLine['values'], sender: Sender | undefined): number {
    const pid = values.get('pid') ?? sender?.pid ?? ''
    const tid = required(values, 'tid')
    const name = required(values, 'thread')
    const key = `${pid}\0${tid}\0${name}`
    const known = this.#threadsByKey.get(key)
    if (known !== undefined) return known
    if (this.threads.length === THREADS_MAX)
      throw new Refusal(`no recorder has more than ${THREADS_MAX} threads`)
    const thread = { pid: number(pid), tid: integer(values, 'tid', U32_MAX), thread: kept(name) }
    const at = this.threads.push(thread) - 1
    this.#threadsByKey.set(kept(key), at)
    this.size += ENTRY_BYTES + key.length * 3
    return at
  }
}

/** `gaps`: `12-48 fallen, 50-50 unfinished`; where it does not add up, only that so many are missing is known. */
function claimLoss(life: GrowingLife, index: number, lost: number, gaps: string | undefined): void {
  if (lost === 0) return
  const claims = (gaps ?? '').split(', ').map((each) => {
    const [, from = '', to = '', cause = ''] =
      /^(\d{1,10})-(\d{1,10}) ([a-z ]{1,20})$/.exec(each) ?? []
    return { from: Number(from), to: Number(to) + 1, cause: cause as Gap['cause'] }
  })
  const isTold =
    claims.every(({ from, to, cause }) => CAUSES.includes(cause) && from < to && to <= index) &&
    claims.reduce((sum, { from, to }) => sum + to - from, 0) === lost
  if (isTold) for (const claim of claims) life.claim(claim)
  else life.claim({ from: index - lost, to: index, cause: 'before the log' })
}

function required(values: ParsedLine['values'], name: string): string {
  const value = values.get(name)
  if (value === undefined) throw new Refusal(`it has no ${name}`)
  return value
}

function integer(values: ParsedLine['values'], name: string, most: number): number {
  const value = required(values, name)
  const found = isDigits(value) ? Number(value) : Number.NaN
  if (found <= most) return found
  throw new Refusal(`its ${name} is "${value.slice(0, 40)}", expected an integer from 0 to ${most}`)
}

function isDigits(value: string): boolean {
  if (value.length === 0 || value.length > 16) return false
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at)
    if (code < 0x30 || code > 0x39) return false
  }
  return true
}

function oneOf(values: ParsedLine['values'], name: string, words: readonly string[]): string {
  const value = required(values, name)
  const word = words.find((each) => each === value)
  if (word !== undefined) return word
  throw new Refusal(`its ${name} is "${value.slice(0, 40)}", expected one of ${words.join(', ')}`)
}

/** 0 where it is none. */
const number = (text = ''): number => (/^\d{1,10}$/.test(text) ? Number(text) : 0)

const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/

/** Of `2026-11-28T03:57:14.123456Z`: a Date knows no microseconds. */
function wallMilliseconds(time: string | undefined): number {
  const [, whole, fraction = '0', zone = ''] = TIME.exec(time ?? '') ?? []
  if (whole === undefined) return Number.NaN
  return Date.parse(whole + zone) + Math.round(Number(`0.${fraction}`) * 1e6) / MILLISECOND
}
