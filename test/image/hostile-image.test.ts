// An image is foreign bytes. Whatever they are, the reader says what is wrong and shows the rest; it never crashes.

import { describe, expect, test } from 'vitest'
import * as at from '../../assembly/layout.ts'
import { Recorder } from '../../src/index.ts'
import { type Image, ImageError, openImage } from '../../src/inspect.ts'
import { ImageBuilder } from '../support/image-builder.ts'

/** A small image with one of everything. */
function givenEverything(): ImageBuilder {
  const image = new ImageBuilder()
  image.thread('main')
  image.thread('tcp worker 1', { tid: 2 })
  image.verb('REF', 'ref').verb('SEND').verb('END', 'end').verb('FAIL', 'none', { pin: true })
  const list = image.list('TCP con', { maxEvents: 24, maxText: 64 })
  const long = list.push(0x10)
  for (let i = 0; i < 90; i++) long.log(i % 29 === 0 ? 'FAIL' : 'SEND', 'send %d of %s', i, 'x')
  list
    .push('a'.repeat(100))
    .log('REF', '%s', { inline: 'b'.repeat(900) })
    .log('END')
  list.push('dialog').log('SEND', '%j %5.1f', { json: '{"a":1}', cut: 3 }, 0.25)
  const deep = image.list('deep', { maxEvents: 2000 }).push(-1)
  for (let i = 0; i < 100; i++) deep.log('SEND', '%-*d|', 5, i)
  return image
}

/** Reads all there is, as a dump of everything would. */
function readAll(image: Image): number {
  let count = 0
  for (const list of image.lists()) {
    for (const history of list.histories()) {
      count += history.events().length + history.gaps().length + history.objectText.length
      image.history(history.handle)
      image.find(history.object)
    }
  }
  count += image.threads().length + image.verbs().length + Object.keys(image.stats()).length
  return count + image.problems().length
}

/** Park & Miller 1988: the same "random" numbers on every machine. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 48271) % 0x7fffffff
    return state % below
  }
}

function refused(bytes: Uint8Array): ImageError {
  try {
    openImage(bytes, { source: 'conns.shdump' })
  } catch (error) {
    if (error instanceof ImageError) return error
    throw error
  }
  throw new Error('the image was opened')
}

describe('openImage() refuses', () => {
  test('an empty file, naming its length', () => {
    const error = refused(new Uint8Array(0))
    expect(error).toBeInstanceOf(RangeError)
    expect(error).toMatchObject({ source: 'conns.shdump', offset: 0, found: '0' })
    expect(error.message).toBe(
      'Cannot open an image in conns.shdump at byte 0: its length is 0, expected at least 128',
    )
  })

  test('a file of another kind, naming what stands there instead of the magic', () => {
    const error = refused(new TextEncoder().encode('\x7fELF'.padEnd(4096, '.')))
    expect(error).toMatchObject({ offset: 0, field: 'the magic', found: '0x464c457f' })
  })

  test('a newer version, naming both', () => {
    const error = refused(new ImageBuilder().seal(7).build())
    expect(error).toMatchObject({ offset: at.HEADER_VERSION, found: '7' })
    expect(error.message).toContain('is 7, expected 1, the version of the format that this reader')
    expect(error.message).toContain('use a newer struct-history')
  })

  test('a recorder that is not complete yet', () => {
    expect(refused(new ImageBuilder().seal(0).build()).found).toBe('0')
  })

  test('a copy of the magic with anything else behind it', () => {
    const bytes = givenEverything().build()
    for (let offset = at.HEADER_CHECK; offset < at.HEADER_STATIC_BYTES; offset++) {
      const copy = bytes.slice(0, at.HEADER_BYTES)
      copy[offset] = (copy[offset] ?? 0) ^ 1
      expect(refused(copy).field).toBe('HEADER_CHECK')
    }
  })
})

describe('a truncated image', () => {
  test('opens at every length from its header on, says what is missing and shows the rest', () => {
    const bytes = givenEverything().build()
    const whole = openImage(bytes).find(0x10)[0]?.events().length ?? 0
    for (let length = 512; length < bytes.length; length += 512) {
      const image = openImage(bytes.subarray(0, length), { source: 'cut' })
      readAll(image)
      expect(image.name).toBe('proxy')
      expect(image.problems()[0]?.text).toBe(
        `Cannot read all in cut at byte ${length}: the length is ${length}, ` +
          `expected ${bytes.length}, as the header says`,
      )
      expect(image.find(0x10)[0]?.events().length ?? 0).toBeLessThanOrEqual(whole + 1)
    }
  })

  test('that ends in a repeat of a pinned verb, within what a check does not cover, says so', () => {
    const recorder = new Recorder({ budget: '2MiB' })
    const { SEND, FAIL } = recorder.verbs({ SEND: 0, FAIL: { role: 0, pin: true } })
    const history = recorder.list('TCP con', { maxEvents: 24, coalesce: true }).push(0x10)
    for (let n = 0; n < 120; n++) {
      for (let again = 0; again < 3; again++) history.log(FAIL, 'failed')
      history.log(SEND, '%d', n)
    }
    const bytes = recorder.snapshot()
    const events = openImage(bytes).find(0x10)[0]?.events() ?? []
    const repeats = events.filter(({ count }) => count > 1)
    expect(repeats.length).toBeGreaterThan(6)
    for (const { address } of repeats) {
      for (let length = address; length <= address + 2 * at.EVENT_BYTES; length++) {
        const image = openImage(bytes.subarray(0, length), { source: 'cut' })
        readAll(image)
        expect(image.problems().length).toBeGreaterThan(0)
      }
    }
  })

  test('that lost its last chunk still shows the lives before it', () => {
    const given = givenEverything()
    const bytes = given.build()
    const image = openImage(bytes.subarray(0, bytes.length - at.CHUNK_BYTES))
    expect(image.find(0x10)[0]?.len).toBe(90)
  })

  test('is refused below its header', () => {
    const bytes = givenEverything().build()
    for (let length = 0; length < at.HEADER_STATIC_BYTES; length++)
      expect(refused(bytes.subarray(0, length))).toBeInstanceOf(ImageError)
  })
})

describe('damaged bytes', () => {
  test('never make the reader throw anything but an ImageError', () => {
    const bytes = givenEverything().build()
    const used = usedOffsets(bytes)
    const seed = 20260102
    const random = seeded(seed)
    for (let round = 0; round < 1000; round++) {
      const copy = bytes.slice()
      const flips = 1 + random(round % 3 === 0 ? 40 : 3)
      for (let i = 0; i < flips; i++) {
        const offset = used[random(used.length)] ?? 0
        copy[offset] = (copy[offset] ?? 0) ^ (1 << random(8))
      }
      try {
        readAll(openImage(copy))
      } catch (error) {
        if (!(error instanceof ImageError))
          throw new Error(`seed ${seed}, round ${round}`, {
            cause: error,
          })
      }
    }
  }, 60_000)

  test('of pure noise behind a right header are survived, with a bounded list of problems', () => {
    const random = seeded(7)
    for (let round = 0; round < 20; round++) {
      const bytes = givenEverything().build()
      for (let i = at.HEADER_STATIC_BYTES; i < bytes.length; i++) bytes[i] = random(256)
      const image = openImage(bytes)
      readAll(image)
      expect(image.problems().length).toBeLessThanOrEqual(1001)
    }
  })

  test('that make chains run in circles do not hang the reader', () => {
    const given = givenEverything()
    const bytes = given.build()
    const view = new DataView(bytes.buffer)
    // Every block names itself as the next one.
    for (let block = at.CHUNK_BYTES; block < bytes.length; block += at.BLOCK_BYTES)
      view.setUint32(block + at.BLOCK_NEXT, block / at.BLOCK_BYTES, true)
    readAll(openImage(bytes))
  })

  test('with huge counts do not exhaust the reader', () => {
    const given = givenEverything()
    const history = given.list('huge', { maxEvents: 300 }).push(0x77).log('REF')
    given.u32(history.offset + at.HISTORY_CONTROL + 4, 0xffffffff)
    for (const field of [at.LIST_MAX_EVENTS, at.LIST_MAX_TEXT, at.LIST_TURN_BLOCKS])
      given.u32(history.list.offset + field, 0xffffffff)
    given.u32(at.HEADER_THREADS, 0xffffffff)
    const image = openImage(given.build())
    const [found] = image.find(0x77)
    const shown = found?.events() ?? []
    expect(shown[0]?.verb).toBe('REF')
    const lost = shown.reduce((total, event) => total + event.lost, 0)
    expect(lost).toBe(0xffffffff - 1)
    readAll(image)
  })

  test('in a slot spoil no other history', () => {
    const given = givenEverything()
    const list = given.list('two')
    const bad = list.push(0x50).log('REF')
    list.push(0x51).log('REF', 'whole')
    given.u32(bad.offset + at.HISTORY_PUSH, 7)
    const image = openImage(given.build())
    const histories = image.list('two')?.histories() ?? []
    expect(histories.map((history) => history.objectText)).toEqual([
      `<object of ${bad.handle}>`,
      '0x51',
    ])
    expect(histories[1]?.events()[0]?.log).toBe('whole')
    expect(image.problems()[0]?.field).toBe('HISTORY_PUSH')
  })
})

/** Bytes that mean something: flipping one of the zeros around them shows little. */
function usedOffsets(bytes: Uint8Array): number[] {
  const used: number[] = []
  for (let i = 0; i < bytes.length; i++) {
    const isNear = bytes[i] !== 0 || bytes[i - 4] !== 0 || bytes[i + 4] !== 0
    if (isNear && (bytes[i] !== 0 || i % 5 === 0)) used.push(i)
  }
  return used
}
