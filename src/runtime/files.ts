// Files by their names, for a recorder that keeps its image in one.

export interface Files {
  /** A new file that only its owner may read. @throws {Error} When there is one of that name. */
  create(path: string): void
  /** Bytes of the file that has this name now; undefined when there is none. */
  read(path: string, offset: number, length: number): Uint8Array<ArrayBuffer> | undefined
  write(path: string, bytes: Uint8Array): void
  /** Gives a file one more name; false when another file has it. */
  link(path: string, name: string): boolean
  /** At once, in the place of what has that name; false when there is no such file. */
  rename(path: string, name: string): boolean
  /** Another process may have been first. */
  remove(path: string): void
  /** Only of a file that nobody maps: whoever touches what was cut off dies. */
  cut(path: string, length: number): void
  /** The names in the folder of that file. */
  siblings(path: string): { readonly folder: string; readonly names: readonly string[] }
  /** Which file has this name now; undefined: none. */
  inode(path: string): string | undefined
  isAlive(pid: number): boolean
}

export interface FileSystem {
  openSync(path: string, flags: string, mode?: number): number
  closeSync(file: number): void
  readSync(file: number, into: Uint8Array, offset: number, length: number, at: number): number
  writeSync(file: number, bytes: Uint8Array, offset?: number, length?: number, at?: number): number
  linkSync(path: string, name: string): void
  renameSync(path: string, name: string): void
  unlinkSync(path: string): void
  truncateSync(path: string, length: number): void
  readdirSync(folder: string): string[]
  statSync(path: string): { readonly dev: number; readonly ino: number }
}

const OWNER_ONLY = 0o600

export function filesOf(
  files: FileSystem,
  process: { kill(pid: number, signal: number): unknown },
): Files {
  return {
    create(path) {
      files.closeSync(files.openSync(path, 'wx', OWNER_ONLY))
    },
    read(path, offset, length) {
      return unlessAbsent(() => {
        const file = files.openSync(path, 'r')
        try {
          const bytes = new Uint8Array(length)
          return bytes.subarray(0, files.readSync(file, bytes, 0, length, offset))
        } finally {
          files.closeSync(file)
        }
      })
    },
    write(path, bytes) {
      const file = files.openSync(path, 'r+')
      try {
        for (let at = 0; at < bytes.length; )
          at += files.writeSync(file, bytes, at, bytes.length - at, at)
      } finally {
        files.closeSync(file)
      }
    },
    link(path, name) {
      try {
        files.linkSync(path, name)
        return true
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return false
        throw error
      }
    },
    rename: (path, name) =>
      unlessAbsent(() => {
        files.renameSync(path, name)
        return true
      }) ?? false,
    remove(path) {
      unlessAbsent(() => files.unlinkSync(path))
    },
    cut(path, length) {
      files.truncateSync(path, length)
    },
    siblings(path) {
      const folder = path.slice(0, path.lastIndexOf('/') + 1)
      return { folder, names: files.readdirSync(folder || '.') }
    },
    inode(path) {
      return unlessAbsent(() => {
        const { dev, ino } = files.statSync(path)
        return `${dev}:${ino}`
      })
    },
    isAlive(pid) {
      try {
        process.kill(pid, 0)
        return true
      } catch (error) {
        return codeOf(error) === 'EPERM'
      }
    },
  }
}

function unlessAbsent<Result>(work: () => Result): Result | undefined {
  try {
    return work()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | undefined)?.code
}
