// Files that lie under a memory: what one process writes there all others see, and the kernel keeps it when they die.

import type { FileSystem, Files } from './files.ts'
import { type ForeignFunctions, foreignFunctions } from './libc.ts'

export interface MappableFiles {
  /** Undefined when there is none of that name. @throws {Error} As the file system does. */
  open(path: string): MappableFile | undefined
  /**
   * A new file of zeros, each allocated: at a hole a process dies when the disk is full.
   * @throws {Error} As the file system does.
   */
  create(path: string, length: number): MappableFile
}

/** Stays open, and locked, while the process lives, even if the thread that opened it ends. */
export interface MappableFile {
  /** Whether the lock could be had at once. Any number may share it, or one has it alone; it dies with the process. */
  lock(how: 'shared' | 'exclusive'): boolean
  /** Whether the path still names this file: it may have been given another name meanwhile. */
  isAt(path: string): boolean
  read(offset: number, length: number): Uint8Array<ArrayBuffer>
  /** Puts the file in the place of the pages of a memory that nobody has written to. @throws {Error} When the system refuses. */
  mapUnder(memory: WebAssembly.Memory): void
  close(): void
}

const O_RDWR = 2
const O_CLOEXEC = 0o2000000
const LOCK = { shared: 1, exclusive: 2 }
const LOCK_WITHOUT_WAITING = 4
const PROT_READ_WRITE = 3
const MAP_SHARED_FIXED = 0x11
const EINTR = 4
const ERRNO_NAMES: Record<number, string> = { 27: 'EFBIG', 28: 'ENOSPC', 95: 'EOPNOTSUPP' }
/** How often a name that passes from file to file is looked at again. */
const TRIES = 100

const neverFreed: WebAssembly.Memory[] = []
let foreign: ForeignFunctions | undefined

/** @throws {Error} Where the runtime cannot map files; the message says what would help. */
export function mappableFiles(
  process: Parameters<typeof foreignFunctions>[0],
  system: FileSystem,
  files: Files,
): MappableFiles {
  foreign ??= foreignFunctions(process)
  const calls = foreign

  const open = (path: string): OpenFile | undefined => {
    for (let n = 0; n < TRIES; n++) {
      const inode = files.inode(path)
      if (inode === undefined) return undefined
      const number = calls.libc.open(calls.addressOf(cString(path)), O_RDWR | O_CLOEXEC, 0)
      // The file system says why not.
      if (number < 0) system.closeSync(system.openSync(path, 'r+'))
      const file = new OpenFile(path, number, inode, files, calls)
      if (number >= 0 && file.isAt(path)) return file
      file.close()
    }
    throw new Error(`${path}: cannot be opened, or is renamed all the time`)
  }

  return {
    open,
    create(path, length) {
      files.create(path)
      let file: OpenFile | undefined
      try {
        file = open(path)
        if (!file) throw new Error(`${path}: was removed at once`)
        file.allocate(length)
        return file
      } catch (error) {
        file?.close()
        files.remove(path)
        throw error
      }
    },
  }
}

class OpenFile implements MappableFile {
  readonly #path: string
  readonly #number: number
  readonly #inode: string
  readonly #files: Files
  readonly #calls: ForeignFunctions

  constructor(path: string, number: number, inode: string, files: Files, calls: ForeignFunctions) {
    this.#path = path
    this.#number = number
    this.#inode = inode
    this.#files = files
    this.#calls = calls
  }

  allocate(length: number): void {
    const { libc } = this.#calls
    let errno = EINTR
    while (errno === EINTR) errno = libc.posix_fallocate(this.#number, 0n, BigInt(length))
    if (errno !== 0) {
      const name = ERRNO_NAMES[errno] ?? `errno ${errno}`
      throw new Error(`${this.#path}: no room for ${length} bytes (${name})`)
    }
  }

  lock(how: 'shared' | 'exclusive'): boolean {
    return this.#calls.libc.flock(this.#number, LOCK[how] | LOCK_WITHOUT_WAITING) === 0
  }

  isAt(path: string): boolean {
    return this.#files.inode(path) === this.#inode
  }

  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    const { libc, addressOf } = this.#calls
    const bytes = new Uint8Array(new ArrayBuffer(length))
    const read = libc.pread(this.#number, addressOf(bytes), BigInt(length), BigInt(offset))
    if (read < 0n) throw new Error(`${this.#path}: cannot be read`)
    return bytes.subarray(0, Number(read))
  }

  mapUnder(memory: WebAssembly.Memory): void {
    const { libc, addressOf, writesFreedMemory } = this.#calls
    const bytes = new Uint8Array(memory.buffer)
    const address = addressOf(bytes)
    const length = BigInt(bytes.length)
    if (writesFreedMemory) neverFreed.push(memory)
    const mapped = libc.mmap(address, length, PROT_READ_WRITE, MAP_SHARED_FIXED, this.#number, 0n)
    if (mapped !== address) throw new Error(`${this.#path}: the system refuses to map it`)
  }

  close(): void {
    if (this.#number >= 0) this.#calls.libc.close(this.#number)
  }
}

/** In a buffer of its own: an engine may move a small array without. */
function cString(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(`${text}\0`)
  const copy = new Uint8Array(new ArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}
