// A page at a time, as gdb does it: what goes beyond the height of the terminal waits for an answer.

import { unstyled, widthOfCharacter } from '../inspector/index.ts'

export const MORE = '--Type <RET> for more, q to quit, c to continue without paging--'

export interface PagerHost {
  write(text: string): void
  /** Shows a prompt and waits for a line; undefined for Ctrl-C and at the end of input. */
  line(prompt: string): Promise<string | undefined>
  /** Lines of a page; infinite where there is no paging. */
  height(): number
  /** Columns of a line; infinite where lines are not broken. */
  width(): number
}

const TAB_COLUMNS = 8

export class Pager {
  readonly #host: PagerHost
  readonly #held: string[] = []
  #lines = 0
  /** Of the line that is not ended yet. */
  #column = 0
  #isFree = false

  constructor(host: PagerHost) {
    this.#host = host
  }

  /** At each prompt: a new page. */
  begin(): void {
    this.#held.length = 0
    this.#lines = 0
    this.#column = 0
    this.#isFree = false
  }

  get isHolding(): boolean {
    return this.#held.length > 0
  }

  write(text: string): void {
    if (this.#held.length > 0) this.#held.push(text)
    else this.#fill(text)
  }

  /** Shows as much as fits the page and keeps the rest. */
  #fill(text: string): void {
    const height = this.#isFree ? Number.POSITIVE_INFINITY : this.#host.height() - 1
    const width = this.#host.width()
    let at = 0
    while (at < text.length && this.#lines < height) {
      const end = text.indexOf('\n', at)
      const next = end < 0 ? text.length : end + 1
      this.#count(text.slice(at, next), width)
      at = next
    }
    this.#host.write(text.slice(0, at))
    if (at < text.length) this.#held.push(text.slice(at))
  }

  /** A line longer than the terminal takes several of it. */
  #count(line: string, width: number): void {
    for (const character of unstyled(line)) {
      if (character === '\n') {
        this.#lines++
        this.#column = 0
        return
      }
      this.#column +=
        character === '\t'
          ? TAB_COLUMNS - (this.#column % TAB_COLUMNS)
          : widthOfCharacter(character)
      if (this.#column > width) {
        this.#lines++
        this.#column -= width
      }
    }
  }

  /** Asks for each further page until nothing is held. False: the user had enough. */
  async settle(): Promise<boolean> {
    while (this.#held.length > 0) {
      const answer = (await this.#host.line(MORE))?.trim()
      const text = this.#held.splice(0).join('')
      this.#lines = 0
      if (answer === undefined || answer.startsWith('q')) return false
      this.#isFree ||= answer.startsWith('c')
      this.#fill(text)
    }
    return true
  }
}
