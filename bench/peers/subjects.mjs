// What one would pick instead, each doing "connection n: send %d" once. What each does and does not do stands beside it.

import { Console } from 'node:console'
import { performance } from 'node:perf_hooks'
import { Writable } from 'node:stream'
import { configure, getLogger } from '@logtape/logtape'
import pino from 'pino'
import { RingBuffer } from 'ringbuf.js'

const OBJECTS = 16

/** name -> { what, note, start() -> { run(from, to), batchMs?, callsMax? } }. */
export const PEERS = {
  'js-ring': {
    what: 'a plain JS ring of objects',
    note: 'ordered; one thread; dies with the process; formatted by the reader',
    start() {
      const rings = Array.from({ length: OBJECTS }, () => ({
        at: 0,
        events: new Array(300).fill(null),
      }))
      return {
        batchMs: 20,
        run(from, to) {
          for (let n = from; n < to; n++) {
            const ring = rings[n & (OBJECTS - 1)]
            ring.events[ring.at] = { verb: 'SENT', format: 'send %d', t: now, args: [n] }
            ring.at = ring.at === 299 ? 0 : ring.at + 1
          }
          return 0
        },
      }
    },
  },
  'ringbuf-json': {
    what: 'ringbuf.js with JSON',
    note: 'ordered; one writer and one reader; survives while the memory does; made text when logged; the oldest is taken out by hand',
    start() {
      const ring = new RingBuffer(RingBuffer.getStorageForCapacity(1 << 16, Uint8Array), Uint8Array)
      const encoder = new TextEncoder()
      const size = new Uint8Array(2)
      const sink = new Uint8Array(4096)
      return {
        batchMs: 20,
        run(from, to) {
          let refused = 0
          for (let n = from; n < to; n++) {
            const text = JSON.stringify({
              verb: 'SENT',
              object: n & (OBJECTS - 1),
              t: now,
              args: [n],
            })
            const bytes = encoder.encode(text)
            size[0] = bytes.length & 255
            size[1] = bytes.length >> 8
            while (ring.availableWrite() < bytes.length + 2) {
              ring.pop(sink, 2)
              ring.pop(sink, sink[0] | (sink[1] << 8))
            }
            if (ring.push(size) + ring.push(bytes) !== bytes.length + 2) refused++
          }
          return refused
        },
      }
    },
  },
  pino: {
    what: 'pino to nothing',
    note: 'ordered as its stream; a line for each thread apart; survives as far as it was written; JSON when logged',
    start() {
      const logger = pino({ base: null }, { write() {} })
      return {
        batchMs: 20,
        run(from, to) {
          for (let n = from; n < to; n++) logger.info({ object: n & (OBJECTS - 1) }, 'send %d', n)
          return 0
        },
      }
    },
  },
  logtape: {
    what: 'LogTape to nothing',
    note: 'ordered; each thread apart; keeps nothing by itself; formatted by its sink, which here does not',
    async start() {
      await configure({
        sinks: { nothing() {} },
        loggers: [
          { category: 'bench', sinks: ['nothing'], lowestLevel: 'debug' },
          { category: ['logtape', 'meta'], sinks: [] },
        ],
      })
      const logger = getLogger('bench')
      return {
        batchMs: 20,
        run(from, to) {
          for (let n = from; n < to; n++)
            logger.info('{object}: send {n}', { object: n & (OBJECTS - 1), n })
          return 0
        },
      }
    },
  },
  'performance-mark': {
    what: 'performance.mark',
    note: 'ordered; each thread apart; dies with the process; grows until cleared (here every 1,000)',
    start() {
      return {
        batchMs: 20,
        callsMax: 2 ** 16,
        run(from, to) {
          for (let n = from; n < to; n++) {
            performance.mark('send', { detail: n })
            if (n % 1000 === 0) performance.clearMarks()
          }
          return 0
        },
      }
    },
  },
  'trace-events': {
    what: "Node's trace events, by console.count to nothing",
    note: 'all threads of the process, by time; written to a file behind; text when logged; no window',
    async start() {
      const { createTracing } = await import('node:trace_events')
      createTracing({ categories: ['node.console'] }).enable()
      const { count } = new Console(new Writable({ write: (_chunk, _encoding, done) => done() }))
      return {
        batchMs: 20,
        callsMax: 2 ** 14,
        run(from, to) {
          for (let n = from; n < to; n++) count('send')
          return 0
        },
      }
    },
  },
}

/** The time that a peer without clock of its own stamps: a cell that a timer keeps, as the coarse clock is one. */
let now = Date.now()
setInterval(() => {
  now = Date.now()
}, 1).unref()
