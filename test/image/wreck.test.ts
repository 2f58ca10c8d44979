// Images in cores, streams and memories that were made by hand: where they are found, and where they are not.

import { describe, expect, test } from 'vitest'
import * as at from '../../assembly/layout.ts'
import type { ByteSource } from '../../src/image/byte-source.ts'
import { ImageError } from '../../src/image/bytes.ts'
import { Capture } from '../../src/wreck/capture.ts'
import {
  atOnce,
  NoImageError,
  openCaptured,
  openImages,
  openSource,
  type Wreck,
} from '../../src/wreck/open.ts'
import { type CoreOptions, elfCore, joined, type Part } from '../support/elf-core.ts'
import { Random } from '../support/hostile/random.ts'
import { ImageBuilder } from '../support/image-builder.ts'

const BASE = 0x7f95acf60000
const CHUNK = 65_536

function image(name = 'proxy', recorderId = 7n): Uint8Array {
  const builder = new ImageBuilder({ name, recorderId })
  const thread = builder.thread('main', { pid: 7, tid: 1 })
  builder.verb('SEND', 'none')
  const life = builder.list('TCP con').push(0x10, { thread })
  life.by(thread)
  for (let k = 0; k < 12; k++) life.at(k).log('SEND', 'part %d of %s', k, name)
  return builder.build()
}

const zeros = (length: number): Uint8Array => new Uint8Array(length)
/** A mapping of an image with room behind it, as engines make it. */
const mapping = (bytes: Uint8Array, before = 0, after = 3 * CHUNK): Uint8Array =>
  joined([zeros(before), bytes, zeros(after)])

class Source implements ByteSource {
  readonly bytes: Uint8Array
  readonly length: number
  reads = 0
  constructor(bytes: Uint8Array, length = bytes.length) {
    this.bytes = bytes
    this.length = length
  }
  read(offset: number, into: Uint8Array): number {
    this.reads++
    const part = this.bytes.subarray(offset, offset + into.length)
    into.set(part)
    return part.length
  }
}

const open = (bytes: Uint8Array): Wreck => atOnce(openSource(new Source(bytes), 'core'))

/** The same through a stream, in parts of this many bytes. */
function streamed(bytes: Uint8Array, step: number): Wreck {
  const capture = new Capture('core')
  for (let from = 0; from < bytes.length; from += step) {
    if (!capture.push(bytes.subarray(from, from + step))) break
  }
  return openCaptured(capture.end(), 'core')
}

/** What is in it, or why nothing is. */
function shown(run: () => Wreck): unknown {
  try {
    const { images, description, warnings } = run()
    const all = images.map((each) => [
      each.name,
      each.base,
      each.list('TCP con')?.histories()[0]?.events().at(-1)?.log,
      each.problems().map(({ text }) => text),
    ])
    return { all, description, warnings }
  } catch (error) {
    if (error instanceof ImageError || error instanceof NoImageError) return error.message
    throw error
  }
}

/** The same however it is read. */
function found(bytes: Uint8Array): unknown {
  const whole = shown(() => open(bytes))
  for (const step of [4096, 10_007, 1 << 20]) {
    expect(
      shown(() => streamed(bytes, step)),
      `in parts of ${step}`,
    ).toEqual(whole)
  }
  return whole
}

const LAST = 'part 11 of proxy'
const one = (base = BASE, name = 'proxy', last = LAST) => [name, base, last, []]
const description = [
  "x86-64 core of `node server.mjs', process 4711, terminated with signal SIGABRT",
]

const core = (parts: readonly Part[], options?: CoreOptions): Uint8Array => elfCore(parts, options)

describe('an image in a core is found', () => {
  test.each([
    ['at the start of a segment, as V8 puts it', BASE, 0],
    ['one page behind it, as JavaScriptCore and SpiderMonkey do', BASE - 4096, 4096],
    ['in the middle of one, at 0 modulo 64 KiB', BASE - 5 * CHUNK, 5 * CHUNK],
    ['in the middle of one, at 0x1000 modulo 64 KiB', BASE - 0x401000, 0x401000],
    ['at any page, if nowhere else', BASE - 7 * 4096, 7 * 4096],
  ])('%s', (_, address, before) => {
    const base = before === 4096 || before === 0x401000 ? address + before : BASE
    const bytes = core([
      { address: 0x400000, bytes: zeros(CHUNK) },
      { address, bytes: mapping(image(), before) },
    ])
    expect(found(bytes)).toEqual({ all: [one(base)], description, warnings: [] })
  })

  test('over segments that follow one another', () => {
    const bytes = mapping(image())
    expect(
      found(
        core([
          { address: BASE, bytes: bytes.subarray(0, 2 * CHUNK) },
          { address: BASE + 2 * CHUNK, bytes: bytes.subarray(2 * CHUNK) },
        ]),
      ),
    ).toEqual({ all: [one()], description, warnings: [] })
  })

  test('in a core of more segments than e_phnum can say', () => {
    const bytes = core([{ address: BASE, bytes: image() }], { isExtended: true, empty: 66_000 })
    const all = { all: [one()], description, warnings: [] }
    expect(shown(() => open(bytes))).toEqual(all)
    expect(shown(() => streamed(bytes, 1 << 20))).toEqual(all)
    // The section header that tells the number is the first thing that a cut takes.
    expect(shown(() => open(bytes.subarray(0, bytes.length - 64)))).toEqual(all)
  })

  test('of AArch64', () => {
    expect(found(core([{ address: BASE, bytes: image() }], { machine: 183, signal: 11 }))).toEqual({
      all: [one()],
      description: [
        "AArch64 core of `node server.mjs', process 4711, terminated with signal SIGSEGV",
      ],
      warnings: [],
    })
  })

  test('several of them, the one that began first before the others', () => {
    const other = image('cache', 8n)
    new DataView(other.buffer).setFloat64(at.HEADER_STARTED, 1, true)
    recheck(other)
    const bytes = core([
      { address: BASE, bytes: joined([image(), other]) },
      { address: BASE + 0x1000_0000, bytes: mapping(image('third', 9n)) },
    ])
    expect(found(bytes)).toMatchObject({
      all: [
        ['cache', BASE + image().length, 'part 11 of cache', []],
        one(),
        ['third', BASE + 0x1000_0000, 'part 11 of third', []],
      ],
    })
  })
})

/** Makes the check right again after the header was changed. */
function recheck(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let sum = 0
  for (let offset = 0; offset < at.HEADER_STATIC_BYTES; offset += 4) {
    if (offset === at.HEADER_VERSION || offset === at.HEADER_CHECK) continue
    sum += Math.imul(view.getUint32(offset, true), at.CHECK_BYTES + (offset / 4) * 2)
  }
  view.setUint32(at.HEADER_CHECK, sum >>> 0 || 1, true)
}

describe('what is no recorder is not taken for one', () => {
  const whole = image()
  const copies: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['the magic alone', whole.slice(0, 16), /the version of the format is 0|HEADER_CHECK/],
    ['a header with nothing behind it', whole.slice(0, 4096), /none of its first chunks/],
    [
      'a header with other things behind it',
      joined([whole.slice(0, CHUNK), new Uint8Array(9 * CHUNK).fill(0x5a)]),
      /none of its first chunks/,
    ],
    [
      'a header whose check is wrong',
      whole.map((byte, i) => (i === at.HEADER_PID ? byte ^ 1 : byte)),
      /HEADER_CHECK/,
    ],
    [
      'an image of a later version',
      whole.map((byte, i) => (i === at.HEADER_VERSION ? 99 : byte)),
      /the version of the format is 99.*use a newer/,
    ],
  ]
  test.each(copies)('%s', (_, copy, why) => {
    const room = zeros(20 * CHUNK)
    room.set(copy, 2 * CHUNK)
    const refused = found(core([{ address: BASE, bytes: room }]))
    expect(refused).toMatch(
      /^No recorder in core, x86-64 core of `node server\.mjs', process 4711, /,
    )
    expect(refused).toMatch(/A magic that no recorder follows: 0x7f95acf80000: /)
    expect(refused).toMatch(why)
    // And it does not stand in the way of one that is.
    const both = [
      { address: BASE - 0x100_0000, bytes: room },
      { address: BASE, bytes: whole },
    ]
    expect(found(core(both))).toMatchObject({ all: [one()] })
  })

  test('one that says to be longer than its mapping', () => {
    expect(found(core([{ address: BASE, bytes: whole.slice(0, 2 * CHUNK) }]))).toMatch(
      /its header says \d+ bytes, but the memory ends after 131072/,
    )
  })

  test('copies that are not at a page', () => {
    const room = zeros(30 * CHUNK)
    room.set(whole, 16)
    room.set(whole, 12 * CHUNK + 2048)
    expect(found(core([{ address: BASE, bytes: room }]))).toMatch(
      /^No recorder in core, .*\d MiB of writable memory were searched\.$/,
    )
  })

  test('a snapshot in the heap of the process, which is older', () => {
    const newer = image()
    new DataView(newer.buffer).setBigInt64(at.HEADER_CLOCK, 99_999_999n, true)
    const parts = [
      { address: 0x5000_0000, bytes: mapping(whole, CHUNK) },
      { address: BASE, bytes: newer },
    ]
    expect(open(core(parts))).toMatchObject({
      images: [{ base: BASE }],
      description: [...description, 'a copy of recorder "proxy" at 0x50010000 was left out'],
    })
  })

  test('memory that cannot be written, or can be run', () => {
    for (const flags of [4, 5, 7]) {
      expect(found(core([{ address: BASE, bytes: whole, flags }]))).toMatch(
        /^No recorder .*: 0\.0 MiB/,
      )
    }
  })
})

describe('a core that was cut', () => {
  const bytes = core([
    { address: 0x400000, bytes: zeros(4 * CHUNK) },
    { address: BASE, bytes: mapping(image(), 0, 20 * CHUNK) },
  ])
  const imageAt = bytes.length - image().length - 20 * CHUNK

  test('behind the image shows all of it, and says so', () => {
    expect(found(bytes.subarray(0, bytes.length - 5 * CHUNK))).toEqual({
      all: [one()],
      description,
      warnings: [
        expect.stringMatching(/^core: the core was cut: 0\.3 MiB of its \d\.\d MiB are missing\.$/),
      ],
    })
  })

  test('within the image shows what is there, and what is missing', () => {
    const cut = found(bytes.subarray(0, imageAt + 3 * CHUNK)) as { all: unknown[][] }
    expect(cut.all[0]?.[3]).toContain(
      `Cannot read all in core at byte ${3 * CHUNK}: the length is ${3 * CHUNK}, expected ${image().length}, as the header says`,
    )
  })

  test('at any place is survived', () => {
    const small = core([{ address: BASE, bytes: image() }])
    for (let length = 0; length < 1200; length += 7) found(small.subarray(0, length))
    for (let length = 1200; length < small.length; length += 9973) found(small.subarray(0, length))
  })
})

describe('refused by name', () => {
  const parts = [{ address: BASE, bytes: zeros(4096) }]
  test.each([
    [
      { elfClass: 1 },
      'Cannot open a core in core at byte 4: the ELF class is 1, for 32 bits, expected 2, for 64 bits',
    ],
    [
      { byteOrder: 2 },
      'Cannot open a core in core at byte 5: the byte order is 2, big-endian, expected 1, little-endian',
    ],
    [
      { type: 2 },
      'Cannot open a core in core at byte 16: the ELF type is 2, a program, expected 4, a core',
    ],
    [
      { machine: 243 },
      'Cannot open a core in core at byte 18: the machine is 243, RISC-V, expected 62, x86-64, or 183, AArch64',
    ],
    [
      { machine: 999 },
      'Cannot open a core in core at byte 18: the machine is 999, expected 62, x86-64, or 183, AArch64',
    ],
  ] as const)('%o', (options, message) => {
    expect(found(core(parts, options))).toBe(message)
  })

  test('a core of Chromium without its memory', () => {
    expect(found(core(parts, { command: '/usr/lib/chromium/chromium --type=renderer' }))).toMatch(
      /Chromium keeps the memory of its pages out of cores/,
    )
  })

  test('a core without the memory of its process', () => {
    const empty = core([{ address: BASE, bytes: zeros(4096), mapped: 64 * CHUNK }])
    expect(found(empty)).toMatch(/its coredump_filter left that out, and 0x33 keeps it/)
  })
})

test('openImages() opens what shdb does', () => {
  const bytes = core([{ address: BASE, bytes: image() }])
  expect(openImages(bytes, { source: 'core' }).map(({ name, base }) => [name, base])).toEqual([
    ['proxy', BASE],
  ])
  expect(() => openImages(core([{ address: BASE, bytes: zeros(4096) }]))).toThrow(NoImageError)
})

describe('several images in one file', () => {
  const row = joined([image(), image('cache', 8n), image('third', 9n)])
  test('are opened one after the other', () => {
    expect(found(row)).toEqual({
      all: [one(0), ['cache', 0, 'part 11 of cache', []], ['third', 0, 'part 11 of third', []]],
      description: [],
      warnings: [],
    })
    expect(open(row).images.map(({ source }) => source)).toEqual(['core#1', 'core#2', 'core#3'])
  })

  test('of which the last was cut', () => {
    const cut = found(row.subarray(0, row.length - CHUNK)) as { all: unknown[][] }
    expect(cut.all).toHaveLength(3)
    expect(cut.all[0]?.[3]).toEqual([])
    expect(cut.all[2]?.[3]).not.toEqual([])
  })

  test('with something else behind them', () => {
    expect(found(joined([image(), new Uint8Array(CHUNK).fill(3)]))).toEqual({
      all: [one(0)],
      description: [],
      warnings: [],
    })
  })

  test('a piece of memory that somebody kept', () => {
    expect(open(mapping(image(), 4 * CHUNK)).images).toMatchObject([{ name: 'proxy' }])
  })
})

describe('a hostile core', () => {
  test('with segments that overlap a thousand times is searched once, so to speak', () => {
    const bytes = core([{ address: BASE, bytes: zeros(64 * CHUNK) }], { empty: 2000 })
    const view = new DataView(bytes.buffer)
    // Each of the empty ones names the same bytes.
    for (let i = 1; i <= 2000; i++) {
      const header = 64 + 56 * i
      view.setBigUint64(header + 8, 0n, true)
      view.setBigUint64(header + 32, BigInt(2 ** 40), true)
      view.setBigUint64(header + 40, BigInt(2 ** 40), true)
    }
    const source = new Source(bytes, 2 ** 41)
    const steps = openSource(source, 'core')
    for (let i = 0; i < 200; i++) if (steps.next().done) break
    // Two probes for each segment and 64 KiB; whoever waits has a turn at each 2048 of them.
    expect(source.reads).toBeLessThan(200 * 2100)
  })

  test('that was mutated is refused by name, or shows what it has', () => {
    const whole = core([
      { address: 0x400000, bytes: zeros(CHUNK) },
      { address: BASE, bytes: mapping(image()) },
    ])
    const random = new Random(Math.floor(Math.random() * 2 ** 31))
    let opened = 0
    const headers = 64 + 3 * 56 + 520
    for (let round = 0; round < 100; round++) {
      const bytes = whole.slice()
      for (let i = 0; i <= random.below(6); i++) {
        // Behind the four bytes that make it a core.
        bytes[4 + random.below(headers - 4)] = random.below(256)
      }
      if (typeof shown(() => open(bytes)) !== 'string') opened++
      shown(() => streamed(bytes, 1 << 20))
    }
    expect(opened).toBeGreaterThan(10)
  }, 60_000)
})
