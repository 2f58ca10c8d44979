// Decides whether this fault is dumped, dumps, and says so in one line. Never throws.

import type { Dumpable, Written } from './write-dump.ts'

export class Dumper {
  readonly #recorder: Dumpable
  readonly #write: (reason: string) => Written
  readonly #tell: (sentence: string) => void
  readonly #interval: number
  #lastSurvived = Number.NEGATIVE_INFINITY
  #isEnding = false
  #isDumping = false
  /** One error may come by several ways. */
  readonly #dumpedErrors = new WeakSet<object>()
  dumped: string | undefined

  constructor(
    recorder: Dumpable,
    write: (reason: string) => Written,
    tell: (sentence: string) => void,
    interval: number,
  ) {
    this.#recorder = recorder
    this.#write = write
    this.#tell = tell
    this.#interval = interval
  }

  /** The process ends of it: once, whatever was dumped before. */
  ending(reason: string, error?: unknown): void {
    if (this.#isEnding) return
    this.#isEnding = true
    if (this.#isNew(error)) this.#dump(reason)
  }

  /** The process may live on: once per interval. Answers the path, if it dumped. */
  survived(reason: string, error?: unknown): string | undefined {
    if (this.#isDumping || this.#isEnding) return undefined
    const now = performance.now()
    if (now - this.#lastSurvived < this.#interval || !this.#isNew(error)) return undefined
    this.#lastSurvived = now
    return this.#dump(reason)
  }

  /** It may be the end, or not: each time. */
  leaving(reason: string): void {
    if (!this.#isDumping) this.#dump(reason)
  }

  #isNew(error: unknown): boolean {
    if (typeof error !== 'object' || error === null) return true
    if (this.#dumpedErrors.has(error)) return false
    this.#dumpedErrors.add(error)
    return true
  }

  #dump(reason: string): string | undefined {
    this.#isDumping = true
    try {
      // Of a trigger the recorder holds the reason already.
      if (!reason.startsWith(TRIGGER)) this.#recorder.trigger?.(reason)
      const { path, size, hint } = this.#write(reason)
      this.dumped = path
      this.#say(`${reason}: dumped ${mebibytes(size)} to ${path}; ${hint}`)
      return path
    } catch (error) {
      this.#say(`${reason}: no dump: ${error instanceof Error ? error.message : String(error)}`)
      return undefined
    } finally {
      this.#isDumping = false
    }
  }

  #say(sentence: string): void {
    this.#tell(`struct-history: ${sentence.replaceAll('\n', ' ')}`)
  }
}

export const TRIGGER = 'trigger: '

function mebibytes(size: number) {
  return `${(size / 1024 / 1024).toFixed(1)} MiB`
}
