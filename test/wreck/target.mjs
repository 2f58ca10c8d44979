// A service with a history that the tests know, which then does what it is told: dies of something, or goes on.
//
//   node target.mjs abort|throw|heap|wait|busy [recorders] [snapshot]
//
// The history of OBJECT: 1 TCP_REF, 40 TCP_SEND, 1 TCP_UNREF.

import { Recorder } from '../../build/index.js'

const [, , end = 'wait', recorders = '1', copy] = process.argv

export const OBJECT = 0x7f95acf6ea60

for (let n = 0; n < Number(recorders); n++) {
  const recorder = new Recorder({ name: n === 0 ? 'proxy' : `proxy ${n}`, budget: '4MiB' })
  const TCP = recorder.verbs({ TCP_REF: +1, TCP_UNREF: -1, TCP_SEND: 0, TCP_DESTROY: 'end' })
  const list = recorder.list('TCP con', { window: end === 'busy' ? 3000 : 100 })
  const history = list.push(OBJECT + n)
  history.log(TCP.TCP_REF, 'connect, (%d)', 1)
  for (let i = 0; i < 40; i++) history.log(TCP.TCP_SEND, 'send %d to %s', i, `peer ${n}`)
  history.log(TCP.TCP_UNREF, 'close, (%d)', 0)
  globalThis[`kept${n}`] = { recorder, list, history, TCP }
  // Somebody kept a dump in memory: a copy of everything, magic and checks included.
  if (copy === 'snapshot') globalThis[`copy${n}`] = recorder.snapshot()
}

const ends = {
  abort: () => process.abort(),
  throw() {
    throw new Error('uncaught')
  },
  heap() {
    const kept = []
    for (;;) kept.push(new Array(100_000).fill(Math.random()))
  },
  wait: () => setInterval(() => {}, 1000),
  busy() {
    const { recorder, list, TCP } = globalThis.kept0
    const ticker = recorder.list('ticks').push('ticker')
    let n = 0
    let since = performance.now()
    let before = 0
    setInterval(() => {
      for (const until = performance.now() + 9; performance.now() < until; ) {
        for (let i = 0; i < 100; i++) {
          const one = list.push(0x1000 + (n % 4096))
          one.log(TCP.TCP_REF, 'number %d', n)
          one.log(TCP.TCP_UNREF, 'number %d', n)
          one.unref()
          n++
        }
      }
      ticker.log(TCP.TCP_SEND, 'tick %d', n)
    }, 10)
    setInterval(() => {
      const now = performance.now()
      console.log(`rate ${Math.round((n - before) / ((now - since) / 1000))}`)
      before = n
      since = now
    }, 250)
  },
}
console.log('ready')
ends[end]()
