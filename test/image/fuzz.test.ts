// Mutated images, some hundreds here, with seeds that are always the same and one that never is; `npm run verify` goes on
// from there, guided by coverage: test/verify/hostile-images.mjs.

import { describe, expect, test } from 'vitest'
import * as at from '../../assembly/layout.ts'
import { anatomyOf } from '../support/hostile/anatomy.ts'
import { corpus } from '../support/hostile/corpus.ts'
import { Random } from '../support/hostile/random.ts'
import { sit } from '../support/hostile/sitting.ts'
import { walk } from '../support/hostile/walk.ts'
import { openOrRefuse, round, Workbench } from '../support/hostile/workbench.ts'

const workbench = new Workbench()
/** Rounds take milliseconds in one runtime and tens of them in another; at least so many, and no more time than this. */
const ROUNDS_LEAST = 40
const ROUNDS_MOST = 400
const MILLISECONDS = 800
/** Found by the test below. */
const ONCE_FATAL = [1950010232]

async function survive(first: number): Promise<number> {
  const end = performance.now() + MILLISECONDS
  let rounds = 0
  let opened = 0
  while (rounds < ROUNDS_MOST && (rounds < ROUNDS_LEAST || performance.now() < end)) {
    const seed = first + rounds++
    try {
      if ((await round(workbench, seed)).walked) opened++
    } catch (error) {
      throw new Error(`The image of seed ${seed} is not survived`, { cause: error })
    }
  }
  // Images that are all refused would prove nothing.
  expect(opened).toBeGreaterThan(rounds / 2)
  return rounds
}

describe('a mutated image', () => {
  test('is refused by name, or shows what can be believed, in the reader and in shdb', async () => {
    await survive(20261123)
  }, 60_000)

  test('of seeds that once were not survived does by now', async () => {
    for (const seed of ONCE_FATAL) await round(workbench, seed)
  }, 60_000)

  test('of seeds that nobody has seen before does, too', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    const rounds = await survive(seed)
    console.log(`${rounds} mutated images from seed ${seed}`)
  }, 60_000)
})

describe('a whole image', () => {
  test.each(corpus())(
    'as the recorder or the builder makes it shows no problem: $name',
    async (sample) => {
      const image = openOrRefuse(sample.bytes)
      if (image === undefined) throw new Error('it was refused')
      expect(walk(image, sample.bytes.length).problems).toBe(0)
      const histories = image.lists().flatMap((list) => list.histories())
      const folded = histories.flatMap((history) =>
        history
          .events()
          .map(({ count, index, lastIndex }) => count && count - 1 - lastIndex + index),
      )
      expect(image.stats().folded).toBe(folded.reduce((sum, count) => sum + count, 0))
      await sit(image)
      expect(image.problems()).toEqual([])
    },
  )
})

describe('an image that is cut', () => {
  const { bytes } = corpus().find(({ name }) => name === 'built') ?? { bytes: new Uint8Array() }
  const anatomy = anatomyOf(bytes)
  const [life = 0] = anatomy.histories
  const [event] = anatomy.events
  const [text] = anatomy.texts
  const ranges: Array<[of: string, start: number, length: number]> = [
    ['the header', 0, 200],
    ['a list', at.LIST_RECORDS, 64],
    ['a string', anatomy.strings[3] ?? 0, 48],
    ['a history', life, at.HISTORY_BYTES],
    ['the header of a block', (event?.offset ?? 0) - at.BLOCK_HEADER_BYTES, at.BLOCK_HEADER_BYTES],
    ['an event', event?.offset ?? 0, at.EVENT_BYTES],
    ['a text', text?.address ?? 0, 40],
    ['a directory', anatomy.directories[0] ?? 0, 12],
  ]

  test.each(ranges)('at any byte of %s opens or is refused by name', (_, start, length) => {
    expect(start + length).toBeLessThan(bytes.length)
    for (let end = start; end <= start + length; end++) {
      const image = openOrRefuse(bytes.subarray(0, end))
      expect(image === undefined).toBe(end < at.HEADER_STATIC_BYTES)
      if (image) expect(walk(image, end).problems).toBeGreaterThan(0)
    }
  })
})

describe('a file that is no image is refused by name', () => {
  test.each([0, 1, 127, 128, 4096, 1 << 20])('%i zeros', (length) => {
    expect(openOrRefuse(new Uint8Array(length))).toBeUndefined()
  })

  test('random bytes', () => {
    const random = new Random(7)
    for (let i = 0; i < 200; i++) {
      const bytes = Uint8Array.from({ length: random.below(4096) }, () => random.below(256))
      expect(openOrRefuse(bytes)).toBeUndefined()
    }
  })
})
