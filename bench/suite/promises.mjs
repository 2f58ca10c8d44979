// The straight way of one log with one promise dropped at a time (promises.ts), beside the floor, in the same loop.

import { floorLoop, prototypeLoop } from './bare-lives.mjs'
import { takeTurns } from './rounds.mjs'
import { quartiles } from './statistics.mjs'
import { number, spread } from './table.mjs'

const WITHOUT = {
  whole: 'the straight way of log(), one integer',
  withoutLife: '… not asking whose life it is: a stale handle writes into another life',
  withoutTail: '… not asking where the block is: no lists of blocks, each history a fixed ring',
  withoutEnd: '… not asking whether it ended: what is logged too late is not marked',
  withoutCheck: '… without the check: a torn or recycled record is shown as whole',
  withoutSwap: '… claiming by a plain store: two threads take one place',
  onlySwap: '… without all of these but the swap',
}

/** -> a table of nanoseconds a call, and as multiples of the floor. */
export function promises(effort) {
  const loops = [floorLoop(), ...Object.keys(WITHOUT).map((name) => prototypeLoop(name))]
  const times = takeTurns(loops, effort)
  const ratios = (name) => times[name].map((time, round) => time / times.floor[round])
  return {
    title: 'What each promise costs, where a block is there already',
    note: 'Prototypes of the core alone (bench/suite/promises.ts), called from the same loop. Each drops one thing.',
    headings: ['what', 'ns', '× the floor'],
    lines: loops.map(({ name }) => [
      WITHOUT[name] ?? 'the floor',
      spread(quartiles(times[name])),
      number(quartiles(ratios(name)).median),
    ]),
  }
}
