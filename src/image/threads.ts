// Threads by number. A thread that died while it joined has no complete record; its events still name it.

import {
  CHUNK_BYTES,
  CHUNK_HEADER_BYTES,
  CLASS_THREADS,
  HEADER_THREADS,
  RUNTIME_BROWSER,
  RUNTIME_BUN,
  RUNTIME_DENO,
  RUNTIME_NODE,
  THREAD_BYTES,
  THREAD_CHUNKS,
  THREAD_JOINED,
  THREAD_NAME,
  THREAD_NUMBER,
  THREAD_PID,
  THREAD_RUNTIME,
  THREAD_TID,
  THREADS_MAX,
  THREADS_PER_CHUNK,
} from '../../assembly/layout.ts'
import type { ImageBytes } from './bytes.ts'
import type { Chunks } from './chunks.ts'
import type { Thread } from './image.ts'
import type { Problems } from './problems.ts'
import type { Strings } from './strings.ts'

const WORD = Uint32Array.BYTES_PER_ELEMENT
const RUNTIMES = new Map<number, Thread['runtime']>([
  [RUNTIME_NODE, 'node'],
  [RUNTIME_DENO, 'deno'],
  [RUNTIME_BUN, 'bun'],
  [RUNTIME_BROWSER, 'browser'],
])

export class Threads {
  readonly #bytes: ImageBytes
  readonly #chunks: Chunks
  readonly #strings: Strings
  readonly #problems: Problems
  readonly #pid: number
  readonly #known: Thread[] = []
  readonly #tables = new Map<number, number>()

  constructor(
    bytes: ImageBytes,
    chunks: Chunks,
    strings: Strings,
    problems: Problems,
    pid: number,
  ) {
    this.#bytes = bytes
    this.#chunks = chunks
    this.#strings = strings
    this.#problems = problems
    this.#pid = pid
  }

  /** Threads that joined; more than THREADS_MAX share the last record. */
  get count(): number {
    const joined = this.#problems.attempt('read the threads', () =>
      this.#bytes.acquireU32(HEADER_THREADS, 'HEADER_THREADS'),
    )
    return Math.min(joined ?? 0, THREADS_MAX)
  }

  /** Always one: where its record is missing, what its number tells. */
  get(number: number): Thread {
    const known = this.#known[number]
    if (known) return known
    const at = this.#recordOf(number)
    const thread =
      at === 0
        ? undefined
        : this.#problems.attempt(`read thread ${number}`, () => this.#read(number, at))
    if (thread) this.#known[number] = thread
    return thread ?? this.#nameless(number)
  }

  all(): Thread[] {
    const threads: Thread[] = []
    for (let first = 0; first < this.count; first += THREADS_PER_CHUNK) {
      // Where a whole chunk of records is missing there is nothing to list.
      if (this.#recordOf(first) === 0) continue
      const end = Math.min(this.count, first + THREADS_PER_CHUNK)
      for (let number = first; number < end; number++) threads.push(this.get(number))
    }
    return threads
  }

  /** Offset of a thread's record, 0 if there is none. */
  #recordOf(number: number): number {
    if (number >= THREADS_MAX) return 0
    const ordinal = Math.floor(number / THREADS_PER_CHUNK)
    let chunk = this.#tables.get(ordinal)
    if (chunk === undefined) {
      const table = THREAD_CHUNKS + ordinal * WORD
      chunk = this.#problems.attempt(`read thread ${number}`, () => {
        const named = this.#bytes.acquireU32(table, 'THREAD_CHUNKS')
        if (named !== 0)
          this.#chunks.expectPlaced(named, CLASS_THREADS, ordinal, table, 'THREAD_CHUNKS')
        return named
      })
      // A chunk that is not there yet may come while the memory lives; one that is wrong stays wrong.
      if (chunk !== 0) this.#tables.set(ordinal, chunk ?? 0)
    }
    if (!chunk) return 0
    const place = number % THREADS_PER_CHUNK
    return chunk * CHUNK_BYTES + CHUNK_HEADER_BYTES + place * THREAD_BYTES
  }

  #read(number: number, at: number): Thread | undefined {
    const bytes = this.#bytes
    const written = bytes.acquireU32(at + THREAD_NUMBER, 'THREAD_NUMBER')
    if (written === 0) return undefined
    if (written !== number + 1) {
      this.#problems.add(`read thread ${number}`, {
        offset: at + THREAD_NUMBER,
        field: 'THREAD_NUMBER',
        expected: `${number + 1}`,
        found: `${written}`,
      })
      return undefined
    }
    return {
      number,
      name: this.#strings.get(bytes.u32(at + THREAD_NAME, 'THREAD_NAME')) || `thread ${number}`,
      pid: bytes.u32(at + THREAD_PID, 'THREAD_PID'),
      tid: bytes.u32(at + THREAD_TID, 'THREAD_TID'),
      runtime: RUNTIMES.get(bytes.u32(at + THREAD_RUNTIME, 'THREAD_RUNTIME')) ?? 'unknown',
      joined: bytes.i64(at + THREAD_JOINED, 'THREAD_JOINED'),
    }
  }

  #nameless(number: number): Thread {
    const name = `thread ${number}`
    return { number, name, pid: this.#pid, tid: number, runtime: 'unknown', joined: 0 }
  }
}
