// What an argument names: the lives of an object, or one event.

import type { History } from '../../image/image.ts'
import { keptOrigin } from '../../image/origin.ts'
import { toInteger, type Value } from '../language/values.ts'
import { CommandError } from '../messages.ts'
import { lifeName } from '../print/record.ts'
import type { Place } from '../selection.ts'
import type { Session } from '../session.ts'
import { livesOf, noHandle, noHistory, objectOf } from '../symbols.ts'
import type { Target } from '../target.ts'

const MICROSECONDS = 1000

export interface Life {
  readonly target: Target
  readonly history: History
}

/** An event of one of the images. */
export interface Named {
  readonly target: Target
  readonly place: Place
}

/** The lives that an argument names: `#HANDLE`, a string object as it is, or an expression. Oldest first. */
export function livesNamed(session: Session, argument: string): readonly Life[] {
  const text = argument.trim()
  if (text === '') throw new CommandError('Argument required (an object, or #HANDLE).')
  const literal = livesWritten(session, text)
  if (literal.length > 0) return literal
  const value = evaluated(session, text)
  const { type } = value
  if (type.kind === 'pointer' && type.target.kind === 'struct') {
    const history = session.target.historyAt(toInteger(value))
    if (history !== undefined) return [{ target: session.target, history }]
  }
  const event = session.eventOf(value)
  if (event !== undefined) return [{ target: event.target, history: event.place.history }]
  const object = objectOf(value, session.target)
  const found = everywhere(session, object)
  if (found.length > 0) return found
  throw noHistory(object, sources(session))
}

/** `#HANDLE`, or an object as it is shown: `0x10`, `b9a7-uuid`. Empty where no history has it. */
function livesWritten(session: Session, text: string): readonly Life[] {
  if (session.targets.length === 0) session.target
  if (text.startsWith('#')) return [byHandle(session, text.slice(1))]
  const literal = everywhere(session, text)
  if (literal.length > 0) return literal
  if (/^0x[0-9a-f]{1,16}$/i.test(text))
    return everywhere(session, objectOf(session.evaluate(text), session.target))
  return ofOrigin(session, text)
}

/** The lives that an object had in all images that it went through, as the wall clock has them. */
function ofOrigin(session: Session, text: string): readonly Life[] {
  const origin = keptOrigin(text)
  if (!/^[0-9a-z][\x21-\x7e]{7,}$/i.test(origin) || /^\d{1,16}$/.test(origin)) return []
  const lives = session.targets.flatMap((target) =>
    target.lists
      .flatMap((list) => list.histories())
      .filter((history) => history.origin === origin)
      .map((history) => ({ target, history })),
  )
  const begun = ({ target: { image }, history }: Life): number =>
    image.started * MICROSECONDS + history.created
  return lives.sort((one, other) => begun(one) - begun(other))
}

/** A word that is no expression can only be a string object that is not there. */
function evaluated(session: Session, text: string): Value {
  try {
    return session.evaluate(text)
  } catch (error) {
    if (!(error instanceof CommandError) || /^[$"(*&]|^\d+$/.test(text)) throw error
    throw noHistory(text, sources(session))
  }
}

const sources = (session: Session): string =>
  session.targets.map((each) => each.image.source).join(', ')

function everywhere(session: Session, object: number | bigint | string): readonly Life[] {
  return session.targets.flatMap((target) =>
    livesOf(target, object).map((history) => ({ target, history })),
  )
}

function byHandle(session: Session, text: string): Life {
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(text)) {
    throw new CommandError(`Not a handle: "#${text}".  A handle is a number, such as #16777217.`)
  }
  // Of two images that have it, the current one's is meant.
  for (const target of [session.target, ...session.targets]) {
    const history = target.image.history(Number(text))
    if (history !== undefined) return { target, history }
  }
  throw noHandle(session.target, Number(text))
}

/**
 * The event that an argument names: nothing, for the current one; `$5` or any expression that is an event; INDEX, of the
 * current life; `OBJ INDEX` and `OBJ[INDEX]`; OBJ alone, for its last one. Of several lives the latest that has it.
 */
export function eventNamed(session: Session, argument: string): Named {
  const text = argument.trim()
  const { target } = session
  if (text === '') return { target, place: target.selection.event }
  const written = text.startsWith('"') ? [] : writtenOrNone(session, text)
  if (written.length > 0) return lastEvent(ofCurrent(session, written))
  if (/^0x[0-9a-f]+$/i.test(text)) return lastEvent(ofCurrent(session, livesNamed(session, text)))
  const value = valueOrError(session, text)
  if (!(value instanceof CommandError)) {
    const found = session.eventOf(value) ?? copied(session, value)
    if (found !== undefined) return found
    if (value.type.kind === 'pointer' || value.type.kind === 'array') {
      return lastEvent(ofCurrent(session, livesNamed(session, text)))
    }
    const { history } = target.selection.event
    return eventAt([{ target, history }], toInteger(value))
  }
  const [, object, bracketed, last] = /^(.*\S)(?:\s*\[([^[\]]*)\]|\s+(\S+))$/s.exec(text) ?? []
  if (object === undefined) {
    if (text.startsWith('$')) throw value
    return lastEvent(ofCurrent(session, livesNamed(session, text)))
  }
  const lives = ofCurrent(session, livesNamed(session, object))
  return eventAt(lives, toInteger(session.evaluate(bracketed ?? last ?? '')))
}

/** A number in decimal is an index; in hexadecimal, as objects are shown, it is an object. */
function writtenOrNone(session: Session, text: string): readonly Life[] {
  if (/^-?\d+$/.test(text) || /\s|\]$/.test(text)) return []
  return livesWritten(session, text)
}

/** An object with its index is no expression. */
function valueOrError(session: Session, text: string): Value | CommandError {
  try {
    return session.evaluate(text)
  } catch (error) {
    if (error instanceof CommandError) return error
    throw error
  }
}

function copied(session: Session, value: Value): Named | undefined {
  for (const target of session.targets) {
    const place = target.eventCopied(value)
    if (place !== undefined) return { target, place }
  }
  return undefined
}

/** Those of the current image, where it has any. */
function ofCurrent(session: Session, lives: readonly Life[]): readonly Life[] {
  const ours = lives.filter(({ target }) => target === session.target)
  return ours.length > 0 ? ours : lives
}

function lastEvent(lives: readonly Life[]): Named {
  const life = lives.at(-1)
  if (life === undefined) throw new TypeError('Cannot choose an event: no life is named')
  return eventAt([life], -1n)
}

/** A negative index counts from the end. */
function eventAt(lives: readonly Life[], index: bigint): Named {
  for (const { target, history } of [...lives].reverse()) {
    const { events } = target.life(history)
    const position =
      index < 0n
        ? events.length + Number(index)
        : events.findIndex((each) => each.index <= index && index <= each.lastIndex)
    const event = events[position]
    if (event !== undefined) return { target, place: { history, position, event } }
  }
  throw noEvent(lives.at(-1) as Life, index)
}

function noEvent({ history }: Life, index: bigint): CommandError {
  const name = lifeName(history)
  const gap = history.gaps().find(({ from, to }) => BigInt(from) <= index && index <= BigInt(to))
  if (gap !== undefined) {
    return new CommandError(
      `Event #${index} of ${name} is lost (${gap.cause}: #${gap.from}-#${gap.to}).`,
    )
  }
  const known = history.len === 0 ? 'it has none' : `it has #0-#${history.len - 1}`
  return new CommandError(`No event #${index} in ${name}: ${known}.`)
}
