// What is wrong is said in words that gdb would use; Ctrl-C ends whatever takes long.

import { describe, expect, test } from 'vitest'
import { Runner } from '../../src/inspector/index.ts'
import { raceImage, VICTIM } from '../support/race-image.ts'
import { shdb } from '../support/race-session.ts'
import { recordingHost } from '../support/shdb.ts'

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
