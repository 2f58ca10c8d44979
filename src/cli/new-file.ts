// Files that hold evidence: for their owner alone, never over another, and never half of one under its name.

import { closeSync, fsyncSync, linkSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { CommandError } from '../inspector/index.ts'
import { inHome, reason } from './files.ts'

const FILE_MODE = 0o600

/** Writes these parts, one after the other, to a new file. */
export function writeNewFile(name: string, parts: Iterable<Uint8Array>): number {
  const path = inHome(name)
  const aside = `${path}.${process.pid}.part`
  let length = 0
  try {
    const file = openSync(aside, 'wx', FILE_MODE)
    try {
      for (const part of parts) {
        for (let at = 0; at < part.length; ) at += writeSync(file, part, at, part.length - at)
        length += part.length
      }
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    try {
      // Unlike a rename, this leaves a file of that name alone.
      linkSync(aside, path)
    } finally {
      unlinkSync(aside)
    }
    return length
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new CommandError(
        `Cannot write ${name}: the file exists, and a dump never overwrites another`,
      )
    throw new CommandError(`Cannot write ${name}: ${reason(error)}`)
  }
}
