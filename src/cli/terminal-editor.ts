// The line editor at the terminal that shdb was started at: node:readline decodes the keys, in Node, Deno and Bun alike.
// The terminal is in raw mode only while a line is read, so that whatever runs in between (less, vi, a shell) has it as
// it expects it.

import { emitKeypressEvents } from 'node:readline'
import { Editor } from '../prompt/editor.ts'
import type { Key } from '../prompt/keys.ts'
import type { Typing } from '../prompt/prompt.ts'
import type { Input, LineReader } from '../prompt/reader.ts'
import { writeOut } from './output.ts'

export class TerminalEditor implements LineReader {
  readonly #editor: Editor
  readonly #onKey = (_text: string | undefined, key: Key): void => this.#editor.press(key)
  readonly #onEnd = (): void => this.#editor.end()
  readonly #onResize = (): void => this.#editor.resized()
  readonly #onContinue = (): void => this.#editor.resumed()

  constructor({ lines, complete }: Typing) {
    this.#editor = new Editor({
      lines,
      complete,
      write: writeOut,
      columns: () => process.stdout.columns || 80,
      rows: () => process.stdout.rows || 24,
      reading(isReading) {
        raw(isReading)
        if (isReading) process.stdin.resume()
        else process.stdin.pause()
      },
      suspend() {
        raw(false)
        process.kill(process.pid, 'SIGTSTP')
      },
    })
    emitKeypressEvents(process.stdin)
    process.stdin.on('keypress', this.#onKey)
    process.stdin.on('end', this.#onEnd)
    process.stdout.on('resize', this.#onResize)
    process.on('SIGCONT', this.#onContinue)
  }

  read(prompt: string, isCommand: boolean): Promise<Input> {
    return this.#editor.read(prompt, isCommand)
  }

  interrupt(): boolean {
    return this.#editor.interrupt()
  }

  close(): void {
    process.stdin.off('keypress', this.#onKey)
    process.stdin.off('end', this.#onEnd)
    process.stdout.off('resize', this.#onResize)
    process.off('SIGCONT', this.#onContinue)
    this.#editor.close()
  }
}

function raw(isRaw: boolean): void {
  // A terminal that went away cannot be set.
  try {
    process.stdin.setRawMode(isRaw)
  } catch {}
}
