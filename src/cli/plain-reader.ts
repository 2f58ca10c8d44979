// Lines from a terminal that cannot move its cursor: what is typed is edited by the terminal itself.

import { createInterface, type Interface } from 'node:readline'
import type { Input, LineReader } from '../prompt/reader.ts'
import { writeOut } from './output.ts'

export class PlainReader implements LineReader {
  readonly #readline: Interface
  readonly #typed: string[] = []
  #waiting: ((input: Input) => void) | undefined
  #isClosed = false

  constructor() {
    this.#readline = createInterface({ input: process.stdin, terminal: false })
    this.#readline.on('line', (text) => {
      if (this.#waiting === undefined) this.#typed.push(text)
      else this.#answer({ kind: 'line', text })
    })
    this.#readline.on('close', () => {
      this.#isClosed = true
      this.#answer({ kind: 'ended' })
    })
  }

  read(prompt: string): Promise<Input> {
    writeOut(prompt)
    const text = this.#typed.shift()
    if (text !== undefined) return Promise.resolve({ kind: 'line', text })
    if (this.#isClosed) return Promise.resolve({ kind: 'ended' })
    return new Promise((resolve) => {
      this.#waiting = resolve
    })
  }

  interrupt(): boolean {
    return this.#answer({ kind: 'interrupted' })
  }

  close(): void {
    if (!this.#isClosed) this.#readline.close()
  }

  #answer(input: Input): boolean {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.(input)
    return waiting !== undefined
  }
}
