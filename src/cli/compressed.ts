// gzip, zstd and lz4, undone. What no runtime or only some can undo is left to the tool of that name.

import { spawn } from 'node:child_process'
import { Readable, type Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { CommandError } from '../inspector/index.ts'
import type { Compression } from '../wreck/compression.ts'

/** What comes out, part by part. Broken or cut input ends it early; `complain` gets why. */
export async function* decompressed(
  parts: Iterable<Uint8Array>,
  compression: Compression,
  complain: (why: string) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const stream = streamOf(compression)
  const input = Readable.from(parts, { objectMode: false, highWaterMark: 1 << 20 })
  if (stream === undefined) return yield* byTool(input, compression, complain)
  input.once('error', (error) => stream.destroy(error))
  input.pipe(stream)
  try {
    for await (const part of stream) yield part as Uint8Array
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error))
  } finally {
    input.destroy()
    stream.destroy()
  }
}

function streamOf(compression: Compression): Transform | undefined {
  if (compression === 'gzip') return zlib.createGunzip()
  // Node 20 has none.
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform }
  return compression === 'zstd' ? createZstdDecompress?.() : undefined
}

async function* byTool(
  input: Readable,
  tool: string,
  complain: (why: string) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const child = spawn(tool, ['-dc'], { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  let failure: NodeJS.ErrnoException | undefined
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      failure = error
      resolve(null)
    })
    child.once('close', resolve)
  })
  child.stderr.on('data', (text) => {
    said = (said + text).slice(0, 1000)
  })
  // It goes away before it has read all when nobody reads on.
  child.stdin.on('error', () => {})
  input.on('error', () => child.kill())
  input.pipe(child.stdin)
  let isWhole = false
  try {
    for await (const part of child.stdout) yield part as Uint8Array
    isWhole = true
  } finally {
    input.destroy()
    if (!isWhole) child.kill()
  }
  const code = await ended
  if (failure !== undefined) {
    const why = failure.code === 'ENOENT' ? 'not found; install it' : failure.message
    throw new CommandError(`Cannot run ${tool}: ${why}`)
  }
  if (code !== 0) complain(said.trim().split('\n')[0] || `${tool} ended with exit code ${code}`)
}
