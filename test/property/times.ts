// Times: never backwards from event to event of a life, never ahead of the clock, whichever clock and whichever hand.

import fc from 'fast-check'
import { type History, Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { TIME_ORIGIN } from '../../src/recorder/clock.ts'
import { type Property, same } from './property.ts'

/** What is lost of a microsecond when times since 1970 are added in milliseconds. */
const ROUNDING = 2
/** Browsers show a clock that ticks in steps of up to 100 microseconds; in WebKit it was once seen to go one step back. */
const TICK = tick()

const steps = fc.array(
  fc.record({
    hand: fc.constantFrom(0, 1),
    what: fc.constantFrom('push', 'log', 'log', 'text', 'wait'),
    which: fc.nat({ max: 3 }),
  }),
  { maxLength: 80, size: 'max' },
)

/** The smallest step of the runtime's clock, in microseconds. */
function tick(): number {
  let least = Number.POSITIVE_INFINITY
  for (let n = 0, last = performance.now(); n < 20; ) {
    const now = performance.now()
    if (now === last) continue
    if (now > last) least = Math.min(least, now - last)
    last = now
    n++
  }
  return least * 1000
}

interface Moment {
  readonly after: number
  readonly before: number
}

function holds(
  clock: 'coarse' | 'precise',
  given: typeof steps extends fc.Arbitrary<infer Steps> ? Steps : never,
): void {
  const recorder = new Recorder({ budget: '2MiB', clock })
  const joined = Recorder.join(recorder.share())
  const hands = [recorder, joined].map((each) => ({
    list: each.list('TCP con', { window: 0 }),
    ...each.verbs({ SEND: 0 }),
  }))
  const { started } = openImage(recorder.snapshot())
  // WebKit's own answers differ by a tick.
  const now = () => (TIME_ORIGIN + performance.now() - started) * 1000
  const moments: { history: History; created: Moment; events: Moment[] }[] = []
  const timed = (action: () => void): Moment => {
    const after = now()
    action()
    return { after, before: now() }
  }
  for (const { hand: who, what, which } of given) {
    const { list, SEND } = hands[who] as (typeof hands)[number]
    if (what === 'wait') for (const until = now() + 300; now() < until; );
    else if (what === 'push' || moments.length === 0) {
      let history: History | undefined
      const created = timed(() => {
        history = list.push(moments.length)
      })
      moments.push({ history: history as unknown as History, created, events: [] })
    } else {
      const { history, events } = moments[which % moments.length] as (typeof moments)[number]
      const mine = list.at(history.handle)
      events.push(
        timed(() => same('log()', mine?.log(SEND, what === 'text' ? '%f' : '%d', 1), true)),
      )
    }
  }
  for (const [n, life] of (
    openImage(recorder.snapshot()).list('TCP con')?.histories() ?? []
  ).entries()) {
    const { created, events } = moments[n] as (typeof moments)[number]
    isWithin(clock, life.created, created)
    // Pushed by one hand and logged by the other: their clocks agree to a tick.
    let t = life.created - (clock === 'precise' ? TICK + ROUNDING : 0)
    for (const [at, event] of life.events().entries()) {
      if (event.t < t) throw new Error(`event ${at} is at ${event.t}, before ${t}`)
      t = event.t
      isWithin(clock, t, events[at] as Moment)
    }
  }
}

/** The coarse clock may lag behind; neither may run ahead. */
function isWithin(clock: 'coarse' | 'precise', t: number, { after, before }: Moment): void {
  if (t > before + ROUNDING + TICK)
    throw new Error(`${t} is later than ${before}, when the call was over`)
  if (clock === 'precise' && t < after - ROUNDING - TICK)
    throw new Error(`${t} is earlier than ${after}, before the call`)
}

export const times: Property[] = (['coarse', 'precise'] as const).map((clock) => ({
  promise: `times of the ${clock} clock never run backwards within a life, nor ahead`,
  runs: 40,
  property: fc.property(fc.constant(clock), steps, holds),
}))
