// Files that hold evidence: for their owner alone, never over another, and never half of one under its name.

import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { CommandError } from '../inspector/index.ts'
import { inHome, reason } from './files.ts'

const FILE_MODE = 0o600
const FOLDER_MODE = 0o700

/** Writes these parts, one after the other, to a new file. */
export function writeNewFile(name: string, parts: Iterable<Uint8Array>): number {
  const path = inHome(name)
  const aside = `${path}.${process.pid}.part`
  return evidence(name, aside, () => {
    const length = writeParts(aside, parts)
    // Unlike a rename, this leaves a file of that name alone.
    linkSync(aside, path)
    unlinkSync(aside)
    return length
  })
}

/** The same for a folder: it appears when all its files are whole. */
export function writeNewFolder(
  name: string,
  files: Iterable<{ readonly name: string; readonly parts: Iterable<Uint8Array> }>,
): number {
  const path = inHome(name).replace(/\/+$/, '')
  const aside = `${path}.${process.pid}.part`
  return evidence(name, aside, () => {
    // Takes the name; an empty folder is then replaced by the whole one.
    mkdirSync(path, FOLDER_MODE)
    try {
      mkdirSync(aside, FOLDER_MODE)
      let length = 0
      for (const file of files) {
        const target = join(aside, file.name)
        mkdirSync(dirname(target), { recursive: true, mode: FOLDER_MODE })
        length += writeParts(target, file.parts)
      }
      renameSync(aside, path)
      return length
    } catch (error) {
      rmdirSync(path)
      throw error
    }
  })
}

function writeParts(path: string, parts: Iterable<Uint8Array>): number {
  let length = 0
  const file = openSync(path, 'wx', FILE_MODE)
  try {
    for (const part of parts) {
      for (let at = 0; at < part.length; ) at += writeSync(file, part, at, part.length - at)
      length += part.length
    }
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return length
}

/** Of what did not succeed, nothing is left. */
function evidence(name: string, aside: string, write: () => number): number {
  try {
    return write()
  } catch (error) {
    const { code, path: at, syscall } = error as NodeJS.ErrnoException
    const isOthers = code === 'EEXIST'
    const isAsideOthers = isOthers && at === aside && syscall !== 'link'
    if (!isAsideOthers) rmSync(aside, { recursive: true, force: true })
    if (error instanceof CommandError) throw error
    if (isOthers)
      throw new CommandError(
        `Cannot write ${name}: the file exists, and a dump never overwrites another`,
      )
    throw new CommandError(`Cannot write ${name}: ${reason(error)}`)
  }
}
