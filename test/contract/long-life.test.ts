// A life of more events than a test can log: its count is written, as docs/FORMAT.md lays it out, a little before a bound.

import { describe, expect, test } from 'vitest'
import {
  ENTRY_ORDINAL_MASK,
  EVENTS_PER_BLOCK,
  HISTORY_CONTROL,
  HISTORY_NUMBER_BITS,
  HISTORY_SHIFT,
  LIST_BLOCKS,
  LIST_RECORDS,
} from '../../assembly/layout.ts'
import { type History, Recorder } from '../../src/index.ts'
import { openImage, redactImage } from '../../src/inspect.ts'

const MAX_EVENTS = 100
const FIRST_QUARTER = 25
/** Some blocks, so that none is left half claimed. */
const TURN = 6 * EVENTS_PER_BLOCK
/** Events after which the ordinals of blocks begin anew in what an entry holds of them. */
const ROUND = (ENTRY_ORDINAL_MASK + 1) * EVENTS_PER_BLOCK

function given(isPinned: boolean) {
  const recorder = new Recorder({ budget: '1MiB' })
  const { SEND, MARK } = recorder.verbs({ SEND: 0, MARK: { role: 0, pin: isPinned } })
  const list = recorder.list('TCP con', { maxEvents: MAX_EVENTS })
  const history = list.push(0x10)
  const view = new DataView(recorder.share().memory.buffer)
  const log = (from: number, to: number) => {
    for (let n = from; n < to; n++) {
      const verb = isPinned && n % 50 === 0 ? MARK : SEND
      if (!history.log(verb, 'event %d', n)) throw new Error(`event ${n} was refused`)
    }
  }
  /** As if so many events had been logged. */
  const goOnFrom = (count: number) =>
    view.setUint32(slotOf(history) + HISTORY_CONTROL + 4, count, true)
  // All blocks in use; then half a round, for no entry is ever further behind; then to its end.
  log(0, 2 * TURN)
  for (const at of [ROUND / 2, ROUND]) {
    goOnFrom(at - TURN)
    log(at - TURN, at + TURN)
  }
  return { recorder, list, history }
}

const slotOf = (history: History) => (history.handle % 2 ** HISTORY_NUMBER_BITS) << HISTORY_SHIFT
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)
const LAST = range(ROUND + TURN - MAX_EVENTS + FIRST_QUARTER, ROUND + TURN)
const KEPT = [...range(0, FIRST_QUARTER), ...LAST]

describe('after half a billion events', () => {
  test('a history has its first quarter and its last events', () => {
    const events = given(false).history.events()
    expect(events.map(({ index }) => index)).toEqual(KEPT)
    expect(events.map(({ log }) => log)).toEqual(KEPT.map((index) => `event ${index}`))
  })

  test('what a pinned verb said is there, from the blocks that were kept', () => {
    const events = given(true).history.events()
    const kept = events.filter(({ index }) => !KEPT.includes(index))
    expect(kept.map(({ index }) => index % 50)).toEqual(kept.map(() => 0))
    expect(kept.map(({ log }) => log)).toEqual(kept.map(({ index }) => `event ${index}`))
    expect(kept.at(0)?.index).toBe(50)
    expect(kept.at(-1)?.index).toBeGreaterThan(ROUND / 2)
    expect(events.slice(-LAST.length).map(({ index }) => index)).toEqual(LAST)
  })

  test('a redacted image has the same events', () => {
    const { bytes } = redactImage(openImage(given(false).recorder.snapshot()), {})
    const [history] = openImage(bytes).lists()[0]?.histories() ?? []
    expect(history?.events().map(({ log }) => log)).toEqual(KEPT.map((index) => `event ${index}`))
  })

  test('its end gives all blocks back', () => {
    const { recorder, list } = given(true)
    const { buffer } = recorder.share().memory
    const blocks = () => new DataView(buffer).getUint32(LIST_RECORDS + LIST_BLOCKS, true)
    expect(blocks()).toBeGreaterThan(MAX_EVENTS / EVENTS_PER_BLOCK)
    list.destroy()
    expect(blocks()).toBe(0)
  })
})
