// The black box of a page: a worker of its own copies the memory into a file of the page's private file system, as copier.ts
// does elsewhere. A page that crashes, or whose browser is killed, leaves an image but for the last moment.

import { type Copier, copyForEver, LAYOUT, newControl, WORDS } from './copier.ts'
import { noteLeaving, PAGE_FILES } from './page-files.ts'

export interface PageCopierWork {
  readonly memory: WebAssembly.Memory
  /** What its file is called, before the time. */
  readonly base: string
  /** When the recorder began, milliseconds since 1970. */
  readonly started: number
  readonly interval: number
  /** Of the files of earlier pages so many stay. */
  readonly keep: number
}

const RANDOM_RADIX = 36
const RANDOM_DIGITS = 6

export interface PageCopier extends Copier {
  readonly file: string
}

/** Begins as soon as the browser lets it; what goes wrong then is told by `warn`, and counted. @throws {Error} Without workers. */
export function startPageCopier(
  work: PageCopierWork,
  warn: (sentence: string) => void,
): PageCopier {
  const { memory, base, started, interval, keep } = work
  if (typeof Worker === 'undefined' || typeof navigator?.storage?.getDirectory !== 'function')
    throw new Error(
      'there is no private file system (OPFS) here; pages have one where they are served over HTTPS, or by localhost',
    )
  const time = new Date(started).toISOString().replaceAll(/[-:]/g, '')
  const file = `${base}-${time}-${randomDigits()}${PAGE_FILES.ENDING}`
  const control = newControl()
  const url = URL.createObjectURL(new Blob([source()], { type: 'text/javascript' }))
  const worker = new Worker(url)
  const fail = (why: string) => {
    Atomics.add(control, WORDS.FAILURES, 1)
    warn(`Cannot copy a recorder into "${file}": ${why}`)
  }
  worker.onmessage = ({ data }) => {
    if (data !== 'begun') return fail(String(data))
    URL.revokeObjectURL(url)
  }
  worker.onerror = ({ message }) => fail(message || 'its worker could not be started')
  worker.postMessage({ memory, file, base, interval, keep, control, ...TOLD })
  // One pass more, if there is time for it; the page may come back out of the browser's cache.
  globalThis.addEventListener?.('pagehide', () => {
    noteLeaving(file, true)
    Atomics.notify(control, WORDS.ORDER)
  })
  globalThis.addEventListener?.('pageshow', () => noteLeaving(file, false))
  return {
    file,
    get passes() {
      return Atomics.load(control, WORDS.PASSES)
    },
    get failures() {
      return Atomics.load(control, WORDS.FAILURES)
    },
  }
}

function randomDigits(): string {
  const [word = 0] = crypto.getRandomValues(new Uint32Array(1))
  return word.toString(RANDOM_RADIX).padStart(RANDOM_DIGITS, '0').slice(0, RANDOM_DIGITS)
}

const TOLD = { layout: LAYOUT, words: WORDS, names: PAGE_FILES }

interface Told {
  readonly memory: WebAssembly.Memory
  readonly file: string
  readonly base: string
  readonly interval: number
  readonly keep: number
  readonly control: Int32Array
  readonly layout: typeof LAYOUT
  readonly words: typeof WORDS
  readonly names: typeof PAGE_FILES
}

interface AccessHandle {
  write(bytes: Uint8Array, options: { at: number }): number
  truncate(length: number): void
}

type Copy = typeof copyForEver

/** The worker. Runs as text, as the thread of copier.ts does. */
async function copyInWorker(told: Told, copy: Copy): Promise<void> {
  const { file, base, keep, names } = told
  const root = await navigator.storage.getDirectory()
  const folder = await root.getDirectoryHandle(names.FOLDER, { create: true })
  // Held as long as this worker lives.
  await new Promise<void>((taken) => {
    void navigator.locks.request(names.LOCK + file, () => {
      taken()
      return new Promise(() => {})
    })
  })
  const { held = [] } = await navigator.locks.query()
  const alive = held.map(({ name }) => name)
  const old: string[] = []
  const all = folder as unknown as { keys(): AsyncIterable<string> }
  for await (const name of all.keys()) {
    if (name.startsWith(`${base}-`) && !alive.includes(names.LOCK + name)) old.push(name)
  }
  for (const name of old.sort().slice(0, Math.max(0, old.length - keep)))
    await folder.removeEntry(name).catch(() => {})
  const handle = await folder.getFileHandle(file, { create: true })
  const { createSyncAccessHandle: open } = handle as unknown as {
    createSyncAccessHandle(): Promise<AccessHandle>
  }
  const access: AccessHandle = await open.call(handle)
  const words = (bytes: Uint8Array) =>
    new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)
  const compare = (one: Uint8Array, other: Uint8Array) => {
    if (one.length !== other.length) return 1
    const [a, b] = [words(one), words(other)]
    for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return 1
    return 0
  }
  const files = {
    openSync: () => 0,
    fstatSync: () => ({ dev: 0, ino: 0 }),
    closeSync: () => {},
    ftruncateSync: (_: number, length: number) => access.truncate(length),
    writeSync: (_: number, bytes: Uint8Array, from: number, length: number, at: number) =>
      access.write(bytes.subarray(from, from + length), { at }),
  }
  copy({ ...told, paths: [file], inode: '0:0' }, files, compare)
}

/** A minifier that keeps names calls __name. */
const source = () => `
const __name = (value) => value
const copy = ${copyForEver}
const work = ${copyInWorker}
onmessage = ({ data }) => {
  work(data, (given, files, compare) => {
    postMessage('begun')
    copy(given, files, compare)
  }).catch((error) => postMessage(String(error)))
}
`
