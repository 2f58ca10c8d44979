// The straight way of one log with one promise dropped at a time (promises.ts), beside the floor, in the same loop.

import { bareLives, CALLS_MAX, floorLoop, GENERATION, OBJECTS } from './bare-lives.mjs'
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
  const loops = [floorLoop(), ...Object.keys(WITHOUT).map(loopOf)]
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

/** Compiled for itself: loops that share a source share what an engine has learned of their calls. */
function loopOf(name) {
  const { exports, lives, prepare } = bareLives()
  const source = `return function ${name}(from, to) {
    let refused = 0
    for (let n = from; n < to; n++) {
      const { address } = lives[n & ${OBJECTS - 1}]
      if (log(address, ${GENERATION}, 0x100001, 0x10001, n) === 0) refused++
    }
    return refused
  }`
  return {
    name,
    callsMax: CALLS_MAX,
    prepare,
    run: new Function('lives', 'log', source)(lives, exports[name]),
  }
}
