// history: pages, and what an option hides is told.

import { describe, expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import {
  DESTROYED_EARLIER,
  EARLIER,
  HEAD,
  last,
  shdb,
  TORN,
  VICTIMS,
  victims,
} from '../support/race-session.ts'
import { runScript } from '../support/shdb.ts'

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
    expect(wanted).toContain('    event 6, by tcp writer; ')
    expect(await shdb('history #33555971 -last 2 -v')).toBe(wanted)
    expect(await shdb('history -l 2 -v -- #33555971')).toBe(wanted)
    expect(await shdb('history -- 0x7f95acf6ea60 -last 2')).not.toContain('not shown')
  })
})

test('-v sums up what the verbs did to the count, over the hidden ones, too', async () => {
  const sums = async (command: string) => (await shdb(command)).match(/^ {4}event.*$/gm)
  expect(await sums('history -v #33555971')).toEqual([
    '    event 0, by main; verbs so far: 1',
    '    event 1, by tcp reader; verbs so far: 2',
    '    event 2, by tcp reader; verbs so far: 2',
    '    event 3, by tcp writer; verbs so far: 1',
    '    event 4, by tcp writer; verbs so far: 0',
    '    event 5, by tcp reader; verbs so far: 0',
    '    event 6, by tcp writer; verbs so far: 0',
  ])
  expect(await sums('history -v -reverse -verb TCP_FAULT,TCP_UNREF #33555971')).toEqual([
    '    event 6, by tcp writer; verbs so far: 0',
    '    event 4, by tcp writer; verbs so far: 0',
    '    event 3, by tcp writer; verbs so far: 1',
  ])
  expect(await sums('history -v #16778754')).toEqual([
    '    event 0, by main; verbs so far: 1',
    '    event 3, by tcp reader; verbs so far: 1, without the 2 lost',
  ])
})

test('an object whose name would command a terminal is shown, not obeyed, where nothing is left to show', async () => {
  const recorder = new Recorder({ budget: '512KiB' })
  const { SEND } = recorder.verbs({ SEND: 0 })
  recorder.list('jobs').push('\u001b[2Jjob').log(SEND, 'once')
  const image = openImage(recorder.snapshot())
  const { stderr } = await runScript(['history "\\033[2Jjob"', 'history'], [image])
  expect(stderr).toContain('No more events of \\033[2Jjob: its history was shown to the end.')
})
