// Runs commands: single lines, scripts, user-defined commands with their hooks. One step after another, so that Ctrl-C and
// a step limit can end what would not end by itself.

import type { Command } from './commands/command.ts'
import { isLeftOut, isShortForm } from './commands/left-out.ts'
import { CommandTable, completions, type Found, lookUp } from './commands/lookup.ts'
import { ALL_COMMANDS } from './commands/registry.ts'
import type { Host } from './host.ts'
import { isTrue } from './language/evaluate.ts'
import {
  type Lines,
  ScriptReader,
  type Statement,
  splitArguments,
  withArguments,
} from './language/script.ts'
import { CALL_DEPTH, CommandError, Interrupted, undefinedCommand } from './messages.ts'
import { type Definition, type Running, setRunning } from './running.ts'
import { Session } from './session.ts'

type Outcome = 'done' | 'break' | 'continue'

const NAME = /^[\w.-]+$/
/** Nobody can type these, and a terminal would obey some. */
const UNTYPED = /[\p{C}\p{Zl}\p{Zp}]/u

export class Runner implements Running {
  readonly session: Session
  readonly table: CommandTable
  readonly definitions = new Map<string, Definition>()
  readonly aliases = new Map<string, string>()
  readonly #arguments: (readonly string[])[] = []
  #steps = 0
  readonly #abbreviations = new Set<string>()
  readonly #hooksRunning = new Set<string>()
  /** The files being read, the innermost last. */
  readonly #sources: Lines[] = []

  constructor(host: Host) {
    this.session = new Session(host)
    this.table = new CommandTable(ALL_COMMANDS)
    setRunning(this.session, this)
  }

  // Scripts

  reader(lines: Lines): ScriptReader {
    return new ScriptReader(lines, {
      define: (argument) => this.#confirmDefine(this.#checkDefine(argument)),
      document: (argument) => this.#checkDocument(argument),
      warn: (text) => this.session.warn(text),
    })
  }

  /** Runs a script and stops at its first error, which then names the line. */
  async source(text: string, name: string): Promise<void> {
    const all = text.split('\n')
    if (all.at(-1) === '') all.pop()
    let number = 0
    const next = async (depth = 0): Promise<string | undefined> => {
      let line = all[number]
      // gdb counts the end of the file as a line when a block meets it.
      if (line === undefined && depth > 0 && number === all.length) number++
      if (line === undefined) return undefined
      number++
      // A backslash at the end of a line joins it with the next; with none to join, gdb drops the line.
      while (/(?:^|[^\\])(?:\\\\)*\\$/.test(line)) {
        if (number >= all.length) return ''
        line = line.slice(0, -1) + all[number++]
      }
      return line.endsWith('\r') ? line.slice(0, -1) : line
    }
    const reader = this.reader({ next })
    this.#sources.push({ next })
    try {
      for (let line = await next(); line !== undefined; line = await next()) {
        const statement = await reader.statement(line)
        if (statement !== undefined) await this.run(statement)
      }
    } catch (error) {
      if (!(error instanceof CommandError) || error instanceof Interrupted) throw error
      throw new CommandError(`${name}:${number}: Error in sourced command file:\n${error.message}`)
    } finally {
      this.#sources.pop()
    }
  }

  /** Runs one command line from the top: `-ex`, a hook of the page. A block's other lines come from the script around it. */
  async execute(line: string): Promise<void> {
    const reader = this.reader(this.#sources.at(-1) ?? { next: async () => undefined })
    const statement = await reader.statement(line)
    if (statement !== undefined) await this.run(statement)
  }

  async run(statement: Statement): Promise<void> {
    if (this.#arguments.length === 0) this.#steps = 0
    await this.#statement(statement, 0)
  }

  async #block(body: readonly Statement[], depth: number): Promise<Outcome> {
    for (const each of body) {
      const outcome = await this.#statement(each, depth)
      if (outcome !== 'done') return outcome
    }
    return 'done'
  }

  async #statement(statement: Statement, depth: number): Promise<Outcome> {
    await this.#step()
    switch (statement.kind) {
      case 'break':
      case 'continue':
        this.#trace(`loop_${statement.kind}`, depth)
        return statement.kind
      case 'if': {
        this.#trace(`if ${statement.condition}`, depth)
        const yes = this.#holds(statement.condition)
        return this.#block(yes ? statement.body : statement.otherwise, depth + 1)
      }
      case 'while':
        return this.#while(statement.condition, statement.body, depth)
      case 'define':
        this.#define(
          statement.isWithin ? this.#checkDefine(statement.name) : statement.name,
          statement.body,
        )
        return 'done'
      case 'document': {
        this.#trace(`document ${statement.name}`, depth)
        if (statement.isWithin) this.#checkDocument(statement.name)
        const definition = this.definitions.get(statement.name)
        if (definition !== undefined) definition.documentation = statement.text
        return 'done'
      }
      case 'line': {
        const line = this.#substituted(statement.text)
        this.#trace(line, depth)
        await this.command(line)
        return 'done'
      }
    }
  }

  /** As in gdb, a loop whose last round ended by loop_continue also begins the next round of the loop around it. */
  async #while(condition: string, body: readonly Statement[], depth: number): Promise<Outcome> {
    this.#trace(`while ${condition}`, depth)
    let outcome: Outcome = 'done'
    while (this.#holds(condition)) {
      await this.#step()
      outcome = await this.#block(body, depth + 1)
      if (outcome === 'break') return 'done'
    }
    return outcome
  }

  #holds(condition: string): boolean {
    return isTrue(this.session.evaluate(this.#substituted(condition)))
  }

  #substituted(line: string): string {
    return withArguments(line, this.#arguments.at(-1))
  }

  /** `eval` makes a line of which the arguments of the definition around it are still to be put in. */
  async evaluated(line: string): Promise<void> {
    // No script's line begins so, and gdb then finds no command in it.
    if (/^[ \t]*[#\n]/.test(line)) throw new CommandError(undefinedCommand(''))
    await this.execute(this.#substituted(line))
  }

  #trace(line: string, depth: number): void {
    if (!this.session.settings.is('trace-commands')) return
    this.session.out(`${'+'.repeat(1 + depth + this.#arguments.length)}${line.trimEnd()}\n`)
  }

  async #step(): Promise<void> {
    const { session } = this
    this.#steps++
    if (!session.interactive && this.#steps > session.settings.limit('step-limit')) {
      throw new CommandError(
        `Step limit reached: ${session.settings.number('step-limit')} commands ran.  "set step-limit N" raises it, 0 lifts it.`,
      )
    }
    await session.breathe()
  }

  // Commands

  async command(line: string): Promise<void> {
    // `server` keeps a command out of the command history; the terminal has done that.
    const found = this.#find(line.replace(/^\s*server\s+/, ''))
    await this.#hook('hook-', found)
    if (found.command.run === undefined) this.#listSub(found)
    else await found.command.run(this.session, found.argument.replace(/[ \t]+$/, ''))
    await this.#hook('hookpost-', found)
  }

  #find(line: string): Found {
    const found = lookUp(line, this.table)
    const alias = this.aliases.get(found.command.name)
    if (alias === undefined) return found
    const gap = /^[/\s]/.test(found.argument) || found.argument === '' ? '' : ' '
    return this.#find(`${alias}${gap}${found.argument}`)
  }

  /** What the command line would run, for help. */
  lookUp(line: string): Found {
    return lookUp(line, this.table)
  }

  /** What an empty line runs after this one. */
  repeated(line: string): string {
    try {
      const { command, path } = lookUp(line, this.table)
      return command.goesOn ? path : line
    } catch (error) {
      if (error instanceof CommandError) return line
      throw error
    }
  }

  async #hook(prefix: string, found: Found): Promise<void> {
    const name = `${prefix}${found.command.name}`
    if (!this.definitions.has(name) || this.#hooksRunning.has(name)) return
    this.#hooksRunning.add(name)
    try {
      await this.call(name, '')
    } finally {
      this.#hooksRunning.delete(name)
    }
  }

  #listSub(found: Found): void {
    const { path, command } = found
    const known = (command.sub ?? []).filter((each) => !each.yields)
    const list = [...known].sort((a, b) => (a.name < b.name ? -1 : 1))
    const lines = list.map((each) => {
      const names = [each.name, ...(each.aliases ?? [])].map((name) => `${path} ${name}`)
      return `${names.join(', ')} -- ${each.line}\n`
    })
    this.session.out(
      `List of ${path} subcommands:\n\n${lines.join('')}\nType "help ${path}" followed by ${path} subcommand name for full documentation.\nType "apropos word" to search for commands related to "word".\nType "apropos -v word" for full documentation of commands related to "word".\nCommand name abbreviations are allowed if unambiguous.\n`,
    )
  }

  /** Runs a user-defined command. */
  async call(name: string, argument: string): Promise<void> {
    const definition = this.definitions.get(name)
    if (definition === undefined) throw new CommandError(undefinedCommand(name))
    if (this.#arguments.length >= this.session.settings.limit('max-user-call-depth')) {
      throw new CommandError(CALL_DEPTH)
    }
    this.#arguments.push(splitArguments(argument))
    try {
      for (const each of definition.body) {
        const outcome = await this.#statement(each, 0)
        if (outcome !== 'continue') continue
        this.session.warn('warning: Error executing canned sequence of commands.')
        return
      }
    } finally {
      this.#arguments.pop()
    }
  }

  #checkDefine(argument: string): string {
    if (argument === '') throw new CommandError('Argument required (name of command to define).')
    const [name = '', extra] = argument.split(/\s+/)
    if (extra !== undefined && !this.table.get(name)?.sub) {
      throw new CommandError(undefinedCommand(name))
    }
    if (!NAME.test(name)) {
      throw new CommandError(`Junk in argument list: "${name}"`)
    }
    return name
  }

  /** Whoever wrote a definition by mistake is asked before its lines are. */
  async #confirmDefine(name: string): Promise<string> {
    this.#trace(`define ${name}`, 0)
    const old = this.definitions.get(name)
    // Another name of a command is taken without a question.
    if (old !== undefined || (this.#isCommandName(name) && !this.aliases.has(name))) {
      const question =
        old === undefined
          ? `Really redefine built-in command "${name}"?`
          : `Redefine command "${name}"?`
      if (!(await this.ask(question))) throw new CommandError(`Command "${name}" not redefined.`)
    }
    const hooked = /^hook(?:post)?-(.+)$/.exec(name)?.[1]
    if (hooked !== undefined && !this.#isCommandName(hooked)) {
      this.session.warn(`warning: Your new \`${name}' command does not hook any existing command.`)
      if (!(await this.ask('Proceed?'))) throw new CommandError('Not confirmed.')
    }
    return name
  }

  #isCommandName(name: string): boolean {
    return this.table.get(name)?.name === name && !isShortForm(name)
  }

  #checkDocument(argument: string): string {
    if (argument === '') throw new CommandError('Argument required (name of command to define).')
    if (!this.definitions.has(argument)) {
      const [first = '', ...more] = argument.split(/\s+/)
      if (more.length > 0 && this.table.get(first) !== undefined && !this.table.get(first)?.sub) {
        throw new CommandError(`"${first}" is not a prefix command.`)
      }
      if (this.table.get(argument) === undefined) {
        throw new CommandError(`Undefined command: "${argument}".`)
      }
      const kind = this.#isCommandName(argument) ? 'Command' : 'Alias'
      throw new CommandError(`${kind} "${argument}" is built-in.`)
    }
    return argument
  }

  #define(name: string, body: readonly Statement[]): void {
    const definition = { name, body, documentation: 'User-defined.' }
    this.definitions.set(name, definition)
    const old = this.table.get(name)
    this.table.add({
      name,
      aliases: old?.name === name ? (old.aliases ?? []) : [],
      group: 'user-defined',
      get line() {
        return definition.documentation.split('\n')[0] ?? ''
      },
      get help() {
        return definition.documentation.split('\n').slice(1).join('\n')
      },
      run: (_session, argument) => this.call(name, argument),
    })
  }

  addAlias(name: string, text: string, target: Command, isAbbreviation: boolean): void {
    this.aliases.set(name, text)
    if (isAbbreviation) this.#abbreviations.add(name)
    this.table.add({ ...target, name, aliases: [] })
  }

  /** gdb's y-or-n; where nobody is there, the answer is y and the output says so. */
  async ask(question: string): Promise<boolean> {
    const { host, settings } = this.session
    if (!settings.is('confirm')) return true
    const answer = host.ask === undefined ? undefined : await host.ask(`${question} (y or n) `)
    if (answer !== undefined) return answer
    this.session.out(`${question} (y or n) [answered Y; input not from terminal]\n`)
    return true
  }

  // Tab

  complete(line: string): { start: number; words: readonly string[] } {
    const found = completions(line, this.table, (command, text) => {
      return command.complete?.(this.session, text) ?? []
    })
    const atCommand = line.slice(0, found.start).trim() === ''
    const words = found.words.filter(
      (each) =>
        !(atCommand && (isLeftOut(each) || this.#abbreviations.has(each))) && !UNTYPED.test(each),
    )
    return { start: found.start, words }
  }
}
