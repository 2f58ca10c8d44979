// One peer in a process of its own, beside the floor and log(verb, fmt, int): `process.mjs NAME EFFORT`. Prints a row of JSON.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { EFFORTS } from '../suite/effort.mjs'
import { Turns } from '../suite/rounds.mjs'
import { quartiles } from '../suite/statistics.mjs'
import { floors, Given, SUBJECTS } from '../suite/subjects.mjs'

const BUILT = new URL('../../build/bench/', import.meta.url)
/** Of C, a batch. */
const CALLS = { full: 20_000, quick: 10_000, tiny: 100 }

const [, , name, effortName] = process.argv
const effort = EFFORTS[effortName]
const given = new Given()
const loops = [
  { name: 'floor', ...floors(floorExport()).floor },
  { name: 'ours', ...SUBJECTS['one-integer']({ given: () => given }) },
]
const row = name === 'seed' ? await seed() : await peer()
process.stdout.write(`${JSON.stringify(row)}\n`)
process.exit(0)

async function peer() {
  const { PEERS } = await import('./subjects.mjs')
  const { what, note, start } = PEERS[name]
  loops.push({ name: 'peer', ...(await start()) })
  const turns = new Turns(loops, { ...effort, slices: 1 })
  const rounds = []
  for (let round = 0; round < Math.min(effort.rounds, 21); round++) {
    rounds.push(turns.round())
    // What a peer does behind, it does between the rounds: timers, streams, files.
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return rowOf(what, note, rounds)
}

/** The C program answers a batch at a time, between our own. */
async function seed() {
  const programs = await Promise.all(
    [
      ['c', '1', 'own'],
      ['c2own', '2', 'own'],
      ['c2same', '2', 'same'],
    ].map(async ([key, threads, kind]) => {
      const child = spawn(new URL('seed', BUILT).pathname, [threads, kind])
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
      const batch = async () => {
        child.stdin.write(`${CALLS[effortName]}\n`)
        return Number((await lines.next()).value)
      }
      for (let n = 0; n < 5; n++) await batch()
      return [key, batch]
    }),
  )
  const turns = new Turns(loops, effort)
  const rounds = []
  for (let round = 0; round < effort.rounds; round++) {
    const times = turns.round()
    for (const [key, batch] of programs) times[key] = await batch()
    rounds.push({ ...times, peer: times.c })
  }
  const row = rowOf(
    "the seed's design in C, one thread",
    'ordered; threads wait for each other (spin lock); lives in shared memory, read from a core; formatted when logged; forgets all at 300',
    rounds,
  )
  // The time of two threads' batch is the time of one: twice as many calls were made in it.
  const two = (key) => ({
    ns: of(rounds, key),
    gain: quartiles(rounds.map((r) => (2 * r.c) / r[key])),
  })
  return { ...row, two: { own: two('c2own'), same: two('c2same') } }
}

function rowOf(what, note, rounds) {
  const against = (one, other) => quartiles(rounds.map((round) => round[one] / round[other]))
  return {
    what,
    note,
    ns: of(rounds, 'peer'),
    ours: of(rounds, 'ours'),
    floor: of(rounds, 'floor'),
    ratio: against('peer', 'floor'),
    times: against('peer', 'ours'),
  }
}

function of(rounds, key) {
  return quartiles(rounds.map((round) => round[key]))
}

function floorExport() {
  const bytes = readFileSync(new URL('floor.wasm', BUILT))
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 65536, shared: true })
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports.floor
}
