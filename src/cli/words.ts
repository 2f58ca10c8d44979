// Options of subcommands: one dash or two, with values behind them or after `=`.

import { CommandError } from '../inspector/index.ts'

/** What is one option under two names, in every subcommand that has it. */
const LONG_NAMES: ReadonlyMap<string, string> = new Map([
  ['d', 'directory'],
  ['h', 'help'],
  ['o', 'output'],
])

export interface Words {
  /** Values by long name; '' for an option that has none. */
  readonly options: ReadonlyMap<string, string>
  /** All values, of an option that may be given several times. */
  readonly all: ReadonlyMap<string, readonly string[]>
  readonly rest: readonly string[]
}

export function parseWords(
  argv: readonly string[],
  withValue: readonly string[],
  without: readonly string[],
): Words {
  const options = new Map<string, string>()
  const all = new Map<string, string[]>()
  const rest: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] as string
    if (word === '--') return { options, all, rest: [...rest, ...argv.slice(at + 1)] }
    const [, given, value] = /^--?([a-z][a-z-]*)(?:=(.*))?$/s.exec(word) ?? []
    const name = given === undefined ? undefined : (LONG_NAMES.get(given) ?? given)
    if (name === undefined) rest.push(word)
    else if (without.includes(name)) options.set(name, '')
    else if (withValue.includes(name)) {
      const text = value ?? argv[++at]
      if (text === undefined) throw new CommandError(`option '${word}' requires an argument`)
      options.set(name, text)
      all.set(name, [...(all.get(name) ?? []), text])
    } else throw new CommandError(`unrecognized option '${word}'`)
  }
  return { options, all, rest }
}
