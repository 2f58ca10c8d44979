// A name on the command line becomes an opened image: a file is read where it is looked at, a pipe as it comes.

import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs'
import { isatty } from 'node:tty'
import { type ByteSource, type Image, openImage } from '../inspect.ts'
import { CommandError } from '../inspector/index.ts'
import { inHome, reason } from './files.ts'

/** Less than this is no image; of more, nothing is kept before the image in it proved itself. */
const HEAD_BYTES = 65536
const PART_BYTES = 1 << 20
/** One call of read() gives at most 2 GiB. */
const READ_BYTES_MAX = 2 ** 30

/**
 * Throws an ImageError, or a CommandError that names the file. `mayWait`: a pipe that nobody writes to yet is waited
 * for, which no key would end at a prompt.
 */
export function openFile(name: string, mayWait = true): Image {
  const path = inHome(name)
  try {
    const file = openSync(path, constants.O_RDONLY | (mayWait ? 0 : constants.O_NONBLOCK))
    const what = fstatSync(file)
    if (what.isFile()) return openImage(new FileSource(file, what.size, name), { source: name })
    try {
      return openImage(bytesOf(file, what, name, mayWait), { source: name })
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (isOurs(error)) throw error
    throw new CommandError(`${name}: ${reason(error)}`)
  }
}

/** ImageErrors are RangeErrors that have a source. */
const isOurs = (error: unknown): boolean =>
  error instanceof CommandError || (error instanceof Error && 'source' in error)

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

/** Of a pipe or a device: its head first, then no more than an image of that head can have. */
function bytesOf(file: number, what: Stats, name: string, mayWait: boolean): Uint8Array {
  if (what.isDirectory()) throw new CommandError(`${name}: Is a directory.`)
  if (!mayWait || isatty(file)) throw new CommandError(`${name}: Not a regular file.`)
  const head = readUpTo(file, HEAD_BYTES)
  const { budget } = openImage(head, { source: name })
  if (head.length < HEAD_BYTES) return head
  return concatenated([head, readUpTo(file, budget - head.length)])
}

function readUpTo(file: number, most: number): Uint8Array {
  const parts: Uint8Array[] = []
  let length = 0
  while (length < most) {
    const part = new Uint8Array(Math.min(PART_BYTES, most - length))
    const read = readSync(file, part, 0, part.length, null)
    if (read === 0) break
    parts.push(part.subarray(0, read))
    length += read
  }
  return concatenated(parts)
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
