// A name on the command line becomes opened images: a file is read where it is looked at; a pipe, and what is compressed,
// as it comes.

import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs'
import { isatty } from 'node:tty'
import type { ByteSource } from '../inspect.ts'
import { CommandError, type Found } from '../inspector/index.ts'
import { isLog, LOG_HEAD_BYTES } from '../logs/open.ts'
import { Capture } from '../wreck/capture.ts'
import { COMPRESSION_HEAD_BYTES, type Compression, compressionOf } from '../wreck/compression.ts'
import { NoImageError, openCaptured, openSource } from '../wreck/open.ts'
import { decompressed } from './compressed.ts'
import { partsOf } from './file-parts.ts'
import { inHome, reason } from './files.ts'
import { openLogs } from './logs.ts'
import { writeError } from './output.ts'

/** One call of read() gives at most 2 GiB. */
const READ_BYTES_MAX = 2 ** 30

export interface Opening {
  /** A pipe that nobody writes to yet is waited for, which no key would end at a prompt. */
  readonly mayWait?: boolean
  /** Called now and then while it takes long; may throw. */
  readonly breathe?: () => Promise<void>
}

/** Throws an ImageError, or a CommandError that names the file. `-` is standard input. */
export async function openFile(name: string, opening: Opening = {}): Promise<Found> {
  const { mayWait = true } = opening
  const path = inHome(name)
  try {
    const file =
      name === '-' ? 0 : openSync(path, constants.O_RDONLY | (mayWait ? 0 : constants.O_NONBLOCK))
    const what = fstatSync(file)
    if (what.isFile()) {
      const source = new FileSource(file, what.size, name)
      const compression = compressionOf(headOf(source, COMPRESSION_HEAD_BYTES))
      if (isLog(headOf(source, LOG_HEAD_BYTES))) {
        closeSync(file)
        return await openLogs([name], { ...opening, isAlone: true })
      }
      if (compression === undefined) return await driven(openSource(source, name), opening.breathe)
      return await uncompressed(partsOf(file), compression, name, opening)
    }
    try {
      return await piped(file, what, name, opening)
    } finally {
      if (file !== 0) closeSync(file)
    }
  } catch (error) {
    throw explained(error, name)
  }
}

function explained(error: unknown, name: string): unknown {
  if (error instanceof NoImageError) return new CommandError(error.message)
  return isOurs(error) ? error : new CommandError(`${name}: ${reason(error)}`)
}

/** What is in a file, each time that it is asked for: of a plain dump nothing is held in between. */
export interface Opener {
  open(): Found
  close(): void
}

/** Opens the file once, so that what is wrong with it is known. */
export async function opener(name: string): Promise<Opener> {
  const found = await openFile(name)
  const path = inHome(name)
  // What takes a search or is decompressed is worth being held.
  if (found.description.length > 0 || name === '-' || !statSync(path).isFile() || isPacked(path))
    return { open: () => found, close() {} }
  let file: number | undefined
  return {
    open() {
      try {
        file ??= openSync(path, constants.O_RDONLY)
        return drivenNow(openSource(new FileSource(file, fstatSync(file).size, name), name))
      } catch (error) {
        throw explained(error, name)
      }
    },
    close() {
      if (file !== undefined) closeSync(file)
      file = undefined
    },
  }
}

function isPacked(path: string): boolean {
  const file = openSync(path, constants.O_RDONLY)
  try {
    return (
      compressionOf(
        headOf(new FileSource(file, fstatSync(file).size, path), COMPRESSION_HEAD_BYTES),
      ) !== undefined
    )
  } finally {
    closeSync(file)
  }
}

/** The images of a file that a subcommand reads; what is missing goes to standard error. */
export const openTelling = async (name: string): Promise<Found['images']> =>
  telling(await openFile(name))

/** The same of what --syslog names, which may be nothing. */
export const logsTelling = async (names: readonly string[]): Promise<Found['images']> =>
  names.length === 0 ? [] : telling(await openLogs(names))

function telling({ images, warnings }: Found): Found['images'] {
  for (const warning of warnings) writeError(`warning: ${warning}\n`)
  return images
}

/** Runs something long that can be told of and given up. */
export async function driven<T>(
  steps: Generator<void, T, undefined>,
  breathe: Opening['breathe'],
): Promise<T> {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    await breathe?.()
  }
}

function drivenNow<T>(steps: Generator<void, T, undefined>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** ImageErrors are RangeErrors that have a source. */
const isOurs = (error: unknown): boolean =>
  error instanceof CommandError || (error instanceof Error && 'source' in error)

function headOf(source: ByteSource, length: number): Uint8Array {
  const head = new Uint8Array(length)
  return head.subarray(0, source.read(0, head))
}

class FileSource implements ByteSource {
  readonly length: number
  readonly #file: number
  readonly #name: string

  constructor(file: number, length: number, name: string) {
    this.#file = file
    this.length = length
    this.#name = name
  }

  read(offset: number, into: Uint8Array): number {
    try {
      let length = 0
      while (length < into.length) {
        const most = Math.min(READ_BYTES_MAX, into.length - length)
        const read = readSync(this.#file, into, length, most, offset + length)
        // Another program has cut the file meanwhile: the image says what is missing.
        if (read === 0) break
        length += read
      }
      return length
    } catch (error) {
      throw new CommandError(`${this.#name}: ${reason(error)}`)
    }
  }
}

/** Of a pipe or a device: no more of it than what is in it needs. */
async function piped(file: number, what: Stats, name: string, opening: Opening): Promise<Found> {
  if (what.isDirectory()) throw new CommandError(`${name}: Is a directory.`)
  if (opening.mayWait === false || isatty(file))
    throw new CommandError(
      name === '-'
        ? 'Standard input is a terminal: pipe an image into it.'
        : `${name}: Not a regular file.`,
    )
  const parts = partsOf(file)
  const first: Uint8Array[] = []
  let head = new Uint8Array(0)
  while (head.length < COMPRESSION_HEAD_BYTES) {
    const { done, value } = parts.next()
    if (done) break
    first.push(value)
    head = new Uint8Array(Buffer.concat(first))
  }
  const all = (function* () {
    yield* first
    yield* parts
  })()
  const compression = compressionOf(head)
  if (compression !== undefined) return uncompressed(all, compression, name, opening)
  const capture = new Capture(name)
  for (const part of all) {
    if (!capture.push(part)) break
    await opening.breathe?.()
  }
  return openCaptured(capture.end(), name)
}

async function uncompressed(
  parts: Iterable<Uint8Array>,
  compression: Compression,
  name: string,
  { breathe }: Opening,
): Promise<Found> {
  const capture = new Capture(name)
  let trouble: string | undefined
  const complain = (why: string): void => {
    trouble = why
  }
  for await (const part of decompressed(parts, compression, complain)) {
    if (!capture.push(part)) break
    await breathe?.()
  }
  const captured = capture.end()
  if (trouble !== undefined && captured.length === 0 && captured.head.length === 0)
    throw new CommandError(`${name}: Cannot decompress ${compression}: ${trouble}`)
  if (trouble === undefined) return openCaptured(captured, name)
  const warning = `${name}: the ${compression} stream is broken or cut: ${trouble}.`
  try {
    const wreck = openCaptured(captured, name)
    return { ...wreck, warnings: [warning, ...wreck.warnings] }
  } catch (error) {
    if (!(error instanceof NoImageError)) throw error
    throw new CommandError(`${error.message}\n${warning}`)
  }
}
