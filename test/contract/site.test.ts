// A call site is the part of a format behind its NUL: the plugin writes it there, readers part the two.

import { expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'

function given() {
  const recorder = new Recorder({ budget: '512KiB' })
  const { USED } = recorder.verbs({ USED: 0 })
  return { history: recorder.list('things', { maxText: 40 }).push(1), USED }
}

/** The event that this format and these arguments become. */
function logged(format: string, ...args: unknown[]) {
  const { history, USED } = given()
  expect(history.log(USED, format, ...args)).toBe(true)
  const { log, site } = history.events()[0] ?? {}
  return { log, site }
}

test('event.site is what stands behind the NUL, and the text does without it', () => {
  const site = 'src/conn.ts:41:accept'
  expect(logged(`connect, (%d)\0${site}`, 1)).toEqual({ log: 'connect, (1)', site })
  expect(logged(`\0${site}`)).toEqual({ log: '', site })
  expect(logged(`%s by %f\0${site}`, 'a new string', 1.5)).toEqual({
    log: 'a new string by 1.500000',
    site,
  })
  expect(logged(`%d\0${site}`)).toEqual({ log: '<missing %d>', site })
})

test('event.site is not there without a NUL', () => {
  const { history, USED } = given()
  history.log(USED, 'plain')
  expect(history.events().some((event) => 'site' in event)).toBe(false)
})

test('event.site is any text: the first NUL parts, an argument parts nothing', () => {
  expect(logged('a\0b\0c%d', 7)).toEqual({ log: 'a (extra: 7)', site: 'b\0c%d' })
  expect(logged('\0')).toEqual({ log: '', site: '' })
  expect(logged('%s', 'x\0y')).toEqual({ log: 'x\0y', site: undefined })
})

test('event.site of a format that was too long to be interned', () => {
  const { log, site } = logged(`long %d\0${'s'.repeat(3000)}`, 1)
  expect(log).toBe('long 1')
  expect(site).toMatch(/^s+…\+\d+B$/)
})

test('two calls of one format and verb keep their own sites', () => {
  const { history, USED } = given()
  for (let i = 0; i < 3; i++) {
    history.log(USED, '%d\0a.ts:1', i)
    history.log(USED, '%d\0b.ts:2', i)
  }
  expect(history.events().map(({ site }) => site)).toEqual([
    'a.ts:1',
    'b.ts:2',
    'a.ts:1',
    'b.ts:2',
    'a.ts:1',
    'b.ts:2',
  ])
})

test('history.site of a reader is what push() was given behind the object', () => {
  const recorder = new Recorder({ budget: '512KiB' })
  const list = recorder.list('things')
  const pushed = [
    list.push(1, 'a.ts:1:open'),
    list.push('a string', 'b.ts:2'),
    list.push('s'.repeat(200), 'a.ts:1:open'),
    list.push(1.5),
    list.push(-1n, ''),
    list.push(2, 'x'.repeat(4000)),
    ...[3].map(list.push.bind(list) as (object: number) => ReturnType<typeof list.push>),
  ]
  const image = openImage(recorder.snapshot())
  const read = pushed.map(({ handle }) => image.history(handle))
  expect(read.map((history) => history?.site)).toEqual([
    'a.ts:1:open',
    'b.ts:2',
    'a.ts:1:open',
    undefined,
    undefined,
    undefined,
    undefined,
  ])
  expect(read.map((history) => history?.object)).toEqual([
    1,
    'a string',
    's'.repeat(200),
    1.5,
    -1n,
    2,
    3,
  ])
  expect(image.find('a string')).toHaveLength(1)
  expect(image.problems()).toEqual([])
})
