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
  HEADER_STATIC_BYTES,
} from '../../assembly/layout.ts'
import { host } from '../runtime/host.ts'
import type { MappableFile, MappableFiles } from '../runtime/mappable-files.ts'
import { begin } from './begin.ts'
import { besideName, headOf, isMapped, removeStale, setAside } from './evidence.ts'
import { explained } from './explained.ts'
import { show } from './given.ts'
import type { RecorderSettings } from './options.ts'
import type { Ticket } from './ticket.ts'

const MARK_BYTES = 16
/** Another process may be setting the same file aside, or beginning in it: so often, and so long, it is waited for. */
const TRIES = 400
const PAUSE_MS = 5
const BUSY = 'other processes begin and end in it all the time'

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
          if (file.isAt(path)) setAside(path, host.files(), settings.keep, true)
        } finally {
          file.close()
        }
        continue
      }
      if (file.lock('shared') && file.isAt(path)) return joinIn(path, file)
      file.close()
      pause()
    }
    throw new Error(BUSY)
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
    throw new Error(BUSY)
  })
}

/** Undefined when another process was first. */
function tryToBegin(
  path: string,
  settings: RecorderSettings,
  files: MappableFiles,
): Ticket | undefined {
  removeStale(path, host.files())
  const beside = besideName(path, host.pid)
  const memory = memoryOf(settings.budgetChunks)
  const file = files.create(beside, settings.budgetChunks * CHUNK_BYTES)
  try {
    file.lock('shared')
    file.mapUnder(memory)
    expectOneMemory(memory, file)
    const ticket = begin(memory, settings, 'mapped')
    if (host.files().link(beside, path)) return ticket
    file.close()
    return undefined
  } catch (error) {
    file.close()
    throw error
  } finally {
    host.files().remove(beside)
  }
}

function joinIn(path: string, file: MappableFile): Ticket {
  try {
    const head = file.read(0, HEADER_BYTES)
    const image = headOf(path, head)
    const chunks = image.budget / CHUNK_BYTES
    if (!isMapped(head) || file.read(chunks * CHUNK_BYTES - 1, 1).length === 0)
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
      durable: 'mapped',
    }
  } catch (error) {
    file.close()
    throw error
  }
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
