// Folding repeats loses nothing but the single times: runs, written out again, are what was logged.

import fc from 'fast-check'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { type Property, same } from './property.ts'

interface Step {
  readonly hand: number
  readonly verb: 'TICK' | 'TOCK' | 'END'
  readonly format: string
  readonly args: readonly unknown[]
  readonly times: number
  /** Besides logging. */
  readonly also: 'ref' | 'unref' | 'flush' | ''
}

/** Few enough to meet again. */
const steps = fc.array(
  fc.record<Step>({
    hand: fc.nat({ max: 1 }),
    verb: fc.oneof(
      { arbitrary: fc.constantFrom('TICK', 'TOCK'), weight: 30 },
      { arbitrary: fc.constant('END'), weight: 1 },
    ) as fc.Arbitrary<Step['verb']>,
    format: fc.constantFrom('%d', '%d %d'),
    args: fc.constantFrom([], [1], [1, 2], ['s'], [0, 0, 0], [1, 2, 3, 4], [0.5]),
    times: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 4, max: 40 })),
    also: fc.oneof(
      { arbitrary: fc.constant(''), weight: 8 },
      { arbitrary: fc.constantFrom('ref', 'unref', 'flush'), weight: 1 },
    ) as fc.Arbitrary<Step['also']>,
  }),
  { maxLength: 60 },
)

function runSteps(program: readonly Step[]): void {
  const recorder = new Recorder({ budget: '4MiB', thread: 'hand 0', sinks: [() => {}] })
  const joined = Recorder.join(recorder.share(), { thread: 'hand 1' })
  const define = { TICK: 0, TOCK: 0, END: 'end' } as const
  const folding = { coalesce: true, maxEvents: 5000 }
  const history = recorder.list('folding', folding).push(1)
  const plain = recorder.list('plain', { maxEvents: 5000 }).push(1)
  const hands = [recorder, joined].map((each) => ({
    verbs: each.verbs(define),
    folding: each.list('folding', folding).at(history.handle),
    plain: each.list('plain').at(plain.handle),
  }))
  for (const { hand, verb, format, args, times, also } of program) {
    const { verbs, folding, plain } = hands[hand] as (typeof hands)[0]
    for (const life of [folding, plain])
      for (let n = 0; n < times; n++) same('log()', life?.log(verbs[verb], format, ...args), true)
    if (also !== '') same(also, Boolean(folding?.[also]()), Boolean(plain?.[also]()))
  }
  const image = openImage(recorder.snapshot())
  for (const at of [recorder.list('folding').at(history.handle), image.history(history.handle)]) {
    const events = at?.events() ?? []
    const written = events.flatMap((event) =>
      Array.from({ length: event.count }, () => [event.verb, event.log, event.thread, event.late]),
    )
    const logged = plain.events().map(({ verb, log, thread, late }) => [verb, log, thread, late])
    same('the runs, written out', written, logged)
    let next = 0
    let t = 0
    for (const event of events) {
      same('its place', event.index, next)
      next = event.lastIndex + 1
      same('a second place', event.lastIndex - event.index, event.count > 1 ? 1 : 0)
      same('times in their order', t <= event.t && event.t <= event.last, true)
      t = event.last
    }
    same('places', image.history(history.handle)?.len, next)
  }
  const { folded, logged } = recorder.stats()
  const all = 2 * program.reduce((sum, { times }) => sum + times, 0)
  same('logged and folded', Number(folded) + Number(logged), all)
  same('problems', image.problems(), [])
}

export const coalesce: Property[] = [
  {
    promise: 'folded runs, written out, are the events of a list that folds nothing',
    runs: 60,
    property: fc.property(steps, runSteps),
  },
]
