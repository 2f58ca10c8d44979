// Logs that are dropped together are one log, whatever rotated them apart; each recorder that its lines tell of is an image.

import { isLog, LOG_HEAD_BYTES } from '../../logs/open.ts'
import { LogReading } from '../../logs/reading.ts'
import type { Opening } from './engine.ts'

const NAMED_MAX = 3

/** It may be a log, but tells of no history. */
export class NoLogError extends Error {
  override readonly name = 'NoLogError'
}

export class LogFiles {
  readonly #reading = new LogReading()
  readonly #names: string[] = []
  readonly #broken: string[] = []

  /** `broken` says at the end what was wrong with the parts. */
  async read(name: string, parts: AsyncIterable<Uint8Array>, broken: () => string): Promise<void> {
    const before = this.#reading.lines
    const source = this.#reading.begin(name)
    for await (const part of parts) source.push(part)
    source.end()
    const trouble = broken()
    if (this.#reading.lines === before) {
      const own = this.#reading.warnings().filter((warning) => warning.startsWith(`${name}: `))
      throw new NoLogError([`${name}: no line tells of a history.`, ...own, trouble].join('\n'))
    }
    this.#names.push(name)
    if (trouble !== '') this.#broken.push(trouble)
  }

  /** What was read so far; undefined for nothing. */
  opening(): Opening | undefined {
    if (this.#names.length === 0) return undefined
    const more = this.#names.length - NAMED_MAX
    const named = this.#names.slice(0, NAMED_MAX).join(', ')
    const name = more > 0 ? `${named} and ${more} more` : named
    return {
      name,
      files: this.#names,
      images: this.#reading.images(),
      description: [`${this.#reading.lines.toLocaleString('en')} lines of histories in ${name}`],
      warnings: [...this.#broken, ...this.#reading.warnings()],
    }
  }
}

/** A log may begin with a day that nothing of ours is in: whatever is text may be one. */
export const mayBeLog = (head: Uint8Array): boolean => isLog(head) || isText(head)

const isText = (head: Uint8Array): boolean =>
  head.length > 0 && !head.some((byte) => byte < 0x20 && !CONTROLS_IN_TEXT.has(byte))

/** Tab, line feed, form feed, carriage return, escape. */
const CONTROLS_IN_TEXT: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1b])

/** The beginning of a stream, and the whole of it. */
export async function peeked(
  parts: AsyncGenerator<Uint8Array>,
): Promise<{ head: Uint8Array; all: AsyncGenerator<Uint8Array> }> {
  const first: Uint8Array[] = []
  let length = 0
  while (length < LOG_HEAD_BYTES) {
    const { done, value } = await parts.next()
    if (done) break
    first.push(value)
    length += value.length
  }
  const head = new Uint8Array(await new Blob(first as BlobPart[]).arrayBuffer())
  return { head: head.subarray(0, LOG_HEAD_BYTES), all: following(first, parts) }
}

async function* following(
  first: readonly Uint8Array[],
  parts: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* first
    yield* parts
  } finally {
    await parts.return(undefined)
  }
}
