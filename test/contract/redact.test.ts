// Secrets are taken out of arguments before these are stored: not even the bytes of the image hold them.

import { describe, expect, test } from 'vitest'
import { Recorder, type RecorderOptions } from '../../src/index.ts'

const SECRET = 'hunter2'
const redact = (text: string) => text.replaceAll(SECRET, '***')

function given(options: RecorderOptions) {
  const recorder = new Recorder({ budget: '1MiB', ...options })
  const { SEND } = recorder.verbs({ SEND: 0 })
  const history = recorder.list('jobs').push(1)
  const logs = () => history.events().map(({ log }) => log)
  const holdsSecret = () => new TextDecoder().decode(recorder.snapshot()).includes(SECRET)
  return { recorder, SEND, history, logs, holdsSecret }
}

describe('the option redact', () => {
  test.each([
    ['alone', ['%s', `is ${SECRET}`], 'is ***'],
    ['among others', ['%d %s of %s', 7, SECRET, 'bob'], '7 *** of bob'],
    ['in an object', ['%j', { user: 'bob', password: SECRET }], '{"user":"bob","password":"***"}'],
    ['beyond six arguments', ['%d%d%d%d%d%d%s', 1, 2, 3, 4, 5, 6, SECRET], '123456***'],
  ])('takes a secret out of a text: %s', (_, args, log) => {
    const { SEND, history, logs, holdsSecret } = given({ redact })
    // A string that comes again is interned.
    for (let n = 0; n < 3; n++) expect(history.log(SEND, ...(args as [string]))).toBe(true)
    expect(logs()).toEqual([log, log, log])
    expect(holdsSecret()).toBe(false)
  })

  test('is each thread its own', () => {
    const { recorder, logs, holdsSecret, history } = given({})
    const joined = Recorder.join(recorder.share(), { thread: 'other', redact })
    const { SEND } = joined.verbs({ SEND: 0 })
    joined.list('jobs').at(history.handle)?.log(SEND, '%s', SECRET)
    expect(logs()).toEqual(['***'])
    expect(holdsSecret()).toBe(false)
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('redact')
      },
    ],
    ['answers no text', () => 7 as never],
  ])('that %s stores nothing of the text', (_, wrong) => {
    const { SEND, history, logs, holdsSecret } = given({ redact: wrong })
    expect(history.log(SEND, '%s %j', SECRET, { password: SECRET })).toBe(true)
    expect(logs()).toEqual(['[not redacted] [not redacted]'])
    expect(holdsSecret()).toBe(false)
  })

  test('does not touch integers, and must be a function', () => {
    const { SEND, history, logs } = given({ redact: () => 'gone' })
    history.log(SEND, '%d', 7)
    expect(logs()).toEqual(['7'])
    expect(() => given({ redact: 'yes' as never })).toThrow(
      'Cannot create recorder: redact must be a function, got "yes"',
    )
  })
})
