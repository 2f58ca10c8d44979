// From what was typed to a command: gdb's unique prefixes, and its words when they are not unique.

import { ambiguousCommand, CommandError, undefinedCommand } from '../messages.ts'
import type { Command } from './command.ts'

/** Names and aliases of one level, sorted, each with what it stands for. */
export class CommandTable {
  readonly #names = new Map<string, Command>()
  #sorted: readonly string[] | undefined

  constructor(commands: readonly Command[]) {
    for (const each of commands) this.add(each)
  }

  add(command: Command): void {
    this.#names.set(command.name, command)
    for (const alias of command.aliases ?? []) this.#names.set(alias, command)
    this.#sorted = undefined
  }

  get names(): readonly string[] {
    this.#sorted ??= [...this.#names.keys()].sort()
    return this.#sorted
  }

  get(name: string): Command | undefined {
    return this.#names.get(name)
  }

  matching(start: string): readonly string[] {
    return this.names.filter((each) => each.startsWith(start))
  }
}

export interface Found {
  readonly command: Command
  readonly argument: string
  /** The words that led here: `set print elements`. */
  readonly path: string
}

const WORD = /^(?:[!|]|[\w.$+<>-]*)/

const tables = new WeakMap<readonly Command[], CommandTable>()

function tableOf(commands: readonly Command[]): CommandTable {
  let table = tables.get(commands)
  if (table === undefined) {
    table = new CommandTable(commands)
    tables.set(commands, table)
  }
  return table
}

/** Follows the words of `line` down as far as they name commands. */
export function lookUp(line: string, top: CommandTable): Found {
  const text = line.trimStart()
  const word = WORD.exec(text)?.[0] ?? ''
  const command = pick(top, word, text.trimEnd(), '')
  if (command === undefined) throw new CommandError(undefinedCommand(word))
  return descend(command, text.slice(word.length), command.name)
}

function descend(command: Command, rest: string, path: string): Found {
  const argument = rest.replace(/^[ \t]+/, '')
  if (command.sub === undefined) return { command, argument, path }
  const word = WORD.exec(argument)?.[0] ?? ''
  if (word === '') return { command, argument, path }
  const next = pick(tableOf(command.sub), word, argument.trimEnd(), path)
  if (next === undefined) {
    // `set x = 5` is an expression; `info x` is a mistake.
    if (command.run !== undefined) return { command, argument, path }
    throw new CommandError(undefinedCommand(argument.trimEnd(), path))
  }
  return descend(next, argument.slice(word.length), `${path} ${next.name}`)
}

function pick(table: CommandTable, word: string, text: string, path: string): Command | undefined {
  if (word === '') return undefined
  const exact = table.get(word)
  if (exact !== undefined) return exact
  const candidates = known(table, table.matching(word))
  const [only] = candidates
  if (candidates.length === 1 && only !== undefined) return table.get(only)
  if (candidates.length === 0) return undefined
  const ours = candidates.map((each) => table.get(each)).filter((each) => !each?.yields)
  if (ours.length === 1) return ours[0]
  throw new CommandError(ambiguousCommand(text, candidates, path))
}

/** Without our own words, where one of gdb's fits. */
function known(table: CommandTable, names: readonly string[]): readonly string[] {
  const gdbs = names.filter((each) => !table.get(each)?.isNew)
  return gdbs.length > 0 ? gdbs : names
}

/** Words that could stand where `line` ends, and where that word begins. */
export function completions(
  line: string,
  top: CommandTable,
  byCommand: (command: Command, text: string) => readonly string[],
): { start: number; words: readonly string[] } {
  let table = top
  let at = line.length - line.trimStart().length
  /** What the words behind a command that takes both, as `thread` and `set` do, may be as an argument. */
  let ofOwner: readonly string[] = []
  for (;;) {
    const rest = line.slice(at)
    const word = WORD.exec(rest)?.[0] ?? ''
    if (at + word.length === line.length) {
      const words = table.matching(word).filter((each) => !table.get(each)?.yields)
      return { start: at, words: [...words, ...ofOwner] }
    }
    const names = table.get(word) === undefined ? known(table, table.matching(word)) : [word]
    const command = names.length === 1 ? table.get(names[0] as string) : undefined
    if (command === undefined) return { start: at, words: ofOwner }
    at += word.length
    at += line.slice(at).length - line.slice(at).trimStart().length
    const argument = byCommand(command, line.slice(at))
    if (command.sub === undefined) return { start: at, words: argument }
    ofOwner = argument
    table = tableOf(command.sub)
  }
}
