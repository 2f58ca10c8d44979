// A history: what log() takes, what it keeps of a long life, and what it shows.

import { describe, expect, test } from 'vitest'
import {
  type Event,
  type History,
  type ListOptions,
  Recorder,
  type RecorderOptions,
} from '../../src/index.ts'

type Log = (verb: unknown, format?: unknown, ...args: unknown[]) => boolean

function given(options: ListOptions = {}) {
  const recorder = new Recorder({ budget: '8MiB', thread: 'tcp main' })
  const verbs = recorder.verbs({
    REF: +1,
    UNREF: -1,
    SEND: 0,
    DESTROY: 'end',
    MARK: { role: 0, pin: true },
  })
  const list = recorder.list('TCP con', { window: 100, ...options })
  const history = list.push(0x10)
  /** log() past the compiler. */
  const log: Log = (...given) => history.log(...(given as Parameters<History['log']>))
  return { recorder, verbs, list, history, log }
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)
const indexes = (events: Event[]) => events.map(({ index }) => index)

/** What a log with these arguments reads as. */
function written(format: unknown, ...args: unknown[]): string | undefined {
  const { verbs, history, log } = given()
  expect(log(verbs.SEND, format, ...args)).toBe(true)
  return history.events()[0]?.log
}

describe('history.events()', () => {
  test('tells index, verb, time, pid, tid, thread, text and loss of each event', () => {
    const { verbs, history } = given()
    history.log(verbs.REF, 'connect, (%d)', 1)
    history.log(verbs.DESTROY)
    const [first, second] = history.events() as [Event, Event]
    expect(first).toMatchObject({
      index: 0,
      verb: 'REF',
      role: 'ref',
      thread: 'tcp main',
      log: 'connect, (1)',
      lost: 0,
      late: '',
    })
    expect(second).toMatchObject({ index: 1, verb: 'DESTROY', role: 'end', log: '', lost: 0 })
    expect(first.pid).toBe(typeof process === 'undefined' ? 0 : process.pid)
    expect(first.tid).toBeTypeOf('number')
    expect(first.t).toBeGreaterThanOrEqual(0)
    expect(second.t).toBeGreaterThanOrEqual(first.t)
    expect(second.address).toBeGreaterThan(first.address)
  })

  test("are of this life only, also when the history's memory held another one before", () => {
    const { verbs, list } = given({ window: 1 })
    for (let n = 0; n < 50; n++) {
      const history = list.push(n)
      for (let i = 0; i <= n; i++) history.log(verbs.SEND, '%d.%d', n, i)
      expect(history.events().map(({ log }) => log)).toEqual(
        range(0, n + 1).map((i) => `${n}.${i}`),
      )
    }
  })

  test('time advances with the wall clock, for either clock', async () => {
    for (const clock of ['coarse', 'precise'] as const) {
      const recorder = new Recorder({ budget: '1MiB', clock })
      const { SEND } = recorder.verbs({ SEND: 0 })
      const history = recorder.list('list').push(1)
      history.log(SEND)
      await new Promise((resolve) => setTimeout(resolve, 100))
      history.log(SEND)
      const [before, after] = history.events() as [Event, Event]
      expect(after.t - before.t).toBeGreaterThan(90_000)
      expect(after.t - before.t).toBeLessThan(5_000_000)
    }
  })
})

describe('maxEvents', () => {
  // 400 events:   [ 0 … 74 ]  75 … 174 fall  [ 175 … 399 ]
  test('300 keeps the first quarter and the last three quarters of 400 events', () => {
    const { verbs, history } = given()
    for (let n = 0; n < 400; n++) history.log(verbs.SEND, 'n=%d', n)
    const events = history.events()
    expect(indexes(events)).toEqual([...range(0, 75), ...range(175, 400)])
    for (const { index, log } of events) expect(log).toBe(`n=${index}`)
    expect(events.filter(({ lost }) => lost > 0).map(({ index, lost }) => [index, lost])).toEqual([
      [175, 100],
    ])
  })

  test('300 loses nothing of 300 events, and one of 301', () => {
    const { verbs, history } = given()
    for (let n = 0; n < 300; n++) history.log(verbs.SEND)
    expect(indexes(history.events())).toEqual(range(0, 300))
    history.log(verbs.SEND)
    expect(indexes(history.events())).toEqual([...range(0, 75), ...range(76, 301)])
    expect(history.events()[75]?.lost).toBe(1)
  })

  test.each([1, 2, 3, 4, 5, 7, 17, 18, 35, 68, 69, 100, 450])(
    '%d keeps the first quarter and the rest from the end, at any length',
    (maxEvents) => {
      const { verbs, history } = given({ maxEvents })
      const first = Math.floor(maxEvents / 4)
      for (let n = 0; n < 3 * maxEvents + 40; n++) {
        history.log(verbs.SEND, '%d', n)
        if (n % 13 !== 0 && n < 3 * maxEvents + 30) continue
        const events = history.events()
        const from = Math.max(first, n + 1 - (maxEvents - first))
        expect(indexes(events)).toEqual([
          ...range(0, Math.min(first, n + 1)),
          ...range(from, n + 1),
        ])
        expect(events.map(({ log }) => Number(log))).toEqual(indexes(events))
        expect(events.reduce((sum, { lost }) => sum + lost, 0)).toBe(n + 1 - events.length)
      }
    },
  )

  test('2000 keeps all of 1999 events and the right ones of 10,000', () => {
    const { verbs, history } = given({ maxEvents: 2000 })
    for (let n = 0; n < 1999; n++) history.log(verbs.SEND, '%d', n)
    expect(indexes(history.events())).toEqual(range(0, 1999))
    for (let n = 1999; n < 10_000; n++) history.log(verbs.SEND, '%d', n)
    const events = history.events()
    expect(indexes(events)).toEqual([...range(0, 500), ...range(8500, 10_000)])
    expect(events.map(({ log }) => Number(log))).toEqual(indexes(events))
    expect(events[500]?.lost).toBe(8000)
  })

  test('50000, the most, keeps all of 50,000', () => {
    const { verbs, history } = given({ maxEvents: 50_000 })
    for (let n = 0; n < 50_000; n++) history.log(verbs.SEND, '%d', n)
    const events = history.events()
    expect(events).toHaveLength(50_000)
    expect(events.every(({ index, log }, n) => index === n && log === `${n}`)).toBe(true)
  })

  test('counts every event as logged, the fallen too', () => {
    const { verbs, history, recorder } = given({ maxEvents: 8 })
    for (let n = 0; n < 1000; n++) history.log(verbs.SEND)
    expect(recorder.stats().logged).toBe(1000)
  })
})

describe('verbs marked pin', () => {
  test('stay when the middle around them falls', () => {
    const { verbs, history } = given()
    for (let n = 0; n < 2000; n++) history.log(n % 400 === 350 ? verbs.MARK : verbs.SEND, '%d', n)
    const events = history.events()
    const marks = events.filter(({ verb }) => verb === 'MARK')
    expect(indexes(marks)).toEqual([350, 750, 1150, 1550, 1950])
    expect(marks.map(({ log }) => log)).toEqual(['350', '750', '1150', '1550', '1950'])
    expect(indexes(events)).toEqual([...range(0, 75), 350, 750, 1150, 1550, ...range(1775, 2000)])
    expect(events.reduce((sum, { lost }) => sum + lost, 0)).toBe(2000 - events.length)
    expect(events.find(({ index }) => index === 350)?.lost).toBe(275)
  })

  // A verb without a format, and one with it, are told apart from others in two ways.
  test.each([0, 7, 8, 31, 32, 40, 1000, 1023])('stay whatever their number: %i', (number) => {
    const recorder = new Recorder({ budget: '8MiB' })
    const names = range(0, 1024).map((n) => `V${n}`)
    const verbs = recorder.verbs(
      Object.fromEntries(names.map((name, n) => [name, { role: 0, pin: n === number } as const])),
    )
    const history = recorder.list('TCP con').push(1)
    const others = names.filter((_, n) => n !== number)
    const verb = (name = '') => verbs[name] as NonNullable<(typeof verbs)[string]>
    for (let n = 0; n < 2000; n++) {
      const isKept = n % 400 === 350
      const name = isKept ? `V${number}` : others[(7 * n) % others.length]
      if (isKept ? n % 800 === 350 : n % 2 === 0) history.log(verb(name))
      else history.log(verb(name), '%d', n)
    }
    const events = history.events()
    expect(indexes(events)).toEqual([...range(0, 75), 350, 750, 1150, 1550, ...range(1775, 2000)])
    const kept = events.filter(({ verb }) => verb === `V${number}`).map(({ log }) => log)
    expect(kept).toEqual(['', '750', '', '1550', ''])
  })

  test('stay with their texts', () => {
    const { verbs, history } = given({ maxEvents: 40 })
    for (let n = 0; n < 300; n++)
      history.log(n === 100 ? verbs.MARK : verbs.SEND, '%s', `text of event ${n}`)
    const mark = history.events().find(({ verb }) => verb === 'MARK')
    expect(mark).toMatchObject({ index: 100, log: 'text of event 100' })
  })
})

describe('late events', () => {
  test("are kept and marked when they follow an 'end' verb", () => {
    const { verbs, history } = given()
    history.log(verbs.REF, 'in time')
    history.log(verbs.DESTROY, 'the end')
    expect(history.log(verbs.SEND, 'send %d', 6)).toBe(true)
    expect(history.log(verbs.DESTROY, 'again')).toBe(true)
    expect(history.events().map(({ late }) => late)).toEqual(['', '', 'after end', 'after end'])
  })

  test('are kept and marked when they follow the last unref()', () => {
    const { verbs, history } = given()
    history.ref()
    history.unref()
    history.log(verbs.SEND, 'in time')
    expect(history.unref()).toBe(true)
    expect(history.log(verbs.SEND, 'late')).toBe(true)
    expect(history.log(verbs.SEND, 'late, %s', 'with a text')).toBe(true)
    expect(history.events().map(({ log, late }) => [log, late])).toEqual([
      ['in time', ''],
      ['late', 'after last unref'],
      ['late, with a text', 'after last unref'],
    ])
  })
})

describe('history.log() stores what it is given', () => {
  const cases: [string, unknown[], string][] = [
    ['%d', [1], '1'],
    ['%d %d %d', [1, -2, 2147483647], '1 -2 2147483647'],
    ['%d %d %d %d %d', [1, 2, 3, 4, -2147483648], '1 2 3 4 -2147483648'],
    ['%d', [2147483648], '2147483648'],
    ['%d', [2 ** 53], '9007199254740992'],
    ['%x', [255], 'ff'],
    ['%p', [0x7f95acf6ea60], '0x7f95acf6ea60'],
    ['%.3f', [1.5], '1.500'],
    ['%s', [-0], '-0'],
    ['%s', [Number.NaN], 'NaN'],
    ['%s %s', [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], 'Infinity -Infinity'],
    ['%s', [0.1], '0.1'],
    ['%d', [9223372036854775807n], '9223372036854775807'],
    ['%d', [-9223372036854775808n], '-9223372036854775808'],
    ['%s', [18446744073709551615n], '18446744073709551615'],
    ['%j', [9223372036854775808n], '9223372036854775808'],
    ['%x', [0xffff8000deadbeefn], 'ffff8000deadbeef'],
    ['%u', [0xffff8000deadbeefn], '18446603339957124847'],
    ['%s', [2n ** 70n], '1180591620717411303424'],
    ['%s', [-(2n ** 70n)], '-1180591620717411303424'],
    ['%s %s', [true, false], 'true false'],
    ['%s %s', [null, undefined], 'null undefined'],
    ['%j', [{ a: 1, b: ['x', null] }], '{"a":1,"b":["x",null]}'],
    ['%j', [[1, 2n]], '[1,"2"]'],
    ['%j', ['a "quoted" one'], '"a \\"quoted\\" one"'],
    ['%s', [Symbol('peer')], 'Symbol(peer)'],
    ['%s', [new Date(0)], '"1970-01-01T00:00:00.000Z"'],
    ['%s', ['Düsseldorf ☎ 東京 😀'], 'Düsseldorf ☎ 東京 😀'],
    ['%s', [''], ''],
    ['%c%c', ['a', 98], 'ab'],
    ['%5d|%-5d|%05d', [42, 42, 42], '   42|42   |00042'],
    ['100%%', [], '100%'],
    ['send %d, (%s)', [6, 'one'], 'send 6, (one)'],
  ]
  test.each(cases)('%s of %o reads as %s', (format, args, text) => {
    expect(written(format, ...args)).toBe(text)
  })

  test('a string seen before and a new one read alike', () => {
    const { verbs, history } = given()
    for (let n = 0; n < 8; n++) history.log(verbs.SEND, 'peer %s', 'sip:alice@example')
    for (let n = 0; n < 8; n++) history.log(verbs.SEND, 'peer %s, %d', 'sip:bob@example', n)
    const texts = history.events().map(({ log }) => log)
    expect(texts.slice(0, 8)).toEqual(Array(8).fill('peer sip:alice@example'))
    expect(texts.slice(8)).toEqual(range(0, 8).map((n) => `peer sip:bob@example, ${n}`))
  })

  test('strings of every short length read as they are, new, seen again and known', () => {
    const { verbs, history } = given({ maxEvents: 1000 })
    const letters = 'sip:alice@example.org'
    const strings = range(0, 20).flatMap((n) => [letters.slice(0, n), `${letters.slice(0, n)}é`])
    const all = [...strings, ...strings, ...strings, ...strings]
    for (const text of all) expect(history.log(verbs.SEND, 'peer %s', text)).toBe(true)
    expect(history.events().map(({ log }) => log)).toEqual(all.map((text) => `peer ${text}`))
  })

  test.each<[string, RecorderOptions, ListOptions]>([
    ['a plain list', {}, {}],
    ['a precise clock', { clock: 'precise' }, {}],
    ['autoLog', {}, { autoLog: true }],
    ['coalesce', {}, { coalesce: true }],
    ['check', {}, { check: true }],
  ])(
    'strings of up to 16 characters read as they are, whichever these are: %s',
    (_, how, options) => {
      const recorder = new Recorder({ budget: '8MiB', ...how })
      const { SEND, DESTROY } = recorder.verbs({ SEND: 0, DESTROY: 'end' })
      const history = recorder.list('TCP con', { maxEvents: 10_000, ...options }).push(0x10)
      const ascii = String.fromCharCode(...range(0, 128))
      const words = [
        'sip:alice@exampl',
        'a3f09c-77',
        'A3F0 9C (7)',
        'GET /INDEX.HTML?',
        'Both Cases',
        '_{~}',
      ]
      const runs = [
        ...words.map((word) => word.padEnd(16, '.')),
        ...range(0, 128).map((n) => (ascii + ascii).slice(n, n + 16)),
      ]
      // Each character of either case at each place.
      for (const letters of [ascii.slice(64, 96), ascii.slice(96)])
        for (const n of range(0, 64))
          runs.push((ascii.slice(32, 64) + letters).repeat(2).slice(n, n + 16))
      const all = [
        ...new Set(runs.flatMap((run) => range(1, 17).map((length) => run.slice(0, length)))),
      ]
      for (const text of all) expect(history.log(SEND, '<%s>', text)).toBe(true)
      expect(history.log(DESTROY, '<%s>', 'the end')).toBe(true)
      expect(history.log(SEND, '<%s>', 'used AGAIN after')).toBe(true)
      const events = history.events()
      expect(events.map(({ log }) => log)).toEqual(
        [...all, 'the end', 'used AGAIN after'].map((text) => `<${text}>`),
      )
      expect(events.slice(-2).map(({ late }) => late)).toEqual(['', 'after end'])
    },
  )

  test('strings that a quick look-up takes for one another read as they are', () => {
    const { verbs, history } = given({ maxEvents: 1000 })
    // The same length and the same end.
    const all = range(0, 300).map((n) => `${'abcdefghij'[n % 10]}/users/42`)
    for (const text of all) expect(history.log(verbs.SEND, 'GET %s', text)).toBe(true)
    expect(history.events().map(({ log }) => log)).toEqual(all.map((text) => `GET ${text}`))
  })

  test('one, two and three integers across many blocks', () => {
    const { verbs, history } = given({ maxEvents: 1000 })
    const lines = range(0, 200).map((n) => {
      if (n % 3 === 0) expect(history.log(verbs.SEND, 'send %d', n)).toBe(true)
      if (n % 3 === 1) expect(history.log(verbs.SEND, 'send %d, %d', n, -n)).toBe(true)
      if (n % 3 === 2) expect(history.log(verbs.SEND, 'send %d, %d, %d', n, -n, 7)).toBe(true)
      return ['send ', String(n), `, ${-n}`, ', 7'].slice(0, 2 + (n % 3)).join('')
    })
    expect(history.events().map(({ log }) => log)).toEqual(lines)
  })

  test('many more distinct strings and formats than are remembered read as they were', () => {
    const { verbs, history } = given({ maxEvents: 10_000 })
    for (let n = 0; n < 5000; n++) expect(history.log(verbs.SEND, `f${n} %s`, `s${n}`)).toBe(true)
    const texts = history.events().map(({ log }) => log)
    expect(texts).toEqual(range(0, 5000).map((n) => `f${n} s${n}`))
  })

  // With its verb a format is one string, of at most 4096 bytes.
  test.each([1363, 1364, 1365, 1366, 2000])(
    'formats of %i characters, of one byte or three',
    (n) => {
      const { verbs, history } = given({ maxText: 8192 })
      const formats = ['x', '€'].map((character) => `${character.repeat(n - 2)}%d`)
      for (const format of [...formats, ...formats])
        for (const verb of [verbs.SEND, verbs.MARK]) expect(history.log(verb, format, 7)).toBe(true)
      expect(history.events().map(({ verb, log }) => [verb, log])).toEqual(
        [...formats, ...formats].flatMap((format) => [
          ['SEND', format.replace('%d', '7')],
          ['MARK', format.replace('%d', '7')],
        ]),
      )
    },
  )

  test('formats that take turns, of one length and of many, read with their own arguments', () => {
    const { verbs, history, log } = given({ maxEvents: 2000 })
    const formats = range(0, 6).flatMap((n) => [
      `format ${n}`,
      `${'of %d '.repeat(n)}${n}`,
      'x'.repeat(n * 16),
    ])
    const expected: string[] = []
    for (const n of range(0, 20)) {
      for (const format of formats) {
        const args = range(0, format.split('%d').length - 1).map((i) => n + i)
        expect(log(verbs[n % 2 ? 'REF' : 'SEND'], format, ...args)).toBe(true)
        expected.push(args.reduce<string>((text, arg) => text.replace('%d', `${arg}`), format))
      }
      expect(log(verbs.SEND)).toBe(true)
      expected.push('')
    }
    expect(history.events().map((event) => event.log)).toEqual(expected)
  })

  test('an object as it was at that time, not as it became', () => {
    const { verbs, history } = given()
    const state = { count: 1 }
    history.log(verbs.SEND, '%j', state)
    state.count = 2
    expect(history.events()[0]?.log).toBe('{"count":1}')
  })

  test('an object that refers to itself or whose toJSON throws by its kind', () => {
    const circle: Record<string, unknown> = {}
    circle.self = circle
    const hostile = {
      toJSON() {
        throw new Error('mine')
      },
    }
    expect(written('%j', circle)).toBe('[object Object]')
    expect(written('%j', hostile)).toBe('[object Object]')
    expect(written('%s', () => 1)).toMatch(/^\[function .*\]$/)
  })
})

describe('history.log() with wrong arguments never throws and shows them', () => {
  test.each<[string, unknown[], string]>([
    ['%d %d', [1], '1 <missing %d>'],
    ['%s', [], '<missing %s>'],
    ['%d', [1, 2], '1 (extra: 2)'],
    ['plain', ['more'], 'plain (extra: "more")'],
    ['%d', ['abc'], 'abc'],
    ['%d', [{ a: 1 }], '{"a":1}'],
    ['%x', [undefined], 'undefined'],
    ['%f', [true], 'true'],
  ])('%s of %j', (format, args, text) => {
    expect(written(format, ...args)).toBe(text)
  })

  test.each([
    [42, '42'],
    [null, 'null'],
    [{}, '[object Object]'],
    [Symbol('s'), 'Symbol(s)'],
  ])('a format that is no string: %s', (format, text) => {
    expect(written(format)).toBe(text)
  })

  test('a format whose toString throws is counted as rejected', () => {
    const { verbs, log, recorder } = given()
    const hostile = {
      toString() {
        throw new Error('mine')
      },
    }
    expect(log(verbs.SEND, hostile)).toBe(false)
    expect(recorder.stats().rejected).toBe(1)
    expect(log(verbs.SEND, 'and goes on')).toBe(true)
  })

  test('an object whose toJSON logs, too, keeps both events whole', () => {
    const { verbs, history, log } = given()
    const nested = {
      toJSON() {
        history.log(verbs.MARK, 'inside %s', 'a very different and rather long text')
        return 'outside'
      },
    }
    expect(log(verbs.SEND, '%s %j', 'before', nested)).toBe(true)
    const texts = history.events().map(({ log: text }) => text)
    expect(texts.sort()).toEqual([
      'before "outside"',
      'inside a very different and rather long text',
    ])
  })

  test('a verb that is none, or of another recorder, is counted as rejected', () => {
    const { log, recorder, history } = given()
    const foreign = new Recorder({ budget: '1MiB' }).verbs({ SEND: 0 }).SEND
    const garbage = [undefined, null, 0, 'SEND', {}, { name: 'SEND', id: 2 }, [], foreign]
    for (const verb of garbage) expect(log(verb, 'x %d', 1)).toBe(false)
    expect(recorder.stats().rejected).toBe(garbage.length)
    expect(history.events()).toEqual([])
  })
})

describe('maxText', () => {
  test('cuts a text and says how much is missing', () => {
    const { verbs, history, recorder } = given()
    history.log(verbs.SEND, '%s', 'x'.repeat(200))
    expect(history.events()[0]?.log).toBe(`${'x'.repeat(128)}…+72B`)
    expect(recorder.stats().textsCut).toBe(1)
  })

  test.each(['é', 'ж', '東', '😀'])('is used up by %s as far as whole ones fit', (character) => {
    const bytes = new TextEncoder().encode(character).length
    for (const maxText of [1, 2, 3, 7, 62, 63, 64, 65, 100]) {
      const { verbs, history } = given({ maxText })
      for (const count of [33, 60, 200]) history.log(verbs.SEND, '%s', character.repeat(count))
      const kept = Math.floor(maxText / bytes)
      expect(history.events().map(({ log }) => log)).toEqual(
        [33, 60, 200].map((count) =>
          count <= kept
            ? character.repeat(count)
            : `${character.repeat(kept)}…+${bytes * (count - kept)}B`,
        ),
      )
    }
  })

  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])('%d cuts no character of 1 to 4 bytes', (maxText) => {
    const { verbs, history } = given({ maxText })
    const text = 'é東😀z'
    history.log(verbs.SEND, '%s', text)
    const encoder = new TextEncoder()
    let kept = ''
    for (const character of text) {
      if (encoder.encode(kept + character).length > maxText) break
      kept += character
    }
    const cut = 10 - encoder.encode(kept).length
    expect(history.events()[0]?.log).toBe(`${kept}…+${cut}B`)
  })

  test('8192 keeps strings of 5000 bytes whole, many of them', () => {
    const { verbs, history } = given({ maxText: 8192 })
    for (let n = 0; n < 60; n++) history.log(verbs.SEND, '%s', `${n}:`.padEnd(5000, '0123456789'))
    const texts = history.events().map(({ log }) => log)
    expect(texts).toEqual(range(0, 60).map((n) => `${n}:`.padEnd(5000, '0123456789')))
  })

  test('8192 shares its bytes between several strings', () => {
    const { verbs, history } = given({ maxText: 8192 })
    history.log(verbs.SEND, '%s%s', 'a'.repeat(5000), 'b'.repeat(5000))
    expect(history.events()[0]?.log).toBe(`${'a'.repeat(5000)}${'b'.repeat(3192)}…+1808B`)
  })

  test('a string of a million characters is cut like any other', () => {
    const { verbs, history } = given({ maxText: 16 })
    history.log(verbs.SEND, '%s', 'y'.repeat(1_000_000))
    expect(history.events()[0]?.log).toBe(`${'y'.repeat(16)}…+999984B`)
  })

  test('cuts a plain format of 200 characters, too', () => {
    const { verbs, history } = given()
    history.log(verbs.SEND, 'f'.repeat(200))
    expect(history.events()[0]?.log).toBe(`${'f'.repeat(128)}…+72B`)
  })

  test('a format of 200 characters that fits reads whole', () => {
    const { verbs, history } = given({ maxText: 1024 })
    const format = `${'long '.repeat(40)}%d %s`
    history.log(verbs.SEND, format, 7, 'end')
    history.log(verbs.SEND, format, 8, 'end')
    expect(history.events().map(({ log }) => log)).toEqual([
      `${'long '.repeat(40)}7 end`,
      `${'long '.repeat(40)}8 end`,
    ])
  })

  test('a format of 5000 characters reads whole where it fits', () => {
    const { verbs, history } = given({ maxText: 8192 })
    const format = `${'long '.repeat(1000)}%d`
    expect(history.log(verbs.SEND, format, 7)).toBe(true)
    expect(history.events()[0]?.log).toBe(`${'long '.repeat(1000)}7`)
  })

  test('a thousand arguments neither throw nor harm the next event', () => {
    const { verbs, history, log } = given()
    expect(log(verbs.SEND, '%d', ...range(0, 5000))).toBe(true)
    expect(log(verbs.SEND, 'next %d', 1)).toBe(true)
    const [many, next] = history.events()
    expect(many?.log).toMatch(/^0 \(extra: 1, 2, 3, .*…\+\d+B$/)
    expect(next?.log).toBe('next 1')
  })
})
