// shdb beside the images: the same runner, prompt and line editor as the command's, with a terminal that is elsewhere.

import { CommandError, type Host, QuitRequest, Runner, VERSION } from '../../inspector/index.ts'
import { Editor } from '../../prompt/editor.ts'
import { Prompt, type Terminal, type Typing } from '../../prompt/prompt.ts'
import type { LineReader } from '../../prompt/reader.ts'
import { RecentLines } from '../../prompt/recent-lines.ts'
import type { Engine } from '../engine/engine.ts'
import { Binding } from './binding.ts'
import { keysOf } from './keys.ts'
import type { ConsoleNews, ConsolePlace, TerminalSize } from './protocol.ts'

const BANNER = `shdb ${VERSION}, as at the terminal, on the images of this page.
For help, type "help".  What is selected here is selected in the page, and the other way round.
Shift-Tab leaves the console.
`

const NOTHING_OPEN = 'No image is open yet: drop one on the page.\n'

/** Characters that may be under way to the terminal. */
const UNSHOWN_MAX = 1 << 18
const WAIT_MILLISECONDS = 10

export class ConsoleSession {
  readonly #engine: Engine
  readonly #report: (news: ConsoleNews) => void
  readonly #typed = new RecentLines()
  #size: TerminalSize
  #editor: Editor | undefined
  #prompt: Prompt | undefined
  #binding: Binding | undefined
  #isEnded = false
  #unwritten = ''
  #unshown = 0

  constructor(engine: Engine, size: TerminalSize, report: (news: ConsoleNews) => void) {
    this.#engine = engine
    this.#size = size
    this.#report = report
  }

  /** Until end(); "quit" begins anew. */
  async run(place: ConsolePlace | undefined): Promise<void> {
    while (!this.#isEnded) await this.#sit(this.#binding?.place ?? place)
  }

  async #sit(place: ConsolePlace | undefined): Promise<void> {
    const runner = new Runner(this.#host())
    const binding = new Binding(runner.session, this.#engine, (selected) =>
      this.#report({ selected }),
    )
    this.#binding = binding
    if (place !== undefined) binding.select(place)
    this.#write(BANNER)
    this.#write(binding.news() || NOTHING_OPEN)
    this.#prompt = new Prompt(runner, this.#terminal, this.#typed)
    try {
      await this.#prompt.run(() => binding.look())
    } catch (error) {
      if (!(error instanceof QuitRequest)) throw error
    } finally {
      this.#prompt.end()
      this.#write('\n')
      this.#flush()
    }
  }

  keys(text: string): void {
    for (const key of keysOf(text)) {
      // While a command runs it is a signal, as at a terminal.
      if (key.sequence === '\x03' && this.#editor?.isReading === false) this.#prompt?.interrupt()
      else this.#editor?.press(key)
    }
  }

  resize(size: TerminalSize): void {
    this.#size = size
    this.#prompt?.resized()
    this.#editor?.resized()
    this.#flush()
  }

  shown(characters: number): void {
    this.#unshown -= characters
  }

  select(place: ConsolePlace | undefined): void {
    if (place !== undefined) this.#binding?.select(place)
  }

  /** Other images are open now. */
  imagesChanged(): void {
    if (this.#binding === undefined) return
    this.#binding.attach()
    const news = this.#binding.news()
    if (news !== '') this.#editor?.interject(news)
  }

  end(): void {
    this.#isEnded = true
    this.#prompt?.interrupt()
    this.#editor?.end()
  }

  get #terminal(): Terminal {
    return {
      write: (text) => this.#write(text),
      writeError: (text) => this.#write(text),
      showsErrors: true,
      canErase: true,
      size: () => this.#size,
      reader: (typing) => this.#reader(typing),
    }
  }

  #reader(typing: Typing): LineReader {
    const editor = new Editor({
      ...typing,
      write: (text) => this.#write(text),
      columns: () => this.#size.columns,
      rows: () => this.#size.rows,
    })
    this.#editor = editor
    return editor
  }

  #host(): Host {
    const noFiles = (): never => {
      throw new CommandError('There are no files in the page.')
    }
    return {
      write: (text) => this.#write(text),
      writeError: (text) => this.#write(text),
      styled: true,
      open: async () => {
        throw new CommandError('Files are opened by the page: drop them on it.')
      },
      readText: noFiles,
      appendText: noFiles,
      writeText: noFiles,
      changeDirectory: noFiles,
      breathe: async () => {
        do await pause(0)
        while (this.#unshown > UNSHOWN_MAX && !this.#isEnded)
      },
      pause,
    }
  }

  /** What is written at once goes over as one. */
  #write(text: string): void {
    if (this.#unwritten === '') queueMicrotask(() => this.#flush())
    this.#unwritten += text
  }

  #flush(): void {
    const text = this.#unwritten
    if (text === '') return
    this.#unwritten = ''
    this.#unshown += text.length
    this.#report({ write: text })
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.min(milliseconds, WAIT_MILLISECONDS * 5)))
