// A snapshot is a whole image, also while writers go on.

import { describe, expect, test } from 'vitest'
// As it is shipped: no recorder, no Wasm.
import { openImage } from '../../build/inspect.js'
import { Recorder } from '../../src/index.ts'
import { spawnWorker } from '../support/platform.ts'

const file = new URL('./recorder.worker.mjs', import.meta.url)

describe('recorder.snapshot()', () => {
  test('opens, and shows the events that the recorder itself shows', () => {
    const recorder = new Recorder({ name: 'proxy', budget: '4MiB', thread: 'main thread' })
    const verbs = recorder.verbs({ REF: +1, SEND: 0, DESTROY: 'end', MARK: { role: 0, pin: true } })
    const list = recorder.list('TCP con', { window: 20, maxEvents: 50, maxText: 300 })
    for (let n = 0; n < 40; n++) {
      const history = list.push(n % 2 === 0 ? n : `object ${n}`)
      history.log(verbs.REF, 'connect, (%d)', 1)
      for (let i = 0; i < 4 * n; i++) {
        history.log(i % 31 === 0 ? verbs.MARK : verbs.SEND, '%d %s %j', i, 'é'.repeat(i), { i })
      }
      if (n % 3 === 0) history.log(verbs.DESTROY)
    }
    const image = openImage(recorder.snapshot(), { source: 'snapshot' })
    expect(image).toMatchObject({ name: 'proxy', source: 'snapshot', coarse: true })
    const read = image.list('TCP con')
    expect(read).toMatchObject({ window: 20, maxEvents: 50, maxText: 300, pushed: 40 })
    const retained = [...list.histories()]
    expect(read?.histories().map(({ handle }) => handle)).toEqual(
      retained.map(({ handle }) => handle),
    )
    for (const history of retained)
      expect(image.history(history.handle)?.events()).toEqual(history.events())
    const { threading, durable, ...stats } = recorder.stats()
    expect([threading, durable]).toEqual(['shared', 'none'])
    expect(image.stats()).toEqual(stats)
    expect(image.verbs().map(({ name, role, pin }) => [name, role, pin])).toEqual([
      ['REF', 'ref', false],
      ['SEND', 'none', false],
      ['DESTROY', 'end', false],
      ['MARK', 'none', true],
    ])
    expect(image.problems()).toEqual([])
  })

  test('is a copy: what is recorded afterwards does not show', () => {
    const recorder = new Recorder({ budget: '1MiB' })
    const { SEND } = recorder.verbs({ SEND: 0 })
    const history = recorder.list('list').push(1)
    history.log(SEND, 'before')
    const bytes = recorder.snapshot()
    history.log(SEND, 'after')
    expect(openImage(bytes).history(history.handle)?.events()).toHaveLength(1)
    expect(Object.prototype.toString.call(bytes.buffer)).toBe('[object ArrayBuffer]')
  })

  test('of an empty recorder opens', () => {
    const image = openImage(new Recorder({ budget: '1MiB' }).snapshot())
    expect(image.lists()).toEqual([])
    expect(image.problems()).toEqual([])
  })

  test('taken while two threads write shows no event that is damaged', async () => {
    const recorder = new Recorder({ budget: '2MiB' })
    const list = recorder.list('TCP con', { window: 300, maxText: 64 })
    const busy = { ticket: recorder.share() }
    const workers = await Promise.all([spawnWorker(file, busy), spawnWorker(file, busy)])
    let isDone = false
    let snapshots = 0
    const events = [0, 0]
    // On a busy machine they go on until there is enough to look at.
    const isEnough = () => snapshots > 3 && Math.min(...events) > 1000
    const done = Promise.all(
      workers.map(async (worker, who) => {
        for (let round = 0; round < 4 || !isEnough(); round++)
          (events[who] as number) += await worker.call<number>('forAWhile', 'TCP con', who + 1, 300)
      }),
    ).finally(() => {
      isDone = true
    })
    const damaged: unknown[] = []
    while (!isDone) {
      const before = [...list.histories()].filter((history) => history.events().length === 40)
      const image = openImage(recorder.snapshot())
      // Lives that had all their events before the copy began and are still there after it.
      const settled = new Set(
        before.map(({ handle }) => handle).filter((handle) => list.at(handle) !== undefined),
      )
      snapshots++
      for (const history of image.list('TCP con')?.histories() ?? []) {
        const who = Math.floor(Number(history.object) / 1_000_000)
        const n = Number(history.object) % 1_000_000
        // What was written or evicted while it was copied may be without its text, and says so.
        const isTold = (log: string) =>
          !settled.has(history.handle) && /^%s <text (lost|damaged)>$/.test(log)
        for (const { index, verb, log } of history.events()) {
          if (verb !== '' && log !== `${who} ${n} ${index}` && !isTold(log))
            damaged.push({ object: history.object, index, verb, log })
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    await done
    expect(damaged.slice(0, 5)).toEqual([])
    expect(isEnough()).toBe(true)
    expect([...list.histories()].length).toBeGreaterThan(0)
    await Promise.all(workers.map((worker) => worker.terminate()))
  })
})
