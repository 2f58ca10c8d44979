// One process of several in one recorder: logs as fast as it can until it is killed, and tells after each event, in a file
// that outlives it, how many it got acknowledged.
//
//   processes.program.mjs LIBRARY FILE LEDGER WHO begin|open EVENTS

import { openSync, writeSync } from 'node:fs'
import { COMMON_EVERY, EVENTS_MAX, JOINED, OWN, SHARED, textOf } from './processes.ledger.mjs'

const [library, file, ledger, who, how, events] = process.argv.slice(2)
const { Recorder } = await import(library)
const told = new Int32Array(new ArrayBuffer(4096))
const ledgerFile = openSync(ledger, 'w')
const tell = (cell) => {
  told[cell]++
  writeSync(ledgerFile, told, 0, 16, 0)
}

const recorder =
  how === 'begin'
    ? new Recorder({ file, budget: '16MiB', name: 'several', thread: who })
    : Recorder.open(file, { thread: who })
const { SENT } = recorder.verbs({ SENT: 0 })
const common = recorder.list('common', { window: 4, maxEvents: EVENTS_MAX })
const life = [...common.histories()][0] ?? common.push('common')
const own = recorder.list('own', { window: 1000, maxEvents: EVENTS_MAX }).push(Number(who))
tell(JOINED)
console.log('joined')

for (let n = 0; n < Number(events); n++) {
  if (own.log(SENT, ...textOf(who, n))) tell(OWN)
  if (n % COMMON_EVERY === 0 && life.log(SENT, ...textOf(who, n / COMMON_EVERY))) tell(SHARED)
}
console.log('done')
// Until it is killed, or told to go.
setTimeout(() => process.exit(0), 600_000)
process.stdin.on('data', () => process.exit(0))
