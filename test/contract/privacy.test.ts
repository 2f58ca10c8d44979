// Arguments that are declared secret, or pseudonyms, are so before anything of them is stored.

import { describe, expect, test } from 'vitest'
import { type PrivacyOptions, Recorder } from '../../src/index.ts'

const KEY = 'a key that nobody can guess'
const PSEUDONYM = /^~[0-9a-f]{16}$/

function given(privacy: PrivacyOptions, options: object = {}) {
  const recorder = new Recorder({ budget: '1MiB', privacy, ...options })
  const { SEND } = recorder.verbs({ SEND: 0 })
  const history = recorder.list('jobs').push(1)
  const logs = () => history.events().map(({ log }) => log)
  const holds = (text: string) => new TextDecoder().decode(recorder.snapshot()).includes(text)
  return { recorder, SEND, history, logs, holds }
}

describe('the option privacy', () => {
  test('stores nothing of a secret, and of a pseudonym what tells equal values apart from others', () => {
    const format = '%s from %s, %d bytes'
    const formats = { [format]: ['pseudonym', 'secret', 'public'] } as const
    const { SEND, history, logs, holds } = given({ formats, key: KEY })
    // Often: what comes again is interned, and what a verb was logged with last is remembered.
    for (let n = 0; n < 4; n++) expect(history.log(SEND, format, 'alice', '10.0.0.1', n)).toBe(true)
    history.log(SEND, format, 'bob', '10.0.0.2', 4)
    const names = logs().map((log, n) => {
      const [name = '', rest = ''] = log.split(/ (.*)/s)
      expect(rest).toBe(`from [secret], ${n} bytes`)
      expect(name).toMatch(PSEUDONYM)
      return name
    })
    expect(new Set(names.slice(0, 4)).size).toBe(1)
    expect(names[4]).not.toBe(names[0])
    for (const secret of ['alice', 'bob', '10.0.0.']) expect(holds(secret)).toBe(false)
  })

  test('takes one word for all arguments, of whatever kind and number', () => {
    const { SEND, history, logs, holds } = given({ formats: { '%d %f %j': 'secret' } })
    history.log(SEND, '%d %f %j', 4711, 1.5, { password: 'hunter2' })
    history.log(SEND, '%d %f %j', true, null, undefined, 'hunter2', 5, 6, 7)
    expect(logs()).toEqual([
      '[secret] [secret] "[secret]"',
      '[secret] [secret] "[secret]" (extra: "[secret]", "[secret]", "[secret]", "[secret]")',
    ])
    expect(holds('hunter2')).toBe(false)
  })

  test('one integer goes no straight way past it', () => {
    const { SEND, history, logs } = given({ formats: { '%d': 'pseudonym' }, key: KEY })
    for (let n = 0; n < 3; n++) history.log(SEND, '%d', 4711)
    history.log(SEND, 'open %d', 4711)
    history.log(SEND, '%d', 4711)
    history.log(SEND, '%s', '4711')
    const [first, ...others] = logs()
    expect(first).toMatch(PSEUDONYM)
    expect(others).toEqual([first, first, 'open 4711', first, '4711'])
  })

  test('a number and its digits are one value, in every format, thread and recorder with that key', () => {
    const privacy = { formats: { 'id %d': 'pseudonym', 'name %s': 'pseudonym' }, key: KEY } as const
    const { recorder, SEND, history, logs } = given(privacy)
    history.log(SEND, 'id %d', 4711)
    const joined = Recorder.join(recorder.share(), { thread: 'other', privacy })
    const same = joined.list('jobs').at(history.handle)
    same?.log(joined.verbs({ SEND: 0 }).SEND, 'name %s', '4711')
    const other = given(privacy)
    other.history.log(other.SEND, 'id %d', 4711)
    const [id, name] = logs().map((log) => log.split(' ')[1])
    expect(id).toMatch(PSEUDONYM)
    expect(name).toBe(id)
    expect(other.logs()[0]?.split(' ')[1]).toBe(id)
  })

  test('others: what is not declared is secret, what is declared public is not', () => {
    const privacy = { others: 'secret', formats: { 'size %d': 'public' } } as const
    const { SEND, history, logs } = given(privacy)
    for (let n = 0; n < 2; n++) {
      history.log(SEND, 'size %d', 7)
      history.log(SEND, 'of %s', 'alice')
      history.log(SEND, undefined, 'alice')
      history.log(SEND, '', 7)
    }
    const once = ['size 7', 'of [secret]', '(extra: "[secret]")', '(extra: "[secret]")']
    expect(logs()).toEqual([...once, ...once])
  })

  test('an argument more than the format has is a secret, where any of it is private', () => {
    const formats = { 'user %s': ['pseudonym'], 'n %d': ['public'] } as const
    const { SEND, history, logs } = given({ formats, key: KEY })
    history.log(SEND, 'user %s', 'alice', 'hunter2')
    history.log(SEND, 'n %d', 7, 8)
    expect(logs()).toEqual([
      expect.stringMatching(/^user ~\w+ \(extra: "\[secret\]"\)$/),
      'n 7 (extra: 8)',
    ])
  })

  test('a call site behind the format, which a build may have written there, changes nothing', () => {
    const { SEND, history, logs } = given({ formats: { 'user %s': 'secret' } })
    history.log(SEND, 'user %s\0src/login.ts:7:check', 'alice')
    expect(logs()).toEqual(['user [secret]'])
  })

  test('owners of holds: as the others, or as they are declared; the numbers of holds stay', () => {
    const secret = given({ others: 'secret' })
    const hold = secret.history.hold('alice')
    expect(secret.logs()[0]).toMatch(/^hold \d+\.\d+ by \[secret\]$/)
    expect(hold.release()).toBe(true)
    const named = given({ owners: 'pseudonym', key: KEY })
    named.history.hold('alice')
    expect(named.logs()[0]).toMatch(/^hold \d+\.\d+ by ~[0-9a-f]{16}$/)
    expect([secret.holds('alice'), named.holds('alice')]).toEqual([false, false])
  })

  test('redact is given what is public', () => {
    const seen: string[] = []
    const redact = (text: string) => {
      seen.push(text)
      return text.toUpperCase()
    }
    const formats = { '%s %s': ['secret', 'public'] } as const
    const { SEND, history, logs } = given({ formats }, { redact })
    history.log(SEND, '%s %s', 'alice', 'bob')
    expect(seen).not.toContain('alice')
    expect(logs()).toEqual(['[SECRET] BOB'])
  })

  test.each([
    [{ formats: { 'user %s': 'hidden' } }, `must be 'public', 'pseudonym', 'secret' or an array`],
    [
      { formats: { '%s of %d': ['secret'] } },
      'privacy of "%s of %d" must be of 2 arguments, as the format has, got 1',
    ],
    [{ formats: { '%*s': ['secret'] } }, 'of 2 arguments'],
    [{ others: 'all' }, `privacy of others must be 'public', 'pseudonym' or 'secret', got "all"`],
    [{ others: 'pseudonym' }, "privacy needs a key where something is a 'pseudonym'"],
    [{ others: 'pseudonym', key: 'short' }, 'key must have at least 16 bytes, got 5'],
    [{ format: {} }, 'privacy: unknown option "format"; there are formats, others, owners, key'],
  ])('%j: %s', (privacy, message) => {
    expect(() => given(privacy as PrivacyOptions)).toThrow(`Cannot create recorder: `)
    expect(() => given(privacy as PrivacyOptions)).toThrow(message)
  })
})
