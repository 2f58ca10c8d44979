// Files become images. A dump is read as it is; a core, and what is compressed, goes by as a stream of which only the
// recorders are kept, and so does a log. Each failure is told for people: what the file seems to be, and what to do.

import type { ByteSource } from '../../image/byte-source.ts'
import { ImageError } from '../../image/bytes.ts'
import { LOG_HEAD_BYTES } from '../../logs/open.ts'
import { Capture } from '../../wreck/capture.ts'
import { isElf } from '../../wreck/elf-core.ts'
import { NoImageError, openCaptured, openSource, type Wreck } from '../../wreck/open.ts'
import { HEAD_BYTES, hasMagic } from '../../wreck/proof.ts'
import { type Call, Cancelled, driven, nextTurn, type Opening } from './engine.ts'
import { LogFiles, mayBeLog, NoLogError, peeked } from './log-files.ts'
import type { Progress, Trouble } from './protocol.ts'

/** A larger row of dumps stays in its file, and what is looked at is read. */
const WHOLE_BYTES_MAX = 2 ** 30
const PART_BYTES = 1 << 22
/** Of what is compressed; of a broken file so much is lost before the place at most. */
const PIECE_BYTES = 1 << 16
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

// ---------------------------------------------------------------------------------------------------------------------
// What is compressed

type Compression = 'gzip' | 'zstd' | 'lz4'

const MAGICS: readonly { readonly name: Compression; readonly magic: readonly number[] }[] = [
  { name: 'gzip', magic: [0x1f, 0x8b] },
  { name: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: 'lz4', magic: [0x04, 0x22, 0x4d, 0x18] },
]

const compressionOf = (head: Uint8Array): Compression | undefined =>
  MAGICS.find(({ magic }) => magic.every((byte, i) => head[i] === byte))?.name

class NotHere extends Error {
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
async function* decompressed(
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

// ---------------------------------------------------------------------------------------------------------------------
// A file that is read where it is looked at

/** In workers only; of the DOM's types it is no part. */
declare class FileReaderSync {
  readAsArrayBuffer(blob: Blob): ArrayBuffer
}

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

// ---------------------------------------------------------------------------------------------------------------------
// Why not

function troubleOf(file: File, head: Uint8Array, error: unknown): Trouble {
  const detail = error instanceof Error ? error.message : `${error}`
  const about = (what: string, ...advice: string[]): Trouble => ({
    file: file.name,
    what,
    advice,
    detail,
  })
  if (file.size === 0) {
    return about(
      'The file is empty.',
      'The program may still be writing it, or its disk was full: look at the size again, and at what the program said.',
      'Another dump beside it may be whole: drop that one.',
    )
  }
  if (error instanceof NotHere) {
    const compression = compressionOf(head)
    return about(error.message, `Run "${compression} -d ${file.name}" and drop what comes out.`)
  }
  if (error instanceof NoImageError) {
    return about(
      'There is no recorder in this core.',
      'Was the program built with its statements, and was it this process?',
      'docs/CORES.md says how to keep the memory in a core; "shdb doctor" looks at this machine.',
    )
  }
  if (error instanceof ImageError && error.field === 'the version of the format') {
    return about(
      'This dump is of another version of struct-history.',
      'Open it with the page or shdb of the version that wrote it.',
    )
  }
  const looksLike = kindOf(head)
  if (error instanceof NoLogError) {
    return about(
      `This is neither a dump of struct-history nor a log with histories in it${looksLike === '' ? '' : `: it looks like ${looksLike}`}.`,
      'Is it the log that the sinks write to, and of that time? Rotated files may be dropped together.',
      'docs/LOGGING.md has the formats that keep what is needed of a line.',
      DROP,
    )
  }
  if (looksLike === '' && error instanceof ImageError && hasMagic(new DataView(head.buffer), 0)) {
    return about(
      'The beginning of this dump is damaged.',
      'Was it copied as text, or cut? Copy it once more and compare the checksums.',
    )
  }
  return about(
    `This is no dump of struct-history${looksLike === '' ? '' : `: it looks like ${looksLike}`}.`,
    DROP,
  )
}

const DROP =
  'Drop a dump (*.shdump), an ELF core file of the program, a log with histories in it, or several of them; .gz and .zst are opened, too.'

const KINDS: readonly (readonly [string, string])[] = [
  ['\x89PNG', 'a PNG picture'],
  ['\xff\xd8\xff', 'a JPEG picture'],
  ['PK\x03\x04', 'a ZIP archive: unpack it first'],
  ['%PDF', 'a PDF document'],
  ['SQLite format', 'an SQLite database'],
  ['BZh', 'a bzip2 archive: unpack it first'],
  ['\xfd7zXZ', 'an xz archive: unpack it first'],
  ['PAR1', 'a Parquet file'],
  ['\x00asm', 'a Wasm module'],
]

function kindOf(head: Uint8Array): string {
  const text = String.fromCharCode(...head)
  const known = KINDS.find(([magic]) => text.startsWith(magic))?.[1]
  if (known !== undefined) return known
  const start = text.slice(0, 256).replace(/\0+$/, '')
  if (/^\s*[[{]/.test(start)) return 'JSON'
  if (/^\s*<(!doctype|html|\?xml|svg)/i.test(start)) return 'a page or XML'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: text has none of these
  return start !== '' && !/[\x00-\x08\x0e-\x1f]/.test(start) ? 'text' : ''
}
