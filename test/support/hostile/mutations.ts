// Changes that a hostile hand would make: by the names of the format, with the checks made to fit again where they would
// only hide what lies behind them.

import * as at from '../../../assembly/layout.ts'
import { ImageBytes } from '../../../src/image/bytes.ts'
import { bytesCheck, eventCheck, headerCheck, textSeed } from '../../../src/image/check.ts'
import { entryOf, plainStatement } from '../image-builder.ts'
import type { Anatomy, EventPlace } from './anatomy.ts'
import type { Canvas } from './canvas.ts'
import type { Random } from './random.ts'

interface Subject {
  readonly canvas: Canvas
  readonly anatomy: Anatomy
  readonly random: Random
  /** Another image, to take parts of. */
  readonly other: Canvas
}

type Mutation = (subject: Subject) => void

/** The fields of a structure, by the beginning of their names: whatever layout.ts has. */
function fieldsOf(prefix: string, size: number, without: readonly string[] = []): number[] {
  const offsets = new Set<number>()
  for (const [name, value] of Object.entries(at))
    if (name.startsWith(prefix) && value < size && !without.includes(name)) offsets.add(value)
  return [...offsets].filter((offset) => offset % 2 === 0)
}

const HEADER_FIELDS = [
  at.HEADER_BUDGET_CHUNKS,
  at.HEADER_FLAGS,
  at.HEADER_RECORDER_ID,
  at.HEADER_STARTED,
  at.HEADER_STARTED + 4,
  at.HEADER_PID,
  at.HEADER_NAME_LENGTH,
  at.HEADER_NAME,
]
const TABLES: ReadonlyArray<readonly [start: number, words: number]> = [
  [at.HEADER_CHUNKS, 1],
  [at.HEADER_THREADS, 1],
  [at.HEADER_LISTS, 1],
  [at.HEADER_CLOCK, 2],
  [at.HEADER_CURSOR_HISTORIES, 2],
  [at.COUNTER_STALE, (at.COUNTERS_END - at.COUNTER_STALE) / 4],
  [at.THREAD_CHUNKS, 4],
  [at.STRING_CHUNKS, 4],
  [at.LIST_TABLE, 6],
  [at.VERB_TABLE, 16],
]
const LIST_FIELDS = fieldsOf('LIST_', at.LIST_BYTES, [
  'LIST_FLAG_AUTO_LOG',
  'LIST_FLAG_BACKTRACE',
  'LIST_STATE_READY',
  'LIST_STATE_DESTROYED',
])
const HISTORY_FIELDS = [...fieldsOf('HISTORY_', at.HISTORY_BYTES), at.HISTORY_CONTROL + 4]
const BLOCK_FIELDS = [
  at.BLOCK_STATE,
  at.BLOCK_STATE + 4,
  at.BLOCK_OWNER,
  at.BLOCK_GENERATION,
  at.BLOCK_ORDINAL,
  at.BLOCK_NEXT,
]
const EVENT_FIELDS = Array.from({ length: at.EVENT_BYTES / 4 }, (_, i) => i * 4)
const THREAD_FIELDS = fieldsOf('THREAD_', at.THREAD_BYTES)
const CHUNK_FIELDS = fieldsOf('CHUNK_', at.CHUNK_HEADER_BYTES)
const LANDMARKS = [
  0, 1, 2, 3, 5, 16, 17, 18, 59, 60, 61, 127, 128, 255, 256, 511, 512, 4095, 4096, 8192, 16384,
  50000, 50001, 65535, 65536, 0x7fffffff, 0x80000000, 0xfffff000, 0xfffffffe, 0xffffffff,
]

/** A word that might mean something where `now` stands. */
function likely({ canvas, anatomy, random }: Subject, now: number): number {
  switch (random.below(9)) {
    case 0:
      return random.pick(LANDMARKS)
    case 1:
      return now + random.below(9) - 4
    case 2:
      return now ^ (1 << random.below(32))
    case 3:
      return (pickOf(random, anatomy.blocks) ?? 0) / at.BLOCK_BYTES
    case 4:
      return random.below(2 + canvas.bytes.length / at.CHUNK_BYTES)
    case 5:
      return pickOf(random, anatomy.stringIds) ?? 1
    case 6:
      return pickOf(random, anatomy.blocks) ?? 0
    case 7:
      return canvas.u32(random.below(canvas.bytes.length / 4) * 4)
    default:
      return random.word()
  }
}

const pickOf = <T>(random: Random, values: readonly T[]): T | undefined =>
  values.length === 0 ? undefined : random.pick(values)

function changeWord(subject: Subject, offset: number): void {
  const { canvas, random } = subject
  const value = likely(subject, canvas.u32(offset - (offset % 4)))
  if (offset % 4 !== 0 || random.once(8)) canvas.setU16(offset, value)
  else canvas.setU32(offset, value)
}

/** Changes a field or three of one of these structures. */
const fields =
  (places: (anatomy: Anatomy) => readonly number[], offsets: readonly number[]): Mutation =>
  (subject) => {
    const place = pickOf(subject.random, places(subject.anatomy))
    if (place === undefined) return
    do changeWord(subject, place + subject.random.pick(offsets))
    while (subject.random.once(2))
  }

const header: Mutation = (subject) => {
  changeWord(subject, subject.random.pick(HEADER_FIELDS))
  seal(subject.canvas)
}

const tables: Mutation = (subject) => {
  const [start, words] = subject.random.pick(TABLES)
  changeWord(subject, start + subject.random.below(words) * 4)
}

export function seal(canvas: Canvas): void {
  canvas.setU32(at.HEADER_CHECK, headerCheck(new ImageBytes(canvas.bytes, 'mutated')))
}

export function commit(canvas: Canvas, { offset, index, history, generation }: EventPlace): void {
  const bytes = new ImageBytes(canvas.bytes, 'mutated')
  if (!bytes.has(offset, at.EVENT_BYTES)) return
  canvas.setU32(offset + at.EVENT_CHECK, eventCheck(bytes, offset, index, history, generation))
}

/** Changes words of an event, and commits it again most times. */
const event: Mutation = (subject) => {
  const { canvas, anatomy, random } = subject
  const place = pickOf(random, anatomy.events)
  if (place === undefined) return
  do changeWord(subject, place.offset + random.pick(EVENT_FIELDS))
  while (random.once(2))
  if (random.once(3)) {
    // Other tags, which decide how all else is taken.
    const what = canvas.u32(place.offset + at.EVENT_WHAT)
    const tags = random.pick([
      at.TAGS_TEXT,
      at.TAGS_REPEAT,
      at.TAGS_SHORT | ((random.word() & 0xff) << at.SHORT_LENGTH_SHIFT),
      (what ^ random.word()) & at.EVENT_TAGS_MASK,
    ])
    canvas.setU32(place.offset + at.EVENT_WHAT, (what & ~at.EVENT_TAGS_MASK) | tags)
  }
  if (random.once(3)) {
    // Other flags, the mark among them.
    const check = canvas.u32(place.offset + at.EVENT_CHECK)
    canvas.setU32(place.offset + at.EVENT_CHECK, check ^ (random.word() & at.EVENT_FLAGS_MASK))
  }
  if (random.once(3)) {
    // Another statement: any string's, or that of a verb without a format.
    const what = canvas.u32(place.offset + at.EVENT_WHAT)
    const ids = [pickOf(random, anatomy.stringIds) ?? 1, plainStatement(random.below(1 << 10))]
    const statement = random.pick(ids) << at.EVENT_STATEMENT_SHIFT
    canvas.setU32(place.offset + at.EVENT_WHAT, statement | (what & at.EVENT_TAGS_MASK))
  }
  if (!random.once(8)) commit(canvas, place)
}

/** An event that stands at another place of the same or another life. */
const movedEvent: Mutation = ({ canvas, anatomy, random }) => {
  const from = pickOf(random, anatomy.events)
  const to = pickOf(random, anatomy.events)
  if (from === undefined || to === undefined) return
  canvas.set(to.offset, canvas.bytes.slice(from.offset, from.offset + at.EVENT_BYTES))
  if (random.once(2)) commit(canvas, to)
}

/** An event whose arguments stand at another place. */
const movedText: Mutation = (subject) => {
  const { canvas, anatomy, random } = subject
  const place = pickOf(random, anatomy.events)
  if (place === undefined) return
  const block = pickOf(random, anatomy.blocks) ?? 0
  const addresses = [
    block + at.BLOCK_HEADER_BYTES,
    block + 4 * random.below(at.BLOCK_BYTES / 4),
    pickOf(random, anatomy.texts)?.address ?? 0,
    random.word(),
  ]
  const what = canvas.u32(place.offset + at.EVENT_WHAT)
  canvas.setU32(place.offset + at.EVENT_WHAT, (what & ~at.EVENT_TAGS_MASK) | at.TAGS_TEXT)
  canvas.setU32(place.offset + at.EVENT_WORDS, random.pick(addresses))
  commit(canvas, place)
}

/** Other arguments in a text, tags and lengths above all, with a check that fits. */
const text: Mutation = (subject) => {
  const { canvas, anatomy, random } = subject
  const place = pickOf(random, anatomy.texts)
  if (place === undefined) return
  const { address, index } = place
  const data = address + at.TEXT_DATA
  const room = at.BLOCK_BYTES - (data % at.BLOCK_BYTES)
  if (random.once(3)) canvas.setU32(address + at.TEXT_LENGTH, likely(subject, 480))
  const length = canvas.u32(address + at.TEXT_LENGTH)
  const here = Math.min(length, room)
  do {
    const offset = data + random.below(Math.max(1, Math.min(here, random.once(2) ? 12 : here)))
    if (random.once(2)) canvas.setU8(offset, random.below(15))
    else canvas.setU32(offset, likely(subject, canvas.u32(offset)))
  } while (!random.once(3))
  if (random.once(8)) return
  const bytes = new Uint8Array(Math.min(length, at.TEXT_BYTES_MAX))
  let block = data - (data % at.BLOCK_BYTES)
  bytes.set(canvas.bytes.subarray(data, data + here))
  for (let done = here; done < bytes.length; done += at.BLOCK_DATA_BYTES) {
    block = canvas.u32(block + at.BLOCK_NEXT) * at.BLOCK_BYTES
    const start = block + at.BLOCK_HEADER_BYTES
    bytes.set(
      canvas.bytes.subarray(start, start + Math.min(at.BLOCK_DATA_BYTES, bytes.length - done)),
      done,
    )
  }
  canvas.setU32(address + at.TEXT_CHECK, bytesCheck(bytes, textSeed(index)))
}

const HOSTILE_TEXTS = [
  '',
  '@',
  '@@',
  '@A%d %n',
  '__%s',
  '?`%s',
  '%',
  '%n%n%n',
  '%999999999d',
  '%.999999999f',
  '%*.*d',
  '%4096d%4096d%4096d%4096d',
  '%s%s%s%s',
  '%j',
  '%c%a%#o%p',
  '\u001b]0;title\u0007\u001b[2J',
  '\u0000\n\r\t\u009b',
  '\ud800 \u{10ffff} \u202e',
  '__proto__',
  'constructor',
  '"quoted" \\ \'',
]

/** Another string, or another length of one, with a check that fits. */
const string: Mutation = (subject) => {
  const { canvas, anatomy, random } = subject
  const offset = pickOf(random, anatomy.strings)
  if (offset === undefined) return
  const room = canvas.bytes.length - offset - at.STRING_DATA
  let length = canvas.u32(offset + at.STRING_LENGTH)
  const way = random.below(4)
  if (way < 2) {
    const data = new TextEncoder().encode(random.pick(HOSTILE_TEXTS))
    canvas.set(offset + at.STRING_DATA, data)
    length = data.length
  } else if (way === 2) length = likely(subject, length)
  else canvas.setU8(offset + at.STRING_DATA + random.below(Math.max(1, length)), random.below(256))
  canvas.setU32(offset + at.STRING_LENGTH, length)
  const start = offset + at.STRING_DATA
  const data = canvas.bytes.subarray(start, start + Math.min(length, room, at.STRING_BYTES_MAX))
  if (!random.once(8)) canvas.setU32(offset + at.STRING_CHECK, bytesCheck(data, 0))
}

/** Makes an entry of a history or a directory name a block: any one, itself, or none. */
const entry: Mutation = ({ canvas, anatomy, random }) => {
  const directories = [...anatomy.directories, ...anatomy.blocks]
  const history = pickOf(random, anatomy.histories)
  const directory = pickOf(random, directories)
  const places = [
    history === undefined ? 0 : history + at.HISTORY_ENTRIES + 8 * random.below(4),
    history === undefined ? 0 : history + at.HISTORY_KEPT,
    directory === undefined
      ? 0
      : directory + at.BLOCK_HEADER_BYTES + 8 * random.below(at.DIRECTORY_ENTRIES),
  ]
  const place = random.pick(places)
  if (place === 0) return
  const named = random.once(4) ? (directory ?? 0) : (pickOf(random, directories) ?? 0)
  const ordinal = random.once(4) ? random.below(1 << 25) : random.below(20)
  const entry = entryOf(named, random.below(2), canvas.u32(named + at.BLOCK_STATE + 4), ordinal)
  canvas.setU32(place, Number(entry & 0xffffffffn))
  canvas.setU32(place + 4, Number(entry >> 32n))
  if (history === undefined || random.once(2)) return
  // And the block says that it is this history's.
  const list = canvas.u32(history + at.HISTORY_LIST)
  const owner = list * 2 ** at.HISTORY_NUMBER_BITS + history / at.HISTORY_BYTES
  canvas.setU32(named + at.BLOCK_OWNER, owner)
  canvas.setU32(named + at.BLOCK_GENERATION, canvas.u32(history + at.HISTORY_GENERATION))
}

/** Chains of blocks that run in circles, or into one another. */
const chain: Mutation = ({ canvas, anatomy, random }) => {
  const block = pickOf(random, anatomy.blocks)
  if (block === undefined) return
  const next = random.once(2) ? block : random.pick(anatomy.blocks)
  canvas.setU32(block + at.BLOCK_NEXT, next / at.BLOCK_BYTES)
  canvas.set(
    next + at.BLOCK_OWNER,
    canvas.bytes.slice(block + at.BLOCK_OWNER, block + at.BLOCK_NEXT),
  )
}

/** A life that claims more events than it has, in a state that nobody wrote. */
const control: Mutation = ({ canvas, anatomy, random }) => {
  const history = pickOf(random, anatomy.histories)
  if (history === undefined) return
  const claims = [0, 1, 16, 17, 18, 300, 4000, 50000, 0xfffff000, 0xffffffff, random.word()]
  canvas.setU32(history + at.HISTORY_CONTROL + 4, random.pick(claims))
  if (random.once(2)) return
  const generation = random.once(2) ? canvas.u32(history + at.HISTORY_GENERATION) : random.word()
  canvas.setU32(history + at.HISTORY_GENERATION, generation)
  canvas.setU32(history + at.HISTORY_CONTROL, (generation << 16) | random.below(0x10000) | 1)
}

/** Limits that do not belong together. */
const geometry: Mutation = ({ canvas, anatomy, random }) => {
  const list = pickOf(random, anatomy.lists)
  if (list === undefined) return
  const limits = [
    at.LIST_MAX_EVENTS,
    at.LIST_MAX_TEXT,
    at.LIST_FIRST_BLOCKS,
    at.LIST_TURN_BLOCKS,
    at.LIST_DIRECTORY_LEVELS,
  ]
  for (const field of limits)
    if (random.once(2)) canvas.setU32(list + field, random.pick(LANDMARKS))
}

const noise: Mutation = ({ canvas, random }) => {
  const start = random.below(canvas.bytes.length)
  const length = 1 << random.below(random.once(20) ? 17 : 8)
  const end = Math.min(canvas.bytes.length, start + length)
  for (let offset = start; offset < end; offset++) canvas.setU8(offset, random.below(256))
}

/** A run of bytes copied to another place, aligned as the structures are. */
const copied: Mutation = ({ canvas, random }) => {
  const size = random.pick([8, 28, 64, 128, 512, 4096, at.CHUNK_BYTES])
  const places = Math.floor(canvas.bytes.length / size)
  const from = random.below(places) * size
  canvas.set(random.below(places) * size, canvas.bytes.slice(from, from + size))
}

/** A run of another image at the same place. */
const spliced: Mutation = ({ canvas, other, random }) => {
  const size = random.pick([64, 512, 4096, at.CHUNK_BYTES, at.CHUNK_BYTES, 1 << 30])
  const start = random.below(Math.ceil(other.bytes.length / size)) * size
  const end = Math.min(other.bytes.length, start + size)
  canvas.set(start, other.bytes.slice(start, end))
  if (!random.once(2)) return
  // Chunks of the same recorder are believed.
  const id = canvas.bytes.slice(at.HEADER_RECORDER_ID, at.HEADER_RECORDER_ID + 8)
  const last = Math.floor((end - 1) / at.CHUNK_BYTES)
  for (let chunk = Math.max(1, Math.ceil(start / at.CHUNK_BYTES)); chunk <= last; chunk++)
    canvas.set(chunk * at.CHUNK_BYTES + at.CHUNK_RECORDER_ID, id)
}

const cut: Mutation = ({ canvas, random }) => {
  const aligned = at.CHUNK_BYTES * random.below(canvas.bytes.length / at.CHUNK_BYTES)
  canvas.length = random.once(3)
    ? random.below(canvas.bytes.length)
    : Math.min(canvas.bytes.length, aligned + random.below(2 * at.BLOCK_BYTES))
}

/** More often what has more to be got wrong. */
const MUTATIONS: readonly Mutation[] = [
  header,
  tables,
  tables,
  fields((anatomy) => anatomy.lists, LIST_FIELDS),
  fields((anatomy) => anatomy.histories, HISTORY_FIELDS),
  fields((anatomy) => anatomy.histories, HISTORY_FIELDS),
  fields((anatomy) => anatomy.blocks, BLOCK_FIELDS),
  fields((anatomy) => anatomy.directories, BLOCK_FIELDS),
  fields((anatomy) => anatomy.threads, THREAD_FIELDS),
  fields((anatomy) => anatomy.verbs, [0, 4]),
  fields(
    ({ chunks }) => [...chunks.values()].flat().map((chunk) => chunk * at.CHUNK_BYTES),
    CHUNK_FIELDS,
  ),
  event,
  event,
  event,
  movedEvent,
  movedText,
  text,
  text,
  string,
  string,
  entry,
  entry,
  chain,
  control,
  control,
  geometry,
  geometry,
  noise,
  copied,
  spliced,
  cut,
]

/** Changes an image in one to a dozen ways. */
export function mutate(subject: Subject): void {
  const { random } = subject
  let count = 1 + random.below(random.once(4) ? 12 : 3)
  while (count-- > 0) random.pick(MUTATIONS)(subject)
}
