// The prompt: line editing, Tab, command history, pages, and Ctrl-C that ends the command and not the session.

import { createInterface, type Interface } from 'node:readline'
import type { Runner } from '../inspector/index.ts'
import { append, overwrite, readText } from './files.ts'
import { writeOut } from './output.ts'
import { Pager } from './pager.ts'
import { runLine } from './run.ts'

const HISTORY_FILE = '~/.shdb_history'
const HISTORY_LINES = 1000

export class Prompt {
  readonly #runner: Runner
  readonly #readline: Interface
  readonly #waiting: ((line: string | undefined) => void)[] = []
  readonly #typed: string[] = []
  readonly #pager: Pager
  #closed = false
  #busy = false
  #last = ''

  constructor(runner: Runner) {
    this.#runner = runner
    this.#readline = createInterface({
      input: process.stdin,
      output: process.stdout,
      terminal: true,
      historySize: HISTORY_LINES,
      history: readHistory(),
      completer: (line: string) => this.#complete(line),
    })
    this.#readline.on('line', (line) => this.#receive(line))
    this.#readline.on('close', () => this.#close())
    this.#readline.on('SIGINT', () => this.#interrupt())
    this.#pager = new Pager({
      write: writeOut,
      line: (prompt) => this.#line(prompt),
      height: () => this.#height(),
    })
    this.#setUp()
  }

  #setUp(): void {
    const { session } = this.#runner
    const { host } = session
    session.interactive = true
    const breathe = host.breathe?.bind(host)
    host.write = (text) => this.#pager.write(text)
    host.breathe = async () => {
      if (!(await this.#pager.settle())) session.interrupted = true
      await breathe?.()
    }
    host.ask = async (question) => {
      for (;;) {
        const answer = (await this.#line(question))?.trim().toLowerCase()
        if (answer === undefined || answer === 'y' || answer === 'yes') return true
        if (answer === 'n' || answer === 'no') return false
        writeOut('Please answer y or n.\n')
      }
    }
  }

  /** Runs what is typed until quit or the end of input. */
  async run(): Promise<void> {
    const { session } = this.#runner
    const lines = {
      next: (depth: number) => this.#line('>'.padStart(depth)),
    }
    for (;;) {
      const line = await this.#line(session.settings.text('prompt'))
      if (line === undefined) {
        writeOut('quit\n')
        return
      }
      const text = this.#repeated(line)
      if (text === '') continue
      session.interrupted = false
      this.#pager.begin()
      this.#busy = true
      await runLine(this.#runner, text, lines)
      await this.#pager.settle()
      this.#busy = false
    }
  }

  end(): void {
    if (!this.#closed) this.#readline.close()
  }

  /** An empty line runs the last command again; `x` goes on where it stopped. */
  #repeated(line: string): string {
    if (line.trim() !== '') {
      this.#remember(line)
      this.#last = /^\s*x(\/\S*)?\s/.test(line)
        ? (/^\s*x(\/\S*)?/.exec(line)?.[0] ?? line)
        : this.#runner.repeated(line)
      return line
    }
    return this.#last
  }

  #remember(line: string): void {
    if (line.startsWith('server ')) return
    try {
      append(HISTORY_FILE, `${line}\n`)
    } catch {
      // No home to write to: the session goes on without a saved history.
    }
  }

  #line(prompt: string): Promise<string | undefined> {
    const typed = this.#typed.shift()
    if (typed !== undefined) {
      writeOut(`${prompt}${typed}\n`)
      return Promise.resolve(typed)
    }
    if (this.#closed) return Promise.resolve(undefined)
    this.#readline.setPrompt(prompt)
    this.#readline.prompt()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #receive(line: string): void {
    const waiting = this.#waiting.shift()
    if (waiting === undefined) this.#typed.push(line)
    else waiting(line)
  }

  #close(): void {
    this.#closed = true
    for (const waiting of this.#waiting.splice(0)) waiting(undefined)
  }

  #interrupt(): void {
    const waiting = this.#busy ? undefined : this.#waiting.shift()
    if (waiting === undefined) {
      this.#runner.session.interrupted = true
      // Somebody is asked for a page or an answer: that is over, too.
      this.#waiting.shift()?.('q')
      return
    }
    writeOut('Quit\n')
    this.#waiting.unshift(waiting)
    this.#readline.write(null, { ctrl: true, name: 'u' })
    this.#readline.prompt()
  }

  #height(): number {
    const { settings } = this.#runner.session
    if (!settings.is('pagination')) return Number.POSITIVE_INFINITY
    const height = settings.number('height')
    return height === 0 ? Number.POSITIVE_INFINITY : Math.max(2, height)
  }

  #complete(line: string): [string[], string] {
    const { start, words } = this.#runner.complete(line)
    const found = words.map((each) => (words.length === 1 ? `${each} ` : each))
    return [found, line.slice(start)]
  }
}

/** Newest first, as readline wants it; the file is cut when it has grown. */
function readHistory(): string[] {
  try {
    const lines = (readText(HISTORY_FILE) ?? '').split('\n').filter((each) => each !== '')
    if (lines.length > 2 * HISTORY_LINES) {
      overwrite(HISTORY_FILE, `${lines.slice(-HISTORY_LINES).join('\n')}\n`)
    }
    return lines.slice(-HISTORY_LINES).reverse()
  } catch {
    return []
  }
}
