// Line editing with GNU readline's Emacs keys, at any terminal: what keys do stands here, for node:readline has no search and
// lists otherwise. Whoever has the terminal decodes them and hands them over; keys.ts says which is which.

import { columnsOf, commonStart } from './candidates.ts'
import { ACTIONS, type Actions, isText, type Key, nameOf } from './keys.ts'
import { Line } from './line.ts'
import type { Input, LineReader } from './reader.ts'
import { Screen } from './screen.ts'
import { Search } from './search.ts'

export interface EditorHost {
  write(text: string): void
  /** Words that may stand where the text ends, from `start` on. */
  complete(text: string): { start: number; words: readonly string[]; isCut: boolean }
  /** What was typed before, oldest first. */
  lines(): readonly string[]
  columns(): number
  rows(): number
  /** Called when a line begins to be read, and when it is: in between, keys come one by one. */
  reading?(isReading: boolean): void
  /** C-z, where there is something to go back to. */
  suspend?(): void
}

/** As GNU readline: more than these are listed only when asked for. */
const LISTED_UNASKED = 100
const BELL = '\x07'

export class Editor implements LineReader {
  readonly #host: EditorHost
  readonly #line = new Line()
  readonly #screen: Screen
  readonly #keys: Key[] = []
  #waiting: ((input: Input) => void) | undefined
  #prompt = ''
  #isCommand = false
  #isEnded = false
  #isPainted = false
  #search: Search | undefined
  #lastSearch = ''
  /** Place in the command history, and what was changed there but not entered. */
  #at = 0
  readonly #drafts = new Map<number, string>()
  /** Takes the next key instead of the line: a question, a second key. */
  #pending: ((key: Key) => void) | undefined
  #lastKey = ''
  /** Place in the history with which the next line begins (C-o). */
  #next: number | undefined
  #yankedFrom = 0

  constructor(host: EditorHost) {
    this.#host = host
    this.#screen = new Screen(host)
  }

  /** A key was pressed. Those that come while a command runs wait for the next line. */
  press(key: Key): void {
    this.#keys.push(key)
    this.#drain()
  }

  /** The terminal is gone. */
  end(): void {
    this.#isEnded = true
    this.#finish({ kind: 'ended' })
  }

  /** The terminal has another size. */
  resized(): void {
    if (this.#waiting !== undefined) this.#repaint()
  }

  /** Writes whole lines above the one that is typed, which goes on. */
  interject(text: string): void {
    if (this.#waiting === undefined) {
      this.#host.write(text)
      return
    }
    this.#screen.paint('', '', 0)
    this.#host.write(text)
    this.#again()
  }

  /** Something else was on the terminal meanwhile. */
  resumed(): void {
    if (this.#waiting === undefined) return
    this.#host.reading?.(true)
    this.#screen.begin()
    this.#repaint()
  }

  close(): void {
    this.#host.reading?.(false)
  }

  /** A line is being typed. */
  get isReading(): boolean {
    return this.#waiting !== undefined
  }

  read(prompt: string, isCommand: boolean): Promise<Input> {
    const lines = this.#host.lines()
    this.#prompt = prompt
    this.#isCommand = isCommand
    this.#at = lines.length
    this.#drafts.clear()
    this.#lastKey = ''
    const next = isCommand ? this.#next : undefined
    this.#next = undefined
    this.#line.reset(next === undefined ? '' : (lines[next] ?? ''))
    if (next !== undefined && next < lines.length) this.#at = next
    this.#screen.begin()
    this.#repaint()
    return new Promise((resolve) => {
      this.#waiting = resolve
      if (this.#isEnded) {
        this.#finish({ kind: 'ended' })
        return
      }
      this.#host.reading?.(true)
      this.#drain()
    })
  }

  interrupt(): boolean {
    if (this.#waiting === undefined) return false
    this.#cancel()
    return true
  }

  #finish(input: Input): void {
    const waiting = this.#waiting
    if (waiting === undefined) return
    this.#waiting = undefined
    this.#search = undefined
    this.#pending = undefined
    this.#host.reading?.(false)
    waiting(input)
  }

  #drain(): void {
    while (this.#waiting !== undefined) {
      const key = this.#keys.shift()
      if (key === undefined) return
      this.#take(key)
    }
  }

  #take(key: Key): void {
    const { sequence } = key
    const name = nameOf(key)
    if (this.#pending !== undefined) {
      const pending = this.#pending
      this.#pending = undefined
      pending(key)
    } else if (this.#search === undefined || !this.#searchKey(this.#search, name, sequence)) {
      const command = ACTIONS[name]
      if (command !== undefined) command(this.#actions)
      else if (isText(key)) this.#line.insert(sequence)
    }
    this.#lastKey = name
    this.#repaintSoon()
  }

  // Painting

  /** Once for all keys that came together. */
  #repaintSoon(): void {
    if (!this.#isPainted || this.#waiting === undefined) return
    this.#isPainted = false
    queueMicrotask(() => {
      if (!this.#isPainted) this.#repaint()
    })
  }

  #repaint(): void {
    this.#isPainted = true
    if (this.#pending !== undefined) return
    const { text, cursor } = this.#line
    this.#screen.paint(this.#search?.prompt ?? this.#prompt, text, cursor, this.#search?.found)
  }

  /** The line as it is entered, and the cursor below it. */
  #leave(): void {
    const { text } = this.#line
    this.#search = undefined
    this.#screen.paint(this.#prompt, text, text.length)
    this.#screen.leave(this.#prompt, text, text.length)
    this.#isPainted = true
  }

  // What keys do

  readonly #actions: Actions = {
    line: this.#line,
    accept: () => {
      const { text } = this.#line
      this.#leave()
      this.#finish({ kind: 'line', text })
    },
    acceptAndGoOn: () => {
      if (this.#at < this.#host.lines().length) this.#next = this.#at + 1
      this.#actions.accept()
    },
    cancel: () => this.#cancel(),
    deleteOrEnd: () => {
      if (this.#line.text !== '') this.#line.deleteRight()
      else {
        this.#repaint()
        this.#finish({ kind: 'ended' })
      }
    },
    suspend: () => this.#host.suspend?.(),
    clear: () => this.#screen.clear(),
    older: () => this.#goTo(this.#at - 1),
    newer: () => this.#goTo(this.#at + 1),
    oldest: () => this.#goTo(0),
    newest: () => this.#goTo(this.#host.lines().length),
    search: (isForward) => {
      if (!this.#isCommand) return
      this.#search = new Search(this.#host.lines(), this.#line, isForward, this.#at)
    },
    complete: () => this.#complete(this.#lastKey === 'tab'),
    list: () => this.#complete(true),
    lastArgument: () => this.#lastArgument(),
    secondKey: () => {
      this.#pending = (key) => {
        if (nameOf(key) === 'C-u') this.#line.undo()
      }
    },
  }

  #cancel(): void {
    const { text } = this.#line
    this.#pending = undefined
    if (this.#search !== undefined) {
      this.#search = undefined
      this.#repaint()
    }
    this.#screen.paint(this.#prompt, text, text.length)
    this.#finish({ kind: 'interrupted' })
  }

  #goTo(at: number): void {
    const lines = this.#host.lines()
    if (!this.#isCommand || at < 0 || at > lines.length || at === this.#at) {
      this.#host.write(BELL)
      return
    }
    this.#drafts.set(this.#at, this.#line.text)
    this.#at = at
    this.#line.reset(this.#drafts.get(at) ?? lines[at] ?? '')
  }

  #lastArgument(): void {
    const lines = this.#host.lines()
    const isMore = this.#lastKey === 'M-.' || this.#lastKey === 'M-_'
    this.#yankedFrom = isMore ? this.#yankedFrom - 1 : lines.length - 1
    const word = /(\S+)\s*$/.exec(lines[this.#yankedFrom] ?? '')?.[1]
    if (word === undefined) return
    if (isMore) this.#line.undo()
    this.#line.replace(
      this.#line.text.slice(0, this.#line.cursor) + word + this.#line.text.slice(this.#line.cursor),
      this.#line.cursor + word.length,
    )
  }

  /** False: the key ends the search and does what it does otherwise. */
  #searchKey(search: Search, name: string, sequence: string): boolean {
    switch (name) {
      case 'C-r':
      case 'C-s':
        search.next(name === 'C-s', this.#lastSearch)
        return true
      case 'backspace':
        search.erase()
        return true
      case 'C-g':
        search.cancel()
        this.#endSearch(search)
        return true
      case 'escape':
        this.#endSearch(search)
        return true
    }
    if (ACTIONS[name] === undefined && isText({ sequence, name })) {
      search.type(sequence)
      return true
    }
    this.#endSearch(search)
    return false
  }

  #endSearch(search: Search): void {
    if (search.wanted !== '') this.#lastSearch = search.wanted
    this.#at = Math.max(0, Math.min(search.at, this.#host.lines().length))
    this.#search = undefined
  }

  // Tab

  #complete(isListed: boolean): void {
    if (!this.#isCommand) {
      this.#line.insert('\t')
      return
    }
    const { text, cursor } = this.#line
    const typed = text.slice(0, cursor)
    const { start, words, isCut } = this.#host.complete(typed)
    const [only] = words
    if (only === undefined) {
      this.#host.write(BELL)
      return
    }
    const common = commonStart(words)
    const given = typed.slice(start)
    if (words.length === 1) {
      const end = only.endsWith('/') ? '' : ' '
      this.#put(start, only + (text[cursor] === ' ' ? '' : end))
    } else if (common.length > given.length) {
      this.#put(start, common)
      this.#host.write(BELL)
    } else if (!isListed) this.#host.write(BELL)
    else this.#list(words, given, isCut)
  }

  #put(start: number, word: string): void {
    const { text, cursor } = this.#line
    this.#line.replace(text.slice(0, start) + word + text.slice(cursor), start + word.length)
  }

  #list(words: readonly string[], typed: string, isCut: boolean): void {
    const { text, cursor } = this.#line
    this.#screen.paint(this.#prompt, text, cursor)
    this.#screen.leave(this.#prompt, text, cursor)
    const rows = columnsOf(words, this.#host.columns(), typed)
    if (isCut) rows.push('*** List may be truncated, max-completions reached. ***')
    if (words.length <= LISTED_UNASKED) {
      this.#show(rows)
      return
    }
    this.#host.write(`Display all ${words.length} possibilities? (y or n)`)
    this.#ask((isYes) => {
      this.#host.write('\r\n')
      if (isYes) this.#show(rows)
      else this.#again()
    })
  }

  #ask(answer: (isYes: boolean) => void): void {
    this.#pending = (key) => {
      const name = nameOf(key)
      if (name === 'C-c') {
        this.#screen.begin()
        this.#cancel()
      } else if (/^(y| |space)$/i.test(key.sequence)) answer(true)
      else if (/^n$/i.test(key.sequence) || name === 'backspace' || name === 'C-g') answer(false)
      else this.#ask(answer)
    }
  }

  /** A screenful at a time. */
  #show(rows: readonly string[]): void {
    const height = Math.max(1, this.#host.rows() - 1)
    this.#host.write(rows.slice(0, height).join('\r\n'))
    this.#host.write('\r\n')
    const rest = rows.slice(height)
    if (rest.length === 0) {
      this.#again()
      return
    }
    this.#host.write('--More--')
    this.#pending = (key) => {
      this.#host.write('\r\x1b[K')
      const name = nameOf(key)
      if (name === 'space' || key.sequence === 'y' || key.sequence === 'Y') this.#show(rest)
      else if (name === 'return' || name === 'enter') {
        this.#host.write(`${rest[0]}\r\n`)
        this.#show(rest.slice(1))
      } else this.#again()
    }
  }

  #again(): void {
    this.#screen.begin()
    this.#repaint()
  }
}
