// What a life shows: every kind of argument, what is missing and why, what came too late.

import { describe, expect, test } from 'vitest'
import * as at from '../../assembly/layout.ts'
import { openImage } from '../../src/inspect.ts'
import {
  digitsOf,
  type HistoryBuilder,
  ImageBuilder,
  type ListOptions,
  plainStatement,
  type Value,
} from '../support/image-builder.ts'

function givenHistory(options: ListOptions = {}) {
  const image = new ImageBuilder()
  image.thread('main', { tid: 1 })
  image.verb('REF', 'ref').verb('SEND').verb('END', 'end').verb('FAIL', 'none', { pin: true })
  return image.list('TCP con', options).push(0x10)
}

function opened(history: HistoryBuilder) {
  const image = openImage(history.image.build(), { source: 'conns.shdump' })
  const [found] = image.find(0x10)
  if (!found) throw new Error('the history is not there')
  return { image, history: found, events: found.events(), gaps: found.gaps() }
}

function logOf(format: string, ...values: Value[]): string | undefined {
  return opened(givenHistory({ maxText: 8192 }).log('SEND', format, ...values)).events[0]?.log
}

describe('the text of an event', () => {
  test.each<[string, string, Value[]]>([
    ['connect, (1)', 'connect, (%d)', [1]],
    ['-1 -2 3', '%d %d %d', [-1, -2, 3]],
    ['1.5 7', '%g %d', [1.5, 7]],
    ['0.1 0.2', '%g %g', [0.1, 0.2]],
    ['-9007199254740993', '%d', [-9007199254740993n]],
    ['0x7f95acf6ea60', '%p', [0x7f95acf6ea60]],
    ['from alice to bob', 'from %s to %s', ['alice', 'bob']],
    ['null undefined true', '%s %s %s', [null, undefined, true]],
    ['false', '%s', [false]],
    ['1 2 3 4 5', '%d %d %d %d %d', [1, 2, 3, 4, 5]],
    ['peer 10.0.0.1', 'peer %s', [{ inline: '10.0.0.1' }]],
    ['peer 10.0.0.1é', 'peer %s', [{ short: '10.0.0.1é', form: at.SHORT_BYTES }]],
    ['GET /INDEX.HTML?', '%s', [{ short: 'GET /INDEX.HTML?', form: at.SHORT_UPPER_CASE }]],
    ['10.0.0.1:5060 {}', '%s', [{ short: '10.0.0.1:5060 {}', form: at.SHORT_LOWER_CASE }]],
    ['x', '%s', [{ short: 'x', form: at.SHORT_LOWER_CASE }]],
    ['{"a":1}', '%j', [{ json: '{"a":1}' }]],
    ['-0', '%g', [-0]],
    ['', '', []],
  ])('is %j for %j with every kind of argument', (expected, format, values) => {
    expect(logOf(format, ...values)).toBe(expected)
  })

  test('goes on in further blocks where it is longer than one', () => {
    const long = Array.from({ length: 500 }, (_, i) => `word ${i}`).join(' ')
    expect(logOf('%s', { inline: long })).toBe(long)
  })

  test('brings its own format when the string area was full', () => {
    const given = givenHistory()
    given.log('SEND', '', 1, 2, 3, 4)
    const { image } = given
    // FORMAT "n=%d", then the number 7: as the recorder writes them.
    const text = [at.ARGUMENT_FORMAT, 4, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode('n=%d')]
    rewriteText(given, 0, Uint8Array.of(...text, at.ARGUMENT_INT32, 7, 0, 0, 0))
    expect(openImage(image.build()).find(0x10)[0]?.events()[0]?.log).toBe('n=7')
  })

  test('is cut at maxText bytes on a character and marked with the bytes that are gone', () => {
    const cut = (...values: Value[]) =>
      opened(givenHistory({ maxText: 10 }).log('SEND', '%s', ...values)).events[0]?.log
    expect(cut('0123456789')).toBe('0123456789')
    expect(cut('0123456789ab')).toBe('0123456789…+2B')
    expect(cut('ééééééé')).toBe('ééééé…+4B')
    expect(cut('aééééééé')).toBe('aéééé…+6B')
    expect(cut('😀😀😀')).toBe('😀😀…+4B')
    expect(cut({ inline: '01234567', cut: 30 })).toBe('01234567…+30B')
    expect(cut({ inline: '0123456789', cut: 30 })).toBe('0123456789…+30B')
  })

  test('ends where an argument was cut, as what follows did not follow there', () => {
    const text = opened(
      givenHistory({ maxText: 20 }).log('SEND', '<%s> (%d)', { inline: 'abc', cut: 5 }, 7),
    ).events[0]?.log
    expect(text).toBe('<abc…+10B')
  })

  test('that found no memory says so', () => {
    const given = givenHistory().log('SEND', 'a %s', { inline: 'b' })
    given.image.u32(given.eventOffset(0) + at.EVENT_WORDS, 0)
    given.commit(0)
    expect(opened(given).events[0]?.log).toBe('a %s <text lost>')
  })

  test.each([
    [13, 0],
    [16, 3],
    [1, 15],
  ])(
    'of %i characters in form %i of a short string, which nobody writes, is damaged',
    (length, form) => {
      const given = givenHistory().log('SEND', 'a %s', { short: 'x'.repeat(length), form })
      const { events, image } = opened(given)
      expect(events[0]?.log).toBe('a %s <text damaged>')
      expect(image.problems()[0]?.text).toMatch(
        `tags of a short string is ${form}, expected form 0 to 2 that holds ${length} bytes`,
      )
    },
  )

  test('that is torn is told as damaged, and nothing of it is shown', () => {
    const given = givenHistory().log('SEND', 'a %s', { inline: 'secret' })
    const address = given.image.read32(given.eventOffset(0) + at.EVENT_WORDS)
    given.image.u32(address + at.TEXT_DATA, 0x12345678)
    const { events, image } = opened(given)
    expect(events[0]?.log).toBe('a %s <text damaged>')
    expect(image.problems()[0]?.text).toMatch(
      /^Cannot read event 0 of history 0x10 in conns.shdump at byte \d+: TEXT_CHECK is \d+, expected \d+$/,
    )
  })
})

describe('history.events()', () => {
  test('shows verb, role, time, process, thread and address', () => {
    const given = givenHistory()
    given.at(48360500000).log('REF', 'connect, (%d)', 1)
    const [event] = opened(given).events
    expect(event).toEqual({
      index: 0,
      lastIndex: 0,
      count: 1,
      verb: 'REF',
      role: 'ref',
      t: 48360500000,
      last: 48360500000,
      pid: 4711,
      tid: 1,
      thread: 'main',
      log: 'connect, (1)',
      lost: 0,
      late: '',
      address: given.eventOffset(0),
    })
  })

  test('never lets time run backwards', () => {
    const given = givenHistory().at(100).log('REF').at(90).log('SEND').at(120).log('SEND')
    expect(opened(given).events.map((event) => event.t)).toEqual([100, 100, 120])
  })

  //  index    0 ...... 9 | 10 ............ 69 | 70 ........ 99      maxEvents 40, 100 logged
  //           first quarter    fallen (60)       last three quarters
  test('keeps the first quarter and the last three quarters of 40 events out of 100', () => {
    const given = givenHistory({ maxEvents: 40 })
    for (let i = 0; i < 100; i++) given.log('SEND', 'send %d', i)
    const { events, gaps, image } = opened(given)
    const indexes = events.map((event) => event.index)
    expect(indexes).toEqual([...range(0, 10), ...range(70, 100)])
    expect(events.map((event) => event.log)).toEqual(indexes.map((index) => `send ${index}`))
    expect(events[10]?.lost).toBe(60)
    expect(gaps).toEqual([{ from: 10, to: 69, count: 60, cause: 'fallen' }])
    expect(image.problems()).toEqual([])
  })

  test('keeps events of pinned verbs when the middle falls', () => {
    const given = givenHistory({ maxEvents: 40 })
    const pinned = [11, 12, 33, 64, 69]
    for (let i = 0; i < 200; i++) given.log(pinned.includes(i) ? 'FAIL' : 'SEND', '%d', i)
    const { events, gaps } = opened(given)
    const indexes = [...range(0, 10), ...pinned, ...range(170, 200)]
    expect(events.map((event) => event.index)).toEqual(indexes)
    expect(events.map((event) => event.log)).toEqual(indexes.map(String))
    expect(gaps.map((gap) => [gap.from, gap.to])).toEqual([
      [10, 10],
      [13, 32],
      [34, 63],
      [65, 68],
      [70, 169],
    ])
    expect(sum(gaps.map((gap) => gap.count)) + events.length).toBe(200)
    expect(sum(events.map((event) => event.lost))).toBe(200 - indexes.length)
  })

  test('shows a claimed event that no thread finished as lost', () => {
    const given = givenHistory().log('REF')
    given.claim()
    given.claim()
    given.log('SEND')
    const { events, gaps } = opened(given)
    expect(events.map((event) => [event.index, event.lost])).toEqual([
      [0, 0],
      [3, 2],
    ])
    expect(gaps).toEqual([{ from: 1, to: 2, count: 2, cause: 'unfinished' }])
  })

  test('tells a loss at the end in an entry without a verb', () => {
    const given = givenHistory().log('REF')
    for (let i = 0; i < 20; i++) given.claim()
    const { events } = opened(given)
    expect(events).toHaveLength(2)
    expect(events[1]).toMatchObject({ index: 21, verb: '', lost: 20 })
  })

  test('shows a torn event as damaged and not as data, whatever bit of it is torn', () => {
    const given = givenHistory().log('REF')
    given.logFlagged(at.EVENT_AFTER_UNREF, 'SEND', 'send %d', 7).log('SEND')
    const event = given.eventOffset(1)
    for (let bit = 0; bit < 8 * at.EVENT_BYTES; bit++) {
      const word = event + 4 * Math.floor(bit / 32)
      const whole = given.image.read32(word)
      given.image.u32(word, whole ^ (1 << (bit % 32)))
      const { events, gaps, image } = opened(given)
      expect(events.map((each) => each.index)).toEqual([0, 2])
      // Without this one bit it says that it was never committed.
      const isOpen = word === event + at.EVENT_CHECK && 1 << bit === at.EVENT_COMMITTED_EVEN
      const cause = isOpen ? 'unfinished' : 'damaged'
      expect(gaps).toEqual([{ from: 1, to: 1, count: 1, cause }])
      const [problem] = image.problems()
      if (isOpen) expect(problem).toBe(undefined)
      else expect(problem?.text).toContain('Cannot read event 1 of history 0x10')
      given.image.u32(word, whole)
    }
    expect(opened(given).events.map((each) => each.index)).toEqual([0, 1, 2])
  })

  test('shows an event that stands at another place than where it was logged as damaged', () => {
    const given = givenHistory().log('REF').log('SEND', 'send %d', 7).log('SEND', 'send %d', 8)
    const { bytes } = given.image
    const [from, to] = [given.eventOffset(1), given.eventOffset(2)]
    bytes.copyWithin(to, from, from + at.EVENT_BYTES)
    const { events, gaps, image } = opened(given)
    expect(events.map(({ verb, log }) => [verb, log])).toEqual([
      ['REF', ''],
      ['SEND', 'send 7'],
      ['', ''],
    ])
    expect(gaps).toEqual([{ from: 2, to: 2, count: 1, cause: 'damaged' }])
    expect(image.problems().map((problem) => problem.field)).toEqual(['EVENT_CHECK'])
  })

  test.each([0, at.EVENT_AFTER_END, at.EVENT_AFTER_UNREF])(
    'shows an event with flags %i that has both marks as damaged',
    (flags) => {
      const given = givenHistory().log('REF').logFlagged(flags, 'SEND', 'send %d', 7)
      const check = given.eventOffset(1) + at.EVENT_CHECK
      const mark = at.EVENT_COMMITTED_EVEN
      expect(given.image.read32(check) & at.EVENT_FLAGS_MASK).toBe(flags | mark)
      given.image.u32(check, (given.image.read32(check) | at.EVENT_COMMITTED_ODD) >>> 0)
      const { events, gaps, image } = opened(given)
      expect(events.map(({ verb, lost }) => [verb, lost])).toEqual([
        ['REF', 0],
        ['', 1],
      ])
      expect(gaps).toEqual([{ from: 1, to: 1, count: 1, cause: 'damaged' }])
      expect(image.problems()[0]?.text).toMatch(
        /^Cannot read event 1 of history 0x10 in conns.shdump at byte \d+: EVENT_CHECK is \d+, expected \d+$/,
      )
    },
  )

  test('shows what an earlier turn of the block has left as unfinished', () => {
    const given = givenHistory().log('REF').log('SEND', 'send %d', 7)
    given.claim()
    const { bytes } = given.image
    const [from, to] = [given.eventOffset(1), given.eventOffset(2)]
    bytes.copyWithin(to, from, from + at.EVENT_BYTES)
    const check = to + at.EVENT_CHECK
    given.image.u32(check, (given.image.read32(check) ^ at.EVENT_COMMITTED_MASK) >>> 0)
    const { events, gaps, image } = opened(given)
    expect(events.map(({ verb, lost }) => [verb, lost])).toEqual([
      ['REF', 0],
      ['SEND', 0],
      ['', 1],
    ])
    expect(gaps).toEqual([{ from: 2, to: 2, count: 1, cause: 'unfinished' }])
    expect(image.problems()).toEqual([])
  })

  test('shows nothing of a block that has gone to another life', () => {
    const given = givenHistory()
    for (let i = 0; i < 20; i++) given.log('SEND', '%d', i)
    const block = given.eventOffset(0) - at.BLOCK_HEADER_BYTES
    given.image.take(block, given.owner + 1, 1, 0)
    const { events } = opened(given)
    expect(events.map((event) => event.index)).toEqual(range(17, 20))
    expect(events[0]?.lost).toBe(17)
  })

  test("marks what comes after the end, by the writer's flag and by what it shows itself", () => {
    const given = givenHistory()
    given.log('REF').logFlagged(at.EVENT_AFTER_UNREF, 'SEND', '').log('END').log('SEND')
    given.logFlagged(at.EVENT_AFTER_END | at.EVENT_AFTER_UNREF, 'END', '')
    expect(opened(given).events.map((event) => event.late)).toEqual([
      '',
      'after last unref',
      '',
      'after end',
      'after end',
    ])
  })

  test.each([4, 7, 77, 1023])('names verb %i, which the image does not define, by it', (verb) => {
    const given = givenHistory().log('REF').log('SEND', 'send %d', 7)
    given.say(plainStatement(verb), 0)
    given.say(given.image.string(`${digitsOf(verb)}send %d`), 1)
    const { events, image } = opened(given)
    expect(events.map((event) => [event.verb, event.log])).toEqual([
      [`<verb ${verb}>`, ''],
      [`<verb ${verb}>`, 'send 7'],
    ])
    expect(new Set(image.problems().map((problem) => problem.field))).toEqual(new Set(['verb']))
  })

  test('names a thread that the image does not know by its number', () => {
    const { events, image } = opened(givenHistory().log('REF').by(9).log('SEND'))
    expect(events[1]?.thread).toBe('thread 9')
    expect(image.problems()).toEqual([])
  })
})

describe('verb and format of an event', () => {
  test('are read whatever number the verb has', () => {
    const image = new ImageBuilder()
    image.thread('main', { tid: 1 })
    const names = range(0, at.VERBS_MAX).map((id) => `VERB_${id}`)
    for (const name of names) image.verb(name, 'none', { pin: name === 'VERB_1000' })
    const given = image.list('TCP con', { maxEvents: 5000 }).push(0x10)
    for (const [id, name] of names.entries()) given.log(name).log(name, 'n=%d', id)
    const { events, image: read } = opened(given)
    expect(events.map((event) => [event.verb, event.log])).toEqual(
      names.flatMap((name, id) => [
        [name, ''],
        [name, `n=${id}`],
      ]),
    )
    expect(read.problems()).toEqual([])
  })

  test.each(['%d bytes', 'A', '@', 'sd %d', '@a', '?@', '@`', '\0src/conn.ts:15', 'éé', '  '])(
    'are lost, and that is told, where their string is %j, which is no statement',
    (text) => {
      const given = givenHistory().log('REF').log('SEND', 'send %d', 7).log('SEND', 'send %d', 8)
      for (const index of [1, 2]) given.say(given.image.string(text), index)
      const { events, gaps, image } = opened(given)
      expect(events.map((event) => [event.verb, event.role, event.lost])).toEqual([
        ['REF', 'ref', 0],
        ['<verb lost>', 'none', 0],
        ['<verb lost>', 'none', 0],
      ])
      expect(events[1]?.log).toBe('<format lost> (extra: 7)')
      expect(gaps).toEqual([])
      // Once, however many events say it.
      expect(image.problems().map((problem) => problem.text)).toEqual([
        `Cannot read an event in conns.shdump at byte ${at.STRING_CHUNKS}: ` +
          `string ${given.image.string(text)} is ${JSON.stringify(text)}, ` +
          'expected a statement, which begins with its verb',
      ])
    },
  )

  test('are lost where the image has no such string', () => {
    const given = givenHistory().log('REF').log('SEND', 'send %d', 7)
    const nowhere = (1 << at.STRING_ID_CHUNK_SHIFT) | 8
    given.say(nowhere)
    const { events, image } = opened(given)
    expect(events.map((event) => [event.verb, event.log])).toEqual([
      ['REF', ''],
      ['<verb lost>', '<format lost> (extra: 7)'],
    ])
    expect(image.problems()).toHaveLength(1)
  })

  test('are lost where their string is torn', () => {
    const given = givenHistory().log('SEND', 'send %d', 7)
    const id = given.image.statement('SEND', 'send %d')
    const chunk = given.image.read32(at.STRING_CHUNKS)
    const string = chunk * at.CHUNK_BYTES + (id << at.STRING_UNIT_SHIFT)
    given.image.u32(string + at.STRING_DATA, 0x41414141)
    const { events, image } = opened(given)
    expect(events[0]).toMatchObject({ verb: '<verb lost>', log: '<format lost> (extra: 7)' })
    expect(image.problems()).toHaveLength(1)
  })

  test('that are lost do not keep what fell, and nothing else is lost with them', () => {
    const given = givenHistory({ maxEvents: 40 })
    for (let i = 0; i < 200; i++) given.log(i === 33 || i === 35 ? 'FAIL' : 'SEND', '%d', i)
    const offset = keptEvent(given, 33)
    given.image.u32(
      offset + at.EVENT_WHAT,
      given.image.string('no statement') << at.EVENT_STATEMENT_SHIFT,
    )
    given.commitAt(offset, 33)
    const { events, image } = opened(given)
    expect(events.map((event) => event.index)).toEqual([...range(0, 10), 35, ...range(170, 200)])
    expect(image.problems()).toHaveLength(1)
  })
})

/** Where an event stands whose block is kept for it. */
function keptEvent({ image, offset }: HistoryBuilder, index: number): number {
  const ordinal = Math.floor(index / at.EVENTS_PER_BLOCK)
  let block = image.named(offset + at.HISTORY_KEPT)
  while (block !== 0 && image.read32(block + at.BLOCK_ORDINAL) !== ordinal)
    block = image.read32(block + at.BLOCK_NEXT) * at.BLOCK_BYTES
  if (block === 0) throw new Error(`the block of event ${index} is not kept`)
  return block + at.BLOCK_HEADER_BYTES + (index % at.EVENTS_PER_BLOCK) * at.EVENT_BYTES
}

/** Puts another text, with a right check, in the place of an event's. */
function rewriteText(history: HistoryBuilder, index: number, text: Uint8Array): void {
  const { image } = history
  const address = image.read32(history.eventOffset(index) + at.EVENT_WORDS)
  image.bytes.set(text, address + at.TEXT_DATA)
  image.u32(address + at.TEXT_LENGTH, text.length)
  let sum = Math.imul(index, at.CHECK_INDEX)
  const padded = new Uint8Array(Math.ceil(text.length / 4) * 4)
  padded.set(text)
  const words = new Uint32Array(padded.buffer)
  for (const [j, word] of words.entries()) sum += Math.imul(word, at.CHECK_BYTES + 2 * j)
  image.u32(address + at.TEXT_CHECK, sum >>> 0 || 1)
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
