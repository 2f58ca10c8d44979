// Handles over hundreds of millions of lives: slots are made old by writing their generation, as docs/FORMAT.md lays it
// out, while they hold no life.

import fc from 'fast-check'
import {
  CHUNK_BYTES,
  CHUNK_CLASS,
  CLASS_HISTORIES,
  CONTROL_LIVE,
  GENERATION_MAX,
  HEADER_CHUNKS,
  HISTORIES_PER_CHUNK,
  HISTORY_BYTES,
  HISTORY_CONTROL,
  HISTORY_GENERATION,
  HISTORY_NUMBER_BITS,
} from '../../assembly/layout.ts'
import { type History, Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { type Property, same } from './property.ts'

const SLOTS = 2 ** HISTORY_NUMBER_BITS
const LOW_GENERATIONS = 2 ** 16

const numberOf = (handle: number) => handle % SLOTS
const generationOf = (handle: number) => Math.floor(handle / SLOTS)

/** All slots of histories that memory was taken for. */
function* slots(recorder: Recorder): Generator<{ slot: number; view: DataView }> {
  const view = new DataView(recorder.share().memory.buffer)
  const chunks = view.getUint32(HEADER_CHUNKS, true)
  for (let chunk = CHUNK_BYTES; chunk < chunks * CHUNK_BYTES; chunk += CHUNK_BYTES) {
    if (view.getUint32(chunk + CHUNK_CLASS, true) !== CLASS_HISTORIES) continue
    for (let n = 1; n <= HISTORIES_PER_CHUNK; n++) yield { slot: chunk + n * HISTORY_BYTES, view }
  }
}

/** Makes every slot without a life as old as `ageOf` says, if it is younger. */
function age(recorder: Recorder, ageOf: (number: number) => number): void {
  for (const { slot, view } of slots(recorder)) {
    const isLive = (view.getUint32(slot + HISTORY_CONTROL, true) & CONTROL_LIVE) !== 0
    const generation = ageOf(slot / HISTORY_BYTES)
    if (!isLive && view.getUint32(slot + HISTORY_GENERATION, true) < generation)
      view.setUint32(slot + HISTORY_GENERATION, generation, true)
  }
}

/** Until nothing can be pushed any more: every slot has had its last life. */
function usesUp(window: number, livesLeft: readonly number[], events: number): void {
  const recorder = new Recorder({ budget: '512KiB' })
  const { SEND } = recorder.verbs({ SEND: 0 })
  const list = recorder.list('TCP con', { window })
  takeAllMemory(recorder)
  const left = (number: number) => livesLeft[number % livesLeft.length] as number
  age(recorder, (number) => GENERATION_MAX - left(number))
  const numbers = [...slots(recorder)].map(({ slot }) => slot / HISTORY_BYTES)
  const before = recorder.stats()
  const handles: number[] = []
  const held: History[] = []
  const lives = numbers.reduce((sum, number) => sum + left(number), 0)
  for (let n = 0; n < lives; n++) {
    const history = list.push(n)
    handles.push(history.handle)
    held.push(history)
    for (let i = 0; i < events; i++) same('log()', history.log(SEND, '%d %d', n, i), true)
    const gone = held.length > window ? held.shift() : undefined
    if (gone) {
      same('log() of a life before', gone.log(SEND, 'late'), false)
      same('at() of a life before', list.at(gone.handle), undefined)
    }
  }
  same('push() beyond', list.push(0).handle, 0)
  same('distinct handles', new Set(handles).size, lives)
  const ofSlot = new Map<number, number[]>()
  for (const handle of handles)
    ofSlot.set(numberOf(handle), [...(ofSlot.get(numberOf(handle)) ?? []), generationOf(handle)])
  for (const number of numbers) {
    const expected = Array.from(
      { length: left(number) },
      (_, n) => GENERATION_MAX - left(number) + n + 1,
    )
    same(`generations of slot ${number}`, ofSlot.get(number) ?? [], expected)
  }
  const { retired, pushed, pushesDropped } = recorder.stats()
  same('retired', retired, numbers.length)
  same('pushed', pushed, Number(before.pushed) + lives)
  same('pushesDropped', pushesDropped, 1)
  for (const handle of handles) same('at() in the end', list.at(handle), undefined)
  same('problems', openImage(recorder.snapshot()).problems(), [])
}

/** Has every slot of histories that the budget allows carved, and leaves all of them free. */
function takeAllMemory(recorder: Recorder): void {
  const { SEND } = recorder.verbs({ SEND: 0 })
  const list = recorder.list('for a while', { window: 0 })
  while (recorder.stats().evictedByBudget === 0)
    for (let n = 0; n < 100; n++) list.push(n).log(SEND, 'takes a block')
  list.destroy()
}

/** Only the lower 16 bits of a generation fit beside a count: lives 65,536 apart must not be taken for one another. */
function wraps(ages: readonly number[], events: number): void {
  const recorder = new Recorder({ budget: '1MiB' })
  const { SEND } = recorder.verbs({ SEND: 0 })
  const list = recorder.list('TCP con', { window: 1 })
  let stale = 0
  let older: History | undefined
  for (const [turn, base] of [...ages].sort((one, other) => one - other).entries()) {
    age(recorder, () => base * LOW_GENERATIONS - 2)
    for (let n = 0; n < 5; n++) {
      const history = list.push(n)
      for (let i = 0; i < events; i++) same('log()', history.log(SEND, '%d %d', turn, i), true)
      const expected = Array.from({ length: events }, (_, i) => `${turn} ${i}`)
      same(
        'logs',
        history.events().map(({ log }) => log),
        expected,
      )
      if (older) {
        same(
          'late calls',
          [older.log(SEND, 'late'), older.ref(), older.unref()],
          [false, false, false],
        )
        same('late at()', list.at(older.handle), undefined)
        same('late events()', older.events(), [])
        stale += 3
      }
      older = history
    }
  }
  same('stale', recorder.stats().stale, stale)
  same('problems', openImage(recorder.snapshot()).problems(), [])
}

export const generations: Property[] = [
  {
    promise:
      'a slot whose generations are used up is retired and counted: no handle is ever given twice',
    runs: 6,
    property: fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 7 }),
      fc.nat({ max: 2 }),
      usesUp,
    ),
  },
  {
    promise: 'lives of one slot that are 65,536 generations apart are told apart',
    runs: 30,
    property: fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 4095 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 40 }),
      wraps,
    ),
  },
]
