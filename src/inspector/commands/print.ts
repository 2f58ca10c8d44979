// print, call and output: an expression's value, shown and remembered.

import type { Value } from '../language/values.ts'
import { ARGUMENT_REQUIRED, CommandError } from '../messages.ts'
import type { PrintOptions } from '../print/options.ts'
import type { Session } from '../session.ts'
import { parseBoolean } from '../settings.ts'
import type { Command } from './command.ts'
import { completeExpression, completeOption } from './complete.ts'
import { printLetter, splitFormat } from './format.ts'

interface Request {
  readonly options: PrintOptions
  readonly text: string
}

type Changes = { -readonly [Key in keyof PrintOptions]?: PrintOptions[Key] }

const OPTIONS: readonly (readonly [string, keyof PrintOptions])[] = [
  ['address', 'address'],
  ['array', 'array'],
  ['array-indexes', 'arrayIndexes'],
  ['elements', 'elements'],
  ['max-depth', 'depth'],
  ['null-stop', 'nullStop'],
  ['pretty', 'pretty'],
  ['repeats', 'repeats'],
]
/** gdb has them; they change nothing here. */
const WITHOUT_EFFECT = [
  'memory-tag-violations',
  'nibbles',
  'object',
  'raw-values',
  'static-members',
  'symbol',
  'union',
  'vtbl',
]

const completePrint = (session: Session, text: string): readonly string[] =>
  completeOption([...OPTIONS.map(([name]) => name), ...WITHOUT_EFFECT], text) ??
  completeExpression(session, text)

/** `-elements 3 -pretty --`: only where the `--` says that these are options. */
function parseOptions(argument: string): { changes: Changes; rest: string } {
  const changes: Changes = {}
  const end = /^(?:-.*?\s)?--(?=\s|$)/s.exec(argument)?.[0]
  if (end === undefined) return { changes, rest: argument }
  let rest = argument
  for (;;) {
    if (/^--(?=\s|$)/.test(rest)) return { changes, rest: rest.slice(2).trimStart() }
    const [whole = '', word = ''] = /^-([a-z-]*)(?:\s+|$)/.exec(rest) ?? []
    const matches = [...OPTIONS.map(([name]) => name), ...WITHOUT_EFFECT].filter((each) =>
      each.startsWith(word),
    )
    const name = matches.find((each) => each === word) ?? matches[0]
    if (name === undefined || word === '') {
      throw new CommandError(`Unrecognized option at: ${rest}`)
    }
    if (matches.length > 1 && !matches.includes(word)) {
      throw new CommandError(`Ambiguous option at: ${rest}`)
    }
    rest = rest.slice(whole.length)
    rest = applyOption(name, rest, changes)
  }
}

function applyOption(name: string, text: string, changes: Changes): string {
  const key = OPTIONS.find(([each]) => each === name)?.[1]
  const value = /^(?!-)(\S+)\s*/.exec(text)
  if (key === 'elements' || key === 'repeats' || key === 'depth') {
    // As gdb reads a number.
    if (/^-\S/.test(text)) throw new CommandError(`Trailing junk at: ${text.slice(1)}`)
    const word = value?.[1] ?? ''
    const isUnlimited = 'unlimited'.startsWith(word) && word !== ''
    const number = isUnlimited ? Number.POSITIVE_INFINITY : Number(word || Number.NaN)
    if (!isUnlimited && !Number.isInteger(number))
      throw new CommandError(`Expected integer at: ${text}`)
    changes[key] = number === 0 && key !== 'depth' ? Number.POSITIVE_INFINITY : number
    return text.slice(value?.[0].length ?? 0)
  }
  const on = value === null ? true : flagOf(name, value[1] ?? '')
  if (key && key !== 'format' && key !== 'radix' && key !== 'style') changes[key] = on
  return text.slice(value?.[0].length ?? 0)
}

function flagOf(name: string, word: string): boolean {
  try {
    return parseBoolean(word)
  } catch {
    throw new CommandError(`Value given for \`-${name}' is not a boolean: ${word}`)
  }
}

function parsePrint(session: Session, argument: string): Request {
  const { changes, rest } = parseOptions(argument)
  const { format, rest: text } = splitFormat(rest)
  let letter = ''
  if (format !== undefined) {
    letter = printLetter(format, 'print') || session.lastFormat
    session.lastFormat = letter
  }
  return { options: { ...session.printOptions(letter), ...changes }, text }
}

/** A whole event is followed by what its structure has no field for, and becomes the current one. */
function marks(session: Session, value: Value): string {
  const found = session.eventOf(value)
  if (found === undefined) return ''
  session.select(found.target, found.place)
  return found.place.event.count > 1 ? ` × ${found.place.event.count}` : ''
}

function print(session: Session, argument: string): void {
  const { options, text } = parsePrint(session, argument)
  const value: Value = text === '' ? session.values.back(0) : session.evaluate(text)
  session.record(value, options, `${marks(session, value)}\n`)
}

export const PRINT: Command = {
  name: 'print',
  aliases: ['inspect', 'p'],
  group: 'data',
  line: 'Print value of expression EXP.',
  help: `Usage: print [[OPTION]... --] [/FMT] [EXP]

EXP is a C expression over the image: history(OBJ), list("NAME") and the verbs
are its symbols; $NAME are convenience variables; $, $$ and $N are values that
were printed before.  Without EXP, the last value is shown again.

FMT is one letter: x hexadecimal, d signed, u unsigned, o octal, t binary,
c character, a address, f floating point, s string, z padded hexadecimal.

Options: -elements N, -repeats N, -pretty, -array, -array-indexes,
-null-stop, -address; they end with --.

Examples:
  p *history(0x7f95acf6ea60)
  p/x history(0x7f95acf6ea60)->actions[0]@3
  p -pretty -- *list("TCP con")`,
  complete: completePrint,
  run: print,
}

export const CALL: Command = {
  name: 'call',
  group: 'data',
  line: 'Evaluate an expression; like "print", but void is not shown.',
  help: 'Usage: call EXP',
  complete: completePrint,
  run(session, argument) {
    const { options, text } = parsePrint(session, argument)
    const value = text === '' ? session.values.back(0) : session.evaluate(text)
    if (value.type.kind !== 'void') session.record(value, options)
  },
}

export const OUTPUT: Command = {
  name: 'output',
  group: 'data',
  line: 'Print a value without $N, without a new line, and without keeping it.',
  help: 'Usage: output[/FMT] EXP\n\nOf use in definitions:\n  output $i',
  complete: completeExpression,
  run(session, argument) {
    if (argument === '') throw new CommandError(ARGUMENT_REQUIRED)
    const { format, rest } = splitFormat(argument)
    const letter = format === undefined ? '' : printLetter(format, 'output')
    if (rest === '') throw new CommandError(ARGUMENT_REQUIRED)
    session.show(session.evaluate(rest), session.printOptions(letter))
  },
}
