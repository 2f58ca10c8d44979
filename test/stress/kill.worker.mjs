// A thread that is about to be killed (or, for comparison, to live on): joins, and works until it is terminated, told to
// stop, or stopped at one of its accesses to shared memory.

import { Recorder } from '../../build/index.js'
import { random } from '../support/random.mjs'
import { Actor } from './actor.mjs'
import { joinName, style, threadName } from './contents.mjs'
import {
  BEAT,
  ENDED,
  FAILED,
  HAS_JOINED,
  JOINED,
  JOINS,
  JOINS_BEGUN,
  Ledger,
  LOADED,
  PHASE,
  STOP,
  STOPPED_AT_A_STEP,
} from './ledger.mjs'

const threads = await import('node:worker_threads')
const port = threads.parentPort ?? globalThis
/** Where nothing ends a thread that does not come back to its event loop, it has to come back: sooner or later. */
const mustYield = 'Deno' in globalThis
const STEPS_A_TURN = 40
const GIVEN_UP = { isDead: true }
let actor

if (threads.parentPort) port.once('message', work)
else globalThis.onmessage = ({ data }) => work(data)
// The clock's timer of a thread that gave up finds it dead, too.
globalThis.addEventListener?.('error', (event) => {
  if (event.error === GIVEN_UP) event.preventDefault()
})

async function work(given) {
  const { cells } = given
  try {
    Atomics.store(cells, PHASE, LOADED)
    style.hasTexts = given.hasTexts
    if (given.stop) stopInside(given.stop, given.steppedCore, cells)
    if (given.role === 'joiner') await joinAgainAndAgain(given)
    else await act(given)
    Atomics.store(cells, PHASE, ENDED)
  } catch (error) {
    if (error === GIVEN_UP) return
    Atomics.store(cells, PHASE, FAILED)
    port.postMessage({ who: given.who, error: `${error}\n${error?.stack ?? ''}` })
  }
}

async function act({ role, ticket, who, seed, cells, now, ...rest }) {
  const recorder = Recorder.join(ticket, { thread: threadName(who) })
  Atomics.store(cells, HAS_JOINED, 1)
  const ledger = new Ledger(who, cells, now)
  actor = new Actor({ ...rest, recorder, ledger, random: random(seed) })
  const steps = STEPS_A_TURN * (mustYield ? 2 ** (seed % 7) : 1)
  let turns = 0
  Atomics.store(cells, PHASE, JOINED)
  while (!Atomics.load(cells, STOP)) {
    for (let n = 0; n < steps && !Atomics.load(cells, STOP); n++) actor.step()
    if (mustYield) await nextTurn()
    // Whoever lives on leaves the processors to those that have little time.
    else if (role === 'survivor' && ++turns % 8 === 0) Atomics.wait(cells, STOP, 0, 1)
  }
}

async function joinAgainAndAgain({ ticket, who, seed, cells, now, joins, ...rest }) {
  const ledger = new Ledger(who, cells, now)
  const choose = random(seed)
  for (let n = 0; n < joins && !Atomics.load(cells, STOP); n++) {
    Atomics.store(cells, JOINS_BEGUN, n + 1)
    Atomics.add(cells, BEAT, 1)
    actor = undefined
    const recorder = Recorder.join(ticket, { thread: joinName(who, n) })
    Atomics.store(cells, JOINS, n + 1)
    if (n === 0) Atomics.store(cells, PHASE, JOINED)
    actor = new Actor({ ...rest, recorder, ledger, random: choose })
    for (let i = 0; i < 5; i++) actor.step()
    if (mustYield) await nextTurn()
  }
}

/**
 * Gives the thread the core that stands still before each access to shared memory, and ends the thread at access `count`
 * of its operations of that name (or of its joins): a real termination comes only where an engine looks for one, which is
 * hardly ever inside of the core.
 */
function stopInside({ operation, count }, steppedCore, cells) {
  const { Instance } = WebAssembly
  let left = count
  const shared = {
    step() {
      if (left > 0) {
        if ((actor ? actor.doing : 'join') === operation) left--
        if (left > 0) return
      }
      Atomics.store(cells, PHASE, STOPPED_AT_A_STEP)
      // It hangs here until it is terminated; where that would be for ever it gives up instead, touching nothing.
      if (!mustYield) Atomics.wait(cells, STOP, 0, 20_000)
      throw GIVEN_UP
    },
  }
  WebAssembly.Instance = class extends Instance {
    constructor(_module, imports) {
      super(steppedCore, { ...imports, shared })
    }
  }
}

function nextTurn() {
  return new Promise((resolve) => setTimeout(resolve, 0))
}
