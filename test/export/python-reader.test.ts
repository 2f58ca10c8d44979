// docs/FORMAT.md is enough to write another reader from: the one in docs/format/, in Python, sees what ours does.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'

const READER = join(import.meta.dirname, '../../docs/format/read_image.py')
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'python-reader-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

interface Row {
  list: string
  object: string | number
  index: number
  verb: string
  t: number
  thread: string
  pid: number
  tid: number
  format: string
  arguments: unknown[]
}

function readByPython(bytes: Uint8Array): Row[] {
  const file = join(folder, 'image.shdump')
  writeFileSync(file, bytes)
  const text = execFileSync('python3', [READER, file], { encoding: 'utf8', maxBuffer: 1 << 28 })
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

/** What ours has of it; the text as far as `%d`, `%s` and `%j` go, which is all that these lives log. */
function readByUs(bytes: Uint8Array) {
  return openImage(bytes)
    .lists()
    .flatMap((list) =>
      [...list.histories()].flatMap((history) =>
        history
          .events()
          .filter(({ verb }) => verb !== '')
          .map(({ index, verb, t, thread, pid, tid, log }) => {
            const { object } = history
            return {
              list: list.name,
              object:
                typeof object === 'number' && !Number.isInteger(object) ? object : shown(object),
              ...{ index, verb, t, thread, pid, tid, log },
            }
          }),
      ),
    )
}

const shown = (object: number | bigint | string) =>
  typeof object === 'string' ? object : `0x${object.toString(16)}`

function written({ format, arguments: given, ...row }: Row) {
  const values = [...given]
  return { ...row, log: format.replace(/%[dsj]/g, () => String(values.shift())) }
}

function recorded(): Recorder {
  const recorder = new Recorder({ name: 'python', budget: '16MiB', thread: 'tester' })
  const { REF, SEND, END } = recorder.verbs({ REF: +1, SEND: 0, END: 'end' })
  const list = recorder.list('TCP con', { window: 50 })
  const objects = [0x7f95acf6ea60, 2n ** 63n + 1n, 'a-uuid', 1.5, `long ${'name '.repeat(30)}`]
  for (let n = 0; n < 60; n++) {
    const history = list.push(n < objects.length ? (objects[n] as number) : n)
    history.log(REF, 'connect %d', n)
    history.log(SEND, 'to %s, %d, (%d)', `peer ${'x'.repeat(n)}`, -n, 2 ** 31 - 1)
    history.log(SEND, 'got %j', { n, text: 'ü' })
    for (const text of ['short', 'sip:alice@exam', 'A3F0-9C77-1B2C', 'In Both Cases'])
      history.log(SEND, 'at %s', `${text}${n}`)
    history.log(SEND, 'over %d of %d, (%d)', n, 60, 1)
    if (n % 2 === 1) history.log(END)
  }
  // Over blocks, directories of one level and of two, with a middle that fell.
  for (const maxEvents of [300, 2000, 50_000]) {
    const history = recorder.list(`at most ${maxEvents}`, { maxEvents }).push(maxEvents)
    for (let n = 0; n < 3000; n++) history.log(SEND, 'n %d', n)
  }
  return recorder
}

describe('docs/format/read_image.py', () => {
  test('reads of an image what our reader reads: every event, with times, threads and arguments', {
    timeout: 60_000,
  }, () => {
    const bytes = recorded().snapshot()
    const rows = readByPython(bytes)
    expect(rows.length).toBeGreaterThan(5000)
    expect(rows.map(written)).toEqual(readByUs(bytes))
  })

  test('refuses what is no image', () => {
    const file = join(folder, 'foreign')
    writeFileSync(file, readFileSync(READER))
    const { status, stderr } = spawnSync('python3', [READER, file], { encoding: 'utf8' })
    expect([status, stderr]).toEqual([1, 'not an image of format version 1\n'])
  })

  test('shows no event whose bytes were changed', () => {
    const recorder = new Recorder({ name: 'small', budget: '1MiB' })
    const { SEND } = recorder.verbs({ SEND: 0 })
    const history = recorder.list('one').push(1)
    for (const n of [2997, 2998, 2999]) history.log(SEND, 'n %d', n)
    const bytes = recorder.snapshot()
    const changed = Buffer.from(bytes)
    // The last one, found by its number: one bit of its time is turned.
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
    const at = words.indexOf(2999) * 4 - 12
    changed[at] = (changed[at] as number) ^ 1
    const numbers = (of: Uint8Array) => readByPython(of).map((row) => row.arguments[0])
    expect(numbers(bytes)).toEqual([2997, 2998, 2999])
    expect(numbers(changed)).toEqual([2997, 2998])
  })
})
