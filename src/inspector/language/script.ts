// Scripts: if, while, define and document gather the lines up to their `end`; then statements run one after another.

import { CommandError, TOP_LEVEL_ONLY } from '../messages.ts'

export type Statement =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'break' }
  | { readonly kind: 'continue' }
  | {
      readonly kind: 'if'
      readonly condition: string
      readonly body: readonly Statement[]
      readonly otherwise: readonly Statement[]
    }
  | { readonly kind: 'while'; readonly condition: string; readonly body: readonly Statement[] }
  | {
      readonly kind: 'define'
      readonly name: string
      readonly body: readonly Statement[]
      /** In a block: its name is not checked yet. */
      readonly isWithin: boolean
    }
  | {
      readonly kind: 'document'
      readonly name: string
      readonly text: string
      readonly isWithin: boolean
    }

/** Where lines come from: a file, standard input, the prompt. */
export interface Lines {
  /** The next line of a block that is `depth` deep; undefined at the end. */
  next(depth: number): Promise<string | undefined>
}

/** What the first line of a definition must satisfy before its lines are read; within a block that waits until it runs. */
export interface HeadCheck {
  define(argument: string): string | Promise<string>
  document(argument: string): string
  warn(text: string): void
}

/** An `else` where none can be: gdb drops what it has read and takes the following lines for themselves. */
class MisplacedElse extends Error {
  override readonly name = 'MisplacedElse'
}

const DEPTH_MAX = 250
const noArgument = (word: string): string => `${word} command requires an argument.`

export class ScriptReader {
  readonly #lines: Lines
  readonly #check: HeadCheck

  constructor(lines: Lines, check: HeadCheck) {
    this.#lines = lines
    this.#check = check
  }

  /** Reads one whole statement. Undefined: an empty line, a comment, or a block that was broken off. */
  async statement(line: string): Promise<Statement | undefined> {
    try {
      return await this.#statement(line, 0)
    } catch (error) {
      if (!(error instanceof MisplacedElse)) throw error
      this.#check.warn('warning: Error reading in canned sequence of commands.')
      return undefined
    }
  }

  async #statement(line: string, depth: number): Promise<Statement | undefined> {
    const text = line.trim()
    if (text === '' || text.startsWith('#')) return undefined
    const [, word = '', argument = ''] = /^([\w-]*)\s*(.*)$/s.exec(text) ?? []
    if (depth > DEPTH_MAX) throw new CommandError('Control structure nested too deeply.')
    const isWithin = depth > 0
    switch (word) {
      case 'if':
      case 'while':
        if (argument === '') throw new CommandError(noArgument(word))
        return word === 'if' ? this.#if(argument, depth) : this.#while(argument, depth)
      case 'define': {
        if (isWithin) {
          if (argument === '') throw new CommandError(noArgument(word))
          return { kind: 'define', name: argument, isWithin, body: await this.#body(depth) }
        }
        const name = await this.#check.define(argument)
        return { kind: 'define', name, isWithin, body: await this.#definition() }
      }
      case 'document': {
        if (isWithin && argument === '') throw new CommandError(noArgument(word))
        const name = isWithin ? argument : this.#check.document(argument)
        return { kind: 'document', name, isWithin, text: await this.#text(depth + 1) }
      }
      case 'end':
        if (depth === 0 && argument === '') throw new CommandError(TOP_LEVEL_ONLY)
    }
    if (depth > 0 && text === 'loop_break') return { kind: 'break' }
    if (depth > 0 && text === 'loop_continue') return { kind: 'continue' }
    return { kind: 'line', text: line.replace(/^[ \t]+/, '') }
  }

  async #if(condition: string, depth: number): Promise<Statement | undefined> {
    const { body, end } = await this.#block(depth + 1)
    if (end !== 'else') return { kind: 'if', condition, body, otherwise: [] }
    return { kind: 'if', condition, body, otherwise: await this.#body(depth) }
  }

  async #while(condition: string, depth: number): Promise<Statement> {
    return { kind: 'while', condition, body: await this.#body(depth) }
  }

  /** What stands in a definition at the top: nothing where an else breaks it off. */
  async #definition(): Promise<readonly Statement[]> {
    try {
      return await this.#body(0)
    } catch (error) {
      if (!(error instanceof MisplacedElse)) throw error
      return []
    }
  }

  async #body(depth: number): Promise<readonly Statement[]> {
    const { body, end } = await this.#block(depth + 1)
    if (end === 'else') throw new MisplacedElse()
    return body
  }

  async #block(depth: number): Promise<{ body: Statement[]; end: 'end' | 'else' | 'nothing' }> {
    const body: Statement[] = []
    for (;;) {
      const line = await this.#lines.next(depth)
      if (line === undefined) return { body, end: 'nothing' }
      const text = line.trim()
      if (text === 'end' || text === 'else') return { body, end: text }
      const statement = await this.#statement(line, depth)
      if (statement !== undefined) body.push(statement)
    }
  }

  async #text(depth: number): Promise<string> {
    const lines: string[] = []
    for (;;) {
      const line = await this.#lines.next(depth)
      if (line === undefined || line.trim() === 'end') return lines.join('\n')
      // Within a block gdb reads the text as it reads commands.
      if (depth === 1) lines.push(line)
      else if (!/^\s*(?:#|$)/.test(line)) lines.push(line.trim())
    }
  }
}

/** A definition's lines again, as `show user` prints them. */
export function listing(body: readonly Statement[], indent = '  '): string {
  return body.map((each) => listed(each, indent)).join('')
}

function listed(statement: Statement, indent: string): string {
  const inner = `${indent}  `
  switch (statement.kind) {
    case 'line':
      return `${indent}${statement.text.trimEnd()}\n`
    case 'break':
      return `${indent}loop_break\n`
    case 'continue':
      return `${indent}loop_continue\n`
    case 'while':
      return `${indent}while ${statement.condition}\n${listing(statement.body, inner)}${indent}end\n`
    case 'if': {
      const { otherwise } = statement
      const other = otherwise.length === 0 ? '' : `${indent}else\n${listing(otherwise, inner)}`
      return `${indent}if ${statement.condition}\n${listing(statement.body, inner)}${other}${indent}end\n`
    }
    // gdb does not list them either.
    case 'define':
    case 'document':
      return indent
  }
}

/** The words after a user-defined command: blanks part them, quotes and backslashes hold them together. */
export function splitArguments(text: string): string[] {
  return text.match(/(?:\\.|"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|[^\s"'\\])+/gs) ?? []
}

/** Puts `$arg0` and `$argc` into a line of a definition; as in gdb, whatever follows them. */
export function withArguments(line: string, values: readonly string[] | undefined): string {
  if (values === undefined) return line
  return line.replace(/\$arg(c|\d+)/g, (whole, what: string) => {
    if (what === 'c') return String(values.length)
    const value = values[Number(what)]
    if (value === undefined) throw new CommandError(`Missing argument ${what} in user function.`)
    return value ?? whole
  })
}
