// An export as a stream of bytes, for programs.

import type { Part } from './format.ts'
import { FORMATS } from './formats.ts'
import type { Origin } from './row.ts'

const BATCH_BYTES = 1 << 16
const encoder = new TextEncoder()

/**
 * The bytes of an export in one of the FORMATS that are a single stream, made as they are taken: what is held does not grow
 * with the rows. The origins are taken one after the other, so a generator may open each image as late.
 *
 * @throws {TypeError} For a format that is unknown, or is a folder of files (see FORMATS).
 * @example
 * const bytes = exported('csv', [{ image, host: 'proxy-7' }])
 * await pipeline(Readable.from(bytes), createWriteStream('conns.csv'))
 */
export function exported(
  format: string,
  origins: Iterable<Origin>,
): Generator<Uint8Array, void, undefined> {
  const streams = FORMATS.filter((each) => each.kind !== 'folder')
  const found = streams.find(({ name }) => name === format)
  if (found === undefined) {
    const names = streams.map(({ name }) => name).join(', ')
    throw new TypeError(`Cannot export: format must be one of ${names}, got "${format}"`)
  }
  return inBatches(found.parts(origins))
}

/** Many small parts as one. */
export function* inBatches(parts: Iterable<Part>): Generator<Uint8Array, void, undefined> {
  let text = ''
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part
      if (text.length < BATCH_BYTES) continue
      yield encoder.encode(text)
      text = ''
      continue
    }
    if (text !== '') yield encoder.encode(text)
    text = ''
    yield part
  }
  if (text !== '') yield encoder.encode(text)
}
