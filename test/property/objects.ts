// What a life is the life of: numbers, bigints and strings come back as they were given, and are found by what was given.

import fc from 'fast-check'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { anyString, type Property, same, utf8, utf8Size, wellFormed } from './property.ts'

type Id = number | bigint | string

/** OBJECT_LONG_STRING_BYTES of docs/FORMAT.md, and room for the mark of a cut. */
const LONGEST = 480
const KEPT = LONGEST - 21

/** The edges of the six kinds that the format has, and a few on either side. */
const edges = [0n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n].flatMap((edge) =>
  [-2n, -1n, 0n, 1n, 2n].flatMap((by) => [edge + by, -edge + by]),
)
const id: fc.Arbitrary<Id> = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(...edges, ...edges.map(Number), -0, Number.NaN, Number.MIN_VALUE),
  fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }),
  anyString(50),
  // Around the two lengths at which a string moves: into a block of its own, and beyond what is kept.
  fc
    .tuple(
      fc.constantFrom('x', 'é', '東', '😀', '\ud800'),
      fc.constantFrom(36, LONGEST),
      fc.integer({ min: -4, max: 4 }),
    )
    .map(([unit, bytes, by]) =>
      unit.repeat(Math.max(0, Math.floor((bytes + by) / utf8(unit).length))),
    ),
  anyString(5000),
  fc.constantFrom('z'.repeat(5000), '😀'.repeat(2500)),
)

/** What a recorder keeps: UTF-8, cut and marked where it is too long; and the text of what has more than 64 bits. */
function kept(given: Id): Id {
  if (typeof given === 'bigint')
    return given >= -(2n ** 63n) && given < 2n ** 64n ? given : `${given}`
  if (typeof given === 'number') return given
  const whole = wellFormed(given)
  const bytes = utf8(whole).length
  if (bytes <= LONGEST) return whole
  let text = ''
  let length = 0
  for (const character of whole) {
    const size = utf8Size(character)
    if (length + size > KEPT) break
    text += character
    length += size
  }
  return `${text}…+${bytes - length}B`
}

function isSame(one: Id, other: Id): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other
  // biome-ignore lint/suspicious/noDoubleEquals: a number and a bigint of equal value are one object
  return one == other || (Number.isNaN(one) && Number.isNaN(other))
}

function holds(ids: readonly Id[]): void {
  const recorder = new Recorder({ budget: '2MiB' })
  const list = recorder.list('TCP con', { window: 0 })
  const handles = ids.map((given) => list.push(given).handle)
  const image = openImage(recorder.snapshot())
  const histories = image.list('TCP con')?.histories() ?? []
  const all = ids.map(kept)
  same(
    'objects',
    histories.map(({ object }) => object),
    all,
  )
  for (const [at, given] of ids.entries()) {
    const expected = handles.filter((_, n) => isSame(all[n] as Id, all[at] as Id))
    const found = image.find(given).map(({ handle }) => handle)
    same('find()', found, expected)
  }
  const cut = ids.filter((given) => typeof given === 'string' && kept(given) !== wellFormed(given))
  same('textsCut', recorder.stats().textsCut, cut.length)
  same('problems', image.problems(), [])
}

export const objects: Property[] = [
  {
    promise: 'any number, bigint or string is the object that was pushed, and finds its lives',
    runs: 60,
    property: fc.property(fc.array(id, { minLength: 1, maxLength: 20 }), holds),
  },
]
