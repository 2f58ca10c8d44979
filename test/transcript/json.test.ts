// --json: one JSON value for each command, with keys that docs/SHDB.md names; what it says is what the tables say.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as at from '../../assembly/layout.ts'
import { type Image, openImage } from '../../src/inspect.ts'
import { CommandError, Runner } from '../../src/inspector/index.ts'
import { ImageBuilder } from '../support/image-builder.ts'
import { raceImage } from '../support/race-image.ts'
import { recordingHost } from '../support/shdb.ts'

type Row = Record<string, unknown>

async function written(command: string, images: readonly Image[]): Promise<string> {
  const host = recordingHost()
  const runner = new Runner(host)
  for (const each of images) runner.session.attach(each)
  await runner.execute(command)
  expect(host.stderr).toBe('')
  return host.stdout
}

async function rows(command: string, images = [raceImage()]): Promise<Row[]> {
  const value = JSON.parse(await written(command, images)) as Row[]
  expect(Array.isArray(value)).toBe(true)
  return value
}

/** Keys that docs/SHDB.md names, by the word that begins their row of its table. */
function documented(): ReadonlyMap<string, readonly string[]> {
  const text = readFileSync(new URL('../../docs/SHDB.md', import.meta.url), 'utf8')
  const lines = text.matchAll(/^\| ([a-z ]+) \| (`.*`.*) \|$/gm)
  const found = new Map<string, string[]>()
  for (const [, name = '', keys = ''] of lines) {
    found.set(
      name,
      [...keys.matchAll(/`(\w+)`/g)].map(([, key]) => key as string),
    )
  }
  return found
}

describe('the keys are those of the documentation', () => {
  const keys = documented()
  test.each([
    ['list', 'info lists --json'],
    ['history', 'info histories --json'],
    ['event', 'find --json TCP_'],
    ['thread', 'info threads --json'],
    ['verb', 'info verbs --json'],
    ['target', 'info target --json'],
  ])('%s', async (name, command) => {
    const [row] = await rows(command)
    expect(Object.keys(row as Row)).toEqual(keys.get(name))
  })

  test('a history with its events, and an object', async () => {
    const [life] = await rows('history --json #33555971')
    expect(Object.keys(life as Row)).toEqual([
      ...(keys.get('history') as string[]),
      ...(keys.get('of history') as string[]),
    ])
    const [first] = (life as Row).events as Row[]
    expect(Object.keys(first as Row)).toEqual(keys.get('event'))
    const [object] = await rows('info object --json #33555971')
    expect(Object.keys(object as Row)).toEqual([
      ...(keys.get('history') as string[]),
      ...(keys.get('of object') as string[]),
    ])
  })

  test('around', async () => {
    const value = JSON.parse(
      await written('around --json #33555971[4] 100us', [raceImage()]),
    ) as Row
    expect(Object.keys(value)).toEqual(keys.get('around'))
    const events = value.events as Row[]
    expect(Object.keys(events[0] as Row)).toEqual([
      ...(keys.get('event') as string[]),
      ...(keys.get('of around') as string[]),
    ])
    expect(events.map(({ log, offset, isIt }) => [log, offset, isIt])).toEqual([
      ['send 6, (1)', -100, false],
      ['login', -50, false],
      ['send 6, (0)', 0, true],
      ['read', 50, false],
      ['type=2', 100, false],
    ])
    expect((value.lost as Row[]).map(({ from, to, count }) => [from, to, count])).toEqual([
      [1, 2, 2],
      [4, 4, 1],
    ])
  })
})

test('a history is whole: state, losses, events', async () => {
  const [life = {}] = await rows('history --json 0x7f95acf6eb00')
  expect(life).toMatchObject({
    image: 'race.shdump',
    list: 'TCP con',
    object: '0x7f95acf6eb00',
    state: 'live',
    pinned: false,
    len: 5,
    lost: [
      { from: 1, to: 2, count: 2, cause: 'unfinished' },
      { from: 4, to: 4, count: 1, cause: 'unfinished' },
    ],
    notShown: 0,
    lostAtEnd: 1,
  })
  expect((life.events as Row[])[1]).toMatchObject({
    index: 3,
    t: 12550,
    time: '2026-01-02T03:04:05.012550Z',
    thread: 'tcp reader',
    verb: 'TCP_SEND2CHILD',
    role: 'none',
    log: 'read',
    lost: 2,
    late: '',
  })
})

describe('options hold as they do for people', () => {
  const logs = async (command: string) =>
    (await rows(command)).map(({ events }) => (events as Row[]).map(({ index }) => index))
  test.each([
    ['history --json -first 4 0x7f95acf6ea60', [[0, 1, 2], [0]]],
    ['history --json -last 8 0x7f95acf6ea60', [[2], [0, 1, 2, 3, 4, 5, 6]]],
    ['history --json -reverse -first 2 0x7f95acf6ea60', [[6, 5], []]],
    ['history --json -reverse -last 4 0x7f95acf6ea60', [[0], [2, 1, 0]]],
    ['history -thread 2 0x7f95acf6ea60 --json', [[], [3, 4, 6]]],
  ])('%s', async (command, wanted) => {
    expect(await logs(command)).toEqual(wanted)
  })

  test('find and info histories', async () => {
    const found = await rows('find --json -max 2 -verb TCP_DESTROY')
    expect(found.map(({ history, index }) => [history, index])).toEqual([
      [16778753, 2],
      [33555971, 5],
    ])
    const sorted = await rows('info histories --json -by events -max 2')
    expect(sorted.map(({ len }) => len)).toEqual([7, 5])
    expect(await rows('info histories --json -pinned')).toEqual([])
  })
})

test('several images are one array', async () => {
  const found = await rows('info histories --json sessions', [
    raceImage('one.shdump'),
    raceImage('two.shdump'),
  ])
  expect(found.map(({ image }) => image)).toEqual(['one.shdump', 'two.shdump'])
})

test('the counters of stats have their names', async () => {
  const [row] = await rows('info stats --json')
  expect(row).toEqual({ image: 'race.shdump', ...raceImage().stats() })
})

test('nothing of it is a value or the current event', async () => {
  const host = recordingHost()
  const runner = new Runner(host)
  runner.session.attach(raceImage())
  await runner.execute('history --json #33555971')
  await expect(runner.execute('event')).rejects.toThrow('No event selected.')
  await runner.execute('p 1')
  expect(host.stdout.endsWith('$1 = 1\n')).toBe(true)
})

test('errors go where errors go', async () => {
  const host = recordingHost()
  const runner = new Runner(host)
  runner.session.attach(raceImage())
  await expect(runner.execute('history --json 0x99')).rejects.toThrow(CommandError)
  expect(host.stdout).toBe('')
})

describe('of a hostile image', () => {
  const hostile = (): ImageBuilder => new ImageBuilder()

  test('a number that a double cannot hold is a string', async () => {
    const image = hostile()
    const list = image.list('l')
    list.push(1)
    image.u64(list.offset + at.LIST_EVENTS_GONE, 2n ** 53n + 2n)
    const [row] = await rows('info lists --json', [openImage(image.build())])
    expect(row?.eventsGone).toBe('9007199254740994')
  })

  test('names command no terminal, and are whole for a program', async () => {
    const name = 'x\u001b[2J\u009b\u202e\u{e0001}"\\'
    const image = hostile()
    image.list(name).push(`o${name}`)
    const opened = openImage(image.build())
    const text = await written('info histories --json', [opened])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u{e0001}]/u)
    const [row] = JSON.parse(text) as Row[]
    expect(row?.object).toBe(`o${name}`)
  })
})
