// Call sites in shdb.

import { expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { runScript } from '../support/shdb.ts'

function image(site = 'src/conn.ts:41:accept') {
  const recorder = new Recorder({ budget: '512KiB', thread: 'main' })
  const { REF } = recorder.verbs({ REF: 1 })
  const history = recorder.list('TCP con').push(0x10)
  history.log(REF, `accept, (%d)\0${site}`, 1)
  history.log(REF, 'read, (%d)', 2)
  return openImage(recorder.snapshot())
}

test('history -v and find -v tell the call site of each event that has one', async () => {
  const { stdout } = await runScript(['history -v 0x10', 'find -v accept'], [image()])
  expect(stdout).toContain('log = ')
  expect(stdout).toMatch(/"accept, \(1\)"\}\n {4}event 0, by main, at src\/conn\.ts:41:accept; /)
  expect(stdout).toMatch(/"read, \(2\)"\}\n {4}event 1, by main; /)
  expect(stdout.match(/at src\/conn\.ts:41:accept$/gm)).toHaveLength(1)
})

test('info event tells it on a line of its own', async () => {
  const { stdout } = await runScript(['info event 0x10 0', 'info event 0x10 1'], [image()])
  expect(stdout.match(/^ at src\/conn\.ts:41:accept$/gm)).toHaveLength(1)
})

test('find and -grep look into it', async () => {
  const { stdout } = await runScript(['find conn.ts:41', 'find -grep "^src/conn" REF'], [image()])
  expect(stdout.match(/^1 event found\.$/gm)).toHaveLength(2)
})

test('--json has it as "site", where there is one', async () => {
  const { stdout } = await runScript(['history --json 0x10'], [image()])
  const [{ events }] = JSON.parse(stdout) as [{ events: { site?: string }[] }]
  expect(events.map(({ site }) => site)).toEqual(['src/conn.ts:41:accept', undefined])
})

test('a hostile one is shown escaped', async () => {
  const { stdout } = await runScript(
    ['history -v 0x10', 'info event 0x10 0'],
    [image('\x1b[2Jx\ny')],
  )
  expect(stdout).not.toContain('\x1b')
  expect(stdout).toMatch(/, at \S*x\S*y; verbs/)
})
