// A recorder in a file that lies under the memory of each process that joins: the file is the image, at every instruction.
//
//   nobody has the name        begin beside, under a name of our own; link it in when it is a whole recorder
//   nobody lives in the file   the evidence of the last: give it its own name, then as above
//   somebody lives in it       join
//
// Whoever lives in a file holds a shared lock on it, which the system takes down when the process dies, however it dies.
// All of the budget is mapped and allocated at once: grown by one process, the others' memories would still end before
// what it writes, and a disk that fills up later would kill whoever writes.

import {
  CHUNK_BYTES,
  FORMAT_VERSION,
  HEADER_BYTES,
  HEADER_FLAG_MAPPED,
  HEADER_FLAGS,
  HEADER_STATIC_BYTES,
} from '../../assembly/layout.ts'
import type { Image } from '../image/image.ts'
import { openImage } from '../image/read-image.ts'
import { host } from '../runtime/host.ts'
import type { MappableFile, MappableFiles } from '../runtime/mappable-files.ts'
import { begin } from './begin.ts'
import { type RecorderSettings, show } from './options.ts'
import type { Ticket } from './ticket.ts'

const MARK_BYTES = 16
/** Another process may be setting the same file aside, or beginning in it: so often, and so long, it is waited for. */
const TRIES = 400
const PAUSE_MS = 5
/** One that was begun so long ago and has no name yet never will. */
const STALE_MS = 60_000

/** Begins in the file, or joins whoever lives in it. @throws {Error} When it cannot; says why. */
export function beginOrJoin(path: string, settings: RecorderSettings): Ticket {
  const action = `create recorder in file ${show(path)}`
  return explained(action, () => {
    const files = host.mappableFiles()
    for (let n = 0; n < TRIES; n++) {
      const file = files.open(path)
      if (!file) {
        const begun = tryToBegin(path, settings, files)
        if (begun) return begun
        continue
      }
      if (file.lock('exclusive')) {
        try {
          if (file.isAt(path)) setAside(path, file, files, settings.keep)
        } finally {
          file.close()
        }
        continue
      }
      if (file.lock('shared') && file.isAt(path)) return joinIn(path, file)
      file.close()
      pause()
    }
    throw new Error('other processes begin and end in it all the time')
  })
}

/** Joins the recorder in the file, whether others live in it or not. @throws {Error} When it cannot; says why. */
export function joinFile(path: string): Ticket {
  return explained(`open recorder ${show(path)}`, () => {
    const files = host.mappableFiles()
    for (let n = 0; n < TRIES; n++) {
      const file = files.open(path)
      if (!file) throw new Error(`there is no such file; new Recorder({ file }) begins one`)
      if (file.lock('shared') && file.isAt(path)) return joinIn(path, file)
      file.close()
      pause()
    }
    throw new Error('other processes begin and end in it all the time')
  })
}

/** Undefined when another process was first. */
function tryToBegin(
  path: string,
  settings: RecorderSettings,
  files: MappableFiles,
): Ticket | undefined {
  removeStale(path, files)
  const beside = `${path}.${Date.now()}-${host.pid}-${Math.floor(Math.random() * 1e9)}.new`
  const memory = memoryOf(settings.budgetChunks)
  const file = files.create(beside, settings.budgetChunks * CHUNK_BYTES)
  try {
    file.lock('shared')
    file.mapUnder(memory)
    expectOneMemory(memory, file)
    const ticket = begin(memory, settings, path)
    if (files.link(beside, path)) return ticket
    file.close()
    return undefined
  } catch (error) {
    file.close()
    throw error
  } finally {
    files.remove(beside)
  }
}

function joinIn(path: string, file: MappableFile): Ticket {
  try {
    const image = headOf(path, file)
    const chunks = image.budget / CHUNK_BYTES
    if (!isMapped(file) || file.read(chunks * CHUNK_BYTES - 1, 1).length === 0)
      throw new Error("it is a recorder's dump, which nobody records into")
    const memory = memoryOf(chunks)
    file.mapUnder(memory)
    const isOne = file
      .read(0, HEADER_STATIC_BYTES)
      .every((byte, at) => byte === new Uint8Array(memory.buffer, at, 1)[0])
    if (!isOne) throw notOneMemory()
    return {
      structHistory: 'ticket',
      formatVersion: FORMAT_VERSION,
      name: image.name,
      started: image.started,
      coarse: image.coarse,
      memory,
      file: path,
    }
  } catch (error) {
    file.close()
    throw error
  }
}

/** Its own name says when it began, and in which process; of all that have such names the last `keep` stay. */
function setAside(path: string, file: MappableFile, files: MappableFiles, keep: number): void {
  const { started, pid, size } = evidenceIn(path, file)
  if (keep > 0) {
    // Nobody maps it any more: what no chunk was taken of is given back.
    if (size !== undefined && isMapped(file)) files.cut(path, size)
    const stem = `${path}-${new Date(started).toISOString().replaceAll(/[-:]/g, '')}-${pid}`
    for (let n = 1; !files.link(path, n === 1 ? `${stem}.shdump` : `${stem}-${n}.shdump`); n++);
  }
  files.remove(path)
  const base = path.slice(path.lastIndexOf('/') + 1)
  const { folder, names } = files.siblings(path)
  const kept = names.filter(
    (name) =>
      name.startsWith(`${base}-`) &&
      /^\d{8}T\d{6}\.\d{3}Z-\d+(-\d+)?\.shdump$/.test(name.slice(base.length + 1)),
  )
  for (const name of kept.sort().slice(0, Math.max(0, kept.length - keep)))
    files.remove(folder + name)
}

/** Of a recorder of another version no more is known than that it is one. */
function evidenceIn(path: string, file: MappableFile) {
  try {
    return headOf(path, file)
  } catch (error) {
    const { field } = error as { field?: unknown }
    if (field !== 'the version of the format' && field !== 'HEADER_CHECK')
      throw new Error('the file is there, and it is no recorder', { cause: error })
    return { started: Date.now(), pid: 0, size: undefined }
  }
}

/** What a process left that died while it began. */
function removeStale(path: string, files: MappableFiles): void {
  const base = path.slice(path.lastIndexOf('/') + 1)
  const { folder, names } = files.siblings(path)
  for (const name of names) {
    const begun =
      name.startsWith(`${base}.`) && /^(\d+)-\d+-\d+\.new$/.exec(name.slice(base.length + 1))
    if (begun && Date.now() - Number(begun[1]) > STALE_MS) files.remove(folder + name)
  }
}

function headOf(path: string, file: MappableFile): Image {
  return openImage(file.read(0, HEADER_BYTES), { source: path, live: true })
}

const isMapped = (file: MappableFile) => {
  const flags = file.read(HEADER_FLAGS, 4)
  return ((flags[0] ?? 0) & HEADER_FLAG_MAPPED) !== 0
}

function memoryOf(chunks: number): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: chunks, maximum: chunks, shared: true })
}

/** Engines lay memories out as they like: that this one is the file must be seen, at both ends. */
function expectOneMemory({ buffer }: WebAssembly.Memory, file: MappableFile): void {
  for (const at of [0, buffer.byteLength - MARK_BYTES]) {
    const mark = crypto.getRandomValues(new Uint8Array(MARK_BYTES))
    const bytes = new Uint8Array(buffer, at, MARK_BYTES)
    bytes.set(mark)
    const read = file.read(at, MARK_BYTES)
    bytes.fill(0)
    if (!mark.every((byte, n) => byte === read[n])) throw notOneMemory()
  }
}

const notOneMemory = () => new Error("the mapped file does not show in this engine's memory")

/** All threads that may begin here, the main one too, may wait. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
}

function explained<Result>(action: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    throw new Error(`Cannot ${action}: ${said}`, { cause: error })
  }
}
