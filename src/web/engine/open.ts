// Files become images. A dump is read as it is; a core, and what is compressed, goes by as a stream of which only the
// recorders are kept, and so does a log.

import type { ByteSource } from '../../image/byte-source.ts'
import { LOG_HEAD_BYTES } from '../../logs/open.ts'
import { Capture } from '../../wreck/capture.ts'
import { type Compression, compressionOf } from '../../wreck/compression.ts'
import { isElf } from '../../wreck/elf-core.ts'
import { openCaptured, openSource, type Wreck } from '../../wreck/open.ts'
import { HEAD_BYTES, hasMagic } from '../../wreck/proof.ts'
import { decompressed, NotHere } from './compressed.ts'
import { type Call, Cancelled, driven, type Opening } from './engine.ts'
import { LogFiles, mayBeLog, peeked } from './log-files.ts'
import type { Progress, Trouble } from './protocol.ts'
import { troubleOf } from './troubles.ts'

/** A larger row of dumps stays in its file, and what is looked at is read. */
const WHOLE_BYTES_MAX = 2 ** 30
const PART_BYTES = 1 << 22
/** A file that is no image is searched for one, as a piece of memory, up to this. */
const SEARCHED_BYTES_MAX = 2 ** 28

/** Files that are opened together: all logs among them are one. */
export async function openFiles(
  files: readonly File[],
  call: Call,
): Promise<{ openings: Opening[]; troubles: Trouble[] }> {
  const openings: Opening[] = []
  const troubles: Trouble[] = []
  const logs = new LogFiles()
  for (const file of files) {
    try {
      const wreck = await wreckOf(file, call, logs)
      if (wreck !== undefined) openings.push({ name: file.name, files: [file.name], ...wreck })
    } catch (error) {
      if (error instanceof Cancelled) throw error
      const head = await headOf(file).catch(() => new Uint8Array(0))
      troubles.push(troubleOf(file, head, error))
    }
  }
  const log = logs.opening()
  if (log !== undefined) openings.push(log)
  return { openings, troubles }
}

/** Undefined for one that went to the logs. */
async function wreckOf(file: File, call: Call, logs: LogFiles): Promise<Wreck | undefined> {
  const head = await headOf(file)
  const compression = compressionOf(head)
  if (compression !== undefined || isElf(head)) return streamed(file, call, logs, compression)
  const isImage = hasMagic(new DataView(head.buffer), 0)
  if (!isImage && mayBeLog(await bytesOf(file.slice(0, LOG_HEAD_BYTES))))
    return streamed(file, call, logs)
  if (file.size > WHOLE_BYTES_MAX && isImage) {
    return driven(openSource(new LazyFile(file), file.name), call)
  }
  const bytes = isImage || file.size <= SEARCHED_BYTES_MAX ? await whole(file, call) : head
  return driven(openSource(inMemory(bytes), file.name), call)
}

const inMemory = (bytes: Uint8Array): ByteSource => ({
  length: bytes.length,
  bytes,
  read(offset, into) {
    const part = bytes.subarray(offset, offset + into.length)
    into.set(part)
    return part.length
  },
})

const bytesOf = async (blob: Blob): Promise<Uint8Array> => new Uint8Array(await blob.arrayBuffer())

/** With zeros where the file is shorter. */
async function headOf(file: Blob): Promise<Uint8Array> {
  const head = new Uint8Array(HEAD_BYTES)
  head.set(await bytesOf(file.slice(0, HEAD_BYTES)))
  return head
}

async function whole(file: File, call: Call): Promise<Uint8Array> {
  const bytes = new Uint8Array(file.size)
  for (let at = 0; at < file.size; at += PART_BYTES) {
    bytes.set(await bytesOf(file.slice(at, at + PART_BYTES)), at)
    call.progress(reading(file, at + PART_BYTES))
    await call.breathe()
  }
  return bytes
}

const reading = ({ name, size }: File, done: number): Progress => ({
  what: `Reading ${name}`,
  done: Math.min(done, size),
  total: size,
})

async function streamed(
  file: File,
  call: Call,
  logs: LogFiles,
  compression?: Compression,
): Promise<Wreck | undefined> {
  let why = ''
  const parts = partsOf(file, call, compression, (reason) => {
    why = reason
  })
  const { head, all } = await peeked(parts)
  const whatBroke =
    compression === undefined
      ? 'reading it ended early'
      : `the ${compression} stream is broken or cut`
  const broken = (): string => (why === '' ? '' : `${file.name}: ${whatBroke}: ${why}.`)
  if (why !== '' && head.length === 0) throw new Error(broken())
  if (mayBeLog(head) && !hasMagic(new DataView(head.buffer, head.byteOffset, head.length), 0)) {
    await logs.read(file.name, all, broken)
    return undefined
  }
  const capture = new Capture(file.name)
  for await (const part of all) if (!capture.push(part)) break
  const wreck = openCaptured(capture.end(), file.name)
  const warning = broken()
  return warning === '' ? wreck : { ...wreck, warnings: [warning, ...wreck.warnings] }
}

/** `broken` hears why the rest is missing. */
async function* partsOf(
  file: File,
  call: Call,
  compression: Compression | undefined,
  broken: (why: string) => void,
): AsyncGenerator<Uint8Array> {
  let read = 0
  const counted = (async function* () {
    const reader = file.stream().getReader()
    try {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        read += value.length
        yield value
      }
    } finally {
      await reader.cancel().catch(() => {})
    }
  })()
  const parts = compression ? decompressed(counted, compression) : counted
  try {
    for (;;) {
      const part = await parts.next().catch((error: unknown) => {
        if (error instanceof NotHere) throw error
        broken(error instanceof Error ? error.message : `${error}`)
        return { done: true, value: undefined } as const
      })
      if (part.done) return
      yield part.value
      call.progress(reading(file, read))
      await call.breathe()
    }
  } finally {
    await parts.return(undefined)
  }
}

/** In workers only; of the DOM's types it is no part. */
declare class FileReaderSync {
  readAsArrayBuffer(blob: Blob): ArrayBuffer
}

/** A file that is read where it is looked at. */
class LazyFile implements ByteSource {
  readonly length: number
  readonly #file: File
  readonly #reader = new FileReaderSync()

  constructor(file: File) {
    this.#file = file
    this.length = file.size
  }

  read(offset: number, into: Uint8Array): number {
    const part = this.#reader.readAsArrayBuffer(this.#file.slice(offset, offset + into.length))
    into.set(new Uint8Array(part))
    return part.byteLength
  }
}
