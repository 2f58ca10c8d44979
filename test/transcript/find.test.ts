// find, info histories, info object: which events, which objects, what became of one.

import { describe, expect, test } from 'vitest'
import { EARLIER, HEAD, shdb, victims } from '../support/race-session.ts'

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
