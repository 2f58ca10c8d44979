// The recorders of a running process. What is shown is a copy, taken as fast as it can be read, in an order in which what
// names something is read before what it names.

import {
  CHUNK_BYTES,
  CHUNK_CLASS,
  CLASS_BLOCKS,
  CLASS_DIRECTORIES,
  CLASS_HISTORIES,
  CLASS_RING,
  HEADER_CHUNKS,
  HEADER_LISTS,
  HEADER_THREADS,
  LIST_RECORDS,
  LIST_TABLE,
  THREAD_CHUNKS,
  VERB_TABLE,
} from '../../assembly/layout.ts'
import { type Image, openImage } from '../inspect.ts'
import { CommandError, type Found } from '../inspector/index.ts'
import { type AddressSpace, SpaceSource } from '../wreck/address-space.ts'
import { NoImageError, openMemory } from '../wreck/open.ts'
import { type Head, prove } from '../wreck/proof.ts'
import { driven, type Opening } from './open.ts'
import { beginningOf, commandOf, ProcessMemory, writeMemory } from './process-memory.ts'

/** What writers change before what is reached from it; strings and threads, which events name, come last. */
const ORDER = [CLASS_RING, CLASS_HISTORIES, CLASS_DIRECTORIES, CLASS_BLOCKS]

/** Parts of the header that only grow: tables of chunks, verbs. */
const APPENDED = [
  [HEADER_THREADS, HEADER_LISTS],
  [THREAD_CHUNKS, LIST_TABLE],
  [VERB_TABLE, LIST_RECORDS],
] as const

/** Of its number as it was typed. */
export function processNumber(text: string): number {
  // As gdb says it.
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new CommandError(`Illegal process-id: ${text}.`)
  if (Number(text) === process.pid) throw new CommandError('I refuse to debug myself!')
  return Number(text)
}

/** Finds and copies every recorder of a process. Throws a CommandError that says why there is none. */
export async function openProcess(pid: number, { breathe }: Opening = {}): Promise<Found> {
  const beginning = beginningOf(pid)
  const source = `process ${pid}`
  const memory = new ProcessMemory(pid)
  try {
    const { images } = await driven(openMemory(memory, source, source), breathe)
    const copies = images.map(({ base, source: name }) => copyOf(memory, base, name))
    const command = commandOf(pid)
    const who = command === '' ? '' : ` of \`${command}'`
    let seenAt = new Date()
    return {
      images: copies,
      get description() {
        return [`process ${pid}${who}, as it was at ${seenAt.toISOString()}`]
      },
      warnings: [],
      process: {
        pid,
        reread: (image) => {
          const now = within(pid, beginning, (all) => copyOf(all, image.base, image.source))
          seenAt = new Date()
          return now
        },
        peek: (image, look) => within(pid, beginning, (now) => look(seen(now, image))),
        poke: (image, changes) =>
          within(pid, beginning, (now) => {
            headAt(now, image.base, image.source)
            for (const [address, bytes] of changes) writeMemory(pid, address, bytes)
          }),
      },
    }
  } catch (error) {
    if (error instanceof NoImageError) throw new CommandError(error.message)
    throw error
  } finally {
    memory.close()
  }
}

/** Looks at its memory as it is mapped now; what `look` gives must not read it later. */
function within<T>(pid: number, beginning: string, look: (memory: ProcessMemory) => T): T {
  let memory: ProcessMemory
  try {
    if (beginningOf(pid) !== beginning) throw gone(pid)
    memory = new ProcessMemory(pid)
  } catch (error) {
    throw isThere(pid, beginning) ? error : gone(pid)
  }
  try {
    return look(memory)
  } finally {
    memory.close()
  }
}

const gone = (pid: number): CommandError => new CommandError(`[Process ${pid} exited]`)

function isThere(pid: number, beginning: string): boolean {
  try {
    return beginningOf(pid) === beginning
  } catch {
    return false
  }
}

function headAt(memory: AddressSpace, base: number, source: string): Head {
  const head = prove(memory, base, source)
  if (typeof head === 'string')
    throw new CommandError(`The recorder of ${source} at 0x${base.toString(16)} is gone: ${head}`)
  return head
}

/** What is asked for is read, when it is asked for: for a look at a few lives. */
function seen(memory: AddressSpace, { base, source }: Image): Image {
  const { budget } = headAt(memory, base, source)
  return openImage(new SpaceSource(memory, base, budget), { source, base, live: true })
}

/** A whole copy. */
export function copyOf(memory: AddressSpace, base: number, source: string): Image {
  return openImage(copied(memory, headAt(memory, base, source)), { source, base })
}

/** The bytes of an image that is being written. */
export function copied(memory: AddressSpace, { base, size, budget }: Head): Uint8Array {
  const reach = new SpaceSource(memory, base, budget)
  const first = new Uint8Array(size)
  readChunks(reach, first, 0, 1)
  const chunks = chunksByClass(reach, size / CHUNK_BYTES)
  const last = [...chunks.keys()].filter((kind) => !ORDER.includes(kind))
  for (const kind of [...ORDER, ...last]) {
    for (const chunk of chunks.get(kind) ?? []) readChunks(reach, first, chunk, chunk + 1)
  }
  // What was made meanwhile is in chunks and tables that are newer than the first look at the header.
  const header = new Uint8Array(CHUNK_BYTES)
  reach.read(0, header)
  const end = new DataView(header.buffer).getUint32(HEADER_CHUNKS, true) * CHUNK_BYTES
  const isMore = end > size && end <= budget
  const bytes = isMore ? new Uint8Array(end) : first
  if (isMore) {
    bytes.set(first)
    memory.renew?.()
    readChunks(reach, bytes, size / CHUNK_BYTES, end / CHUNK_BYTES)
  }
  for (const [from, to] of APPENDED) bytes.set(header.subarray(from, to), from)
  if (isMore) bytes.set(header.subarray(HEADER_CHUNKS, HEADER_CHUNKS + 4), HEADER_CHUNKS)
  return bytes
}

function chunksByClass(reach: SpaceSource, count: number): ReadonlyMap<number, readonly number[]> {
  const chunks = new Map<number, number[]>()
  const word = new Uint8Array(4)
  const view = new DataView(word.buffer)
  for (let chunk = 1; chunk < count; chunk++) {
    reach.read(chunk * CHUNK_BYTES + CHUNK_CLASS, word)
    const kind = view.getUint32(0, true)
    const others = chunks.get(kind)
    if (others === undefined) chunks.set(kind, [chunk])
    else others.push(chunk)
  }
  return chunks
}

function readChunks(reach: SpaceSource, bytes: Uint8Array, from: number, to: number): void {
  reach.read(from * CHUNK_BYTES, bytes.subarray(from * CHUNK_BYTES, to * CHUNK_BYTES))
}
