// A service runs for minutes, in rounds. After each round its threads pause, and the recorder must be what it was a round
// ago: the same memory, the same number of lives retained, every call accounted for, no more JavaScript heap.

const WORKER = new URL('./soak.worker.mjs', import.meta.url)
const BOXES = 32
/** What fits: its windows need about half the budget. What does not: the budget evicts all the time. */
const FITTING = {
  budget: '8MiB',
  sessions: { window: 1200 },
  dialogs: { window: 180, maxEvents: 40 },
}
const FULL = {
  budget: '4MiB',
  sessions: { window: 20_000 },
  dialogs: { window: 2000, maxEvents: 40 },
}
/** Rounds until caches, interned strings and compiled code have settled. */
const WARM_UP = 3
/** Lives differ: their most blocks at once may come in any round, and one more chunk with it. A leak goes on for ever. */
const WAVERING_BYTES = 3 * 65536
const HEAP_GROWTH_MAX = 3 * 2 ** 20

/** `goOn(round)`: whether there is to be another. -> { figures, faults } */
export async function soak(
  { Recorder, openImage, spawnWorker },
  { threads, livesPerRound, seed, goOn },
  say = () => {},
) {
  const faults = []
  const recorders = [FITTING, FULL].map((given) => new Recorder({ budget: given.budget }))
  for (const [at, given] of [FITTING, FULL].entries()) {
    recorders[at].list('sessions', given.sessions)
    recorders[at].list('dialogs', given.dialogs)
  }
  const boxes = new BigInt64Array(new SharedArrayBuffer(BOXES * 8))
  const workers = []
  const rounds = []
  try {
    for (let number = 0; number < threads; number++) {
      const data = { tickets: recorders.map((recorder) => recorder.share()), boxes, number }
      workers.push(await spawnWorker(WORKER, data, { deadlineMs: 60_000 }))
    }
    for (let round = 0; faults.length === 0 && goOn(round); round++) {
      const lives = { seed, first: round * livesPerRound, count: livesPerRound }
      await Promise.all(workers.map((worker) => worker.call('live', lives)))
      const told = []
      for (const worker of workers) told.push(await worker.call('drain'))
      rounds.push(paused(recorders, told, openImage, faults))
      say(
        `round ${round}: ${rounds.at(-1).pushed} lives, ${rounds.at(-1).retained.join(' and ')} retained`,
      )
    }
  } catch (error) {
    faults.push(`A thread failed: ${error.message}`)
  } finally {
    for (const worker of workers) await worker.terminate()
  }
  const last = rounds.at(-1)
  if (!last || rounds.length <= WARM_UP)
    faults.push(`Only ${rounds.length} rounds: nothing is shown`)
  else expectNoDrift(rounds.slice(WARM_UP), faults)
  const heapGrowth = last ? last.heap - rounds[Math.min(WARM_UP, rounds.length - 1)].heap : 0
  const figures = [
    ['rounds', rounds.length],
    ['lives', last?.pushed ?? 0],
    ['events', last?.events ?? 0],
    ['handed over', last?.handedOver ?? 0],
    ['gone before they were pinned', last?.overtaken ?? 0],
    ['events flushed', last?.flushed ?? 0],
    ['retained where all fits', last?.retained[0] ?? 0],
    [
      'retained at the limit, fewest and most',
      spread(rounds.slice(WARM_UP), ({ retained }) => retained[1]),
    ],
    ['bytes of memory at the end', last?.bytes.join(' and ') ?? ''],
    ['growth of the JavaScript heaps, bytes', heapGrowth],
  ]
  return { figures, faults }
}

/** All threads are idle, and nothing lies in the mailbox: every reference but the pusher's own has been released. */
function paused(recorders, told, openImage, faults) {
  for (const { faults: own } of told) faults.push(...own)
  const sum = (of) => told.reduce((total, thread) => total + thread[of], 0)
  const stats = recorders.map((recorder) => recorder.stats())
  const all = (of) => stats.reduce((total, one) => total + one[of], 0)
  const expectEqual = (what, is, wanted) => {
    if (is !== wanted) faults.push(`${what}: ${is}, expected ${wanted}`)
  }
  expectEqual('histories pushed', all('pushed'), sum('pushed'))
  expectEqual('events logged', all('logged'), sum('events'))
  expectEqual('lives handed over', sum('handedOver'), sum('pushed') - sum('overtaken'))
  expectEqual('calls on lives that were gone', all('stale'), sum('overtaken'))
  if (sum('overtaken') > sum('pushed') / 1000)
    faults.push(`${sum('overtaken')} of ${sum('pushed')} lives went before they could be pinned`)
  expectEqual('retained and evicted', all('histories') + all('evicted'), all('pushed'))
  for (const counter of [
    'dropped',
    'rejected',
    'pushesDropped',
    'evictedPinned',
    'unrefsBelowZero',
  ])
    expectEqual(counter, all(counter), 0)
  expectEqual('blocks left to late threads', all('abandoned') - all('returned'), 0)
  for (const [at, recorder] of recorders.entries()) {
    if (stats[at].bytes > stats[at].budget)
      faults.push(`${stats[at].bytes} bytes exceed the budget`)
    const bytes = new Uint8Array(recorder.share().memory.buffer, 0, stats[at].bytes)
    const image = openImage(bytes, { live: true })
    for (const list of image.lists()) expectReleased(list, faults)
    for (const problem of image.problems()) faults.push(problem.text)
  }
  return {
    pushed: sum('pushed'),
    events: sum('events'),
    overtaken: sum('overtaken'),
    handedOver: sum('handedOver'),
    flushed: sum('flushed'),
    heap: sum('heap'),
    retained: stats.map(({ histories }) => histories),
    bytes: stats.map(({ bytes }) => bytes),
    evictedByBudget: stats.map(({ evictedByBudget }) => evictedByBudget),
  }
}

function expectReleased(list, faults) {
  const histories = list.histories()
  const held = histories.find(({ ref, pinned, ended }) => ref !== 1 || pinned || !ended)
  if (held)
    faults.push(
      `${list.name} ${held.objectText} is held by ${held.ref} references, all were released`,
    )
  if (histories.length > list.window)
    faults.push(`${list.name} retains ${histories.length} of ${list.window}`)
  // One in a hundred, from end to end: a life is its thirteen events and no other's.
  for (let at = 0; at < histories.length; at += 97) {
    const history = histories[at]
    const events = history.events()
    const last = events.at(-1)
    const missing = history
      .gaps()
      .reduce((total, gap) => total + (gap.cause === 'fallen' ? gap.count : 0), 0)
    if (events.length + missing !== history.len || last?.verb !== 'END')
      faults.push(
        `${list.name} ${history.objectText}: ${events.length} of ${history.len} events, ${missing} fallen, the last is ${last?.verb}`,
      )
  }
}

/** `settled`: the rounds after which nothing may change any more. */
function expectNoDrift(settled, faults) {
  const [first] = settled
  const last = settled.at(-1)
  for (const [at, bytes] of last.bytes.entries()) {
    if (bytes > first.bytes[at] + WAVERING_BYTES)
      faults.push(`Memory went from ${first.bytes[at]} to ${bytes} bytes`)
  }
  const windows = FITTING.sessions.window + FITTING.dialogs.window
  for (const { retained, evictedByBudget } of settled) {
    if (retained[0] !== windows)
      faults.push(`${retained[0]} lives are retained, the windows are ${windows}`)
    if (evictedByBudget[0] !== 0)
      faults.push(`${evictedByBudget[0]} lives were evicted where all fits`)
  }
  if (last.evictedByBudget[1] === 0)
    faults.push('The budget has evicted nothing: this has shown nothing about it')
  // Lives differ in length, so their number at the limit does, a little; memory that leaks would lower it for good.
  const third = Math.ceil(settled.length / 3)
  const mean = (some) => some.reduce((total, { retained }) => total + retained[1], 0) / some.length
  const [before, after] = [mean(settled.slice(0, third)), mean(settled.slice(-third))]
  if (after < before * 0.95)
    faults.push(
      `At the limit ${before.toFixed(0)} lives were retained, in the end ${after.toFixed(0)}`,
    )
  // 0: this runtime does not tell.
  if (last.heap - first.heap > HEAP_GROWTH_MAX)
    faults.push(
      `The JavaScript heaps grew by ${last.heap - first.heap} bytes over ${settled.length} rounds`,
    )
}

function spread(rounds, of) {
  const values = rounds.map(of)
  return values.length === 0 ? 'none' : `${Math.min(...values)} and ${Math.max(...values)}`
}
