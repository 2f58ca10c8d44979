// What memory holds, and how fast it is copied and read.

import { Recorder } from 'struct-history'
import { openImage } from 'struct-history/inspect'
import { quartiles } from './statistics.mjs'

const LIVES = 100_000
const EVENTS = 11

/** SPEC's scene: 100,000 histories of 11 events in 64 MiB. -> how many are whole, and the bytes of the image. */
export function manyLives() {
  const image = openImage(filled(LIVES, EVENTS).snapshot())
  let whole = 0
  for (const list of image.lists())
    for (const history of list.histories())
      if (history.events().filter(({ lost }) => lost === 0).length === EVENTS) whole++
  return { whole, histories: LIVES, events: EVENTS }
}

/** Bytes of memory for one event of one integer: what an image grows by, and how far apart two events lie. */
export function bytesOfEvent() {
  const recorder = new Recorder({ name: 'bytes', budget: '64MiB' })
  const { SENT } = recorder.verbs({ SENT: 0 })
  const list = recorder.list('long', { window: 100, maxEvents: 50_000 })
  const histories = Array.from({ length: 10 }, (_, n) => list.push(n))
  const log = (count) => {
    for (const history of histories) for (let n = 0; n < count; n++) history.log(SENT, 'send %d', n)
  }
  log(100)
  const before = recorder.snapshot().length
  log(49_900)
  const grown = recorder.snapshot().length - before
  if (histories.some((history) => history.events().length !== 50_000))
    throw new Error('Cannot measure the bytes of an event: not all events are there')
  return { grown: grown / (10 * 49_900) }
}

/** A snapshot of a full recorder beside a plain copy of as many bytes, in milliseconds, turn by turn. */
export function snapshots({ copies }, budget = '64MiB') {
  const recorder = filled(LIVES + 20_000, EVENTS, budget)
  const source = recorder.snapshot()
  const times = { copy: [], snapshot: [] }
  const turns = [
    ['copy', () => copyOf(source)],
    ['snapshot', () => recorder.snapshot()],
  ]
  for (let round = -2; round < copies; round++) {
    for (const [name, act] of round % 2 === 0 ? turns : [...turns].reverse()) {
      const from = performance.now()
      const { length } = act()
      const took = performance.now() - from
      if (length !== source.length)
        throw new Error(`${name}: ${length} bytes, not ${source.length}`)
      if (round >= 0) times[name].push(took)
    }
  }
  return { ...times, bytes: source.length }
}

/** Events decoded a second, of an image of so many. */
export function reading({ copies }, events = 1_000_000) {
  const bytes = filled(Math.ceil(events / EVENTS), EVENTS, '256MiB').snapshot()
  const rates = []
  const openings = []
  let decoded = 0
  for (let round = 0; round < Math.min(copies, 5); round++) {
    const from = performance.now()
    const image = openImage(bytes)
    const opened = performance.now()
    decoded = 0
    for (const list of image.lists())
      for (const history of list.histories())
        for (const { log } of history.events()) if (log.length > 0) decoded++
    const done = performance.now()
    openings.push(opened - from)
    rates.push(decoded / ((done - opened) / 1000))
  }
  return { decoded, bytes: bytes.length, perSecond: quartiles(rates), openMs: quartiles(openings) }
}

function copyOf(source) {
  const copy = new Uint8Array(source.length)
  copy.set(source)
  return copy
}

export function filled(lives, events, budget = '64MiB') {
  const recorder = new Recorder({ name: 'full', budget })
  const { SENT } = recorder.verbs({ SENT: 0 })
  const list = recorder.list('lives', { window: lives })
  for (let n = 0; n < lives; n++) {
    const history = list.push(n)
    for (let i = 0; i < events; i++) history.log(SENT, 'send %d', i)
    history.unref()
  }
  return recorder
}
