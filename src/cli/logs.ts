// --syslog: logs and what was rotated away from them become the recorders that they tell of; followed, they go on.

import { closeSync, constants, fstatSync, openSync, readdirSync, statSync } from 'node:fs'
import { totalmem } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { isatty } from 'node:tty'
import { getHeapStatistics } from 'node:v8'
import { CommandError, type Found } from '../inspector/index.ts'
import { MARK } from '../line/parse.ts'
import { LogImage } from '../logs/log-image.ts'
import { LogReading, type LogSource } from '../logs/reading.ts'
import { COMPRESSION_HEAD_BYTES, compressionOf } from '../wreck/compression.ts'
import { decompressed } from './compressed.ts'
import { partsOf } from './file-parts.ts'
import { inHome, reason } from './files.ts'

const STANDARD_INPUT = '-'
const FILES_NAMED = 4
const BYTES_MIN = 1 << 28
/** Of a pipe that is followed; more stays in it. */
const WAITING_BYTES_MAX = 1 << 26
/** `.1`, `.2.gz`, `-20261128`, `-20261128-1795839459.zst`: logrotate's, and those of others. */
const ROTATED = /^(?:\.(\d{1,6})|-(\d{6,14}(?:-\d{1,12})?))(?:\.(?:gz|zst|lz4))?$/

export interface LogOpening {
  /** Goes on where it ended, whenever it is looked at again. */
  readonly follow?: boolean
  /** Only the file itself, and nothing that was rotated away from it. */
  readonly isAlone?: boolean
  readonly breathe?: () => Promise<void>
}

/** Throws a CommandError that names the file. `-` is standard input. */
export async function openLogs(names: readonly string[], opening: LogOpening = {}): Promise<Found> {
  const reading = new LogReading({ bytesMax: bytesMax() })
  const followed: (FollowedFile | FollowedInput)[] = []
  const read: string[] = []
  const troubles: string[] = []
  for (const name of names) {
    for (const log of openedWith(name, opening)) {
      const source = reading.begin(log.name)
      read.push(log.name)
      if (log.isFollowed && log.path === STANDARD_INPUT) {
        followed.push(await FollowedInput.begun(source))
        continue
      }
      await readAll(log, source, troubles, opening)
      if (log.isFollowed) followed.push(new FollowedFile(log, source, reading))
      else {
        source.end()
        if (log.file !== 0) closeSync(log.file)
      }
    }
  }
  const images = reading.images()
  if (images.length === 0 && opening.follow !== true)
    throw new CommandError(
      [
        `No history in ${listed(read)}: no line has "${MARK}".`,
        ...reading.warnings(),
        ...troubles,
      ].join('\n'),
    )
  const poll = (): void => {
    for (const each of followed) each.poll()
  }
  const known = new Set(images.map(({ run }) => run))
  return {
    images,
    get description() {
      return [
        `${reading.lines} lines of histories in ${listed(read)}${opening.follow ? ', followed' : ''}`,
      ]
    },
    get warnings() {
      return [...troubles, ...reading.warnings()]
    },
    ...(opening.follow === true && {
      log: {
        reread: (image) => {
          poll()
          return image instanceof LogImage ? reading.imageOf(image) : image
        },
        peek: (image, look) => {
          poll()
          return look(image instanceof LogImage ? reading.imageOf(image) : image)
        },
        more: () => {
          poll()
          const more = reading.images().filter(({ run }) => !known.has(run))
          for (const { run } of more) known.add(run)
          return more
        },
        isOver: () => followed.every(({ isOver }) => isOver),
      },
    }),
  }
}

interface OpenedLog {
  readonly name: string
  readonly path: string
  readonly file: number
  readonly isFollowed: boolean
}

/** The log and what was rotated away from it, oldest first. All are opened before the first is read: names move on. */
function openedWith(name: string, { follow = false, isAlone = false }: LogOpening): OpenedLog[] {
  if (name === STANDARD_INPUT) {
    if (isatty(0)) throw new CommandError('Standard input is a terminal: pipe a log into it.')
    return [{ name: 'standard input', path: name, file: 0, isFollowed: follow }]
  }
  const path = inHome(name)
  const rotated = isAlone ? [] : rotatedFrom(path)
  const seen = new Set<string>()
  const opened: OpenedLog[] = []
  for (const each of [path, ...rotated]) {
    const file = openedFile(each, each === path ? name : each, rotated.length > 0 || follow)
    if (file === undefined) continue
    const { ino, dev } = fstatSync(file)
    if (seen.has(`${dev} ${ino}`)) {
      closeSync(file)
      continue
    }
    seen.add(`${dev} ${ino}`)
    const shown = each === path ? name : join(dirname(name), basename(each))
    opened.push({ name: shown, path: each, file, isFollowed: follow && each === path })
  }
  return opened.reverse()
}

/** A new log may not have been begun yet. */
function openedFile(path: string, name: string, mayBeMissing: boolean): number | undefined {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY)
  } catch (error) {
    if (mayBeMissing && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new CommandError(`${name}: ${reason(error)}`)
  }
  if (!fstatSync(file).isDirectory()) return file
  closeSync(file)
  throw new CommandError(`${name}: Is a directory.`)
}

/** Newest first. */
function rotatedFrom(path: string): string[] {
  const folder = dirname(path)
  const own = basename(path)
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    return []
  }
  const found = names.flatMap((name) => {
    const [, number, date] = (name.startsWith(own) && ROTATED.exec(name.slice(own.length))) || []
    return number === undefined && date === undefined ? [] : [{ name, number, date }]
  })
  return found
    .sort((one, other) =>
      one.date === undefined || other.date === undefined
        ? Number(one.number ?? 0) - Number(other.number ?? 0)
        : one.date < other.date
          ? 1
          : -1,
    )
    .map(({ name }) => join(folder, name))
}

async function readAll(
  { name, file }: OpenedLog,
  source: LogSource,
  troubles: string[],
  { breathe }: LogOpening,
): Promise<void> {
  try {
    const parts = partsOf(file)
    const { done, value: first } = parts.next()
    if (done) return
    const all = (function* () {
      yield first
      yield* parts
    })()
    const compression = compressionOf(first.subarray(0, COMPRESSION_HEAD_BYTES))
    const complain = (why: string): void => {
      troubles.push(`${name}: the ${compression} stream is broken or cut: ${why}.`)
    }
    for await (const part of compression === undefined
      ? all
      : decompressed(all, compression, complain)) {
      source.push(part)
      await breathe?.()
    }
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(`${name}: ${reason(error)}`)
  }
}

/** A log that goes on: in the same file, or in a new one of its name. */
class FollowedFile {
  readonly isOver = false
  #log: OpenedLog
  #source: LogSource
  #read = 0
  readonly #reading: LogReading

  constructor(log: OpenedLog, source: LogSource, reading: LogReading) {
    this.#log = log
    this.#source = source
    this.#reading = reading
    this.#read = this.#size()
  }

  poll(): void {
    this.#pull()
    const { path, name, file } = this.#log
    let next: number
    try {
      const now = statSync(path)
      const then = fstatSync(file)
      const isCut = now.size < this.#read
      if (now.ino === then.ino && now.dev === then.dev && !isCut) return
      next = openSync(path, constants.O_RDONLY)
    } catch {
      // Between two files of the name there may be none.
      return
    }
    this.#pull()
    this.#source.end()
    closeSync(file)
    this.#log = { ...this.#log, file: next }
    this.#source = this.#reading.begin(name)
    this.#read = 0
    this.#pull()
  }

  #pull(): void {
    for (const part of partsOf(this.#log.file)) {
      this.#source.push(part)
      this.#read += part.length
    }
  }

  #size(): number {
    const what = fstatSync(this.#log.file)
    return what.isFile() ? what.size : 0
  }
}

/** A pipe, or a socket: what it brings waits until somebody looks. */
class FollowedInput {
  isOver = false
  readonly #source: LogSource
  #parts: Uint8Array[] = []
  #waiting = 0

  private constructor(source: LogSource) {
    this.#source = source
  }

  /** When it has brought something, or has ended. */
  static async begun(source: LogSource): Promise<FollowedInput> {
    const input = new FollowedInput(source)
    await new Promise<void>((resolve) => {
      process.stdin.on('data', (part: Uint8Array) => {
        input.#take(part)
        resolve()
      })
      process.stdin.once('close', () => {
        input.isOver = true
        resolve()
      })
      process.stdin.once('end', () => {
        input.isOver = true
        resolve()
      })
    })
    input.poll()
    return input
  }

  poll(): void {
    const parts = this.#parts
    this.#parts = []
    this.#waiting = 0
    for (const part of parts) this.#source.push(part)
    if (this.isOver) this.#source.end()
    else process.stdin.resume()
  }

  #take(part: Uint8Array): void {
    this.#parts.push(part)
    this.#waiting += part.length
    if (this.#waiting > WAITING_BYTES_MAX) process.stdin.pause()
  }
}

/** Of what is kept half is in the engine's heap: see LIFE_BYTES in logs/life.ts. */
function bytesMax(): number {
  const { constrainedMemory } = process as { constrainedMemory?: () => number }
  const constrained = constrainedMemory?.call(process) || Number.POSITIVE_INFINITY
  const memory = Math.min(totalmem(), constrained) / 2
  return Math.max(BYTES_MIN, Math.min(memory, getHeapStatistics().heap_size_limit))
}

const listed = (names: readonly string[]): string =>
  names.length <= FILES_NAMED
    ? names.join(', ')
    : `${names.slice(0, FILES_NAMED - 1).join(', ')} and ${names.length - FILES_NAMED + 1} more files`
