// Small images that claim to be huge: each of these once made the reader or shdb do work, take memory or believe things
// out of all proportion to their bytes.

import { afterEach, describe, expect, test, vi } from 'vitest'
import * as at from '../../assembly/layout.ts'
import { ImageBytes } from '../../src/image/bytes.ts'
import { bytesCheck, textSeed } from '../../src/image/check.ts'
import { openImage } from '../../src/inspect.ts'
import { ImageBuilder } from '../support/image-builder.ts'

/** Words that are read while something runs. */
function reads(run: () => void): number {
  const spies = [
    vi.spyOn(ImageBytes.prototype, 'u32'),
    vi.spyOn(ImageBytes.prototype, 'acquireU32'),
  ]
  run()
  return spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0)
}

afterEach(() => {
  vi.restoreAllMocks()
})

function given() {
  const image = new ImageBuilder()
  image.thread('main')
  image.verb('SEND')
  return image
}

describe('a life that claims 2^32 events', () => {
  test('without a directory is told in one gap, and not looked for block by block', () => {
    const image = given()
    const life = image.list('TCP con', { maxEvents: 50_000 }).push(1)
    image.u32(life.offset + at.HISTORY_CONTROL + 4, 0xffffffff)
    const [found] = openImage(image.build()).find(1)
    expect(reads(() => found?.gaps())).toBeLessThan(100)
    expect(found?.gaps()).toEqual([
      { from: 0, to: 12_499, count: 12_500, cause: 'unfinished' },
      { from: 12_500, to: 0xffffffff - 37_501, count: 0xffffffff - 50_000, cause: 'fallen' },
      { from: 0xffffffff - 37_500, to: 0xfffffffe, count: 37_500, cause: 'unfinished' },
    ])
  })

  test('is not looked for in the two blocks that its list has, 50,000 times', () => {
    const image = given()
    image.verb('FAIL', 'none', { pin: true })
    const list = image.list('TCP con', { maxEvents: 24 })
    const life = list.push(1).log('SEND')
    image.u32(life.offset + at.HISTORY_CONTROL + 4, 0xffffffff)
    image.u32(list.offset + at.LIST_MAX_EVENTS, 50_000)
    image.u32(list.offset + at.LIST_FIRST_BLOCKS, 1)
    image.u32(list.offset + at.LIST_TURN_BLOCKS, 1)
    const opened = openImage(image.build())
    const [found] = opened.find(1)
    expect(reads(() => found?.events())).toBeLessThan(300)
    expect(opened.problems().map(({ field }) => field)).toContain('LIST_MAX_EVENTS')
  })
})

test('64 chunks of thread records that are all the same one are one', () => {
  const image = given()
  image.u32(at.HEADER_THREADS, 0xffffffff)
  const chunk = image.read32(at.THREAD_CHUNKS)
  for (let i = 0; i < at.THREAD_CHUNKS_MAX; i++) image.u32(at.THREAD_CHUNKS + 4 * i, chunk)
  const opened = openImage(image.build())
  expect(opened.threads()).toHaveLength(at.THREADS_PER_CHUNK)
  expect(opened.problems()[0]).toMatchObject({ field: 'CHUNK_ORDINAL', expected: '1', found: '0' })
})

test('a chunk of strings that stands in the table twice holds no strings the second time', () => {
  const image = given()
  const id = image.string('peer')
  image.u32(at.STRING_CHUNKS + 4, image.read32(at.STRING_CHUNKS))
  const life = image.list('TCP con').push(1).log('SEND', '%s', 'peer')
  image.u32(life.eventOffset(0) + at.EVENT_WORDS, id + (1 << at.STRING_ID_CHUNK_SHIFT))
  life.commit(0)
  const [found] = openImage(image.build()).find(1)
  expect(found?.events()[0]?.log).toBe(`<string ${id + (1 << at.STRING_ID_CHUNK_SHIFT)}>`)
})

test('strings that overlap are read until together they are longer than the image, and no further', () => {
  const image = given()
  const lives = image.list('TCP con', { maxEvents: 6000 }).push(1)
  const chunk = image.chunk(at.CLASS_STRINGS, 1)
  image.u32(at.STRING_CHUNKS + 4, chunk)
  const most = 6000
  for (let i = 0; i < most; i++) lives.log('SEND', '%s', 'peer')
  // A string of 4000 bytes begins at every eighth byte, each with a check of its own.
  const start = chunk * at.CHUNK_BYTES
  const offsets = Array.from({ length: most }, (_, i) => at.CHUNK_HEADER_BYTES + 8 * i)
  for (const offset of offsets) image.u32(start + offset + at.STRING_LENGTH, 4000)
  for (const offset of offsets.toReversed()) {
    const data = start + offset + at.STRING_DATA
    image.u32(start + offset, bytesCheck(image.bytes.subarray(data, data + 4000), 0))
  }
  for (const [i, offset] of offsets.entries()) {
    const id = (1 << at.STRING_ID_CHUNK_SHIFT) | (offset >> at.STRING_UNIT_SHIFT)
    image.u32(lives.eventOffset(i) + at.EVENT_WORDS, id)
    lives.commit(i)
  }
  const bytes = image.build()
  const opened = openImage(bytes)
  const events = opened.find(1)[0]?.events() ?? []
  expect(events).toHaveLength(most)
  const believed = events.filter(({ log }) => !log.startsWith('<string')).length
  expect(believed).toBeGreaterThan(0)
  expect(believed * 4000).toBeLessThanOrEqual(2 * bytes.length)
  expect(opened.problems()[0]?.expected).toBe('one that overlaps no other')
})

test('a text whose blocks run in a circle is damaged, not as long as it says', () => {
  const image = given()
  const life = image.list('TCP con', { maxText: 8192 }).push(1)
  life.log('SEND', '%s', { inline: 'x'.repeat(600) })
  const address = image.read32(life.eventOffset(0) + at.EVENT_WORDS)
  const block = address - at.BLOCK_HEADER_BYTES
  const second = image.read32(block + at.BLOCK_NEXT)
  image.u32(second * at.BLOCK_BYTES + at.BLOCK_NEXT, second)
  // The text as a reader that follows the circle would see it, and a check that fits.
  const looped = new Uint8Array(at.TEXT_BYTES_MAX)
  const inBlock = at.BLOCK_DATA_BYTES - at.TEXT_DATA
  image.u32(address + at.TEXT_DATA + 1, looped.length - 9)
  looped.set(image.bytes.subarray(address + at.TEXT_DATA, address + at.TEXT_DATA + inBlock))
  const next = second * at.BLOCK_BYTES + at.BLOCK_HEADER_BYTES
  for (let done = inBlock; done < looped.length; done += at.BLOCK_DATA_BYTES) {
    const count = Math.min(at.BLOCK_DATA_BYTES, looped.length - done)
    looped.set(image.bytes.subarray(next, next + count), done)
  }
  image.u32(address + at.TEXT_LENGTH, looped.length)
  image.u32(address + at.TEXT_CHECK, bytesCheck(looped, textSeed(0)))
  const opened = openImage(image.build())
  expect(opened.find(1)[0]?.events()[0]?.log).toBe('%s <text damaged>')
  expect(opened.problems()[0]).toMatchObject({ field: 'BLOCK_NEXT' })
})

test('texts of huge widths are made until they are many times the image, and then left out', () => {
  const image = given()
  const life = image.list('TCP con', { maxEvents: 6000, maxText: 8192 }).push(1)
  for (let i = 0; i < 6000; i++) life.log('SEND', '%4096d%4096d', i, i)
  const bytes = image.build()
  const opened = openImage(bytes)
  const events = opened.find(1)[0]?.events() ?? []
  expect(events).toHaveLength(6000)
  const characters = events.reduce((sum, { log }) => sum + log.length, 0)
  expect(characters).toBeLessThan(17 * bytes.length + 2 ** 24)
  expect(events.at(0)?.log.trimStart()).toMatch(/^0 +0$/)
  expect(events.at(-1)?.log).toBe('<text left out>')
  expect(opened.problems()).toHaveLength(1)
})

describe('what is not there is not believed', () => {
  test('a verb without a name has a number: only a loss has no verb', () => {
    const image = given()
    image.u32(at.VERB_TABLE, 0)
    image.list('TCP con').push(1).log('SEND', 'whole')
    const [event] = openImage(image.build()).find(1)[0]?.events() ?? []
    expect(event).toMatchObject({ verb: '<verb 0>', log: 'whole', lost: 0 })
  })

  test('a history that is cut behind its object has been flushed nowhere, and does not throw', () => {
    const image = given()
    const life = image.list('TCP con').push(1)
    const bytes = image.build().subarray(0, life.offset + at.HISTORY_FLUSH_OFFSET)
    const opened = openImage(bytes)
    const [found] = opened.list('TCP con')?.histories() ?? []
    expect(found?.flushOffset).toBe(0)
    expect(opened.problems().at(-1)?.text).toContain(`read the history at byte ${life.offset} in`)
  })

  test('a header that claims 2 GiB is taken at its word for nothing but the claim', () => {
    const image = given()
    image.u32(at.HEADER_BUDGET_CHUNKS, 32768)
    image.seal()
    image.u32(at.HEADER_CHUNKS, 32768)
    for (const length of [at.HEADER_STATIC_BYTES, at.CHUNK_BYTES, 3 * at.CHUNK_BYTES]) {
      const bytes = image.bytes.slice(0, length)
      const opened = openImage(bytes, { source: 'claims' })
      expect(opened.size).toBe(length < at.HEADER_CHUNKS ? at.CHUNK_BYTES : 2 ** 31)
      expect(opened.lists()).toEqual([])
      expect(reads(() => opened.stats())).toBeLessThan(10_000)
      vi.restoreAllMocks()
      expect(opened.bytes(0, 2 ** 31)).toHaveLength(length)
      expect(opened.problems()[0]?.text).toMatch(/^Cannot read /)
    }
  })
})
