// What the recorders before this one have left in the file: kept beside it, under names that say when each began, and in
// which process.

import { HEADER_BYTES, HEADER_FLAG_MAPPED, HEADER_FLAGS } from '../../assembly/layout.ts'
import type { Image } from '../image/image.ts'
import { openImage } from '../image/read-image.ts'
import type { Files } from '../runtime/files.ts'

/** One that was begun so long ago and has no name yet never will. */
const STALE_MS = 60_000

/** The head of a file, opened as an image. @throws {ImageError} When it is none. */
export function headOf(path: string, head: Uint8Array): Image {
  return openImage(head, { source: path, live: true })
}

export const isMapped = (head: Uint8Array) => ((head[HEADER_FLAGS] ?? 0) & HEADER_FLAG_MAPPED) !== 0

/**
 * Gives the recorder in the file its own name; of all that have such names the last `keep` stay. `isLocked`: nobody maps
 * it, nor will.
 */
export function setAside(path: string, files: Files, keep: number, isLocked: boolean): void {
  const found = files.read(path, 0, HEADER_BYTES)
  if (!found) return
  expectRecorder(path, found)
  // Of several processes that set aside at one moment one gets the file, and may look whose it is; nobody else names it then.
  const taken = `${evidenceStem(path, Date.now(), 0)}-${Math.floor(Math.random() * 1e9)}.shdump`
  if (!files.rename(path, taken)) return
  if (keep > 0) nameEvidence(path, taken, files, isLocked)
  files.remove(taken)
  const { folder, names } = files.siblings(path)
  const kept = names.filter((name) => evidenceName(path, name) !== undefined).sort()
  for (const name of kept.slice(0, Math.max(0, kept.length - keep))) {
    // A process that copies into its file goes on when that has another name.
    const pid = evidenceName(path, name) as number
    if (pid === 0 || !files.isAlive(pid)) files.remove(folder + name)
  }
}

function nameEvidence(path: string, taken: string, files: Files, isLocked: boolean): void {
  const head = files.read(taken, 0, HEADER_BYTES) ?? new Uint8Array(0)
  const { started, pid, size } = expectRecorder(path, head)
  // What no chunk was taken of is given back.
  if (size !== undefined && isLocked && isMapped(head)) files.cut(taken, size)
  const stem = evidenceStem(path, started, pid)
  for (let n = 1; !files.link(taken, n === 1 ? `${stem}.shdump` : `${stem}-${n}.shdump`); n++);
}

/** `proxy.shm-20260131T235959.123Z-4711`, to which `.shdump` comes: when it began, and where. */
export function evidenceStem(path: string, started: number, pid: number): string {
  return `${path}-${new Date(started).toISOString().replaceAll(/[-:]/g, '')}-${pid}`
}

/** A name beside the file, for a recorder that is only beginning. */
export function besideName(path: string, pid: number): string {
  return `${path}.${Date.now()}-${pid}-${Math.floor(Math.random() * 1e9)}.new`
}

/** The pid in a name of evidence. */
function evidenceName(path: string, name: string): number | undefined {
  const base = `${path.slice(path.lastIndexOf('/') + 1)}-`
  if (!name.startsWith(base)) return undefined
  const match = /^\d{8}T\d{6}\.\d{3}Z-(\d+)(-\d+)?\.shdump$/.exec(name.slice(base.length))
  return match ? Number(match[1]) : undefined
}

/** Of a recorder of another version no more is known than that it is one. */
function expectRecorder(path: string, head: Uint8Array) {
  try {
    return headOf(path, head)
  } catch (error) {
    const { field } = error as { field?: unknown }
    if (field !== 'the version of the format' && field !== 'HEADER_CHECK')
      throw new Error('the file is there, and it is no recorder', { cause: error })
    return { started: Date.now(), pid: 0, size: undefined }
  }
}

/** What a process left that died while it began. */
export function removeStale(path: string, files: Files): void {
  const base = path.slice(path.lastIndexOf('/') + 1)
  const { folder, names } = files.siblings(path)
  for (const name of names) {
    const begun =
      name.startsWith(`${base}.`) && /^(\d+)-\d+-\d+\.new$/.exec(name.slice(base.length + 1))
    if (begun && Date.now() - Number(begun[1]) > STALE_MS) files.remove(folder + name)
  }
}
