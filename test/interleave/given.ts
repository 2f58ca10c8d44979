// The memories that schedules begin with, and the operations that race on them.

import * as at from '../../assembly/layout.ts'
import { digitsOf } from '../support/image-builder.ts'
import type { Handle, Operation, SteppedThread } from '../support/schedule.ts'
import { World } from '../support/schedule.ts'

const ONE_INTEGER = 0x1
const TWO_INTEGERS = 0x11
const THREE_INTEGERS = 0x111
const FULL = at.EVENTS_PER_BLOCK
const encoder = new TextEncoder()

export interface Given {
  readonly world: World
  readonly operations: Record<string, Operation>
  /** Blocks and histories that were never handed out, though the pools' cursors say so. */
  readonly skipped: ReadonlySet<number>
}

const LONG = 'an object whose name is too long for its history: '.padEnd(80, '.')
const INTEGER = at.OBJECT_INTEGER
const SHORT_TEXT = 24
/** Verb of the events that are equal within their history. */
export const SAME = 'SAME'

export function intern(thread: SteppedThread, text: string): number {
  return thread.call('other', undefined, () => {
    const bytes = encoder.encode(text)
    const string = thread.core.claimString(bytes.length, 0) >>> 0
    if (string === 0) return 0
    const view = new Uint8Array(thread.world.memory.buffer)
    view.fill(0, string + at.STRING_DATA, string + at.STRING_DATA + ((bytes.length + 3) & ~3))
    view.set(bytes, string + at.STRING_DATA)
    return thread.core.commitString(string) >>> 0
  })
}

/** As src/recorder makes it: what the core is told of a verb with a format. */
export function statement(thread: SteppedThread, verb: number, format: string): number {
  return intern(thread, digitsOf(verb) + format) << at.EVENT_STATEMENT_SHIFT
}

/** What one verb says: of one argument, two, and three. */
interface Said {
  short: number
  two: number
  three: number
}

const NOTHING_SAID: Said = { short: 0, two: 0, three: 0 }

class Vocabulary {
  plain = NOTHING_SAID
  pinned = NOTHING_SAID
  end = NOTHING_SAID
  string = 0
  same = 0

  define(thread: SteppedThread, name: string, role: number, flags: number): number {
    return thread.core.defineVerb(intern(thread, name), role, flags)
  }

  said(thread: SteppedThread, verb: number): Said {
    return {
      short: statement(thread, verb, '%d'),
      two: statement(thread, verb, '%d %d'),
      three: statement(thread, verb, '%d %d %d'),
    }
  }
}

/** Of one argument and of three in turn, the straight way first, as src/recorder does; every third with a time of its own. */
function log(
  thread: SteppedThread,
  words: Vocabulary,
  target: Handle,
  verb = words.plain,
  end = 0,
): boolean {
  const { history, generation } = target
  const { core, number } = thread
  const slot = history >>> at.HISTORY_SHIFT
  const answer = thread.call('log', target, (payload) => {
    const isShort = payload % 2 === 0
    const what = isShort ? verb.short : verb.three
    const tags = isShort ? ONE_INTEGER : THREE_INTEGERS
    const packed = (number << at.PACKED_THREAD_SHIFT) | end | tags
    const [word1, word2] = isShort ? [0, 0] : [slot, generation]
    if (payload % 3 === 0)
      return core.logAt(history, generation, what, packed, payload, word1, word2, payload)
    const isDone =
      end === 0 &&
      (isShort
        ? core.log1(history, generation, what | number, payload)
        : core.log3(history, generation, what | number, payload, word1, word2)) !== 0
    return isDone ? 1 : core.log(history, generation, what, packed, payload, word1, word2, -1)
  })
  return answer !== 0
}

/** As src/recorder logs in a list that coalesces. All as one thread, as those beyond THREADS_MAX are: only then do they race. */
function logSame(thread: SteppedThread, words: Vocabulary, target: Handle): void {
  const { history, generation } = target
  const what = words.same
  const packed = (at.THREADS_MAX << at.PACKED_THREAD_SHIFT) | TWO_INTEGERS
  const slot = history >>> at.HISTORY_SHIFT
  thread.call('fold', target, () =>
    thread.core.logFolding(history, generation, what, packed, slot, generation, 0, -1),
  )
}

/** The same arguments, but in a text of 24 bytes and a rest that makes it fill `bytes`. */
function logText(thread: SteppedThread, words: Vocabulary, target: Handle, bytes: number): void {
  const { history, generation } = target
  const { core, world } = thread
  const what = words.plain.three
  const packed = thread.number << at.PACKED_THREAD_SHIFT
  thread.call('log', target, (payload) => {
    const event = core.claimWithText(history, generation, what, packed, bytes, payload) >>> 0
    if (event === 0) return 0
    const text = new DataView(new ArrayBuffer((bytes + 3) & ~3))
    let to = 0
    for (const value of [payload, history >>> at.HISTORY_SHIFT, generation]) {
      text.setUint8(to, at.ARGUMENT_INT32)
      text.setInt32(to + 1, value, true)
      to += 5
    }
    // An argument too many: it takes up room, the format does not show it.
    text.setUint8(to, at.ARGUMENT_INLINE_STRING)
    text.setUint32(to + 1, bytes - to - 9, true)
    const source = new Uint32Array(text.buffer)
    const memory = new Uint32Array(world.memory.buffer)
    let address = memory[(event + at.EVENT_WORDS) >>> 2] as number
    if (address !== 0) {
      address += at.TEXT_DATA
      for (const word of source) {
        if (address % at.BLOCK_BYTES === 0) {
          const block = address - at.BLOCK_BYTES
          const next = memory[(block + at.BLOCK_NEXT) >>> 2] as number
          address = next * at.BLOCK_BYTES + at.BLOCK_HEADER_BYTES
        }
        memory[address >>> 2] = word
        address += 4
      }
    }
    core.commitText(event)
    return 1
  })
}

/** More than the words of an event hold as they are, and letters of both cases, for which six bits are too few. */
const asText = (string: string) => `${string} aA`.padEnd(at.SHORT_BYTES_MAX + 1, '.')

/** The same arguments, as one string of up to sixteen characters. */
function logShort(
  thread: SteppedThread,
  words: Vocabulary,
  target: Handle,
  shown = (string: string) => string,
): void {
  const { history, generation } = target
  const what = words.string
  const packed = thread.number << at.PACKED_THREAD_SHIFT
  thread.call('log', target, (payload) => {
    const string = shown(`${payload} ${history >>> at.HISTORY_SHIFT} ${generation}`)
    const bytes = new Uint8Array(at.SHORT_STRING_BYTES_MAX)
    if (encoder.encodeInto(string, bytes).read < string.length) throw new Error(`long: ${string}`)
    const [a = 0, b = 0, c = 0, d = 0] = new Uint32Array(bytes.buffer)
    return thread.core.logShort(history, generation, what, packed, string.length, a, b, c, d, -1)
  })
}

function push(thread: SteppedThread, list: number, object: number): Handle | undefined {
  const { core, number } = thread
  const handle = thread.call('push', undefined, (payload) =>
    core.push(list, INTEGER, object, 0, number, payload),
  )
  if (handle === 0) return undefined
  const generation = Math.floor(handle / 2 ** at.HISTORY_NUMBER_BITS)
  return { history: (handle % 2 ** at.HISTORY_NUMBER_BITS) * at.HISTORY_BYTES, generation }
}

/** As src/recorder does with a string of more than 36 bytes. */
function pushLong(thread: SteppedThread, list: number): void {
  const { core, world, number } = thread
  thread.call('push', undefined, (payload) => {
    const kind = at.OBJECT_LONG_STRING
    const history = core.claimHistory(list, kind, 0, 0, LONG.length, number, payload) >>> 0
    if (history === 0) return 0
    const block = world.word(history + at.HISTORY_OBJECT)
    const bytes = new Uint8Array(world.memory.buffer)
    bytes.set(encoder.encode(LONG), block + at.BLOCK_HEADER_BYTES)
    core.openHistory(list, history, number)
    return history
  })
}

function ref(thread: SteppedThread, { history, generation }: Handle): void {
  thread.call('ref', { history, generation }, () => thread.core.ref(history, generation))
}

function unref(thread: SteppedThread, { history, generation }: Handle): void {
  thread.call('unref', { history, generation }, () =>
    thread.core.unref(history, generation, thread.number),
  )
}

/** As src/recorder holds: an event and a reference in one step, or in two where that cannot be. */
function hold(thread: SteppedThread, words: Vocabulary, target: Handle): void {
  thread.call('ref', target, () =>
    logAndRef(thread, words, target, 1) ? 1 : thread.core.ref(target.history, target.generation),
  )
}

function release(thread: SteppedThread, words: Vocabulary, target: Handle): void {
  thread.call('unref', target, () =>
    logAndRef(thread, words, target, -1)
      ? 1
      : thread.core.unref(target.history, target.generation, thread.number),
  )
}

/** Whether it was done in one step. */
function logAndRef(
  thread: SteppedThread,
  words: Vocabulary,
  target: Handle,
  refs: number,
): boolean {
  const { history, generation } = target
  const { core, number } = thread
  const { two } = words.plain
  const slot = history >>> at.HISTORY_SHIFT
  const packed = (number << at.PACKED_THREAD_SHIFT) | TWO_INTEGERS
  let isDone = false
  thread.call('log', target, (payload) => {
    isDone = core.log2AndRef(history, generation, two | number, payload, slot, refs) !== 0
    return isDone ? 1 : core.log(history, generation, two, packed, payload, slot, 0, -1)
  })
  return isDone
}

function createList(thread: SteppedThread, name: number, window: number, maxEvents: number) {
  return thread.call(
    'other',
    undefined,
    () => thread.core.createList(name, window, maxEvents, 128, 0) >>> 0,
  )
}

function begun(
  module: WebAssembly.Module,
  chunks: number,
  kind = 0,
): { world: World; words: Vocabulary } {
  const world = new World(module, chunks)
  const main = world.thread(0)
  const flags = at.HEADER_FLAG_COARSE | at.HEADER_FLAG_SHARED
  main.core.begin(chunks, flags | kind, 0x1234_5678_9abcn, 1.7e12, 4711, 0)
  for (const name of ['main', 'A', 'B', 'C'])
    main.core.joinThread(4711, at.THREADS_MAX, intern(main, name), at.RUNTIME_NODE, 0)
  const words = new Vocabulary()
  const plain = words.define(main, 'PLAIN', at.ROLE_NONE, 0)
  words.plain = words.said(main, plain)
  words.string = statement(main, plain, '%s')
  words.same = statement(main, words.define(main, SAME, at.ROLE_NONE, 0), 'same %d %d')
  words.end = words.said(main, words.define(main, 'END', at.ROLE_END, 0))
  return { world, words }
}

const operation = (name: string, run: (thread: SteppedThread) => void): Operation => ({ name, run })
const named = (all: Operation[]) => Object.fromEntries(all.map((one) => [one.name, one]))

function pushWith(
  thread: SteppedThread,
  words: Vocabulary,
  list: number,
  object: number,
  events: number,
): Handle {
  const handle = push(thread, list, object)
  if (!handle) throw new Error(`object ${object} was not pushed`)
  for (let n = 0; n < events; n++) log(thread, words, handle)
  return handle
}

function pushThree(
  thread: SteppedThread,
  words: Vocabulary,
  list: number,
  logTo: (thread: SteppedThread, words: Vocabulary, target: Handle) => void,
): void {
  for (let n = 0; n < 3; n++) {
    const handle = push(thread, list, 0x9000 + n)
    if (!handle) continue
    logTo(thread, words, handle)
    logTo(thread, words, handle)
  }
}

function defineVerb(thread: SteppedThread, name: number): void {
  thread.call('other', undefined, () => thread.core.defineVerb(name, at.ROLE_NONE, 0) + 1)
}

/** Room for everything: full windows, blocks about to be full, about to be lapped, pinned lives, a handle of a dead one. */
export function givenRoom(module: WebAssembly.Module, { pin = false } = {}): Given {
  // On a machine that keeps its stores in order, as most do; the other worlds are on one that does not.
  const { world, words } = begun(module, 16, at.HEADER_FLAG_ORDERED_STORES)
  const main = world.thread(0)
  const flags = pin ? at.VERB_FLAG_PIN : 0
  words.pinned = words.said(main, words.define(main, 'PINNED', at.ROLE_NONE, flags))
  const wide = createList(main, intern(main, 'wide'), 100, 300)
  // One first block, two that take turns.
  const short = createList(main, intern(main, 'short'), 100, 4)
  const narrow = createList(main, intern(main, 'narrow'), 2, 60)
  const name = intern(main, 'made by two')

  const one = pushWith(main, words, wide, 0x10, 3)
  const other = pushWith(main, words, wide, 0x20, 2)
  const edge = pushWith(main, words, wide, 0x30, FULL - 1)
  const full = pushWith(main, words, wide, 0x40, FULL)
  const lap = pushWith(main, words, short, 0x60, 2 * FULL - 1)
  log(main, words, lap, words.pinned)
  for (let n = 0; n < FULL; n++) log(main, words, lap)
  const out = pushWith(main, words, narrow, 0x70, FULL + 1)
  ref(main, out)
  const stale = pushWith(main, words, narrow, 0x80, 1)
  const oldest = pushWith(main, words, narrow, 0x90, FULL + 1)
  logText(main, words, oldest, 100)
  const newest = pushWith(main, words, narrow, 0xa0, 1)
  const pair = pushWith(main, words, wide, 0xb0, 1)
  ref(main, pair)
  const shallow = createList(main, intern(main, 'shallow'), 1, 60)
  const deep = createList(main, intern(main, 'deep'), 1, 1200)
  const inShallow = pushWith(main, words, shallow, 0xc0, 2 * FULL)
  const inDeep = pushWith(main, words, deep, 0xd0, 2 * FULL)
  world.prepared()

  const operations = named([
    operation('push', (t) => void push(t, wide, 0x1000 + t.number)),
    operation('push a long name', (t) => pushLong(t, wide)),
    operation('push and log', (t) => {
      const handle = push(t, wide, 0x2000 + t.number)
      if (handle) log(t, words, handle)
    }),
    operation('push out of the window', (t) => void push(t, narrow, 0x3000 + t.number)),
    operation('push twice, log', (t) => {
      const handle = push(t, narrow, 0x4000 + t.number)
      push(t, narrow, 0x5000 + t.number)
      if (handle) log(t, words, handle)
    }),
    operation('log', (t) => void log(t, words, one)),
    operation('log twice', (t) => {
      log(t, words, one)
      log(t, words, one)
    }),
    operation('log elsewhere', (t) => void log(t, words, other)),
    operation('log the end', (t) => void log(t, words, one, words.end, at.PACKED_END)),
    operation('log #16 and #17', (t) => {
      log(t, words, edge)
      log(t, words, edge)
    }),
    operation('log #17', (t) => void log(t, words, full)),
    operation('log that laps', (t) => void log(t, words, lap)),
    operation('log a turn', (t) => {
      for (let n = 0; n < 2 * FULL + 1; n++) log(t, words, lap)
    }),
    operation('log in the newest', (t) => void log(t, words, newest)),
    operation('log in the oldest', (t) => void log(t, words, oldest)),
    operation('log a text in the oldest', (t) => logText(t, words, oldest, 60)),
    operation('log a text', (t) => logText(t, words, one, SHORT_TEXT)),
    operation('log short strings', (t) => {
      logShort(t, words, one)
      logShort(t, words, one, asText)
    }),
    operation('log two texts', (t) => {
      logText(t, words, one, 300)
      logText(t, words, one, 300)
    }),
    operation('log a long text', (t) => logText(t, words, one, 1000)),
    operation('log by a stale handle', (t) => void log(t, words, stale)),
    operation('ref', (t) => ref(t, one)),
    operation('hold the oldest', (t) => hold(t, words, oldest)),
    operation('unref', (t) => unref(t, one)),
    operation('release one of two', (t) => release(t, words, pair)),
    operation('release outside the window', (t) => release(t, words, out)),
    operation('log outside the window', (t) => void log(t, words, out)),
    operation('create a list', (t) => void createList(t, name, 10, 20)),
    operation('define a verb', (t) => defineVerb(t, name)),
    operation('intern', (t) => void intern(t, 'the same')),
    operation('join', (t) => {
      const join = () => t.core.joinThread(4711, 7, name, at.RUNTIME_NODE, 1)
      t.call('other', undefined, join)
    }),
    operation('log #34, one level', (t) => void log(t, words, inShallow)),
    operation('log #34, two levels', (t) => void log(t, words, inDeep)),
    operation('push it out, one level', (t) => void push(t, shallow, 0x6000 + t.number)),
    operation('push it out, two levels', (t) => void push(t, deep, 0x7000 + t.number)),
    operation('reuse, two levels', (t) => {
      for (let n = 0; n < 3; n++) push(t, deep, 0x8000 + n)
    }),
    operation('reuse and fill, two levels', (t) => {
      const handle = push(t, deep, 0x8000)
      if (handle) for (let n = 0; n < 2 * FULL + 1; n++) log(t, words, handle)
    }),
    operation('push three, log twice in each', (t) => pushThree(t, words, narrow, log)),
    operation('destroy a list', (t) => {
      t.call('other', undefined, () => t.core.destroyList(narrow, t.number))
    }),
  ])
  return { world, operations, skipped: new Set() }
}

/** Lives whose newest event is one (F2), a run (F3), at its block's end; one that another life's block will replace. */
export function givenRepeats(module: WebAssembly.Module): Given {
  const { world, words } = begun(module, 16)
  const main = world.thread(0)
  const wide = createList(main, intern(main, 'wide'), 100, 300)
  const narrow = createList(main, intern(main, 'narrow'), 1, 60)
  const givenSame = (list: number, object: number, others: number, same: number) => {
    const handle = pushWith(main, words, list, object, others)
    for (let n = 0; n < same; n++) logSame(main, words, handle)
    return handle
  }
  const once = givenSame(wide, 0x10, 1, 1)
  const run = givenSame(wide, 0x20, 1, 2)
  const full = givenSame(wide, 0x30, FULL - 1, 1)
  const brim = givenSame(wide, 0x40, FULL - 2, 3)
  const passing = givenSame(narrow, 0x50, 0, 3)
  world.prepared()

  const operations = named([
    operation('log the same', (t) => logSame(t, words, run)),
    operation('log another', (t) => void log(t, words, run)),
    operation('log the same again', (t) => logSame(t, words, once)),
    operation('log another again', (t) => void log(t, words, once)),
    operation('log the same thrice', (t) => {
      for (let n = 0; n < 3; n++) logSame(t, words, once)
    }),
    operation('log the same, another, the same', (t) => {
      logSame(t, words, run)
      log(t, words, run)
      logSame(t, words, run)
    }),
    operation('log the same in a new block', (t) => {
      logSame(t, words, full)
      logSame(t, words, full)
    }),
    operation("log the same at a block's end", (t) => logSame(t, words, brim)),
    operation('log the same in a passing life', (t) => logSame(t, words, passing)),
    operation('log the end', (t) => void log(t, words, run, words.end, at.PACKED_END)),
    operation('ref', (t) => ref(t, run)),
    operation('push three, log twice in each', (t) => pushThree(t, words, narrow, log)),
    operation('push three, log the same twice in each', (t) =>
      pushThree(t, words, narrow, logSame),
    ),
  ])
  return { world, operations, skipped: new Set() }
}

/** A budget that is used up: few blocks, few histories, all taken. */
export function givenFullBudget(module: WebAssembly.Module, { pinned = false } = {}): Given {
  const chunks = 8
  const { world, words } = begun(module, chunks)
  const main = world.thread(0)
  const left = createList(main, intern(main, 'left'), 100, 60)
  const right = createList(main, intern(main, 'right'), 100, 60)
  const name = intern(main, 'made by two')
  const skipped = new Set<number>()
  world.setWord(at.HEADER_DIRECTORY_CHUNKS, 1) // so that none is kept for them
  const first = pushWith(main, words, left, 0x10, FULL)
  skip(world, skipped, at.HEADER_CURSOR_HISTORIES, at.HISTORIES_PER_CHUNK - 6, at.HISTORY_SHIFT)
  skip(world, skipped, at.HEADER_CURSOR_BLOCKS, at.BLOCKS_PER_CHUNK - 7, at.BLOCK_SHIFT)
  const one = pushWith(main, words, left, 0x20, 1)
  const two = pushWith(main, words, right, 0x30, 1)
  const three = pushWith(main, words, right, 0x40, FULL)
  const four = pushWith(main, words, left, 0x50, 1)
  const five = pushWith(main, words, right, 0x60, 1)
  const six = pushWith(main, words, right, 0x70, FULL + 1)
  ref(main, two)
  if (pinned) for (const handle of [first, one, three, four, five, six]) ref(main, handle)
  if (world.word(at.HEADER_CHUNKS) !== chunks) throw new Error('the budget is not used up')
  // The next looks for abandoned blocks soon come by the one that is the first to go.
  const block = world.word(one.history + at.HISTORY_ENTRIES) & at.ENTRY_BLOCK_MASK
  world.setWord(at.HEADER_SWEEP, block - 5)
  world.prepared()

  const operations = named([
    operation('push', (t) => void push(t, left, 0x1000 + t.number)),
    operation('push a long name', (t) => pushLong(t, right)),
    operation('push and log', (t) => {
      const handle = push(t, right, 0x2000 + t.number)
      if (handle) log(t, words, handle)
    }),
    operation('push six and fill a block in each', (t) => {
      for (let n = 0; n < 6; n++) {
        const handle = push(t, left, 0x3000 + 8 * t.number + n)
        for (let k = 0; handle && k < FULL; k++) log(t, words, handle)
      }
    }),
    operation('log', (t) => void log(t, words, one)),
    operation('log into the oldest', (t) => void log(t, words, two)),
    operation('log #17', (t) => void log(t, words, three)),
    operation('log #17 of the first', (t) => void log(t, words, first)),
    operation('log a text', (t) => logText(t, words, four, SHORT_TEXT)),
    operation('log a long text', (t) => logText(t, words, five, 700)),
    operation('ref', (t) => ref(t, one)),
    operation('unref', (t) => unref(t, two)),
    operation('define a verb', (t) => defineVerb(t, name)),
  ])
  return { world, operations, skipped }
}

/** Moves a pool's cursor on, as if what lies between had been taken. */
function skip(world: World, skipped: Set<number>, cursor: number, to: number, shift: number): void {
  const chunk = world.word(cursor + 4)
  for (let n = world.word(cursor); n < to; n++)
    skipped.add(chunk * at.CHUNK_BYTES + (n + 1) * 2 ** shift)
  world.setWord(cursor, to)
}
