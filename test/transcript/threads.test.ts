// thread and thread apply.

import { describe, expect, test } from 'vitest'
import { last, shdb, victims } from '../support/race-session.ts'

describe('threads', () => {
  test('one is chosen, with the last that it did', async () => {
    expect(await shdb('thread 1', 'thread', 'p $_thread', 'thread idle', 'event', 'thread')).toBe(
      `[Switching to thread 1 (tcp reader)]
Event 5 of TCP con 0x7f95acf6ea60 #33555971, by tcp reader
${victims(1, 5)}[Current thread is 1 (tcp reader)]
$2 = 1
[Switching to thread 3 (idle)]
Nothing is left of what this thread logged.
Nothing is left of what this thread logged.
[Current thread is 3 (idle)]
`,
    )
    expect(
      await last('thread "tcp writer"', 'info threads'),
    ).toBe(` Id  Name         Pid  Tid  Runtime  Joined
  0  main        4711    0  node          0
  1  tcp reader  4711    1  node         10
* 2  tcp writer  4711    2  node         20
  3  idle        4711    3  node         30
`)
  })

  test('a command is applied to all, each with its own last event', async () => {
    expect(await shdb('event #16778754 0', 'thread apply all event', 'p $_thread')).toBe(
      `Event 0 of TCP con 0x7f95acf6eb00 #16778754, by main
$1 = {verb = TCP_REF, t = 9000, pid = 4711, tid = 0, log = "accept, (1)"}

Thread 3 (idle):
Nothing is left of what this thread logged.

Thread 2 (tcp writer):
Event 6 of TCP con 0x7f95acf6ea60 #33555971, by tcp writer
${victims(2, 6)}
Thread 1 (tcp reader):
Event 5 of TCP con 0x7f95acf6ea60 #33555971, by tcp reader
${victims(3, 5)}
Thread 0 (main):
Event 0 of TCP con 0x7f95acf6ea60 #33555971, by main
${victims(4, 0)}$5 = 0
`,
    )
  })

  test('with its flags, as in gdb', async () => {
    expect(await shdb('threads apply all -ascending -q p $_thread')).toBe(
      '$1 = 0\n$2 = 1\n$3 = 2\n$4 = 3\n',
    )
    expect(await shdb('thread apply 1-2 "main" p $_thread')).toBe(
      '\nThread 1 (tcp reader):\n$1 = 1\n\nThread 2 (tcp writer):\n$2 = 2\n\nThread 0 (main):\n$3 = 0\n',
    )
    const noSuch = 'No symbol "nosuch" in current context.\n'
    expect(await shdb('thread apply 1 2 p nosuch')).toBe(`\nThread 1 (tcp reader):\n${noSuch}`)
    expect(await shdb('thread apply 1 2 -c p nosuch')).toBe(
      `\nThread 1 (tcp reader):\n${noSuch}\nThread 2 (tcp writer):\n${noSuch}`,
    )
    expect(await shdb('thread apply all -s p t')).toBe(
      '\nThread 2 (tcp writer):\n$1 = 12900\n\nThread 1 (tcp reader):\n$2 = 12600\n\nThread 0 (main):\n$3 = 10000\n',
    )
    expect(await shdb('taas p nosuch')).toBe('')
    expect(await shdb('thread apply 9 p 1')).toBe('warning: Unknown thread 9\n')
  })

  test('history and find take the thread from $_thread', async () => {
    expect(await shdb('thread apply 2 -q history -thread $_thread #33555971')).toContain(
      victims(1, 3, 4),
    )
  })
})
