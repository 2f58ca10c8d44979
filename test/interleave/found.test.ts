// Schedules that an argument found and no search had: each was red once.

import { expect, test } from 'vitest'
import * as at from '../../assembly/layout.ts'
import { openImage } from '../../src/inspect.ts'
import type { Handle, SteppedThread } from '../support/schedule.ts'
import { steppedCore, World } from '../support/schedule.ts'
import { intern, statement } from './given.ts'

type Threads = [SteppedThread, SteppedThread, SteppedThread, SteppedThread]

const core = steppedCore()
const FULL = at.EVENTS_PER_BLOCK
/** A block of events stays, two take turns. */
const MAX_EVENTS = 20
const operation = (run: (thread: SteppedThread) => void) => ({ name: '', run })

function given() {
  const world = new World(core, 16)
  const main = world.thread(0)
  main.core.begin(16, at.HEADER_FLAG_COARSE | at.HEADER_FLAG_SHARED, 1n, 1.7e12, 4711, 0)
  for (const name of ['main', 'A', 'B', 'C'])
    main.core.joinThread(4711, at.THREADS_MAX, intern(main, name), at.RUNTIME_NODE, 0)
  const list = main.core.createList(intern(main, 'list'), 1, MAX_EVENTS, 128, 0) >>> 0
  const plain = main.core.defineVerb(intern(main, 'PLAIN'), at.ROLE_NONE, 0)
  const name = intern(main, 'PINNED')
  // Whoever defines it first, its number is the next one.
  const what = { plain: statement(main, plain, 'x'), pinned: statement(main, plain + 1, 'x') }
  return { world, main, list, what, name }
}

function push({ core, number }: SteppedThread, list: number): Handle {
  const handle = core.push(list, at.OBJECT_INTEGER, number, 0, number, 0)
  const generation = Math.floor(handle / 2 ** at.HISTORY_NUMBER_BITS)
  return { history: (handle % 2 ** at.HISTORY_NUMBER_BITS) * at.HISTORY_BYTES, generation }
}

function log({ core, number }: SteppedThread, { history, generation }: Handle, what: number) {
  const packed = number << at.PACKED_THREAD_SHIFT
  return core.log(history, generation, what, packed, 0, 0, 0, -1)
}

test('events of a pinned verb stay, though the thread that defined it stops before it is counted', () => {
  for (let k = 0; ; k++) {
    const { world, list, what, name } = given()
    const [, dead, alive] = world.threads as SteppedThread[] as Threads
    const define = operation(({ core }) => core.defineVerb(name, at.ROLE_NONE, at.VERB_FLAG_PIN))
    const reached = dead.stopAt(define, k)
    alive.core.defineVerb(name, at.ROLE_NONE, at.VERB_FLAG_PIN)
    const life = push(alive, list)
    for (let n = 0; n < 100; n++) log(alive, life, n === 20 ? what.pinned : what.plain)
    const [history] = openImage(world.image()).list('list')?.histories() ?? []
    const seen = history?.events().map(({ index }) => index)
    expect(seen, `stopped at ${k}`).toContain(20)
    if (!reached) return
  }
})

test('a lapped block with an unfinished event stays its writer’s, however late it is kept', () => {
  for (let k = 0; ; k++) {
    const { world, main, list, what, name } = given()
    const [, dead, late, next] = world.threads as SteppedThread[] as Threads
    main.core.defineVerb(name, at.ROLE_NONE, at.VERB_FLAG_PIN)
    const life = push(main, list)
    for (let n = 0; n <= FULL; n++) log(main, life, n === FULL ? what.pinned : what.plain)
    // The next, claimed and never committed.
    let steps = 0
    while (world.word(life.history + at.HISTORY_CONTROL + 4) === FULL + 1)
      dead.stopAt(
        operation((thread) => log(thread, life, what.plain)),
        ++steps,
      )
    const block =
      (world.word(life.history + at.HISTORY_ENTRIES + 8) & at.ENTRY_BLOCK_MASK) * at.BLOCK_BYTES
    const taken = world.word(block + at.BLOCK_STATE + 4)
    for (let n = FULL + 2; n < 3 * FULL; n++) log(main, life, what.plain)

    const reached = late.run(
      operation((thread) => log(thread, life, what.plain)),
      k,
      () => {
        push(next, list)
      },
    )
    for (let n = 0; n < 4; n++) log(next, push(next, list), what.plain)
    const state = world.word(block + at.BLOCK_STATE) & ~(1 << at.BLOCK_PARITY_SHIFT)
    const found = `preempted at ${k}: taken ${world.word(block + at.BLOCK_STATE + 4)} times, state ${state}`
    expect(found).toBe(
      `preempted at ${k}: taken ${taken} times, state ${at.BLOCK_ABANDONED + FULL}`,
    )
    if (!reached) return
  }
})

/** Two threads wanted the first chunk of histories at once: the one that came second gave its own back. */
function givenChunkInVain() {
  for (let step = 0; step < 200; step++) {
    const here = given()
    const [, lost, won, third] = here.world.threads as SteppedThread[] as Threads
    lost.run(
      operation((thread) => push(thread, here.list)),
      step,
      () => push(won, here.list),
    )
    if (here.world.word(at.HEADER_FREE_CHUNKS) !== 0) return { ...here, won, third }
  }
  throw new Error('no chunk was taken in vain')
}

/** 4096 bytes of which every 128 at their place would pass for a living history of list 0. */
function putText({ core }: SteppedThread, bytes: Uint8Array, number: number): number {
  const text = core.claimString(at.STRING_BYTES_MAX, 0) >>> 0
  for (let n = 0; n < at.STRING_BYTES_MAX; n++) {
    const place = text + at.STRING_DATA + n
    const isList = ((place % at.HISTORY_BYTES) & ~1) === at.HISTORY_LIST
    bytes[place] = isList ? 0 : n < 4 ? 0x41 + number : 0x71
  }
  core.commitString(text)
  return text
}

test('a chunk taken in vain becomes no other kind of memory under a thread that looks through it', () => {
  for (let k = 0; ; k += 97) {
    const { world, list, won, third } = givenChunkInVain()
    const bytes = new Uint8Array(world.memory.buffer)
    const texts: { at: number; is: string }[] = []
    const bytesOf = (text: number) =>
      Buffer.from(bytes.subarray(text, text + at.STRING_DATA + at.STRING_BYTES_MAX)).toString('hex')
    const destroy = operation(({ core, number }) => core.destroyList(list, number))
    const intern = () => {
      while (texts.length < 20) {
        const text = putText(won, bytes, texts.length)
        texts.push({ at: text, is: bytesOf(text) })
      }
    }
    let reached = true
    let trap = ''
    try {
      reached = third.run(destroy, k, intern)
    } catch (error) {
      trap = `${error}`
    }
    const changed = texts.filter((text) => bytesOf(text.at) !== text.is).length
    expect({ k, changed, trap }).toEqual({ k, changed: 0, trap: '' })
    if (!reached) return
  }
})
