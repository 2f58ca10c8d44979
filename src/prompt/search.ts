// Incremental search in what was typed before, as C-r does it.

import type { Line } from './line.ts'

export class Search {
  readonly #lines: readonly string[]
  readonly #line: Line
  readonly #before: { text: string; cursor: number; at: number }
  #isForward: boolean
  #wanted = ''
  /** Place in the history; its length stands for the line that was being typed. */
  #at: number
  #hasFailed = false

  constructor(lines: readonly string[], line: Line, isForward: boolean, at: number) {
    this.#lines = lines
    this.#line = line
    this.#before = { text: line.text, cursor: line.cursor, at }
    this.#isForward = isForward
    this.#at = at
  }

  get at(): number {
    return this.#at
  }

  get prompt(): string {
    const failed = this.#hasFailed ? 'failed ' : ''
    return `(${failed}${this.#isForward ? '' : 'reverse-'}i-search)\`${this.#wanted}': `
  }

  /** What to light up in the line. */
  get found(): { from: number; to: number } | undefined {
    if (this.#wanted === '' || this.#hasFailed) return undefined
    return { from: this.#line.cursor, to: this.#line.cursor + this.#wanted.length }
  }

  type(text: string): void {
    this.#wanted += text
    this.#find(this.#at, this.#line.cursor)
  }

  /** The search begins anew with one character less. */
  erase(): void {
    this.#wanted = this.#wanted.slice(0, -1)
    this.#hasFailed = false
    if (this.#wanted !== '') this.#find(this.#lines.length - 1, undefined)
  }

  /** C-r or C-s once more: the next match. `last`: what was searched for last time, when nothing was typed yet. */
  next(isForward: boolean, last: string): void {
    this.#isForward = isForward
    if (this.#wanted === '') {
      this.type(last)
      return
    }
    const { cursor } = this.#line
    this.#find(this.#at, isForward ? cursor + 1 : cursor - 1)
  }

  get wanted(): string {
    return this.#wanted
  }

  cancel(): void {
    this.#at = this.#before.at
    this.#line.replace(this.#before.text, this.#before.cursor)
  }

  /** From this line of the history on, there from `place` on. */
  #find(start: number, place: number | undefined): void {
    const step = this.#isForward ? 1 : -1
    let from = place
    for (
      let at = Math.min(start, this.#lines.length - 1);
      at >= 0 && at < this.#lines.length;
      at += step
    ) {
      const text = this.#lines[at] as string
      const isHere = at === this.#at && from !== undefined
      const cursor = this.#position(text, isHere ? from : undefined)
      from = undefined
      if (cursor < 0) continue
      this.#at = at
      this.#line.replace(text, cursor)
      this.#hasFailed = false
      return
    }
    this.#hasFailed = true
  }

  #position(text: string, from: number | undefined): number {
    if (this.#isForward) return text.indexOf(this.#wanted, from ?? 0)
    if (from !== undefined && from < 0) return -1
    return text.lastIndexOf(this.#wanted, from)
  }
}
