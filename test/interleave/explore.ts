// Goes through all schedules of a kind, checks each, and tells what is wrong by the schedule that shows it.
//
//   SCHEDULES=all npx vitest run --project host test/interleave      every place of every pair: many minutes

import type { Operation, World } from '../support/schedule.ts'
import { checkEnd, checkImage, type Leak } from './checks.ts'
import type { Given } from './given.ts'

export const everything = process.env.SCHEDULES === 'all'

export interface Explored {
  schedules: number
  /** What went wrong, each kind with the first schedule that shows it. */
  readonly found: Map<string, string>
  /** The most that one dead thread kept for ever. */
  readonly worst: Leak
}

export class Explorer {
  readonly given: Given
  readonly explored: Explored = {
    schedules: 0,
    found: new Map(),
    worst: { blocks: 0, directories: 0, histories: 0 },
  }

  constructor(given: Given) {
    this.given = given
  }

  get world(): World {
    return this.given.world
  }

  operation(name: string): Operation {
    const found = this.given.operations[name]
    if (!found) throw new Error(`no operation ${name}`)
    return found
  }

  /** B whole at each access of A; then, when both have gone, one thing more. */
  nested(a: Operation, b: Operation, stride = 1, after?: Operation): void {
    for (let k = 0; ; k += stride) {
      const name = `${a.name} paused at ${k}, ${b.name} whole${after ? `, then ${after.name}` : ''}`
      const run = (look: () => void) => {
        const reached = this.world.nested(a, k, b, look)
        if (reached && after) this.world.thread(3).run(after)
        return reached
      }
      if (!this.#check(name, run)) return
    }
  }

  /** C whole at each access of B, at each access of A. */
  nestedTwice(a: Operation, b: Operation, c: Operation, stride = 1): void {
    this.#pairs(stride, (k, j) => this.nestedAt(a, k, b, j, c))
  }

  stopped(a: Operation, b: Operation, c: Operation, stride = 1): void {
    for (let k = 0; ; k += stride) {
      const name = `${a.name} stopped for ever at ${k}, then ${b.name}, ${c.name}`
      if (!this.#check(name, (look) => this.world.stopped(a, k, b, c, look))) return
    }
  }

  stoppedInside(a: Operation, b: Operation, stride = 1): void {
    this.#pairs(stride, (k, j) => this.stoppedInsideAt(a, k, b, j))
  }

  crossed(a: Operation, b: Operation, stride = 1): void {
    this.#pairs(stride, (k, j) => this.crossedAt(a, k, b, j))
  }

  /** With three preemptions there are too many schedules for all of them: every `stride`-th. */
  zigzag(a: Operation, b: Operation, stride = 1): void {
    const [ofA, ofB] = [this.world.stepsOf(a), this.world.stepsOf(b)]
    let n = 0
    for (let k = 0; k < ofA; k++)
      for (let j = 0; j < ofB; j++)
        for (let l = k + 1; l < ofA; l++) if (n++ % stride === 0) this.zigzagAt(a, k, b, j, l)
  }

  zigzagAt(a: Operation, k: number, b: Operation, j: number, l: number): boolean {
    const name = `${a.name} paused at ${k}, ${b.name} at ${j}, the first again at ${l}, the second ends, then the first`
    return this.#check(name, (look) => this.world.zigzag(a, k, b, j, l, look))
  }

  nestedAt(a: Operation, k: number, b: Operation, j: number, c: Operation): boolean {
    const name = `${a.name} paused at ${k}, ${b.name} at ${j}, ${c.name} whole`
    return this.#check(name, (look) => this.world.nested(a, k, b, look, j, c))
  }

  crossedAt(a: Operation, k: number, b: Operation, j: number): boolean {
    const name = `${a.name} paused at ${k}, ${b.name} at ${j}, then the first, then the second`
    return this.#check(name, (look) => this.world.crossed(a, k, b, j, look))
  }

  stoppedInsideAt(a: Operation, k: number, b: Operation, j: number): boolean {
    const name = `${a.name} paused at ${k}, ${b.name} stopped for ever at ${j}`
    return this.#check(name, (look) => this.world.stoppedInside(a, k, b, j, look))
  }

  /** All (k, j); where the stride leaves places out, each row begins at another. */
  #pairs(stride: number, run: (k: number, j: number) => boolean): void {
    for (let k = 0, row = 0; ; k++, row++) {
      let j = row % stride
      while (run(k, j)) j += stride
      // No place j in a row: A has no access k. With a stride, look at its first.
      if (j < stride && !run(k, 0)) return
    }
  }

  #check(name: string, run: (look: () => void) => boolean): boolean {
    const { found, worst } = this.explored
    const tell = (error: unknown) => {
      const kind = (error as Error).message.replace(/\d+/g, '#')
      if (!found.has(kind)) found.set(kind, `${name}: ${(error as Error).message}`)
    }
    let failed = false
    try {
      const reached = run(() => {
        try {
          checkImage(this.world)
        } catch (error) {
          failed = true
          tell(error)
        }
      })
      if (!reached) return false
      this.explored.schedules++
      const leak = checkEnd(this.given)
      for (const key of ['blocks', 'directories', 'histories'] as const)
        worst[key] = Math.max(worst[key], leak[key])
      this.#othersSucceeded(name)
    } catch (error) {
      if (!failed) tell(error)
      if (!(error instanceof Error)) throw error
    }
    return true
  }

  /** Nobody's call may be refused because another thread stopped; of a life that is gone it may. */
  #othersSucceeded(name: string): void {
    const mayRefuse = name.includes('destroy')
    for (const call of this.world.calls())
      if (call.end >= 0 && call.answer === 0 && call.target === undefined && !mayRefuse)
        throw new Error(`a ${call.kind} of thread ${call.thread} was refused`)
  }
}
