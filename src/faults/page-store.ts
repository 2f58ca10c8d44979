// Dumps of a page, in its IndexedDB: a place that a page can write to without asking, and find again at its next visit. And
// what earlier pages copied into files while they lived (`durable: 'copied'`), which needs no last moment.

import { pageFiles } from '../runtime/page-files.ts'

export interface SavedDump {
  /** `struct-history-TIME.shdump`: a name to offer it for download under. */
  readonly name: string
  readonly reason: string
  readonly time: Date
  readonly size: number
  /** The image. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>
  remove(): Promise<void>
}

interface About {
  readonly name: string
  readonly reason: string
  readonly time: Date
  readonly size: number
}

const DATABASE = 'struct-history'
/** What is known of each dump, and its bytes: apart, so that a list of them reads no bytes. */
const ABOUT = 'about'
const BYTES = 'bytes'

/**
 * What earlier visits have left in this page's storage, the oldest first; in a page of the same origin, or a worker of one:
 * dumps of their faults, and the files of recorders with `durable: 'copied'` whose pages are gone, however they went.
 *
 * @throws {Error} Where there is no IndexedDB.
 * @example
 * for (const dump of await savedDumps()) offer(dump.name, new Blob([await dump.bytes()]))
 */
export async function savedDumps(): Promise<SavedDump[]> {
  const dumps = await inDatabase(async (database) => {
    const all = await answer<About[]>(database.transaction(ABOUT).objectStore(ABOUT).getAll())
    return all.map((about) => ({
      ...about,
      bytes: () => inDatabase((again) => readBytes(again, about.name)),
      remove: () =>
        inDatabase((again) =>
          change(again, (about_, bytes) => {
            about_.delete(about.name)
            bytes.delete(about.name)
          }),
        ),
    }))
  })
  const copied = await pageFiles()
  const all = [...dumps, ...copied.map((file) => ({ ...file, reason: reasonOf(file.wasLeft) }))]
  return all.sort((one, other) => one.time.getTime() - other.time.getTime())
}

const reasonOf = (wasLeft: boolean) =>
  wasLeft ? 'the page was left' : 'the page crashed, or was killed'

/** Saves, unless there are `limit` dumps already: the first evidence stays. */
export function saveDump(
  about: About,
  bytes: Uint8Array<ArrayBuffer>,
  limit: number,
): Promise<void> {
  return inDatabase((database) => {
    let isFull = false
    const saved = change(database, (abouts, stored) => {
      const count = abouts.count()
      count.onsuccess = () => {
        isFull = count.result >= limit
        if (isFull) return
        abouts.add(about)
        stored.add(bytes, about.name)
      }
    })
    return saved.then(() => {
      if (isFull) throw full(limit)
    })
  })
}

/**
 * Opens the storage beforehand: a page that is being left cannot wait for it. What is answered saves at once, and throws
 * when there were `limit` dumps already.
 */
export async function openForLeaving(
  limit: number,
): Promise<(about: About, bytes: Uint8Array<ArrayBuffer>) => void> {
  const database = await open()
  let count = await answer(database.transaction(ABOUT).objectStore(ABOUT).count())
  return (about, bytes) => {
    if (count >= limit) throw full(limit)
    count++
    const transaction = database.transaction([ABOUT, BYTES], 'readwrite')
    transaction.objectStore(ABOUT).add(about)
    transaction.objectStore(BYTES).add(bytes, about.name)
    // Nobody will be there to see the requests succeed, after which it would commit by itself.
    transaction.commit()
  }
}

const full = (limit: number) =>
  new Error(`there are ${limit} dumps saved in this page already (limit)`)

async function readBytes(database: IDBDatabase, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const request = database.transaction(BYTES).objectStore(BYTES).get(name)
  const bytes = await answer<Uint8Array<ArrayBuffer> | undefined>(request)
  if (!bytes) throw new Error(`Cannot read dump "${name}": it was removed`)
  return bytes
}

function change(
  database: IDBDatabase,
  work: (about: IDBObjectStore, bytes: IDBObjectStore) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction([ABOUT, BYTES], 'readwrite')
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error)
    work(transaction.objectStore(ABOUT), transaction.objectStore(BYTES))
  })
}

async function inDatabase<Result>(
  work: (database: IDBDatabase) => Promise<Result>,
): Promise<Result> {
  const database = await open()
  try {
    return await work(database)
  } finally {
    database.close()
  }
}

async function open(): Promise<IDBDatabase> {
  if (typeof indexedDB === 'undefined')
    throw new Error('Cannot look for saved dumps: there is no IndexedDB here')
  const opening = indexedDB.open(DATABASE, 1)
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore(ABOUT, { keyPath: 'name' })
    opening.result.createObjectStore(BYTES)
  }
  return answer(opening)
}

function answer<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
