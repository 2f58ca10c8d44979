// What Tab offers behind the commands that walk through lives, and what an empty line goes on with.

import { expect, test } from 'vitest'
import { Runner } from '../../src/inspector/index.ts'
import { raceImage } from '../support/race-image.ts'
import { recordingHost } from '../support/shdb.ts'

function runner(): Runner {
  const made = new Runner(recordingHost())
  made.session.attach(raceImage())
  return made
}

test.each([
  ['history -f', ['history -first', 'history -from']],
  ['history -verb TCP_S', ['history -verb TCP_SEND2CHILD']],
  [
    'history -v -thread ',
    ['main', 'idle', '"tcp reader"', '"tcp writer"']
      .sort()
      .map((each) => `history -v -thread ${each}`),
  ],
  ['history -thread main 0x7f95acf6eb', ['history -thread main 0x7f95acf6eb00']],
  ['history b9', ['history b9a7-uuid']],
  ['find -list s', ['find -list sessions']],
  ['info histories -by e', ['info histories -by events']],
  ['info histories -live s', ['info histories -live sessions']],
  ['info object b', ['info object b9a7-uuid']],
  ['info lists -', ['info lists -json']],
  ['around -m', ['around -max']],
  ['next -t', ['next -thread']],
  ['thread tcp r', ['thread tcp reader']],
  ['thread i', ['thread idle']],
  ['threads ap', ['threads apply']],
  ['set $x = hist', ['set $x = history']],
  ['th 1', []],
  ['event 0x7f95acf6eb', ['event 0x7f95acf6eb00']],
  ['p $_ev', ['p $_event']],
])('%s', (line, wanted) => {
  const { start, words } = runner().complete(line)
  expect([...words].sort().map((each) => line.slice(0, start) + each)).toEqual(wanted)
})

test('fields are offered where an event is current', async () => {
  const made = runner()
  expect(made.complete('p lo').words).toEqual([])
  await made.execute('event #33555971')
  expect(made.complete('p lo').words).toEqual(['log'])
})

test.each([
  ['history -first 3 0x10', 'history'],
  ['hist #5', 'history'],
  ['find -max 2 x', 'find'],
  ['p 1', 'p 1'],
  ['next 2', 'next 2'],
  ['nosuch', 'nosuch'],
])('an empty line behind "%s" runs "%s"', (line, wanted) => {
  expect(runner().repeated(line)).toBe(wanted)
})
