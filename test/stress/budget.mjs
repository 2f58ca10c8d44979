// Several threads fill one recorder far beyond its budget; then everything that they were told is compared with
// everything that the recorder says. Used for seconds by budget.test.ts, for minutes by test/verify/budget.mjs.

import { LISTS, lifeOf, lineOf } from './lives.mjs'

const WORKER = new URL('./budget.worker.mjs', import.meta.url)
/** Lives that each thread records in one call: between two calls it hears messages, as a service does. */
const ROUND = 20_000
/** About what a life of these takes. */
const LIFE_BYTES = 1100
/** Of the lives that are left, so many are read event by event. */
const SAMPLE = 2000

/**
 * `times`: how often what fits is pushed. `pinEvery`: every so many-th life is pinned; 1: all.
 * -> { figures, faults, growths }: `growths` is how many different lengths the memory was seen to have.
 */
export async function fillBudget({ Recorder, openImage, spawnWorker }, given, say = () => {}) {
  const { budget, threads, times, pinEvery, seed, deadlineMs = 60_000 } = given
  const faults = []
  // Precise: the pinned go by age, which must be told apart.
  const recorder = new Recorder({ budget, clock: pinEvery > 0 ? 'precise' : 'coarse' })
  const lists = LISTS.map(({ name, window }) => recorder.list(name, { window }))
  const { memory } = recorder.share()
  const most = recorder.stats().budget
  const lengths = new Set()
  const lookAtMemory = () => {
    lengths.add(memory.buffer.byteLength)
    if (memory.buffer.byteLength > most)
      faults.push(`The memory is ${memory.buffer.byteLength} bytes long, the budget is ${most}`)
  }

  const workers = []
  const told = Array.from({ length: threads }, () => [])
  try {
    for (let who = 0; who < threads; who++) {
      const data = { ticket: recorder.share(), thread: `filler ${who}` }
      workers.push(await spawnWorker(WORKER, data, { deadlineMs }))
    }
    const count = Math.ceil((most / LIFE_BYTES) * times) / threads
    const watch = setInterval(lookAtMemory, 5)
    try {
      await Promise.all(
        workers.map(async (worker, who) => {
          for (let first = 0; first < count; first += ROUND) {
            const round = { seed, who, first, count: Math.ceil(Math.min(ROUND, count - first)) }
            told[who].push(await worker.call('fill', { ...round, pinEvery }))
            if (who === 0 && first > 0 && first % (25 * ROUND) === 0)
              say(`${given.budget}: ${((100 * first) / count).toFixed(0)} % pushed`)
          }
        }),
      )
    } catch (error) {
      faults.push(`A thread failed: ${error.message}`)
    } finally {
      clearInterval(watch)
    }
  } finally {
    for (const worker of workers) await worker.terminate()
  }
  lookAtMemory()

  const stats = recorder.stats()
  const expectEqual = (what, is, wanted) => {
    if (is !== wanted) faults.push(`${what}: ${is}, expected ${wanted}`)
  }
  const sum = (of) => told.flat().reduce((total, round) => total + round[of], 0)
  if (stats.bytes > most) faults.push(`${stats.bytes} bytes are taken, the budget is ${most}`)
  expectEqual('histories pushed', stats.pushed, sum('pushes'))
  expectEqual('pushes refused', stats.pushesDropped, sum('pushesRefused'))
  expectEqual('events logged', stats.logged, sum('events'))
  const refusals = stats.dropped + stats.stale + stats.rejected
  expectEqual('events and references refused', refusals, sum('refusals'))

  const lives = livesOf(told, seed, lists)
  const image = openImage(new Uint8Array(memory.buffer, 0, stats.bytes), { live: true })
  expectAccounts(image, lives, expectEqual)
  const strays = expectOrder(lives, { threads }, stats, faults)
  const checked = expectWhole(lists, lives, seed, faults)
  for (const problem of image.problems()) faults.push(problem.text)
  if (stats.evicted === 0)
    faults.push('Nothing was evicted: this has shown nothing about the limit')

  const figures = [
    ['pushed', stats.pushed],
    ['retained', stats.histories],
    ['evicted', stats.evictedByWindow + stats.evictedByBudget],
    ['evicted pinned', stats.evictedPinned],
    ['events', stats.logged],
    ['calls refused as gone', stats.stale],
    ['calls refused for memory', stats.dropped + stats.pushesDropped],
    ['texts lost', stats.textsLost],
    ['older than one that went', strays],
    ['read event by event', checked],
    ['MiB', stats.bytes / 2 ** 20],
  ]
  return { figures, faults: faults.slice(0, 20), growths: lengths.size }
}

/** Every life that was acknowledged, by list and thread, in the order of its pushes. */
function livesOf(told, seed, lists) {
  const lives = lists.map(() => told.map(() => []))
  for (const [who, rounds] of told.entries()) {
    let n = 0
    for (const { handles, logged, pinned } of rounds) {
      for (let at = 0; at < handles.length; at++, n++) {
        if (handles[at] === 0) continue
        const { list } = lifeOf(seed, who, n)
        const isLeft = lists[list].at(handles[at]) !== undefined
        lives[list][who].push({
          n,
          handle: handles[at],
          events: logged[at],
          pinned: pinned[at] === 1,
          isLeft,
        })
      }
    }
  }
  return lives
}

/** Of each list: pushed = retained + evicted by window + by budget + pinned. */
function expectAccounts(image, lives, expectEqual) {
  for (const [at, { name }] of LISTS.entries()) {
    const list = image.list(name)
    const all = lives[at].flat()
    const left = all.filter(({ isLeft }) => isLeft)
    const evicted = list.evictedByWindow + list.evictedByBudget + list.evictedPinned
    expectEqual(`list ${name}, pushed`, list.pushed, all.length)
    expectEqual(`list ${name}, retained and evicted`, left.length + evicted, all.length)
    const events = all.reduce((total, life) => total + life.events, 0)
    const eventsLeft = left.reduce((total, life) => total + life.events, 0)
    expectEqual(`list ${name}, events gone`, list.eventsGone, events - eventsLeft)
  }
}

/**
 * Of each thread's unpinned lives those that are left are its last ones, and so are its pinned ones once all unpinned are
 * gone. A life that a thread was at work on may outlive the next one, so each thread may have one stray per list.
 */
function expectOrder(lives, { threads }, stats, faults) {
  let strays = 0
  for (const [at, { name }] of LISTS.entries()) {
    for (const [who, all] of lives[at].entries()) {
      for (const isPinned of [false, true]) {
        const kind = all.filter(({ pinned }) => pinned === isPinned)
        const lastGone = kind.findLastIndex(({ isLeft }) => !isLeft)
        const early = kind.slice(0, lastGone + 1).filter(({ isLeft }) => isLeft)
        strays += early.length
        if (early.length > threads)
          faults.push(
            `list ${name}, thread ${who}: ${early.length} ${isPinned ? 'pinned' : 'unpinned'} lives outlived younger ones, the first is life ${early[0].n}`,
          )
      }
    }
  }
  const pins = lives.flat(2).filter(({ pinned }) => pinned).length
  if (pins * LIFE_BYTES < stats.budget / 2 && stats.evictedPinned > 0)
    faults.push(`${stats.evictedPinned} pinned lives went, though unpinned ones were left`)
  return strays
}

/** What was acknowledged of a retained life is there: each event once, in order, whole. */
function expectWhole(lists, lives, seed, faults) {
  let checked = 0
  for (const [at, list] of lists.entries()) {
    for (const [who, all] of lives[at].entries()) {
      const left = all.filter(({ isLeft }) => isLeft)
      const step = Math.max(1, Math.floor((left.length * lives.flat().length) / SAMPLE))
      for (let place = left.length - 1; place >= 0; place -= step) {
        const { n, handle, events } = left[place]
        const life = lifeOf(seed, who, n)
        const shown = list.at(handle)?.events() ?? []
        const wanted = Array.from({ length: life.events }, (_, i) => lineOf(life, who, n, i))
        const lines = shown.map(({ log }) => log)
        checked++
        // Without a refusal all of them; else those that were acknowledged, which are some of them.
        const isRight =
          lines.length === events &&
          (events < life.events || lines.every((line, i) => line === wanted[i]))
        if (!isRight)
          faults.push(
            `life ${n} of thread ${who} shows ${JSON.stringify(lines).slice(0, 300)}, ${events} of ${life.events} events were acknowledged`,
          )
      }
    }
  }
  return checked
}
