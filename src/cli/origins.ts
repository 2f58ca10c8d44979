// The images of the files that a command line names, one after the other.

import type { Origin } from '../export/index.ts'
import type { Image } from '../inspect.ts'
import { openLogs } from './logs.ts'
import { type Opener, opener } from './open.ts'
import { writeError } from './output.ts'

/** Of a hundred dumps one is held at a time. */
export class Origins implements Iterable<Origin> {
  readonly #names: readonly string[]
  /** One whole, the last of the names. */
  readonly #logs: readonly string[]
  readonly #host: string | undefined
  readonly #openers: Opener[] = []
  /** A format may go through them twice; what is told of them is told once. */
  readonly #told = new Set<string>()
  #at = 0

  constructor(names: readonly string[], logs: readonly string[], host: string | undefined) {
    this.#names = logs.length === 0 ? names : [...names, logs.join(', ')]
    this.#logs = logs
    this.#host = host
  }

  /** Which of the files it is now. */
  get place(): string {
    const name = this.#names[this.#at] ?? ''
    return this.#names.length === 1 ? name : `${name} (${this.#at + 1} of ${this.#names.length})`
  }

  /** Names that cannot be opened are told of before anything is written. */
  async prepare(): Promise<void> {
    const count = this.#names.length - (this.#logs.length === 0 ? 0 : 1)
    for (const name of this.#names.slice(0, count)) this.#openers.push(await opener(name))
    if (this.#logs.length === 0) return
    const found = await openLogs(this.#logs)
    this.#openers.push({ open: () => found, close() {} })
  }

  *[Symbol.iterator](): Generator<Origin, void, undefined> {
    for (const [at, opener] of this.#openers.entries()) {
      this.#at = at
      const { images, warnings } = opener.open()
      for (const warning of warnings) this.#tell(warning)
      for (const image of images) {
        yield { image, host: this.#host ?? '' }
        const damage = damageOf(image)
        if (damage !== undefined) this.#tell(damage)
      }
      opener.close()
    }
  }

  /** All at once, and for good: for what compares them. */
  held(): readonly Origin[] {
    return this.#openers.flatMap((opener) =>
      opener.open().images.map((image) => ({ image, host: this.#host ?? '' })),
    )
  }

  #tell(warning: string): void {
    if (this.#told.has(warning)) return
    this.#told.add(warning)
    writeError(`warning: ${warning}\n`)
  }
}

/** What was met on the way: what it hides is not among the rows. */
function damageOf(image: Image): string | undefined {
  const [first] = image.problems()
  if (first === undefined) return undefined
  const more = image.problems().length - 1
  return `${first.text}${more > 0 ? `, and ${more} problems more` : ''}`
}
