// A sitting over the race of race-image.ts: what its commands print, and the lines that all tests of it expect.

import { CommandError, Runner } from '../../src/inspector/index.ts'
import { raceImage } from './race-image.ts'
import { recordingHost } from './shdb.ts'

/** What the commands print, errors included; the session goes on after them, as at the prompt. */
export async function shdb(...commands: string[]): Promise<string> {
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
export async function last(...commands: string[]): Promise<string> {
  const before = await shdb(...commands.slice(0, -1))
  return (await shdb(...commands)).slice(before.length)
}

export const EARLIER = 'TCP con 0x7f95acf6ea60 #16778753: ended, ref 1, 3 events, nothing lost\n'
export const HEAD = 'TCP con 0x7f95acf6ea60 #33555971: ended, ref 1, 7 events, nothing lost\n'
export const TORN = 'TCP con 0x7f95acf6eb00 #16778754: live, ref 1, 2 events, 3 lost (unfinished)\n'
/** The events of the victim, by index. */
export const VICTIMS = [
  '{verb = TCP_REF, t = 10000, pid = 4711, tid = 0, log = "accept, (1)"}',
  '{verb = TCP_REF, t = 12000, pid = 4711, tid = 1, log = "write, (2)"}',
  '{verb = TCP_SEND2CHILD, t = 12001, pid = 4711, tid = 1, log = "write"}',
  '{verb = TCP_UNREF, t = 12400, pid = 4711, tid = 2, log = "send 6, (1)"}',
  '{verb = TCP_UNREF, t = 12500, pid = 4711, tid = 2, log = "send 6, (0)"}',
  '{verb = TCP_DESTROY, t = 12600, pid = 4711, tid = 1, log = "type=2"}',
  '{verb = TCP_FAULT, t = 12900, pid = 4711, tid = 2, log = "resume write"} <after end>',
] as const
export const victims = (first: number, ...indexes: number[]): string =>
  indexes.map((index, at) => `$${first + at} = ${VICTIMS[index]}\n`).join('')
export const DESTROYED_EARLIER =
  '{verb = TCP_DESTROY, t = 2001, pid = 4711, tid = 1, log = "type=2"}\n'
