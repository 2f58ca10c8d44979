// A page served without COOP and COEP: no SharedArrayBuffer, one thread.

import { expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'

function given() {
  const recorder = new Recorder({ name: 'page', budget: '1MiB' })
  const verbs = recorder.verbs({ REF: +1, SEND: 0, DESTROY: 'end' })
  return { recorder, verbs, list: recorder.list('fetches', { window: 3 }) }
}

test('this page is not cross-origin isolated', () => {
  expect(crossOriginIsolated).toBe(false)
  expect(typeof SharedArrayBuffer).toBe('undefined')
})

test('a recorder works there, in one thread', () => {
  const { verbs, list } = given()
  for (let n = 0; n < 5; n++) {
    const history = list.push(`fetch ${n}`)
    expect(history.log(verbs.REF, 'GET %s, (%d)', '/index.html', n)).toBe(true)
    for (let i = 0; i < 400; i++) history.log(verbs.SEND, '%d', i)
    expect(history.log(verbs.DESTROY)).toBe(true)
  }
  const histories = [...list.histories()]
  expect(histories).toHaveLength(3)
  for (const history of histories) {
    expect(list.at(history.handle)?.events()).toEqual(history.events())
    expect(history.events()).toHaveLength(300)
    expect(history.events()[0]).toMatchObject({ verb: 'REF', lost: 0 })
    expect(history.events()[75]).toMatchObject({ verb: 'SEND', lost: 102 })
  }
})

test('stats() says that it is a single thread, and why', () => {
  const { recorder } = given()
  expect(recorder.stats()).toMatchObject({
    shared: false,
    threading: 'single thread: SharedArrayBuffer is not available here',
  })
})

test('share() throws and says how the page must be served', () => {
  const { recorder } = given()
  expect(() => recorder.share()).toThrow(
    'Cannot share recorder "page": this page is not cross-origin isolated, so its memory stays in one thread; serve it with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp',
  )
})

test('a budget that is used up sends the oldest out there, too', () => {
  const { recorder, verbs } = given()
  const list = recorder.list('all', { window: 0 })
  for (let n = 0; n < 3000; n++) {
    const history = list.push(n)
    for (let i = 0; i < 30; i++)
      if (!history.log(verbs.SEND, '%d %s', i, `text ${n}`)) throw new Error(`${n}.${i}`)
  }
  expect(recorder.stats().bytes).toBeLessThanOrEqual(2 ** 20)
  expect(recorder.stats().evictedByBudget).toBeGreaterThan(0)
})

test('a snapshot opens', () => {
  const { recorder, verbs, list } = given()
  const history = list.push(0x10)
  history.log(verbs.SEND, 'here')
  const image = openImage(recorder.snapshot())
  expect(image.history(history.handle)?.events()).toEqual(history.events())
  expect(image.stats().shared).toBe(false)
  expect(image.problems()).toEqual([])
})

test('dumpSync() says that there are no files', () => {
  const { recorder } = given()
  expect(() => recorder.dumpSync('page.shdump')).toThrow('there are no files here')
})
