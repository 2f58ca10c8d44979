// target, attach, detach, quit: what is looked at, and the end.

import { toInteger } from '../language/values.ts'
import { CommandError, NOT_RUNNING } from '../messages.ts'
import { QuitRequest } from '../running.ts'
import type { Command } from './command.ts'
import { completeFile } from './complete.ts'

export const TARGET: Command = {
  name: 'target',
  group: 'files',
  line: 'Open an image, or choose among the open ones.',
  help: `Usage: target FILE | target N

FILE is a dump or a core, also compressed by gzip, zstd or lz4; what is in it
is opened beside what is open.  Of several recorders in one core all are opened,
and the largest becomes the one that expressions are about; "info target" lists
them.  N chooses an open one: 1 is the first.`,
  complete: completeFile,
  async run(session, argument) {
    if (argument === '')
      throw new CommandError('Argument required (an image to open, or its number).')
    const number = /^\d+$/.test(argument) ? Number(argument) : undefined
    if (number !== undefined) {
      const target = session.targets[number - 1]
      if (target === undefined) {
        throw new CommandError(`No image ${number}: ${session.targets.length} are open.`)
      }
      session.scope.target = target
      return
    }
    const { host } = session
    if (host.open === undefined) throw new CommandError('No images can be opened here.')
    session.attachAll(await host.open(argument, () => session.breathe()))
  },
}

export const ATTACH: Command = {
  name: 'attach',
  group: 'files',
  line: 'Look at the recorders of a running process.',
  help: `Usage: attach PID

The process is neither stopped nor slowed down: its memory is copied, as fast as
it can be read.  What it records from then on is seen after "refresh".`,
  async run(session, argument) {
    if (argument === '') throw new CommandError('Argument required (process-id to attach).')
    const { host } = session
    if (host.attach === undefined) throw new CommandError('No process can be looked at here.')
    session.attachAll(await host.attach(argument, () => session.breathe()))
  },
}

export const DETACH: Command = {
  name: 'detach',
  group: 'files',
  line: 'Close the current image.',
  run(session) {
    if (session.scope.target === undefined) throw new CommandError(NOT_RUNNING)
    session.detach()
  },
}

export const QUIT: Command = {
  name: 'quit',
  aliases: ['exit', 'q'],
  group: 'support',
  line: 'Exit shdb.',
  help: 'Usage: quit [EXP]\n\nEXP is the exit code.',
  run(session, argument) {
    const code = argument === '' ? 0n : toInteger(session.evaluate(argument))
    throw new QuitRequest(Number(code & 255n))
  },
}
