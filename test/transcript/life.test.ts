// Lives, lists and finds as shdb shows them, whole.

import { describe, expect, test } from 'vitest'
import { busyImage, tcpImage } from '../support/fake-image.ts'
import { runScript } from '../support/shdb.ts'

async function shdb(...script: string[]): Promise<string> {
  const { stdout, stderr } = await runScript(script, [busyImage()])
  return stdout + stderr.replace(/^script.gdb:\d+: Error in sourced command file:\n/, '')
}

test('the loop of the seed prints every event of a life', async () => {
  const { stdout, stderr } = await runScript(
    `
set $sh = history(0x7f95acf6ea60)
set $i = 0
while $i < $sh->len
  p $sh->actions[$i]
  set $i = $i + 1
end`.split('\n'),
    [tcpImage()],
  )
  expect(stderr).toBe('')
  expect(stdout).toBe(
    `$1 = {verb = TCP_REF, t = 48360500000, pid = 49219, tid = 1, log = 0x7f95acf70000 "connect, (1)"}
$2 = {verb = TCP_UNREF, t = 48360500000, pid = 49219, tid = 2, log = 0x7f95acf70080 "send 6, (1)"}
$3 = {verb = TCP_REF, t = 48360600000, pid = 49313, tid = 3, log = 0x7f95acf70100 "tcpconn read, (1)"}
$4 = {verb = TCP_SEND2CHILD, t = 48360600000, pid = 49313, tid = 3, log = 0x7f95acf70180 "read"}
$5 = {verb = TCP_UNREF, t = 51601200000, pid = 49313, tid = 3, log = 0x7f95acf70200 "tcpworker destroy, (1)"}
$6 = {verb = TCP_DESTROY, t = 51601200000, pid = 49313, tid = 3, log = 0x7f95acf70280 "type=2 \\"quoted\\" \\t\\n\\\\ é ", 'a' <repeats 20 times>}
`,
  )
})

test('history shows all lives of an object, what is missing in them, and what came too late', async () => {
  expect(await shdb('history 0x10', 'p $2.log', 'p &$3->log')).toBe(
    `TCP con 0x10 #16777217: ended, ref 1, 2 events, nothing lost
$1 = {verb = TCP_REF, t = 1000, pid = 49219, tid = 1, log = 0x7f95acf74000 "first life, (1)"}
$2 = {verb = TCP_DESTROY, t = 2000, pid = 49219, tid = 2, log = 0x7f95acf74020 "a text of more than thirty-one bytes, which no record could hold"}
TCP con 0x10 #33554434: ended, ref 3, 4 events, 37 lost (fallen)
$3 = {verb = TCP_REF, t = 3000, pid = 49219, tid = 1, log = 0x7f95acf74040 "second life, (1)"}
- 37 events lost (#1-#37) -
$4 = {verb = TCP_UNREF, t = 4000, pid = 49219, tid = 2, log = 0x7f95acf74060 "send, (0)"}
$5 = {verb = TCP_DESTROY, t = 4100, pid = 49219, tid = 2, log = 0x7f95acf74080 "destroy"}
$6 = {verb = TCP_REF, t = 5000, pid = 49219, tid = 3, log = 0x7f95acf740a0 "used again, (1)"} <after end>
$7 = 0x7f95acf74020 "a text of more than thirty-one bytes, which no record could hold"
$8 = (char **) 0x200000400018
`,
  )
})

describe('an object is named', () => {
  test.each([
    ['history #33554434', 'TCP con 0x10 #33554434: ended, ref 3, 4 events, 37 lost (fallen)'],
    ['history b9a7-uuid', 'sessions b9a7-uuid #16777219: live, ref 1, 1 event, nothing lost'],
    ['history "b9a7-uuid"', 'sessions b9a7-uuid #16777219: live, ref 1, 1 event, nothing lost'],
    ['history 8 * 2', 'TCP con 0x10 #16777217: ended, ref 1, 2 events, nothing lost'],
    ['history history(16)', 'TCP con 0x10 #33554434: ended, ref 3, 4 events, 37 lost (fallen)'],
  ])('%s', async (line, head) => {
    expect((await shdb(line)).split('\n')[0]).toBe(head)
  })
})

describe('what is not there is said by name', () => {
  test.each([
    ['history 0x99', 'No history of object 0x99 in fake.shdump.\n'],
    ['history nosuch', 'No history of object "nosuch" in fake.shdump.\n'],
    ['p history("nosuch")', 'No history of object "nosuch" in fake.shdump.\n'],
    ['p history(16, "sessions")', 'No history of object 0x10 in list "sessions" in fake.shdump.\n'],
    ['history #5', 'No history #5 in fake.shdump: its life was evicted, or never was.\n'],
    ['p list("x")', 'No list "x" in fake.shdump: its lists are "TCP con", "sessions".\n'],
    ['p nosuch', 'No symbol "nosuch" in current context.\n'],
    ['p history(16)->actions[4]', 'Cannot access memory at address 0x200000400080\n'],
    ['p history(16)->len = 5', 'Cannot write to the image: shdb only reads it.\n'],
  ])('%s', async (line, message) => {
    expect(await shdb(line)).toBe(message)
  })
})

test('info lists and info histories are tables', async () => {
  expect(await shdb('info lists', 'info histories TCP con')).toBe(
    `Num  Name      Histories  Window  Pushed  Evicted  Events gone  Logging
  0  TCP con           2       2      50        0            0  on
  1  sessions          1     100       1        0            0  on
   Handle  Object  Events  Ref  State  Lost              Created  Thread  List
#16777217  0x10         2    1  ended  -                    1000  main    TCP con
#33554434  0x10        41    3  ended  37 lost (fallen)     3000  main    TCP con
`,
  )
})

test('find looks into verbs and texts of all lists', async () => {
  expect(await shdb('find /used|login/', 'p $2.log')).toBe(
    `TCP con 0x10 #33554434: ended, ref 3, 4 events, 37 lost (fallen)
$1 = {verb = TCP_REF, t = 5000, pid = 49219, tid = 3, log = 0x7f95acf740a0 "used again, (1)"} <after end>
sessions b9a7-uuid #16777219: live, ref 1, 1 event, nothing lost
$2 = {verb = TCP_REF, t = 3600, pid = 49219, tid = 2, log = 0x7f95acf740c0 "login"}
2 events found.
$3 = 0x7f95acf740c0 "login"
`,
  )
})

test('an endless loop ends at the step limit', async () => {
  const out = await shdb('set step-limit 1000', 'while 1', 'set $i = 1', 'end')
  expect(out).toBe(
    'script.gdb:4: Error in sourced command file:\nStep limit reached: 1000 commands ran.  "set step-limit N" raises it, 0 lifts it.\n'.replace(
      /^script.*\n/,
      '',
    ),
  )
})

describe('hostile expressions end in a sentence', () => {
  const deep = 100_000
  test.each([
    ['(', `p ${'('.repeat(deep)}1${')'.repeat(deep)}`],
    ['-', `p ${'- '.repeat(deep)}1`],
    ['[', `p $a${'[1'.repeat(deep)}`],
    ['?', `p ${'1 ? '.repeat(deep)}1`],
    ['*', `p (int ${'('.repeat(deep)}*)1`],
    ['+', `p 1${' + 1'.repeat(deep)}`],
  ])('nested %s', async (_sign, line) => {
    expect(await shdb(line)).toBe('Expression is nested too deeply.\n')
  })

  test('a huge @', async () => {
    expect(await shdb('p history(16)->actions[0]@1000000000')).toBe(
      'value requires 32000000000 bytes, which is more than max-value-size\n',
    )
  })
})

test('info target tells which clock the times come from, and that coarse ones are old', async () => {
  expect(await shdb('info target')).toContain(
    'coarse clock: times are about a millisecond old; last tick at t = 48360500000\n',
  )
  const { stdout } = await runScript(['info target'], [{ ...tcpImage(), coarse: false }])
  expect(stdout).toContain('    precise clock\n')
})
