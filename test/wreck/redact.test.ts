// shdb redact: a dump without its secrets, or none at all.

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { Folder, shdb, shdbCommand } from './programs.ts'

const folder = new Folder()
afterAll(() => folder.remove())
const page = readFileSync('docs/SECRETS.md', 'utf8')
const KEY = 'a key that nobody can guess'

function dump(name: string, host: string): string {
  const recorder = new Recorder({ name, host, budget: '1MiB' })
  const { LOGIN } = recorder.verbs({ LOGIN: 0 })
  const life = recorder.list('users').push('alice')
  for (let n = 0; n < 3; n++) life.log(LOGIN, 'login of %s from %s, %d', 'alice', '10.0.0.1', n)
  return recorder.dumpSync(folder.file(`${name}.shdump`))
}

let proxy = ''
let media = ''
beforeAll(() => {
  proxy = dump('proxy', 'web1')
  media = dump('media', 'web2')
})

const holds = (file: string, text: string) => readFileSync(file).includes(text)
const logs = (file: string) => shdb(['-ex', 'timeline -max 0', file]).out

describe('shdb redact', () => {
  test('writes a new dump, for its owner alone, says what has changed, and changes no other', () => {
    const before = readFileSync(proxy)
    const out = folder.file('shared.shdump')
    const { out: said, err, code } = shdbCommand(['redact', '--all', 'secret', proxy, '-o', out])
    expect({ err, code }).toEqual({ err: '', code: 0 })
    const [, block = ''] = /\n\$ shdb redact --all secret [^\n]*\n(.*?)```/s.exec(page) ?? []
    expect(said.replace(folder.path, '').replaceAll('/', '')).toBe(block)
    expect(statSync(out).mode & 0o777).toBe(0o600)
    expect(readFileSync(proxy).equals(before)).toBe(true)
    for (const secret of ['alice', '10.0.0.1', 'web1']) expect(holds(out, secret)).toBe(false)
    const { out: shown } = shdb(['-ex', 'history [secret]', out])
    expect(shown).toMatch(/3 events, nothing lost/)
    expect(shown).toMatch(/"login of \[secret\] from \[secret\], \[secret\]"/)
    const again = shdbCommand(['redact', '--all', 'secret', proxy, '-o', out])
    expect(again.err).toMatch(/the file exists, and a dump never overwrites another\n$/)
  })

  test('with one key dumps of many hosts can be joined by their pseudonyms', () => {
    const key = folder.file('key')
    writeFileSync(key, `${KEY}\n`)
    const rules = folder.file('rules.json')
    const [, text = ''] = /```json\n(.*?)```/s.exec(page) ?? []
    writeFileSync(rules, text)
    const outs = [proxy, media].map((file, n) => {
      const out = folder.file(`joined ${n}.shdump`)
      const words = ['redact', '--rules', rules, '--key-file', key, file, '-o', out]
      expect(shdbCommand(words)).toMatchObject({ err: '', code: 0 })
      return out
    })
    const merged = folder.file('joined.shdump')
    expect(shdbCommand(['merge', ...outs, '-o', merged]).code).toBe(0)
    const exported = shdbCommand(['export', '--format', 'jsonl', merged]).out
    const rows = exported
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const [name] = new Set(rows.map(({ object }) => object))
    expect(name).toMatch(/^~[0-9a-f]{16}$/)
    expect(rows.map(({ host, object, log }) => `${host} ${object} ${log}`).sort()).toEqual(
      ['web1', 'web2'].flatMap((host) =>
        [0, 1, 2].map((n) => `${host} ${name} login of ${name} from [secret], ${n}`),
      ),
    )
  })

  test('of a merged file all images, and nothing of what labels and hosts say', () => {
    const merged = folder.file('merged.shdump')
    shdbCommand(['merge', '--clock', 'web2=-1s,2ms', `alice=${proxy}`, media, '-o', merged])
    const out = folder.file('merged shared.shdump')
    const { err, code } = shdbCommand(['redact', '--all', 'pseudonym', merged, '-o', out])
    expect({ err, code }).toEqual({
      err: 'warning: no key: these pseudonyms are equal to those of no other image.\n',
      code: 0,
    })
    for (const secret of ['alice', 'web1', 'web2']) expect(holds(out, secret)).toBe(false)
    expect(shdb(['-ex', 'info target', out]).out).toMatch(
      /#1: recorder "proxy"[\s\S]*#2: recorder "media"[\s\S]*its host's clock: -1 s, within 2 ms/,
    )
    const named = folder.file('merged named.shdump')
    shdbCommand(['redact', '--objects', 'secret', '--allow-left', merged, '-o', named])
    expect(shdb(['-ex', 'info target', named]).out).toMatch(/^\* alice: recorder "proxy"/)
  })

  test('writes nothing when what was hidden is still there, unless it is told to', () => {
    const out = folder.file('left.shdump')
    const words = ['redact', '--verb', 'LOGIN=secret,public', proxy, '-o', out]
    const { err, code } = shdbCommand(words)
    expect(code).toBe(1)
    expect(
      err,
    ).toContain(`Cannot redact ${proxy}: what was hidden in one place and is still there in another:
  "alice" in the object of a life in list "users"
Add rules for these, or --allow-left.
`)
    expect(existsSync(out)).toBe(false)
    const allowed = shdbCommand([...words, '--allow-left'])
    expect(allowed.code).toBe(0)
    expect(allowed.err).toMatch(/^warning: what was hidden in one place/)
    expect(logs(out)).toMatch(/"login of \[secret\] from 10\.0\.0\.1, 0"/)
  })

  test('takes rules by verb, list, object and expression from the command line', () => {
    const out = folder.file('by rules.shdump')
    const { err, code } = shdbCommand([
      ...['redact', '--list', 'users=public,secret,public', '--objects', 'users=secret'],
      ...['--match', '\\balice\\b=secret', proxy, '-o', out],
    ])
    expect({ err, code }).toEqual({ err: '', code: 0 })
    expect(logs(out)).toMatch(/"login of \[secret\] from \[secret\], 2"/)
  })

  test.each([
    [['redact', 'IMAGE', '-o', 'OUT'], /expected a rule: --all secret, or what/],
    [['redact', '--all', 'secret', 'IMAGE'], /expected RULE\.\.\., one IMAGE and -o OUT/],
    [['redact', '--all', 'hidden', 'IMAGE', '-o', 'OUT'], /must be 'public', 'pseudonym' or/],
    [['redact', '--verb', 'LOGIN', 'IMAGE', '-o', 'OUT'], /expected NAME=LEVEL, got "LOGIN"/],
    [
      ['redact', '--match', '(=secret', 'IMAGE', '-o', 'OUT'],
      /what matches must be a regular expression, got "\(": /,
    ],
    [['redact', '--rules', '/nowhere', 'IMAGE', '-o', 'OUT'], /--rules: \/nowhere: No such file/],
    [['redact', '--key-file', '/nowhere', '--all', 'secret', 'IMAGE', '-o', 'OUT'], /--key-file/],
  ])('%j', (words, message) => {
    const out = folder.file('refused')
    const given = words.map((word) => (word === 'IMAGE' ? proxy : word === 'OUT' ? out : word))
    const { err, code } = shdbCommand(given)
    expect(err).toMatch(message)
    expect(code).toBe(1)
    expect(existsSync(out)).toBe(false)
  })
})
