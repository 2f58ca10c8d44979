// A life decoded: its retained events in index order, and a gap for every run that is missing.

import {
  BLOCK_HEADER_BYTES,
  EVENT_AFTER_END,
  EVENT_AFTER_UNREF,
  EVENT_BYTES,
  EVENT_CHECK,
  EVENT_COMMITTED_MASK,
  EVENT_TAGS_MASK,
  EVENT_TIME,
  EVENT_WHAT,
  EVENT_WORDS,
  EVENTS_PER_BLOCK,
  TAGS_REPEAT,
  TAGS_TEXT,
} from '../../assembly/layout.ts'
import { argumentsInEvent, argumentsInText } from './arguments.ts'
import {
  type Absence,
  belongsTo,
  type EventBlock,
  eventBlock,
  keptBlocks,
  type Missing,
} from './blocks.ts'
import { EVENT_TIME_HIGH, eventCheck, isRepeat } from './check.ts'
import { readText } from './event-texts.ts'
import type { Event, Gap } from './image.ts'
import type { Life } from './life.ts'
import type { Parts } from './parts.ts'
import { type Fold, foldAt, readFold } from './repeats.ts'
import { parted, type Statement } from './statements.ts'
import { formatText } from './text.ts'

export interface DecodedLife {
  readonly events: Event[]
  readonly gaps: Gap[]
}

export function decodeLife(parts: Parts, life: Life): DecodedLife {
  const decoder = new Decoder(parts, life)
  const { claimed } = life
  const { fallenFrom, fallenTo } = fallenRange(life)
  decoder.range(0, fallenFrom)
  if (fallenFrom < fallenTo) {
    for (const [index, offset] of pinnedEvents(parts, life, fallenFrom, fallenTo)) {
      decoder.skipTo(index, 'fallen')
      decoder.show(index, offset)
    }
    decoder.skipTo(fallenTo, 'fallen')
  }
  decoder.range(fallenTo, claimed)
  return decoder.finish()
}

/** Repeats that hold no record of their own, of all that is left of a life. Decodes no event. */
export function countFolded(parts: Parts, life: Life): number {
  const { bytes, problems } = parts
  const { claimed } = life
  const { fallenFrom, fallenTo } = fallenRange(life)
  let folded = 0
  const add = (index: number, mark: number, offset: number) => {
    if ((bytes.acquireU32(offset + EVENT_CHECK, 'EVENT_CHECK') & mark) === 0) return
    if (isRepeat(bytes, offset)) folded += readFold(bytes, offset, index, life)?.count ?? 0
  }
  const range = (from: number, to: number) => {
    for (let at = from; at < to; ) {
      const ordinal = Math.floor(at / EVENTS_PER_BLOCK)
      const found = eventBlock(bytes, life, ordinal)
      const end = Math.min(to, (ordinal + blocksIn(found)) * EVENTS_PER_BLOCK)
      for (; at < end; at++)
        if ('block' in found) add(at, found.mark, eventOffset(found.block, at % EVENTS_PER_BLOCK))
    }
  }
  problems.attempt(
    () => `count the repeats of ${life.name()}`,
    () => {
      range(0, fallenFrom)
      if (fallenFrom < fallenTo)
        for (const [index, offset] of pinnedEvents(parts, life, fallenFrom, fallenTo))
          add(index, EVENT_COMMITTED_MASK, offset)
      range(fallenTo, claimed)
    },
  )
  return folded
}

/** What is promised: the first quarter and the last three quarters of maxEvents. The rest counts as fallen. */
function fallenRange({ claimed, geometry }: Life): { fallenFrom: number; fallenTo: number } {
  const { maxEvents } = geometry
  if (claimed <= maxEvents) return { fallenFrom: claimed, fallenTo: claimed }
  const first = Math.floor(maxEvents / 4)
  return { fallenFrom: first, fallenTo: claimed - (maxEvents - first) }
}

/** Of the fallen middle, what pinned verbs have kept: in kept blocks, or where nobody has overwritten it yet. */
function pinnedEvents(
  { bytes, problems, statements, verbs }: Parts,
  life: Life,
  from: number,
  to: number,
) {
  const found = new Map<number, number>()
  if (!verbs.all().some((verb) => verb.pin)) return found
  const take = ({ block, mark, ordinal }: EventBlock) => {
    for (let place = 0; place < EVENTS_PER_BLOCK; place++) {
      const index = ordinal * EVENTS_PER_BLOCK + place
      const offset = eventOffset(block, place)
      if (index < from || index >= to) continue
      const check = bytes.acquireU32(offset + EVENT_CHECK, 'EVENT_CHECK')
      if ((check & mark) === 0) continue
      if (check !== eventCheck(bytes, offset, index, life.number, life.generation)) continue
      const verb = verbs.get(statements.of(bytes.u32(offset + EVENT_WHAT, 'EVENT_WHAT')).verb)
      if (verb.pin) found.set(index, offset)
    }
  }
  const action = () => `read the middle of ${life.name()}`
  problems.attempt(action, () => {
    for (const block of keptBlocks(bytes, life)) take(block)
  })
  for (const [first, end] of blocksStillThere(life, from, to)) {
    for (let ordinal = first; ordinal < end; ) {
      const found = problems.attempt(action, () => eventBlock(bytes, life, ordinal)) ?? UNREADABLE
      if ('block' in found) problems.attempt(action, () => take(found))
      ordinal += blocksIn(found)
    }
  }
  return [...found].sort(([one], [other]) => one - other)
}

/** The middle's blocks that have not been lapped, by ordinal: at the end of the first quarter, and of the last turn. */
function blocksStillThere({ claimed, geometry }: Life, from: number, to: number) {
  const { firstBlocks, turnBlocks } = geometry
  const ordinalOf = (index: number) => Math.floor(index / EVENTS_PER_BLOCK)
  const end = ordinalOf(to - 1) + 1
  const turnStart = Math.max(firstBlocks, ordinalOf(from), ordinalOf(claimed - 1) - turnBlocks + 1)
  return [
    [ordinalOf(from), Math.min(firstBlocks, end)],
    [turnStart, end],
  ] as const
}

/** The image ends before what names it. */
const UNREADABLE: Missing = { absence: 'damaged', blocks: 1 }

/** Blocks of which is known by it whether they are there. */
const blocksIn = (found: EventBlock | Missing) => ('block' in found ? 1 : found.blocks)

const eventOffset = (block: number, place: number) =>
  block + BLOCK_HEADER_BYTES + place * EVENT_BYTES

/**
 * Text that one life may become, in bytes of its image, and what every image may: many events may name the same string
 * and widths may be huge, but an image that says so much more than it holds was made to exhaust its reader.
 */
const TEXT_SHARE = 16
const TEXT_ALWAYS = 1 << 24

/** Goes through a life from its first index to its last, once. */
class Decoder {
  readonly #parts: Parts
  readonly #life: Life
  readonly #events: Event[] = []
  readonly #gaps: Gap[] = []
  /** The index that comes next. */
  #at = 0
  /** Of the event shown last, where a repeat may still follow it. */
  #repeatable: { readonly statement: Statement; readonly thread: number } | undefined
  /** Missing since the last shown event. */
  #lost = 0
  #t = 0
  #isEnded = false
  /** Characters of text that may still be made. */
  #textLeft: number

  constructor(parts: Parts, life: Life) {
    this.#parts = parts
    this.#life = life
    this.#textLeft = TEXT_ALWAYS + TEXT_SHARE * parts.bytes.length
  }

  /** Shows what is there of [from, to). */
  range(from: number, to: number): void {
    for (let at = from; at < to; at = this.#at) {
      const ordinal = Math.floor(at / EVENTS_PER_BLOCK)
      this.#block(ordinal, at, to)
    }
  }

  /** Tells that nothing is left of the events before `index`. */
  skipTo(index: number, cause: Gap['cause']): void {
    const count = index - this.#at
    if (count <= 0) return
    const before = this.#gaps.at(-1)
    if (before && before.to === this.#at - 1 && before.cause === cause)
      this.#gaps[this.#gaps.length - 1] = { ...before, to: index - 1, count: before.count + count }
    else this.#gaps.push({ from: this.#at, to: index - 1, count, cause })
    this.#lost += count
    this.#at = index
  }

  show(index: number, offset: number): void {
    const { bytes, statements, verbs, threads, base } = this.#parts
    const what = bytes.u32(offset + EVENT_WHAT, 'EVENT_WHAT')
    const high = bytes.u32(offset + EVENT_TIME_HIGH, 'EVENT_TIME')
    const statement = statements.of(what)
    const verb = verbs.get(statement.verb)
    const threadNumber = high >>> 16
    const thread = threads.get(threadNumber)
    const time = (high & 0xffff) * 2 ** 32 + bytes.u32(offset + EVENT_TIME, 'EVENT_TIME')
    const flags = bytes.u32(offset + EVENT_CHECK, 'EVENT_CHECK')
    const tags = what & EVENT_TAGS_MASK
    const repeats = tags === TAGS_REPEAT
    const fold = repeats ? this.#foldOf(index, offset) : NO_FOLD
    // The clocks of two threads may differ by a little; the order of the indexes is the order of the events.
    const t = Math.max(this.#t, time)
    this.#t = Math.max(t, time + fold.since)
    const before = repeats && this.#lost === 0 ? this.#repeatable : undefined
    this.#repeatable = repeats ? undefined : { statement, thread: threadNumber }
    this.#at = index + 1
    if (before?.statement === statement && before.thread === threadNumber) {
      const first = this.#events.pop() as Event
      const count = first.count + 1 + fold.count
      const log = first.log + fold.note
      this.#events.push({ ...first, lastIndex: index, count, last: this.#t, log })
      return
    }
    const texts = this.#boundedTextOf(index, offset, statement, tags)
    const event: Event = {
      index,
      lastIndex: index,
      count: 1 + fold.count,
      verb: verb.name,
      role: verb.role,
      t,
      last: this.#t,
      pid: thread.pid,
      tid: thread.tid,
      thread: thread.name,
      log: texts.log + fold.note,
      lost: this.#lost,
      late: this.#lateness(flags),
      address: base + offset,
    }
    const { log: _, ...origin } = texts
    this.#events.push({ ...event, ...origin })
    if (verb.role === 'end') this.#isEnded = true
    this.#lost = 0
  }

  /** A loss that no event follows is told by an entry without a verb. */
  finish(): DecodedLife {
    const { claimed, offset } = this.#life
    if (this.#lost > 0)
      this.#events.push({
        index: claimed,
        lastIndex: claimed,
        count: 0,
        verb: '',
        role: 'none',
        t: this.#t,
        last: this.#t,
        pid: 0,
        tid: 0,
        thread: '',
        log: '',
        lost: this.#lost,
        late: '',
        address: this.#parts.base + offset,
      })
    return { events: this.#events, gaps: this.#gaps }
  }

  /** The events of one block, from `from` on; where it is missing, of as many as are known to be missing with it. */
  #block(ordinal: number, from: number, end: number): void {
    const { bytes, problems } = this.#parts
    const life = this.#life
    const found =
      problems.attempt(
        () => `read block ${ordinal} of ${life.name()}`,
        () => eventBlock(bytes, life, ordinal),
      ) ?? UNREADABLE
    const to = Math.min(end, (ordinal + blocksIn(found)) * EVENTS_PER_BLOCK)
    if (!('block' in found)) {
      this.skipTo(to, found.absence)
      return
    }
    for (let index = from; index < to; index++) {
      const offset = eventOffset(found.block, index % EVENTS_PER_BLOCK)
      const absence = this.#absence(index, found, offset)
      if (absence === null) this.show(index, offset)
      else this.skipTo(index + 1, absence)
    }
  }

  /** Why the event is not shown; null when it is whole. */
  #absence(index: number, found: EventBlock, offset: number): Absence | null {
    const { bytes, problems } = this.#parts
    const life = this.#life
    const { mark } = found
    if (!bytes.has(offset, EVENT_BYTES)) {
      problems.add(`read event ${index} of ${life.name()}`, {
        offset,
        field: 'the event',
        expected: 'in the image',
        found: `behind its end at byte ${bytes.length}`,
      })
      return 'damaged'
    }
    const check = bytes.acquireU32(offset + EVENT_CHECK, 'EVENT_CHECK')
    if ((check & mark) === 0) return this.#isStillThere(found) ? 'unfinished' : 'fallen'
    const sum = eventCheck(bytes, offset, index, life.number, life.generation)
    if (check === sum) {
      // Also when its fold was read here and its memory has a new owner: see #foldOf.
      const isOther = isRepeat(bytes, offset) && readFold(bytes, offset, index, life) === undefined
      return isOther && !belongsTo(bytes, found.block, life) ? 'fallen' : null
    }
    if (!this.#isStillThere(found)) return 'fallen'
    problems.add(`read event ${index} of ${life.name()}`, {
      offset: offset + EVENT_CHECK,
      field: 'EVENT_CHECK',
      expected: `${sum}`,
      found: `${check}`,
    })
    return 'damaged'
  }

  /** In living memory a block may go on to another turn, or another life, while it is read here. */
  #isStillThere({ block, mark, ordinal }: EventBlock): boolean {
    const now = eventBlock(this.#parts.bytes, this.#life, ordinal)
    return 'block' in now && now.block === block && now.mark === mark
  }

  /** Not known: the repeat itself is sure, so no less than that is shown, and said to be less than certain. */
  #foldOf(index: number, offset: number): Fold & { readonly note: string } {
    const { bytes, problems } = this.#parts
    const fold = readFold(bytes, offset, index, this.#life)
    if (fold !== undefined) return { ...fold, note: '' }
    if (!this.#parts.isLive)
      problems.add(`read event ${index} of ${this.#life.name()}`, {
        offset: foldAt(offset),
        field: 'REPEAT',
        expected: 'the mark of its event',
        found: 'another',
      })
    return { count: 0, since: 0, note: ' <count damaged>' }
  }

  #lateness(flags: number): Event['late'] {
    if (this.#isEnded || (flags & EVENT_AFTER_END) !== 0) return 'after end'
    return (flags & EVENT_AFTER_UNREF) !== 0 ? 'after last unref' : ''
  }

  #boundedTextOf(index: number, offset: number, statement: Statement, tags: number): Texts {
    if (this.#textLeft < 0) {
      this.#parts.problems.add(`read the texts of ${this.#life.name()}`, {
        offset: this.#life.offset,
        field: 'their length',
        expected: `at most ${TEXT_SHARE} times the image and ${TEXT_ALWAYS}`,
        found: 'more',
      })
      return { log: '<text left out>' }
    }
    const texts = this.#textOf(index, offset, statement, tags)
    this.#textLeft -= texts.log.length + (texts.site?.length ?? 0) + (texts.backtrace?.length ?? 0)
    return texts
  }

  #textOf(index: number, offset: number, statement: Statement, tags: number): Texts {
    const { bytes, strings, problems } = this.#parts
    const { maxText } = this.#life.geometry
    const { format: known = '<format lost>', site } = statement
    // Its arguments stand in the event that it repeats.
    if (tags === TAGS_REPEAT) return { log: `${known} <arguments lost>`, ...site }
    const isText = tags === TAGS_TEXT
    const address = isText ? bytes.u32(offset + EVENT_WORDS, 'EVENT_WORDS') : 0
    if (isText && address === 0) return { log: `${known} <text lost>`, ...site }
    try {
      if (!isText) {
        const args = argumentsInEvent(bytes, offset, strings)
        return { log: formatText(known, args, maxText), ...site }
      }
      const text = readText(bytes, this.#life, index, address)
      if (text === undefined) return { log: `${known} <text lost>`, ...site }
      const { args, format, backtrace } = argumentsInText(text, bytes.source, strings)
      const own = format === undefined ? { text: known, site } : parted(format)
      const log = formatText(own.text, args, maxText)
      return backtrace === undefined ? { log, ...own.site } : { log, ...own.site, backtrace }
    } catch (error) {
      problems.caught(`read event ${index} of ${this.#life.name()}`, error)
      return { log: `${known} <text damaged>`, ...site }
    }
  }
}

const NO_FOLD = { count: 0, since: 0, note: '' }

/** What an event says: its text, and where it was logged, where that is known. */
type Texts = Pick<Event, 'log' | 'site' | 'backtrace'>
