// One step of a program that uses a recorder: done to the recorder and to the model, then compared.

import fc from 'fast-check'
import { Recorder, type Verb } from '../../src/index.ts'
import { type Life, type Model, type ModelList, VERB_NAMES, VERBS, type VerbName } from './model.ts'
import { same } from './property.ts'
import { type Held, rows, World } from './world.ts'

type Step = fc.Command<Model, World>
type Pick = number

const BUDGET = '8MiB'
/** Long enough never to be interned, so that the writer cuts it and counts that. */
const LONG = 65
/** Less would cut the other texts, too. */
const MAX_TEXTS = [70, 128]
const NAMES = ['TCP con', 'dialogs']

const step = (
  text: string,
  needs: 'list' | 'life',
  run: (model: Model, world: World) => void,
): Step => ({
  check: ({ lists, lives }) => (needs === 'list' ? lists : lives).length > 0,
  run(model, world) {
    run(model, world)
    world.compare(model)
  },
  toString: () => text,
})

const pick = fc.nat({ max: 30 })
const by = fc.constantFrom(0, 1) as fc.Arbitrary<0 | 1>
const text = fc.oneof(
  fc.record({ format: fc.constant('n=%d'), argument: fc.integer() }),
  fc.record({ format: fc.constant('%s!'), argument: fc.constantFrom('a', 'bob', 'carol é') }),
  fc.record({
    format: fc.constant('%s'),
    argument: fc.nat({ max: 200 }).map((length) => 'x'.repeat(LONG + length)),
  }),
)

const make = fc
  .record({
    name: fc.constantFrom(...NAMES),
    window: fc.constantFrom(0, 1, 1, 2, 2, 3, 4),
    maxEvents: fc.constantFrom(1, 2, 3, 4, 17, 18, 35, 68, 69, 100),
    maxText: fc.constantFrom(...MAX_TEXTS),
    autoLog: fc.boolean(),
  })
  .map(
    (options): Step => ({
      check: ({ lists }) => !lists.some((list) => list.name === options.name && !list.isDestroyed),
      run(model, world) {
        model.list(options)
        const { name, ...rest } = options
        world.lists.push(world.hands[0].recorder.list(name, rest))
        world.compare(model)
      },
      toString: () => `list(${fc.stringify(options)})`,
    }),
  )

const destroy = pick.map((n) =>
  step(`lists[${n}].destroy()`, 'list', (model, world) => {
    const at = n % model.lists.length
    model.destroy(model.lists[at] as ModelList)
    world.lists[at]?.destroy()
  }),
)

const enable = fc.tuple(pick, by, fc.boolean()).map(([n, who, enabled]) =>
  step(`lists[${n}].enabled = ${enabled}`, 'list', (model, world) => {
    const at = n % model.lists.length
    const list = model.lists[at] as ModelList
    list.enabled = enabled
    world.listOf(world.hands[who], list, at).enabled = enabled
  }),
)

const push = fc
  .tuple(pick, by, fc.oneof(fc.nat(), fc.string(), fc.bigInt({ min: 0n, max: 9n })))
  .map(([n, who, object]) =>
    step(`lists[${n}].push(${fc.stringify(object)}) by ${who}`, 'list', (model, world) => {
      const at = n % model.lists.length
      const list = model.lists[at] as ModelList
      // Only the hand that made a list holds it beyond its end.
      const hand = world.hands[list.isDestroyed ? 0 : who]
      const history = world.listOf(hand, list, at).push(object)
      const life = model.push(list, object)
      world.remember(history, hand)
      same('was pushed', history.handle > 0, life.order >= 0)
    }),
  )

const log = fc
  .tuple(pick, by, fc.constantFrom(...VERB_NAMES), fc.constantFrom(1, 1, 2, 16, 17, 40), text)
  .map(([n, who, verb, times, { format, argument }]) =>
    step(
      `${times} x lives[${n}].log(${verb}, ${fc.stringify(format)}, ${fc.stringify(argument)}) by ${who}`,
      'life',
      (model, world) => {
        const life = lifeAt(model, n)
        const by = held(world, model, life, who)
        for (let i = 0; i < times; i++) logOnce(model, life, by, verb, format, argument)
      },
    ),
  )

/** A few pinned ones among many others. */
const marks = fc.tuple(pick, by, fc.nat({ max: 14 })).map(([n, who, apart]) =>
  step(`marks in lives[${n}], ${apart} apart, by ${who}`, 'life', (model, world) => {
    const life = lifeAt(model, n)
    const by = held(world, model, life, who)
    for (let i = 0; i < 45; i++)
      logOnce(model, life, by, i % (apart + 1) === 0 ? 'MARK' : 'SEND', 'n=%d', i)
  }),
)

function logOnce(
  model: Model,
  life: Life,
  { history, hand }: Held,
  verb: VerbName,
  format: string,
  argument: string | number,
): void {
  const whole = format.replace(/%./, `${argument}`)
  const isCut = typeof argument === 'string' && argument.length > life.list.maxText
  const recorded = history.log(hand.verbs[verb], format, argument)
  same('log()', recorded, model.log(life, verb, hand.thread, whole, isCut))
  const expected = recorded && verb === 'DESTROY' && life.list.autoLog ? model.flush(life) : []
  same('written by autoLog', rows(hand.written.splice(0)), rows(expected))
}

const foreign = new Recorder({ budget: '512KiB' }).verbs(VERBS)

const reject = fc
  .tuple(pick, fc.constantFrom<unknown>(undefined, null, 7, 'SEND', {}, foreign.SEND))
  .map(([n, verb]) =>
    step(`lives[${n}].log(no verb of this recorder)`, 'life', (model, world) => {
      const life = lifeAt(model, n)
      const { history } = held(world, model, life, 0)
      const expected = model.log(life, 'foreign', 'first', '', false)
      same('log()', history.log(verb as Verb, 'x %d', 1), expected)
    }),
  )

const references = fc
  .tuple(
    pick,
    by,
    fc.constantFrom('ref', 'unref') as fc.Arbitrary<'ref' | 'unref'>,
    fc.constantFrom(1, 1, 1, 2, 3),
  )
  .map(([n, who, what, times]) => count(n, who, what, times))
/** Around the count that saturates. */
const manyReferences = fc
  .tuple(
    pick,
    by,
    fc.constantFrom('ref', 'unref') as fc.Arbitrary<'ref' | 'unref'>,
    fc.integer({ min: 4090, max: 4100 }),
  )
  .map(([n, who, what, times]) => count(n, who, what, times))

const count = (n: Pick, who: 0 | 1, what: 'ref' | 'unref', times: number): Step =>
  step(`${times} x lives[${n}].${what}() by ${who}`, 'life', (model, world) => {
    const life = lifeAt(model, n)
    const { history } = held(world, model, life, who)
    for (let i = 0; i < times; i++) same(`${what}()`, history[what](), model[what](life))
  })

const flush = fc.tuple(pick, by).map(([n, who]) =>
  step(`lives[${n}].flush() by ${who}`, 'life', (model, world) => {
    const life = lifeAt(model, n)
    const { history } = held(world, model, life, who)
    const expected = model.flush(life)
    same('flush()', history.flush(), expected.length)
    const written = world.hands.flatMap((each) => each.written.splice(0))
    same('written by flush()', rows(written), rows(expected))
  }),
)

const flushList = fc.tuple(pick, by).map(([n, who]) =>
  step(`lists[${n}].flush() by ${who}`, 'list', (model, world) => {
    const at = n % model.lists.length
    const list = model.lists[at] as ModelList
    const expected = model.retained(list).flatMap((life) => model.flush(life))
    same('flush()', world.listOf(world.hands[who], list, at).flush(), expected.length)
    const written = world.hands.flatMap((each) => each.written.splice(0))
    same('written by flush()', rows(written), rows(expected))
  }),
)

const find = fc.tuple(pick, pick, by).map(([n, other, who]) =>
  step(`lists[${other}].at(lives[${n}].handle) by ${who}`, 'life', (model, world) => {
    const life = lifeAt(model, n)
    const at = other % model.lists.length
    const list = model.lists[at] as ModelList
    const handle = world.handleOf(model, life)
    const found = world.listOf(world.hands[who], list, at).at(handle)
    const isThere = life.list === list && !life.isGone
    same('at()', found?.handle, isThere ? handle : undefined)
    if (found) same('events()', rows(found.events()), rows(model.shown(life)))
  }),
)

/** The newest lives are picked more often than the old ones, most of which are gone. */
function lifeAt(model: Model, n: Pick): Life {
  const count = model.lives.length
  return model.lives[count - 1 - (n % count)] as Life
}

/** The history in either hand, found by its number as another thread would; one that is gone only its pusher holds. */
function held(world: World, model: Model, life: Life, who: 0 | 1): Held {
  const pushed = world.histories[model.lives.indexOf(life)] as Held
  if (life.isGone) return pushed
  const hand = world.hands[who]
  const list = world.listOf(hand, life.list, model.lists.indexOf(life.list))
  const history = list.at(pushed.history.handle)
  if (!history) throw new Error(`${hand.thread} does not find handle ${pushed.history.handle}`)
  return { history, hand }
}

/** Any program of at most so many steps, as steps that begin with a list and a life. */
export const programs = (maxCommands: number) =>
  fc.commands(
    [
      make,
      push,
      push,
      log,
      log,
      marks,
      references,
      references,
      references,
      flush,
      find,
      destroy,
      enable,
      flushList,
      reject,
      manyReferences,
    ],
    { maxCommands, size: '+2' },
  )

export function runProgram(model: Model, steps: Iterable<Step>): void {
  const world = new World(BUDGET)
  fc.modelRun(() => ({ model, real: world }), steps)
  world.compare(model, true)
}
