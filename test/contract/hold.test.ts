// Holds: what is recorded of a reference with an owner, and what it pins.

import { afterEach, describe, expect, test } from 'vitest'
import { type History, type Hold, type ListOptions, Recorder } from '../../src/index.ts'
import { canShareMemory, spawnWorker, type TestWorker } from '../support/platform.ts'

const DISPOSE = Symbol.dispose ?? Symbol.for('Symbol.dispose')

function given(options: ListOptions = {}) {
  const recorder = new Recorder({ budget: '8MiB', thread: 'tcp main' })
  const { SEND, DESTROY } = recorder.verbs({ SEND: 0, DESTROY: 'end' })
  const list = recorder.list('TCP con', { window: 100, ...options })
  return { recorder, SEND, DESTROY, list, history: list.push(0x10) }
}

const told = (history: History) => history.events().map(({ verb, log }) => `${verb} ${log}`)
const hasThreadAndCount = /^hold (\d+)\.(\d+) by /

/** `0.1` of a hold's number. */
const numberOf = ({ number }: Pick<Hold, 'number'>) =>
  `${Math.floor(number / 2 ** 31)}.${number % 2 ** 31}`

describe('history.hold()', () => {
  test('records who takes, who has and who releases, under one number', () => {
    const { history } = given()
    const reader = history.hold('tcp reader')
    const timer = history.hold('timer')
    expect(reader.transfer('writer')).toBe(reader.number)
    expect(reader.owner).toBe('writer')
    expect(timer.release()).toBe(true)
    expect(reader.release()).toBe(true)
    expect(told(history)).toEqual([
      'HOLD hold 0.1 by tcp reader',
      'HOLD hold 0.2 by timer',
      'TRANSFER hold 0.1 by writer',
      'RELEASE hold 0.2 by timer',
      'RELEASE hold 0.1 by writer',
    ])
    expect(history.events().map(({ role }) => role)).toEqual([
      'ref',
      'ref',
      'none',
      'unref',
      'unref',
    ])
    expect(history.events().every(({ late }) => late === '')).toBe(true)
  })

  test('records a second release under the same number, and throws nothing', () => {
    const { recorder, history, SEND } = given()
    const hold = history.hold('tcp reader')
    hold.release()
    expect(hold.release()).toBe(true)
    history.log(SEND)
    expect(told(history).slice(1, 3)).toEqual([
      'RELEASE hold 0.1 by tcp reader',
      'RELEASE hold 0.1 by tcp reader',
    ])
    // The pusher's own reference is not what it took: what follows is not late.
    expect(history.events().at(-1)?.late).toBe('')
    expect(recorder.stats().unrefsBelowZero).toBe(0)
    expect(history.unref()).toBe(true)
  })

  test('pins the history beyond the window, until the last release', () => {
    const { list, history } = given({ window: 1 })
    const first = history.hold('tcp reader')
    const second = history.hold('timer')
    list.push(0x20)
    first.release()
    expect(list.at(history.handle)).toBeDefined()
    second.release()
    expect(list.at(history.handle)).toBeUndefined()
  })

  test('keeps its events when the middle of a long life falls', () => {
    const { history, SEND } = given({ maxEvents: 60 })
    const log = (times: number) => {
      for (let n = 0; n < times; n++) history.log(SEND, '%d', n)
    }
    log(40)
    const hold = history.hold('tcp reader')
    log(500)
    const kept = history.events().find(({ verb }) => verb === 'HOLD')
    expect(kept).toMatchObject({ index: 40, log: `hold ${numberOf(hold)} by tcp reader` })
  })

  test('tells owners as they are: with %, long ones, many ones, and what is no string', () => {
    const { history, list } = given({ maxEvents: 1000, maxText: 256 })
    const owners = ['100% %d %s', '', 'ü☎', 'x'.repeat(200)]
    for (let n = 0; n < 300; n++) owners.push(`owner ${n}`)
    for (const owner of owners) history.hold(owner)
    const seen = history.events().map(({ log }) => log.replace(hasThreadAndCount, ''))
    expect(seen).toEqual(owners)
    const odd = list.push(0x20)
    for (const owner of [undefined, 7, {}, Symbol('s')]) odd.hold(owner as unknown as string)
    expect(told(odd).map((line) => line.replace(/.* by /, ''))).toEqual([
      'undefined',
      '7',
      'an object',
      'Symbol(s)',
    ])
  })

  test('redacts owners as it redacts arguments', () => {
    const redact = (text: string) => text.replace(/\d+@/, '…@')
    const recorder = new Recorder({ budget: '1MiB', redact })
    const history = recorder.list('calls').push(1)
    history.hold('caller 4711@example.org').release()
    expect(told(history)).toEqual([
      'HOLD hold 0.1 by caller …@example.org',
      'RELEASE hold 0.1 by caller …@example.org',
    ])
  })

  test('records nothing, and pins nothing, while the list is switched off', () => {
    const { list, history } = given({ window: 1 })
    list.enabled = false
    const hold = history.hold('tcp reader')
    expect(hold.number).toBe(0)
    list.enabled = true
    expect(hold.release()).toBe(false)
    expect(hold.transfer('writer')).toBe(0)
    expect(history.holdAt(hold.number, 'writer').release()).toBe(false)
    expect(told(history)).toEqual([])
    list.push(0x20)
    expect(list.at(history.handle)).toBeUndefined()
  })

  test('is late after the end, as any event', () => {
    const { history, DESTROY } = given()
    history.log(DESTROY)
    history.hold('tcp reader')
    expect(history.events().at(-1)).toMatchObject({ verb: 'HOLD', late: 'after end' })
  })

  test('is counted where the application has a verb HOLD with another role', () => {
    const recorder = new Recorder({ budget: '1MiB' })
    recorder.verbs({ HOLD: 0 })
    const history = recorder.list('dialogs').push(1)
    const hold = history.hold('tcp reader')
    expect(hold.number).toBe(0)
    expect(hold.release()).toBe(false)
    expect(recorder.stats().rejected).toBe(1)
    expect(history.events()).toEqual([])
  })

  test('of a history that is gone is counted, and its release is not recorded', () => {
    const { recorder, list, history } = given({ window: 1 })
    list.push(0x20)
    const hold = history.hold('tcp reader')
    expect(hold.number).toBe(0)
    expect(hold.release()).toBe(false)
    expect(recorder.stats().stale).toBe(1)
  })
})

describe('a hold at the end of a `using` block', () => {
  const leave = (hold: Hold) => (hold as unknown as Record<symbol, () => void>)[DISPOSE]?.()

  test('is released, unless it was released or transferred before', () => {
    const { history } = given()
    expect(DISPOSE in history.hold('kept')).toBe(true)
    leave(history.hold('left'))
    const released = history.hold('released')
    released.release()
    leave(released)
    const moved = history.hold('moved')
    moved.transfer('writer')
    leave(moved)
    leave(moved)
    expect(told(history).filter((line) => !line.startsWith('HOLD'))).toEqual([
      'RELEASE hold 0.2 by left',
      'RELEASE hold 0.3 by released',
      'TRANSFER hold 0.4 by writer',
    ])
  })

  test('is what the language calls', () => {
    const { history } = given()
    {
      using hold = history.hold('block')
      expect(hold.number).toBeGreaterThan(0)
    }
    expect(told(history)).toEqual(['HOLD hold 0.1 by block', 'RELEASE hold 0.1 by block'])
  })
})

describe('history.holdAt()', () => {
  test('refuses what is no number of a hold, and counts it', () => {
    const { recorder, history } = given()
    const odd = [-1, 0.5, Number.NaN, 2 ** 47, 'x' as unknown as number]
    for (const number of odd) expect(history.holdAt(number, 'writer').release()).toBe(false)
    expect(recorder.stats().rejected).toBe(odd.length)
    expect(told(history)).toEqual([])
  })

  describe.skipIf(!canShareMemory)('in another thread', () => {
    let worker: TestWorker | undefined
    afterEach(() => worker?.terminate())

    test('is the same hold: released there, numbered apart, twice seen as twice', async () => {
      const { recorder, history, list } = given()
      const data = { ticket: recorder.share(), thread: 'writer' }
      worker = await spawnWorker(new URL('./recorder.worker.mjs', import.meta.url), data)
      const mine = history.hold('tcp reader')
      const theirs = await worker.call<number>('hold', 'TCP con', history.handle, 'writer')
      const number = mine.transfer('writer')
      const release = () => worker?.call('release', 'TCP con', history.handle, number, 'writer')
      expect(await release()).toBe(true)
      mine.release()
      expect(await release()).toBe(true)
      const seen = history.events().map(({ thread, verb, log }) => `${thread}: ${verb} ${log}`)
      expect(seen).toEqual([
        'tcp main: HOLD hold 0.1 by tcp reader',
        'writer: HOLD hold 1.1 by writer',
        'tcp main: TRANSFER hold 0.1 by writer',
        'writer: RELEASE hold 0.1 by writer',
        'tcp main: RELEASE hold 0.1 by writer',
        'writer: RELEASE hold 0.1 by writer',
      ])
      expect(numberOf({ number: theirs })).toBe('1.1')
      expect(list.at(history.handle)?.holdAt(theirs, 'writer').release()).toBe(true)
    })
  })
})
