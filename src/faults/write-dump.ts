// Writes one dump, synchronously, while the process dies: under a name that no dump had before, whole or not at all,
// for its owner's eyes only.

import type { FileSystem } from './host.ts'

/** What can be dumped: a Recorder. */
export interface Dumpable {
  dumpSync(path: string): unknown
  /** For pages, which have no files. */
  snapshot?(): Uint8Array<ArrayBuffer>
  /** Calls back at each trigger(); answers how to stop. */
  onTrigger?(handler: (reason: string) => string | undefined): () => void
  /** Writes the reason of a dump into the recorder. */
  trigger?(reason: string): unknown
}

export interface Written {
  readonly path: string
  readonly size: number
  /** What to do with it. */
  readonly hint: string
}

const OWNER_ONLY = 0o600
const NAMES_TO_TRY = 1000
/** A dump is written in seconds: what has lain aside for longer is of a process that was killed meanwhile. */
const STALE_MS = 600_000

/** Where dumps go: directory, how their names begin, and how many there may be. */
export interface Place {
  readonly directory: string
  readonly base: string
  readonly limit: number
}

/**
 * Writes the dump; its path.
 *
 * @throws {Error} As the file system does, and when there are as many dumps as there may be.
 */
export function writeDump(
  recorder: Dumpable,
  files: FileSystem,
  place: Place,
  pid: number,
): Written {
  files.mkdirSync(place.directory, { recursive: true })
  makeRoom(files, place)
  // The folder, not the file, is made first: nobody else can enter it, whatever mode dumpSync gives its file.
  const aside = files.mkdtempSync(`${place.directory}/.${place.base}-`)
  try {
    const written = `${aside}/dump`
    recorder.dumpSync(written)
    files.chmodSync(written, OWNER_ONLY)
    const path = publish(files, written, `${place.directory}/${place.base}-${timeStamp()}-${pid}`)
    return { path, size: files.statSync(path).size, hint: `npx shdb ${path}` }
  } finally {
    files.rmSync(aside, { recursive: true, force: true })
  }
}

/** The first evidence stays: what fails again and again fails of the same. */
function makeRoom(files: FileSystem, { directory, base, limit }: Place) {
  let dumps = 0
  for (const name of files.readdirSync(directory)) {
    if (name.startsWith(`.${base}-`)) removeStale(files, `${directory}/${name}`)
    if (isDumpOf(base, name)) dumps++
  }
  if (dumps >= limit)
    throw new Error(`there are ${dumps} dumps named "${base}-…" in ${directory} already (limit)`)
}

const isDumpOf = (base: string, name: string): boolean =>
  name.startsWith(`${base}-`) &&
  /^\d{8}T\d{6}\.\d{3}Z-\d+(-\d+)?\.shdump$/.test(name.slice(base.length + 1))

/** Paths of the dumps that no `.shipped` stands beside. */
export function unshipped(files: FileSystem, { directory, base }: Place): string[] {
  try {
    const names = files.readdirSync(directory)
    return names
      .filter((name) => isDumpOf(base, name) && !names.includes(`${name}.shipped`))
      .map((name) => `${directory}/${name}`)
  } catch {
    return []
  }
}

function removeStale(files: FileSystem, aside: string) {
  try {
    if (Date.now() - files.statSync(aside).mtimeMs > STALE_MS)
      files.rmSync(aside, { recursive: true, force: true })
  } catch {
    // Another process has removed it, or owns it.
  }
}

/** `20260131T235959.123Z`: sorts by time, and no file system objects to it. */
export function timeStamp() {
  return new Date().toISOString().replaceAll(/[-:]/g, '')
}

function publish(files: FileSystem, written: string, stem: string) {
  for (let attempt = 1; attempt <= NAMES_TO_TRY; attempt++) {
    const path = attempt === 1 ? `${stem}.shdump` : `${stem}-${attempt}.shdump`
    try {
      giveName(files, written, path)
      return path
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
  }
  throw new Error(`Cannot dump to ${stem}.shdump: ${NAMES_TO_TRY} names are taken`)
}

/** Like a rename, but never over a file that is there: link fails where rename would replace. */
function giveName(files: FileSystem, written: string, path: string) {
  try {
    files.linkSync(written, path)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error
    // No hard links here (FAT, some network mounts): reserve the name, then replace our own empty file.
    files.closeSync(files.openSync(path, 'wx', OWNER_ONLY))
    files.renameSync(written, path)
  }
}

function codeOf(error: unknown) {
  return (error as { code?: unknown } | undefined)?.code
}
