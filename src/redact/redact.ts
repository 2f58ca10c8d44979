// An image without its secrets: written anew from what was looked at, structure by structure. So nothing is left of what is
// named by nothing any more: freed blocks, strings nobody needs, what a dead thread had half written.

import {
  CHUNK_BYTES,
  CHUNK_HEADER_BYTES,
  CHUNK_NEXT,
  CLASS_BLOCKS,
  CLASS_DIRECTORIES,
  CLASS_HISTORIES,
  CLASS_RING,
  CLASS_STRING_INDEX,
  CLASS_STRINGS,
  CLASS_THREADS,
  COUNTER_STALE,
  COUNTERS_END,
  HEADER_BLOCK_CHUNKS,
  HEADER_BUDGET_CHUNKS,
  HEADER_CHECK,
  HEADER_CHUNKS,
  HEADER_CLOCK,
  HEADER_DIRECTORY_CHUNKS,
  HEADER_FLAG_MAPPED,
  HEADER_FLAGS,
  HEADER_HISTORY_CHUNKS,
  HEADER_HOST,
  HEADER_LISTS,
  HEADER_NAME,
  HEADER_NAME_BYTES,
  HEADER_NAME_LENGTH,
  HEADER_PINNED_VERBS,
  HEADER_STATIC_BYTES,
  HEADER_SWEEP,
  HEADER_THREADS,
  HEADER_VERB_SWITCHES,
  HISTORY_GENERATION,
  LIST_BYTES,
  LIST_NAME,
  LIST_RECORDS,
  LIST_TABLE,
  THREAD_BYTES,
  THREAD_CHUNKS,
  THREAD_CHUNKS_MAX,
  THREAD_NAME,
  THREAD_NUMBER,
  THREAD_SPARE_BLOCK,
  THREADS_PER_CHUNK,
  VERB_BYTES,
  VERB_TABLE,
  VERBS_MAX,
} from '../../assembly/layout.ts'
import { ImageBytes, ImageError } from '../image/bytes.ts'
import { headerCheck } from '../image/check.ts'
import type { Image } from '../image/image.ts'
import { Lists } from '../image/lists.ts'
import { type Parts, partsOf } from '../image/parts.ts'
import { openImage } from '../image/read-image.ts'
import { encodeInto } from '../image/utf8.ts'
import { Lives } from './lives.ts'
import { newReport, type RedactReport } from './report.ts'
import { Rewritten } from './rewritten.ts'
import { type RedactRules, Rules } from './rules.ts'
import { StringArea } from './string-area.ts'
import { Words } from './words.ts'
import type { Workshop } from './workshop.ts'

const WORD = 4
/** Words of the header that are numbers, and stay. Stacks and cursors of free memory are for writers, and there will be none. */
const HEADER_NUMBERS = [
  ...[HEADER_CLOCK, HEADER_CLOCK + WORD, HEADER_HISTORY_CHUNKS, HEADER_BLOCK_CHUNKS],
  ...[HEADER_DIRECTORY_CHUNKS, HEADER_THREADS, HEADER_LISTS, HEADER_PINNED_VERBS, HEADER_SWEEP],
  HEADER_VERB_SWITCHES,
]
const CLASSES = [
  ...[CLASS_STRINGS, CLASS_STRING_INDEX, CLASS_THREADS, CLASS_HISTORIES, CLASS_BLOCKS],
  ...[CLASS_DIRECTORIES, CLASS_RING],
]
/** Of a list's record the numbers, its name apart. */
const LIST_USED_BYTES = 120

export interface Redacted {
  /** A whole image. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly report: RedactReport
}

/**
 * A new image, from which is taken out what the rules say; the given one is not changed. Each event that is whole in it is
 * whole in the new one, at the same address; nothing else of the old bytes is there. What was hidden in one place and still
 * stands in another is in the report: `left`.
 *
 * @throws {TypeError | RangeError | SyntaxError} For a rule that is none; where the new image could not be proven to be whole.
 */
export function redactImage(image: Image, rules: RedactRules): Redacted {
  const given = new Rules(rules)
  const parts = partsIn(image)
  const { bytes, chunks } = parts
  const to = new Rewritten(chunks.count)
  const report = newReport()
  const words = new Words(given.matches, rules.key)
  const strings = new StringArea(parts, to, words)
  const shop: Workshop = { parts, to, rules: given, words, strings, report }
  const lists = new Lists(parts)
  for (const chunkClass of CLASSES) {
    for (const chunk of chunks.ofClass(chunkClass))
      to.put(chunk * CHUNK_BYTES, bytes.copy(chunk * CHUNK_BYTES, CHUNK_NEXT, 'a chunk'))
  }
  writeHeader(shop)
  writeVerbs(shop)
  writeThreads(shop)
  writeLists(shop, lists)
  writeLives(shop, lists)
  seal(shop)
  const redacted = to.bytes().slice()
  report.problems = expectAlike(image, openImage(redacted, { source: image.source }))
  return { bytes: redacted, report: { ...report, left: words.left() } }
}

function partsIn(image: Image): Parts {
  const there = image.bytes(image.base, image.size)
  // What was cut off is as what nothing was written to.
  const whole = there.length < image.size ? new Uint8Array(image.size) : there
  if (whole !== there) whole.set(there)
  const { source, pid, run } = image
  const budgetChunks = image.budget / CHUNK_BYTES
  const bytes = new ImageBytes(whole, source)
  return partsOf(bytes, { budgetChunks, pid, base: 0, run, isLive: false })
}

function writeHeader({ parts, to, rules, words, strings, report }: Workshop): void {
  const { bytes } = parts
  to.put(0, bytes.copy(0, HEADER_NAME, 'the header'))
  const flags = bytes.u32(HEADER_FLAGS, 'HEADER_FLAGS')
  // Nobody joins it.
  to.u32(HEADER_FLAGS, flags & ~HEADER_FLAG_MAPPED)
  const length = bytes.u32(HEADER_NAME_LENGTH, 'HEADER_NAME_LENGTH')
  const name = bytes.text(HEADER_NAME, length, 'HEADER_NAME')
  const shown = words.of(name, 'public', "the recorder's name")
  if (shown !== undefined) report.names++
  const utf8 = new Uint8Array(HEADER_NAME_BYTES)
  const { written } = encodeInto(shown ?? name, utf8)
  to.put(HEADER_NAME, utf8)
  to.u32(HEADER_NAME_LENGTH, written)
  for (const at of HEADER_NUMBERS) to.u32(at, bytes.u32(at, 'the header'))
  to.put(COUNTER_STALE, bytes.copy(COUNTER_STALE, COUNTERS_END - COUNTER_STALE, 'the counters'))
  const host = bytes.u32(HEADER_HOST, 'HEADER_HOST')
  to.u32(HEADER_HOST, named(strings.of(host, rules.host, 'the name of the host'), host, report))
}

function named(id: number, before: number, report: { names: number }): number {
  if (id !== before) report.names++
  return id
}

function writeVerbs({ parts, to, strings, report }: Workshop): void {
  const { bytes, verbs } = parts
  for (const { id } of verbs.all().slice(0, VERBS_MAX)) {
    const at = VERB_TABLE + id * VERB_BYTES
    const name = bytes.u32(at, 'VERB_TABLE')
    to.u32(at, named(strings.of(name, 'public', 'the name of a verb'), name, report))
    to.u32(at + WORD, bytes.u32(at + WORD, 'VERB_TABLE'))
  }
}

function writeThreads({ parts, to, strings, rules, report }: Workshop): void {
  const { bytes, chunks } = parts
  for (let ordinal = 0; ordinal < THREAD_CHUNKS_MAX; ordinal++) {
    const table = THREAD_CHUNKS + ordinal * WORD
    const chunk = bytes.u32(table, 'THREAD_CHUNKS')
    if (!chunks.is(chunk, CLASS_THREADS)) continue
    to.u32(table, chunk)
    for (let place = 0; place < THREADS_PER_CHUNK; place++) {
      const at = chunk * CHUNK_BYTES + CHUNK_HEADER_BYTES + place * THREAD_BYTES
      if (!bytes.has(at, THREAD_BYTES)) break
      const number = bytes.u32(at + THREAD_NUMBER, 'THREAD_NUMBER')
      if (number !== ordinal * THREADS_PER_CHUNK + place + 1) continue
      to.put(at, bytes.copy(at, THREAD_NAME, 'a thread'))
      const rest = THREAD_NAME + WORD
      to.put(at + rest, bytes.copy(at + rest, THREAD_SPARE_BLOCK - rest, 'a thread'))
      const name = bytes.u32(at + THREAD_NAME, 'THREAD_NAME')
      const shown = strings.of(name, rules.threads, 'the name of a thread')
      to.u32(at + THREAD_NAME, named(shown, name, report))
    }
  }
}

function writeLists({ parts, to, strings, report }: Workshop, lists: Lists): void {
  const { bytes } = parts
  for (const [place, number] of lists.published().entries()) {
    to.u32(LIST_TABLE + place * WORD, number + 1)
    const at = LIST_RECORDS + number * LIST_BYTES
    to.put(at, bytes.copy(at, LIST_USED_BYTES, 'a list'))
    const name = bytes.u32(at + LIST_NAME, 'LIST_NAME')
    to.u32(at + LIST_NAME, named(strings.of(name, 'public', 'the name of a list'), name, report))
  }
}

function writeLives(shop: Workshop, lists: Lists): void {
  const { bytes } = shop.parts
  const lives = new Lives(shop)
  for (const [number, slots] of lists.slots()) {
    const list = lists.published().includes(number) ? lists.get(number) : undefined
    for (const slot of list === undefined ? [] : slots.inOrder()) {
      const generation = bytes.u32(slot + HISTORY_GENERATION, 'HISTORY_GENERATION')
      try {
        if (list !== undefined && lives.rewrite(slot, list, generation)) shop.report.lives++
        else shop.report.livesLeftOut++
      } catch (error) {
        if (!(error instanceof ImageError)) throw error
        shop.report.livesLeftOut++
      }
    }
  }
}

function seal({ parts, to }: Workshop): void {
  const budget = parts.bytes.u32(HEADER_BUDGET_CHUNKS, 'HEADER_BUDGET_CHUNKS')
  to.u32(HEADER_BUDGET_CHUNKS, Math.max(budget, to.chunks))
  to.u32(HEADER_CHUNKS, to.chunks)
  to.u32(HEADER_CHECK, headerCheck(new ImageBytes(to.bytes().subarray(0, HEADER_STATIC_BYTES), '')))
}

/**
 * Both read to the end: of an image that can be believed the new one can be, too, and has its lives and events. Answers how
 * much of the given one cannot.
 */
function expectAlike(given: Image, now: Image): number {
  const before = counted(given)
  const after = counted(now)
  const problems = given.problems().length
  const [problem] = now.problems()
  const refuse = (what: string) => new RangeError(`Cannot redact ${given.source}: ${what}`)
  if (problems > 0) return problems
  if (problem !== undefined) throw refuse(`what was written is not whole: ${problem.text}`)
  if (before !== after) throw refuse(`it has ${before}, and ${after} were written`)
  return problems
}

function counted(image: Image): string {
  let lives = 0
  let events = 0
  for (const list of image.lists()) {
    for (const history of list.histories()) {
      lives++
      for (const { verb, count } of history.events()) if (verb !== '') events += count
    }
  }
  image.threads()
  image.stats()
  return `${events} events of ${lives} lives`
}
