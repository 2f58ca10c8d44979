// The stacks of a list made with "backtrace", as gdb shows stacks.

import { expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { runScript } from '../support/shdb.ts'

function image() {
  const recorder = new Recorder({ budget: '512KiB', thread: 'main' })
  const verbs = recorder.verbs({ OPEN: 1 })
  const history = recorder.list('jobs', { backtrace: true }).push('job')
  // Not as its last act: JavaScriptCore would show no frame of it.
  const openTheJob = () => {
    const isRecorded = history.log(verbs.OPEN, 'opened')
    expect(isRecorded).toBe(true)
  }
  openTheJob()
  recorder.list('plain').push('other').log(verbs.OPEN, 'no stack')
  return openImage(recorder.snapshot())
}

test('backtrace numbers the frames of the current event', async () => {
  const { stdout } = await runScript(
    ['event job', 'echo --\\n', 'bt', 'thread apply all -q where'],
    [image()],
  )
  const [, shown = ''] = stdout.split('--\n')
  expect(shown).toMatch(/^#0 {2}\S*openTheJob \(.*backtrace\.test\.ts:\d+:\d+\)\n#1 {2}/)
  expect(shown).not.toMatch(/^#\d+ +at /m)
})

test('info event and history -v tell it, too', async () => {
  const { stdout } = await runScript(['info event job', 'history -v job'], [image()])
  expect(stdout.match(/^ {4}at \S*openTheJob \(/gm)).toHaveLength(2)
})

test('an event without a stack has none', async () => {
  const { error } = await runScript(['event other', 'backtrace'], [image()])
  expect(error).toBe('No stack.')
})
