// Options of a command, as gdb takes them: `-first 10 -reverse -- OBJ`, before the arguments, each short as it is unique.

import { toInteger } from '../language/values.ts'
import { CommandError } from '../messages.ts'
import type { Session } from '../session.ts'

export interface Option {
  readonly name: string
  /** What stands for its value in help; absent where it has none. */
  readonly value?: string
  readonly line: string
  /** What Tab offers for its value. */
  offers?(session: Session): readonly string[]
}

/** An option's value as it was typed, without its quotes. */
export interface Given {
  readonly text: string
  readonly quoted: boolean
}

export interface Options {
  /** By option name; an option without a value has an empty one. */
  readonly given: ReadonlyMap<string, Given>
  /** What follows the options. */
  readonly rest: string
  /** By `--`. */
  readonly isEnded: boolean
}

const OPTION = /^--?([a-z][a-z-]*)(?=\s|$)\s*/
const END = /^--(?=\s|$)\s*/
/** A longer line is looked at from its front only. */
const AROUND_MAX = 4096
const VALUE = /^(?:"([^"]*)"|'([^']*)'|(\S+))(?=\s|$)\s*/

export function parseOptions(text: string, options: readonly Option[]): Options {
  const given = new Map<string, Given>()
  let rest = text.trimStart()
  for (;;) {
    const end = END.exec(rest)
    if (end !== null) return { given, rest: rest.slice(end[0].length), isEnded: true }
    const found = OPTION.exec(rest)
    if (found === null) return { given, rest, isEnded: false }
    const option = named(found[1] as string, rest, options)
    rest = rest.slice(found[0].length)
    if (option.value === undefined) given.set(option.name, { text: '', quoted: false })
    else {
      const value = VALUE.exec(rest)
      if (value === null) throw new CommandError(`-${option.name} requires an argument`)
      const [whole, double, single, plain] = value
      const unquoted = double ?? single
      given.set(option.name, { text: unquoted ?? plain ?? '', quoted: unquoted !== undefined })
      rest = rest.slice(whole.length)
    }
  }
}

function named(word: string, rest: string, options: readonly Option[]): Option {
  const exact = options.find((each) => each.name === word)
  if (exact !== undefined) return exact
  const candidates = options.filter((each) => each.name.startsWith(word))
  const [only] = candidates
  if (only === undefined) throw new CommandError(`Unrecognized option at: ${rest}`)
  if (candidates.length > 1) throw new CommandError(`Ambiguous option at: ${rest}`)
  return only
}

/**
 * The same for commands whose argument is an object or a list: people also write `history 0x10 -last 5`. The end of the
 * line is options where it can be nothing else.
 */
export function parseOptionsAround(text: string, options: readonly Option[]): Options {
  const before = parseOptions(text, options)
  const { given, rest, isEnded } = before
  if (isEnded || rest.length > AROUND_MAX) return before
  for (const { index } of rest.matchAll(/(?<=\S)\s+--?[a-z]/g)) {
    const after = attempt(rest.slice(index).trimStart(), options)
    if (after?.rest !== '') continue
    return { ...before, given: new Map([...given, ...after.given]), rest: rest.slice(0, index) }
  }
  return before
}

function attempt(text: string, options: readonly Option[]): Options | undefined {
  try {
    return parseOptions(text, options)
  } catch (error) {
    if (error instanceof CommandError) return undefined
    throw error
  }
}

/** The value of an option that counts: digits, or a variable that holds a number. */
export function countOf(session: Session, options: Options, name: string): number | undefined {
  const given = options.given.get(name)
  if (given === undefined) return undefined
  if (/^\d+$/.test(given.text)) return Number(given.text)
  if (!given.text.startsWith('$')) throw new CommandError(`Expected integer at: ${given.text}`)
  const count = Number(toInteger(session.evaluate(given.text)))
  if (count < 0) throw new CommandError(`integer ${count} out of range`)
  return count
}

/** What help says of them, a line each. */
export function optionHelp(options: readonly Option[]): string {
  const heads = options.map(({ name, value }) => (value === undefined ? name : `${name} ${value}`))
  const width = Math.max(...heads.map((each) => each.length))
  const lines = options.map(({ line }, at) => `  -${(heads[at] as string).padEnd(width)}  ${line}`)
  return lines.join('\n')
}

/** Ends of `text` that begin an option or its value; undefined where neither stands at its end. */
export function completeOptions(
  session: Session,
  text: string,
  options: readonly Option[],
): readonly string[] | undefined {
  const [, before = '', option, start = ''] =
    /^((?:.*\s)?)(?:--?([a-z-]+)\s+)(\S*)$/s.exec(text) ?? []
  const named = options.find((each) => each.name === option)
  if (named?.value !== undefined) {
    const words = (named.offers?.(session) ?? []).map(quotedWhereNeeded)
    const head = `${before}${text.slice(before.length, text.length - start.length)}`
    return words.filter((each) => each.startsWith(start)).map((each) => head + each)
  }
  const last = /(?:^|\s)(-[a-z-]*)$/.exec(text)?.[1]
  if (last === undefined) return undefined
  const head = text.slice(0, text.length - last.length)
  return options
    .map(({ name }) => `-${name}`)
    .filter((each) => each.startsWith(last))
    .map((each) => head + each)
}

/** The same, and behind the options what `complete` offers for the argument. */
export function completeBehind(
  session: Session,
  text: string,
  options: readonly Option[],
  complete: (session: Session, text: string) => readonly string[],
): readonly string[] {
  const words = completeOptions(session, text, options)
  if (words !== undefined) return words
  const { rest } = attempt(text, options) ?? { rest: text }
  const head = text.slice(0, text.length - rest.length)
  return complete(session, rest).map((each) => head + each)
}

const quotedWhereNeeded = (name: string): string => (/\s/.test(name) ? `"${name}"` : name)
