// What must be true of the memory while writers are preempted, and when all have gone. Each check throws with the
// sentence that says what is wrong; the schedule is named by whoever runs it.

import * as at from '../../assembly/layout.ts'
import type { Event, History, Image } from '../../src/inspect.ts'
import { openImage } from '../../src/inspect.ts'
import type { Call, World } from '../support/schedule.ts'
import { type Given, SAME } from './given.ts'

const END_OF_LIST = 2 ** 24

export interface Leak {
  blocks: number
  directories: number
  histories: number
}

function wrong(text: string): never {
  throw new Error(text)
}

const handleOf = (history: number, generation: number) =>
  generation * END_OF_LIST + (history >>> at.HISTORY_SHIFT)

/** Opens the memory as an image, decodes all of it, and believes none that has a problem. */
export function checkImage(world: World): Image {
  const image = openImage(world.image())
  image.threads()
  image.verbs()
  image.stats()
  const recorded = callsByPayload(world)
  for (const list of image.lists()) {
    for (const history of list.histories()) {
      const seen = new Set<string>()
      for (const event of history.events()) {
        if (event.verb === '') continue
        if (event.verb === SAME) {
          checkSame(world, history, event)
          continue
        }
        if (event.count !== 1) wrong(`"${event.log}" was logged once and counts ${event.count}`)
        if (seen.has(event.log)) wrong(`event "${event.log}" stands twice in ${history.objectText}`)
        seen.add(event.log)
        const [payload, number, generation] = event.log.split(' ').map(Number)
        const call = recorded.get(payload as number)
        if (call === undefined) wrong(`nobody logged "${event.log}" in ${history.objectText}`)
        const { target } = call
        if (target === undefined || handleOf(target.history, target.generation) !== history.handle)
          wrong(`event "${event.log}" stands in another history, ${history.objectText}`)
        const isWhole =
          number === target.history >>> at.HISTORY_SHIFT &&
          (generation === undefined || generation === target.generation)
        if (number !== undefined && !isWhole)
          wrong(`event ${event.index} of ${history.objectText} says "${event.log}"`)
        if (call.end >= 0 && call.answer === 0) wrong(`"${event.log}" is there but was refused`)
      }
    }
  }
  const [problem] = image.problems()
  if (problem) wrong(problem.text)
  return image
}

/** A run of equal events: of this history, and of no more than somebody logged. */
function checkSame(world: World, history: History, event: Event): void {
  const { handle, objectText } = history
  const says = `same ${handle % END_OF_LIST} ${Math.floor(handle / END_OF_LIST)}`
  if (event.log !== says) wrong(`event ${event.index} of ${objectText} says "${event.log}"`)
  const begun = foldsOf(world.calls(), handle).length
  if (event.count > begun) wrong(`${objectText} counts ${event.count} repeats of ${begun}`)
}

const foldsOf = (calls: Call[], handle: number) =>
  calls.filter(
    ({ kind, target }) =>
      kind === 'fold' && target && handleOf(target.history, target.generation) === handle,
  )

/**
 * Folded calls have no names, so they are counted: as many as were acknowledged, and on either side of every other event
 * no fewer than ended before it began, or began after it had ended.
 */
function checkRuns(history: History, calls: Call[], logged: readonly Call[]): number {
  const folds = foldsOf(calls, history.handle)
  const acknowledged = folds.filter((call) => call.end >= 0 && call.answer !== 0)
  const events = history.events()
  const runs = events.filter(({ verb }) => verb === SAME)
  const counted = sum(runs.map(({ count }) => count))
  const underWay = folds.filter((call) => call.end < 0).length
  const name = history.objectText
  if (counted < acknowledged.length || counted > acknowledged.length + underWay)
    wrong(`${name} counts ${counted} repeats, ${acknowledged.length} were acknowledged`)
  const places = sum(runs.map(({ index, lastIndex }) => lastIndex - index + 1))
  for (const call of logged) {
    const event = events.find(
      ({ verb, log }) => verb !== SAME && Number(log.split(' ')[0]) === call.payload,
    )
    if (!event) continue
    const side = (isBefore: boolean) =>
      sum(runs.filter(({ index }) => index < event.index === isBefore).map(({ count }) => count))
    const ended = acknowledged.filter(({ end }) => end < call.start).length
    const began = acknowledged.filter(({ start }) => start > call.end).length
    if (side(true) < ended || side(false) < began)
      wrong(`${name}: repeats stand on the wrong side of event ${call.payload}`)
  }
  return places
}

function callsByPayload(world: World): Map<number, Call> {
  const calls = new Map<number, Call>()
  for (const thread of world.threads)
    for (const call of thread.calls) if (call.kind === 'log') calls.set(call.payload, call)
  return calls
}

/** All have ended, or stopped for ever. */
export function checkEnd(given: Given): Leak {
  const { world } = given
  const image = checkImage(world)
  const anyDead = world.threads.some((thread) => thread.isDead)
  const calls = world.calls()
  for (const list of image.lists())
    for (const history of list.histories()) checkHistory(history, calls, anyDead)
  checkStale(image, calls)
  checkWindows(given, image, calls, anyDead)
  const leak = checkMemory(given, image, anyDead)
  if (!anyDead && (leak.blocks || leak.directories || leak.histories))
    wrong(`lost for ever: ${JSON.stringify(leak)}`)
  return leak
}

function checkHistory(history: History, calls: Call[], anyDead: boolean): void {
  const name = history.objectText
  const mine = calls.filter(
    ({ target }) =>
      target !== undefined && handleOf(target.history, target.generation) === history.handle,
  )
  const logged = mine.filter((call) => call.kind === 'log' && call.end >= 0 && call.answer !== 0)
  const underWay = mine.filter((call) => call.kind === 'log' && call.end < 0).length
  const folding = foldsOf(mine, history.handle).filter((call) => call.end < 0).length
  const places = logged.length + checkRuns(history, calls, logged)
  if (history.len < places || history.len > places + underWay + folding)
    wrong(`${name} claims ${history.len} events, ${logged.length} were acknowledged`)
  const gaps = history.gaps()
  if (gaps.some((gap) => gap.cause === 'damaged')) wrong(`${name} has damaged events`)
  if (!anyDead && gaps.some((gap) => gap.cause === 'unfinished'))
    wrong(`${name} has unfinished events, and nobody is dead`)
  const fallen = sum(gaps.filter((gap) => gap.cause === 'fallen').map((gap) => gap.count))
  const maxEvents = history.list.maxEvents
  if (fallen > Math.max(0, history.len - maxEvents))
    wrong(`${name}: ${fallen} events fell of ${history.len}, though ${maxEvents} are promised`)
  const unfinished = sum(gaps.filter((gap) => gap.cause === 'unfinished').map((gap) => gap.count))
  if (unfinished > underWay + folding)
    wrong(`${name}: ${unfinished} events unfinished, ${underWay} under way`)

  const indexes = new Map<number, number>()
  for (const event of history.events())
    if (event.verb !== '' && event.verb !== SAME)
      indexes.set(Number(event.log.split(' ')[0]), event.index)
  const shown = logged.filter((call) => indexes.has(call.payload))
  if (logged.length - shown.length > fallen)
    wrong(
      `${name}: ${logged.length - shown.length} acknowledged events are missing, ${fallen} fell`,
    )
  // The order of the acknowledgements: whatever ended before another began stands before it.
  shown.sort((one, other) => one.start - other.start)
  let newest = -1
  const ended = [...shown].sort((one, other) => one.end - other.end)
  let e = 0
  for (const call of shown) {
    for (; e < ended.length && (ended[e] as Call).end < call.start; e++)
      newest = Math.max(newest, indexes.get((ended[e] as Call).payload) as number)
    if ((indexes.get(call.payload) as number) < newest)
      wrong(
        `${name}: event ${call.payload} stands before one that was acknowledged before it began`,
      )
  }

  const count = (kind: Call['kind'], isDone: boolean) =>
    mine.filter(
      (call) => call.kind === kind && (isDone ? call.end >= 0 && call.answer !== 0 : call.end < 0),
    ).length
  const expected = 1 + count('ref', true) - count('unref', true)
  const least = Math.max(0, expected - count('unref', false))
  if (history.ref < least || history.ref > expected + count('ref', false))
    wrong(`${name} has ${history.ref} references, ${expected} were acknowledged`)
}

/** Nothing is shown of what was refused, and what was refused was of a life that is gone. */
function checkStale(image: Image, calls: Call[]): void {
  for (const call of calls) {
    if (call.target === undefined || call.end < 0 || call.answer !== 0) continue
    const { history, generation } = call.target
    if (image.history(handleOf(history, generation)) && call.kind !== 'unref')
      wrong(`a ${call.kind} was refused, though the history is there`)
  }
}

/** By window alone: the newest are there, the older ones only when pinned. */
function checkWindows(given: Given, image: Image, calls: Call[], anyDead: boolean): void {
  const { world } = given
  const lists = image.lists()
  const isWithinBudget = lists.every((list) => list.evictedByBudget + list.evictedPinned === 0)
  for (const list of lists) {
    const retained = list.histories()
    const byOrder = new Map(retained.map((history) => [history.order, history]))
    if (byOrder.size < retained.length) wrong(`two histories of ${list.name} have one order number`)
    if (isWithinBudget && !anyDead) {
      for (let order = Math.max(0, list.pushed - list.window); order < list.pushed; order++)
        if (!byOrder.has(order)) wrong(`${list.name} lost its history of order ${order}`)
    }
    if (anyDead) continue
    for (const history of retained) {
      const isOld = history.order < list.pushed - list.window
      const control = world.word(history.address + at.HISTORY_CONTROL)
      const refs = (control >>> at.CONTROL_REFS_SHIFT) & at.CONTROL_REFS_MAX
      if (isOld && refs === 0) wrong(`${list.name} still holds ${history.objectText}, long out`)
      if (isOld !== history.pinned && isWithinBudget)
        wrong(`${history.objectText} is ${isOld ? 'out of' : 'in'} the window but not marked so`)
    }
  }
  const pushed = calls.filter((call) => call.kind === 'push' && call.end >= 0 && call.answer !== 0)
  const total = sum(image.lists().map((list) => list.pushed))
  const underWay = calls.filter((call) => call.kind === 'push' && call.end < 0).length
  // A list that was destroyed is not shown any more.
  if (total > pushed.length + underWay) wrong(`${total} pushed, ${pushed.length} acknowledged`)
}

// ---------------------------------------------------------------------------------------------------------------------
// Memory: everything that was ever handed out is either free, once, or reached from a life.

function checkMemory({ world, skipped }: Given, image: Image, anyDead: boolean): Leak {
  const word = (address: number) => world.word(address)
  const freeChunks = stack(world, at.HEADER_FREE_CHUNKS, at.CHUNK_SHIFT, at.CHUNK_NEXT, 'chunks')
  const handedOut = (chunkClass: number, cursorAt: number, perChunk: number, shift: number) => {
    const all = new Set<number>()
    for (let chunk = 1; chunk < word(at.HEADER_CHUNKS); chunk++) {
      const base = chunk * at.CHUNK_BYTES
      if (word(base + at.CHUNK_CLASS) !== chunkClass || freeChunks.has(base)) continue
      const isNewest = word(cursorAt + 4) === chunk
      // Taken by a thread that died before it moved the cursor here: lost as a whole.
      if (!isNewest && anyDead && word(base + (1 << shift) + 4) === 0 && isUntouched(world, base))
        continue
      const count = isNewest ? word(cursorAt) : perChunk
      for (let n = 1; n <= count; n++) all.add(base + n * 2 ** shift)
    }
    for (const address of skipped) all.delete(address)
    return all
  }

  const blocks = handedOut(
    at.CLASS_BLOCKS,
    at.HEADER_CURSOR_BLOCKS,
    at.BLOCKS_PER_CHUNK,
    at.BLOCK_SHIFT,
  )
  const directories = handedOut(
    at.CLASS_DIRECTORIES,
    at.HEADER_CURSOR_DIRECTORIES,
    at.BLOCKS_PER_CHUNK,
    at.BLOCK_SHIFT,
  )
  const slots = handedOut(
    at.CLASS_HISTORIES,
    at.HEADER_CURSOR_HISTORIES,
    at.HISTORIES_PER_CHUNK,
    at.HISTORY_SHIFT,
  )
  const freeBlocks = stack(world, at.HEADER_FREE_BLOCKS, at.BLOCK_SHIFT, at.BLOCK_NEXT, 'blocks')
  const freeDirectories = stack(
    world,
    at.HEADER_FREE_DIRECTORIES,
    at.BLOCK_SHIFT,
    at.BLOCK_NEXT,
    'directories',
  )
  const freeSlots = stack(
    world,
    at.HEADER_FREE_HISTORIES,
    at.HISTORY_SHIFT,
    at.HISTORY_ORDER,
    'histories',
  )

  const take = (set: Set<number>, free: Set<number>, address: number, what: string) => {
    if (set.has(address)) wrong(`${what} ${address} is used twice`)
    if (free.has(address)) wrong(`${what} ${address} is used and free`)
    set.add(address)
  }
  for (const { number } of world.threads) {
    const spares = sparesOf(world, number)
    for (const block of spares.blocks) take(freeBlocks, freeBlocks, block, 'spare block')
    for (const history of spares.histories) take(freeSlots, freeSlots, history, 'spare history')
  }
  const named = (entry: number) => (word(entry) & at.ENTRY_BLOCK_MASK) * at.BLOCK_BYTES
  const usedBlocks = new Set<number>()
  const usedDirectories = new Set<number>()
  const takeBlock = (address: number, what: string) => {
    if (address === 0) return
    take(usedBlocks, freeBlocks, address, what)
    const state = word(address + at.BLOCK_STATE) & ~(1 << at.BLOCK_PARITY_SHIFT)
    if (state !== at.BLOCK_IN_USE && !anyDead)
      wrong(`${what} ${address} has the state ${word(address + at.BLOCK_STATE)}`)
  }
  const takeEvents = (address: number) => {
    takeBlock(address, 'event block')
    if (address === 0) return
    let text = word(address + at.BLOCK_TEXT) * at.BLOCK_BYTES
    for (; text !== 0; text = word(text + at.BLOCK_NEXT) * at.BLOCK_BYTES)
      takeBlock(text, 'text block')
  }
  const used = new Map<number, number>()
  const takeEntry = (entry: number) => {
    const address = named(entry)
    if (address === 0) return
    const chunkClass = word(address - (address % at.CHUNK_BYTES) + at.CHUNK_CLASS)
    if (chunkClass === at.CLASS_BLOCKS) return takeEvents(address)
    if (chunkClass !== at.CLASS_DIRECTORIES) wrong(`entry ${entry} names byte ${address}`)
    take(usedDirectories, freeDirectories, address, 'directory')
    for (let k = 0; k < at.DIRECTORY_ENTRIES; k++)
      takeEntry(address + at.BLOCK_HEADER_BYTES + k * 8)
  }
  // What a late thread put into a directory that is free already goes when the directory is next used.
  for (const directory of freeDirectories)
    for (let k = 0; k < at.DIRECTORY_ENTRIES; k++)
      takeEntry(directory + at.BLOCK_HEADER_BYTES + k * 8)
  for (const slot of slots) {
    // A late thread may have left a block in a slot that is free: the next life there gives it back.
    for (let k = 0; k < at.HISTORY_INLINE_ENTRIES; k++) takeEntry(slot + at.HISTORY_ENTRIES + k * 8)
    takeEntry(slot + at.HISTORY_DIRECTORY)
    let kept = named(slot + at.HISTORY_KEPT)
    for (; kept !== 0; kept = word(kept + at.BLOCK_NEXT) * at.BLOCK_BYTES) takeEvents(kept)
    if ((word(slot + at.HISTORY_CONTROL) & at.CONTROL_LIVE) === 0) continue
    if (freeSlots.has(slot)) wrong(`history ${slot} lives and is free`)
    if ((word(slot + at.HISTORY_PUSH) & at.PUSH_KIND_MASK) === at.OBJECT_LONG_STRING)
      takeBlock(word(slot + at.HISTORY_OBJECT), 'name block')
  }
  // Abandoned, and finished since: the next look at them frees them, and their lists count them until then.
  for (const block of blocks) {
    const state = word(block + at.BLOCK_STATE)
    if ((state & at.BLOCK_ABANDONED) === 0 || !isFinished(world, block, state)) continue
    take(usedBlocks, freeBlocks, block, 'abandoned block')
    let text = word(block + at.BLOCK_TEXT) * at.BLOCK_BYTES
    for (; text !== 0; text = word(text + at.BLOCK_NEXT) * at.BLOCK_BYTES)
      takeBlock(text, 'text block')
  }
  for (const block of usedBlocks) {
    const list = word(block + at.BLOCK_OWNER) >>> 24
    used.set(list, (used.get(list) ?? 0) + 1)
  }
  for (const block of freeBlocks)
    if (!blocks.has(block)) wrong(`${block} is no block, but free as one`)
  for (const slot of freeSlots)
    if (!slots.has(slot)) wrong(`${slot} is no history, but free as one`)
  for (const directory of freeDirectories)
    if (!directories.has(directory)) wrong(`${directory} is no directory, but free as one`)
  if (!anyDead) {
    for (const list of image.lists()) {
      const counted = word(list.address + at.LIST_BLOCKS)
      if (counted !== (used.get(list.number) ?? 0))
        wrong(`LIST_BLOCKS of ${list.name} is ${counted}, in use are ${used.get(list.number) ?? 0}`)
    }
  }
  let live = 0
  for (const slot of slots) if (word(slot + at.HISTORY_CONTROL) & at.CONTROL_LIVE) live++
  return {
    blocks: blocks.size - freeBlocks.size - usedBlocks.size,
    directories: directories.size - freeDirectories.size - usedDirectories.size,
    histories: slots.size - freeSlots.size - live,
  }
}

function isFinished(world: World, block: number, state: number): boolean {
  const claimed = state & at.BLOCK_COUNT_MASK
  const isOdd = (state & (1 << at.BLOCK_PARITY_SHIFT)) !== 0
  const mark = isOdd ? at.EVENT_COMMITTED_ODD : at.EVENT_COMMITTED_EVEN
  for (let n = 0; n < claimed; n++) {
    const event = block + at.BLOCK_HEADER_BYTES + n * at.EVENT_BYTES
    if ((world.word(event + at.EVENT_CHECK) & mark) === 0) return false
  }
  return true
}

/** What a thread keeps for itself. */
function sparesOf(world: World, thread: number): { blocks: number[]; histories: number[] } {
  const chunk = world.word(at.THREAD_CHUNKS)
  const record = chunk * at.CHUNK_BYTES + (thread + 1) * at.THREAD_BYTES
  const block = world.word(record + at.THREAD_SPARE_BLOCK) * at.BLOCK_BYTES
  const history = world.word(record + at.THREAD_SPARE_HISTORY) * at.HISTORY_BYTES
  return { blocks: block === 0 ? [] : [block], histories: history === 0 ? [] : [history] }
}

function isUntouched(world: World, base: number): boolean {
  for (let at = base + 64; at < base + 65536; at += 4) if (world.word(at) !== 0) return false
  return true
}

/** The members of a free stack; it must end. */
function stack(world: World, top: number, shift: number, next: number, what: string): Set<number> {
  const members = new Set<number>()
  for (let number = world.word(top); number !== 0; ) {
    const address = number * 2 ** shift
    if (members.has(address)) wrong(`the stack of free ${what} has a cycle at ${address}`)
    members.add(address)
    number = world.word(address + next)
  }
  return members
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
