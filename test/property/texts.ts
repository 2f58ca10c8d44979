// What an event says: arguments of all kinds, read as printf prints them, and cut where a list says so.

import fc from 'fast-check'
import { type History, Recorder } from '../../src/index.ts'
import { cut } from './model.ts'
import { anyString, type Property, same, wellFormed } from './property.ts'

const integer = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53, 2 ** 60),
  fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }),
  fc.constantFrom(
    2n ** 63n - 1n,
    2n ** 63n,
    -(2n ** 63n),
    -(2n ** 63n) - 1n,
    2n ** 64n - 1n,
    2n ** 64n,
  ),
)
const anything: fc.Arbitrary<unknown> = fc.oneof(
  integer,
  fc.double(),
  fc.constantFrom(-0, Number.NaN, true, false, null, undefined, Symbol('peer')),
  anyString(80),
  fc.object({ withBigInt: true, maxDepth: 2 }),
)

const json = (value: unknown) =>
  JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? `${inner}` : inner))

/** `%s` of a value: as JavaScript shows it, an object as JSON. */
function asSuch(value: unknown): string {
  if (typeof value === 'string') return wellFormed(value)
  if (typeof value === 'object' && value !== null) return wellFormed(json(value))
  return Object.is(value, -0) ? '-0' : String(value)
}

/** An integer of more than 64 bits is known by its text. */
function kept(value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  return value >= -(2n ** 63n) && value < 2n ** 64n ? value : `${value}`
}

const conversions: Record<string, (value: unknown) => string> = {
  '%s': asSuch,
  '%j': (value) => (typeof value === 'string' ? json(wellFormed(value)) : asSuch(value)),
  // A number that is none, or none that is whole, is shown as it is.
  '%d': (value) =>
    typeof value === 'bigint' || Number.isInteger(value)
      ? `${BigInt(value as number)}`
      : asSuch(value),
}

const argument = fc.oneof(
  fc.tuple(fc.constantFrom('%s', '%j', '%d'), anything),
  fc.tuple(fc.constant('%d'), integer),
)
const literal = fc
  .string({ unit: 'grapheme', maxLength: 6 })
  .map((text) => text.replaceAll('%', ''))

/** Often enough that strings are seen before, so that each way of storing an argument is taken. */
const TIMES = 20

function readsBack(
  pieces: readonly (readonly [string, readonly [string, unknown]])[],
  end: string,
) {
  const recorder = new Recorder({ budget: '2MiB' })
  const { SEND } = recorder.verbs({ SEND: 0 })
  const history = recorder.list('TCP con', { maxText: 8192 }).push(1)
  const format = pieces.map(([before, [conversion]]) => before + conversion).join('') + end
  const args = pieces.map(([, [, value]]) => value)
  const expected =
    pieces
      .map(([before, [conversion, value]]) => before + conversions[conversion]?.(kept(value)))
      .join('') + end
  for (let n = 0; n < TIMES; n++) same('log()', history.log(SEND, format, ...args), true)
  const whole = wellFormed(expected)
  for (const { log } of history.events()) same('log', log, whole)
}

const anyText = fc.oneof(
  anyString(60),
  fc
    .tuple(fc.constantFrom('x', 'é', '東', '😀', 'a😀'), fc.nat({ max: 300 }))
    .map(([unit, count]) => unit.repeat(count)),
  fc
    .tuple(fc.constantFrom('x', '東', '😀'), fc.integer({ min: 2000, max: 9000 }))
    .map(([unit, count]) => unit.repeat(count)),
)
const maxText = fc.oneof(fc.nat({ max: 200 }), fc.constantFrom(479, 480, 481, 1000, 8191, 8192))

function isCut(most: number, given: readonly (readonly [string, readonly string[]])[]): void {
  const recorder = new Recorder({ budget: '8MiB' })
  const { SEND } = recorder.verbs({ SEND: 0 })
  const history: History = recorder.list('TCP con', { maxText: most }).push(1)
  for (const [before, args] of given)
    same('log()', history.log(SEND, before + '%s'.repeat(args.length), ...args), true)
  const expected = given.map(([before, args]) => cut(before + args.map(wellFormed).join(''), most))
  same(
    'logs',
    history.events().map(({ log }) => log),
    expected,
  )
}

export const texts: Property[] = [
  {
    promise: 'arguments of any kind read as they were, however often they are logged',
    runs: 40,
    property: fc.property(
      fc.array(fc.tuple(literal, argument), { maxLength: 7 }),
      literal,
      readsBack,
    ),
  },
  {
    promise:
      'a text is cut at maxText bytes, before a character that does not fit, and says how much is missing',
    runs: 40,
    property: fc.property(
      maxText,
      fc.array(fc.tuple(literal, fc.array(anyText, { maxLength: 4 })), {
        minLength: 1,
        maxLength: 12,
      }),
      isCut,
    ),
  },
]
