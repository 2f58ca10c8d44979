// Whatever is left after a crash, opened: a dump, several in one file, an ELF core, a memory. What is missing, and why
// nothing was found, is said.

import type { ByteSource } from '../image/byte-source.ts'
import { ImageError } from '../image/bytes.ts'
import type { Image } from '../image/image.ts'
import { openImage } from '../image/read-image.ts'
import { type AddressSpace, fileSpace, readableFrom, SpaceSource } from './address-space.ts'
import { bytesSource, type Captured } from './capture.ts'
import { type CorePlan, CoreSpace, isElf, readPlan } from './elf-core.ts'
import { signalName } from './elf-notes.ts'
import { findImages, proveAll, type Search } from './find-images.ts'
import { MANIFEST_BYTES, type Origin, readManifest } from './manifest.ts'
import { HEAD_BYTES, type Head, hasMagic, headOf } from './proof.ts'

const IMAGES_MAX = 64
const PIECE_BYTES_MAX = 2 ** 30
/** A mapped file that is smaller holds no recorder. */
const MAPPED_FILE_MIN = 131_072
const FILES_NAMED = 3

/** What was opened, and what has to be said of it. */
export interface Wreck {
  /** The one that began first is first; of a row of dumps, in its order. At least one. */
  readonly images: readonly Image[]
  /** What it is, a line each; none for a plain dump. */
  readonly description: readonly string[]
  /** What is missing, a sentence each. */
  readonly warnings: readonly string[]
}

/** There is no recorder in it; the message says what was looked at. */
export class NoImageError extends Error {
  override readonly name = 'NoImageError'
  readonly source: string
  constructor(source: string, message: string) {
    super(message)
    this.source = source
  }
}

/**
 * The images in a file: a dump, dumps one after the other, an ELF core. Yields during a long search.
 * @throws {ImageError} For what is neither, or of a machine or version that is not known.
 * @throws {NoImageError} For a core without a recorder.
 */
export function* openSource(file: ByteSource, source: string): Generator<void, Wreck, undefined> {
  const head = new Uint8Array(Math.min(HEAD_BYTES, file.length))
  file.read(0, head)
  if (isElf(head)) {
    const plan = readPlan(file, file.length, source)
    const space = new CoreSpace(file, plan.segments)
    return wreckOf(space, yield* findImages(space, source), source, {
      plan,
      length: file.length,
    })
  }
  if (hasMagic(viewOf(head), 0)) return rowOf(file, source)
  // A piece of memory, perhaps, written by whatever had it; of more than that, no one has said that it is one.
  if (file.length > PIECE_BYTES_MAX) openImage(head, { source })
  const space = fileSpace(file)
  const search = yield* findImages(space, source)
  if (search.heads.length === 0) openImage(head, { source })
  return wreckOf(space, search, source)
}

/**
 * Every image in these bytes: of a dump, of dumps in a row, of an ELF core (x86-64 and AArch64), in the order in which their
 * recorders began. Of a source, only what is looked at is read; do not change the bytes.
 *
 * @throws {ImageError} For what is none of these, or of a machine or version that is not known.
 * @throws {NoImageError} For a core without a recorder; the message says what was searched.
 */
export function openImages(
  bytes: Uint8Array | ByteSource,
  options: { readonly source?: string } = {},
): readonly Image[] {
  const file = bytes instanceof Uint8Array ? bytesSource(bytes) : bytes
  return atOnce(openSource(file, options.source ?? 'image')).images
}

/** The same of what was kept of a stream. */
export function openCaptured(captured: Captured, source: string): Wreck {
  const { space, candidates, plan, length, head } = captured
  const overfull = captured.isOverfull
    ? [`${source}: its recorders are larger than 4 GiB together; the rest is missing.`]
    : []
  if (plan === undefined) {
    if (candidates.length === 0) openImage(head, { source })
    const file: ByteSource = { length, read: (offset, into) => space.read(offset, into) }
    const row = rowOf(file, source)
    return { ...row, warnings: [...row.warnings, ...overfull] }
  }
  const search = proveAll(space, source, candidates)
  const rejected = [...captured.rejected, ...search.rejected]
  const wreck = wreckOf(space, { ...search, rejected }, source, { plan, length })
  return { ...wreck, warnings: [...wreck.warnings, ...overfull] }
}

/** The same of the memory of a process. `what`: "process 4711". */
export function* openMemory(
  space: AddressSpace,
  source: string,
  what: string,
): Generator<void, Wreck, undefined> {
  return wreckOf(space, yield* findImages(space, source), source, { what })
}

/** Images one after the other, each beginning where the one before ends. */
function rowOf(file: ByteSource, source: string): Wreck {
  const starts: number[] = []
  const view = new DataView(new ArrayBuffer(HEAD_BYTES))
  const bytes = new Uint8Array(view.buffer)
  let lastSize = 0
  for (let at = 0; at < file.length && starts.length < IMAGES_MAX; ) {
    bytes.fill(0)
    const length = file.read(at, bytes)
    if (!hasMagic(view, 0)) break
    let head: Head
    try {
      head = headOf(bytes.subarray(0, Math.max(length, 1)), 0, source)
    } catch (error) {
      // The first one's trouble is the file's; of another, the first ones are shown and this is told.
      if (starts.length === 0 || !(error instanceof ImageError)) throw error
      return { images: imagesAt(file, starts, source), description: [], warnings: [error.message] }
    }
    starts.push(at)
    lastSize = head.size
    at += head.size
  }
  const end = (starts.at(-1) ?? 0) + lastSize
  return {
    images: imagesAt(file, starts, source, originsAt(file, end)),
    description: [],
    warnings: [],
  }
}

/** What `shdb merge` has written behind them. */
function originsAt(file: ByteSource, at: number): readonly Origin[] {
  if (at >= file.length) return []
  const bytes = new Uint8Array(MANIFEST_BYTES)
  const length = file.read(at, bytes)
  return readManifest(bytes.subarray(0, length)) ?? []
}

function imagesAt(
  file: ByteSource,
  starts: readonly number[],
  source: string,
  origins: readonly Origin[] = [],
): readonly Image[] {
  if (starts.length === 1 && origins.length === 0) return [openImage(file, { source })]
  return starts.map((start, i) => {
    const end = starts[i + 1] ?? file.length
    const part: ByteSource = {
      length: end - start,
      ...(file.bytes && { bytes: file.bytes.subarray(start, end) }),
      read: (offset, into) =>
        file.read(start + offset, into.subarray(0, Math.max(0, end - start - offset))),
    }
    const { label, host, hostClock } = origins[i] ?? {}
    return openImage(part, {
      source: label || `${source}#${i + 1}`,
      ...(host && { host }),
      ...(hostClock && { hostClock }),
    })
  })
}

interface About {
  readonly plan?: CorePlan
  /** Bytes of the core that are there. */
  readonly length?: number
  readonly what?: string
}

function wreckOf(space: AddressSpace, search: Search, source: string, about: About = {}): Wreck {
  const { plan, length = 0 } = about
  if (search.heads.length === 0) throw nothing(space, search, source, about)
  const images = search.heads.map((head, i) => {
    const size = Math.min(head.size, readableFrom(space.regions, head.base))
    return openImage(new SpaceSource(space, head.base, size), {
      source: search.heads.length === 1 ? source : `${source}#${i + 1}`,
      base: head.base,
    })
  })
  const description = plan === undefined ? [] : [descriptionOf(plan)]
  for (const { base, name } of search.copies) {
    description.push(`a copy of recorder "${name}" at 0x${base.toString(16)} was left out`)
  }
  const warnings = [...cutOf(plan, length, source)]
  if (!search.isComplete) warnings.push(`${source}: not all of its memory was searched.`)
  return { images, description, warnings }
}

/** gdb's words, as far as it has some. */
function descriptionOf({ machine, notes: { command, pid, signal } }: CorePlan): string {
  const who = command === '' ? '' : ` of \`${command}'`
  const by = signal === 0 ? '' : `, terminated with signal ${signalName(signal)}`
  return `${machine} core${who}${pid === 0 ? '' : `, process ${pid}`}${by}`
}

function* cutOf(plan: CorePlan | undefined, length: number, source: string) {
  if (plan === undefined) return
  if (length < plan.length) {
    const missing = megabytes(plan.length - length)
    yield `${source}: the core was cut: ${missing} of its ${megabytes(plan.length)} are missing.`
  }
  if (plan.ignored > 0) yield `${source}: ${plan.ignored} of its segments cannot be read.`
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`

function nothing(space: AddressSpace, search: Search, source: string, about: About): NoImageError {
  const { plan, length = 0, what = 'this memory' } = about
  const where = plan === undefined ? what : `${source}, ${descriptionOf(plan)}`
  const lines = [
    `No recorder in ${where}: ${megabytes(search.searched)} of writable memory were searched.`,
    ...search.rejected.map((each) => `A magic that no recorder follows: ${each}`),
    ...cutOf(plan, length, source),
    ...(plan === undefined ? [] : reasonsOf(plan, space)),
  ]
  return new NoImageError(source, lines.join('\n'))
}

/** Why a core may lack a memory that the process had. */
function* reasonsOf({ notes, segments }: CorePlan, space: AddressSpace): Generator<string> {
  if (/chrom(e|ium)/i.test(notes.command)) {
    yield 'Chromium keeps the memory of its pages out of cores (MADV_DONTDUMP): have the page dump itself, or look at it while it runs.'
  }
  const files = notes.files.map(({ start }) => start)
  const own = segments.filter(
    ({ isWritable, isExecutable, start }) => isWritable && !isExecutable && !files.includes(start),
  )
  const mapped = own.reduce((sum, { start, end }) => sum + (end - start), 0)
  const stored = own.reduce((sum, segment) => sum + segment.stored, 0)
  if (mapped > 0 && stored < mapped / 16) {
    yield "The core has next to nothing of the process's own memory: its coredump_filter left that out, and 0x33 keeps it."
  }
  const left = notes.files.filter(({ start, end, path }) => {
    if (end - start < MAPPED_FILE_MIN || / \(deleted\)$/.test(path)) return false
    const region = segments.find((each) => each.start === start)
    return region?.isWritable === true && region.stored === 0
  })
  const paths = [...new Set(left.map(({ path }) => path))].slice(0, FILES_NAMED)
  if (paths.length > 0) {
    yield `It had files mapped that a core leaves out; one of them may be the recorder: ${paths.join(', ')}`
  }
  if (space.regions.length === 0) yield 'The core has no memory at all.'
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

/** Runs a search to its end without letting anybody else in between. */
export function atOnce<T>(steps: Generator<void, T, undefined>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}
