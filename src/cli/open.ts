// A name on the command line becomes an opened image.

import { type Image, openImage } from '../inspect.ts'
import { CommandError } from '../inspector/index.ts'
import { files, inHome, reason } from './files.ts'

/** Throws an ImageError, or a CommandError that names the file. */
export function openFile(name: string): Image {
  return openImage(bytesOf(name), { source: name })
}

function bytesOf(name: string): Uint8Array {
  const path = inHome(name)
  try {
    if (files.statSync(path).isDirectory) throw new CommandError(`${name}: Is a directory.`)
    return files.readFileSync(path)
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(`${name}: ${reason(error)}`)
  }
}
