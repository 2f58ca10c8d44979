// Events that a thread claimed and never committed: told as lost, and never an obstacle for those that follow. A single
// thread cannot leave one, so its check is taken away in the recorder's own memory, as docs/FORMAT.md says that it reads.

import fc from 'fast-check'
import { EVENT_CHECK } from '../../assembly/layout.ts'
import { type Event, Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { type Property, same } from './property.ts'

type Step = 'log' | 'leave unfinished' | 'flush'

const steps = fc.array(fc.constantFrom<Step>('log', 'log', 'leave unfinished', 'flush'), {
  maxLength: 60,
  size: 'max',
})

function holds(given: readonly Step[]): void {
  const written: Event[] = []
  const recorder = new Recorder({ budget: '2MiB', sinks: [(_, events) => written.push(...events)] })
  const { SEND } = recorder.verbs({ SEND: 0 })
  const history = recorder.list('TCP con').push(1)
  const committed: number[] = []
  let claimed = 0
  for (const step of [...given, 'flush']) {
    if (step === 'flush') history.flush()
    else {
      same('log()', history.log(SEND, '%d', claimed), true)
      if (step === 'leave unfinished') unfinish(recorder, history.events().at(-1) as Event)
      else committed.push(claimed)
      claimed++
    }
  }
  const [life] = openImage(recorder.snapshot()).list('TCP con')?.histories() ?? []
  const events = life?.events() ?? []
  same('len', life?.len, claimed)
  same('shown', whole(events), committed)
  same('lost', lost(events), claimed - committed.length)
  same(
    'gaps',
    life?.gaps().map(({ cause, from, to }) => [cause, to - from + 1]),
    runsOf(claimed, committed),
  )
  same('written', whole(written), committed)
}

/** The last lost ones have no event behind them: an entry without a verb tells them. */
const whole = (events: readonly Event[]) =>
  events.filter(({ verb }) => verb !== '').map(({ log }) => Number(log))
const lost = (events: readonly Event[]) => events.reduce((sum, event) => sum + event.lost, 0)

function runsOf(claimed: number, committed: readonly number[]): [string, number][] {
  const ends = [-1, ...committed, claimed]
  return ends.slice(1).flatMap((end, n): [string, number][] => {
    const missing = end - (ends[n] as number) - 1
    return missing > 0 ? [['unfinished', missing]] : []
  })
}

function unfinish(recorder: Recorder, { address }: Event): void {
  new DataView(recorder.share().memory.buffer).setUint32(address + EVENT_CHECK, 0, true)
}

export const unfinished: Property[] = [
  {
    promise: 'unfinished events are told as lost, and sinks get every finished one exactly once',
    runs: 60,
    property: fc.property(steps, holds),
  },
]
