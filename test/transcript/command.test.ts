// The program itself: arguments, scripts, exit codes, and what it says of files that are no images.

import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ImageBuilder } from '../support/image-builder.ts'
import { scratchFolder } from '../support/scratch.ts'

const LOOP = `set $sh = history(0x7f95acf6ea60)
set $i = 0
while $i < $sh->len
  p $sh->actions[$i]
  set $i = $i + 1
end
`

let folder = ''
const inFolder = (name: string): string => join(folder, name)

beforeAll(async () => {
  folder = scratchFolder('shdb')
  await build({
    entryPoints: [join(import.meta.dirname, '../../src/cli/shdb.ts')],
    outfile: inFolder('shdb.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  })
  const image = new ImageBuilder()
  const thread = image.thread('main', { pid: 49219, tid: 1 })
  image.verb('TCP_REF', 'ref').verb('TCP_UNREF', 'unref').verb('TCP_DESTROY', 'end')
  const life = image.list('TCP con').push(0x7f95acf6ea60, { thread })
  life.by(thread).at(1000).log('TCP_REF', 'connect, (%d)', 1)
  life.at(2000).log('TCP_UNREF', 'send %d, (%d)', 6, 0)
  life.at(3000).log('TCP_DESTROY', 'type=%d', 2)
  writeFileSync(inFolder('conns.shdump'), image.build())
  writeFileSync(inFolder('cut.shdump'), image.build().subarray(0, 100))
  writeFileSync(inFolder('empty.shdump'), '')
  writeFileSync(inFolder('notes.txt'), 'these are notes and no image at all\n'.repeat(10))
  writeFileSync(inFolder('loop.gdb'), LOOP)
  writeFileSync(inFolder('bad.gdb'), 'echo one\\n\np 1/0\necho two\\n\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** This runtime's way to run a file. */
function runtime(): string[] {
  const { execPath, versions } = process
  return 'deno' in versions ? [execPath, 'run', '-A'] : [execPath]
}

function shdb(parameters: string[], input = ''): { out: string; err: string; code: number | null } {
  const [command = '', ...first] = runtime()
  const result = spawnSync(command, [...first, inFolder('shdb.mjs'), ...parameters], {
    cwd: folder,
    input,
    encoding: 'utf8',
    env: { ...process.env, HOME: folder, SHELL: '/bin/sh' },
  })
  return { out: result.stdout, err: result.stderr, code: result.status }
}

const events =
  /^\$1 = \{verb = TCP_REF, t = 1000, pid = 49219, tid = 1, log = 0x[0-9a-f]+ "connect, \(1\)"\}\n\$2 = \{verb = TCP_UNREF, t = 2000, pid = 49219, tid = 1, log = 0x[0-9a-f]+ "send 6, \(0\)"\}\n\$3 = \{verb = TCP_DESTROY, .* "type=2"\}\n$/

describe("the seed's loop runs", () => {
  test('from -x', () => {
    const { out, err, code } = shdb(['-batch', '-x', 'loop.gdb', 'conns.shdump'])
    expect(err).toBe('')
    expect(out).toMatch(events)
    expect(code).toBe(0)
  })
  test('from standard input', () => {
    const { out, code } = shdb(['-q', 'conns.shdump'], LOOP)
    expect(out).toMatch(events)
    expect(code).toBe(0)
  })
  test('from standard input with -batch', () => {
    expect(shdb(['-batch', 'conns.shdump'], LOOP).out).toMatch(events)
  })
})

describe('exit codes are those of gdb', () => {
  test.each([
    [['-batch', '-ex', 'p 1', '-ex', 'p 1/0'], 1, '$1 = 1\n', 'Division by zero\n'],
    [['-batch', '-ex', 'p 1/0', '-ex', 'p 1'], 0, '$1 = 1\n', 'Division by zero\n'],
    [['--batch', '--ex=p 1'], 0, '$1 = 1\n', ''],
    [['-batch', '-eval-command', 'quit 7'], 7, '', ''],
    [
      ['-batch', '-x', 'bad.gdb'],
      1,
      'one\n',
      'bad.gdb:2: Error in sourced command file:\nDivision by zero\n',
    ],
    [['-batch', '-x', 'nosuch.gdb'], 0, '', 'warning: nosuch.gdb: No such file or directory\n'],
    [['-batch', '-ex', 'p 1', '-x', 'loop.gdb', '-ex', 'p 2', 'conns.shdump'], 0, undefined, ''],
  ])('%j', (parameters, code, out, err) => {
    const result = shdb(parameters)
    expect(result).toEqual({ out: out ?? result.out, err, code })
  })

  test('standard input goes on after an error', () => {
    expect(shdb(['-q'], 'p 1\nfoo\np 2\n')).toEqual({
      out: '$1 = 1\n$2 = 2\n',
      err: 'Undefined command: "foo".  Try "help".\n',
      code: 0,
    })
  })
})

/** The same through a shell, `shdb` being the program. */
function shell(script: string): { out: string; err: string; code: number | null } {
  const words = [...runtime(), inFolder('shdb.mjs')].map((each) => `'${each}'`).join(' ')
  const result = spawnSync('sh', ['-c', `shdb() { ${words} "$@"; }\n${script}`], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, HOME: folder, SHELL: '/bin/sh' },
  })
  return { out: result.stdout, err: result.stderr, code: result.status }
}

describe('what is no file of its own', () => {
  const lists = /^Num +Name .*\n +0 +TCP con .*\n$/
  test('a pipe is read as it comes, to the end of its image', () => {
    const command = `-nx -batch -ex 'info lists'`
    const fifo = shell(`mkfifo fifo && { cat conns.shdump > fifo & } && shdb ${command} fifo`)
    expect(fifo.err).toBe('')
    expect(fifo.out).toMatch(lists)
    expect(shell(`cat conns.shdump | shdb ${command} /dev/stdin`).out).toMatch(lists)
    expect(shell(`cat conns.shdump /dev/zero | shdb ${command} /dev/stdin`).out).toMatch(lists)
  })
  test('an endless one is refused by its head', () => {
    for (const name of ['/dev/zero', '/dev/urandom']) {
      const { err, code } = shdb(['-batch', '-nx', name])
      expect(err).toMatch(/^Cannot open an image in \/dev\/\w+ at byte 0: the magic is 0x.*\n$/)
      expect(code).toBe(1)
    }
    expect(shdb(['-batch', '-nx', '/dev/null']).err).toMatch(/its length is 0, expected at least/)
  })
  test('nor is a terabyte of nothing read', () => {
    const { err } = shell('truncate -s 1T sparse; shdb -batch -nx sparse; rm sparse')
    expect(err).toMatch(/^Cannot open an image in sparse at byte 0: the magic is 0x00000000/)
  })
  test('a path through a file is told as such', () => {
    expect(shdb(['-batch', '-nx', 'notes.txt/x']).err).toBe('notes.txt/x: Not a directory.\n')
  })
  test('a reader that goes away ends the session without a word', () => {
    const { out, err } = shell(
      `printf 'while 1\\n echo line\\\\n\\nend\\n' > endless.gdb; shdb -nx -batch -x endless.gdb | head -1`,
    )
    expect(out).toBe('line\n')
    expect(err).toBe('')
  })
})

describe('what cannot be opened is one clear line', () => {
  test.each([
    [['nosuch.shdump'], /^nosuch\.shdump: No such file or directory\.\n$/],
    [['.'], /^\.: Is a directory\.\n$/],
    [['notes.txt'], /^Cannot open an image in notes\.txt at byte 0: .*\n$/],
    [['empty.shdump'], /^Cannot open an image in empty\.shdump at byte 0: .*\n$/],
    [['cut.shdump'], /^Cannot open an image in cut\.shdump at byte 100: .*\n$/],
    [['--nosuch'], /^shdb: unrecognized option '-nosuch'\nUse `shdb --help' for/],
    [['-x'], /^shdb: option '-x' requires an argument\n/],
  ])('%j', (parameters, message) => {
    const { err, code, out } = shdb(['-batch', ...parameters])
    expect(err).toMatch(message)
    expect(out).toBe('')
    expect(code).toBe(1)
  })
})

test('--help and --version', () => {
  expect(shdb(['--help']).out).toMatch(/^Usage: shdb [\s\S]*Examples:/)
  expect(shdb(['--version']).out).toMatch(/^shdb \(struct-history\) \d/)
})

test('shell, pipes, logging and .shdbinit', () => {
  writeFileSync(inFolder('.shdbinit'), 'set $init = 5\n')
  const script = [
    'p $init',
    'shell echo out',
    '| p 5 | tr 5 6',
    'p $_shell_exitcode',
    'set logging file log.txt',
    'set logging enabled on',
    'p 9',
    'set logging enabled off',
    'shell cat log.txt',
  ]
  const { out } = shdb(['-q'], `${script.join('\n')}\n`)
  expect(out).toBe('$1 = 5\nout\n$2 = 6\n$3 = 0\n$4 = 9\n$4 = 9\n')
  expect(shdb(['-q', '-nx'], 'p $init\n').out).toBe('$1 = void\n')
  rmSync(inFolder('.shdbinit'))
})
