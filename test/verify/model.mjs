// The core's protocol as a model, explored whole within its bounds by spin: see assembly/model and docs/CONCURRENCY.md.

import { explore } from '../support/spin.mjs'

export const title = 'Model of the hot path, on machines that show plain stores late'
export const promise =
  'SPEC 2: no thread ever waits; no event is torn, lost while its life stands, or in another history; no memory is reused under a writer'
/** The largest configurations, too. */
export const minutes = 5

const small = ['WRITERS=1', 'LIVES=2', 'BLOCKS=1']
const reuse = ['WRITERS=1', 'LIVES=3', 'BLOCKS=2']
const pair = ['WRITERS=2', 'LIVES=1', 'BLOCKS=2']
/** A block of one event, which the second one begins anew, or finds unfinished and replaces. */
const turn = ['WRITERS=2', 'LIVES=1', 'BLOCKS=1', 'PLACES=1', 'EVENTS=2']
const replaced = ['WRITERS=2', 'LIVES=1', 'BLOCKS=2', 'PLACES=1', 'EVENTS=2']
const turns = ['WRITERS=1', 'LIVES=2', 'BLOCKS=1', 'PLACES=1', 'EVENTS=2', 'ROUNDS=2']
/** Both at once: more states than the bounded test has time for. */
const both = ['WRITERS=2', 'LIVES=2', 'BLOCKS=1', 'DEPTH=2']

/** What must hold. `from`: the least share of minutes that has room for it. */
export const HOLDS = [
  { what: 'one writer, two lives, x86-64', model: 'event.pml', flags: small },
  { what: 'one writer, two lives, weak', model: 'event.pml', flags: [...small, 'WEAK'] },
  { what: 'every thread ends', model: 'event.pml', flags: small, endless: true },
  { what: 'a block begun anew, x86-64', model: 'event.pml', flags: turn },
  { what: 'stack of free items', model: 'pools.pml', flags: [] },
  { what: 'a block and its texts, weak', model: 'pools.pml', flags: ['TEXTS', 'ORDERED_LOOKS'] },
  { what: 'two writers, one life, x86-64', model: 'event.pml', flags: pair, from: 0.5 },
  { what: 'two writers, one life, weak', model: 'event.pml', flags: [...pair, 'WEAK'], from: 0.5 },
  { what: 'begun anew or replaced, x86-64', model: 'event.pml', flags: replaced, from: 0.5 },
  {
    what: 'begun anew or replaced, weak',
    model: 'event.pml',
    flags: [...replaced, 'WEAK'],
    from: 0.5,
  },
  { what: 'begun anew in two lives, x86-64', model: 'event.pml', flags: turns, from: 0.5 },
  {
    what: 'begun anew in two lives, weak',
    model: 'event.pml',
    flags: [...turns, 'WEAK'],
    from: 0.5,
  },
  { what: 'stack, three threads', model: 'pools.pml', flags: ['THREADS=3', 'ROUNDS=1'], from: 0.5 },
  { what: 'one writer, three lives, x86-64', model: 'event.pml', flags: reuse, from: 1 },
  { what: 'one writer, three lives, weak', model: 'event.pml', flags: [...reuse, 'WEAK'], from: 1 },
  {
    what: 'two writers, every thread ends',
    model: 'event.pml',
    flags: pair,
    endless: true,
    from: 1,
  },
  {
    what: 'two threads begin one block anew, x86-64',
    model: 'event.pml',
    flags: [...turn, 'ROUNDS=2', 'DEPTH=2'],
    from: 4,
  },
  { what: 'two writers, two lives, x86-64', model: 'event.pml', flags: both, from: 4 },
  { what: 'two writers, two lives, weak', model: 'event.pml', flags: [...both, 'WEAK'], from: 4 },
]

/** Steps left out or put elsewhere: each must be found, by the assertion that it breaks. */
export const BROKEN = [
  {
    what: 'E4 before the record',
    model: 'event.pml',
    flags: [...small, 'BREAK_COMMIT_FIRST'],
    by: /w==d/,
  },
  {
    what: 'E4 a plain store on a weak machine',
    model: 'event.pml',
    flags: [...small, 'WEAK', 'BREAK_PLAIN_COMMIT'],
    by: /w==d/,
  },
  {
    what: 'E3 without a comparison',
    model: 'event.pml',
    flags: [...small, 'BREAK_CLAIM'],
    by: /mem\[0\]/,
  },
  {
    what: 'E2 that swaps the tail of a later life',
    model: 'event.pml',
    flags: [...small, 'BREAK_TAIL'],
    by: /pins/,
  },
  {
    what: 'R1 without a look at the checks',
    model: 'event.pml',
    flags: [...small, 'BREAK_RELEASE'],
    by: /pins/,
  },
  {
    what: 'R1 that waits for the writer',
    model: 'event.pml',
    flags: [...small, 'BREAK_WAIT'],
    by: /invalid end state/,
  },
  {
    what: 'R2 without the incarnation',
    model: 'event.pml',
    flags: ['WRITERS=2', 'LIVES=2', 'BLOCKS=1', 'BREAK_SWEEP'],
    by: /pins/,
  },
  {
    what: 'a taking with the mark of the one before',
    model: 'event.pml',
    flags: ['WRITERS=2', 'LIVES=2', 'BLOCKS=1', 'BREAK_PARITY'],
    by: /pins/,
  },
  {
    what: 'a turn with the mark of the one before',
    model: 'event.pml',
    flags: ['WRITERS=2', 'LIVES=1', 'BLOCKS=1', 'PLACES=1', 'EVENTS=3', 'ROUNDS=2', 'BREAK_PARITY'],
    by: /pins/,
  },
  {
    what: 'E2 that begins a block with an unfinished event anew',
    model: 'event.pml',
    flags: [...turn, 'BREAK_RENEWAL'],
    by: /pins/,
  },
  { what: 'a stack without change count', model: 'pools.pml', flags: ['BREAK_COUNT'], by: /n==3/ },
  {
    what: 'checks read by plain loads on a weak machine, then the texts',
    model: 'pools.pml',
    flags: ['TEXTS'],
    by: /sawText/,
  },
]

export async function verify({ minutes, say }) {
  const figures = []
  const faults = []
  const seconds = Math.max(60, minutes * 60)
  let found = 0
  for (const { what, model, flags, endless, from } of HOLDS) {
    if (minutes < (from ?? 0)) continue
    const { states, wrong } = explore(model, flags, {
      seconds,
      endless,
      isSmall: from === undefined,
    })
    say(`${what}: ${states} states${wrong && `, ${wrong}`}`)
    figures.push([`states: ${what}`, states])
    if (wrong) faults.push(`${what}: ${wrong}`)
  }
  for (const { what, model, flags, by } of BROKEN) {
    const { states, wrong } = explore(model, flags, { seconds, isSmall: true })
    say(`broken, ${what}: ${wrong || 'NOT FOUND'} (${states} states)`)
    if (by.test(wrong)) found++
    else faults.push(`Broken on purpose and not found as it should be: ${what}: "${wrong}"`)
  }
  figures.push(['broken models found', `${found} of ${BROKEN.length}`])
  return { figures, faults }
}
