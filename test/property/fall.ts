// Long lives: what falls out of their middle, what stays for its pinned verb, and what is said about it.

import fc from 'fast-check'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { Model, VERBS, type VerbName } from './model.ts'
import { type Property, same } from './property.ts'
import { rows } from './world.ts'

interface Run {
  readonly verb: VerbName
  readonly count: number
}

const maxEvents = fc.oneof(fc.integer({ min: 1, max: 130 }), fc.integer({ min: 131, max: 2500 }))
const anyRun = fc.record({
  verb: fc.constantFrom<VerbName>('SEND', 'SEND', 'MARK', 'DESTROY'),
  count: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 120 })),
})
/** Many blocks with one pinned event each: more than may be kept. */
const marked = fc
  .record({ apart: fc.integer({ min: 5, max: 40 }), times: fc.integer({ min: 1, max: 60 }) })
  .map(({ apart, times }) =>
    Array.from(
      { length: 2 * times },
      (_, n): Run => (n % 2 === 0 ? { verb: 'MARK', count: 1 } : { verb: 'SEND', count: apart }),
    ),
  )
const runs = fc.oneof(fc.array(anyRun, { maxLength: 40, size: 'max' }), marked)

function holds(most: number, isText: boolean, given: readonly Run[], looks: number): void {
  const recorder = new Recorder({ budget: '8MiB', thread: 'first' })
  const verbs = recorder.verbs(VERBS)
  const model = new Model()
  const options = { window: 1, maxEvents: most, maxText: 100, autoLog: false }
  const list = recorder.list('TCP con', options)
  const life = model.push(model.list({ name: 'TCP con', ...options }), 1)
  const history = list.push(1)
  let n = 0
  for (const [at, { verb, count }] of given.entries()) {
    for (let i = 0; i < count; i++, n++) {
      // Long and new each time: a text of its own, hung on the block of its event.
      const recorded = isText
        ? history.log(
            verbs[verb],
            '%s',
            `event ${n} of this one life of ours, which is a rather long one`,
          )
        : history.log(verbs[verb], '%d', n)
      const text = isText
        ? `event ${n} of this one life of ours, which is a rather long one`
        : `${n}`
      same('log()', recorded, model.log(life, verb, 'first', text, false))
    }
    if (at % looks === 0) same('events()', rows(history.events()), rows(model.shown(life)))
  }
  const image = openImage(recorder.snapshot())
  const found = image.list('TCP con')?.histories()[0]
  same('events', rows(found?.events() ?? []), rows(model.shown(life)))
  same('gaps', found?.gaps(), model.gaps(life))
  same('len', found?.len, n)
  same('logged', recorder.stats().logged, n)
  same('problems', image.problems(), [])
}

export const fall: Property[] = [
  {
    promise:
      'of any life the first quarter and the last three quarters stay, and pinned events between; all else is counted',
    runs: 40,
    property: fc.property(maxEvents, fc.boolean(), runs, fc.integer({ min: 1, max: 9 }), holds),
  },
]
