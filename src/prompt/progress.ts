// A line that says what takes so long, and is gone when there is something else to show.

const PATIENCE_MILLISECONDS = 1000
const REFRESH_MILLISECONDS = 200

export class Progress {
  readonly #write: (text: string) => void
  readonly #canErase: boolean
  #since = 0
  #shown = 0

  /** `canErase`: the terminal takes a line back; on others nothing is shown. */
  constructor(write: (text: string) => void, canErase: boolean) {
    this.#write = write
    this.#canErase = canErase
  }

  begin(): void {
    this.#since = Date.now()
    this.#shown = 0
  }

  /** `doing`: what the command says of itself. */
  show(doing: string | undefined): void {
    const now = Date.now()
    if (now - this.#since < PATIENCE_MILLISECONDS || now - this.#shown < REFRESH_MILLISECONDS)
      return
    if (!this.#canErase) return
    const seconds = Math.floor((now - this.#since) / 1000)
    const what = doing === undefined ? '' : `${doing}, `
    this.#shown = now
    this.#write(`\r[${what}${seconds} s; Ctrl-C stops it]\x1b[K`)
  }

  /** Before anything else is written; the patience begins anew. */
  erase(): void {
    if (this.#shown > 0) this.#write('\r\x1b[K')
    this.begin()
  }
}
