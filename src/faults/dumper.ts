// Decides whether this fault is dumped, dumps, and says so in one line on stderr. Never throws.

import type { FileSystem } from './host.ts'
import { type Dumpable, type Place, writeDump } from './write-dump.ts'

export class Dumper {
  readonly #recorder: Dumpable
  readonly #files: FileSystem
  readonly #pid: number
  readonly #place: Place
  readonly #interval: number
  #lastSurvived = Number.NEGATIVE_INFINITY
  #isEnding = false
  #isDumping = false
  /** One error may come by several ways. */
  readonly #dumpedErrors = new WeakSet<object>()
  dumped: string | undefined

  constructor(recorder: Dumpable, files: FileSystem, pid: number, place: Place, interval: number) {
    this.#recorder = recorder
    this.#files = files
    this.#pid = pid
    this.#place = place
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
      const { path, size } = writeDump(this.#recorder, this.#files, this.#place, this.#pid)
      this.dumped = path
      this.#tell(`${reason}: dumped ${mebibytes(size)} to ${path}; npx shdb ${path}`)
      return path
    } catch (error) {
      this.#tell(`${reason}: no dump: ${error instanceof Error ? error.message : String(error)}`)
      return undefined
    } finally {
      this.#isDumping = false
    }
  }

  /** Synchronous, since nothing later will be: console may write when the process is gone. */
  #tell(sentence: string): void {
    const line = `struct-history: ${sentence.replaceAll('\n', ' ')}`
    try {
      this.#files.writeSync(2, `${line}\n`)
    } catch {
      console.error(line)
    }
  }
}

export const TRIGGER = 'trigger: '

function mebibytes(size: number) {
  return `${(size / 1024 / 1024).toFixed(1)} MiB`
}
