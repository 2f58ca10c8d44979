// around: one time line of all histories, of all images.

import { describe, expect, test } from 'vitest'
import { Runner } from '../../src/inspector/index.ts'
import { raceImage } from '../support/race-image.ts'
import { last, shdb } from '../support/race-session.ts'
import { recordingHost } from '../support/shdb.ts'

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
