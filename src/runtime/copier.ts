// A thread that copies what has changed in a memory into a file, again and again. Killed, the process leaves a file that is
// an image but for the last moment: each structure of it proves itself, so pages of different passes may stand together.

import {
  CHUNK_BYTES,
  CHUNK_CLASS,
  CLASS_HISTORIES,
  CLASS_RING,
  HEADER_CHUNKS,
} from '../../assembly/layout.ts'

/** Words of the control: what the thread is told, and what it tells. */
const ORDER = 0
const ENDED = 1
const PASSES = 2
const FAILURES = 3
const CONTROL_WORDS = 4

const ORDER_END = 1
/** At the process's end it is given so long for the last pass. */
const LAST_PASS_MS = 2000

export interface Copier {
  /** Passes made, and those of them that could not write all that had changed. */
  readonly passes: number
  readonly failures: number
}

export interface CopierWork {
  readonly memory: WebAssembly.Memory
  /** The names that the file may have. */
  readonly paths: readonly string[]
  /** As Files.inode() tells it: which file it is. */
  readonly inode: string
  /** Milliseconds between two passes. */
  readonly interval: number
}

interface Runtime {
  on(event: 'exit', listener: () => void): unknown
  getBuiltinModule(name: string): unknown
}

interface Thread {
  new (
    source: URL,
    options: { workerData: object },
  ): {
    unref(): void
    on(event: 'error', listener: () => void): unknown
  }
}

export const newControl = (): Int32Array => new Int32Array(new SharedArrayBuffer(4 * CONTROL_WORDS))

/** `copyAll` copies for the last time where the thread cannot. */
export function startCopier(process: Runtime, work: CopierWork, copyAll: () => void): Copier {
  const { Worker } = process.getBuiltinModule('node:worker_threads') as { Worker: Thread }
  const control = newControl()
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source())}`), {
    workerData: { ...work, control, layout: LAYOUT, words: WORDS },
  })
  worker.unref()
  let hasFailed = false
  worker.on('error', () => {
    hasFailed = true
    Atomics.add(control, FAILURES, 1)
  })
  process.on('exit', () => {
    Atomics.store(control, ORDER, ORDER_END)
    Atomics.notify(control, ORDER)
    const isWorking = !hasFailed && Atomics.load(control, PASSES) > 0
    if (isWorking) Atomics.wait(control, ENDED, 0, LAST_PASS_MS)
    if (Atomics.load(control, ENDED) === 0) copyAll()
  })
  return {
    get passes() {
      return Atomics.load(control, PASSES)
    },
    get failures() {
      return Atomics.load(control, FAILURES)
    },
  }
}

export const LAYOUT = { CHUNK_BYTES, CHUNK_CLASS, CLASS_HISTORIES, CLASS_RING, HEADER_CHUNKS }
export const WORDS = { ORDER, ENDED, PASSES, FAILURES, ORDER_END }

export interface Given extends CopierWork {
  readonly control: Int32Array
  readonly layout: typeof LAYOUT
  readonly words: typeof WORDS
}

export interface FileSystem {
  openSync(path: string, flags: string): number
  writeSync(file: number, bytes: Uint8Array, offset: number, length: number, at: number): number
  ftruncateSync(file: number, length: number): void
  fstatSync(file: number): { readonly dev: number; readonly ino: number }
  closeSync(file: number): void
}

type Compare = (one: Uint8Array, other: Uint8Array) => number

/** The thread. Runs as text, so that no bundler has to know of one file more: it uses nothing but what it is given. */
export function copyForEver(
  { memory, paths, inode, interval, control, layout, words }: Given,
  files: FileSystem,
  compare: Compare,
): void {
  const { CHUNK_BYTES, CHUNK_CLASS, CLASS_HISTORIES, CLASS_RING, HEADER_CHUNKS } = layout
  const { ORDER, ENDED, PASSES, FAILURES, ORDER_END } = words
  const PAGE_BYTES = 4096
  /** A pass may take this share of a core. */
  const REST = 4
  /** Another process may give the file its other name between a look and the opening. */
  const OPENING_TRIES = 100
  const OPENING_PAUSE_MS = 5

  const open = () => {
    for (let n = 0; n < OPENING_TRIES; n++) {
      for (const path of paths) {
        let file = -1
        try {
          file = files.openSync(path, 'r+')
        } catch {
          continue
        }
        const { dev, ino } = files.fstatSync(file)
        if (`${dev}:${ino}` === inode) return file
        files.closeSync(file)
      }
      Atomics.wait(control, ENDED, 0, OPENING_PAUSE_MS)
    }
    throw new Error(`Cannot copy a recorder into ${paths[0]}: the file is gone`)
  }

  const file = open()
  const scratch = new Uint8Array(CHUNK_BYTES)
  let live = new Uint8Array(memory.buffer)
  /** What stands in the file. */
  let copy = new Uint8Array(0)
  let length = 0

  const write = (from: number, to: number, base: number) => {
    for (let at = from; at < to; ) at += files.writeSync(file, scratch, at, to - at, base + at)
    copy.set(scratch.subarray(from, to), base + from)
  }

  /** To what the header says that is just being copied: other threads may have gone on, and pages of zeros are never written. */
  const lengthen = () => {
    const bytes = (new Uint32Array(scratch.buffer)[HEADER_CHUNKS >> 2] as number) * CHUNK_BYTES
    if (bytes > length) files.ftruncateSync(file, bytes)
    length = Math.max(length, bytes)
  }

  const copyChunk = (base: number) => {
    const chunk = live.subarray(base, base + CHUNK_BYTES)
    if (compare(chunk, copy.subarray(base, base + CHUNK_BYTES)) === 0) return
    scratch.set(chunk)
    if (base === 0) lengthen()
    let from = -1
    for (let at = 0; at <= CHUNK_BYTES; at += PAGE_BYTES) {
      const end = at + PAGE_BYTES
      const isChanged =
        at < CHUNK_BYTES &&
        compare(scratch.subarray(at, end), copy.subarray(base + at, base + end)) !== 0
      if (isChanged && from < 0) from = at
      if (isChanged || from < 0) continue
      write(from, at, base)
      from = -1
    }
  }

  const pass = () => {
    const chunks = Atomics.load(new Int32Array(memory.buffer), HEADER_CHUNKS >> 2)
    const bytes = chunks * CHUNK_BYTES
    if (bytes > live.length) live = new Uint8Array(memory.buffer)
    if (bytes > copy.length) {
      const larger = new Uint8Array(Math.max(bytes, Math.min(2 * bytes, live.length)))
      larger.set(copy)
      copy = larger
    }
    const classes = new Uint32Array(memory.buffer)
    const namesOthers = (chunk: number) => {
      const itsClass = classes[(chunk * CHUNK_BYTES + CHUNK_CLASS) >> 2]
      return itsClass === CLASS_HISTORIES || itsClass === CLASS_RING
    }
    // What is named before what names it, the header last: so a pass that was broken off is missing little.
    for (let chunk = 1; chunk < chunks; chunk++)
      if (!namesOthers(chunk)) copyChunk(chunk * CHUNK_BYTES)
    for (let chunk = 1; chunk < chunks; chunk++)
      if (namesOthers(chunk)) copyChunk(chunk * CHUNK_BYTES)
    copyChunk(0)
  }

  let isLast = false
  while (!isLast) {
    isLast = Atomics.load(control, ORDER) === ORDER_END
    const began = performance.now()
    try {
      pass()
    } catch {
      // A full disk may have room again: what was not written still differs.
      Atomics.add(control, FAILURES, 1)
    }
    Atomics.add(control, PASSES, 1)
    const took = performance.now() - began
    if (!isLast) Atomics.wait(control, ORDER, 0, Math.max(interval, REST * took))
  }
  Atomics.store(control, ENDED, 1)
  Atomics.notify(control, ENDED)
}

/** A minifier that keeps names calls __name. */
const source = () => `
import { workerData } from 'node:worker_threads'
import files from 'node:fs'
import { Buffer } from 'node:buffer'
const __name = (value) => value
;(${copyForEver})(workerData, files, Buffer.compare)
`
