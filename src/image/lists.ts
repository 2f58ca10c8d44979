// Lists: those that were published and not destroyed, each with its retained histories.

import {
  EVENTS_MAX,
  EVENTS_PER_BLOCK,
  LIST_BYTES,
  LIST_DESTROYED,
  LIST_DIRECTORY_LEVELS,
  LIST_ENABLED,
  LIST_EVENTS_GONE,
  LIST_EVICTED_BY_BUDGET,
  LIST_EVICTED_PINNED,
  LIST_FIRST_BLOCKS,
  LIST_FLAG_AUTO_LOG,
  LIST_FLAG_COALESCE,
  LIST_FLAGS,
  LIST_MAX_EVENTS,
  LIST_MAX_TEXT,
  LIST_NAME,
  LIST_PUSHED,
  LIST_RECORDS,
  LIST_RING_CAPACITY,
  LIST_STATE,
  LIST_STATE_DESTROYED,
  LIST_STATE_READY,
  LIST_TABLE,
  LIST_TURN_BLOCKS,
  LIST_WINDOW,
  LISTS_MAX,
  MAX_TEXT_LIMIT,
} from '../../assembly/layout.ts'
import { readHistory } from './histories.ts'
import type { History, List } from './image.ts'
import type { Geometry } from './life.ts'
import type { Parts } from './parts.ts'
import { sampleOf } from './sample.ts'
import { liveSlots, type Slots } from './slots.ts'

const WORD = 4
const DIRECTORY_LEVELS_MAX = 2
/** Enough for any list: its events begin and end anywhere in a block. */
const BLOCKS_MAX = Math.ceil(EVENTS_MAX / EVENTS_PER_BLOCK) + 2

export class Lists {
  readonly #parts: Parts
  readonly #known = new Map<number, ImageList>()
  #slots: Map<number, Slots> | undefined

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** In the order of their publication. */
  all(): ImageList[] {
    const lists: ImageList[] = []
    for (const number of this.published()) {
      const list = this.get(number)
      if (list) lists.push(list)
    }
    return lists
  }

  /** The list with this record, or undefined when it is not there any more. */
  get(number: number): ImageList | undefined {
    const { bytes, problems } = this.#parts
    const at = LIST_RECORDS + number * LIST_BYTES
    return problems.attempt(`read list ${number}`, () => {
      const state = bytes.acquireU32(at + LIST_STATE, 'LIST_STATE')
      // What a thread that died while it destroyed the list has left there is still evidence.
      if (state === LIST_STATE_DESTROYED && !this.slots().has(number)) return undefined
      if (state !== LIST_STATE_READY && state !== LIST_STATE_DESTROYED) {
        problems.add(`read list ${number}`, {
          offset: at + LIST_STATE,
          field: 'LIST_STATE',
          expected: `${LIST_STATE_READY} or ${LIST_STATE_DESTROYED}`,
          found: `${state}`,
        })
        return undefined
      }
      const list = this.#known.get(number) ?? new ImageList(this.#parts, this, number)
      this.#known.set(number, list)
      return list
    })
  }

  /** Numbers of all records that were ever published, the destroyed ones included. */
  published(): number[] {
    const { bytes, problems } = this.#parts
    const numbers = new Set<number>()
    problems.attempt('read the lists', () => {
      for (let i = 0; i < LISTS_MAX; i++) {
        const at = LIST_TABLE + i * WORD
        const entry = bytes.acquireU32(at, 'LIST_TABLE')
        if (entry === 0) break
        if (entry <= LISTS_MAX && !numbers.has(entry - 1)) numbers.add(entry - 1)
        else
          problems.add('read the lists', {
            offset: at,
            field: 'LIST_TABLE',
            expected: `a list record of 1 to ${LISTS_MAX}, each once`,
            found: `${entry}`,
          })
      }
    })
    return [...numbers]
  }

  /** Slots of the retained histories by list. Found once, except in living memory. */
  slots(): Map<number, Slots> {
    if (this.#parts.isLive) return liveSlots(this.#parts)
    this.#slots ??= liveSlots(this.#parts)
    return this.#slots
  }

  /**
   * Of the list with this record. Nobody counts these: they are all that is gone and not counted elsewhere, but for pushes
   * that a dead thread never finished.
   */
  evictedByWindow(number: number, slots = this.slots()): number {
    const { bytes, problems } = this.#parts
    const evicted = problems.attempt(`read list ${number}`, () => {
      const at = LIST_RECORDS + number * LIST_BYTES
      const pushed = bytes.u64(at + LIST_PUSHED, 'LIST_PUSHED')
      const elsewhere =
        (slots.get(number)?.all.length ?? 0) +
        bytes.u64(at + LIST_DESTROYED, 'LIST_DESTROYED') +
        bytes.u64(at + LIST_EVICTED_BY_BUDGET, 'LIST_EVICTED_BY_BUDGET') +
        bytes.u64(at + LIST_EVICTED_PINNED, 'LIST_EVICTED_PINNED')
      const capacity = bytes.u32(at + LIST_RING_CAPACITY, 'LIST_RING_CAPACITY')
      return Math.max(0, Math.min(pushed - elsewhere, pushed - capacity))
    })
    return evicted ?? 0
  }
}

export class ImageList implements List {
  readonly name: string
  readonly number: number
  readonly address: number
  readonly window: number
  readonly maxEvents: number
  readonly maxText: number
  readonly autoLog: boolean
  readonly coalesce: boolean
  readonly sample: number
  readonly geometry: Geometry
  readonly #parts: Parts
  readonly #lists: Lists
  readonly #at: number
  #histories: History[] | undefined

  constructor(parts: Parts, lists: Lists, number: number) {
    const { bytes, strings, base } = parts
    const at = LIST_RECORDS + number * LIST_BYTES
    this.#parts = parts
    this.#lists = lists
    this.#at = at
    this.number = number
    this.address = base + at
    this.name = strings.get(bytes.u32(at + LIST_NAME, 'LIST_NAME')) ?? `list ${number}`
    this.window = bytes.u32(at + LIST_WINDOW, 'LIST_WINDOW')
    const flags = bytes.u32(at + LIST_FLAGS, 'LIST_FLAGS')
    this.autoLog = (flags & LIST_FLAG_AUTO_LOG) !== 0
    this.coalesce = (flags & LIST_FLAG_COALESCE) !== 0
    this.sample = sampleOf(flags)
    const firstBlocks = this.#atMost(LIST_FIRST_BLOCKS, 'LIST_FIRST_BLOCKS', BLOCKS_MAX)
    const turnBlocks = this.#atMost(LIST_TURN_BLOCKS, 'LIST_TURN_BLOCKS', BLOCKS_MAX)
    // No more than the blocks hold: else the same few would be looked at for each of 50,000 events.
    const roomFor = Math.min(EVENTS_MAX, (firstBlocks + turnBlocks) * EVENTS_PER_BLOCK)
    this.maxEvents = this.#atMost(LIST_MAX_EVENTS, 'LIST_MAX_EVENTS', roomFor)
    this.maxText = this.#atMost(LIST_MAX_TEXT, 'LIST_MAX_TEXT', MAX_TEXT_LIMIT)
    this.geometry = {
      list: number,
      maxEvents: this.maxEvents,
      maxText: this.maxText,
      firstBlocks,
      turnBlocks,
      directoryLevels: this.#atMost(
        LIST_DIRECTORY_LEVELS,
        'LIST_DIRECTORY_LEVELS',
        DIRECTORY_LEVELS_MAX,
      ),
    }
  }

  get enabled(): boolean {
    return this.#parts.bytes.acquireU32(this.#at + LIST_ENABLED, 'LIST_ENABLED') !== 0
  }

  get pushed(): number {
    return this.#count(LIST_PUSHED, 'LIST_PUSHED')
  }

  get evictedByWindow(): number {
    return this.#lists.evictedByWindow(this.number)
  }

  get evictedByBudget(): number {
    return this.#count(LIST_EVICTED_BY_BUDGET, 'LIST_EVICTED_BY_BUDGET')
  }

  get evictedPinned(): number {
    return this.#count(LIST_EVICTED_PINNED, 'LIST_EVICTED_PINNED')
  }

  get eventsGone(): number {
    return this.#count(LIST_EVENTS_GONE, 'LIST_EVENTS_GONE')
  }

  histories(): History[] {
    if (this.#histories) return [...this.#histories]
    const histories: History[] = []
    for (const slot of this.#lists.slots().get(this.number)?.inOrder() ?? []) {
      const history = readHistory(this.#parts, slot, this, this.geometry)
      if (history) histories.push(history)
    }
    if (this.#parts.isLive) return histories
    this.#histories = histories
    return [...histories]
  }

  #count(offset: number, field: string): number {
    const { bytes, problems } = this.#parts
    return (
      problems.attempt(`read list ${this.number}`, () => bytes.u64(this.#at + offset, field)) ?? 0
    )
  }

  /** A limit that sizes what is decoded: more than the recorder allows is not believed. */
  #atMost(offset: number, field: string, most: number): number {
    const found = this.#parts.bytes.u32(this.#at + offset, field)
    if (found <= most) return found
    this.#parts.problems.add(`read list ${this.number}`, {
      offset: this.#at + offset,
      field,
      expected: `at most ${most}`,
      found: `${found}`,
    })
    return most
  }
}
