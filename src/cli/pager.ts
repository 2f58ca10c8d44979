// A page at a time, as gdb does it: what goes beyond the height of the terminal waits for a key.

export const MORE = '--Type <RET> for more, q to quit, c to continue without paging--'

export interface PagerHost {
  write(text: string): void
  /** Shows a prompt and waits for a line; undefined at the end of input. */
  line(prompt: string): Promise<string | undefined>
  /** Lines of a page; infinite where there is no paging. */
  height(): number
}

export class Pager {
  readonly #host: PagerHost
  #held = ''
  #lines = 0
  #free = false

  constructor(host: PagerHost) {
    this.#host = host
  }

  /** At each prompt: a new page. */
  begin(): void {
    this.#held = ''
    this.#lines = 0
    this.#free = false
  }

  write(text: string): void {
    if (this.#held !== '') this.#held += text
    else this.#fill(text)
  }

  /** Shows as much as fits the page and keeps the rest. */
  #fill(text: string): void {
    const height = this.#free ? Number.POSITIVE_INFINITY : this.#host.height() - 1
    let at = 0
    while (this.#lines < height) {
      const end = text.indexOf('\n', at)
      if (end < 0) {
        this.#host.write(text)
        return
      }
      at = end + 1
      this.#lines++
    }
    this.#host.write(text.slice(0, at))
    this.#held = text.slice(at)
  }

  /** Asks for each further page until nothing is held. False: the user had enough. */
  async settle(): Promise<boolean> {
    while (this.#held !== '') {
      const answer = (await this.#host.line(MORE))?.trim().toLowerCase()
      const text = this.#held
      this.#held = ''
      this.#lines = 0
      if (answer === undefined || answer.startsWith('q')) return false
      this.#free ||= answer.startsWith('c')
      this.#fill(text)
    }
    return true
  }
}
