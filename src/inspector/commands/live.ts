// refresh, follow, watch: a running process, or a log that goes on, looked at again and again. A process is never stopped, and
// what it does between two looks is seen at the second.

import type { History, Image } from '../../image/image.ts'
import type { Live, RunningProcess } from '../host.ts'
import { CommandError, NO_TUI } from '../messages.ts'
import { headLine, lossLine, marksOf } from '../print/record.ts'
import type { Session } from '../session.ts'
import { Target } from '../target.ts'
import type { Command } from './command.ts'
import { completeExpression, completeObject } from './complete.ts'
import { livesNamed } from './objects.ts'
import { completeBehind, countOf, type Option, optionHelp, parseOptionsAround } from './options.ts'

const INTERVAL_MILLISECONDS = 100
const NO_PROCESS =
  'The current image is not one of a running process.  Use the "attach" command, or shdb -p PID.'
const NOT_LIVE =
  'The current image is not one of a running process or a followed log.  Use the "attach" command, shdb -p PID, or shdb --syslog FILE --follow.'

const MAX: Option = { name: 'max', value: 'N', line: 'Stop after N of them.' }

function liveOf(target: Target): Live {
  const live = target.found?.process ?? target.found?.log
  if (live === undefined) throw new CommandError(NOT_LIVE)
  return live
}

export function processOf(target: Target): RunningProcess {
  const running = target.found?.process
  if (running === undefined) throw new CommandError(NO_PROCESS)
  return running
}

export const REFRESH: Command = {
  name: 'refresh',
  group: 'files',
  line: 'Look again at the running processes and followed logs that are open.',
  help: `Usage: refresh

Every image of a running process is copied anew, and of a log that is followed
(--syslog FILE --follow) the new lines are read.  Values that were printed before
stay what they were.`,
  run(session) {
    if (session.refreshAll()) return
    // gdb's own, of its screen, where nothing is open.
    throw new CommandError(session.targets.length === 0 ? NO_TUI : NOT_LIVE)
  },
}

export const FOLLOW: Command = {
  name: 'follow',
  group: 'histories',
  isNew: true,
  line: 'Print new events of an object of a running process, or of a log, as they come.',
  help: `Usage: follow [OPTION]... OBJ

Until Ctrl-C, or the end of the process.  New lives of OBJ are followed, too.
It looks ten times a second; what came and went between two looks is counted as
lost.  Afterwards the image is what it is then, as after "refresh".

Options, also behind OBJ:
${optionHelp([MAX])}`,
  complete: (session, text) => completeBehind(session, text, [MAX], completeObject),
  async run(session, argument) {
    const options = parseOptionsAround(argument, [MAX])
    const max = countOf(session, options, 'max') ?? Number.POSITIVE_INFINITY
    const { target } = session
    const live = liveOf(target)
    const [life] = livesNamed(session, options.rest).filter((each) => each.target === target)
    if (life === undefined) throw new CommandError(`No history of it in ${target.image.source}.`)
    const following = new Following(session, target.image, life.history.object)
    following.begin()
    await repeatedly(session, target, () => {
      live.peek(target.image, (now) => following.look(now, max))
      return following.shown >= max
    })
  },
}

/** Looks until `look` says that it is enough, and takes what is there then for the image. */
async function repeatedly(session: Session, target: Target, look: () => boolean): Promise<void> {
  try {
    while (!look()) await session.pause(INTERVAL_MILLISECONDS)
  } catch (error) {
    if (!(error instanceof CommandError) || !error.message.startsWith('[Process')) throw error
    // As gdb tells it: that is no mistake of whoever watched.
    return session.out(`${error.message}\n`)
  } finally {
    attempt(() => session.refresh(target))
  }
}

/** The end of the process is told of once. */
function attempt(run: () => void): void {
  try {
    run()
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
  }
}

class Following {
  shown = 0
  readonly #session: Session
  readonly #first: Image
  readonly #object: History['object']
  /** Handle → places that were shown or stood there at the beginning. */
  readonly #next = new Map<number, number>()
  /** Handle → place before which something is missing: it may only be about to be written. */
  readonly #waiting = new Map<number, number>()

  constructor(session: Session, first: Image, object: History['object']) {
    this.#session = session
    this.#first = first
    this.#object = object
  }

  begin(): void {
    for (const history of this.#first.find(this.#object)) {
      const last = [...history.events()].reverse().find(({ verb }) => verb !== '')
      this.#next.set(history.handle, last === undefined ? 0 : last.lastIndex + 1)
      this.#head(history)
    }
  }

  look(now: Image, max: number): void {
    const target = new Target(now)
    around(this.#session, target, () => {
      for (const history of now.find(this.#object)) {
        if (!this.#next.has(history.handle)) {
          this.#next.set(history.handle, 0)
          this.#head(history)
        }
        this.#show(target, history, max)
      }
    })
  }

  #head(history: History): void {
    const shown = history.events().filter(({ verb }) => verb !== '')
    this.#session.out(`${headLine(history, shown)}\n`)
  }

  #show(target: Target, history: History, max: number): void {
    const session = this.#session
    const { events } = target.life(history)
    for (const [position, event] of events.entries()) {
      const next = this.#next.get(history.handle) ?? 0
      if (event.lastIndex < next) continue
      if (this.shown >= max) return
      const isLossNew = event.lost > 0 && event.index - event.lost >= next
      if (isLossNew && this.#waiting.get(history.handle) !== event.index) {
        this.#waiting.set(history.handle, event.index)
        return
      }
      if (isLossNew) session.out(`${lossLine(event)}\n`)
      const value = target.eventValue(history, position)
      session.show(value, session.printOptions(), '', `${marksOf(event)}\n`)
      this.#next.set(history.handle, event.lastIndex + 1)
      this.shown++
    }
  }
}

const watchpoints = new WeakMap<Session, number>()

export const WATCH: Command = {
  name: 'watch',
  group: 'data',
  line: 'Print an expression of what is live whenever its value changes.',
  help: `Usage: watch [-max N] EXPRESSION

Until Ctrl-C, or the end of the process.  It looks ten times a second, and does
not stop the process: values between two looks are not seen.

Options:
${optionHelp([MAX])}

For instance:
  watch history(0x7f95acf6ea60)->len
  watch list("TCP con")->total_obj`,
  complete: (session, text) => completeBehind(session, text, [MAX], completeExpression),
  async run(session, argument) {
    const options = parseOptionsAround(argument, [MAX])
    const max = countOf(session, options, 'max') ?? Number.POSITIVE_INFINITY
    const text = options.rest
    if (text === '') throw new CommandError('Argument required (expression to compute).')
    const { target } = session
    const live = liveOf(target)
    const shown = (now: Image): string => shownOn(session, now, text)
    let old = session.format(session.evaluate(text))
    const number = (watchpoints.get(session) ?? 0) + 1
    watchpoints.set(session, number)
    session.out(`Watchpoint ${number}: ${text}\n`)
    let changes = 0
    await repeatedly(session, target, () => {
      const value = live.peek(target.image, shown)
      if (value === old) return false
      session.out(`\nWatchpoint ${number}: ${text}\n\nOld value = ${old}\nNew value = ${value}\n`)
      old = value
      return ++changes >= max
    })
  },
}

/** The value of an expression there. That there is none any more is a value, too, as it is in gdb's frames. */
function shownOn(session: Session, image: Image, text: string): string {
  return around(session, new Target(image), () => {
    try {
      return session.format(session.evaluate(text))
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      return `<error: ${error.message}>`
    }
  })
}

/** Expressions and texts are those of this image meanwhile. */
function around<T>(session: Session, target: Target, run: () => T): T {
  const { scope } = session
  const before = scope.target
  scope.target = target
  try {
    return run()
  } finally {
    scope.target = before
  }
}
