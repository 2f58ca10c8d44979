// The files of a page: in its private file system (OPFS), in one folder, each of one page that copies a recorder into it. A
// lock says that the page lives; the browser takes it down when the page is gone, however it went.

const FOLDER = 'struct-history'
const LOCK = 'struct-history '
/** In localStorage, which a page that is being left can still write: the file, and when. */
const LEFT = 'struct-history left '
const ENDING = '.shdump'

/** A file that no living page copies into. */
export interface PageFile {
  readonly name: string
  /** Whether its page was left, as pages are; else it crashed, or was killed. */
  readonly wasLeft: boolean
  /** When it was last written. */
  readonly time: Date
  readonly size: number
  bytes(): Promise<Uint8Array<ArrayBuffer>>
  remove(): Promise<void>
}

interface Folder {
  keys(): AsyncIterableIterator<string>
  getFileHandle(name: string, options?: { create: boolean }): Promise<{ getFile(): Promise<File> }>
  removeEntry(name: string): Promise<void>
}

/** Of pages, not of workers; its getter may throw. */
interface Storing {
  readonly localStorage: {
    getItem(key: string): string | null
    setItem(key: string, value: string): void
    removeItem(key: string): void
  }
}
const storing = globalThis as unknown as Storing

const lockOf = (file: string): string => LOCK + file

/** Those that earlier pages of this origin have left, the oldest first; none where there is no such file system. */
export async function pageFiles(): Promise<readonly PageFile[]> {
  const folder = await folderOf().catch(() => undefined)
  if (folder === undefined) return []
  const held = await navigator.locks?.query()
  const alive = new Set(held?.held?.map(({ name }) => name))
  const files: PageFile[] = []
  for await (const name of folder.keys()) {
    if (!name.endsWith(ENDING) || alive.has(lockOf(name))) continue
    const file = await (await folder.getFileHandle(name)).getFile()
    const remove = async () => {
      await folder.removeEntry(name)
      forget(name)
    }
    // Its page did not come as far as to copy anything.
    if (file.size === 0) continue
    files.push({
      name,
      wasLeft: isLeft(name),
      time: new Date(file.lastModified),
      size: file.size,
      bytes: async () => new Uint8Array(await file.arrayBuffer()),
      remove,
    })
  }
  return files.sort((one, other) => one.time.getTime() - other.time.getTime())
}

async function folderOf(): Promise<Folder> {
  const root = await navigator.storage.getDirectory()
  return (await root.getDirectoryHandle(FOLDER)) as unknown as Folder
}

/** The page is being left; or, out of the browser's cache, is there again. */
export function noteLeaving(file: string, isLeft: boolean): void {
  try {
    if (isLeft) storing.localStorage.setItem(LEFT + file, new Date().toISOString())
    else storing.localStorage.removeItem(LEFT + file)
  } catch {
    // Not allowed here: the file then passes for one of a page that crashed.
  }
}

function isLeft(file: string): boolean {
  try {
    return storing.localStorage.getItem(LEFT + file) !== null
  } catch {
    return false
  }
}

function forget(file: string): void {
  noteLeaving(file, false)
}

/** What the thread that copies is told of all this. */
export const PAGE_FILES = { FOLDER, LOCK, ENDING }
