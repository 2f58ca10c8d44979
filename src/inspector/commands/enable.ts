// enable and disable: the switches of lists and verbs in a running process, from outside. Its threads are not stopped.

import { counted } from '../../image/counted.ts'
import type { Image } from '../../image/image.ts'
import { type Change, listSwitch, verbSwitch } from '../../image/switches.ts'
import type { RunningProcess } from '../host.ts'
import { CommandError } from '../messages.ts'
import type { Session } from '../session.ts'
import { noList } from '../symbols.ts'
import type { Target } from '../target.ts'
import type { Command } from './command.ts'
import { completeList, completeVerb } from './complete.ts'
import { processOf } from './live.ts'

interface Switchable {
  readonly what: 'list' | 'verb'
  readonly help: string
  names(image: Image): readonly string[]
  missing(target: Target, name: string): CommandError
  changes(now: Image, name: string, isOn: boolean): readonly Change[]
  complete(session: Session, text: string): readonly string[]
}

const LISTS: Switchable = {
  what: 'list',
  help: `A list that is off records neither pushes nor events; what it holds stays.  Its
threads see the switch at their next call.`,
  names: (image) => image.lists().map(({ name }) => name),
  missing: noList,
  changes: (now, name, isOn) =>
    now
      .lists()
      .filter((list) => list.name === name)
      .flatMap((list) => listSwitch(list, isOn)),
  complete: completeList,
}

const VERBS: Switchable = {
  what: 'verb',
  help: `No event of a verb that is off is recorded, in any list.  A thread sees the
switch after about a millisecond of logging, 128 events at most.`,
  names: (image) => image.verbs().map(({ name }) => name),
  missing: (target, name) =>
    new CommandError(`No verb "${name}" in ${target.image.source}.  Use "info verbs".`),
  changes: (now, name, isOn) =>
    now
      .verbs()
      .filter((verb) => verb.name === name)
      .flatMap((verb) => verbSwitch(now, verb, isOn)),
  complete: completeVerb,
}

function turn(session: Session, kind: Switchable, argument: string, isOn: boolean): void {
  const { target } = session
  const running = processOf(target)
  const names = kind.names(target.image)
  const named = /^"(.*)"$/.exec(argument)?.[1] ?? argument
  if (named !== '' && !names.includes(named)) throw kind.missing(target, named)
  const wanted = named === '' ? names : [named]
  for (const name of wanted) poke(running, target.image, kind, name, isOn)
  session.refresh(target)
  const whose = `recorder "${target.image.name}" of process ${running.pid}`
  const which = named === '' ? counted(wanted.length, kind.what) : `${kind.what} "${named}"`
  session.out(`Switched ${isOn ? 'on' : 'off'}: ${which}, ${whose}.\n`)
}

function poke(
  running: RunningProcess,
  image: Image,
  kind: Switchable,
  name: string,
  isOn: boolean,
): void {
  const changes = running.peek(image, (now) => kind.changes(now, name, isOn))
  running.poke(image, changes)
}

const leaf = (kind: Switchable, name: string, isOn: boolean): Command => ({
  name: kind.what,
  aliases: [`${kind.what}s`],
  group: 'histories',
  line: `Switch ${kind.what}s of a running process ${isOn ? 'on' : 'off'}.`,
  help: `Usage: ${name} ${kind.what} [NAME]\n\n${kind.help}\nWithout NAME, all ${kind.what}s of the current recorder.`,
  complete: (session, text) => kind.complete(session, text),
  run: (session, argument) => turn(session, kind, argument, isOn),
})

const prefix = (name: string, aliases: readonly string[], isOn: boolean): Command => ({
  name,
  aliases,
  group: 'histories',
  line: `Switch lists or verbs of a running process ${isOn ? 'on' : 'off'}.`,
  sub: [leaf(LISTS, name, isOn), leaf(VERBS, name, isOn)],
})

export const ENABLE = prefix('enable', ['en'], true)
export const DISABLE = prefix('disable', ['dis', 'disa'], false)
