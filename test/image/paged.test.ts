// An image that is fetched where it is looked at is the image that was read at once.

import { describe, expect, test } from 'vitest'
import type { ByteSource } from '../../src/image/byte-source.ts'
import { openImage } from '../../src/image/read-image.ts'
import { ImageBuilder } from '../support/image-builder.ts'

function built(): Uint8Array {
  const image = new ImageBuilder()
  const thread = image.thread('main', { pid: 7, tid: 1 })
  image.verb('SEND', 'none')
  const list = image.list('TCP con')
  for (let n = 0; n < 40; n++) {
    const life = list.push(n % 2 === 0 ? 0x1000 + n : `call ${n}`, { thread })
    life.by(thread)
    for (let k = 0; k < 12; k++) life.at(1000 * n + k).log('SEND', 'part %d of %s', k, `text ${n}`)
  }
  return image.build()
}

/** Counts what is asked of it. */
class Counted implements ByteSource {
  readonly #bytes: Uint8Array
  readonly length: number
  fetched = 0
  constructor(bytes: Uint8Array, length = bytes.length) {
    this.#bytes = bytes
    this.length = length
  }
  read(offset: number, into: Uint8Array): number {
    this.fetched += into.length
    const part = this.#bytes.subarray(offset, offset + into.length)
    into.set(part)
    return part.length
  }
}

function everything(bytes: Uint8Array | ByteSource): unknown {
  const image = openImage(bytes, { source: 'x' })
  return {
    stats: image.stats(),
    threads: image.threads(),
    verbs: image.verbs(),
    lives: image
      .lists()
      .map((list) =>
        list.histories().map((history) => [history.objectText, history.events(), history.gaps()]),
      ),
    raw: image.bytes(100, 70_000),
    problems: image.problems(),
  }
}

describe('openImage() of a source', () => {
  test('shows what openImage() of its bytes shows', () => {
    const bytes = built()
    expect(everything(new Counted(bytes))).toEqual(everything(bytes))
  })

  test('of a cut image tells the same problems', () => {
    const whole = built()
    for (const length of [128, 200, 4096, 5000, 65_536, 70_000, whole.length - 1]) {
      const bytes = whole.slice(0, length)
      expect(everything(new Counted(bytes))).toEqual(everything(bytes))
    }
  })

  test('fetches for one history less than all', () => {
    const source = new Counted(built())
    const image = openImage(source, { source: 'x' })
    expect(image.find(0x1002)[0]?.events()).toHaveLength(12)
    expect(source.fetched).toBeLessThan(source.length)
  })

  test('of a terabyte that is no image fetches its head and no more', () => {
    const source = new Counted(new Uint8Array(4096), 2 ** 40)
    expect(() => openImage(source, { source: 'x' })).toThrow(/the magic is 0x00000000/)
    expect(source.fetched).toBeLessThanOrEqual(4096)
  })

  test('of an image with a terabyte behind it takes the image', () => {
    const bytes = built()
    const image = openImage(new Counted(bytes, 2 ** 40), { source: 'x' })
    expect(image.find(0x1002)[0]?.events()).toHaveLength(12)
  })

  test('that has less than it said shows what is there', () => {
    const bytes = built().slice(0, 66_000)
    const image = openImage(new Counted(bytes, built().length), { source: 'x' })
    expect(image.lists()).toHaveLength(1)
    expect(image.problems().length).toBeGreaterThan(0)
  })
})
