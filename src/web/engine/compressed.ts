// What is compressed, undone as it comes, by what the browser has.

import type { Compression } from '../../wreck/compression.ts'
import { nextTurn } from './engine.ts'

/** Of a broken file so much is lost before the place at most. */
const PIECE_BYTES = 1 << 16

/** This browser has nothing for it. */
export class NotHere extends Error {
  override readonly name = 'NotHere'
}

/** No browser knows lz4, and not all know zstd. */
function decompression(compression: Compression): DecompressionStream {
  try {
    return new DecompressionStream(compression as CompressionFormat)
  } catch {
    throw new NotHere(`This browser cannot decompress ${compression}.`)
  }
}

/** A stream that fails forgets what nobody has read yet: so each piece is read empty before the next goes in. */
export async function* decompressed(
  parts: AsyncGenerator<Uint8Array<ArrayBuffer>>,
  compression: Compression,
): AsyncGenerator<Uint8Array> {
  const { writable, readable } = decompression(compression)
  const writer = writable.getWriter()
  const reader = readable.getReader()
  let next = reader.read()
  try {
    for await (const part of parts) {
      for (let at = 0; at < part.length; at += PIECE_BYTES) {
        const isTaken = writer.write(part.subarray(at, at + PIECE_BYTES)).then(nextTurn)
        for (;;) {
          const came = await Promise.race([next, isTaken])
          if (came === undefined || came.done) break
          yield came.value
          next = reader.read()
        }
      }
    }
    // What it says is wrong comes by the reader, too.
    writer.close().catch(() => {})
    for (let came = await next; !came.done; came = await reader.read()) yield came.value
  } finally {
    next.catch(() => {})
    await reader.cancel().catch(() => {})
    await parts.return(undefined)
  }
}
