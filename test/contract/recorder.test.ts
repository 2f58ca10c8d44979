// The recorder's front door: what it takes, what it refuses and in which words.

import { describe, expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'

/** A value of the wrong type, past the compiler. */
const wrong = (value: unknown) => value as never

describe('new Recorder()', () => {
  test('without options is named recorder, and its thread is the main one', () => {
    const recorder = new Recorder()
    expect(recorder.name).toBe('recorder')
    expect(recorder.stats()).toMatchObject({ pushed: 0, logged: 0, threads: 1, lists: 0, verbs: 0 })
  })

  test.each([
    ['name', { name: 7 }, TypeError, 'Cannot create recorder: name must be a string, got 7'],
    [
      'a budget that is no size',
      { budget: '64 bananas' },
      TypeError,
      `Cannot create recorder: budget must be bytes as a number, or text like '64MiB', got "64 bananas"`,
    ],
    [
      'a budget that is too small',
      { budget: '1KiB' },
      RangeError,
      'Cannot create recorder: budget must be from 512KiB to 2GiB, got "1KiB"',
    ],
    [
      'a budget that is too large',
      { budget: 2 ** 32 },
      RangeError,
      'Cannot create recorder: budget must be from 512KiB to 2GiB, got 4294967296',
    ],
    [
      'clock',
      { clock: 'exact' },
      TypeError,
      `Cannot create recorder: clock must be 'coarse' or 'precise', got "exact"`,
    ],
    [
      'sinks',
      { sinks: [7] },
      TypeError,
      'Cannot create recorder: sinks must be an array of functions, got an array',
    ],
    [
      'an unknown key',
      { buget: '64MiB' },
      TypeError,
      'Cannot create recorder: unknown option "buget"; there are name, host, budget, clock',
    ],
    ['no object', 7, TypeError, 'Cannot create recorder: options must be an object, got 7'],
  ])('names the option, the expectation and the value: %s', (_, options, type, message) => {
    expect(() => new Recorder(wrong(options))).toThrow(type)
    expect(() => new Recorder(wrong(options))).toThrow(message)
  })

  test.each([
    ['512KiB', 524288],
    ['1 MiB', 1048576],
    ['1.5MiB', 1572864],
    [700_000, 655_360],
  ])('takes a budget of %s, rounded down to whole chunks', (budget, bytes) => {
    expect(new Recorder({ budget }).stats().budget).toBe(bytes)
  })
})

describe('recorder.list()', () => {
  const recorder = new Recorder({ budget: '4MiB' })

  test.each([
    [{ window: -3 }, RangeError, 'window must be an integer >= 0, got -3'],
    [{ window: 1.5 }, RangeError, 'window must be an integer >= 0, got 1.5'],
    [{ window: '9' }, TypeError, 'window must be an integer >= 0, got "9"'],
    [{ maxEvents: 0 }, RangeError, 'maxEvents must be an integer >= 1, got 0'],
    [{ maxEvents: 50_001 }, RangeError, 'maxEvents must be <= 50000, got 50001'],
    [{ maxText: 8193 }, RangeError, 'maxText must be <= 8192, got 8193'],
    [{ autoLog: 1 }, TypeError, 'autoLog must be true or false, got 1'],
    [{ enabled: 'no' }, TypeError, 'enabled must be true or false, got "no"'],
    [{ windw: 3 }, TypeError, 'unknown option "windw"; there are window'],
  ])('names list, option, expectation and value: %j', (options, type, message) => {
    expect(() => recorder.list('TCP con', wrong(options))).toThrow(type)
    expect(() => recorder.list('TCP con', wrong(options))).toThrow(
      `Cannot create list "TCP con": ${message}`,
    )
  })

  test.each([[undefined], [7], [''], [null]])('refuses %j for a name', (name) => {
    expect(() => recorder.list(wrong(name))).toThrow(TypeError)
    expect(() => recorder.list(wrong(name))).toThrow('Cannot create list: its name must be')
  })

  test('gives the same list for the same name, with the options it was made with', () => {
    const list = recorder.list('dialogs', { window: 5, maxEvents: 7, maxText: 9 })
    const again = recorder.list('dialogs', { window: 500 })
    expect(again).toBe(list)
    expect(again).toMatchObject({ name: 'dialogs', window: 5, maxEvents: 7, maxText: 9 })
    expect(recorder.list('other dialogs')).not.toBe(list)
  })

  test('has the defaults that the manual names', () => {
    const list = recorder.list('defaults')
    expect(list).toMatchObject({ window: 10_000, maxEvents: 300, maxText: 128, autoLog: false })
    expect(list.enabled).toBe(true)
  })

  test('says so when there is no room for its window', () => {
    const small = new Recorder({ budget: '512KiB' })
    const make = () => {
      for (let n = 0; n < 100; n++) small.list(`list ${n}`, { window: 100_000 })
    }
    expect(make).toThrow(RangeError)
    expect(make).toThrow(/Cannot create list "list \d+": the budget of 524288 bytes has no room/)
  })
})

describe('recorder.verbs()', () => {
  const recorder = new Recorder({ budget: '1MiB' })

  test('gives a verb for each name, and the same verb for the same name', () => {
    const verbs = recorder.verbs({ REF: +1, UNREF: -1, SEND: 0, DESTROY: 'end' })
    expect(Object.keys(verbs)).toEqual(['REF', 'UNREF', 'SEND', 'DESTROY'])
    expect(verbs.SEND.name).toBe('SEND')
    expect(recorder.verbs({ SEND: 0 }).SEND).toBe(verbs.SEND)
    expect(recorder.stats().verbs).toBe(4)
  })

  test('refuses another role for a verb that exists, naming both', () => {
    recorder.verbs({ TAKEN: +1 })
    expect(() => recorder.verbs(wrong({ TAKEN: 'end' }))).toThrow(TypeError)
    expect(() => recorder.verbs(wrong({ TAKEN: 'end' }))).toThrow(
      `Cannot define verb "TAKEN": its role is +1 already, got 'end'`,
    )
  })

  test.each([[2], ['destroy'], [null], [{ role: 7 }], [{}]])('refuses the role %j', (role) => {
    expect(() => recorder.verbs(wrong({ BAD: role }))).toThrow(TypeError)
    expect(() => recorder.verbs(wrong({ BAD: role }))).toThrow(
      `Cannot define verb "BAD": its role must be +1, -1, 0 or 'end', got`,
    )
  })

  test.each([[undefined], [null], [7]])('refuses %j for the definitions', (definitions) => {
    expect(() => recorder.verbs(wrong(definitions))).toThrow('Cannot define verbs: expected')
  })

  test('takes 1024 verbs, each with more formats than a thread remembers, read as they were', () => {
    const recorder = new Recorder({ budget: '8MiB' })
    const names = Array.from({ length: 1024 }, (_, n) => `VERB ${n}`)
    const verbs = recorder.verbs(Object.fromEntries(names.map((name) => [name, 0 as const])))
    const history = recorder.list('TCP con', { maxEvents: 50_000 }).push(1)
    const ways: [format: string | undefined, args: unknown[], log: string][] = [
      [undefined, [], ''],
      ['one %d', [1], 'one 1'],
      ['two %d %d', [1, 2], 'two 1 2'],
      ['a %s', ['text'], 'a text'],
      ['four %d %d %d %d', [1, 2, 3, 4], 'four 1 2 3 4'],
      ['none', [], 'none'],
    ]
    for (const verb of Object.values(verbs))
      for (const [format, args] of ways) history.log(verb, format, ...args)
    const image = openImage(recorder.snapshot())
    const events = image.history(history.handle)?.events() ?? []
    expect(events.map(({ verb, log }) => `${verb}: ${log}`)).toEqual(
      names.flatMap((name) => ways.map(([, , log]) => `${name}: ${log}`)),
    )
    expect(image.problems()).toEqual([])
  })

  test('says so beyond 1024 verbs, and the first ones go on', () => {
    const full = new Recorder({ budget: '1MiB' })
    const define = () => {
      for (let n = 0; n < 1100; n++) full.verbs({ [`VERB ${n}`]: 0 })
    }
    expect(define).toThrow(RangeError)
    expect(full.stats().verbs).toBe(1024)
    const history = full.list('list').push(1)
    expect(history.log(full.verbs({ 'VERB 1023': 0 })['VERB 1023'], 'last')).toBe(true)
    expect(history.events()[0]).toMatchObject({ verb: 'VERB 1023', log: 'last' })
  })

  test('with no room for another name still knows those that it has', () => {
    const full = new Recorder({ budget: '1MiB', thread: 'one of them' })
    const list = full.list('transactions')
    const { SENT } = full.verbs({ SENT: 0 })
    for (let n = 0; n < 20_000; n++) list.push(n).log(SENT, 'to %d of a format', n)
    expect(() => {
      for (let n = 0; n < 1000; n++) full.verbs({ [`${n} ${'long '.repeat(200)}`]: 0 })
    }).toThrow(/^Cannot define verb ".*": the string area of the recorder is full$/)

    const joined = Recorder.join(full.share(), { thread: 'one of them' })
    const again = joined.list('transactions').push('another')
    expect(again.log(joined.verbs({ SENT: 0 }).SENT, 'to %d of a format', 2)).toBe(true)
    expect(again.events()).toMatchObject([
      { verb: 'SENT', log: 'to 2 of a format', thread: 'one of them' },
    ])
    expect(() => joined.list('no such list '.repeat(100))).toThrow(
      'the string area of the recorder is full',
    )
  })
})

describe('Recorder.join()', () => {
  test.each([
    [undefined],
    [null],
    [7],
    ['ticket'],
    [{}],
    [{ structHistory: 'ticket' }],
    [{ structHistory: 'ticket', formatVersion: 1, name: 'x', started: 0, memory: {} }],
    [{ structHistory: 'ticket', formatVersion: 99 }],
  ])('refuses %j, which no share() gave', (ticket) => {
    expect(() => Recorder.join(wrong(ticket))).toThrow(TypeError)
    expect(() => Recorder.join(wrong(ticket))).toThrow('Cannot join a recorder: ')
  })

  test('names the versions when the ticket is of another', () => {
    const foreign = wrong({ structHistory: 'ticket', formatVersion: 99 })
    expect(() => Recorder.join(foreign)).toThrow(
      /the ticket is of format version 99, this library writes version \d+$/,
    )
  })

  test('refuses a memory that no recorder began', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
    const ticket = { ...new Recorder({ budget: '1MiB' }).share(), memory }
    expect(() => Recorder.join(wrong(ticket))).toThrow(TypeError)
  })

  test('refuses unknown options by name', () => {
    const ticket = new Recorder({ budget: '1MiB' }).share()
    expect(() => Recorder.join(ticket, wrong({ nam: 'x' }))).toThrow(
      'Cannot join a recorder: unknown option "nam"; there are thread, sinks',
    )
  })
})
