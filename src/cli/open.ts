// A name on the command line becomes an opened image.

import { type Image, openImage } from '../inspect.ts'
import { CommandError } from '../inspector/index.ts'
import { files, inHome, reason } from './files.ts'

/** Throws an ImageError, or a CommandError that names the file. */
export function openFile(name: string): Image {
  return openImage(bytesOf(name), { source: name })
}

/** Node reads no whole file from here on, and the largest image is just as long. */
const WHOLE_FILE_BYTES = 2 ** 31
const READ_BYTES_MAX = 2 ** 30

function bytesOf(name: string): Uint8Array {
  const path = inHome(name)
  try {
    const { isDirectory, size } = files.statSync(path)
    if (isDirectory) throw new CommandError(`${name}: Is a directory.`)
    return size < WHOLE_FILE_BYTES ? files.readFileSync(path) : readInParts(path, size)
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(`${name}: ${reason(error)}`)
  }
}

function readInParts(path: string, size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  const file = files.openSync(path)
  try {
    let length = 0
    while (length < size) {
      const part = bytes.subarray(length, Math.min(size, length + READ_BYTES_MAX))
      const read = file.readSync(part)
      // Another program has cut the file meanwhile: what is there is an image all the same.
      if (!read) return bytes.subarray(0, length)
      length += read
    }
  } finally {
    file.close()
  }
  return bytes
}
