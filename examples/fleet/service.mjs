// One of the fleet: serves connections, some of them wrongly, and leaves a dump and its part of the lake.
//
//   node service.mjs NUMBER FOLDER

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Recorder } from 'struct-history'
import { PARTITIONS } from 'struct-history/export'
import { openImage } from 'struct-history/inspect'

/** On every tenth host connections leak; on one, a path is taken that no other takes; on a few, one is used after its end. */
const LEAKY = 10
const ODD_HOST = 13
const FAULTY = 25
const CONNECTIONS = 200

const number = Number(process.argv[2])
const folder = process.argv[3]
const recorder = new Recorder({
  name: 'service',
  host: `host-${String(number).padStart(3, '0')}`,
  budget: '4MiB',
  thread: 'acceptor',
})
const worker = Recorder.join(recorder.share(), { thread: 'worker' })
const ROLES = { REF: +1, UNREF: -1, READ: 0, RETRY: 0, DESTROY: 'end' }
const verbs = recorder.verbs(ROLES)
const theirs = worker.verbs(ROLES)
const list = recorder.list('TCP con', { window: 1000 })

for (let n = 0; n < CONNECTIONS; n++) serve(n)
const image = openImage(recorder.snapshot())
writeParts()
recorder.dumpSync(join(folder, 'dumps', `service-${image.host}.shdump`))

function serve(n) {
  const history = list.push(0x7f9500000000 + number * 0x100000 + n * 0x1a0)
  history.log(verbs.REF, 'accept, (%d)', 1)
  const handed = worker.list('TCP con').at(history.handle)
  handed?.log(theirs.REF, 'serve, (%d)', 2)
  handed?.log(theirs.READ, '%d bytes', 100 + (n % 7))
  if (number === ODD_HOST && n === 77) handed?.log(theirs.RETRY, 'after %s', 'ECONNRESET')
  const isLeak = number % LEAKY === 3 && n % 20 === 0
  if (isLeak) return
  handed?.log(theirs.UNREF, 'served, (%d)', 1)
  history.log(verbs.UNREF, 'close, (%d)', 0)
  history.log(verbs.DESTROY)
  if (number % FAULTY === 4 && n === 100) handed?.log(theirs.READ, '%d bytes', 1)
}

/** lake/host=…/list=…/day=…/PID-0-N.parquet */
function writeParts() {
  for (const { name, parts } of PARTITIONS.files([{ image, host: '' }])) {
    const file = join(folder, 'lake', name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, Buffer.concat([...parts].map((part) => Buffer.from(part))), { flag: 'wx' })
  }
}
