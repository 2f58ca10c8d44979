// Schedules that an argument found and no search had: each was red once.

import { expect, test } from 'vitest'
import * as at from '../../assembly/layout.ts'
import { openImage } from '../../src/inspect.ts'
import type { Handle, SteppedThread } from '../support/schedule.ts'
import { steppedCore, World } from '../support/schedule.ts'
import { intern } from './given.ts'

const core = steppedCore()
/** Fifteen events stay, thirty take turns. */
const MAX_EVENTS = 20
const operation = (run: (thread: SteppedThread) => void) => ({ name: '', run })

function given() {
  const world = new World(core, 16)
  const main = world.thread(0)
  main.core.begin(16, at.HEADER_FLAG_COARSE | at.HEADER_FLAG_SHARED, 1n, 1.7e12, 4711, 0)
  for (const name of ['main', 'A', 'B', 'C'])
    main.core.joinThread(4711, at.THREADS_MAX, intern(main, name), at.RUNTIME_NODE, 0)
  const list = main.core.createList(intern(main, 'list'), 1, MAX_EVENTS, 128, 0) >>> 0
  const verb = main.core.defineVerb(intern(main, 'PLAIN'), at.ROLE_NONE, 0)
  return { world, main, list, verb, name: intern(main, 'PINNED') }
}

function push({ core, number }: SteppedThread, list: number): Handle {
  const handle = core.push(list, at.OBJECT_INTEGER, number, 0, number, 0)
  const generation = Math.floor(handle / 2 ** at.HISTORY_NUMBER_BITS)
  return { history: (handle % 2 ** at.HISTORY_NUMBER_BITS) * at.HISTORY_BYTES, generation }
}

function log({ core, number }: SteppedThread, { history, generation }: Handle, verb: number) {
  const packed = number << at.PACKED_THREAD_SHIFT
  return core.log(history, generation, verb << at.EVENT_VERB_SHIFT, packed, 0, 0, 0, -1)
}

test('events of a pinned verb stay, though the thread that defined it stops before it is counted', () => {
  for (let k = 0; ; k++) {
    const { world, list, verb, name } = given()
    const [, dead, alive] = world.threads as [SteppedThread, SteppedThread, SteppedThread]
    const define = operation(({ core }) => core.defineVerb(name, at.ROLE_NONE, at.VERB_FLAG_PIN))
    const reached = dead.stopAt(define, k)
    const pinned = alive.core.defineVerb(name, at.ROLE_NONE, at.VERB_FLAG_PIN)
    const life = push(alive, list)
    for (let n = 0; n < 100; n++) log(alive, life, n === 20 ? pinned : verb)
    const [history] = openImage(world.image()).list('list')?.histories() ?? []
    const seen = history?.events().map(({ index }) => index)
    expect(seen, `stopped at ${k}`).toContain(20)
    if (!reached) return
  }
})

test('a lapped block with an unfinished event stays its writer’s, however late it is kept', () => {
  for (let k = 0; ; k++) {
    const { world, main, list, verb, name } = given()
    const [, dead, late, next] = world.threads as SteppedThread[] as [
      SteppedThread,
      SteppedThread,
      SteppedThread,
      SteppedThread,
    ]
    const pinned = main.core.defineVerb(name, at.ROLE_NONE, at.VERB_FLAG_PIN)
    const life = push(main, list)
    for (let n = 0; n < 16; n++) log(main, life, n === 15 ? pinned : verb)
    // Event 16, claimed and never committed.
    let steps = 0
    while (world.word(life.history + at.HISTORY_CONTROL + 4) === 16)
      dead.stopAt(
        operation((thread) => log(thread, life, verb)),
        ++steps,
      )
    const block = world.word(life.history + at.HISTORY_ENTRIES + 8) * at.BLOCK_BYTES
    const taken = world.word(block + at.BLOCK_STATE + 4)
    for (let n = 17; n < 45; n++) log(main, life, verb)

    const reached = late.run(
      operation((thread) => log(thread, life, verb)),
      k,
      () => {
        push(next, list)
      },
    )
    for (let n = 0; n < 4; n++) log(next, push(next, list), verb)
    const state = world.word(block + at.BLOCK_STATE)
    const found = `preempted at ${k}: taken ${world.word(block + at.BLOCK_STATE + 4)} times, state ${state}`
    expect(found).toBe(`preempted at ${k}: taken ${taken} times, state ${at.BLOCK_ABANDONED + 15}`)
    if (!reached) return
  }
})
