// An image without its secrets: what was to go is nowhere in the bytes, and what was to stay is where it was.

import { describe, expect, test } from 'vitest'
import * as at from '../../assembly/layout.ts'
import { Recorder } from '../../src/index.ts'
import { type Image, openImage, type RedactRules, redactImage } from '../../src/inspect.ts'
import { ImageBuilder } from '../support/image-builder.ts'
import { random } from '../support/random.mjs'

const KEY = 'a key that nobody can guess'
const LONG = `${'a long way '.repeat(60)}alice@example.org`

const latin1 = new TextDecoder('latin1')
const holds = (bytes: Uint8Array, text: string) => latin1.decode(bytes).includes(text)

/** A recorder with alice everywhere: in words, texts, chains of texts, objects, names, and in memory that was freed. */
function recorded() {
  const recorder = new Recorder({
    budget: '4MiB',
    name: 'proxy',
    host: 'alice-laptop',
    thread: 'for alice',
  })
  const { LOGIN, SEND, END } = recorder.verbs({ LOGIN: +1, SEND: 0, END: 'end' })
  const users = recorder.list('users', { window: 20, maxText: 2000, maxEvents: 40 })
  const folded = recorder.list('folded', { coalesce: true })
  const sums = recorder.list('sums', { backtrace: true })
  const hosts = ['10.0.0.1', '10.0.0.2']
  for (let n = 0; n < 60; n++) {
    const name = n % 2 === 0 ? 'alice' : `bob ${n}`
    const life = users.push(n % 3 === 0 ? `${name}@example.org` : n % 3 === 1 ? 4711 + n : LONG + n)
    life.log(LOGIN, 'login of %s from %s', name, hosts[n % 2])
    life.log(LOGIN, 'id %d', 4711)
    life.log(SEND, '%d bytes in %f s, %j', n, 1.5, { to: 'alice', n })
    life.log(SEND, '%s', LONG)
    life.log(SEND, '%s', name)
    life.log(SEND, 'five %s %d %d %d %d', 'alice', 1, 2, 2 ** 40, 9n)
    life.log(SEND, 'true %s %s', true, null)
    if (n === 59) for (let k = 0; k < 100; k++) life.log(SEND, 'and again %d', k)
    const hold = life.hold('alice the reader')
    hold.transfer(`one of the ${n}`)
    if (n % 2 === 0) hold.release()
    life.log(END, 'bye')
  }
  const calm = folded.push(7)
  for (let n = 0; n < 50; n++) calm.log(SEND, 'tick %d', 4711)
  calm.log(SEND, 'between')
  for (let n = 0; n < 50; n++) calm.log(SEND, 'tock %d', 4711)
  sums.push(8).log(SEND, 'sum of %d', 3)
  return recorder
}

interface Shown {
  readonly [key: string]: unknown
  readonly log: string
}

const livesOf = (image: Image) =>
  image.lists().map((list) => ({
    list: list.name,
    lives: list.histories().map((life) => ({
      object: life.objectText,
      state: [life.handle, life.created, life.order, life.ref, life.ended, life.len, life.gaps()],
      events: life.events() as unknown as Shown[],
    })),
  }))

/** The same with nothing of texts and objects. */
const bones = (image: Image) =>
  livesOf(image).map(({ lives, ...list }) => ({
    ...list,
    lives: lives.map(({ state, events }) => [
      state,
      events.map(({ log: _, thread: __, ...event }) => event),
    ]),
  }))

function redacted(image: Image, rules: RedactRules) {
  const { bytes, report } = redactImage(image, { key: KEY, ...rules })
  const now = openImage(bytes)
  for (const list of now.lists()) for (const life of list.histories()) life.events()
  now.stats()
  if (report.problems === 0) expect(now.problems()).toEqual([])
  return { bytes, report, now }
}

const EVERYTHING: RedactRules = {
  others: 'pseudonym',
  objects: 'pseudonym',
  threads: 'pseudonym',
  host: 'secret',
}

describe('redactImage()', () => {
  const image = openImage(recorded().snapshot())

  test('changes nothing but texts and objects, and leaves nothing of what it has changed', () => {
    const { bytes, now, report } = redacted(image, EVERYTHING)
    expect(bones(now)).toEqual(bones(image))
    const { bytes: size, budget, ...stats } = now.stats()
    const { bytes: before, budget: ___, ...others } = image.stats()
    expect(stats).toEqual(others)
    expect(size).toBeGreaterThan(before as number)
    expect(size).toBeLessThanOrEqual(budget as number)
    for (const secret of ['alice', 'bob ', '10.0.0.', 'example.org', 'a long way', 'one of the'])
      expect([secret, holds(bytes, secret)]).toEqual([secret, false])
    expect(now.host).toBe('[secret]')
    expect(now.threads()[0]?.name).toMatch(/^~/)
    expect(report.left).toEqual([])
    expect(report.textsLeftOut + report.eventsLeftOut + report.livesLeftOut).toBe(0)
  })

  test('shows equal values as equal ones, whatever they were stored as', () => {
    const { now } = redacted(image, { others: 'pseudonym', objects: 'pseudonym' })
    const [users] = livesOf(now)
    const logs = users?.lives.flatMap(({ events }) => events.map(({ log }) => log)) ?? []
    const names = new Set(logs.flatMap((log) => /^login of (~\w{16}) from/.exec(log)?.[1] ?? []))
    // alice, and each bob: their holds pin them.
    expect(names.size).toBe(1 + 30)
    const ids = new Set(logs.flatMap((log) => /^id (.*)$/.exec(log)?.[1] ?? []))
    expect(ids.size).toBe(1)
    const five = logs.find((log) => log.startsWith('five')) ?? ''
    const [, alice = ''] = /^five (~\w{16}) /.exec(five) ?? []
    expect(names).toContain(alice)
    const again = redacted(image, { others: 'pseudonym', objects: 'pseudonym' }).now
    expect(livesOf(again)).toEqual(livesOf(now))
  })

  test.each<[string, RedactRules, RegExp[], RegExp[]]>([
    [
      'a format, argument by argument',
      { formats: { 'login of %s from %s': ['secret', 'public'] } },
      [/^login of \[secret\] from 10\.0\.0\.1$/, /^five alice/],
      [/^login of alice/],
    ],
    [
      'a verb, the last level for all that follow',
      { verbs: { SEND: ['public', 'secret'] } },
      [/^five alice \[secret\] \[secret\] \[secret\] \[secret\]$/, /^login of alice/],
      [/^five alice 1/],
    ],
    [
      'a list, and a format of it that is public',
      { lists: { users: 'secret' }, formats: { 'id %d': 'public' } },
      [/^login of \[secret\] from \[secret\]$/, /^id 4711$/],
      [/^login of alice/],
    ],
    [
      'what matches, also a part',
      { match: { '10\\.0\\.0\\.\\d': 'secret', 'al(?=ice)': 'pseudonym' } },
      [/^login of ~\w{16}ice from \[secret\]$/, /to\W+~\w{16}ice/],
      [/10\.0\.0/, /alice/],
    ],
    [
      'a number that matches',
      { match: { '^4711$': 'secret' } },
      [/^id \[secret\]$/, /^tick \[secret\]$/],
      [/^id 4711/],
    ],
    [
      'owners of holds',
      { owners: 'secret' },
      [/^hold \d+\.\d+ by \[secret\]$/, /^login of alice/],
      [/by alice the reader/, /by one of/],
    ],
  ])('by rules: %s', (_, rules, there, gone) => {
    const { now } = redacted(image, rules)
    expect(bones(now)).toEqual(bones(image))
    const logs = livesOf(now).flatMap(({ lives }) =>
      lives.flatMap(({ events }) => events.map(({ log }) => log)),
    )
    for (const each of there) expect(logs).toContainEqual(expect.stringMatching(each))
    for (const each of gone) expect(logs).not.toContainEqual(expect.stringMatching(each))
  })

  test('short strings, in whatever form they stand in their events', () => {
    const recorder = new Recorder({ budget: '1MiB' })
    const { SEND } = recorder.verbs({ SEND: 0 })
    const life = recorder.list('users').push(1)
    const names = ['alice', 'alice and bob', 'ALICE AND BOB', 'Alice and Bob']
    for (const name of names) {
      life.log(SEND, 'to %s', name)
      life.log(SEND, 'by %s', `${name}!`)
    }
    const logsBy = (rules: RedactRules) => {
      const { now, report } = redacted(openImage(recorder.snapshot()), rules)
      const lives = livesOf(now).flatMap((list) => list.lives)
      return { report, logs: lives.flatMap(({ events }) => events.map(({ log }) => log)) }
    }
    const { logs, report } = logsBy({ formats: { 'to %s': ['secret'] } })
    expect(logs).toEqual(names.flatMap((name) => ['to [secret]', `by ${name}!`]))
    expect(report.arguments.secret).toBe(names.length)
    expect(logsBy({ match: { BOB: 'secret' } }).logs.slice(4, 6)).toEqual([
      'to ALICE AND [secret]',
      'by ALICE AND [secret]!',
    ])
  })

  test('tells what was hidden in one place and is still there in another', () => {
    const { report } = redacted(image, { formats: { 'login of %s from %s': ['secret', 'public'] } })
    expect(report.left).toContainEqual({ text: 'alice', where: 'the name of the host' })
    expect(report.left.map(({ where }) => where).sort()).toEqual([
      'an argument of a SEND in list "users"',
      'the format "hold %d.%d by alice the reader"',
      'the name of a thread',
      'the name of the host',
      'the object of a life in list "users"',
    ])
  })

  test('takes strings, ends of blocks and freed memory that nothing names any more', () => {
    const bytes = recorded().snapshot()
    // Where no recorder writes, or nobody reads.
    const filler = new TextEncoder().encode('alice was here ')
    for (let at_ = 700; at_ + filler.length < 1000; at_ += filler.length) bytes.set(filler, at_)
    for (let chunk = 1; chunk < bytes.length / at.CHUNK_BYTES; chunk++)
      bytes.set(filler, chunk * at.CHUNK_BYTES + at.CHUNK_NEXT + 8)
    const { bytes: now } = redacted(openImage(bytes), EVERYTHING)
    expect(holds(now, 'alice')).toBe(false)
  })

  test('matches formats without the number of their verb, which stands before them', () => {
    const { now } = redacted(image, { match: { '^login': 'secret', '^@': 'pseudonym' } })
    expect(bones(now)).toEqual(bones(image))
    const [users] = livesOf(now)
    const logs = users?.lives.flatMap(({ events }) => events.map(({ log }) => log)) ?? []
    expect(logs).toContainEqual(expect.stringMatching(/^\[secret\] of alice from 10/))
    expect(logs).toContain('bye')
  })

  test('hides in strings that are no statements what it hides in those that are', () => {
    const builder = new ImageBuilder({ budget: 16 })
    const thread = builder.thread('main')
    builder.verb('SEND', 'none')
    const life = builder.list('calls').push(7, { thread })
    for (const format of ['to alice', 'alice', 'xalice', 'a long way'])
      life.log('SEND', 'n=%d', 1).say(builder.string(format))
    const before = openImage(builder.build())
    const { now, bytes } = redacted(before, { match: { alice: 'secret' } })
    expect(holds(bytes, 'alice')).toBe(false)
    expect(bones(now)).toEqual(bones(before))
    expect(now.find(7)[0]?.events()).toMatchObject(
      Array.from({ length: 4 }, () => ({ verb: '<verb lost>', log: '<format lost> (extra: 1)' })),
    )
  })

  test('of an image that was cut or damaged anywhere: what is whole is rewritten, nothing else is there', () => {
    const whole = recorded().snapshot()
    const next = random(4711)
    for (let n = 0; n < 30; n++) {
      const bytes = whole.slice(0, n % 3 === 0 ? Math.floor(next() * whole.length) : whole.length)
      for (let k = 0; k < (n % 5) * 20; k++)
        bytes[at.HEADER_STATIC_BYTES + Math.floor(next() * (bytes.length - 128))] = next() * 256
      let given: Image
      try {
        given = openImage(bytes)
      } catch {
        continue
      }
      const { bytes: now } = redacted(given, EVERYTHING)
      expect([n, holds(now, 'alice')]).toEqual([n, false])
    }
  })

  test('keeps unfinished events lost, and repeats counted', () => {
    const builder = new ImageBuilder({ budget: 16 })
    const thread = builder.thread('main')
    builder.verb('SEND', 'none')
    const life = builder.list('calls').push('alice', { thread })
    life.by(thread)
    for (let n = 0; n < 20; n++) life.at(n).log('SEND', 'to %s', 'alice')
    const before = openImage(builder.build())
    const { now, bytes } = redacted(before, { others: 'secret', objects: 'secret' })
    expect(bones(now)).toEqual(bones(before))
    expect(now.find('[secret]')).toHaveLength(1)
    expect(holds(bytes, 'alice')).toBe(false)
  })

  test('is joined by nobody, and opens as its image did', () => {
    const { now } = redacted(image, EVERYTHING)
    expect([now.name, now.pid, now.started, now.run]).toEqual([
      image.name,
      image.pid,
      image.started,
      image.run,
    ])
  })

  test.each([
    [{ other: 'secret' }, 'unknown rule "other"; there are formats'],
    [{ others: 'hidden' }, `others must be 'public', 'pseudonym' or 'secret', got "hidden"`],
    [{ formats: { '%s %s': ['secret'] } }, 'must be of 2 arguments, as the format has, got 1'],
    [{ objects: { users: 'x' } }, 'objects of list "users" must be'],
    [{ match: { '(': 'secret' } }, 'what matches must be a regular expression, got "(": '],
    [{ others: 'secret', key: 'short' }, 'key must have at least 16 bytes, got 5'],
  ])('refuses %j', (rules, message) => {
    expect(() => redactImage(image, rules as RedactRules)).toThrow(message)
  })
})
