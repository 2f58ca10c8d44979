// Folded repeats as shdb shows them: a count behind the event, two times with -v, and every repeat in the counts.

import { expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { runScript } from '../support/shdb.ts'

async function shdb(...script: string[]): Promise<string> {
  const recorder = new Recorder({ budget: '512KiB', name: 'repeats', thread: 'main' })
  const verbs = recorder.verbs({ POLL: 0, FAIL: 0 })
  const history = recorder.list('jobs', { coalesce: true }).push(0x10)
  for (let n = 0; n < 40; n++) history.log(verbs.POLL, 'poll %d', 3)
  history.log(verbs.FAIL, 'failed')
  history.unref()
  for (let n = 0; n < 2; n++) history.log(verbs.POLL, 'poll %d', 4)
  const { stdout, stderr } = await runScript(script, [openImage(recorder.snapshot())])
  expect(stderr).toBe('')
  // What differs from run to run.
  return stdout
    .replaceAll(/t = \d+/g, 't = T')
    .replaceAll(/([pt]id) = \d+/g, '$1 = N')
    .replaceAll(/0x[0-9a-f]{3,}/g, '0xA')
    .replaceAll(/#\d+/g, '#H')
}

const event = (verb: string, log: string) =>
  `{verb = ${verb}, t = T, pid = N, tid = N, log = 0xA "${log}"}`

test('history counts the repeats behind each event, and before its other marks', async () => {
  expect(
    await shdb('history 0x10'),
  ).toBe(`jobs 0x10 #H: released, ref 0, 3 events (43 with repeats), nothing lost
$1 = ${event('POLL', 'poll 3')} × 40
$2 = ${event('FAIL', 'failed')}
$3 = ${event('POLL', 'poll 4')} × 2 <after last unref>
`)
})

test('history -v tells the times of the first and the last', async () => {
  expect(await shdb('history -v 0x10')).toContain(`$1 = ${event('POLL', 'poll 3')} × 40
    event 0, by main
    40 times, from t = T to t = T
$2 = ${event('FAIL', 'failed')}
    event 2, by main
$3`)
})

test('print of an event tells its count; of a part of it, or a copy, only what C has', async () => {
  const script = [
    'set $sh = history(0x10)',
    'p $sh->len',
    'p $sh->actions[0]',
    'p $',
    'p $sh->actions[1]',
    'p $sh->actions[0].log',
    'p $sh->actions[0]@2',
    'p -pretty -- $sh->actions[2]',
  ]
  expect(await shdb(...script)).toBe(`$1 = 3
$2 = ${event('POLL', 'poll 3')} × 40
$3 = ${event('POLL', 'poll 3')} × 40
$4 = ${event('FAIL', 'failed')}
$5 = 0xA "poll 3"
$6 = {${event('POLL', 'poll 3')}, ${event('FAIL', 'failed')}}
$7 = {
  verb = POLL,
  t = T,
  pid = N,
  tid = N,
  log = 0xA "poll 4"
} × 2
`)
})

test('find counts the repeats behind what it finds', async () => {
  expect(
    await shdb('find poll'),
  ).toBe(`jobs 0x10 #H: released, ref 0, 3 events (43 with repeats), nothing lost
$1 = ${event('POLL', 'poll 3')} × 40
$2 = ${event('POLL', 'poll 4')} × 2 <after last unref>
2 events found.
`)
})

test('info histories and info stats count them', async () => {
  expect(await shdb('info histories')).toMatch(/^ *#H +0x10 +43 /m)
  expect(await shdb('info stats')).toMatch(/^folded +38$/m)
})
