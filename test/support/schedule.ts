// Schedules of the stepped core: several instances of it on one memory, in one thread, each of which can be stopped
// before any one of its shared accesses (assembly/shared.ts). What a schedule does is exact and repeats.
//
//   nested   A |----k|              |------|      A is preempted at its access k, B (and in it C at j) runs whole
//            B       |--j|    |--|
//            C           |----|
//   stopped  A |----k                             A stops for ever at k; B and C go on
//            B        |------|
//   crossed  A |----k|      |------|              A is preempted at k, B at j; A ends first, then B
//            B       |----j|        |------|
//   zigzag   A |----k|      |--l|      |----|     A is preempted at k, B at j, A again at l; B ends first, then A
//            B       |----j|    |------|
//
// A synchronous hook can only nest. The crossing is done by running B twice: B is abandoned at j; when A has come to l, or
// ended, the memory is set back to what it was when B began, B runs again to j - reading the same, so doing the same - and
// there the memory is set to what A left.

import { readFileSync } from 'node:fs'
import * as at from '../../assembly/layout.ts'
import type { CoreExports } from '../../src/core/instance.ts'

/** What a thread that stops for ever throws through the core. */
const STOPPED = { stopped: true }

/** The module that scripts/build.mjs made with a hook before each shared access. */
export function steppedCore(): WebAssembly.Module {
  const file = new URL('../../build/core-stepped.wasm', import.meta.url)
  return new WebAssembly.Module(readFileSync(file))
}

/** A life, as the core names it. */
export interface Handle {
  readonly history: number
  readonly generation: number
}

/** One call of the core: what was asked, when it began and ended, what it answered. */
export interface Call {
  readonly thread: number
  readonly kind: 'log' | 'fold' | 'ref' | 'unref' | 'push' | 'other'
  readonly target: Handle | undefined
  /** A log's first argument: no two calls have the same. A fold has none of its own: all of a history are equal. */
  readonly payload: number
  readonly start: number
  /** -1 while it has not answered. */
  end: number
  answer: number
}

/** One writer: an instance of its own on the world's memory. */
export class SteppedThread {
  readonly world: World
  readonly number: number
  readonly core: CoreExports
  readonly calls: Call[] = []
  /** Shared accesses of the operation that runs. */
  steps = 0
  isDead = false
  #next = 0
  #pauseAt = -1
  #atPause: () => void = () => {}
  #thenAt = -1
  #atThen: () => void = () => {}

  constructor(world: World, module: WebAssembly.Module, number: number) {
    this.world = world
    this.number = number
    const { memory } = world
    const step = () => {
      const here = this.steps++
      if (here === this.#pauseAt) {
        this.#pauseAt = -1
        this.#atPause()
      } else if (here === this.#thenAt) {
        this.#thenAt = -1
        this.#atThen()
      }
    }
    const instance = new WebAssembly.Instance(module, { env: { memory }, shared: { step } })
    this.core = instance.exports as unknown as CoreExports
  }

  /** Runs an operation; before its access `k` does `act`, before its access `l` does `then`. True when it came so far. */
  run(
    operation: Operation,
    k = -1,
    act: () => void = () => {},
    l = -1,
    then: () => void = () => {},
  ): boolean {
    this.steps = 0
    this.#next = 0
    this.#pauseAt = k
    this.#atPause = act
    this.#thenAt = l
    this.#atThen = then
    try {
      operation.run(this)
    } catch (error) {
      if (error !== STOPPED) throw error
      this.isDead = true
    }
    const reached = this.#pauseAt === -1 && this.#thenAt === -1
    this.#pauseAt = -1
    this.#thenAt = -1
    return reached
  }

  /** Runs an operation until its access `k`, and never on. */
  stopAt(operation: Operation, k: number): boolean {
    return this.run(operation, k, () => {
      throw STOPPED
    })
  }

  /** One call of the core, written down. A call that is run again keeps the times of the first run. */
  call(kind: Call['kind'], target: Handle | undefined, ask: (payload: number) => number): number {
    const { world } = this
    const place = this.#next++
    let call = this.calls[place]
    if (!call) {
      const payload = this.number * 100_000 + place
      call = { thread: this.number, kind, target, payload, start: world.now++, end: -1, answer: 0 }
      this.calls.push(call)
    }
    const answer = ask(call.payload)
    call.answer = answer
    if (call.end < 0) call.end = world.now++
    return answer
  }
}

export interface Operation {
  readonly name: string
  run(thread: SteppedThread): void
}

/** One memory and its writers. Number 0 prepares; 1, 2 and 3 race. */
export class World {
  readonly memory: WebAssembly.Memory
  readonly threads: SteppedThread[]
  /** Counts the beginnings and ends of calls. */
  now = 0
  #bytes: Uint8Array
  #words: Int32Array
  #prepared: Uint8Array = new Uint8Array(0)
  #preparedNow = 0

  constructor(module: WebAssembly.Module, chunks: number) {
    this.memory = new WebAssembly.Memory({ initial: chunks, maximum: 65536, shared: true })
    this.#bytes = new Uint8Array(this.memory.buffer)
    this.#words = new Int32Array(this.memory.buffer)
    this.threads = [0, 1, 2, 3].map((number) => new SteppedThread(this, module, number))
  }

  thread(number: number): SteppedThread {
    return this.threads[number] as SteppedThread
  }

  word(address: number): number {
    return (this.#words[address >>> 2] as number) >>> 0
  }

  setWord(address: number, value: number): void {
    this.#words[address >>> 2] = value
  }

  /** What a dump taken now would hold. Not a copy. */
  image(): Uint8Array {
    return this.#bytes.subarray(0, this.word(at.HEADER_CHUNKS) * at.CHUNK_BYTES)
  }

  calls(): Call[] {
    return this.threads.flatMap((thread) => thread.calls)
  }

  /** What is there now is where every schedule begins. */
  prepared(): void {
    this.#prepared = this.image().slice()
    this.#preparedNow = this.now
  }

  reset(): void {
    this.restore(this.#prepared)
    this.now = this.#preparedNow
    for (const thread of this.threads.slice(1)) {
      thread.calls.length = 0
      thread.isDead = false
    }
  }

  restore(saved: Uint8Array): void {
    const used = this.image().length
    this.#bytes.set(saved)
    if (saved.length < used) this.#bytes.fill(0, saved.length, used)
  }

  /** Accesses of an operation that nobody disturbs. */
  stepsOf(operation: Operation): number {
    this.reset()
    this.thread(1).run(operation)
    return this.thread(1).steps
  }

  /** A is preempted at k, B runs whole; in it, at j, C. False when there is no access k, or no j. */
  nested(a: Operation, k: number, b: Operation, look: Look, j = -1, c?: Operation): boolean {
    this.reset()
    let reachedC = c === undefined
    const inA = () => {
      if (c === undefined) this.thread(2).run(b)
      else
        reachedC = this.thread(2).run(b, j, () => {
          this.thread(3).run(c)
          look('paused')
        })
      look('paused')
    }
    return this.thread(1).run(a, k, inA) && reachedC
  }

  /** A stops for ever at k; then B and C run, one after the other. */
  stopped(a: Operation, k: number, b: Operation, c: Operation, look: Look): boolean {
    this.reset()
    const reached = this.thread(1).stopAt(a, k)
    look('paused')
    this.thread(2).run(b)
    this.thread(3).run(c)
    return reached
  }

  /** A is preempted at k; B stops for ever at j; A goes on. */
  stoppedInside(a: Operation, k: number, b: Operation, j: number, look: Look): boolean {
    this.reset()
    let reached = false
    const inA = () => {
      reached = this.thread(2).stopAt(b, j)
      look('paused')
    }
    return this.thread(1).run(a, k, inA) && reached
  }

  /** A is preempted at k, B at j; A goes on to its end, then B. */
  crossed(a: Operation, k: number, b: Operation, j: number, look: Look): boolean {
    this.reset()
    const second = this.thread(2)
    let reached = false
    let before = new Uint8Array(0)
    this.thread(1).run(a, k, () => {
      before = this.image().slice()
      reached = second.stopAt(b, j)
    })
    if (!reached) return false
    look('paused')
    const after = this.image().slice()
    this.restore(before)
    second.isDead = false
    second.run(b, j, () => this.restore(after))
    return true
  }

  /** A is preempted at k, B at j, A again at l; B goes on to its end, then A. */
  zigzag(a: Operation, k: number, b: Operation, j: number, l: number, look: Look): boolean {
    this.reset()
    const second = this.thread(2)
    let hasBegun = false
    let before = new Uint8Array(0)
    const begin = () => {
      before = this.image().slice()
      hasBegun = second.stopAt(b, j)
      second.isDead = false
      look('paused')
    }
    const goOn = () => {
      if (!hasBegun) return
      const after = this.image().slice()
      this.restore(before)
      second.run(b, j, () => this.restore(after))
      look('paused')
    }
    return this.thread(1).run(a, k, begin, l, goOn) && hasBegun
  }
}

/** Called with the memory as it stands while somebody is preempted. */
export type Look = (when: 'paused') => void
