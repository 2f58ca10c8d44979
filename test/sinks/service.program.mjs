// A service that writes each history to the log when it ends, and tells at its own end what became of them.
//
//   service.program.mjs LIBRARY ORDERS
//   ORDERS: { target: [name, …arguments], log: options, histories, events, perTurn, text, window, flush, untilTold }

const [library, words] = process.argv.slice(2)
const { Recorder } = await import(`${library}/index.js`)
const sinks = await import(`${library}/sinks/index.js`)
const orders = JSON.parse(words)
const { events = 3, perTurn = 50, text = 'step %d of %d', window = 10_000, flush = 15_000 } = orders

const [name, ...args] = orders.target
const log = sinks.historyLog(sinks[name](...args), orders.log)
const recorder = new Recorder({ name: orders.name ?? 'service', sinks: [log] })
const { BEGIN, STEP, END } = recorder.verbs({ BEGIN: +1, STEP: 0, END: 'end' })
const list = recorder.list('jobs', { window, autoLog: !orders.damage, maxText: 8192 })

console.log('ready')
// So many histories; or until somebody says so, who hears meanwhile how many were written, and were not.
let isOver = false
if (orders.untilTold) process.stdin.once('data', () => (isOver = true))
let pushed = 0
let progress = ''
while (pushed < (orders.histories ?? Number.POSITIVE_INFINITY) && !isOver) {
  for (let n = 0; n < perTurn && pushed < (orders.histories ?? Number.POSITIVE_INFINITY); n++) {
    const life = list.push(`${orders.object ?? 'job'} ${++pushed}`)
    life.log(BEGIN, 'begin')
    for (let step = 0; step < events - 2; step++) life.log(STEP, text, step, pushed)
    life.log(END, 'end')
  }
  await new Promise((resolve) => setTimeout(resolve, 1))
  if (orders.untilTold) tell()
}
if (orders.damage) damage(orders.damage)
if (orders.awaitFailure) {
  while (log.stats().writesFailed === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  console.log('failed')
}
if (flush > 0) await log.flush(flush)
console.log(`TOLD ${JSON.stringify({ ...recorder.stats(), ...log.stats(), pushed })}`)
if (orders.exit !== undefined) process.exit(orders.exit)

function tell() {
  const { historiesWritten, historiesNotWritten } = log.stats()
  const now = `SO FAR ${historiesWritten} ${historiesNotWritten}`
  if (now !== progress) console.log(now)
  progress = now
}

/** Bytes that are no UTF-8 in the place of a text in the recorder's memory. */
function damage(marker) {
  const { memory } = recorder.share()
  const bytes = new Uint8Array(memory.buffer)
  const wanted = new TextEncoder().encode(marker)
  for (let at = 0; at < bytes.length - wanted.length; at++) {
    if (!wanted.every((byte, offset) => bytes[at + offset] === byte)) continue
    bytes.set([0xff, 0xc0, 0x0a, 0x9b], at)
  }
  for (const life of list.histories()) life.flush()
}
