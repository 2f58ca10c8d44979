// The prompt: reads commands, shows pages and progress, asks; Ctrl-C ends the command and not the session. Over any terminal:
// the one that a program was started at, or one in a page.

import { Interrupted, type Runner } from '../inspector/index.ts'
import { expanded } from './history-expansion.ts'
import { Pager } from './pager.ts'
import { Progress } from './progress.ts'
import type { LineReader } from './reader.ts'
import { type MoreLines, messageOf, runLine } from './run.ts'

/** What a reader of lines asks for while one is typed. */
export interface Typing {
  /** Words that may stand where the text ends, from `start` on. */
  complete(text: string): { start: number; words: readonly string[]; isCut: boolean }
  /** What was typed before, oldest first. */
  lines(): readonly string[]
}

/** What was typed, and where it is kept. */
export interface TypedLines {
  readonly lines: readonly string[]
  /** Older ones that are gone. */
  readonly dropped: number
  add(line: string): void
}

export interface Terminal {
  write(text: string): void
  writeError(text: string): void
  /** Errors are seen where write() writes. */
  readonly showsErrors: boolean
  /** A line that was written can be taken back. */
  readonly canErase: boolean
  /** Not known: 0. */
  size(): { readonly columns: number; readonly rows: number }
  reader(typing: Typing): LineReader
}

export class Prompt {
  readonly #runner: Runner
  readonly #terminal: Terminal
  readonly #typed: TypedLines
  readonly #reader: LineReader
  readonly #pager: Pager
  readonly #progress: Progress
  #last = ''

  constructor(runner: Runner, terminal: Terminal, typed: TypedLines) {
    this.#runner = runner
    this.#terminal = terminal
    this.#typed = typed
    const { settings } = runner.session
    this.#reader = terminal.reader({
      lines: () => typed.lines,
      complete: (text) => this.#complete(text),
    })
    this.#progress = new Progress((text) => terminal.write(text), terminal.canErase)
    this.#pager = new Pager({
      write: (text) => terminal.write(text),
      line: (prompt) => this.#answer(prompt),
      height: () => this.#height(),
      width: () => settings.limit('width'),
    })
    this.resized()
    this.#setUp()
  }

  #setUp(): void {
    const { session } = this.#runner
    const { host } = session
    session.interactive = true
    const breathe = host.breathe?.bind(host)
    const { showsErrors } = this.#terminal
    host.write = (text) => {
      this.#progress.erase()
      this.#pager.write(text)
    }
    host.writeError = (text) => {
      this.#progress.erase()
      // In its place among the pages, where it is shown among them.
      if (showsErrors && this.#pager.isHolding) this.#pager.write(text)
      else this.#terminal.writeError(text)
    }
    host.breathe = async () => {
      if (!(await this.#pager.settle())) session.interrupted = true
      this.#progress.show(session.doing)
      await breathe?.()
    }
    host.ask = async (question) => {
      this.#progress.erase()
      for (;;) {
        const input = await this.#reader.read(question, false)
        if (input.kind === 'interrupted') throw new Interrupted()
        if (input.kind === 'ended') {
          this.#terminal.write('EOF [assumed Y]\n')
          return true
        }
        const answer = input.text.trim().toLowerCase()
        if (answer === 'y' || answer === 'yes') return true
        if (answer === 'n' || answer === 'no') return false
        this.#terminal.write('Please answer y or n.\n')
      }
    }
    host.typed = () => this.#typed
  }

  /** Runs what is typed until quit or the end of input. `ran` is called after each command. */
  async run(ran: () => void = () => {}): Promise<void> {
    const { session } = this.#runner
    for (;;) {
      this.#pager.begin()
      const input = await this.#reader.read(session.settings.text('prompt'), true)
      if (input.kind === 'ended') {
        session.out('quit\n')
        return
      }
      if (input.kind === 'interrupted') this.#terminal.write('Quit\n')
      else await this.#runTyped(input.text)
      ran()
    }
  }

  async #runTyped(line: string): Promise<void> {
    const { session } = this.#runner
    const text = this.#expand(line)
    if (text === undefined) return
    const command = this.#repeated(text)
    if (command.trim() === '') return
    session.interrupted = false
    session.doing = undefined
    this.#progress.begin()
    await runLine(this.#runner, command, this.#linesOf(command))
    this.#progress.erase()
    if (!(await this.#pager.settle())) session.complain('Quit\n')
  }

  end(): void {
    this.#reader.close()
  }

  /** The signal of Ctrl-C, while a command runs or a plain line is read. */
  interrupt(): void {
    if (!this.#reader.interrupt()) this.#runner.session.interrupted = true
  }

  /** The lines of a block that is typed. */
  #linesOf(command: string): MoreLines {
    const [, word, name] = /^\s*(define|document)\s+(\S+)/.exec(command) ?? []
    let isFirst = true
    return {
      next: (depth) => {
        if (isFirst && word !== undefined) {
          const what = word === 'define' ? 'commands for definition of' : 'documentation for'
          this.#terminal.write(`Type ${what} "${name}".\nEnd with a line saying just "end".\n`)
        }
        isFirst = false
        // gdb indents what stands in an if or while, not what stands in a definition.
        return this.#more(word === undefined ? depth : depth - 1)
      },
    }
  }

  async #more(depth: number): Promise<string | undefined> {
    const input = await this.#reader.read(`${' '.repeat(depth)}>`, true)
    if (input.kind === 'interrupted') throw new Interrupted()
    if (input.kind === 'ended') {
      this.#terminal.write('\n')
      return undefined
    }
    if (input.text.trim() !== '') this.#typed.add(input.text)
    return input.text
  }

  async #answer(prompt: string): Promise<string | undefined> {
    this.#progress.erase()
    const input = await this.#reader.read(prompt, false)
    return input.kind === 'line' ? input.text : undefined
  }

  /** `!!` and `^a^b` become what they stand for, where `set history expansion` is on. Undefined: only shown. */
  #expand(line: string): string | undefined {
    if (!this.#runner.session.settings.is('history expansion')) return line
    try {
      const text = expanded(line, this.#typed.lines)
      if (text !== line) this.#terminal.write(`${text}\n`)
      return text
    } catch (error) {
      this.#terminal.writeError(`${messageOf(error)}\n`)
      return undefined
    }
  }

  /** An empty line runs the last command again; `x` goes on where it stopped. */
  #repeated(line: string): string {
    if (line.trim() === '') return this.#last
    if (!/^\s*server\s/.test(line)) {
      this.#typed.add(line)
      this.#last = /^\s*x(\/\S*)?\s/.test(line)
        ? (/^\s*x(\/\S*)?/.exec(line)?.[0] ?? line)
        : this.#runner.repeated(line)
    }
    return line
  }

  /** Takes over the size that the terminal has now. */
  resized(): void {
    const { settings } = this.#runner.session
    const { columns, rows } = this.#terminal.size()
    if (columns > 0) settings.set('width', columns)
    if (rows > 0) settings.set('height', rows)
  }

  #height(): number {
    const { settings } = this.#runner.session
    if (!settings.is('pagination')) return Number.POSITIVE_INFINITY
    return Math.max(2, settings.limit('height'))
  }

  #complete(text: string): { start: number; words: readonly string[]; isCut: boolean } {
    // What cannot be completed is no error yet.
    try {
      const { start, words } = this.#runner.complete(text)
      const most = this.#runner.session.settings.number('max-completions')
      if (most < 0 || words.length <= most) return { start, words, isCut: false }
      return { start, words: words.slice(0, most), isCut: most > 0 }
    } catch {
      return { start: text.length, words: [], isCut: false }
    }
  }
}
