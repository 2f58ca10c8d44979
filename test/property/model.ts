// What a recorder must show, as plain arrays that are never cut, freed or shared: slow, and obviously right. It knows no
// bytes and no budget. The rules that SPEC.md and docs/FORMAT.md make are in RULES, so that a test can break one at a time.

import type { Event, Gap } from '../../src/inspect.ts'
import { utf8, utf8Size } from './property.ts'

export const VERBS = {
  REF: +1,
  UNREF: -1,
  SEND: 0,
  DESTROY: 'end',
  MARK: { role: 0, pin: true },
} as const
export type VerbName = keyof typeof VERBS
export const VERB_NAMES = Object.keys(VERBS) as VerbName[]

/** EVENTS_PER_BLOCK and CONTROL_REFS_MAX of docs/FORMAT.md. */
const BLOCK = 17
const REFS_MAX = 4095

export interface ModelList {
  readonly name: string
  readonly window: number
  readonly maxEvents: number
  readonly maxText: number
  readonly autoLog: boolean
  enabled: boolean
  isDestroyed: boolean
  /** Of every life ever begun, the gone ones too. */
  readonly lives: Life[]
}

export interface Life {
  readonly list: ModelList
  readonly object: number | bigint | string
  /** Place among the pushes of its list; -1: its push was refused, so it records nothing. */
  readonly order: number
  readonly events: ModelEvent[]
  isGone: boolean
  isEnded: boolean
  /** Taken by ref(); the pusher's own is no count but `isReleased`. */
  refs: number
  isReleased: boolean
  /** Index of the first event that no sink has had. */
  flushed: number
}

export interface ModelEvent {
  readonly verb: VerbName
  readonly text: string
  readonly thread: string
  readonly late: Event['late']
}

/** An event as the recorder shows it, but for what the model cannot know (times, numbers of threads, addresses). */
export type Shown = Pick<Event, 'index' | 'verb' | 'log' | 'thread' | 'lost' | 'late'>

export const RULES = {
  isPushedOut: ({ list, order }: Life) => list.window > 0 && order < pushed(list) - list.window,
  isPinned: ({ refs }: Life) => refs > 0,
  refsMax: REFS_MAX,
  firstKept: (maxEvents: number) => Math.floor(maxEvents / 4),
  lastKept: (maxEvents: number) => maxEvents - Math.floor(maxEvents / 4),
  late: ({ isEnded, isReleased, refs }: Life): Event['late'] =>
    isEnded ? 'after end' : isReleased && refs === 0 ? 'after last unref' : '',
  /** Blocks that stay for the sake of their pinned events. */
  blocksKept: (turnBlocks: number) => turnBlocks,
  isRecordedWhenOff: false,
  isStaleCounted: true,
  isCutAt: (maxText: number) => maxText,
  isEndedByDestroy: true,
}
export type Rules = typeof RULES

export class Model {
  readonly lists: ModelList[] = []
  readonly lives: Life[] = []
  readonly counts = {
    pushed: 0,
    logged: 0,
    evictedByWindow: 0,
    stale: 0,
    rejected: 0,
    pushesDropped: 0,
    textsCut: 0,
    unrefsBelowZero: 0,
  }
  readonly #rules: Rules

  constructor(rules: Rules = RULES) {
    this.#rules = rules
  }

  list(options: Pick<ModelList, 'name' | 'window' | 'maxEvents' | 'maxText' | 'autoLog'>) {
    const list = { ...options, enabled: true, isDestroyed: false, lives: [] }
    this.lists.push(list)
    return list
  }

  destroy(list: ModelList): void {
    list.isDestroyed = this.#rules.isEndedByDestroy
    for (const life of list.lives) life.isGone ||= list.isDestroyed
  }

  push(list: ModelList, object: Life['object']): Life {
    const isRefused = !list.enabled || list.isDestroyed
    const life: Life = {
      list,
      object,
      order: isRefused ? -1 : pushed(list),
      events: [],
      isGone: isRefused,
      isEnded: false,
      refs: 0,
      isReleased: false,
      flushed: 0,
    }
    this.lives.push(life)
    if (isRefused) this.counts.pushesDropped += list.enabled ? 1 : 0
    else {
      list.lives.push(life)
      this.counts.pushed++
      this.#glide(list)
    }
    return life
  }

  /** `text`: format and arguments as they read in full, `format` of it being the program's own. */
  log(life: Life, verb: VerbName | 'foreign', thread: string, text: string, isWriterCut: boolean) {
    if (!life.list.enabled && !this.#rules.isRecordedWhenOff) return false
    if (verb === 'foreign') {
      this.counts.rejected++
      return false
    }
    if (!this.#stands(life)) return false
    const shown = cut(text, this.#rules.isCutAt(life.list.maxText))
    life.events.push({ verb, text: shown, thread, late: this.#rules.late(life) })
    this.counts.logged++
    if (isWriterCut) this.counts.textsCut++
    if (verb === 'DESTROY') life.isEnded = true
    return true
  }

  ref(life: Life): boolean {
    if (!this.#stands(life)) return false
    life.refs = Math.min(life.refs + 1, this.#rules.refsMax)
    return true
  }

  unref(life: Life): boolean {
    if (!this.#stands(life)) return false
    if (life.refs === this.#rules.refsMax) return true // a count that reached it stays
    if (life.refs === 0 && life.isReleased) {
      this.counts.unrefsBelowZero++
      return false
    }
    if (life.refs > 0) life.refs--
    else life.isReleased = true
    this.#glide(life.list)
    return true
  }

  /** The events that a sink gets now. */
  flush(life: Life): Shown[] {
    const events = this.shown(life).filter(({ index }) => index >= life.flushed)
    life.flushed = (events.at(-1)?.index ?? life.flushed - 1) + 1
    return events
  }

  retained(list: ModelList): Life[] {
    return list.lives.filter(({ isGone }) => !isGone)
  }

  isPushedOut(life: Life): boolean {
    return this.#rules.isPushedOut(life)
  }

  shown(life: Life): Shown[] {
    if (life.isGone) return []
    const isShown = this.#retainedEvents(life)
    const shown: Shown[] = []
    let lost = 0
    for (const [index, { verb, text, thread, late }] of life.events.entries()) {
      if (!isShown(index)) lost++
      else {
        shown.push({ index, verb, log: text, thread, lost, late })
        lost = 0
      }
    }
    return shown
  }

  gaps(life: Life): Gap[] {
    return this.shown(life).flatMap(({ index, lost: count }) =>
      count > 0 ? [{ from: index - count, to: index - 1, count, cause: 'fallen' as const }] : [],
    )
  }

  #stands(life: Life): boolean {
    if (life.isGone && life.order >= 0 && this.#rules.isStaleCounted) this.counts.stale++
    return !life.isGone
  }

  #glide(list: ModelList): void {
    for (const life of this.retained(list)) {
      if (!this.#rules.isPushedOut(life) || this.#rules.isPinned(life)) continue
      life.isGone = true
      this.counts.evictedByWindow++
    }
  }

  /** FORMAT.md, "What is retained": the first quarter, the last three, and pinned ones whose block is still there. */
  #retainedEvents({ list: { maxEvents }, events }: Life): (index: number) => boolean {
    const first = this.#rules.firstKept(maxEvents)
    const last = this.#rules.lastKept(maxEvents)
    const fallenTo = events.length - last
    if (events.length <= maxEvents) return () => true
    const blockOf = (index: number) => Math.floor(index / BLOCK)
    const firstBlocks = Math.ceil(first / BLOCK)
    const turnBlocks = Math.ceil(last / BLOCK) + 1
    const lappedTo = blockOf(events.length - 1) - turnBlocks
    const pinned = events.flatMap(({ verb }, index) => (verb === 'MARK' ? [index] : []))
    const lapped = (block: number) => block >= firstBlocks && block <= lappedTo
    const worthKeeping = [...new Set(pinned.map(blockOf))].filter(lapped)
    const kept = new Set(worthKeeping.slice(0, this.#rules.blocksKept(turnBlocks)))
    const isThere = (index: number) => !lapped(blockOf(index)) || kept.has(blockOf(index))
    return (index) =>
      index < first || index >= fallenTo || (events[index]?.verb === 'MARK' && isThere(index))
  }
}

export function pushed(list: ModelList): number {
  return list.lives.length
}

/** At most `maxText` bytes of UTF-8 in whole characters, then how many bytes are missing. */
export function cut(text: string, maxText: number): string {
  let kept = ''
  let bytes = 0
  for (const character of text) {
    bytes += utf8Size(character)
    if (bytes > maxText) return `${kept}…+${utf8(text).length - utf8(kept).length}B`
    kept += character
  }
  return text
}
