// Walking through lives: pages, filters, the current event, time lines, threads. What a person hunting a bug types.

import { describe, expect, test } from 'vitest'
import { CommandError, Runner } from '../../src/inspector/index.ts'
import { raceImage, VICTIM } from '../support/race-image.ts'
import { recordingHost } from '../support/shdb.ts'

/** What the commands print, errors included; the session goes on after them, as at the prompt. */
async function shdb(...commands: string[]): Promise<string> {
  const host = recordingHost()
  const runner = new Runner(host)
  runner.session.attach(raceImage())
  for (const command of commands) {
    try {
      await runner.execute(command)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      host.write(`${error.message}\n`)
    }
    host.write(host.stderr)
    host.stderr = ''
  }
  // Where the records stand is not what is asked here.
  return host.stdout.replaceAll(/log = 0x[0-9a-f]+/g, 'log =')
}

/** What the last of the commands prints. */
async function last(...commands: string[]): Promise<string> {
  const before = await shdb(...commands.slice(0, -1))
  return (await shdb(...commands)).slice(before.length)
}

const EARLIER = 'TCP con 0x7f95acf6ea60 #16778753: ended, ref 1, 3 events, nothing lost\n'
const HEAD = 'TCP con 0x7f95acf6ea60 #33555971: ended, ref 1, 7 events, nothing lost\n'
const TORN = 'TCP con 0x7f95acf6eb00 #16778754: live, ref 1, 2 events, 3 lost (unfinished)\n'
/** The events of the victim, by index. */
const VICTIMS = [
  '{verb = TCP_REF, t = 10000, pid = 4711, tid = 0, log = "accept, (1)"}',
  '{verb = TCP_REF, t = 12000, pid = 4711, tid = 1, log = "write, (2)"}',
  '{verb = TCP_SEND2CHILD, t = 12001, pid = 4711, tid = 1, log = "write"}',
  '{verb = TCP_UNREF, t = 12400, pid = 4711, tid = 2, log = "send 6, (1)"}',
  '{verb = TCP_UNREF, t = 12500, pid = 4711, tid = 2, log = "send 6, (0)"}',
  '{verb = TCP_DESTROY, t = 12600, pid = 4711, tid = 1, log = "type=2"}',
  '{verb = TCP_FAULT, t = 12900, pid = 4711, tid = 2, log = "resume write"} <after end>',
] as const
const victims = (first: number, ...indexes: number[]): string =>
  indexes.map((index, at) => `$${first + at} = ${VICTIMS[index]}\n`).join('')
const DESTROYED_EARLIER = '{verb = TCP_DESTROY, t = 2001, pid = 4711, tid = 1, log = "type=2"}\n'

describe('history turns pages', () => {
  test('from the beginning', async () => {
    const pages = ['history -first 5 #33555971', 'history', 'history']
    expect(await shdb(...pages)).toBe(
      `${HEAD}${victims(1, 0, 1, 2, 3, 4)}- 2 events not shown -
${victims(6, 5, 6)}No more events of 0x7f95acf6ea60: its history was shown to the end.
`,
    )
  })

  test('from the end, back into the earlier life', async () => {
    const pages = ['history -last 6 0x7f95acf6ea60', 'history', 'history', 'history']
    expect(await shdb(...pages)).toBe(
      `- 1 earlier life not shown -
${HEAD}- 1 event not shown -
${victims(1, 1, 2, 3, 4, 5, 6)}${EARLIER}$7 = {verb = TCP_REF, t = 1000, pid = 4711, tid = 0, log = "accept, (1)"}
$8 = {verb = TCP_UNREF, t = 2000, pid = 4711, tid = 1, log = "read end, (0)"}
$9 = ${DESTROYED_EARLIER}${HEAD}${victims(10, 0)}No more events of 0x7f95acf6ea60: its history was shown to the beginning.
No more events of 0x7f95acf6ea60: its history was shown to the beginning.
`,
    )
  })

  test('newest first', async () => {
    expect(
      await shdb('history -reverse -first 2 0x7f95acf6ea60', 'history -reverse #16778754'),
    ).toBe(
      `${HEAD}${victims(1, 6, 5)}- 5 events not shown -
- 1 earlier life not shown -
${TORN}- 1 event lost (#4) -
$3 = {verb = TCP_SEND2CHILD, t = 12550, pid = 4711, tid = 1, log = "read"}
- 2 events lost (#1-#2) -
$4 = {verb = TCP_REF, t = 9000, pid = 4711, tid = 0, log = "accept, (1)"}
`,
    )
  })

  test('another event in between: "history" is about that one', async () => {
    const out = await last('history -first 1 #33555971', 'event #16778754 0', 'history')
    expect(out.startsWith(TORN)).toBe(true)
  })

  test('what is lost is told with the page that it lies behind', async () => {
    expect(await shdb('history -first 1 #16778754', 'history')).toBe(
      `${TORN}$1 = {verb = TCP_REF, t = 9000, pid = 4711, tid = 0, log = "accept, (1)"}
- 2 events lost (#1-#2) -
- 1 event not shown -
$2 = {verb = TCP_SEND2CHILD, t = 12550, pid = 4711, tid = 1, log = "read"}
- 1 event lost (#4) -
`,
    )
  })
})

describe('history shows what is asked for, and tells what it hides', () => {
  test.each([
    ['-thread 2', [3, 4, 6]],
    ['-thread "tcp writer"', [3, 4, 6]],
    ['-verb TCP_DESTROY,TCP_FAULT', [5, 6]],
    ['-verb TCP_UNREF -thread 2', [3, 4]],
    ['-grep "^send \\d"', [3, 4]],
    ['-grep DESTROY', [5]],
    ['-from 12.5ms', [4, 5, 6]],
    ['-from 12ms -to 12400', [1, 2, 3]],
    ['-to .01s', [0]],
  ])('%s', async (options, indexes) => {
    const out = await shdb(`history ${options} #33555971`)
    const shown = [...out.matchAll(/^\$\d+ = (.*)$/gm)].map(([, event]) => event)
    expect(shown).toEqual(indexes.map((index) => VICTIMS[index]))
    const hidden = [...out.matchAll(/^- (\d+) events? not shown -$/gm)].map(([, count]) => count)
    expect(hidden.reduce((sum, count) => sum + Number(count), 0)).toBe(7 - indexes.length)
  })

  test('where they stood, beside what is lost', async () => {
    expect(await shdb('history -verb TCP_REF,TCP_FAULT 0x7f95acf6ea60')).toBe(
      `${EARLIER}$1 = {verb = TCP_REF, t = 1000, pid = 4711, tid = 0, log = "accept, (1)"}
- 2 events not shown -
${HEAD}${victims(2, 0, 1)}- 4 events not shown -
${victims(4, 6)}`,
    )
    expect(await shdb('history -verb TCP_SEND2CHILD #16778754')).toBe(
      `${TORN}- 1 event not shown -
- 2 events lost (#1-#2) -
$1 = {verb = TCP_SEND2CHILD, t = 12550, pid = 4711, tid = 1, log = "read"}
- 1 event lost (#4) -
`,
    )
  })

  test('lives without any are counted', async () => {
    expect(await shdb('history -verb TCP_FAULT 0x7f95acf6ea60')).toBe(
      `- 1 life not shown -\n${HEAD}- 6 events not shown -\n${victims(1, 6)}`,
    )
    expect(await shdb('history -grep nothing 0x7f95acf6ea60')).toBe(
      '- 2 lives not shown -\nNo event matches.\n',
    )
  })

  test('options may stand behind the object, and -- ends them', async () => {
    const wanted = await shdb('history -last 2 -v #33555971')
    expect(wanted).toContain('    event 6, by tcp writer\n')
    expect(await shdb('history #33555971 -last 2 -v')).toBe(wanted)
    expect(await shdb('history -l 2 -v -- #33555971')).toBe(wanted)
    expect(await shdb('history -- 0x7f95acf6ea60 -last 2')).not.toContain('not shown')
  })
})

describe('one event is current', () => {
  test('the last that was shown, and its fields need no name before them', async () => {
    expect(await last('history #33555971', 'p log')).toBe('$8 = 0x406e0 "resume write"\n')
    expect(await last('history #33555971', 'p verb')).toBe('$8 = TCP_FAULT\n')
    expect(await last('history #33555971', 'p $2', 'p t')).toBe('$9 = 12000\n')
    expect(await last('history #33555971', 'p/x obj')).toBe('$8 = 0x7f95acf6ea60\n')
    expect(await last('history #33555971', 'p $_history->len')).toBe('$8 = 7\n')
    expect(await last('history #33555971', 'p $_list->total_obj')).toBe('$8 = 3\n')
    expect(await last('history #33555971', 'p $_thread')).toBe('$8 = 2\n')
    expect(await last('find login', 'p $_event')).toBe(
      '$2 = {verb = TCP_REF, t = 12450, pid = 4711, tid = 2, log = "login"}\n',
    )
  })

  test('verbs and functions come before fields; without a current event a field is no symbol', async () => {
    expect(await shdb('p log')).toBe('No symbol "log" in current context.\n')
    expect(await shdb('p $_thread', 'p $_event')).toBe('$1 = -1\n$2 = void\n')
    expect(await last('event #33555971', 'whatis TCP_REF')).toBe('type = enum struct_hist_verb\n')
    expect(await last('event #33555971', 'whatis history')).toContain('internal')
  })

  test.each([
    ['set $_thread = 1', 'Left operand of assignment is not an lvalue.\n'],
    ['set $_event = 1', 'Left operand of assignment is not an lvalue.\n'],
    ['set $_history = 1', 'Left operand of assignment is not an lvalue.\n'],
  ])('%s', async (command, message) => {
    expect(await shdb(command)).toBe(message)
  })

  test.each([
    ['event #33555971 3', 3],
    ['event #33555971[3]', 3],
    ['event 0x7f95acf6ea60 3', 3],
    ['event 0x7f95acf6ea60[3]', 3],
    ['event history(0x7f95acf6ea60) 3', 3],
    ['event history(0x7f95acf6ea60)->actions[3]', 3],
    ['event 0x7f95acf6ea60', 6],
    ['event #33555971 -2', 5],
  ])('%s', async (command, index) => {
    const head = `Event ${index} of TCP con 0x7f95acf6ea60 #33555971, by `
    const out = await shdb(command)
    expect(out.startsWith(head)).toBe(true)
    expect(out.endsWith(victims(1, index))).toBe(true)
    expect(await shdb(command, 'event')).toBe(`${out}${out.replace('$1', '$2')}`)
  })

  test('a copy of an event still knows where it was taken', async () => {
    const script = ['history #33555971', 'set $x = $2', 'event $x']
    expect(await last(...script)).toBe(
      `Event 1 of TCP con 0x7f95acf6ea60 #33555971, by tcp reader\n${victims(8, 1)}`,
    )
  })

  test('frame is its word in gdb', async () => {
    expect(await last('event #33555971 3', 'frame')).toBe(await last('event #33555971 3', 'event'))
    expect(await last('event #33555971 3', 'f 4')).toContain('Event 4 of ')
    expect(await last('event #33555971 3', 'info frame')).toBe(
      await last('event #33555971 3', 'info event'),
    )
    expect(await shdb('frame', 'info frame')).toBe('No stack.\nNo stack.\n')
  })

  test('info event tells all about it', async () => {
    expect(await last('event #33555971 4', 'info event')).toBe(
      `Event 4 of TCP con 0x7f95acf6ea60 #33555971, actions[4]:
 verb = TCP_UNREF (unref); log = "send 6, (0)"
 logged by tcp writer (thread 2, pid 4711, tid 2)
 at t = 12500, 2026-01-02T03:04:05.012500Z; 2.5 ms after the object was pushed
 record at 0x406a0
 verbs so far: 2 x +1, 2 x -1, together 0; 0 x end
 previous event 3, 100 us earlier, by tcp writer: TCP_UNREF "send 6, (1)"
 next event 5, 100 us later, by tcp reader: TCP_DESTROY "type=2"
`,
    )
    expect(await shdb('info event 0x7f95acf6eb00 3')).toContain(
      `; 2 lost are not counted
 before it 2 events lost (#1-#2)
 previous event 0, 3.55 ms earlier, by main: TCP_REF "accept, (1)"
 after it 1 event lost (#4)
 last event that is left
`,
    )
  })
})

describe('next and previous go on from the current event', () => {
  test.each([
    [['next'], 4],
    [['n 2'], 5],
    [['next 99'], 6],
    [['previous'], 2],
    [['rn'], 2],
    [['n -2'], 1],
    [['previous -verb TCP_REF 2'], 0],
    [['next -grep DESTROY'], 5],
    [['next -thread 2'], 4],
    [['next', 'next -thread'], 6],
    [['previous', 'previous -thread'], 1],
    [['s 2'], 4],
    [['previous', 'reverse-step'], 1],
  ])('%j', async (commands, index) => {
    const out = await last('event #33555971 3', ...commands)
    expect(out.endsWith(` = ${VICTIMS[index]}\n`)).toBe(true)
  })

  test('along the thread into another history', async () => {
    const walk = ['event #33555971 3', 'step', 'step', 'step', 'step']
    expect(await shdb(...walk)).toBe(
      `Event 3 of TCP con 0x7f95acf6ea60 #33555971, by tcp writer
${victims(1, 3)}Event 0 of sessions b9a7-uuid #16778756, by tcp writer
$2 = {verb = TCP_REF, t = 12450, pid = 4711, tid = 2, log = "login"}
Event 4 of TCP con 0x7f95acf6ea60 #33555971, by tcp writer
${victims(3, 4)}${victims(4, 6)}Last event of thread 2 (tcp writer) selected; you cannot go to a next one.
`,
    )
  })

  test('at the end they name the life that comes after, and tell what is lost on the way', async () => {
    expect(await last('event #16778753', 'next')).toBe(
      'Last event of TCP con 0x7f95acf6ea60 #16778753 selected; you cannot go to a next one.  A later life is #33555971.\n',
    )
    expect(await last('event #33555971 0', 'previous')).toBe(
      'First event of TCP con 0x7f95acf6ea60 #33555971 selected; you cannot go to a previous one.  An earlier life is #16778753.\n',
    )
    expect(await last('event #16778754 0', 'next')).toBe(
      `- 2 events lost (#1-#2) -
$2 = {verb = TCP_SEND2CHILD, t = 12550, pid = 4711, tid = 1, log = "read"}
`,
    )
  })
})

test('around sets what all histories did on one time line', async () => {
  expect(await shdb('around #33555971[4] 100us')).toBe(
    `Event 4 of TCP con 0x7f95acf6ea60 #33555971, by tcp writer, t = 12500, and 100 us before and after:
    Value    us  Thread      List      Object          Event  Verb            Log
    $1     -100  tcp writer  TCP con   0x7f95acf6ea60      3  TCP_UNREF       "send 6, (1)"
    $2      -50  tcp writer  sessions  b9a7-uuid           0  TCP_REF         "login"
=>  $3        0  tcp writer  TCP con   0x7f95acf6ea60      4  TCP_UNREF       "send 6, (0)"
    $4      +50  tcp reader  TCP con   0x7f95acf6eb00      3  TCP_SEND2CHILD  "read"
    $5     +100  tcp reader  TCP con   0x7f95acf6ea60      5  TCP_DESTROY     "type=2"
- 2 events lost (#1-#2) of TCP con 0x7f95acf6eb00 #16778754 -
- 1 event lost (#4) of TCP con 0x7f95acf6eb00 #16778754 -
- sessions: 4 histories evicted, with what they logged before t = 12450 -
`,
  )
})

describe('around takes its event and its span in any order', () => {
  const rows = async (...commands: string[]): Promise<string> => {
    const lines = (await last(...commands)).split('\n')
    return lines
      .filter((line) => / {2}\$\d/.test(line))
      .map((line) => line.replace(/^(=>)?.*"(.*)".*/, '$1$2'))
      .join(' ')
  }
  test.each([
    ['around', 'write, (2) write send 6, (1) login send 6, (0) read =>type=2 resume write'],
    ['around 150us', 'login send 6, (0) read =>type=2'],
    ['around 150us $2', '=>write, (2) write'],
    ['around $2 .15ms', '=>write, (2) write'],
    ['around -list sessions 1ms', 'login =>type=2'],
    ['around -verb TCP_UNREF -thread 2 1ms', 'send 6, (1) send 6, (0) =>type=2'],
    ['around -max 2', 'read =>type=2'],
    ['around b9a7-uuid 10us', '=>login'],
  ])('%s', async (command, wanted) => {
    const texts = await rows('history -verb TCP_REF,TCP_DESTROY,TCP_SEND2CHILD #33555971', command)
    expect(texts).toBe(wanted)
  })

  test('what is too far away to be shown is counted', async () => {
    expect(await shdb('around -max 2 #33555971[5]')).toContain('\n- 6 events not shown -\n')
  })
})

describe('find', () => {
  test('goes on where -max ended it', async () => {
    expect(await shdb('find -thread "tcp writer" -max 3 TCP_', 'find', 'find')).toBe(
      `${HEAD}${victims(1, 3, 4, 6)}- 1 event not shown -
4 events found.
sessions b9a7-uuid #16778756: live, ref 1, 1 event, nothing lost
$4 = {verb = TCP_REF, t = 12450, pid = 4711, tid = 2, log = "login"}
4 events found.
No more events: all 4 that were found are shown.
`,
    )
  })

  test('needs no text where an option selects events', async () => {
    expect(await shdb('find -list sessions -verb TCP_REF')).toContain('1 event found.\n')
    expect(await shdb('find -list sessions DESTROY')).toBe('Pattern not found.\n')
    expect(await shdb('find -from 12.9ms')).toContain(victims(1, 6))
  })
})

describe('info histories', () => {
  const handles = async (options: string): Promise<string> => {
    const out = await shdb(`info histories ${options}`)
    return [...out.matchAll(/#(\d+) /g)].map(([, handle]) => NAMES.get(Number(handle))).join(' ')
  }
  const NAMES = new Map([
    [16778753, 'earlier'],
    [16778754, 'torn'],
    [33555971, 'victim'],
    [16778756, 'session'],
  ])

  test.each([
    ['', 'earlier torn victim session'],
    ['TCP con', 'earlier torn victim'],
    ['-reverse TCP con', 'victim torn earlier'],
    ['-live', 'torn session'],
    ['-ended', 'earlier victim'],
    ['-live -ended TCP con', 'earlier torn victim'],
    ['TCP con -ended', 'earlier victim'],
    ['-released', ''],
    ['-pinned', ''],
    ['-lost', 'torn'],
    ['-by events', 'victim torn earlier session'],
    ['-by e -max 1', 'victim'],
    ['-by age', 'earlier torn victim session'],
    ['-by last', 'victim torn session earlier'],
    ['-by object -reverse', 'session torn victim earlier'],
    ['-object 0x7f95acf6ea00-0x7f95acf6ea60', 'earlier victim'],
    ['-object 0x7f95acf6ea61,+160', 'torn'],
    ['-object 0x7f95acf6ea61,+159', ''],
    ['-object 0x7f95acf6eb00', 'torn'],
    ['-live -by age -max 1 TCP con', 'torn'],
  ])('%s', async (options, wanted) => {
    expect(await handles(options)).toBe(wanted)
  })

  test('counts what -max hides', async () => {
    expect(await shdb('info histories -max 1')).toMatch(/\n- 3 histories not shown -\n$/)
  })
})

test('info object tells what became of it, life by life', async () => {
  expect(await shdb('info object 0x7f95acf6ea60')).toBe(
    `${EARLIER}  life     1 of 2
  created  t = 1000, by main
  first    event 0, t = 1000, TCP_REF "accept, (1)", by main
  last     event 2, t = 2001, TCP_DESTROY "type=2", by tcp reader
  ended    by its last event
  span     1.001 ms
  verbs    1 x +1, 1 x -1, together 0; 1 x end
  threads  tcp reader (2), main (1)
  before   none in its list
  after    0x7f95acf6eb00 #16778754: live, ref 1, created t = 9000
${HEAD}  life     2 of 2
  created  t = 10000, by main
  first    event 0, t = 10000, TCP_REF "accept, (1)", by main
  last     event 6, t = 12900, TCP_FAULT "resume write", by tcp writer <after end>
  ended    event 5, t = 12600, TCP_DESTROY "type=2", by tcp reader
  late     1 event, the first: event 6, t = 12900, TCP_FAULT "resume write", by tcp writer <after end>
  span     2.9 ms
  verbs    2 x +1, 2 x -1, together 0; 1 x end
  threads  tcp reader (3), tcp writer (3), main (1)
  before   0x7f95acf6eb00 #16778754: live, ref 1, created t = 9000
  after    none in its list
`,
  )
})

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

describe('what is wrong is said as gdb says it', () => {
  test.each([
    ['event', 'No event selected.  Use the "history", "find" or "event" command.\n'],
    ['next', 'No event selected.  Use the "history", "find" or "event" command.\n'],
    ['around', 'No event selected.  Use the "history", "find" or "event" command.\n'],
    ['event nosuch', 'No history of object "nosuch" in race.shdump.\n'],
    ['event 0x99', 'No history of object 0x99 in race.shdump.\n'],
    ['event $99', 'History has not yet reached $99.\n'],
    [
      'event #16778754 2',
      'Event #2 of TCP con 0x7f95acf6eb00 #16778754 is lost (unfinished: #1-#2).\n',
    ],
    ['event #33555971 7', 'No event #7 in TCP con 0x7f95acf6ea60 #33555971: it has #0-#6.\n'],
    ['event #33555971 -8', 'No event #-8 in TCP con 0x7f95acf6ea60 #33555971: it has #0-#6.\n'],
    ['thread', 'No thread selected\n'],
    ['thread 9', 'Unknown thread 9.\n'],
    ['thread foo', 'Invalid thread ID: foo\n'],
    ['thread apply', 'Please specify a thread ID list\n'],
    ['thread apply 1', 'Please specify a command following the thread ID list\n'],
    ['thread apply all', "Please specify a command at the end of 'thread apply all'\n"],
    ['thread apply foo p 1', 'Invalid thread ID: foo p 1\n'],
    ['thread apply 2-1 p 1', 'inverted range\n'],
    ['thread apply all -c -s p 1', 'thread apply all: -c and -s are mutually exclusive\n'],
    ['thread find zz', "No threads match 'zz'\n"],
    ['thread name x', 'Cannot write to the image: shdb only reads it.\n'],
    ['bt', 'No stack.\n'],
    ['history', 'Argument required (an object, or #HANDLE).\n'],
    ['history -nosuch 1', 'Unrecognized option at: -nosuch 1\n'],
    ['info histories -re', 'Ambiguous option at: -re\n'],
    ['history -first', '-first requires an argument\n'],
    ['history -first x 1', 'Expected integer at: x\n'],
    ['history -first 1 -last 1 1', 'history: -first and -last are mutually exclusive\n'],
    ['history -thread foo 1', 'Invalid thread ID: foo\n'],
    ['history -thread 7 1', 'Unknown thread 7.\n'],
    [
      'history -from 3q 1',
      'Invalid time "3q": microseconds, or a number with us, ms, s, min or h.\n',
    ],
    ['history -grep ( 1', 'Invalid regexp: (\n'],
    [
      'find -list nolist x',
      'No list "nolist" in race.shdump: its lists are "TCP con", "sessions".\n',
    ],
    ['info histories -by size', 'Undefined item: "size".\n'],
  ])('%s', async (command, message) => {
    expect(await shdb(command)).toBe(message)
  })

  test('verbs that are none', async () => {
    expect(await shdb('find -verb TCP_REF,TCP_NOSUCH')).toBe(
      'No verb "TCP_NOSUCH": the verbs are TCP_DESTROY, TCP_FAULT, TCP_REF, TCP_SEND2CHILD, TCP_UNREF.\n',
    )
  })

  test.each(['event', 'next', 'around', 'info object 1', 'find x', 'history 1', 'info histories'])(
    '%s without an image',
    async (command) => {
      const runner = new Runner(recordingHost())
      await expect(runner.execute(command)).rejects.toThrow(
        command === 'next' ? 'The program is not being run.' : 'No image is open.',
      )
    },
  )
})

describe('abbreviations stay those of gdb', () => {
  test.each([
    ['ev "p 1"', '$1 = 1\n'],
    ['pre', 'No event selected.'],
    ['aro', 'No event selected.'],
    ['eve', 'No event selected.'],
    ['pr 1', 'Ambiguous command "pr 1": print, print-object, printf.'],
    ['t 9', 'Unknown thread 9.'],
  ])('%s', async (command, out) => {
    expect(await shdb(command)).toContain(out)
  })
})

describe('several images', () => {
  async function both(...commands: string[]): Promise<string> {
    const host = recordingHost()
    const runner = new Runner(host)
    runner.session.attach(raceImage('one.shdump'))
    runner.session.attach(raceImage('two.shdump', 2))
    for (const command of commands) await runner.execute(command)
    return host.stdout
  }

  test('around goes by the wall clock', async () => {
    // 10000 of the second recorder is 12000 of the first.
    const out = await both(
      'target 2',
      'around -verb TCP_REF -list "TCP con" 0x7f95acf6ea60[0] 500us',
    )
    const rows = [...out.matchAll(/^(=>)? +\$\d+ +(\S+) .* (\w+)\.shdump: /gm)]
    expect(rows.map(([, mark, offset, image]) => `${mark ?? ''}${offset} ${image}`)).toEqual([
      '=>0 two',
      '+0 one',
    ])
  })

  test('an event that is printed brings its image with it', async () => {
    const script = [
      'target 2',
      'event #33555971 2',
      'target 1',
      'event #16778754 0',
      'p $1',
      'info target',
    ]
    const out = await both(...script)
    expect(out).toContain('$3 = {verb = TCP_SEND2CHILD, t = 12001')
    expect(out).toContain('\n* two.shdump')
  })
})

test('Ctrl-C ends whatever takes long', async () => {
  for (const command of [
    `around ${VICTIM}[0]`,
    'thread 0',
    'find -max 1 x',
    'find --json x',
    'history 0x7f95acf6ea60',
    'history -last 1 0x7f95acf6ea60',
    'history --json 0x7f95acf6ea60',
    'info histories -by last',
    'info object 0x7f95acf6ea60',
  ]) {
    const runner = new Runner(recordingHost())
    const { session } = runner
    session.attach(raceImage())
    // The runner's own step takes the first; so it comes when the command runs.
    const breathe = session.breathe.bind(session)
    let breaths = 0
    session.breathe = () => {
      session.interrupted = ++breaths === 2
      return breathe()
    }
    await expect(runner.execute(command), command).rejects.toThrow('Quit')
  }
})
