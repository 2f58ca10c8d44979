// One event is current: event, next, previous, and the names that need nothing before them.

import { describe, expect, test } from 'vitest'
import { last, shdb, VICTIMS, victims } from '../support/race-session.ts'

describe('one event is current', () => {
  test('the last that was shown, and its fields need no name before them', async () => {
    expect(await last('history #33555971', 'p log')).toBe('$8 = 0x406c8 "resume write"\n')
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
 record at 0x40690
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
