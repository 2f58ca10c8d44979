// A service that writes each history to the log when it ends, and tells at its own end what became of them.
//
//   service.program.mjs LIBRARY ORDERS
//   ORDERS: { target: [name, …arguments], log: options, histories, events, perTurn, text, window, flush, threads }

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
// For so many milliseconds, or so many histories.
const until = orders.milliseconds
  ? performance.now() + orders.milliseconds
  : Number.POSITIVE_INFINITY
let pushed = 0
while (pushed < (orders.histories ?? Number.POSITIVE_INFINITY) && performance.now() < until) {
  for (let n = 0; n < perTurn && pushed < (orders.histories ?? Number.POSITIVE_INFINITY); n++) {
    const life = list.push(`${orders.object ?? 'job'} ${++pushed}`)
    life.log(BEGIN, 'begin')
    for (let step = 0; step < events - 2; step++) life.log(STEP, text, step, pushed)
    life.log(END, 'end')
  }
  await new Promise((resolve) => setTimeout(resolve, orders.pause ?? 1))
}
console.log('pushed')
if (orders.damage) damage(orders.damage)
if (orders.awaitFailure) {
  while (log.stats().writesFailed === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  console.log('failed')
}
if (flush > 0) await log.flush(flush)
console.log(`TOLD ${JSON.stringify({ ...recorder.stats(), ...log.stats(), pushed })}`)
if (orders.exit !== undefined) process.exit(orders.exit)

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
